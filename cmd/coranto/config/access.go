package config

import (
	"fmt"
	"io"
	"net/textproto"
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
			fieldText(&a.Cookies), nil},
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
			name := nameOf(pair)
			value, ok := d.scalar(pair.Value)
			if !ok {
				continue
			}
			if err := fetch.CheckHeader(name, value); err != nil {
				d.wrong(pair.Key, fmt.Sprintf("a source can't set the header %q", name),
					"leave it out: it belongs to the connection, to a proxy or to the program")
				continue
			}
			set[textproto.CanonicalMIMEHeaderKey(name)] = value
		}
		for i := range d.errs.List[before:] {
			d.errs.List[before+i].Secret = true
		}
		if len(set) > 0 {
			*to = set
		}
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
		if err := fetch.CheckProxy(s); err != nil {
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
