package farm

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/coranto/coranto/internal/farm/landscape"
)

// visit is one request while it is answered.
type visit struct {
	w    http.ResponseWriter
	r    *http.Request
	farm *Farm
	host *host
	left bool
}

// ServeHTTP answers for the host that the request came to. As a forward proxy it
// also answers for the names h0.farm.test, h1.farm.test and so on.
func (f *Farm) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := f.hostOf(r)
	v := &visit{w: w, r: r, farm: f, host: &f.hosts[n]}
	now := f.Clock()
	f.enter(v, now)
	defer v.leave()
	if f.Cookies {
		http.SetCookie(w, &http.Cookie{Name: "visitor", Value: strconv.Itoa(n)})
	}
	if f.delay(r, now) {
		f.route(v, n)
	}
}

func (f *Farm) hostOf(r *http.Request) int {
	if name, ok := strings.CutSuffix(r.Host, ".farm.test"); ok {
		n, err := strconv.Atoi(strings.TrimPrefix(name, "h"))
		if err == nil && n >= 0 && n < f.Hosts {
			return n
		}
	}
	n, _ := r.Context().Value(hostKey{}).(int)
	return n
}

// delay waits as long as Latency says and reports whether anyone still waits
// for an answer.
func (f *Farm) delay(r *http.Request, now time.Time) bool {
	if f.Latency <= 0 {
		return true
	}
	x := mix(f.Seed, 9, uint64(now.UnixNano()))
	timer := time.NewTimer(time.Duration(float64(f.Latency) * min(5, x.exp())))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	case <-f.closed:
		return false
	}
}

func (f *Farm) route(v *visit, host int) {
	path := v.r.URL.Path
	switch {
	case strings.HasPrefix(path, "/f/"):
		f.totals.feedRequests.Add(1)
		f.routeFeed(v, path)
	case strings.HasPrefix(path, "/p/"), strings.HasPrefix(path, "/truth/"):
		f.totals.pageRequests.Add(1)
		f.routePage(v, path)
	default:
		f.totals.otherRequests.Add(1)
		f.routeOther(v, path, host)
	}
}

// routeFeed answers /f/N.ext, and /f/N-new.ext to where a Redirect moved.
func (f *Farm) routeFeed(v *visit, path string) {
	name := strings.TrimPrefix(path, "/f/")
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		name = name[:dot]
	}
	number, moved := strings.CutSuffix(name, "-new")
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= len(f.slots) {
		v.send(http.StatusNotFound, nil)
		return
	}
	f.serveFeed(v, &f.slots[i], moved)
}

// routePage answers /p/N/J.html and /truth/N/J.
func (f *Farm) routePage(v *visit, path string) {
	parts := strings.Split(strings.TrimSuffix(path, ".html"), "/")
	if len(parts) != 4 {
		v.send(http.StatusNotFound, nil)
		return
	}
	i, err1 := strconv.Atoi(parts[2])
	j, err2 := strconv.Atoi(parts[3])
	if err1 != nil || err2 != nil || i < 0 || i >= len(f.slots) || j < 0 {
		v.send(http.StatusNotFound, nil)
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if parts[1] == "truth" {
		v.send(http.StatusOK, []byte(f.Item(i, j, 0).HTML))
		return
	}
	v.send(http.StatusOK, f.Page(i, j))
}

func (f *Farm) routeOther(v *visit, path string, host int) {
	header := v.w.Header()
	picture, isPicture := strings.CutPrefix(path, "/img/")
	switch {
	case path == "/favicon.ico":
		header.Set("Content-Type", "image/png")
		v.send(http.StatusOK, f.icon)
	case path == "/":
		header.Set("Content-Type", "text/html; charset=utf-8")
		v.send(http.StatusOK, f.homeOf(host))
	case f.Names && isPicture:
		f.routePicture(v, picture)
	default:
		v.send(http.StatusNotFound, nil)
	}
}

// routePicture answers /img/N.jpg.
func (f *Farm) routePicture(v *visit, name string) {
	number, ok := strings.CutSuffix(name, ".jpg")
	n, err := strconv.ParseUint(number, 10, 64)
	if !ok || err != nil {
		v.send(http.StatusNotFound, nil)
		return
	}
	v.w.Header().Set("Content-Type", "image/jpeg")
	v.w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	r := mix(f.Seed, 11, n)
	v.send(http.StatusOK, landscape.JPEG(r.float))
}

// homeOf is the front page of a host: of its first feed, where it has a name.
func (f *Farm) homeOf(host int) []byte {
	for i := range f.slots {
		s := &f.slots[i]
		if f.Names && s.feed.Host == host {
			return f.home(&s.feed, s.edition.Load())
		}
	}
	return []byte(`<!doctype html><title>Site</title><link rel="icon" href="/favicon.ico"><p>hello`)
}

// send answers with a status and a body. The last byte of the body is written
// after the visit has left, so that a client that asks again as soon as it has
// the whole answer never counts as two requests at a time.
func (v *visit) send(status int, body []byte) {
	t := &v.farm.totals
	t.status[status].Add(1)
	if status >= 400 {
		t.errorsSent.Add(1)
	}
	if status != http.StatusNotModified {
		v.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	if len(body) == 0 {
		v.leave()
		v.w.WriteHeader(status)
		return
	}
	v.w.WriteHeader(status)
	last := len(body) - 1
	_, _ = v.w.Write(body[:last]) // a client that went away needs no answer
	v.leave()
	_, _ = v.w.Write(body[last:])
	t.bytesSent.Add(int64(len(body)))
}
