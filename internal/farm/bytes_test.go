package farm_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/coranto/coranto/internal/farm"
)

// mixed is a farm that has some of everything.
func mixed() farm.Config {
	return farm.Config{
		Seed: 7, Feeds: 60, Hosts: 20, BigHosts: 2, Categories: 9, Port: 8180,
		P404: .02, P410: .02, P429: .02, P500: .02, PHang: .02, PRedirect: .02,
		PNoValidators: .1, PETagOnly: .1, PLMOnly: .1, PNoGzip: .1, PBozo: .1,
	}
}

// TestBytesArePinned holds every byte of a plain farm to the sums that the first
// farm of this kind gave. Published measurements stay comparable only while
// they match, so a change here is a new seed, never a new sum.
func TestBytesArePinned(t *testing.T) {
	f := farm.New(mixed())
	var opml bytes.Buffer
	if err := f.OPML(&opml); err != nil {
		t.Fatal(err)
	}
	check := func(name string, got []byte, want string) {
		t.Helper()
		if sum := fmt.Sprintf("%x", sha256.Sum256(got)); sum != want {
			t.Errorf("%s: sum = %s, want %s", name, sum, want)
		}
	}
	check("feed 0, rss, Chinese", f.Body(0),
		"3a7e341e09698cb6e4e14d61766bf0c8b39f55cd973876df65ebdf0b36efa4df")
	check("feed 1, json, Chinese", f.Body(1),
		"8dbf282a771a89d57d1f2b69e8c7262cc0348e9bdd7272c826164f1b03772d75")
	check("feed 2, atom", f.Body(2),
		"b938123b2033ebc70286d6eeb90e499f5063b5b09978d1cd49e4a82db357af35")
	check("feed 3, rss", f.Body(3),
		"39731cdecac447bfbdbc647c830eac768dd03d2f58dd154b993efe8ecb1a1dcd")
	check("page 0/3", f.Page(0, 3),
		"108295708424f3c055dbbe72f05a21768564aaddb3a76524c4a6b991e435e4f5")
	check("page 2/3", f.Page(2, 3),
		"8d9d39920f7ed619514ddc82b437a2b80ba9174107c0bf7bebdad12307a03acc")
	check("truth 5/4", []byte(f.Item(5, 4, 0).HTML),
		"1d43dafcfcdc4f2ed291ae00567709e3eec2832e6f34a2908c2a276437aad2c1")
	check("opml", opml.Bytes(),
		"4119cfa3b5ee5e703650f9e8f49b665837f0b35deba6aff680d7beabb2e12424")
	check("urls", admin(t, f, "/urls"),
		"d74056cc105cb499eae20a275b5590051d303de9b486aae444e9dc594c92f300")
	check("tsv", admin(t, f, "/tsv"),
		"a10f36b899b5053319840131871af9365878a54f3be0a151ed238ca68ffb3d48")
	check("all feeds", characters(f),
		"52cd87ac50f066e39b60001fdaf974814ceb68e9a98bea1e75d1e27c2476608c")
	check("all pages", pages(f),
		"379bc89943fa2fa565632a0f7668a2e5d25b36f0be3a1493c6ff9489fa503162")
	sizes := "feeds 60 items 1813 plain 2875609 gzip 830829 mean 47926 p1 12482 p50 39547" +
		" p99 187388 max 187388 rss 40 atom 14 json 6\n"
	if got := string(admin(t, f, "/sizes")); got != sizes {
		t.Errorf("sizes = %q, want %q", got, sizes)
	}
	if got := string(admin(t, f, "/advance?rate=0.5")); got != "31\n" {
		t.Errorf("/advance?rate=0.5 changed %q, want 31", got)
	}
	if n, all := f.Advance(0.3), f.Advance(1); n != 24 || all != 60 {
		t.Errorf("Advance(0.3), Advance(1) = %d, %d, want 24, 60", n, all)
	}
	check("all feeds after three rounds", characters(f),
		"b4959aef83ccec64c27c0b66ba51fa2b57aed96becbbd59a0f48ea37b9575b65")
}

// characters is a sum over all documents and what decides how they are served.
func characters(f *farm.Farm) []byte {
	sum := sha256.New()
	for i := range f.Len() {
		sum.Write(f.Body(i))
		c := f.Feed(i)
		fmt.Fprintf(sum, "%d %d %v %d %d %d %d %v %v %v %v %v\n", c.Host, c.Format, c.Chinese,
			c.Items, c.Size, c.Category, c.Class, c.ETag, c.LM, c.Gzip, c.FullText, c.Bozo)
	}
	return sum.Sum(nil)
}

func pages(f *farm.Farm) []byte {
	sum := sha256.New()
	for i := range f.Len() {
		sum.Write(f.Page(i, i%20))
	}
	return sum.Sum(nil)
}

func admin(t *testing.T, f *farm.Farm, path string) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	f.Admin().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestHeadersArePinned does for the validators what TestBytesArePinned does for
// the bytes.
func TestHeadersArePinned(t *testing.T) {
	f := farm.New(mixed())
	for _, rate := range []float64{0.5, 0.3, 1} {
		f.Advance(rate)
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/f/2.atom", nil))
	want := map[string]string{
		"Content-Type":   "application/atom+xml; charset=utf-8",
		"Content-Length": "32086",
		"Etag":           `"1de60dd5-7d56"`,
		"Last-Modified":  "Wed, 07 Jan 2026 16:12:00 GMT",
		"Vary":           "Accept-Encoding",
	}
	for name, value := range want {
		if got := w.Header().Get(name); got != value {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
	if len(w.Header()) != len(want) {
		t.Errorf("headers = %v, want only %v", w.Header(), want)
	}
}
