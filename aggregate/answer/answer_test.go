package answer_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/answer"
	"github.com/coranto/coranto/aggregate/fetch"
)

// TestAnswer has a source at a.example.
func TestAnswer(t *testing.T) {
	tests := []struct {
		name   string
		err    error
		ended  string
		shut   bool
		status int
		wait   time.Duration
	}{
		{"no error", nil, "a.example", false, 0, 0},
		{"an error of ours", errors.New("no memory"), "a.example", false, 0, 0},
		{"P35 a host that asks to wait",
			&fetch.Error{URL: "https://a.example/f", Status: 429, RetryAfter: time.Hour},
			"a.example", false, 429, time.Hour},
		{"P36 one behind a redirect", &fetch.Error{URL: "https://b.example/f", Status: 503},
			"b.example", false, 503, 0},
		{"P36 one that is not asked", &fetch.Error{URL: "https://b.example/f", Kind: fetch.KindWait},
			"b.example", true, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.err
			if err != nil {
				err = fmt.Errorf("list: %w", err)
			}
			status, wait := answer.Refusal(err)
			ended, shut := answer.EndedAt("a.example", err), answer.Shut(err) != nil
			if ended != tt.ended || shut != tt.shut || status != tt.status || wait != tt.wait {
				t.Errorf("ended at %s, shut %v, %d, wait %s; want %s, %v, %d, %s",
					ended, shut, status, wait, tt.ended, tt.shut, tt.status, tt.wait)
			}
		})
	}
}
