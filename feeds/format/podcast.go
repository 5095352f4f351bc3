package format

import (
	"slices"
	"strconv"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

// isPodcast reports whether an RSS document can hold the elements of itunes: there are
// some, and there is the mail address that directories require of the whole document.
func isPodcast(f *feeds.Feed, list []post) bool {
	return email(f.Contact) != "" && slices.ContainsFunc(list, func(p post) bool {
		return slices.ContainsFunc(p.extensions, isShow)
	})
}

// showOf is what Apple requires of a podcast, said of a feed.
func showOf(f *feeds.Feed, list []post) []element {
	title := bare(feedTitle(f))
	explicit := slices.ContainsFunc(list, func(p post) bool {
		return slices.ContainsFunc(strict(p.extensions), func(e coranto.Extension) bool {
			return e.Name == "itunes:explicit" && e.Value == "true"
		})
	})
	show := []element{
		{Name: "itunes:author", Value: atMost(title, 255)},
		{Name: "itunes:category", Attrs: map[string]string{"text": "News"}},
		{Name: "itunes:explicit", Value: strconv.FormatBool(explicit)},
		{Name: "itunes:owner", Children: []coranto.Extension{
			{Name: "itunes:name", Value: atMost(title, 255)},
			{Name: "itunes:email", Value: email(f.Contact)},
		}},
	}
	if url := address(f.Image); isChannelImage(url) && isFileAddress(url) {
		show = append(show, element{Name: "itunes:image", Attrs: map[string]string{"href": url}})
	}
	return show
}
