package farm

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/crc32"
	"net/http"
	"time"
)

// body is the document of a feed at one edition, ready to be sent.
type body struct {
	edition  *edition
	plain    []byte
	gzip     []byte
	etag     string
	modified time.Time
	date     string // modified as a header
}

// body renders the feed of s unless that was done for its present edition.
func (f *Farm) body(s *slot) *body {
	if b := s.cached.Load(); b != nil && b.edition == s.edition.Load() {
		return b
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.edition.Load()
	if b := s.cached.Load(); b != nil && b.edition == e {
		return b
	}
	b := f.makeBody(s, e)
	s.cached.Store(b)
	return b
}

func (f *Farm) makeBody(s *slot, e *edition) *body {
	b := &body{edition: e, plain: f.render(&s.feed, e), modified: f.lastModified(&s.feed, e)}
	b.gzip = f.compress(b.plain)
	b.etag = fmt.Sprintf(`"%08x-%x"`, crc32.ChecksumIEEE(b.plain), len(b.plain))
	if s.feed.ID%3 == 0 {
		b.etag = "W/" + b.etag
	}
	b.date = b.modified.Format(http.TimeFormat)
	return b
}

func (f *Farm) compress(plain []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(plain)/3 + 512)
	w, ok := f.gzips.Get().(*gzip.Writer)
	if ok {
		w.Reset(&out)
	} else { // the level is in its bounds, so there is no error
		w, _ = gzip.NewWriterLevel(&out, f.GzipLevel)
	}
	_, _ = w.Write(plain) // a bytes.Buffer takes everything
	_ = w.Close()
	f.gzips.Put(w)
	return out.Bytes()
}
