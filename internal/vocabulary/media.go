package vocabulary

// described are the children that media:group and media:content have in common.
func described(more ...string) []string {
	return append(more, "media:category", "media:community", "media:copyright", "media:credit",
		"media:description", "media:hash", "media:keywords", "media:license", "media:location",
		"media:player", "media:price", "media:rating", "media:restriction", "media:subTitle",
		"media:text", "media:thumbnail", "media:title")
}

// media is Media RSS 1.5.1 (https://www.rssboard.org/media-rss), without what
// would have a reader run or show another site.
var media = map[string]element{
	"media:group": {many: true, children: described("media:content")},
	"media:content": {
		many: true,
		attrs: forms{
			"url": address, "fileSize": count, "type": mediaType,
			"medium":    one("image", "audio", "video", "document", "executable"),
			"isDefault": one("true", "false"), "expression": one("sample", "full", "nonstop"),
			"bitrate": unsigned, "framerate": unsigned, "samplingrate": unsigned, "channels": count,
			"duration": positive, "height": positive, "width": positive, "lang": language,
		},
		children: described(),
	},
	"media:category":  {many: true, text: line, attrs: forms{"scheme": iri, "label": line}},
	"media:copyright": {text: line, attrs: forms{"url": address}},
	"media:credit":    {many: true, text: line, attrs: forms{"role": line, "scheme": iri}},
	"media:description": {
		text: text, attrs: forms{"type": one("plain")}, gives: full,
	},
	"media:hash":     {many: true, text: name, attrs: forms{"algo": one("md5", "sha-1")}},
	"media:keywords": {text: line},
	"media:license":  {many: true, text: line, attrs: forms{"type": mediaType, "href": address}},
	"media:player": {
		attrs: forms{"url": address, "height": positive, "width": positive}, needs: []string{"url"},
	},
	"media:price": {
		many: true,
		attrs: forms{
			"type": one("rent", "purchase", "package", "subscription"), "price": unsigned,
			"currency": name, "info": address,
		},
	},
	"media:rating": {many: true, text: line, attrs: forms{"scheme": iri}},
	"media:restriction": {
		many: true,
		text: line, needs: []string{"relationship"},
		attrs: forms{
			"relationship": one("allow", "deny"), "type": one("country", "uri", "sharing"),
		},
	},
	"media:subTitle": {
		many:  true,
		attrs: forms{"type": mediaType, "lang": language, "href": address}, needs: []string{"href"},
	},
	"media:text": {
		many: true,
		text: text, gives: full,
		attrs: forms{"type": one("plain"), "lang": language, "start": playTime, "end": playTime},
	},
	"media:thumbnail": {
		many:  true,
		attrs: forms{"url": address, "height": positive, "width": positive, "time": playTime},
		needs: []string{"url"}, gives: excerpt,
	},
	"media:title": {text: line, attrs: forms{"type": one("plain")}},
	"media:location": {
		many:     true,
		attrs:    forms{"description": line, "start": playTime, "end": playTime},
		children: []string{"georss:where"},
	},
	"media:community": {
		children: []string{"media:starRating", "media:statistics", "media:tags"},
	},
	"media:starRating": {
		attrs: forms{"average": unsigned, "count": count, "min": unsigned, "max": unsigned},
	},
	"media:statistics": {attrs: forms{"views": count, "favorites": count}},
	"media:tags":       {text: line},
}
