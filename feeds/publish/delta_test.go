package publish_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/publish"
)

// TestDelta takes what a reader has seen from the ETag that it kept, and gives it the
// posts that it has not.
func TestDelta(t *testing.T) {
	for _, file := range []string{"atom.xml", "rss.xml"} {
		t.Run(file, func(t *testing.T) {
			p := newPress(t)
			path := "/category/go/" + file
			var tags []string
			for n := range 4 {
				p.commit(t, item("gopher", "go", n, fmt.Sprint("Post ", n)))
				if err := p.CatchUp(t.Context()); err != nil {
					t.Fatal(err)
				}
				tags = append(tags, p.get(t, path).ETag)
			}
			p.commit(t, item("gopher", "go", 0, "Post 0 again"))
			// Another publisher stands for one after a restart, or on another machine.
			p.Publisher = newPublisher(t, p.store, p.reader, nil)
			e := p.get(t, path)
			for n, want := range []string{"0 again 3 2 1", "0 again 3 2", "0 again 3", "0 again"} {
				since, ok := publish.SeenBy(tags[n] + "-gz")
				if !ok {
					t.Fatalf("%s says nothing of what was seen", tags[n])
				}
				d, err := p.Delta(t.Context(), e, since)
				if n == 0 {
					// Every post is new to who saw but the first, which has changed.
					if !errors.Is(err, publish.ErrNoDelta) {
						t.Errorf("error %v for who has seen nothing that is left", err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				if got := posts(d.Body, 4); !sameWords(got, want) {
					t.Errorf("after %d posts: %q are told, want %q", n+1, got, want)
				}
				if d.Tag(publish.Brotli) != e.Tag(publish.Brotli) {
					t.Errorf("the ETag is %s, want that of the whole, %s", d.Tag(publish.Brotli),
						e.Tag(publish.Brotli))
				}
				if again, err := p.Delta(t.Context(), e, since); again != d || err != nil {
					t.Error("a delta is made again, or not at all")
				}
			}
			since, _ := publish.SeenBy(e.ETag)
			if _, err := p.Delta(t.Context(), e, since); !errors.Is(err, publish.ErrNoDelta) {
				t.Errorf("error %v for who has seen all", err)
			}
		})
	}
}

// posts are the names of posts in a feed.
func posts(body []byte, n int) string {
	var found []string
	for i := range n {
		name := fmt.Sprint("Post ", i)
		if bytes.Contains(body, []byte(">"+name+" again</title>")) {
			name += " again"
		}
		if bytes.Contains(body, []byte(">"+name+"</title>")) {
			found = append(found, strings.TrimPrefix(name, "Post "))
		}
	}
	return strings.Join(found, " ")
}

// sameWords compares regardless of order.
func sameWords(a, b string) bool {
	count := make(map[string]int)
	for word := range strings.FieldsSeq(a) {
		count[word]++
	}
	for word := range strings.FieldsSeq(b) {
		count[word]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestNoDelta(t *testing.T) {
	p := newPress(t)
	for n := range 3 {
		p.commit(t, item("gopher", "go", n, fmt.Sprint("Post ", n)))
	}
	for _, path := range []string{"/feed.json", "/", "/opml.xml", "/category/quiet/atom.xml"} {
		e := p.get(t, path)
		if _, err := p.Delta(t.Context(), e, feeds.Mark{}); !errors.Is(err, publish.ErrNoDelta) {
			t.Errorf("%s: error %v, want ErrNoDelta", path, err)
		}
		if _, ok := publish.SeenBy(e.ETag); ok {
			t.Errorf("%s: the ETag %s tells a time", path, e.ETag)
		}
	}
	for _, tag := range []string{
		"", "x", strings.Repeat("a", 32), strings.Repeat("a", 32) + "-",
		strings.Repeat("a", 32) + "-!", strings.Repeat("a", 32) + "--gz",
		strings.Repeat("a", 32) + "-1.zzzzzzzzzzzzzzzzzz", strings.Repeat("a", 32) + "--1.1",
		strings.Repeat("a", 32) + "-1", strings.Repeat("a", 32) + "-1.0", strings.Repeat("a", 32) + "-.1",
	} {
		if at, ok := publish.SeenBy(tag); ok {
			t.Errorf("SeenBy(%q) = %v", tag, at)
		}
	}
}
