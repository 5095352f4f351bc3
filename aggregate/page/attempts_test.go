package page_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/page"
)

// P73: an item's page is asked for once for each content, not at every visit.
func TestAttempts(t *testing.T) {
	type visit struct {
		hash string
		read bool // when the page is asked for
		want bool // it is
	}
	const day = 24
	tests := []struct {
		name   string
		apart  int // hours between visits
		visits []visit
	}{
		{"P73 read once", 1, []visit{{"a", true, true}, {"a", true, false}, {"a", true, false}}},
		{"P73 once more when the content changes", 1,
			[]visit{{"a", true, true}, {"b", true, true}, {"b", true, false}}},
		{"P73 contents in turn", 1,
			[]visit{{"a", true, true}, {"b", true, true}, {"a", true, false}, {"b", true, false}}},
		{"P73 failed, not at the next visit", 1,
			[]visit{{"a", false, true}, {"a", false, false}, {"b", false, false}}},
		{"P73 failed, three times", day,
			[]visit{{"a", false, true}, {"a", false, true}, {"a", false, true}, {"a", false, false}}},
		{"P73 failed, then read", day,
			[]visit{{"a", false, true}, {"a", true, true}, {"a", true, false}}},
		{"P73 given up, then changed", day, []visit{{"a", false, true}, {"a", false, true},
			{"a", false, true}, {"b", true, true}, {"a", true, false}}},
		{"P73 clock set back", -day, []visit{{"a", false, true}, {"a", true, true}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := start()
			var a page.Attempts
			for i, v := range tt.visits {
				if got := a.Due(v.hash, now); got != v.want {
					t.Errorf("visit %d of %q: due %v, want %v", i+1, v.hash, got, v.want)
				}
				if a.Due(v.hash, now) {
					a = stored(t, a.After(v.hash, now, v.read))
				}
				now = now.Add(time.Duration(tt.apart) * time.Hour)
			}
		})
	}
	t.Run("P73 what is remembered is bounded", func(t *testing.T) {
		var a page.Attempts
		for i := range 100 {
			a = a.After(fmt.Sprint(i), start(), true)
		}
		if len(a.Done) != 8 || a.Due("99", start()) {
			t.Errorf("%v remembered, want the last 8", a.Done)
		}
	})
}

// stored is the value after it was kept as JSON.
func stored(t *testing.T, a page.Attempts) (b page.Attempts) {
	t.Helper()
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &b); err != nil {
		t.Fatal(err)
	}
	return b
}
