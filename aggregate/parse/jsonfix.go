package parse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// fixJSON mends what JSON Feeds get wrong often: control characters inside
// strings, a document that ends early, people and tags of the wrong type. It
// reports whether the document was cut at its last whole item.
func fixJSON(b []byte) (fixed []byte, truncated bool, err error) {
	fixed, truncated = closeJSON(b)
	var feed map[string]any
	if err := json.Unmarshal(fixed, &feed); err != nil {
		return nil, false, err
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
	fixed, err = json.Marshal(feed)
	return fixed, truncated, err
}

// jsonScan is the state of closeJSON.
type jsonScan struct {
	out      bytes.Buffer
	inString bool
	escaped  bool
	open     []byte // the brackets that close what is open
	lastItem int    // length of out behind the last element of a list of the feed
}

// closeJSON escapes raw control characters and cuts a document that ends early
// behind the last whole object of the feed's list.
func closeJSON(b []byte) (fixed []byte, truncated bool) {
	var s jsonScan
	for _, c := range b {
		if s.inString {
			s.stringByte(c)
		} else {
			s.byte(c)
		}
	}
	if len(s.open) == 0 || s.lastItem == 0 {
		return s.out.Bytes(), false
	}
	s.out.Truncate(s.lastItem)
	s.out.WriteString("]}")
	return s.out.Bytes(), true
}

func (s *jsonScan) stringByte(c byte) {
	switch {
	case c < 0x20:
		fmt.Fprintf(&s.out, `\u%04x`, c)
		s.escaped = false
		return
	case s.escaped:
		s.escaped = false
	case c == '\\':
		s.escaped = true
	case c == '"':
		s.inString = false
	}
	s.out.WriteByte(c)
}

func (s *jsonScan) byte(c byte) {
	s.out.WriteByte(c)
	switch c {
	case '"':
		s.inString = true
	case '{':
		s.open = append(s.open, '}')
	case '[':
		s.open = append(s.open, ']')
	case '}', ']':
		if len(s.open) > 0 {
			s.open = s.open[:len(s.open)-1]
		}
		if c == '}' && string(s.open) == "}]" {
			s.lastItem = s.out.Len()
		}
	}
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
			if s := textMember(tag); s != "" {
				tags = append(tags, s)
			}
		}
	}
	return tags
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
	case float64:
		return strings.TrimSuffix(fmt.Sprintf("%.0f", v), ".")
	}
	return ""
}
