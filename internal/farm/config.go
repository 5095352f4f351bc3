package farm

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/farm/gazette"
)

// Config says what the fake internet looks like. Shares are of all feeds, from
// 0 to 1.
type Config struct {
	Seed       uint64
	Feeds      int // 0 means none
	Hosts      int // addresses, each with a listener of its own; 0 means 1000; at most Feeds
	BigHosts   int // a quarter of the feeds sit on this many hosts; 0 spreads them evenly
	Categories int // 0 means 40; with Names it is the number of sections of the gazettes
	Port       int // on every host; 0 means that Start finds one that is free on all
	MaxNew     int // a change brings 1 to MaxNew new items; 0 means 4

	// Epoch is when item 0 of each feed was published; item j follows j times 97
	// minutes later, and up to 50 more. Zero means 5 January 2026, 06:00 UTC.
	Epoch time.Time

	// Names gives feeds the titles of invented papers and items readable
	// headlines and prose, in English and Chinese, with pictures. False means
	// words of no language.
	Names bool

	P404, P410, P429, P500, PHang, PRedirect float64 // shares that misbehave, by Class
	PNoValidators, PETagOnly, PLMOnly        float64 // shares that lack validators
	PNoGzip                                  float64 // share that never compresses
	PBozo                                    float64 // share with malformed XML

	Faults map[int]Class // feeds that misbehave for certain; the shares decide about the others

	Latency    time.Duration // mean per request, exponential, capped at 5 times; 0 means none
	RetryAfter int           // seconds, with each 429; 0 means 600
	GzipLevel  int           // 1 to 9; 0 means 5

	TLS    bool   // serve HTTPS, with a certificate per host
	CAFile string // where to write the certificate of the authority; "" means nowhere

	PerHost int           // requests at a time to one host before Complaints names it; 0 means 1
	MinGap  time.Duration // between two requests to one host; 0 means that any will do
	Cookies bool          // try every client with a cookie

	Clock coranto.Clock // measures gaps and Retry-After; nil means time.Now
}

func (c Config) withDefaults() Config {
	c.Hosts = min(cmp.Or(c.Hosts, 1000), c.Feeds)
	c.Categories = cmp.Or(c.Categories, 40)
	c.MaxNew = cmp.Or(c.MaxNew, 4)
	c.RetryAfter = cmp.Or(c.RetryAfter, 600)
	c.GzipLevel = min(max(cmp.Or(c.GzipLevel, 5), 1), 9)
	c.PerHost = cmp.Or(c.PerHost, 1)
	if c.Epoch.IsZero() {
		c.Epoch = time.Date(2026, 1, 5, 6, 0, 0, 0, time.UTC)
	}
	c.Epoch = c.Epoch.UTC().Truncate(time.Second)
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return c
}

// DemoConfig is the farm of the demonstration: papers with names, each on a
// host of its own, whose newest items were published shortly before now.
// AdvanceOne adds one more at a time.
func DemoConfig(now time.Time) Config {
	papers := len(gazette.New().Papers())
	return Config{
		Seed:   1609, // the year of the first printed weekly news sheet
		Feeds:  papers,
		Hosts:  papers,
		MaxNew: 1,
		Names:  true,
		Epoch:  now.Add(-(namedItems-1)*pace - maxJitter),
	}
}

// HostIP is the loopback address of host h, from 127.16.0.1 on.
func HostIP(h int) string {
	return fmt.Sprintf("127.%d.%d.%d", 16+h/62500, h/250%250, 1+h%250)
}

func (c *Config) siteURL(f *Feed) string {
	scheme := "http"
	if c.TLS {
		scheme = "https"
	}
	return scheme + "://" + HostIP(f.Host) + ":" + strconv.Itoa(c.Port)
}

func (c *Config) feedURL(f *Feed) string {
	return c.siteURL(f) + "/f/" + strconv.Itoa(f.ID) + "." + f.Format.Ext()
}
