package fetch

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	maxCodings = 4       // declared for one body
	maxRatio   = 200     // of decoded to encoded bytes
	freeRatio  = 1 << 20 // decoded bytes that may have any ratio
)

// read takes the body: within the limits, decoded, and never silent for longer
// than the idle timeout.
func (x *exchange) read(res *http.Response) error {
	opts := x.client.opts
	m := &meter{maxIn: opts.MaxEncoded, maxOut: cmp.Or(x.req.MaxBody, x.req.Access.MaxBody, opts.MaxBody)}
	codings, err := declared(res.Header)
	if err != nil {
		return err
	}
	if len(codings) == 0 {
		m.maxIn = m.maxOut
	}
	if res.ContentLength > m.maxIn {
		return m.tooLarge(m.maxIn)
	}
	idle := x.expire("no data for", opts.IdleTimeout)
	defer idle.Stop()
	m.r = &idleReader{res.Body, idle, opts.IdleTimeout}
	return x.decode(m, codings)
}

func (x *exchange) decode(m *meter, codings []string) error {
	d := x.client.decoders
	s := d.stack(m)
	defer s.close()
	buf := d.buffer()
	defer d.release(buf)
	err := s.push(codings)
	if err == nil {
		_, err = buf.ReadFrom(s.r)
	}
	if err != nil {
		return m.blame(err)
	}
	x.resp.Problems = append(x.resp.Problems, s.problems...)
	x.resp.Body = bytes.Clone(buf.Bytes())
	return nil
}

// declared lists the codings of a body in the order in which they were applied
// (RFC 9110 §8.4).
func declared(h http.Header) ([]string, error) {
	var codings []string
	for _, line := range h["Content-Encoding"] {
		for name := range strings.SplitSeq(line, ",") {
			switch name = strings.ToLower(strings.TrimSpace(name)); name {
			case "", "identity":
			case "x-gzip":
				codings = append(codings, "gzip")
			case "gzip", "br", "zstd":
				codings = append(codings, name)
			default:
				err := fmt.Errorf("content coding %.40q is unknown", name)
				return nil, &Error{Kind: KindCoding, Err: err}
			}
		}
	}
	if len(codings) > maxCodings {
		return nil, &Error{Kind: KindCoding, Err: errors.New("too many content codings")}
	}
	return codings, nil
}

// meter counts the bytes of a body as they come in. It remembers the first
// failure that was not a decoder's.
type meter struct {
	r      io.Reader
	in     int64
	maxIn  int64
	maxOut int64
	err    error
}

// Read reads from the connection.
func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.in += int64(n)
	if m.in > m.maxIn {
		err = m.tooLarge(m.maxIn)
	}
	if err != nil && err != io.EOF {
		m.err = cmp.Or(m.err, err)
	}
	return n, err
}

func (m *meter) tooLarge(limit int64) *Error {
	text := fmt.Sprintf("body over %s", size(limit))
	return &Error{Kind: KindTooLarge, Err: &cause{text, ErrTooLarge}}
}

// blame tells a broken connection or a limit from a broken coding.
func (m *meter) blame(err error) error {
	if m.err != nil {
		return m.err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return &Error{Kind: KindCoding, Err: fmt.Errorf("decode body: %w", err)}
}

// inflated counts what one decoder makes of the bytes that came in.
type inflated struct {
	r io.Reader
	n int64
	m *meter
}

// Read reads decoded bytes, up to the limit.
func (f *inflated) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	f.n += int64(n)
	switch {
	case f.n > f.m.maxOut:
		err = f.m.tooLarge(f.m.maxOut)
	case f.n > freeRatio && f.n/maxRatio > f.m.in:
		text := fmt.Sprintf("body grows more than %d times when decoded", maxRatio)
		err = &Error{Kind: KindTooLarge, Err: &cause{text, ErrTooLarge}}
	default:
		return n, err
	}
	f.m.err = cmp.Or(f.m.err, err)
	return n, err
}

// idleReader ends the exchange when the origin falls silent.
type idleReader struct {
	r     io.Reader
	timer *time.Timer
	after time.Duration
}

// Read reads and grants the origin its time anew.
func (i *idleReader) Read(p []byte) (int, error) {
	n, err := i.r.Read(p)
	i.timer.Reset(i.after)
	return n, err
}

// size is a limit in the largest unit that shows it whole.
func size(n int64) string {
	switch {
	case n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
