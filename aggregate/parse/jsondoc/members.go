package jsondoc

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Hubs returns the addresses of a feed's WebSub hubs as written, nil when it names
// none or the list is not as JSON Feed 1.1 wants it.
func Hubs(b []byte) []string {
	if !bytes.Contains(b, []byte(`"hubs"`)) {
		return nil
	}
	var document struct {
		Hubs []struct{ Type, URL string }
	}
	if json.Unmarshal(b, &document) != nil {
		return nil
	}
	var urls []string
	for _, hub := range document.Hubs {
		if strings.EqualFold(hub.Type, "WebSub") {
			urls = append(urls, hub.URL)
		}
	}
	return urls
}

// Members returns, for each item that is not null, the members whose names begin with
// an underscore, which are JSON Feed's extensions, with their values as JSON. It is
// nil for a document without such members.
func Members(b []byte) []map[string]string {
	if !bytes.Contains(b, []byte(`"_`)) {
		return nil
	}
	var document struct {
		Items []map[string]json.RawMessage
	}
	if json.Unmarshal(b, &document) != nil {
		return nil
	}
	var items []map[string]string
	for _, item := range document.Items {
		if item == nil {
			continue
		}
		extra := make(map[string]string)
		for name, value := range item {
			if strings.HasPrefix(name, "_") {
				extra[name] = string(value)
			}
		}
		items = append(items, extra)
	}
	return items
}
