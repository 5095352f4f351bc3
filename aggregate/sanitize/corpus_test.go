package sanitize

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// corpus is where real pages are, seen from this package.
const corpus = "../../../shared/corpus/pages"

// TestRealPages keeps every promise for whole pages of news sites, which hold
// all that sources let slip into their feeds.
func TestRealPages(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(corpus, "*", "*.html.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) == 0 {
		t.Skipf("no pages under %s", corpus)
	}
	base := pageURL(t)
	step := max(len(pages)/40, 1)
	for i := 0; i < len(pages); i += step {
		t.Run(filepath.Base(pages[i]), func(t *testing.T) {
			in := unzip(t, pages[i])
			res := checkSafe(t, in, Policy{Base: base})
			if len(res.Text) < 100 {
				t.Errorf("only %q is left of the page", res.Text)
			}
			if len(res.Problems) > 0 && len(in) <= maxBytes {
				t.Errorf("problems: %v", res.Problems)
			}
		})
	}
}

func unzip(t *testing.T, name string) string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
