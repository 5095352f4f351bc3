package config

import (
	"fmt"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/feeds"
)

func topKeys(c *Config) []key {
	return []key{
		{"data", "directory", "./data", "Where the store is kept. Relative to the file.",
			text(&c.Data), nil},
		{"storage", "engine", "bolt", "What keeps the items: bolt, one file below data.",
			engine(&c.Storage), nil},
		{"listen", "address", ":8080", "What readers connect to.", address(&c.Listen), nil},
		{"admin", "address or off", "127.0.0.1:8081",
			"What the operator connects to: status and readiness. Keep it on loopback.",
			adminAddress(&c.Admin), nil},
		{"throttle", "number or off", "20",
			"Answers a second that one address may ask for, on average over a minute; beyond that it is " +
				"told to wait (429). Answers that nothing has changed are not counted, nor is anything " +
				"from a loopback or private address, as a proxy beside the server has. " +
				"Turn it off when all readers come through a proxy with a public address.",
			orOff(&c.Throttle, 1, 10_000), nil},
		group("fetch", "What may be fetched, and how much at a time.", fetchKeys(&c.Fetch)),
		group("push", "What is believed of hubs. fetch.push lets them call.", pushKeys(&c.Push)),
		group("hub", "How readers are told of new items at once (WebSub).", hubKeys(&c.Hub)),
		group("site", "The publication as a whole.", siteKeys(&c.Site, &c.Fetch, &c.Looks)),
		group("keep", "What stays in the store: everything, unless something here says otherwise. "+
			"An item that is in several categories goes as soon as one of their limits says so; "+
			"to make a feed shorter, use limit. What `coranto pin` pinned stays.",
			keepKeys(&c.Keep)),
		backups(&c.Backup),
		group("build", "Where and how `coranto build` writes files.", buildKeys(&c.Build)),
		group("defaults", "What holds for every source that doesn't say otherwise.",
			defaultKeys(&c.Defaults)),
		{"sources", "list", "", "What is read. An entry may be an address alone.",
			c.setSources, sourceKeys(&coranto.Source{}, new(Outline), new(Own))},
		{"categories", "mapping by name", "",
			"How categories are shown. One that only a source names needs no entry here.",
			c.setCategories, categoryKeys(&coranto.Category{}, new(Own), new([]formerName))},
		{"folders", "list", "none",
			"What other readers know of folders, for `coranto export --opml`, as `coranto import` found it.",
			c.setFolders, folderKeys(&opml.Folder{})},
		later("rules", "use include and exclude of a source or category"),
		later("outputs", "use coranto build for static files"),
	}
}

// group is a key whose value is a mapping with keys of its own.
func group(name, doc string, keys []key) key {
	set := func(d *decoder, n ast.Node) { d.mapping(n, keys) }
	return key{name, "mapping", "", doc, set, keys}
}

// later is a key that is planned: a file that has it is refused with a word of
// what to use instead, rather than with "unknown".
func later(name, instead string) key {
	return key{name: name, set: func(d *decoder, n ast.Node) {
		d.wrong(n, fmt.Sprintf("%s is not understood by this version", name), instead)
	}}
}

func fetchKeys(f *Fetch) []key {
	return []key{
		{"workers", "number", "64", "Hosts visited at a time.", integer(&f.Workers, 1, 4096), nil},
		{"per_host", "number", "1",
			"Requests to one host at a time, pages and redirects included. " +
				"Sources of one host are always visited one after another.",
			integer(&f.PerHost, 1, 8), nil},
		{"timeout", "duration", "30s", "Of one request, from the first byte to the last.",
			duration(&f.Timeout, time.Second, 10*time.Minute, ""), nil},
		{"max_body", "megabytes", "15", "Of one document, unpacked. A larger one is refused.",
			megabytes(&f.MaxBody), nil},
		{"user_agent", "text", "Coranto and its version", "What origins see.",
			fieldText(&f.UserAgent), nil},
		{"proxy", "address, environment or none", "none",
			"Through which everything is fetched: http, https or socks5, with user:password@ if it wants them. " +
				"environment takes HTTP_PROXY, HTTPS_PROXY and NO_PROXY. " +
				"Names are looked up here all the same, to keep private networks out.",
			proxy(&f.Proxy), nil},
		{"allow_networks", "list of networks", "none",
			"Private networks that may be fetched from. All others are refused.",
			networks(&f.AllowNetworks), nil},
		{"allow_hosts", "list of hosts", "none",
			"Hosts that may be fetched from whatever their address is, as name or, for one port, name:port.",
			hosts(&f.AllowHosts), nil},
		{"allow_ports", "list of ports", "none", "Ports allowed besides 80, 443, 8080 and 8443.",
			ports(&f.AllowPorts), nil},
		{"push", "true or false", "true",
			"Let WebSub hubs tell of new items, so that sources that have one need fewer visits. " +
				"They call at site.url, which must be one that everybody can reach, and below it at websub/.",
			boolean(&f.Push), nil},
	}
}

// backups is the key for backups that are made by themselves, or "off".
func backups(b *Backup) key {
	keys := []key{
		{"every", "duration", "24h", "After the newest one there is, whenever the server was started.",
			duration(&b.Every, time.Minute, 366*24*time.Hour, ""), nil},
		{"keep", "number", "3", "The newest so many stay. No other file is ever removed.",
			integer(&b.Keep, 1, 10000), nil},
		{"dir", "directory", "backups below data",
			"Where they are kept, better on another disk. Relative to the file.", text(&b.Dir), nil},
	}
	set := func(d *decoder, n ast.Node) {
		if isOff(n) {
			b.Every = 0
			return
		}
		d.mapping(n, keys)
	}
	return key{"backup", "mapping or off", "",
		"How the server copies the store by itself, and checks the copy. " +
			"None is made where the disk has less room than the store takes twice.", set, keys}
}

func buildKeys(b *Build) []key {
	return []key{
		{"dir", "directory", "none", "Where the files go without --out. Relative to the file.", text(&b.Dir), nil},
		{"precompressed", "true or false", "false",
			"Also write .gz, .br and .zst copies, as --precompressed does.", boolean(&b.Precompressed), nil},
		{"after", "command", "none",
			"What the shell runs, in the directory of the files, after a build that changed some of them, " +
				"as `rsync -a --delete . host:site` or `git add -A && git commit -qm news && git push`. " +
				"It reads the changed paths, one to a line. When it fails, the next build tells it again.",
			text(&b.After), nil},
	}
}

func pushKeys(p *Push) []key {
	return []key{
		{"sha1", "true or false", "true",
			"Believe signatures by SHA-1, the only ones that many hubs make. " +
				"Without it what such a hub sends is passed over; its sources are visited as often as ever.",
			boolean(&p.SHA1), nil},
	}
}

func siteKeys(s *feeds.Site, f *Fetch, looks *string) []key {
	return []key{
		{"title", "text", "Coranto", "The masthead and the title of the site's feed.",
			text(&s.Title), nil},
		{"description", "text", "", "One sentence below the title.", text(&s.Description), nil},
		{"url", "address", "http://localhost:8080/",
			"Where readers find the site. Every absolute address is made from it.",
			webAddress(&s.URL), nil},
		{"language", "language", "en", "Of the pages: en and zh are spoken, others get English.",
			languageTag(&s.Language), nil},
		{"image", "address", "none", "A picture that readers show beside the feeds.",
			webAddress(&s.Image), nil},
		{"timezone", "zone", "UTC", "Of the times on pages.", zone(&s.Zone), nil},
		group("authority",
			"The base of the ids that are made here. Never change it once readers have subscribed.",
			[]key{
				{"host", "host", "the url's", "A host that belongs to you.", text(&s.Authority.Host), nil},
				{"since", "day", "2025-01-01", "A day on which it did.", day(&s.Authority.Since), nil},
			}),
		{"contact", "text", "",
			"A mail address or page for operators of origins; it goes into the User-Agent.",
			contact(&f.Contact), nil},
		{"limit", "number", "50", "Items in a feed.", integer(&s.Limit, 1, 1000), nil},
		{"credit", "template or off", "in the item's language",
			"The visible line below each item: {source}, {author}, {original} and {rights} " +
				"stand for what they say.",
			credit(s), nil},
		{"theme", "directory", "none",
			"Templates, a stylesheet and an icon in the place of the built-in ones: docs/THEMES.md. " +
				"`coranto init --theme DIR` writes those. Relative to the file. " +
				"A running server takes changes in.",
			text(looks), nil},
	}
}

func defaultKeys(v *Defaults) []key {
	return []key{
		{"republish", "as-given, excerpt or title", "as-given",
			"How much of an item is published again.", republish(&v.Republish), nil},
		{"index", "true or false", "false",
			"Let search engines list the pages here that show all of an item, not only its excerpt. " +
				"They name the original as the one to be found either way.", boolean(&v.Index), nil},
		{"every", "duration or auto", "auto",
			"Time between visits; auto follows the source's own rhythm and wishes. One that can't be asked " +
				"conditionally and says nothing of freshness is then asked once a day.", interval(&v.Every), nil},
	}
}

func sourceKeys(s *coranto.Source, outline *Outline, own *Own) []key {
	return append([]key{
		{"id", "name", "from the address", "The source's name in addresses. It must never change.",
			sourceID(&s.ID), nil},
		{"kind", "feed", "feed", "How it is read.", choice(&s.Kind, "feed"), nil},
		{"url", "address", "", "Where it is. Required.", webAddress(&s.URL), nil},
		{"title", "text", "the feed's own", "What it is called here.", text(&s.Title), nil},
		{"categories", "list of names", "none",
			"Where its items are published, besides the whole site.", slugs(&s.Categories), nil},
		{"include", "list of words", "all", "Only items with one of these words are filed.",
			words(&s.Include), nil},
		{"exclude", "list of words", "none", "Items with one of these words are filed nowhere.",
			words(&s.Exclude), nil},
		{"every", "duration or auto", "defaults.every", "Time between visits.", interval(&s.Every), nil},
		{"zone", "zone", "UTC", "Of dates that come without one.", zoneName(&s.Zone), nil},
		{"language", "language", "the feed's own", "Of its items.", languageTag(&s.Language), nil},
		{"rights", "text", "the feed's own", "The rights line.", text(&s.Rights), nil},
		{"license", "address", "the feed's own", "The licence.", webAddress(&s.License), nil},
		{"republish", "as-given, excerpt or title", "defaults.republish",
			"How much of an item is published again.", republish(&s.Republish), nil},
		{"index", "true or false", "defaults.index",
			"Let search engines list the pages here that show all of an item.", boolean(&s.Index), nil},
		{"credit", "template", "the site's", "The visible line below each of its items.",
			text(&s.Credit), nil},
		{"max_items", "number", "1000", "Newest items taken from one document.",
			integer(&s.MaxItems, 1, 10000), nil},
		ownLimits("What stays of its items; all keeps them. The limits of the whole store hold too.",
			"keep.per_source", own),
		{"paused", "true or false", "false", "Known and listed, but not visited.",
			boolean(&s.Paused), nil},
		{"opml", "mapping by name", "none",
			"What other readers know of it: attributes for its outline in `coranto export --opml`, as " +
				"`coranto import` found them. The namespace of a prefix is there as \"xmlns:prefix\".",
			outlineAttributes(&outline.Attributes), nil},
		{"folders", "list of names or of lists of them", "its categories",
			"Where it is in other readers: the names of nested folders from the outermost in, as " +
				"[[Technology, Go], News]. One whose last name is no category of the source any more is left out.",
			outlineFolders(&outline.Folders), nil},
	}, accessKeys(&s.Access)...)
}

func folderKeys(f *opml.Folder) []key {
	return []key{
		{"path", "list of names", "", "Its name, or those of nested folders from the outermost in. Required.",
			folderPath(&f.Path), nil},
		{"opml", "mapping by name", "none", "Attributes for its outline.",
			outlineAttributes(&f.Attributes), nil},
	}
}

func categoryKeys(c *coranto.Category, own *Own, former *[]formerName) []key {
	return []key{
		{"title", "text", "its name", "For people.", text(&c.Title), nil},
		{"description", "text", "", "One sentence.", text(&c.Description), nil},
		{"limit", "number", "the site's", "Items in its feeds.", integer(&c.Limit, 1, 1000), nil},
		{"language", "language", "the site's", "Of its feeds.", languageTag(&c.Language), nil},
		{"image", "address", "the site's", "A picture that readers show beside its feeds.",
			webAddress(&c.Image), nil},
		{"order", "published or arrival", "published",
			"Which items come first: the newest by their own date, or those that came here last.",
			choice(&c.Order, coranto.OrderPublished, coranto.OrderArrival), nil},
		{"formerly", "list of names", "none",
			"Names it had before, the oldest first. Their addresses lead here for as long as they are listed.",
			formerNames(former), nil},
		{"include", "list of words", "none",
			"Items of every source with one of these words are filed here too.", words(&c.Include), nil},
		{"exclude", "list of words", "none",
			"Items with one of these words are kept out, whatever their source.",
			words(&c.Exclude), nil},
		ownLimits("What stays of its items; all keeps them. An item that is in several categories goes "+
			"as soon as one of their limits says so.", "keep.per_category", own),
	}
}

// setSources keeps the list until the whole file is read: what holds for every
// source may stand below it.
func (c *Config) setSources(_ *decoder, n ast.Node) { c.sources = n }

// decodeSources decodes each source on top of the defaults.
func (c *Config) decodeSources(d *decoder) {
	if c.sources == nil {
		return
	}
	d.list(c.sources, func(n ast.Node) {
		src := coranto.Source{
			Republish: c.Defaults.Republish, Index: c.Defaults.Index, Every: c.Defaults.Every,
		}
		var outline Outline
		var own Own
		switch n.(type) {
		case *ast.StringNode:
			webAddress(&src.URL)(d, n)
		case *ast.MappingNode, *ast.MappingValueNode, *ast.NullNode:
			d.mapping(n, sourceKeys(&src, &outline, &own))
			contradictions(d, n, &src.Access)
			if !d.has(n, "url") {
				d.wrong(n, "the source has no address", "add url: https://…")
			}
		default:
			d.mapping(n, sourceKeys(&src, &outline, &own))
		}
		c.Sources = append(c.Sources, src)
		c.Outlines = append(c.Outlines, outline)
		c.places, c.own = append(c.places, n), append(c.own, own)
	})
}

func (c *Config) setCategories(d *decoder, n ast.Node) {
	pairs, _ := d.pairs(n)
	for _, pair := range pairs {
		slug, err := coranto.ParseSlug(KeyName(pair))
		if err != nil {
			d.wrong(pair.Key, fmt.Sprintf("%q can't be a category's name in addresses", KeyName(pair)),
				"use a–z, 0–9 and -, and give it a title")
			continue
		}
		cat, own, former := coranto.Category{Slug: slug}, Own{}, []formerName(nil)
		if s, ok := pair.Value.(*ast.StringNode); ok {
			cat.Title = s.Value
		} else {
			d.mapping(pair.Value, categoryKeys(&cat, &own, &former))
		}
		for _, old := range former {
			old.now = slug
			cat.Formerly = append(cat.Formerly, old.slug)
			c.former = append(c.former, old)
		}
		c.Keep.ofCategory(slug, own)
		c.Site.Categories = append(c.Site.Categories, cat)
	}
}
