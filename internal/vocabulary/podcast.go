package vocabulary

// itunes is Apple's vocabulary, as far as it speaks of episodes
// (https://help.apple.com/itc/podcasts_connect/#/itcb54353390).
func itunes() table {
	return table{
		"itunes:author":            {text: label},
		"itunes:block":             {text: oneOf("yes", "no")},
		"itunes:duration":          {text: duration},
		"itunes:episode":           {text: positive},
		"itunes:episodeType":       {text: oneOf("full", "trailer", "bonus")},
		"itunes:explicit":          {text: explicit},
		"itunes:image":             {attrs: forms{"href": picture}},
		"itunes:isClosedCaptioned": {text: oneOf("yes", "no")},
		"itunes:keywords":          {text: remark},
		"itunes:order":             {text: positive},
		"itunes:season":            {text: positive},
		"itunes:subtitle":          {text: remark},
		"itunes:summary":           {text: fullText},
		"itunes:title":             {text: label},
	}
}

// episodes is the vocabulary of Podcasting 2.0 (https://podcasting2.org/docs) as far
// as it speaks of episodes, and that of Podlove for chapters.
func episodes() table {
	return table{
		"podcast:chapters": {
			attrs: forms{"url": address, "type": mediaType}, needs: []string{"url", "type"},
		},
		"podcast:chat": {
			attrs: forms{"server": server, "protocol": word, "accountId": word, "space": word},
			needs: []string{"server", "protocol"},
		},
		"podcast:contentLink": {
			many: true, text: remark, attrs: forms{"href": address}, needs: []string{"href"},
		},
		"podcast:episode": {text: unsigned, attrs: forms{"display": label}},
		"podcast:images":  {attrs: forms{"srcset": pictures}},
		"podcast:license": {text: label, attrs: forms{"url": address}},
		"podcast:location": {
			many: true, text: label,
			attrs: forms{"geo": word, "osm": word, "rel": word, "country": languageTag},
		},
		"podcast:person": {
			many: true, text: label,
			attrs: forms{"role": label, "group": label, "img": picture, "href": address},
		},
		"podcast:season": {text: positive, attrs: forms{"name": label}},
		"podcast:socialInteract": {
			many: true,
			attrs: forms{
				"uri": address, "protocol": word, "accountId": word, "accountUrl": address,
				"priority": whole,
			},
			needs: []string{"uri", "protocol"},
		},
		"podcast:soundbite": {
			many: true, text: remark, attrs: forms{"startTime": unsigned, "duration": unsigned},
			needs: []string{"startTime", "duration"},
		},
		"podcast:transcript": {
			many:  true,
			attrs: forms{"url": address, "type": mediaType, "language": languageTag, "rel": word},
			needs: []string{"url", "type"},
		},
		"podcast:txt":  {many: true, text: fullText, attrs: forms{"purpose": word}},
		"psc:chapters": {attrs: forms{"version": word}, children: []string{"psc:chapter"}},
		"psc:chapter": {
			many:  true,
			attrs: forms{"start": playTime, "title": remark, "href": address, "image": picture},
			needs: []string{"start", "title"},
		},
	}
}

// episodeFiles are the elements of Podcasting 2.0 for further files of an episode.
func episodeFiles() table {
	return table{
		"podcast:alternateEnclosure": {
			many: true,
			attrs: forms{
				"type": mediaType, "length": whole, "bitrate": unsigned, "height": whole,
				"lang": languageTag, "title": label, "rel": word, "codecs": label,
				"default": oneOf("true", "false"),
			},
			needs:    []string{"type"},
			children: []string{"podcast:source", "podcast:integrity"}, picture: mayBePicture,
		},
		"podcast:source": {
			many:  true,
			attrs: forms{"uri": address, "contentType": mediaType}, needs: []string{"uri"},
		},
		"podcast:integrity": {
			attrs: forms{"type": word, "value": word}, needs: []string{"type", "value"},
		},
	}
}

// payments are the elements of Podcasting 2.0 that tell where listeners' money goes.
func payments() table {
	return table{
		"podcast:funding": {
			many: true, text: remark, attrs: forms{"url": address}, needs: []string{"url"},
		},
		"podcast:value": {
			attrs:    forms{"type": word, "method": word, "suggested": unsigned},
			needs:    []string{"type", "method"},
			children: []string{"podcast:valueRecipient", "podcast:valueTimeSplit"},
		},
		"podcast:valueRecipient": {
			many: true,
			attrs: forms{
				"name": label, "customKey": word, "customValue": label, "type": word, "address": word,
				"split": whole, "fee": oneOf("true", "false"),
			},
			needs: []string{"type", "address", "split"},
		},
		"podcast:valueTimeSplit": {
			many: true,
			attrs: forms{
				"startTime": unsigned, "duration": unsigned, "remoteStartTime": unsigned,
				"remotePercentage": whole,
			},
			needs:    []string{"startTime", "duration"},
			children: []string{"podcast:remoteItem", "podcast:valueRecipient"},
		},
		"podcast:remoteItem": {
			attrs: forms{
				"feedGuid": word, "feedUrl": address, "itemGuid": word, "medium": word, "title": label,
			},
			needs: []string{"feedGuid"},
		},
	}
}
