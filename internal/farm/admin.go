package farm

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// Admin is the control side of a farm: /stats, /complaints, /reset,
// /advance?rate=0.05 (with &warm=1 to render at once), /opml, /urls, /tsv and
// /sizes.
func (f *Farm) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/stats", f.adminStats)
	mux.HandleFunc("/complaints", f.adminComplaints)
	mux.HandleFunc("/reset", func(http.ResponseWriter, *http.Request) { f.Reset() })
	mux.HandleFunc("/advance", f.adminAdvance)
	mux.HandleFunc("/opml", func(w http.ResponseWriter, _ *http.Request) {
		_ = f.OPML(w) // a client that went away needs no list
	})
	mux.HandleFunc("/urls", f.adminURLs)
	mux.HandleFunc("/tsv", f.adminTSV)
	mux.HandleFunc("/sizes", f.adminSizes)
	return mux
}

func (f *Farm) adminStats(w http.ResponseWriter, _ *http.Request) {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	_ = e.Encode(f.Stats()) // numbers and strings always encode
}

func (f *Farm) adminComplaints(w http.ResponseWriter, _ *http.Request) {
	for _, c := range f.Complaints() {
		fmt.Fprintln(w, c)
	}
}

func (f *Farm) adminAdvance(w http.ResponseWriter, r *http.Request) {
	rate, err := strconv.ParseFloat(r.FormValue("rate"), 64)
	if err != nil {
		rate = 0
	}
	changed := f.Advance(rate)
	if r.FormValue("warm") != "" {
		f.Prewarm()
	}
	fmt.Fprintln(w, changed)
}

func (f *Farm) adminURLs(w http.ResponseWriter, _ *http.Request) {
	for i := range f.slots {
		fmt.Fprintln(w, f.FeedURL(i))
	}
}

// adminTSV lists number, category, feed and site of each feed.
func (f *Farm) adminTSV(w http.ResponseWriter, _ *http.Request) {
	for i := range f.slots {
		category := f.slots[i].feed.Category
		fmt.Fprintf(w, "%d\t%d\t%s\t%s/\n", i, category, f.FeedURL(i), f.SiteURL(i))
	}
}

func (f *Farm) adminSizes(w http.ResponseWriter, _ *http.Request) {
	var plain, packed, items int
	var sizes []int
	var formats [3]int
	for i := range f.slots {
		b := f.body(&f.slots[i])
		plain += len(b.plain)
		packed += len(b.gzip)
		items += f.slots[i].feed.Items
		formats[f.slots[i].feed.Format]++
		sizes = append(sizes, len(b.plain))
	}
	n := len(sizes)
	if n == 0 {
		fmt.Fprintln(w, "feeds 0")
		return
	}
	slices.Sort(sizes)
	fmt.Fprintf(w, "feeds %d items %d plain %d gzip %d mean %d p1 %d p50 %d p99 %d max %d"+
		" rss %d atom %d json %d\n", n, items, plain, packed, plain/n,
		sizes[n/100], sizes[n/2], sizes[n*99/100], sizes[n-1],
		formats[RSS], formats[Atom], formats[JSONFeed])
}
