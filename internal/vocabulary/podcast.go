package vocabulary

// itunes is Apple's vocabulary, as far as it speaks of episodes
// (https://help.apple.com/itc/podcasts_connect/#/itcb54353390).
var itunes = map[string]element{
	"itunes:author":            {text: line},
	"itunes:block":             {text: one("yes", "no")},
	"itunes:duration":          {text: duration},
	"itunes:episode":           {text: positive},
	"itunes:episodeType":       {text: one("full", "trailer", "bonus")},
	"itunes:explicit":          {text: explicit},
	"itunes:image":             {attrs: forms{"href": address}, gives: excerpt},
	"itunes:isClosedCaptioned": {text: one("yes", "no")},
	"itunes:keywords":          {text: line},
	"itunes:order":             {text: positive},
	"itunes:season":            {text: positive},
	"itunes:subtitle":          {text: line, gives: excerpt},
	"itunes:summary":           {text: text, gives: full},
	"itunes:title":             {text: line},
}

// forms are those of attributes.
type forms = map[string]form

// podcast is the vocabulary of Podcasting 2.0 (https://podcasting2.org/docs) and
// that of Podlove for chapters, as far as they speak of episodes.
var podcast = map[string]element{
	"podcast:alternateEnclosure": {
		many: true,
		attrs: forms{
			"type": mediaType, "length": count, "bitrate": unsigned, "height": count, "lang": language,
			"title": line, "rel": name, "codecs": line, "default": one("true", "false"),
		},
		needs:    []string{"type"},
		children: []string{"podcast:source", "podcast:integrity"},
	},
	"podcast:source": {
		many:  true,
		attrs: forms{"uri": address, "contentType": mediaType}, needs: []string{"uri"},
	},
	"podcast:integrity": {
		attrs: forms{"type": name, "value": name}, needs: []string{"type", "value"},
	},
	"podcast:chapters": {
		attrs: forms{"url": address, "type": mediaType}, needs: []string{"url", "type"},
	},
	"podcast:chat": {
		attrs: forms{"server": name, "protocol": name, "accountId": name, "space": name},
		needs: []string{"server", "protocol"},
	},
	"podcast:contentLink": {
		many: true,
		text: line, attrs: forms{"href": address}, needs: []string{"href"},
	},
	"podcast:episode": {text: unsigned, attrs: forms{"display": line}},
	"podcast:funding": {many: true, text: line, attrs: forms{"url": address}, needs: []string{"url"}},
	"podcast:images":  {attrs: forms{"srcset": sources}, gives: excerpt},
	"podcast:license": {text: line, attrs: forms{"url": address}},
	"podcast:location": {
		many: true,
		text: line, attrs: forms{"geo": name, "osm": name, "rel": name, "country": language},
	},
	"podcast:person": {
		many: true,
		text: line, attrs: forms{"role": line, "group": line, "img": address, "href": address},
	},
	"podcast:season": {text: positive, attrs: forms{"name": line}},
	"podcast:socialInteract": {
		many: true,
		attrs: forms{
			"uri": address, "protocol": name, "accountId": name, "accountUrl": address,
			"priority": count,
		},
		needs: []string{"uri", "protocol"},
	},
	"podcast:soundbite": {
		many: true,
		text: line, attrs: forms{"startTime": unsigned, "duration": unsigned},
		needs: []string{"startTime", "duration"},
	},
	"podcast:transcript": {
		many:  true,
		attrs: forms{"url": address, "type": mediaType, "language": language, "rel": name},
		needs: []string{"url", "type"},
	},
	"podcast:txt": {many: true, text: line, attrs: forms{"purpose": name}},
	"podcast:value": {
		attrs:    forms{"type": name, "method": name, "suggested": unsigned},
		needs:    []string{"type", "method"},
		children: []string{"podcast:valueRecipient", "podcast:valueTimeSplit"},
	},
	"podcast:valueRecipient": {
		many: true,
		attrs: forms{
			"name": line, "customKey": name, "customValue": line, "type": name, "address": name,
			"split": count, "fee": one("true", "false"),
		},
		needs: []string{"type", "address", "split"},
	},
	"podcast:valueTimeSplit": {
		many: true,
		attrs: forms{
			"startTime": unsigned, "duration": unsigned, "remoteStartTime": unsigned,
			"remotePercentage": count,
		},
		needs:    []string{"startTime", "duration"},
		children: []string{"podcast:remoteItem", "podcast:valueRecipient"},
	},
	"podcast:remoteItem": {
		attrs: forms{
			"feedGuid": name, "feedUrl": address, "itemGuid": name, "medium": name, "title": line,
		},
		needs: []string{"feedGuid"},
	},
	"psc:chapters": {
		attrs: forms{"version": name}, children: []string{"psc:chapter"}, gives: excerpt,
	},
	"psc:chapter": {
		many:  true,
		attrs: forms{"start": playTime, "title": line, "href": address, "image": address},
		needs: []string{"start", "title"}, gives: excerpt,
	},
}
