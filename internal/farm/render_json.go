package farm

func (p *press) renderJSON(t *text, f *Feed, items []Item) {
	t.add(`{"version":"https://jsonfeed.org/version/1.1","title":`)
	t.quote(f.Title)
	if p.Names {
		t.add(`,"description":`)
		t.quote(f.Tagline)
		t.add(`,"language":`)
		t.quote(f.Language)
	}
	t.add(`,"home_page_url":"`, p.siteURL(f), `/","feed_url":"`, p.feedURL(f), `","items":[`)
	for k := range items {
		if k > 0 {
			t.add(",\n")
		}
		t.jsonItem(f, &items[k])
	}
	t.add("]}\n")
}

func (t *text) jsonItem(f *Feed, it *Item) {
	t.add(`{"id":"`, it.GUID, `","url":"`, it.URL, `","title":`)
	t.quote(it.Title)
	t.add(`,"content_html":`)
	t.quote(f.given(it))
	t.jsonMember("summary", it.Summary)
	t.jsonMember("image", it.Image)
	t.add(`,"date_published":"`, rfc3339(it.Created), `","date_modified":"`, rfc3339(it.Updated),
		`","authors":[{"name":`)
	t.quote(it.Author)
	t.add(`}],"tags":[`)
	for k, tag := range it.Tags {
		if k > 0 {
			t.add(",")
		}
		t.quote(tag)
	}
	t.add("]}")
}

// jsonMember appends a member of an object unless its value is empty.
func (t *text) jsonMember(name, value string) {
	if value != "" {
		t.add(`,"`, name, `":`)
		t.quote(value)
	}
}
