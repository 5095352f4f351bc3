package vocabulary

import (
	"slices"
	"strconv"
	"strings"
)

// space is the white space of HTML.
const space = " \t\n\f\r"

func address(r *run, s string) string {
	if s = r.URL(s); len(s) > longURL {
		return ""
	}
	return s
}

// picture is the address of one. Titles go without.
func picture(r *run, s string) string {
	if r.most < excerpt {
		return ""
	}
	return address(r, s)
}

// pictures is a list of pictures with their widths, as the srcset of HTML. Those
// after the first that makes the list too long are left out.
func pictures(r *run, s string) string {
	var set strings.Builder
	for s = strings.TrimLeft(s, space+","); s != ""; s = strings.TrimLeft(s, space+",") {
		var url, size string
		url, size, s = cutCandidate(s)
		url = picture(r, url)
		if url == "" || !isPictureSize(size) || strings.ContainsAny(url, space) ||
			strings.HasSuffix(url, ",") {
			continue
		}
		one := strings.TrimSpace(url + " " + size)
		if set.Len()+len(", ")+len(one) > longText {
			break
		}
		if set.Len() > 0 {
			set.WriteString(", ")
		}
		set.WriteString(one)
	}
	return set.String()
}

// cutCandidate cuts the first picture off a srcset (HTML §4.8.4.2.2): its address
// ends at white space, so it may contain commas, but not end with one.
func cutCandidate(s string) (url, size, rest string) {
	end := strings.IndexAny(s, space)
	if end < 0 {
		end = len(s)
	}
	url, rest = s[:end], s[end:]
	if bare := strings.TrimRight(url, ","); bare != url {
		return bare, "", rest
	}
	size, rest, _ = strings.Cut(rest, ",")
	return url, strings.Trim(size, space), rest
}

// isPictureSize reports whether s is a width, a density or nothing.
func isPictureSize(s string) bool {
	if s == "" {
		return true
	}
	last := len(s) - 1
	digits := "0123456789"
	if s[last] == 'x' {
		digits += "."
	}
	if (s[last] != 'w' && s[last] != 'x') || len(s) > 20 || strings.Trim(s[:last], digits) != "" {
		return false
	}
	n, err := strconv.ParseFloat(s[:last], 64)
	return err == nil && n > 0
}

// word is one of a protocol: an id, a key, without space or quotes. It is no
// address, but some reader may make a link of it, so it is none that would run.
func word(_ *run, s string) string {
	s = strings.TrimSpace(s)
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || strings.IndexByte(`"<>\^{|}`, s[i]) >= 0 {
			return ""
		}
	}
	if len(s) > longLine || runs(s) {
		return ""
	}
	return s
}

// runs reports whether a reader who follows s would execute it or open a file.
func runs(s string) bool {
	scheme, _, _ := strings.Cut(strings.ToLower(s), ":")
	switch scheme {
	case "javascript", "vbscript", "data", "file", "blob", "about", "view-source":
		return len(scheme) < len(s)
	}
	return false
}

// ref names something elsewhere, by an IRI of a scheme that is harmless to follow.
func ref(r *run, s string) string {
	s = word(r, s)
	scheme, rest, _ := strings.Cut(s, ":")
	if rest == "" || !slices.Contains(refSchemes(), strings.ToLower(scheme)) {
		return ""
	}
	return s
}

// refSchemes are those that identify posts, people, rooms and works.
func refSchemes() []string {
	return []string{
		"http", "https", "tag", "urn", "info", "doi", "ni", "news", "nntp", "mid", "acct", "did", "at",
		"nostr", "matrix", "xmpp", "irc", "ircs", "ws", "wss",
	}
}

// server is the name of a host, maybe with its port, or an address of one.
func server(r *run, s string) string {
	s = word(r, s)
	host, port, ported := strings.Cut(s, ":")
	if ported && (host == "" || port == "" || strings.Trim(port, "0123456789") != "") {
		return ref(r, s)
	}
	return s
}
