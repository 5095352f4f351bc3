package config_test

import (
	"testing"

	"github.com/coranto/coranto/cmd/coranto/config"
)

// S11 How much one reader may ask for is the operator's to say.
func TestThrottle(t *testing.T) {
	for text, want := range map[string]int{
		"{}": 20, "throttle: 5": 5, "throttle: off": 0, "throttle: false": 0,
		"throttle: 0": -1, "throttle: many": -1, "throttle: -1": -1, "throttle: [1]": -1,
	} {
		c, err := config.Parse("coranto.yaml", []byte(text))
		if err != nil && want >= 0 || err == nil && c.Throttle != want {
			t.Errorf("%s: %+v, error %v; want %d (-1 for an error)", text, c, err, want)
		}
	}
}
