package gazette_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/coranto/coranto/internal/farm/gazette"
)

// picker draws numbers that depend on the seed only.
func picker(seed uint32) func(int) int {
	return func(n int) int {
		seed = seed*1664525 + 1013904223
		return int(seed>>8) % n
	}
}

func TestStoriesAreWhole(t *testing.T) {
	d := gazette.New()
	tag := regexp.MustCompile(`</?(p|h2|em|blockquote|figure|figcaption)>`)
	for k, p := range d.Papers() {
		titles := map[string]bool{}
		for nth := range 60 {
			s := d.Story(p, nth, picker(uint32(1000*k+nth)), "")
			all := s.Title + s.Summary + s.HTML + s.Author + strings.Join(s.Tags, "") + s.Correction
			if strings.ContainsAny(tag.ReplaceAllString(all, ""), "{}<>&") {
				t.Errorf("%s: open phrase or markup in %q", p.Name, all)
			}
			if s.Title == "" || s.Author == "" || len(s.Tags) == 0 || len(s.HTML) < len(s.Summary)*2 {
				t.Errorf("%s: story %+v lacks something", p.Name, s)
			}
			if strings.Contains(s.HTML, "<p></p>") {
				t.Errorf("%s: empty paragraph in %q", p.Name, s.HTML)
			}
			titles[s.Title] = true
		}
		if len(titles) < 40 {
			t.Errorf("%s: only %d titles for 60 stories", p.Name, len(titles))
		}
	}
}

func TestSameChoicesSameStory(t *testing.T) {
	d := gazette.New()
	p := d.Papers()[3]
	a := d.Story(p, 4, picker(9), "http://127.0.0.1/1.jpg")
	b := gazette.New().Story(p, 4, picker(9), "http://127.0.0.1/1.jpg")
	if a.HTML != b.HTML || a.Title != b.Title {
		t.Errorf("two stories from the same choices: %q and %q", a.Title, b.Title)
	}
	if !strings.Contains(a.HTML, `<img src="http://127.0.0.1/1.jpg" width="640" height="360" alt="`) {
		t.Errorf("no picture in %q", a.HTML)
	}
}

// TestPapersOfOneSectionDiffer reads what two papers write about one topic on the
// same day: not under the same headline.
func TestPapersOfOneSectionDiffer(t *testing.T) {
	d := gazette.New()
	seen := map[int]string{}
	for _, p := range d.Papers() {
		title := d.Story(p, 0, picker(1), "").Title
		if title == seen[p.Section] {
			t.Errorf("%s and another paper of its section both print %q", p.Name, title)
		}
		seen[p.Section] = title
	}
}
