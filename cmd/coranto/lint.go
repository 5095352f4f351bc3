package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/remedy"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/feeds/format/lint"
	"github.com/coranto/coranto/internal/host"
)

type lintCommand struct {
	What []string `arg:"" help:"Files or addresses of feeds or OPML lists; - is standard input."`
	Self string   `placeholder:"URL" help:"Where a file is published."`
	JSON bool     `name:"json" help:"Print JSON."`
}

// Run says what is wrong in feeds, as the W3C validator would; errors are a failure,
// warnings and hints are not.
func (cmd *lintCommand) Run(s *session) error {
	view := show.Lint{Documents: []show.Linted{}}
	for _, what := range cmd.What {
		body, mediaType, self, err := cmd.read(s, what)
		if err != nil {
			return err
		}
		findings := lint.Check(body, mediaType, self)
		if host.IsWeb(what) {
			findings = append(lint.ContentType(body, mediaType), findings...)
		}
		view.Documents = append(view.Documents, show.NewLinted(what, findings))
	}
	if err := show.Print(s.out, cmd.JSON, view); err != nil {
		return err
	}
	if view.Failed() {
		return errors.New("there are errors")
	}
	return nil
}

// read reads a document. Where it is published is known of what comes from there.
func (cmd *lintCommand) read(s *session, what string) (body []byte, mediaType, self string, err error) {
	switch {
	case what == "-":
		body, err = io.ReadAll(os.Stdin)
		return body, "", cmd.Self, err
	case host.IsWeb(what):
		return cmd.fetch(s, what)
	}
	if body, err = os.ReadFile(what); err != nil {
		return nil, "", "", fmt.Errorf("read document: %w", err)
	}
	body, err = fetch.DecodeFile(body, strings.TrimPrefix(filepath.Ext(what), "."), 0)
	return body, "", cmd.Self, err
}

func (cmd *lintCommand) fetch(s *session, address string) (body []byte, mediaType, self string, err error) {
	c, err := s.loadOrDefault()
	if err != nil {
		return nil, "", "", err
	}
	allowHere(c, address)
	stop := s.waiting("the site is slow; the request may take up to %s", c.Fetch.Timeout)
	res, err := s.mindful(c).Get(s.ctx, fetch.Request{URL: address, Access: accessOf(c, address)})
	stop()
	if err != nil {
		return nil, "", "", remedy.For(err)
	}
	if len(res.Body) == 0 {
		return nil, "", "", fmt.Errorf("fetch %s: %s without a document", address, http.StatusText(res.Status))
	}
	return res.Body, res.ContentType, res.URL, nil
}

// allowHere lets an address be fetched that the operator names on this machine, where
// servers are tried out. What it redirects to is refused elsewhere as ever.
func allowHere(c *config.Config, address string) {
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if u.Hostname() != "localhost" && (err != nil || !ip.IsLoopback()) {
		return
	}
	c.Fetch.AllowNetworks = append(c.Fetch.AllowNetworks,
		netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"))
}
