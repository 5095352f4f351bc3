package page

import (
	"net/url"
	"testing"
)

// Whatever a page says, it leads to another web address or nowhere.
func FuzzRefresh(f *testing.F) {
	f.Add(`<meta http-equiv=refresh content="0; url=/b">`)
	f.Add(`<noscript><meta http-equiv="refresh" content="0,'b#c'"></noscript>`)
	f.Add(`<meta http-equiv=refresh content="NaN;url=javascript:a">`)
	f.Fuzz(func(t *testing.T, body string) {
		const address = "https://a.example/a"
		next := refreshOf(&Page{URL: address, Body: []byte(body)})
		if next == "" {
			return
		}
		u, err := url.Parse(next)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || next == address {
			t.Errorf("%q leads to %q (%v)", body, next, err)
		}
	})
}
