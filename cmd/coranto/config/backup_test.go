package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto/cmd/coranto/config"
)

func TestBackup(t *testing.T) {
	tests := []struct {
		file string
		want config.Backup
		says string // of what is wrong; "" for nothing
	}{
		{"listen: :80", config.Backup{Every: 24 * time.Hour, Keep: 3}, ""},
		{"backup: off", config.Backup{Keep: 3}, ""},
		{"backup: false", config.Backup{Keep: 3}, ""},
		{"backup: {every: 7d, keep: 8}", config.Backup{Every: 7 * 24 * time.Hour, Keep: 8}, ""},
		{"backup: {dir: /srv/copies}", config.Backup{Every: 24 * time.Hour, Keep: 3, Dir: "/srv/copies"}, ""},
		{"backup: {dir: copies}", config.Backup{Every: 24 * time.Hour, Keep: 3, Dir: "HERE/copies"}, ""},
		{"backup: {every: 1s}", config.Backup{}, "out of range"},
		{"backup: {keep: 0}", config.Backup{}, "keep"},
		{"backup: daily", config.Backup{}, "mapping"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, config.DefaultName)
			if err := os.WriteFile(path, []byte(tt.file+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			c, err := config.Load(path)
			if tt.says != "" {
				errs, ok := config.AsErrors(err)
				if !ok || !strings.Contains(errs.Detail(), tt.says) {
					t.Errorf("error = %v, want one that says %q", err, tt.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Dir = strings.Replace(tt.want.Dir, "HERE", dir, 1)
			if c.Backup != tt.want {
				t.Errorf("backup = %+v, want %+v", c.Backup, tt.want)
			}
		})
	}
}
