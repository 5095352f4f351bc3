package lint

import "slices"

// opml checks OPML 2.0 (http://opml.org/spec2.opml).
func (r *report) opml(root *node) {
	versions := []string{"1.0", "1.1", "2.0"}
	if v, ok := r.attribute(root, "version"); ok && !slices.Contains(versions, v) {
		r.at(root, Error, "InvalidOPMLVersion", "version is %q", v)
	}
	r.children(root, map[string]rule{"head": must(opmlHead), "body": must(opmlBody)}, "")
}

func opmlHead(r *report, n *node) {
	r.children(n, map[string]rule{
		"title": one(), "dateCreated": one(mailed), "dateModified": one(mailed),
		"ownerName": one(), "ownerEmail": one(address), "ownerId": one(uri),
		"expansionState": one(), "vertScrollState": one(count),
		"windowTop": one(count), "windowLeft": one(count),
		"windowBottom": one(count), "windowRight": one(count),
	}, "")
}

func opmlBody(r *report, n *node) {
	outlines := some(outline)
	outlines.required = true
	r.children(n, map[string]rule{"outline": outlines}, "")
}

func outline(r *report, n *node) {
	r.attribute(n, "text")
	kind, typed := n.attrs["type"]
	if kind == "rss" {
		r.subscription(n)
	}
	for _, name := range []string{"htmlUrl", "url"} {
		if v, ok := n.attrs[name]; ok {
			r.uriValue(n, name, v)
		}
	}
	if v, ok := n.attrs["language"]; ok {
		r.languageValue(n, "language", v)
	}
	for _, name := range []string{"description", "htmlUrl", "language", "title", "version", "xmlUrl"} {
		if _, ok := n.attrs[name]; ok && !typed {
			r.at(n, Warning, "MissingOutlineType", "outline has %s, but no type", name)
			break
		}
	}
	r.children(n, map[string]rule{"outline": some(outline)}, "")
}

func (r *report) subscription(n *node) {
	if v, ok := n.attrs["xmlUrl"]; !ok {
		r.at(n, Warning, "MissingXmlURL", "outline has no xmlUrl")
	} else {
		r.uriValue(n, "xmlUrl", v)
	}
	if _, ok := n.attrs["title"]; !ok {
		r.at(n, Warning, "MissingTitleAttr", "outline has no title")
	}
}
