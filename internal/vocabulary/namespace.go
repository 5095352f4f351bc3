package vocabulary

import "strings"

// vocabulary is one of those that items may use.
type vocabulary struct {
	prefix, namespace string // as most feeds have them
	old               string // another namespace that stood for it, "" when there is none
}

// vocabularies is what there is of prefixes and namespaces, in the order of prefixes.
func vocabularies() [9]vocabulary {
	return [...]vocabulary{
		{prefix: "geo", namespace: "http://www.w3.org/2003/01/geo/wgs84_pos#"},
		{prefix: "georss", namespace: "http://www.georss.org/georss"},
		{prefix: "gml", namespace: "http://www.opengis.net/gml"},
		{prefix: "itunes", namespace: "http://www.itunes.com/dtds/podcast-1.0.dtd"},
		{prefix: "media", namespace: "http://search.yahoo.com/mrss/"},
		{prefix: "podcast", namespace: "https://podcastindex.org/namespace/1.0",
			old: "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"},
		{prefix: "psc", namespace: "http://podlove.org/simple-chapters"},
		{prefix: "slash", namespace: "http://purl.org/rss/1.0/modules/slash/"},
		{prefix: "thr", namespace: "http://purl.org/syndication/thread/1.0"},
	}
}

// Prefixes lists the usual prefixes of the vocabularies that items may use.
func Prefixes() []string {
	all := vocabularies()
	prefixes := make([]string, len(all))
	for i := range all {
		prefixes[i] = all[i].prefix
	}
	return prefixes
}

// Namespace is what a prefix of Prefixes stands for; "" for any other.
func Namespace(prefix string) string {
	for _, v := range vocabularies() {
		if v.prefix == prefix {
			return v.namespace
		}
	}
	return ""
}

// Prefix is the usual prefix of a namespace, however it is spelt: scheme, case
// and a last slash make no difference. It is "" for one that is not listed.
func Prefix(namespace string) string {
	plain := plainNamespace(namespace)
	if plain == "" {
		return ""
	}
	for _, v := range vocabularies() {
		if plain == plainNamespace(v.namespace) || plain == plainNamespace(v.old) {
			return v.prefix
		}
	}
	return ""
}

func plainNamespace(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	return strings.TrimRight(s, "/#")
}
