package markup

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// bombs are C1, C2, B09, B11 and what else could cost more than linear time.
func bombs() map[string]string {
	spaces := strings.Repeat(`<a xmlns:n="u">`, 200) + strings.Repeat(`<b xmlns="v"/>`, 60_000)
	return map[string]string{
		"C01 two million nested tags": "<rss>" + strings.Repeat("<z:a>", 2_000_000),
		"C02 nested declarations":     "<rss>" + declaringLevels(100) + strings.Repeat(`<b xmlns="v"/>`, 500_000),
		"C02 sibling declarations":    "<rss>" + spaces,
		"opened quotes":               "<rss>" + strings.Repeat(`<a b="`, 300_000),
		"opened quotes of two kinds":  "<rss>" + strings.Repeat(`<a b='" `, 300_000),
		"unclosed titles":             "<rss><channel><item>" + strings.Repeat("<title>a<b></b>", 100) + strings.Repeat("<title>", 100_000),
		"unclosed sections":           "<rss>" + strings.Repeat("<title><![CDATA[", 500_000),
		"unclosed tags":               "<rss>" + strings.Repeat("<a ", 500_000),
		"end tags of nothing":         "<rss><channel>" + strings.Repeat("</a>", 500_000),
		"document types":              strings.Repeat("<!DOCTYPE a [", 500_000),
		"instructions":                strings.Repeat("<?", 500_000),
		"references":                  "<rss><channel><title>" + strings.Repeat("&a", 500_000) + "</title></channel></rss>",
	}
}

func declaringLevels(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<z xmlns:a%d="u" xmlns:b%d="u">`, i, i)
	}
	return b.String()
}

// TestBombs holds that no document costs more than linear time and memory: the
// bound is generous for slow machines, what it guards against is minutes.
func TestBombs(t *testing.T) {
	for name, bomb := range bombs() {
		t.Run(name, func(t *testing.T) {
			body := []byte(bomb)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			doc, err := Read(body, nil)
			if err == nil && doc.Root != RootNone {
				doc.Lift(nil)
			}
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if took > 5*time.Second {
				t.Errorf("took %v for %d bytes", took, len(body))
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20+8*uint64(len(body)) {
				t.Errorf("allocated %d MiB for %d bytes", grown>>20, len(body))
			}
			t.Logf("%v, %v, %v", took, err, doc != nil)
		})
	}
}

func TestHostileNesting(t *testing.T) {
	for _, name := range []string{"C01 two million nested tags", "C02 nested declarations"} {
		body := []byte(bombs()[name])
		start := time.Now()
		_, err := Read(body, nil)
		if took := time.Since(start); took > 200*time.Millisecond {
			t.Errorf("%s: refused after %v", name, took)
		}
		if !errors.Is(err, ErrHostile) {
			t.Errorf("%s: error = %v, want one that wraps ErrHostile", name, err)
		}
	}
}

// TestEntities is C14 and B09: HTML's names and the document's own entities
// resolve, nested and external ones stay as they are written.
func TestEntities(t *testing.T) {
	body := `<!DOCTYPE rss [<!ENTITY corp "ACME"><!ENTITY a "&corp;&corp;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
<rss><channel><title>&corp; caf&eacute; &a; &x; &#146; &#1; &#xFFFE; AT&T &copy=2; &nosuch;</title></channel></rss>`
	doc, err := Read([]byte(body), nil)
	if err != nil {
		t.Fatal(err)
	}
	doc.Lift(nil)
	got := doc.parts[0]
	want := "ACME café &a; &x; ’   AT&T &copy=2; &nosuch;"
	if title := got.Read(text.Plain, doc.entities); title.Value != want {
		t.Errorf("got %q, want %q", title.Value, want)
	}
	if bytes.Contains(doc.Skeleton, []byte("passwd")) {
		t.Error("the document type is still in the skeleton")
	}
}
