package score

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestHub makes each mistake of a subscriber once.
func TestHub(t *testing.T) {
	// A step is made some time after the last: "hub TOPIC" subscribes, "hub" asks by
	// GET, "tell" lets the hub tell, and all else is a visit.
	type step struct {
		after time.Duration
		do    string
	}
	subscribe := []step{{0, "visit"}, {0, "hub self"}}
	told := append(subscribe[:2:2], step{30 * time.Hour, "tell"}, step{0, "visit"})
	tests := []struct {
		name     string
		deaf     bool // the callback says nothing
		steps    []step
		demerits int
	}{
		{"S50 subscribed", false, subscribe, 0},
		{"S50 asked by GET", false, []step{{0, "visit"}, {0, "hub"}}, 2},
		{"S50 another topic", false, []step{{0, "visit"}, {0, "hub other"}}, 1},
		{"S50 not verified", true, subscribe, 1},
		{"S50 renewed at once", false, append(subscribe[:2:2], step{time.Hour, "hub self"}), 1},
		{"S50 renewed in good time", false, append(subscribe[:2:2], step{2 * day, "hub self"}), 0},
		{"S50 begun anew after the end", false, append(subscribe[:2:2], step{4 * day, "hub self"}), 0},
		{"P31 asked when told", false, told, 0},
		{"P31 asked a day later", false, append(told[:4:4], step{day, "visit"}), 0},
		{"P31 asked before", false, append(told[:4:4], step{10 * time.Hour, "visit"}), 1},
		{"P31 asked after the lease", false, append(told[:4:4], step{2 * day, "visit"}, step{10 * time.Hour, "visit"}), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
			o, err := New(func() time.Time { return now })
			if err != nil {
				t.Fatal(err)
			}
			defer o.Close()
			callback := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !tt.deaf {
					_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
				}
			}))
			defer callback.Close()
			never, err := o.Report(io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			known := []string{"User-Agent", good}
			for _, s := range tt.steps {
				now = now.Add(s.after)
				switch mode, topic, _ := strings.Cut(s.do, " "); {
				case s.do == "hub":
					ask(t, o.where("/told/hub"), known[:2])
				case mode == "hub":
					subscribeTo(t, o, strings.Replace(o.where("/told"), "told", map[string]string{
						"self": "told", "other": "both"}[topic], 1), callback.URL)
				case s.do == "tell":
					o.Deliver(t.Context())
				default:
					ask(t, o.where("/told"), known)
					post := int(now.Sub(o.began) / (30 * time.Hour))
					known = []string{"User-Agent", good, "If-None-Match", quoted(post, 0), "If-Modified-Since", dated(post)}
				}
			}
			var text strings.Builder
			got, err := o.Report(&text)
			if err != nil {
				t.Fatal(err)
			}
			if got -= never - 1; got != tt.demerits {
				t.Errorf("%d demerits, want %d:\n%s", got, tt.demerits, text.String())
			}
		})
	}
}

// subscribeTo asks the hub for a topic.
func subscribeTo(t *testing.T, o *Origin, topic, callback string) {
	t.Helper()
	form := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {callback}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.where("/told/hub"),
		strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", good)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
}
