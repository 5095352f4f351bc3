package storage

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/coranto/coranto"
)

// ContentHash covers what a reader sees of an item: not its dates, which many
// sources touch without a reason, not its filing, which is the operator's, and not
// what its readers did, which changes without it.
func ContentHash(it *coranto.Item) [16]byte {
	h := hasher{sha256.New(), make([]byte, 512)}
	h.text(it.GUID, it.Link, it.Title, it.Summary, it.Content, it.Language, it.Rights, it.License, it.Comments)
	h.people(it.Authors)
	h.people(it.Contributors)
	h.number(len(it.Tags))
	for _, t := range it.Tags {
		h.text(t.Term, t.Scheme, t.Label)
	}
	h.number(len(it.Enclosures))
	for _, e := range it.Enclosures {
		h.text(e.URL, e.Type, e.Title)
		h.number(int(e.Length))
		h.number(int(e.Duration))
	}
	h.text(it.Image.URL, it.Image.Alt)
	h.number(len(it.Links))
	for _, l := range it.Links {
		h.text(l.Rel, l.Href, l.Type, l.Hreflang, l.Title)
	}
	if it.Origin != nil {
		h.text(it.Origin.ID, it.Origin.Title, it.Origin.Link, it.Origin.Feed)
	}
	h.extensions(it.Extensions)
	h.pairs(it.Members)
	return [16]byte(h.Sum(nil)[:16])
}

// DedupKeys are the keys under which an item can be found by FindDup: one of
// its GUID when that is an IRI, one of its link, one of its PostKey.
func DedupKeys(it *coranto.Item) []DedupKey {
	keys := make([]DedupKey, 0, 3)
	if key, ok := GUIDKey(it); ok {
		keys = append(keys, key)
	}
	if link := plainLink(it.Link); link != "" {
		keys = append(keys, dedupKey("link", link), postKey(it, link))
	}
	return keys
}

// PostKey stands for an item within its source by link and title: the same post,
// whatever id the source gives it today. ok is false when it has no link.
func PostKey(it *coranto.Item) (key DedupKey, ok bool) {
	link := plainLink(it.Link)
	if link == "" {
		return DedupKey{}, false
	}
	return postKey(it, link), true
}

func postKey(it *coranto.Item, link string) DedupKey {
	return dedupKey("post", string(it.Source)+"\x00"+link+"\x00"+it.Title)
}

// GUIDKey is the key of an item's GUID; ok is false when that is no IRI, and so
// means nothing outside of its source.
func GUIDKey(it *coranto.Item) (key DedupKey, ok bool) {
	if !hasScheme(it.GUID) {
		return DedupKey{}, false
	}
	return dedupKey("guid", it.GUID), true
}

// hasScheme reports whether s begins as an IRI does (RFC 3986 §3.1).
func hasScheme(s string) bool {
	for i, c := range []byte(s) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		switch {
		case letter:
		case i == 0:
			return false
		case c == ':':
			return true
		case c >= '0' && c <= '9', c == '+', c == '-', c == '.':
		default:
			return false
		}
	}
	return false
}

func dedupKey(kind, value string) DedupKey {
	sum := sha256.Sum256([]byte(kind + "\x00" + value))
	return DedupKey(sum[:16])
}

// plainLink drops what never tells two posts apart: the scheme, the case of the
// host and the fragment.
func plainLink(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return ""
	}
	u.Scheme, u.Fragment, u.Host = "", "", strings.ToLower(u.Host)
	return u.String()
}

// hasher writes fields so that no two lists of fields hash alike by accident:
// each text is preceded by its length.
type hasher struct {
	hash.Hash
	piece []byte // of what is hashed: cheaper than a copy of the whole
}

func (h hasher) number(n int) {
	binary.BigEndian.PutUint64(h.piece, uint64(n))
	h.Write(h.piece[:8])
}

func (h hasher) text(fields ...string) {
	for _, s := range fields {
		h.number(len(s))
		for len(s) > 0 {
			n := copy(h.piece, s)
			h.Write(h.piece[:n])
			s = s[n:]
		}
	}
}

func (h hasher) people(people []coranto.Person) {
	h.number(len(people))
	for _, p := range people {
		h.text(p.Name, p.Email, p.URI, p.Avatar)
	}
}

// extensions writes nothing for an empty list, as pairs does for an empty map: what
// was hashed before there were any keeps its hash.
func (h hasher) extensions(list []coranto.Extension) {
	for _, e := range list {
		if e.Counts() {
			continue
		}
		h.text("extension", e.Name, e.Value)
		h.pairs(e.Attrs)
		h.extensions(e.Children)
		h.text("end")
	}
}

func (h hasher) pairs(m map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		h.text("pair", name, m[name])
	}
}
