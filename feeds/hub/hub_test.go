package hub_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto/feeds/hub"
)

func writeFile(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestS48Requests(t *testing.T) {
	w := newWorld(t, nil)
	with := func(more ...string) url.Values { return subscription("atom.xml", "http://127.0.0.9:1/", more...) }
	tests := []struct {
		name   string
		form   url.Values
		status int
		text   string
	}{
		{"S48 site", with(), 202, "going to be asked"},
		{"S48 category", subscription("category/go/rss.xml", "http://127.0.0.9:1/"), 202, ""},
		{"S48 category of the file, still empty", subscription("category/quiet/feed.json", "http://127.0.0.9:1/"), 202, ""},
		{"S48 source", subscription("source/paper/atom.xml", "https://127.0.0.9:1/?a=1"), 202, ""},
		{"S48 unknown parameters are ignored", with("hub.verify", "sync", "x", "y"), 202, ""},
		{"S48 longest secret", with("hub.secret", strings.Repeat("s", 199)), 202, ""},
		{"S48 empty lease", with("hub.lease_seconds", ""), 202, ""},
		{"S48 endless lease", with("hub.lease_seconds", "9223372036854775807"), 202, ""},

		{"S48 no mode", with("hub.mode", ""), 400, "hub.mode"},
		{"S48 another mode", with("hub.mode", "denied"), 400, "hub.mode"},
		{"S48 ping", with("hub.mode", "publish"), 400, "needs no ping"},
		{"S48 no topic", with("hub.topic", ""), 400, "hub.topic"},
		{"S48 another site", with("hub.topic", "https://other.example/atom.xml"), 404, "https://news.example/"},
		{"S48 a page", with("hub.topic", siteURL), 404, "rel=self"},
		{"S48 a page of a category", with("hub.topic", siteURL+"category/go/"), 404, "rel=self"},
		{"S48 an OPML file", with("hub.topic", siteURL+"opml.xml"), 404, "rel=self"},
		{"S48 an archived document", with("hub.topic", siteURL+"archive/1/atom.xml"), 404, "rel=self"},
		{"S48 another spelling", with("hub.topic", siteURL+"category/%67o/atom.xml"), 404, "rel=self"},
		{"S48 a query", with("hub.topic", siteURL+"atom.xml?a"), 404, "rel=self"},
		{"S48 two slashes", with("hub.topic", siteURL+"/atom.xml"), 404, "rel=self"},
		{"S48 no such category", with("hub.topic", siteURL+"category/none/atom.xml"), 404, "no such feed"},
		{"S48 no such source", with("hub.topic", siteURL+"source/none/atom.xml"), 404, "no such feed"},
		{"S48 long secret", with("hub.secret", strings.Repeat("s", 200)), 400, "200 bytes"},
		{"S48 lease in words", with("hub.lease_seconds", "ten"), 400, "hub.lease_seconds"},
		{"S48 lease below zero", with("hub.lease_seconds", "-5"), 400, "hub.lease_seconds"},
		{"S48 no callback", with("hub.callback", ""), 400, "absolute URL"},
		{"S48 relative callback", with("hub.callback", "/cb"), 400, "absolute URL"},
		{"S48 file callback", with("hub.callback", "file://h/etc/passwd"), 400, "http or https"},
		{"S48 gopher callback", with("hub.callback", "gopher://h/"), 400, "http or https"},
		{"S48 password", with("hub.callback", "http://u:p@h.example/"), 400, "password"},
		{"S48 fragment", with("hub.callback", "http://h.example/#x"), 400, "fragment"},
		{"S48 empty fragment", with("hub.callback", "http://h.example/#"), 400, "fragment"},
		{"S48 long callback", with("hub.callback", "http://h.example/"+strings.Repeat("x", 2048)), 400, "longer"},
		{"S48 unknown unsubscription", with("hub.mode", "unsubscribe", "hub.callback", "http://h.example/"),
			404, "no such subscription"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, text := w.post(tt.form)
			if status != tt.status || !strings.Contains(text, tt.text) {
				t.Errorf("answered %d %q, want %d with %q", status, text, tt.status, tt.text)
			}
		})
	}
}

func TestS48Forms(t *testing.T) {
	w := newWorld(t, nil)
	form := subscription("atom.xml", "http://127.0.0.9:1/").Encode()
	tests := []struct {
		name, method, kind, body string
		status                   int
	}{
		{"S48 GET", "GET", "", "", 405},
		{"S48 PUT", "PUT", "application/x-www-form-urlencoded", form, 405},
		{"S48 with charset", "POST", "application/x-www-form-urlencoded; charset=utf-8", form, 202},
		{"S48 JSON", "POST", "application/json", form, 415},
		{"S48 no type", "POST", "", form, 415},
		{"S48 in the query", "POST", "application/x-www-form-urlencoded", "", 400},
		{"S48 bad escape", "POST", "application/x-www-form-urlencoded", form + "&%zz", 400},
		{"S48 too long", "POST", "application/x-www-form-urlencoded", form + "&x=" + strings.Repeat("x", 16<<10), 413},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, "/hub?"+form, strings.NewReader(tt.body))
			if tt.kind != "" {
				r.Header.Set("Content-Type", tt.kind)
			}
			answer := httptest.NewRecorder()
			w.hub.ServeHTTP(answer, r)
			if answer.Code != tt.status {
				t.Errorf("answered %d %s, want %d", answer.Code, answer.Body, tt.status)
			}
			if allow := answer.Header().Get("Allow"); (allow == "POST") != (tt.status == 405) {
				t.Errorf("Allow %q with %d", allow, answer.Code)
			}
		})
	}
}

func TestS48Verification(t *testing.T) {
	write := func(status int, text func(challenge string) string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if status/100 == 3 {
				w.Header().Set("Location", "/elsewhere?"+r.URL.RawQuery)
			}
			w.WriteHeader(status)
			fmt.Fprint(w, text(r.URL.Query().Get("hub.challenge")))
		}
	}
	same := func(challenge string) string { return challenge }
	tests := []struct {
		name   string
		answer http.HandlerFunc
		stands bool
	}{
		{"S48 200", write(200, same), true},
		{"S48 202", write(202, same), true},
		{"S48 another text", write(200, func(string) string { return "ok" }), false},
		{"S48 a longer text", write(200, func(s string) string { return s + "\n" }), false},
		{"S48 a very long text", write(200, func(s string) string { return s + strings.Repeat("x", 1<<20) }), false},
		{"S48 no text", write(200, func(string) string { return "" }), false},
		{"S48 302", write(302, same), false},
		{"S48 307", write(307, same), false},
		{"S48 404", write(404, same), false},
		{"S48 500", write(500, same), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			first, last := newSubscriber(t, tt.answer), newSubscriber(t, nil)
			w.post(subscription("atom.xml", first.callback(), "hub.lease_seconds", "86400"))
			q := first.asked(t)
			want := url.Values{
				"token": {"t+1"}, "hub.mode": {"subscribe"}, "hub.topic": {siteURL + "atom.xml"},
				"hub.lease_seconds": {"86400"}, "hub.challenge": q["hub.challenge"],
			}
			if q.Encode() != want.Encode() || len(q.Get("hub.challenge")) < 40 {
				t.Errorf("the callback was asked %v, want %v", q, want)
			}
			w.until("the callback has answered", func() bool { return hub.Asking(w.hub) == 0 })
			if got := w.hub.Status().Subscriptions == 1; got != tt.stands {
				t.Errorf("the subscription stands: %v, want %v", got, tt.stands)
			}
			// A challenge is never used twice.
			w.post(subscription("atom.xml", last.callback()))
			if again := last.asked(t); again.Get("hub.challenge") == q.Get("hub.challenge") {
				t.Errorf("challenge %s used twice", q.Get("hub.challenge"))
			}
			if n := len(first.questions); n != 0 {
				t.Errorf("the callback was asked %d more times", n)
			}
		})
	}
}

func TestS48Lease(t *testing.T) {
	tests := []struct {
		name, asked string
		want        time.Duration
	}{
		{"S48 none asked for", "", 10 * day},
		{"S48 asked for", "86400", day},
		{"S48 zero", "0", 5 * time.Minute},
		{"S48 too short", "1", 5 * time.Minute},
		{"S48 too long", "999999999", 30 * day},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, s := newWorld(t, nil), newSubscriber(t, nil)
			w.post(subscription("atom.xml", s.callback(), "hub.lease_seconds", tt.asked))
			if got := s.asked(t).Get("hub.lease_seconds"); got != fmt.Sprint(int(tt.want.Seconds())) {
				t.Errorf("granted %s s, want %v", got, tt.want)
			}
			w.until("the subscription stands", func() bool { return w.hub.Status().Subscriptions == 1 })
			w.clock.Advance(tt.want - time.Second)
			w.publish("within the lease")
			s.brought(t, "within the lease")
			w.settled()
			w.clock.Advance(2 * time.Second)
			w.publish("after the lease")
			w.until("the subscription is gone", func() bool { return w.hub.Status().Subscriptions == 0 })
			s.nothing(t)
			w.until("it is not stored", func() bool { return len(hub.Stored(t, w.store)) == 0 })
		})
	}
}

func TestS49Delivery(t *testing.T) {
	w, s, plain := newWorld(t, nil), newSubscriber(t, nil), newSubscriber(t, nil)
	w.subscribe(s, "category/go/atom.xml", "hub.secret", "geheim")
	w.subscribe(plain, "feed.json")
	w.publish("late news")
	d := s.brought(t, "late news")
	mac := hmac.New(sha256.New, []byte("geheim"))
	mac.Write([]byte(d.body))
	link := []string{`<https://news.example/category/go/atom.xml>; rel="self"`, `<https://news.example/hub>; rel="hub"`}
	for field, want := range map[string][]string{
		"Content-Type":    {"application/atom+xml; charset=utf-8"},
		"X-Hub-Signature": {"sha256=" + hex.EncodeToString(mac.Sum(nil))},
		"Link":            link,
	} {
		if got := d.header[field]; !slices.Equal(got, want) {
			t.Errorf("S49 %s %q, want %q", field, got, want)
		}
	}
	if d.query != "token=t%2B1" {
		t.Errorf("S49 query %q, want that of the callback", d.query)
	}
	if agent := d.header.Get("User-Agent"); !strings.HasPrefix(agent, "Coranto/") {
		t.Errorf("User-Agent %q, want ours", agent)
	}
	d = plain.brought(t, "late news")
	if got := d.header["Content-Type"]; !slices.Equal(got, []string{"application/feed+json"}) {
		t.Errorf("S49 Content-Type %q", got)
	}
	if got := d.header["X-Hub-Signature"]; got != nil {
		t.Errorf("S49 signature %q without a secret", got)
	}
	w.settled()
	s.nothing(t)
	plain.nothing(t)
}

// S48: what an unverified request says changes nothing of the subscription that stands.
func TestS48Resubscribe(t *testing.T) {
	meant := true
	w := newWorld(t, nil)
	s := newSubscriber(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && meant {
			echo(rw, r)
		}
	})
	w.subscribe(s, "atom.xml", "hub.secret", "one", "hub.lease_seconds", "86400")
	signed := func(title, secret string) {
		t.Helper()
		w.publish(title)
		d := s.brought(t, title)
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(d.body))
		if got := d.header.Get("X-Hub-Signature"); got != "sha256="+hex.EncodeToString(mac.Sum(nil)) {
			t.Errorf("%s is not signed by %q: %s", title, secret, got)
		}
		w.settled()
	}
	again := func(mode, secret string) {
		t.Helper()
		form := subscription("atom.xml", s.callback(), "hub.secret", secret, "hub.lease_seconds", "172800")
		form.Set("hub.mode", mode)
		if status, text := w.post(form); status != http.StatusAccepted {
			t.Fatalf("%s again: %d %s", mode, status, text)
		}
		s.asked(t)
		w.until("the callback has answered", func() bool { return hub.Asking(w.hub) == 0 })
	}
	signed("first", "one")
	meant = false
	again("subscribe", "two")
	again("unsubscribe", "")
	signed("second", "one")
	if until := hub.Stored(t, w.store)[0].Until; !until.Equal(w.clock.Now().Add(day)) {
		t.Errorf("lease until %v after a request that was not meant, want a day", until)
	}
	meant = true
	again("subscribe", "two")
	signed("third", "two")
	if until := hub.Stored(t, w.store)[0].Until; !until.Equal(w.clock.Now().Add(2 * day)) {
		t.Errorf("lease until %v after a renewal, want two days", until)
	}
	again("unsubscribe", "")
	w.publish("fourth")
	w.settled()
	s.nothing(t)
	if got := hub.Stored(t, w.store); len(got) != 0 {
		t.Errorf("stored after its end: %+v", got)
	}
}

func TestS49Outcomes(t *testing.T) {
	status := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for pair := range slices.Chunk(header, 2) {
				w.Header().Set(pair[0], pair[1])
			}
			w.WriteHeader(code)
		}
	}
	hangUp := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	tests := []struct {
		name   string
		answer http.HandlerFunc
		kept   bool
		wait   time.Duration // before the next attempt; 0 when all is well
	}{
		{"S49 200", status(200), true, 0},
		{"S49 202", status(202), true, 0},
		{"S49 204", status(204), true, 0},
		{"S49 410", status(410), false, 0},
		{"S49 404", status(404), true, 30 * time.Second},
		{"S49 500", status(500), true, 30 * time.Second},
		{"S49 503 with Retry-After", status(503, "Retry-After", "120"), true, 2 * time.Minute},
		{"S49 redirect", status(302, "Location", "/other"), true, 30 * time.Second},
		{"S49 redirect that keeps the method", status(308, "Location", "/other"), true, 30 * time.Second},
		{"S49 connection cut", hangUp, true, 30 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, s := newWorld(t, nil), newSubscriber(t, onPost(tt.answer))
			s.server.Config.SetKeepAlivesEnabled(false) // one that is kept is tried again at once
			w.subscribe(s, "atom.xml")
			w.publish("one")
			s.brought(t, "one")
			w.until("the answer counts", func() bool {
				st := w.hub.Status()
				return !tt.kept && st.Subscriptions == 0 || tt.wait > 0 && st.Failing == 1 || tt.kept && st.Owed == 0
			})
			if !tt.kept || tt.wait == 0 {
				w.publish("two")
				w.settled()
				if tt.kept {
					s.brought(t, "two")
				}
				s.nothing(t)
				return
			}
			// What comes meanwhile takes the place of what could not be brought.
			w.publish("two")
			w.clock.Advance(tt.wait - time.Second)
			w.hub.Wake(t.Context())
			s.nothing(t)
			w.clock.Advance(time.Second)
			w.hub.Wake(t.Context())
			s.brought(t, "two")
			w.until("it failed again", func() bool {
				stored := hub.Stored(t, w.store)
				return len(stored) == 1 && stored[0].Fails == 2 && stored[0].Error != ""
			})
			next := hub.Stored(t, w.store)[0].Next.Sub(w.clock.Now())
			if next < time.Minute || next > 2*time.Minute {
				t.Errorf("next attempt in %v, want after a minute or as asked", next)
			}
		})
	}
}
