package jsondoc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/coranto/coranto"
)

// Fixed is a document whose members have the types of the specification.
type Fixed struct {
	Body     []byte
	Problems []coranto.Problem   // of the feed
	Items    [][]coranto.Problem // of each item of Body
}

// Fix gives what JSON Feeds get wrong often, such as people and tags, the types of
// the specification, and leaves out items that are no objects. Not every change is told
// as a problem. The error is that of encoding/json.
func Fix(b []byte) (Fixed, error) {
	var feed map[string]any
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.UseNumber() // an id may be a number longer than a float64 holds
	if err := decoder.Decode(&feed); err != nil {
		return Fixed{}, err
	}
	fixed := Fixed{Problems: fixMembers(feed)}
	items, _ := feed["items"].([]any)
	whole := make([]any, 0, len(items))
	for _, item := range items {
		if members, ok := item.(map[string]any); ok {
			fixed.Items = append(fixed.Items, fixMembers(members))
			whole = append(whole, members)
		}
	}
	if len(whole) < len(items) {
		fixed.Problems = append(fixed.Problems, coranto.Problem{
			Code: "json-item", Text: "The list of items holds what is no item; it was left out.",
		})
	}
	feed["items"] = whole
	var err error
	fixed.Body, err = json.Marshal(feed)
	return fixed, err
}

// fixMembers gives the members of a feed or an item that hold people, tags or
// texts the types of the specification, and tells which had others.
func fixMembers(members map[string]any) []coranto.Problem {
	problems := wrongMembers(members)
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
	return problems
}

// wrongMembers tells which members are not of the types of the specification.
func wrongMembers(members map[string]any) []coranto.Problem {
	var problems []coranto.Problem
	_, single := members["author"].(map[string]any)
	if members["author"] != nil && !single || !isListOf[map[string]any](members["authors"]) {
		problems = append(problems, coranto.Problem{
			Code: "json-people",
			Text: "An author is not an object with a name, as JSON Feed wants it; it was read as one.",
		})
	}
	if !isListOf[string](members["tags"]) {
		problems = append(problems, coranto.Problem{
			Code: "json-tags",
			Text: "The tags are not a list of texts, as JSON Feed wants them; they were read as one.",
		})
	}
	if !isListOf[map[string]any](members["attachments"]) {
		problems = append(problems, coranto.Problem{
			Code: "json-attachments",
			Text: "The attachments are not a list of objects, as JSON Feed wants them; " +
				"they were read as one.",
		})
	}
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if isWrongText(name, members[name]) {
			wrong = append(wrong, strconv.Quote(name))
		}
	}
	if len(wrong) > 0 {
		problems = append(problems, coranto.Problem{
			Code: "json-type",
			Text: fmt.Sprintf("What %s holds is no text, as JSON Feed wants it.", strings.Join(wrong, ", ")),
		})
	}
	return problems
}

// isWrongText reports whether a member that is a text by the specification is none. An
// id may be a number.
func isWrongText(name string, value any) bool {
	switch value.(type) {
	case nil, string:
		return false
	case json.Number:
		return isTextMember(name)
	}
	return isTextMember(name) || name == "id"
}

// isListOf reports whether v is a list of nothing but values of type T, or not
// given.
func isListOf[T any](v any) bool {
	list, ok := v.([]any)
	for _, one := range list {
		if _, right := one.(T); !right {
			return false
		}
	}
	return ok || v == nil
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
