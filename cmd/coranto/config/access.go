package config

import (
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch"
)

// accessKeys are the keys of how a source is asked.
func accessKeys(a *coranto.Access) []key {
	return []key{
		{"user_agent", "text", "fetch.user_agent", "What this origin sees.", fieldText(&a.UserAgent), nil},
		{"headers", "mapping by name", "none",
			"Sent to the source's own host, as {X-Key: value}; what a redirect leads to gets none.",
			headers(&a.Headers), nil},
		{"cookies", "text", "none", "The Cookie header for its host, as name=value; name=value.",
			cookies(&a.Cookies), nil},
		{"user", "text", "none", "The user of basic authentication.", user(&a.User), nil},
		{"password", "text", "none", "The user's password.", fieldText(&a.Password), nil},
		{"password_file", "file", "none", "Whose first line is the password. Relative to this file.",
			passwordFile(&a.Password), nil},
		{"proxy", "address, environment or none", "fetch.proxy", "Through which it is fetched.",
			proxy(&a.Proxy), nil},
		{"ca", "file", "none",
			"Certificates in PEM form that are trusted for its host, besides the system's. Relative to this file.",
			authority(&a.CA), nil},
		{"insecure", "true or false", "false",
			"Its certificate is not verified: anybody on the way can read and change what it says. " +
				"coranto status says so.", boolean(&a.Insecure), nil},
		{"http", "auto or 1.1", "auto", "The version of HTTP.", version(&a.HTTP1), nil},
		{"unconditional", "seldom or never", "seldom",
			"An origin that has answered nothing but 304 for two weeks or more may be stuck, and is asked for " +
				"its whole document once; never believes it.", stuck(&a.Believed), nil},
		{"timeout", "duration", "fetch.timeout", "Of one request.",
			duration(&a.Timeout, time.Second, 10*time.Minute, ""), nil},
		{"max_body", "megabytes", "fetch.max_body", "Of one document, unpacked.",
			megabytes(&a.MaxBody), nil},
	}
}

// fieldText is a text that goes into a header. What is wrong is told without it.
func fieldText(to *string) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		if fetch.CheckHeader("X-Text", s) != nil {
			d.wrongSecret(n, "control characters can't be sent", "write it in one line")
			return
		}
		*to = s
	}
}

func headers(to *map[string]string) setter {
	return func(d *decoder, n ast.Node) {
		pairs, _ := d.pairs(n)
		before := len(d.errs.List)
		set := make(map[string]string, len(pairs))
		for _, pair := range pairs {
			name := KeyName(pair)
			value, ok := d.scalar(pair.Value)
			if !ok {
				continue
			}
			canonical := textproto.CanonicalMIMEHeaderKey(name)
			if text, hint := checkHeader(name, value); text != "" {
				d.wrong(pair.Key, text, hint)
				continue
			}
			if _, twice := set[canonical]; twice {
				d.wrong(pair.Key, fmt.Sprintf("the header %q is there twice", name),
					"its name is the same in large and small letters: leave one out")
				continue
			}
			set[canonical] = value
		}
		for i := range d.errs.List[before:] {
			d.errs.List[before+i].Secret = true
		}
		if len(set) > 0 {
			*to = set
		}
	}
}

// checkHeader is what is wrong with a header, without its value.
func checkHeader(name, value string) (text, hint string) {
	switch canonical := textproto.CanonicalMIMEHeaderKey(name); {
	case canonical == "Cookie":
		return "cookies are no header of a source", "they have a key of their own: cookies:"
	case canonical == "User-Agent":
		return "the User-Agent is no header of a source", "it has a key of its own: user_agent:"
	case fetch.CheckHeader("X-Text", value) != nil:
		return fmt.Sprintf("control characters can't be sent in the header %q", name), "write it in one line"
	case name == "" || strings.ContainsAny(name, " :\t\r\n"):
		return fmt.Sprintf("%q is no name of a header", name), "write Name: value, as X-Key: abc"
	case fetch.CheckHeader(name, value) != nil:
		return fmt.Sprintf("a source can't set the header %q", name),
			"leave it out: it belongs to the connection, to a proxy or to the program"
	}
	return "", ""
}

// cookies takes the value of a Cookie header (RFC 6265 §4.2.1).
func cookies(to *string) setter {
	set := fieldText(to)
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		for pair := range strings.SplitSeq(strings.TrimSuffix(s, ";"), ";") {
			name, _, found := strings.Cut(strings.TrimSpace(pair), "=")
			if s != "" && (!found || name == "" || strings.ContainsAny(name, " :,\"")) {
				d.wrongSecret(n, "these are no cookies", "write name=value; name=value, without Cookie: before it")
				return
			}
		}
		set(d, n)
	}
}

func user(to *string) setter {
	set := fieldText(to)
	return func(d *decoder, n ast.Node) {
		if s, ok := n.(*ast.StringNode); ok && strings.Contains(s.Value, ":") {
			d.wrongSecret(n, "a user's name has no colon (RFC 7617)", "the password is a key of its own: password:")
			return
		}
		set(d, n)
	}
}

func passwordFile(to *string) setter {
	return func(d *decoder, n ast.Node) {
		if text, ok := d.file(n); ok {
			first, _, _ := strings.Cut(text, "\n")
			*to = strings.TrimSuffix(first, "\r")
			if fetch.CheckHeader("X-Text", *to) != nil || *to == "" {
				d.wrong(n, "the first line of the file is no password", "write it there, and nothing before it")
			}
		}
	}
}

func authority(to *string) setter {
	return func(d *decoder, n ast.Node) {
		text, ok := d.file(n)
		if !ok {
			return
		}
		if err := fetch.CheckAuthority(text); err != nil {
			d.wrong(n, "the file has "+err.Error(), "it begins with -----BEGIN CERTIFICATE-----")
			return
		}
		*to = text
	}
}

// maxSideFile is the longest file that the operator's file names, in bytes.
const maxSideFile = 1 << 20

// file reads the file that a value names, from the folder of the operator's.
func (d *decoder) file(n ast.Node) (text string, ok bool) {
	path, ok := d.scalar(n)
	if !ok {
		return "", false
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(d.errs.File), path)
	}
	b, err := readSideFile(path)
	if err != nil {
		d.wrong(n, err.Error(), "name a file that this program may read")
		return "", false
	}
	return string(b), true
}

func readSideFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSideFile+1))
	if err == nil && len(b) > maxSideFile {
		err = fmt.Errorf("%s is too long", path)
	}
	return b, err
}

// proxy takes a proxy's address, or one of the words in its place.
func proxy(to *string) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		err := fetch.CheckProxy(s)
		if u, bad := url.Parse(s); err == nil && bad == nil {
			if text, _ := checkPort(u); text != "" {
				err = errors.New("the proxy has no port from 1 to 65535")
			}
		}
		if err != nil {
			d.wrongSecret(n, err.Error(), "for example http://proxy.example:3128 or socks5://127.0.0.1:1080, "+
				"or environment, or none")
			return
		}
		*to = s
	}
}

func version(to *bool) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		switch s {
		case "1.1":
			*to = true
		case "auto", "2":
			*to = false
		default:
			d.wrong(n, fmt.Sprintf("%q is no version of HTTP that is spoken here", s), "write 1.1 or auto")
		}
	}
}

// stuck takes whether an origin's many 304 are believed (P11).
func stuck(to *bool) setter {
	return func(d *decoder, n ast.Node) {
		var word string
		if choice(&word, "seldom", "never")(d, n); word != "" {
			*to = word == "never"
		}
	}
}

// passwordKey is the key that gives the password.
func passwordKey(d *decoder, n ast.Node) string {
	if d.has(n, "password") {
		return "password"
	}
	return "password_file"
}

// contradictions looks at what no key of a source's access can see alone.
func contradictions(d *decoder, n ast.Node, a *coranto.Access) {
	twice := d.has(n, "password") && d.has(n, "password_file")
	for _, c := range []struct {
		is         bool
		key        string
		text, hint string
	}{
		{twice, "password_file", "the password is given twice", "leave out password or password_file"},
		{a.Password != "" && !d.has(n, "user"), passwordKey(d, n), "a password without a user",
			`add user: ("" where there is none)`},
		{a.User+a.Password != "" && a.Headers["Authorization"] != "", "headers",
			"user and password are sent as Authorization, which headers sets too", "leave one of them out"},
		{a.Insecure && d.has(n, "ca"), "ca",
			"ca says whom to trust, and insecure that everybody is", "leave out insecure"},
	} {
		if c.is {
			d.wrongSecret(d.keyNode(n, c.key), c.text, c.hint)
		}
	}
}
