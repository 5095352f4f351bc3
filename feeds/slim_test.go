package feeds

import (
	"strings"
	"testing"

	"github.com/coranto/coranto"
)

func TestSlimmed(t *testing.T) {
	var list []Entry
	for range 50 {
		e := Entry{EntryID: "tag:a.example,2025:1"}
		e.Title, e.Summary = "Title", strings.Repeat("long ", 4000)
		e.Content = strings.Repeat("<p>&amp;</p>", 10_000)
		e.Extensions = []coranto.Extension{{Name: "media:text", Value: strings.Repeat("x", 1000)}}
		list = append(list, e)
	}
	got, size := slimmed(list), 0
	for i := range got {
		size += weight(&got[i])
	}
	if first := got[0]; first.Content == "" || len(first.Summary) != 20_000 {
		t.Error("the newest entry lost some of its text, want it whole")
	}
	if last := got[49]; last.Content != "" || len(last.Summary) > 1010 || last.Title != "Title" {
		t.Errorf("the oldest entry has %d bytes of content and %d of summary, want none and at most 1010",
			len(last.Content), len(last.Summary))
	}
	if size > 4_000_000 {
		t.Errorf("all entries weigh %d bytes, want at most 4,000,000", size)
	}
}

func TestIsID(t *testing.T) {
	for id, want := range map[string]bool{
		"tag:a.example,2025:1": true, "https://a.example/1": true, "yt:video:1": true,
		"javascript:alert(1)": false, "JavaScript:alert(1)": false, "data:text/html,x": false,
		"https://a.example/日本": false, "1": false, "": false,
		"https://a.example/" + strings.Repeat("x", 5000): false,
	} {
		if got := IsID(id); got != want {
			t.Errorf("IsID(%.40q) = %v, want %v", id, got, want)
		}
	}
}
