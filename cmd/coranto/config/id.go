package config

import (
	"net/url"
	"path"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/slug"
)

// SourceID is the id of a source that the file gives none: the words of its
// address that tell it apart. It depends on the address alone, so it stays when
// other sources come and go.
func SourceID(address string) coranto.SourceID {
	u, err := url.Parse(address)
	if err != nil {
		return coranto.SourceID(slug.Make(address))
	}
	words := []string{strings.TrimPrefix(u.Host, "www.")}
	trimmed := strings.TrimSuffix(u.Path, path.Ext(u.Path))
	for word := range strings.SplitSeq(trimmed, "/") {
		if !generic(word) {
			words = append(words, word)
		}
	}
	if u.RawQuery != "" {
		words = append(words, u.RawQuery)
	}
	return coranto.SourceID(slug.Make(strings.Join(words, " ")))
}

// generic reports words that most feed addresses have.
func generic(word string) bool {
	switch strings.ToLower(word) {
	case "", "feed", "feeds", "rss", "rss2", "atom", "xml", "index", "json", "default":
		return true
	}
	return false
}
