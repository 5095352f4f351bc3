package farm

import (
	"fmt"
	"io"
	"strconv"
)

// OPML writes the feeds as an OPML 2.0 list, in a folder for each category that
// has any. The error is that of w.
func (f *Farm) OPML(w io.Writer) error {
	t := &text{}
	t.add("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
		"<opml version=\"2.0\"><head><title>feedfarm</title></head><body>\n")
	byCategory := map[int][]*Feed{}
	for i := range f.slots {
		feed := &f.slots[i].feed
		byCategory[feed.Category] = append(byCategory[feed.Category], feed)
	}
	for k, category := range f.AllCategories() {
		if len(byCategory[k]) > 0 {
			f.folder(t, category, byCategory[k])
		}
	}
	t.add("</body></opml>\n")
	if _, err := w.Write(t.b); err != nil {
		return fmt.Errorf("write opml: %w", err)
	}
	return nil
}

func (f *Farm) folder(t *text, category Category, feeds []*Feed) {
	t.add("<outline text=\"")
	t.escape(category.Title)
	t.add("\">\n")
	for _, feed := range feeds {
		name := "feed " + strconv.Itoa(feed.ID)
		if f.Names {
			name = feed.Title
		}
		t.add("<outline type=\"rss\" text=\"")
		t.escape(name)
		t.add("\" title=\"")
		t.escape(name)
		t.add("\" xmlUrl=\"", f.feedURL(feed), "\" htmlUrl=\"", f.siteURL(feed), "/\"/>\n")
	}
	t.add("</outline>\n")
}
