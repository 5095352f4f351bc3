// Package demo is what the demonstration has beyond the program itself: invented papers
// that print news, and the file that an operator of them would write.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/local"
	"github.com/coranto/coranto/internal/farm"
)

// The pace of the demonstration.
const (
	visits = 10 * time.Second // between visits to each paper
	pace   = 8 * time.Second  // between two new items somewhere
	reload = 15               // seconds after which a browser shows the home page anew
)

// Config is the file that an operator of these papers would write: with the store in
// dir, pages in a language, en or zh, and listen as the address or, when another
// program has that, one with a free port.
func Config(papers *farm.Farm, dir, listen, language string) *config.Config {
	c := config.Default()
	c.Data = dir
	c.Listen, c.Admin = freeAddress(listen), ""
	c.Fetch.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	c.Site.Title = "The Daily Coranto"
	c.Site.Description = "Invented papers, really read and published"
	c.Site.Language = language
	if language == "zh" {
		c.Site.Title, c.Site.Description = "每日汇报", "虚构的报纸，真实的收录与发布"
	}
	c.Site.Zone = time.Local
	c.Site.URL = local.URL(c.Listen)
	categories := papers.AllCategories()
	for _, cat := range categories {
		c.Site.Categories = append(c.Site.Categories,
			coranto.Category{Slug: coranto.Slug(cat.Slug), Title: cat.Title})
	}
	for i := range papers.Len() {
		paper := papers.Feed(i)
		c.Site.Categories[paper.Category].Language = paper.Language
		slug := coranto.Slug(categories[paper.Category].Slug)
		c.Sources = append(c.Sources, coranto.Source{
			ID:         coranto.SourceID("paper-" + strconv.Itoa(i+1)),
			URL:        papers.FeedURL(i),
			Categories: []coranto.Slug{slug},
			Every:      visits,
		})
	}
	return c
}

// freeAddress is the address itself, or one with a free port when another
// program has it.
func freeAddress(address string) string {
	l, err := net.Listen("tcp", address)
	if err != nil {
		host, _, splitErr := net.SplitHostPort(address)
		if splitErr != nil {
			return address
		}
		if l, err = net.Listen("tcp", net.JoinHostPort(host, "0")); err != nil {
			return address
		}
	}
	free := l.Addr().String()
	if err := l.Close(); err != nil {
		return address
	}
	return free
}

// News makes a paper print something new from time to time and tells of it, until ctx
// ends or nobody reads that any more.
func News(ctx context.Context, out io.Writer, papers *farm.Farm) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			i, item := papers.AdvanceOne(now)
			_, err := fmt.Fprintf(out, "%s  %s prints: %s\n",
				now.Format(time.TimeOnly), papers.Feed(i).Title, item.Title)
			if errors.Is(err, os.ErrClosed) {
				return
			}
		}
	}
}

// Reloading makes browsers show the newest home page without a script.
func Reloading(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			w.Header().Set("Refresh", strconv.Itoa(reload))
		}
		h.ServeHTTP(w, r)
	})
}
