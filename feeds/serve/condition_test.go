package serve_test

import (
	"strings"
	"testing"
)

func TestS03S04Conditions(t *testing.T) {
	server := newServer(t)
	plain, _ := ask(t, server, "GET", "/atom.xml")
	tag := strings.Trim(plain.Header.Get("Etag"), `"`)
	const modified = "Mon, 02 Mar 2026 10:00:00 GMT"
	none := func(list string) string {
		return "If-None-Match: " + strings.ReplaceAll(list, "TAG", tag)
	}
	tests := []struct {
		name   string
		fields []string
		status int
	}{
		{"the tag", []string{none(`"TAG"`)}, 304},
		{"the tag, weak", []string{none(`W/"TAG"`)}, 304},
		{"in a list", []string{none(`"a", W/"b" ,"TAG"`)}, 304},
		{"in a second field", []string{none(`"a"`), none(`"TAG"`)}, 304},
		{"any", []string{none("*")}, 304},
		{"of another coding", []string{none(`"TAG-gz"`)}, 304},
		{"with the suffix of a proxy", []string{none(`"TAG-gzip"`)}, 304},
		{"another", []string{none(`"a"`)}, 200},
		{"a longer one", []string{none(`"TAG0"`)}, 200},
		{"without quotes", []string{none("TAG")}, 200},
		{"cut short", []string{none(`"TAG`)}, 200},
		{"a star in quotes", []string{none(`"*"`)}, 200},
		{"empty", []string{none("")}, 200},
		{"date of the change", []string{"If-Modified-Since: " + modified}, 304},
		{"a later date", []string{"If-Modified-Since: Tue, 03 Mar 2026 10:00:00 GMT"}, 304},
		{"an earlier date", []string{"If-Modified-Since: Mon, 02 Mar 2026 09:59:59 GMT"}, 200},
		{"an old form of date", []string{"If-Modified-Since: Monday, 02-Mar-26 10:00:00 GMT"}, 304},
		{"no date", []string{"If-Modified-Since: yesterday"}, 200},
		{"two dates", []string{"If-Modified-Since: " + modified, "If-Modified-Since: " + modified}, 200},
		{"two dates in one field", []string{"If-Modified-Since: " + modified + ", " + modified}, 200},
		{"another tag beats the date", []string{none(`"a"`), "If-Modified-Since: " + modified}, 200},
		{"the tag beats an early date", []string{none(`"TAG"`),
			"If-Modified-Since: Mon, 02 Mar 2020 10:00:00 GMT"}, 304},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, method := range []string{"GET", "HEAD"} {
				response, body := ask(t, server, method, "/atom.xml", tt.fields...)
				if response.StatusCode != tt.status {
					t.Fatalf("%s: status %d, want %d", method, response.StatusCode, tt.status)
				}
				if tt.status == 304 && body != "" {
					t.Errorf("%s: a 304 with %d bytes", method, len(body))
				}
				for _, name := range []string{"Etag", "Cache-Control", "Vary", "Date", "Last-Modified"} {
					if response.Header.Get(name) == "" {
						t.Errorf("%s: no %s", method, name)
					}
				}
			}
		})
	}
}

// TestS03TagsOfCodings walks each coding's tag back to the coding it came from.
func TestS03TagsOfCodings(t *testing.T) {
	server := newServer(t)
	seen := make(map[string]string)
	for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
		accept := "Accept-Encoding: " + coding
		response, _ := ask(t, server, "GET", "/", accept)
		tag := response.Header.Get("Etag")
		if other, ok := seen[tag]; ok || tag == "" {
			t.Errorf("%s has the tag %q of %s", coding, tag, other)
		}
		seen[tag] = coding
		again, _ := ask(t, server, "GET", "/", accept, "If-None-Match: "+tag)
		if again.StatusCode != 304 || again.Header.Get("Etag") != tag {
			t.Errorf("%s: status %d, tag %q; want 304 and %q", coding, again.StatusCode,
				again.Header.Get("Etag"), tag)
		}
	}
}

func FuzzConditions(f *testing.F) {
	handler := newHandler(f)
	f.Add(`"a", W/"b"`, "Mon, 02 Mar 2026 10:00:00 GMT", "gzip;q=0.5, *;q=0", "text/html, */*;q=0.1")
	f.Fuzz(func(t *testing.T, match, since, coding, accept string) {
		status := answer(handler, "/feed", map[string][]string{
			"If-None-Match": {match}, "If-Modified-Since": {since},
			"Accept-Encoding": {coding}, "Accept": {accept},
		})
		switch status {
		case 200, 303, 304, 406:
		default:
			t.Errorf("status %d", status)
		}
	})
}
