package farm_test

import (
	"bytes"
	"encoding/xml"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto/internal/farm"
)

// noon is when the demonstration of these tests begins.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func TestDemoIsFreshAndVaried(t *testing.T) {
	f := farm.New(farm.DemoConfig(noon()))
	titles, newest := map[string]int{}, time.Time{}
	items, pictures := 0, 0
	for i := range f.Len() {
		for _, it := range f.Window(i) {
			items++
			titles[it.Title]++
			if it.Image != "" {
				pictures++
			}
			if it.Created.After(noon()) {
				t.Errorf("%s is dated %v, after now", it.URL, it.Created)
			}
			if it.Created.After(newest) {
				newest = it.Created
			}
			if strings.ContainsAny(it.Title+it.Summary+it.HTML+it.Author, "{}") || it.Author == "" {
				t.Errorf("%s has an open phrase: %q by %q", it.URL, it.Title, it.Author)
			}
		}
	}
	if age := noon().Sub(newest); age > 15*time.Minute {
		t.Errorf("the newest item is %v old, want a fresh one", age)
	}
	if len(titles) < items*85/100 {
		t.Errorf("%d titles for %d items, want most of them different", len(titles), items)
	}
	if pictures < items/4 || pictures > items/2 {
		t.Errorf("%d of %d items have pictures", pictures, items)
	}
}

func TestDemoIsDeterministic(t *testing.T) {
	a, b := farm.New(farm.DemoConfig(noon())), farm.New(farm.DemoConfig(noon()))
	for i := range a.Len() {
		a.AdvanceOne(noon())
		b.AdvanceOne(noon())
		if !bytes.Equal(a.Body(i), b.Body(i)) {
			t.Errorf("feed %d differs between two farms", i)
		}
	}
}

func TestDemoFeedsAreWellFormed(t *testing.T) {
	f := farm.New(farm.DemoConfig(noon()))
	for i := range f.Len() {
		if f.Feed(i).Format == farm.JSONFeed {
			continue // TestTruthIsRendered reads those
		}
		var any struct{}
		if err := xml.Unmarshal(f.Body(i), &any); err != nil {
			t.Errorf("feed %d: %v", i, err)
		}
	}
}

func TestDemoSite(t *testing.T) {
	cfg := farm.DemoConfig(noon())
	f := start(t, cfg)
	c := client(t)
	resp, home := get(t, c, f.SiteURL(5)+"/")
	if resp.StatusCode != 200 || !bytes.Contains(home, []byte(f.FeedURL(5))) ||
		!bytes.Contains(home, []byte("Ledger &amp; Quay")) {
		t.Errorf("home page = %d %.300q, want the paper's name and its feed", resp.StatusCode, home)
	}
	for _, it := range f.Window(5) {
		_, page := get(t, c, it.URL)
		if !bytes.Contains(page, []byte(it.HTML)) {
			t.Errorf("%s lacks its article", it.URL)
		}
		if it.Image != "" {
			checkPicture(t, c, it.Image)
			return
		}
	}
	t.Error("no item has a picture")
}

func checkPicture(t *testing.T, c *http.Client, url string) {
	t.Helper()
	resp, data := get(t, c, url)
	if got := resp.Header.Get("Content-Type"); got != "image/jpeg" {
		t.Errorf("%s: Content-Type = %q, want image/jpeg", url, got)
	}
	img, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || img.Width != 640 || img.Height != 360 {
		t.Errorf("%s: %dx%d, %v; want 640x360", url, img.Width, img.Height, err)
	}
	if _, again := get(t, c, url); !bytes.Equal(data, again) {
		t.Errorf("%s: another picture the second time", url)
	}
}
