package format

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds/format/lint"
)

// strict is what of the extensions RSS and Atom carry. Validators take what they do not
// know, in a namespace that they do, for a mistake, and so do some readers; JSON Feed
// has all of them, as they are.
func strict(list []coranto.Extension) []coranto.Extension {
	var kept []coranto.Extension
	add := func(e coranto.Extension) {
		if single(e.Name) && has(kept, e.Name) {
			return
		}
		kept = append(kept, e)
	}
	for _, e := range list {
		e, ok := strictly(e)
		switch {
		case !ok:
		case e.Name == "media:group" && fileCount(e.Children) < 2:
			for _, child := range ungrouped(e.Children) {
				add(child)
			}
		default:
			add(e)
		}
	}
	return kept
}

// ungrouped are the elements of a group, which is of files that are alternatives, when it
// has one or none: what is said of the group is said of the file. A title and a
// description without a file would be taken for the item's own.
func ungrouped(list []coranto.Extension) []coranto.Extension {
	isFile := func(e coranto.Extension) bool { return e.Name == "media:content" }
	i := slices.IndexFunc(list, isFile)
	if i < 0 {
		return slices.DeleteFunc(slices.Clone(list), func(e coranto.Extension) bool {
			return e.Name == "media:title" || e.Name == "media:description"
		})
	}
	file := list[i]
	said := slices.DeleteFunc(slices.Clone(list), isFile)
	file.Children = strict(slices.Concat(file.Children, said))
	return []coranto.Extension{file}
}

func fileCount(list []coranto.Extension) (n int) {
	for _, e := range list {
		if e.Name == "media:content" {
			n++
		}
	}
	return n
}

// single reports elements of which an item may have one.
func single(name string) bool {
	switch name {
	case "media:title", "media:description", "media:copyright", "media:keywords", "media:player":
		return true
	}
	return false
}

// strictly makes one element strict; ok is false when nothing is left of it.
func strictly(e coranto.Extension) (_ coranto.Extension, ok bool) {
	e.Attrs = maps.Clone(e.Attrs)
	e.Children = strict(e.Children)
	prefix, name, _ := strings.Cut(e.Name, ":")
	switch prefix {
	case "itunes":
		return e, strictShow(&e, name)
	case "media":
		return e, strictMedia(&e, name)
	case "georss", "gml", "geo":
		return e, strictPlace(&e, name)
	case "thr":
		return e, strictReply(&e)
	}
	return e, true
}

// strictShow follows Apple's requirements for podcasts.
func strictShow(e *coranto.Extension, name string) bool {
	switch name {
	case "order", "isClosedCaptioned":
		return false
	case "explicit":
		e.Value = strconv.FormatBool(e.Value == "yes" || e.Value == "true")
	case "duration":
		e.Value = inSeconds(e.Value)
	case "keywords":
		if !strings.Contains(e.Value, ",") {
			e.Value = strings.Join(strings.Fields(e.Value), ", ")
		}
		e.Value = atMost(e.Value, 255)
	case "author", "subtitle":
		e.Value = atMost(e.Value, 255)
	case "summary":
		e.Value = atMost(e.Value, 4000)
	case "image":
		return isFileAddress(e.Attrs["href"])
	}
	return e.Value != ""
}

// inSeconds is a duration of hours, minutes and seconds as one number.
func inSeconds(s string) string {
	total := 0
	for part := range strings.SplitSeq(s, ":") {
		n, err := strconv.Atoi(part)
		if err != nil || total > 1<<30 {
			return ""
		}
		total = 60*total + n
	}
	return strconv.Itoa(total)
}

// atMost cuts a text to a number of characters.
func atMost(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}

// strictMedia follows Media RSS 1.1, as far as validators know it.
func strictMedia(e *coranto.Extension, name string) bool {
	keepIf := func(attr string, ok bool) {
		if _, there := e.Attrs[attr]; there && !ok {
			delete(e.Attrs, attr)
		}
	}
	keepIf("lang", lint.KnownLanguage(e.Attrs["lang"]))
	switch name {
	case "license", "price", "community", "subTitle", "location":
		return false
	case "content":
		keepIf("fileSize", e.Attrs["fileSize"] != "0")
		return e.Attrs["url"] != "" && isID(e.Attrs["url"]) || len(e.Children) > 0
	case "player", "thumbnail":
		return isID(e.Attrs["url"])
	case "hash":
		return strictHash(e)
	case "credit":
		strictCredit(e)
	case "category", "copyright":
		keepIf("scheme", isID(e.Attrs["scheme"]))
		keepIf("url", isID(e.Attrs["url"]))
	case "rating":
		return isRating(e.Attrs["scheme"], e.Value)
	case "restriction":
		return isRestriction(e.Attrs["type"], e.Value)
	case "group":
		return len(e.Children) > 0
	}
	return true
}

func strictHash(e *coranto.Extension) bool {
	size := 32
	if e.Attrs["algo"] == "sha-1" {
		size = 40
	}
	return len(e.Value) == size && strings.Trim(e.Value, "0123456789abcdefABCDEF") == ""
}

// strictCredit keeps the role of a person only where it is one of the usual list, that
// of the EBU.
func strictCredit(e *coranto.Extension) {
	scheme := e.Attrs["scheme"]
	role := strings.ToLower(e.Attrs["role"])
	if scheme != "" && scheme != "urn:ebu" || !slices.Contains(creditRoles(), role) {
		delete(e.Attrs, "scheme")
		delete(e.Attrs, "role")
		return
	}
	e.Attrs["role"] = role
}

func creditRoles() []string {
	return []string{
		"actor", "anchor person", "announcer", "artist", "author", "camera operator", "composer",
		"correspondent", "director", "editor", "executive producer", "expert", "illustrator",
		"interviewer", "lyricist", "manufacturer", "musician", "news reader", "orchestra",
		"participant", "performer", "photographer", "producer", "production company", "reporter",
		"singer", "translation",
	}
}

func isRating(scheme, value string) bool {
	switch scheme {
	case "", "urn:simple":
		return value == "adult" || value == "nonadult"
	case "urn:mpaa":
		return slices.Contains([]string{"g", "m", "nc-17", "pg", "pg-13", "r", "x"}, value)
	case "urn:v-chip":
		return slices.Contains([]string{"14+", "18+", "c", "c8", "g", "pg"}, value) ||
			strings.HasPrefix(value, "tv-")
	case "urn:icra":
		return false
	}
	return isID(scheme)
}

var countries = regexp.MustCompile(`^[A-Z]{2}( [A-Z]{2})*$`)

func isRestriction(kind, value string) bool {
	switch kind {
	case "":
		return value == "all" || value == "none"
	case "country":
		return countries.MatchString(value)
	case "uri":
		return isID(value)
	}
	return false
}

// strictPlace follows GeoRSS.
func strictPlace(e *coranto.Extension, name string) bool {
	switch name {
	case "featurename", "featuretypetag", "relationshiptag", "circle":
		return false
	case "box":
		*e = envelope(e.Value)
		return e.Name != ""
	case "floor":
		_, err := strconv.Atoi(e.Value)
		return err == nil
	case "point", "line", "polygon", "elev", "radius", "pos", "posList", "lowerCorner", "upperCorner",
		"lat", "long":
		return plainNumbers(e.Value)
	case "where", "Point", "LineString", "Polygon", "exterior", "LinearRing", "Envelope":
		return len(e.Children) > 0
	}
	return true
}

// envelope is a georss:box in the words that all readers of GeoRSS know.
func envelope(box string) coranto.Extension {
	f := strings.Fields(box)
	if len(f) != 4 || !plainNumbers(box) {
		return coranto.Extension{}
	}
	corner := func(name, lat, long string) coranto.Extension {
		return coranto.Extension{Name: "gml:" + name, Value: lat + " " + long}
	}
	return coranto.Extension{Name: "georss:where", Children: []coranto.Extension{{
		Name: "gml:Envelope",
		Children: []coranto.Extension{
			corner("lowerCorner", f[0], f[1]), corner("upperCorner", f[2], f[3]),
		},
	}}}
}

var numberForm = regexp.MustCompile(`^[-+]?\d+(\.\d*)?$`)

func plainNumbers(s string) bool {
	for field := range strings.FieldsSeq(s) {
		if !numberForm.MatchString(field) {
			return false
		}
	}
	return s != ""
}

// strictReply needs an address of what it replies to that every format can hold.
func strictReply(e *coranto.Extension) bool {
	ref, given := e.Attrs["ref"]
	return !given || isID(ref)
}

// isFileAddress reports whether an address is one that validators and directories take
// for a file: of a host with a dot and a plain name.
func isFileAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.User != nil || !isID(s) {
		return false
	}
	name := u.Hostname()
	plain := strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == ""
	return plain && strings.Contains(strings.Trim(name, "."), ".") && strings.HasPrefix(u.Path, "/")
}
