package vocabulary

import "strings"

// media is Media RSS 1.5.1 (https://www.rssboard.org/media-rss), without what
// would have a reader run or show another site: the files and what is told of them.
func media() table {
	return table{
		"media:group": {many: true, children: described("media:content")},
		"media:content": {
			many: true,
			attrs: forms{
				"url": address, "fileSize": whole, "type": mediaType,
				"medium":    oneOf("image", "audio", "video", "document", "executable"),
				"isDefault": oneOf("true", "false"), "expression": oneOf("sample", "full", "nonstop"),
				"bitrate": unsigned, "framerate": unsigned, "samplingrate": unsigned, "channels": whole,
				"duration": positive, "height": positive, "width": positive, "lang": languageTag,
			},
			children: described(), enough: "url", picture: mayBePicture,
		},
		"media:description": {text: fullText, attrs: forms{"type": oneOf("plain")}},
		"media:hash":        {many: true, text: word, attrs: forms{"algo": oneOf("md5", "sha-1")}},
		"media:location": {
			many:     true,
			attrs:    forms{"description": remark, "start": playTime, "end": playTime},
			children: []string{"georss:where"}, enough: "description",
		},
		"media:player": {
			attrs: forms{"url": address, "height": positive, "width": positive}, needs: []string{"url"},
		},
		"media:subTitle": {
			many:  true,
			attrs: forms{"type": mediaType, "lang": languageTag, "href": address}, needs: []string{"href"},
		},
		"media:text": {
			many: true, text: fullText,
			attrs: forms{"type": oneOf("plain"), "lang": languageTag, "start": playTime, "end": playTime},
		},
		"media:thumbnail": {
			many:  true,
			attrs: forms{"url": picture, "height": positive, "width": positive, "time": playTime},
			needs: []string{"url"},
		},
		"media:title": {text: label, attrs: forms{"type": oneOf("plain")}},
	}
}

// mediaTerms are the elements of Media RSS for who made a file, who may have it and
// what others think of it.
func mediaTerms() table {
	return table{
		"media:category":  {many: true, text: remark, attrs: forms{"scheme": ref, "label": remark}},
		"media:copyright": {text: label, attrs: forms{"url": address}},
		"media:credit":    {many: true, text: label, attrs: forms{"role": label, "scheme": ref}},
		"media:keywords":  {text: remark},
		"media:license":   {many: true, text: label, attrs: forms{"type": mediaType, "href": address}},
		"media:price": {
			many: true,
			attrs: forms{
				"type":  oneOf("rent", "purchase", "package", "subscription"),
				"price": unsigned, "currency": word, "info": address,
			},
		},
		"media:rating": {many: true, text: label, attrs: forms{"scheme": ref}},
		"media:restriction": {
			many: true, text: label,
			attrs: forms{
				"relationship": oneOf("allow", "deny"), "type": oneOf("country", "uri", "sharing"),
			},
			needs: []string{"relationship"},
		},
		"media:community": {
			children: []string{"media:starRating", "media:statistics", "media:tags"},
		},
		"media:starRating": {
			attrs: forms{"average": unsigned, "count": whole, "min": unsigned, "max": unsigned},
		},
		"media:statistics": {attrs: forms{"views": whole, "favorites": whole}},
		"media:tags":       {text: remark},
	}
}

// described are the children that media:group and media:content have in common.
func described(more ...string) []string {
	return append(more, "media:category", "media:community", "media:copyright", "media:credit",
		"media:description", "media:hash", "media:keywords", "media:license", "media:location",
		"media:player", "media:price", "media:rating", "media:restriction", "media:subTitle",
		"media:text", "media:thumbnail", "media:title")
}

// mayBePicture reports whether a file is a picture or does not tell what it is, as
// most pictures don't.
func mayBePicture(attrs map[string]string) bool {
	kind, _, _ := strings.Cut(attrs["type"], "/")
	medium := attrs["medium"]
	return medium == "image" || kind == "image" || medium == "" && kind == ""
}
