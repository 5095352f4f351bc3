package serve

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coranto/coranto/feeds"
)

// Paths that are no document's.
const (
	livePath     = "/livez"
	readyPath    = "/readyz"
	healthPath   = "/healthz" // what others call readyPath
	faviconPath  = "/favicon.ico"
	securityPath = "/.well-known/security.txt"
)

// isHealth reports the paths of health checks.
func isHealth(path string) bool {
	return path == livePath || path == readyPath || path == healthPath
}

// own answers what is no document, and reports whether that was asked for.
func (h *handler) own(w http.ResponseWriter, r *http.Request, path string) bool {
	switch path {
	case livePath:
		plain(w, http.StatusOK, "ok")
	case readyPath, healthPath:
		h.health(w)
	case faviconPath:
		h.favicon(w, r)
	case securityPath:
		h.sendSecurity(w, r)
	default:
		return false
	}
	return true
}

func (h *handler) health(w http.ResponseWriter) {
	if err := h.ready(); err != nil {
		h.log.Warn("not ready", "err", err)
		plain(w, http.StatusServiceUnavailable, "not ready")
		return
	}
	plain(w, http.StatusOK, "ready")
}

// favicon leads browsers and readers that ask for it unasked to the icon.
func (h *handler) favicon(w http.ResponseWriter, r *http.Request) {
	if _, err := h.publisher.Get(r.Context(), feeds.IconPath); err != nil {
		h.lose(w, r, faviconPath, err)
		return
	}
	h.redirect(w, r, http.StatusPermanentRedirect, feeds.IconPath)
}

// securityText is the text of security.txt (RFC 9116) but for the day on which it
// expires; nil when nobody is named. It is good for the whole host.
func securityText(contact string, site *url.URL) []byte {
	if contact == "" {
		return nil
	}
	if !strings.Contains(contact, "://") {
		contact = "mailto:" + contact
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "Contact: %s\n", contact)
	if site.Host != "" {
		canonical := url.URL{Scheme: site.Scheme, Host: site.Host, Path: securityPath}
		fmt.Fprintf(&b, "Canonical: %s\n", &canonical)
	}
	return b.Bytes()
}

// sendSecurity answers with a security.txt that expires on the first of a month in
// half a year, so that it changes once a month.
func (h *handler) sendSecurity(w http.ResponseWriter, r *http.Request) {
	if h.security == nil {
		h.fail(w, r, http.StatusNotFound)
		return
	}
	now := h.now().UTC()
	expires := time.Date(now.Year(), now.Month()+7, 1, 0, 0, 0, 0, time.UTC)
	header := w.Header()
	h.policy.full(header, true, h.policy.freshFor(time.Hour))
	header.Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprintf(w, "%sExpires: %s\n", h.security, expires.Format(time.RFC3339))
}

// plain answers with one line of text that nobody keeps.
func plain(w http.ResponseWriter, status int, line string) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, line+"\n")
}
