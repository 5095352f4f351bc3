// Command feedfarm serves the fake internet of package farm on loopback until it
// is killed, for benchmarks of other programs.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/coranto/coranto/internal/farm"
)

func main() {
	var cfg farm.Config
	flags(flag.CommandLine, &cfg)
	admin := flag.String("admin", "127.0.0.1:8179", "control address")
	warm := flag.Bool("prewarm", true, "render everything first")
	flag.Parse()
	if err := run(cfg, *admin, *warm); err != nil {
		log.Fatal(err)
	}
}

func flags(set *flag.FlagSet, c *farm.Config) {
	set.Uint64Var(&c.Seed, "seed", 1, "seed")
	set.IntVar(&c.Feeds, "feeds", 10000, "number of feeds")
	set.IntVar(&c.Hosts, "hosts", 1000, "number of hosts (127.x.y.z)")
	set.IntVar(&c.BigHosts, "big-hosts", 0, "a quarter of the feeds sit on this many hosts")
	set.IntVar(&c.Categories, "categories", 40, "categories in the OPML")
	set.IntVar(&c.Port, "port", 8180, "port on every host; 0 finds a free one")
	set.IntVar(&c.MaxNew, "max-new", 4, "new items per change: 1..n")
	set.BoolVar(&c.Names, "names", false, "papers with names and readable items")
	set.Float64Var(&c.P404, "p404", 0, "share of feeds")
	set.Float64Var(&c.P410, "p410", 0, "share of feeds")
	set.Float64Var(&c.P429, "p429", 0, "share of feeds")
	set.Float64Var(&c.P500, "p500", 0, "share of feeds")
	set.Float64Var(&c.PHang, "phang", 0, "share of feeds that never answer")
	set.Float64Var(&c.PRedirect, "predirect", 0, "share of feeds that moved")
	set.Float64Var(&c.PNoValidators, "pnovalidators", 0, "share without ETag and Last-Modified")
	set.Float64Var(&c.PETagOnly, "petagonly", 0, "share")
	set.Float64Var(&c.PLMOnly, "plmonly", 0, "share")
	set.Float64Var(&c.PNoGzip, "pnogzip", 0, "share")
	set.Float64Var(&c.PBozo, "pbozo", 0, "share of malformed XML")
	set.DurationVar(&c.Latency, "latency", 0, "mean latency per request (exponential)")
	set.IntVar(&c.RetryAfter, "retry-after", 600, "seconds")
	set.BoolVar(&c.TLS, "tls", false, "serve HTTPS")
	set.StringVar(&c.CAFile, "ca", "", "write the CA certificate here")
}

func run(cfg farm.Config, admin string, warm bool) error {
	start := time.Now()
	f := farm.New(cfg)
	if err := f.Start(); err != nil {
		return err
	}
	defer f.Close()
	if warm {
		f.Prewarm()
	}
	control, err := net.Listen("tcp", admin)
	if err != nil {
		return err
	}
	fmt.Printf("ready after %v\n", time.Since(start).Round(time.Millisecond))
	server := &http.Server{Handler: f.Admin(), ReadHeaderTimeout: time.Minute}
	return server.Serve(control)
}
