package parse

import (
	"bytes"
	"encoding/json"
	"strings"
)

// fixJSON gives what JSON Feeds get wrong often, such as people and tags, the types
// of the specification.
func fixJSON(b []byte) ([]byte, error) {
	var feed map[string]any
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.UseNumber() // an id may be a number longer than a float64 holds
	if err := decoder.Decode(&feed); err != nil {
		return nil, err
	}
	fixMembers(feed)
	items, _ := feed["items"].([]any)
	whole := make([]any, 0, len(items))
	for _, item := range items {
		if members, ok := item.(map[string]any); ok {
			fixMembers(members)
			whole = append(whole, members)
		}
	}
	feed["items"] = whole
	return json.Marshal(feed)
}

// fixMembers gives the members of a feed or an item that hold people, tags or
// texts the types of the specification.
func fixMembers(members map[string]any) {
	for _, name := range []string{"author", "authors"} {
		if _, ok := members[name]; ok {
			members[name] = peopleList(members[name])
		}
	}
	if people, ok := members["author"].([]any); ok {
		delete(members, "author")
		if members["authors"] == nil {
			members["authors"] = people
		}
	}
	if tags, ok := members["tags"]; ok {
		members["tags"] = tagList(tags)
	}
	if attachments, ok := members["attachments"]; ok {
		members["attachments"] = attachmentList(attachments)
	}
	for name, value := range members {
		if isTextMember(name) {
			members[name] = textMember(value)
		}
	}
}

// peopleList makes a list of author objects of one or more objects or names.
func peopleList(v any) []any {
	switch v := v.(type) {
	case string:
		return []any{map[string]any{"name": v}}
	case map[string]any:
		return []any{v}
	case []any:
		var people []any
		for _, one := range v {
			people = append(people, peopleList(one)...)
		}
		return people
	}
	return nil
}

// tagList makes a list of strings of a list of anything, or of a text with
// commas.
func tagList(v any) []any {
	var tags []any
	switch v := v.(type) {
	case string:
		for tag := range strings.SplitSeq(v, ",") {
			tags = append(tags, strings.TrimSpace(tag))
		}
	case []any:
		for _, tag := range v {
			if named, ok := tag.(map[string]any); ok {
				tag = named["name"]
			}
			if s := textMember(tag); s != "" {
				tags = append(tags, s)
			}
		}
	}
	return tags
}

// attachmentList makes a list of attachment objects of one or more.
func attachmentList(v any) []any {
	var attachments []any
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"url", "mime_type", "title"} {
			v[name] = textMember(v[name])
		}
		return []any{v}
	case []any:
		for _, one := range v {
			attachments = append(attachments, attachmentList(one)...)
		}
	}
	return attachments
}

func isTextMember(name string) bool {
	switch name {
	case "title", "url", "external_url", "content_html", "content_text", "summary", "image",
		"banner_image", "date_published", "date_modified", "language", "home_page_url", "feed_url",
		"description", "icon", "favicon", "next_url", "version", "user_comment":
		return true
	}
	return false
}

// textMember makes a string of a string or number; anything else is no text.
func textMember(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
