package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// Keep is what stays in the store.
type Keep struct {
	Policy storage.Policy
	Disk   int64 // bytes that the store's file may grow to; 0 means no limit
}

func keepKeys(k *Keep) []key {
	p := &k.Policy
	return append(limitKeys(&p.Limits), []key{
		{"disk", "size", "no limit",
			"What the store's file may grow to. Before it does, the oldest items go. It counts from the next start on.",
			byteSize(&k.Disk, leastDisk), nil},
		limits("per_source", "Of each source that has no keep of its own.", &p.PerSource),
		limits("per_category", "Of each category that has no keep of its own.", &p.PerCategory),
	}...)
}

// leastDisk is the smallest budget: less would be spent on what is not items.
const leastDisk = 10_000_000

func limitKeys(l *storage.Limits) []key {
	return []key{
		{"days", "number", "no limit", "Items published longer ago go.", days(&l.Age), nil},
		{"items", "number", "no limit", "The newest so many stay.", integer(&l.Items, 1, 1e9), nil},
		{"bytes", "size", "no limit",
			"The newest that have this size together stay, as they are stored.", byteSize(&l.Bytes, 1), nil},
	}
}

// limits is a key for the limits of one source or category, or of each. The word all
// keeps everything.
func limits(name, doc string, l *storage.Limits) key {
	return key{name, "mapping or all", "all", doc, setLimits(l), limitKeys(l)}
}

func setLimits(l *storage.Limits) setter {
	return func(d *decoder, n ast.Node) {
		if s, ok := n.(*ast.StringNode); ok && s.Value == "all" {
			*l = storage.Limits{}
			return
		}
		d.mapping(n, limitKeys(l))
	}
}

// ownLimits is the key for the limits of one source or category, in place of those
// that each has.
func ownLimits(doc, each string, own *Own) key {
	set := func(d *decoder, n ast.Node) {
		own.Set = true
		setLimits(&own.Limits)(d, n)
	}
	return key{"keep", "mapping or all", each, doc, set, limitKeys(&own.Limits)}
}

// Own is the limits that a source or category has of its own.
type Own struct {
	storage.Limits
	Set bool // they hold, even if they keep everything
}

// ofSource notes the limits of a source.
func (k *Keep) ofSource(id coranto.SourceID, own Own) {
	if own.Set {
		if k.Policy.Sources == nil {
			k.Policy.Sources = map[coranto.SourceID]storage.Limits{}
		}
		k.Policy.Sources[id] = own.Limits
	}
}

// ofCategory notes the limits of a category.
func (k *Keep) ofCategory(slug coranto.Slug, own Own) {
	if own.Set {
		if k.Policy.Categories == nil {
			k.Policy.Categories = map[coranto.Slug]storage.Limits{}
		}
		k.Policy.Categories[slug] = own.Limits
	}
}

func days(to *time.Duration) setter {
	return func(d *decoder, n ast.Node) {
		if v, ok := d.integer(n, 1, 100*365); ok {
			*to = time.Duration(v) * 24 * time.Hour
		}
	}
}

// byteSize takes a number of bytes with a unit: 500MB, 2GB, 1.5 TiB.
func byteSize(to *int64, least int64) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		v, ok := parseSize(s)
		switch {
		case !ok:
			d.wrong(n, fmt.Sprintf("%q is no size", s), "write a number with a unit: 500MB, 2GB, 1TB")
		case v < least:
			d.wrong(n, fmt.Sprintf("%s is too little", s), fmt.Sprintf("at least %d bytes", least))
		default:
			*to = v
		}
	}
}

func parseSize(s string) (int64, bool) {
	number := strings.TrimRight(s, "KMGTiBkmgtb ")
	var factor float64
	switch strings.ToUpper(strings.TrimSpace(s[len(number):])) {
	case "", "B":
		factor = 1
	case "KB", "K":
		factor = 1e3
	case "MB", "M":
		factor = 1e6
	case "GB", "G":
		factor = 1e9
	case "TB", "T":
		factor = 1e12
	case "KIB":
		factor = 1 << 10
	case "MIB":
		factor = 1 << 20
	case "GIB":
		factor = 1 << 30
	case "TIB":
		factor = 1 << 40
	}
	v, err := strconv.ParseFloat(number, 64)
	v *= factor
	return int64(v), err == nil && v >= 1 && v < math.MaxInt64/2
}
