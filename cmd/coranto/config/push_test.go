package config_test

import (
	"testing"

	"github.com/coranto/coranto/cmd/coranto/config"
)

func TestPush(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"push: {sha1: false}\n", false},
		{"push: {sha1: true}\n", true},
		{"site: {title: T}\n", true},
	}
	for _, tt := range tests {
		c, err := config.Parse("coranto.yaml", []byte(tt.text))
		if err != nil {
			t.Fatal(err)
		}
		if c.Push.SHA1 != tt.want {
			t.Errorf("S50 sha1 %v of %q, want %v", c.Push.SHA1, tt.text, tt.want)
		}
	}
}
