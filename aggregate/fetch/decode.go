package fetch

import (
	"bufio"
	"bytes"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/coranto/coranto"
)

const (
	maxWindow = 8 << 20 // of zstd: RFC 9659 §3 allows no more
	maxPooled = 1 << 20 // larger buffers are left to the collector
)

// decoders keeps what decoding needs from one body to the next.
type decoders struct {
	buffers sync.Pool // *bytes.Buffer
	readers sync.Pool // *bufio.Reader
	gzips   sync.Pool // *gzip.Reader
	brotlis sync.Pool // *brotli.Reader
	zstds   sync.Pool // *zstd.Decoder
}

func newDecoders() *decoders {
	return &decoders{
		buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }},
		readers: sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 8<<10) }},
		gzips:   sync.Pool{New: func() any { return new(gzip.Reader) }},
		brotlis: sync.Pool{New: func() any { return new(brotli.Reader) }},
	}
}

func (d *decoders) buffer() *bytes.Buffer { return d.buffers.Get().(*bytes.Buffer) }

func (d *decoders) release(buf *bytes.Buffer) {
	if buf.Cap() <= maxPooled {
		buf.Reset()
		d.buffers.Put(buf)
	}
}

// stack is the decoders of one body, the last one pushed is read from.
type stack struct {
	*decoders
	m        *meter
	r        *bufio.Reader
	problems []coranto.Problem
	free     []func()
}

func (d *decoders) stack(m *meter) *stack {
	s := &stack{decoders: d, m: m}
	s.buffered(m)
	return s
}

// close gives back the decoders.
func (s *stack) close() {
	for _, free := range s.free {
		free()
	}
}

// push puts a decoder for each declared coding, the last one first, and one for
// a gzip that nobody declared: origins forget to say so.
func (s *stack) push(codings []string) error {
	for i := len(codings) - 1; i >= 0; i-- {
		if err := s.decoder(codings[i]); err != nil {
			return err
		}
	}
	if !s.starts("\x1f\x8b\x08") {
		return nil
	}
	s.warn("gzip-undeclared", "The body is compressed, and the header does not say so.")
	return s.gzip()
}

func (s *stack) decoder(coding string) error {
	if _, err := s.r.Peek(1); err != nil {
		return nil // an empty body is empty in any coding; other errors come back when reading
	}
	switch {
	case coding == "gzip" && s.starts("\x1f\x8b"):
		return s.gzip()
	case coding == "zstd" && (s.starts("\x28\xb5\x2f\xfd") || s.skippable()):
		return s.zstd()
	case coding == "br" && !s.starts("<?xml"): // there are no magic bytes of its own
		s.brotli()
		return nil
	}
	s.warn("coding-wrong", "The body is not compressed with "+coding+", as the header says.")
	return nil
}

func (s *stack) warn(code, text string) {
	s.problems = append(s.problems, coranto.Problem{Code: code, Text: text})
}

func (s *stack) starts(magic string) bool {
	head, _ := s.r.Peek(len(magic))
	return string(head) == magic
}

// skippable reports whether a zstd frame without data comes first (RFC 8878 §3.1.2).
func (s *stack) skippable() bool {
	head, _ := s.r.Peek(4)
	return len(head) == 4 && head[0]&0xf0 == 0x50 && string(head[1:]) == "\x2a\x4d\x18"
}

func (s *stack) gzip() error {
	z := s.gzips.Get().(*gzip.Reader)
	s.free = append(s.free, func() { s.gzips.Put(z) })
	if err := z.Reset(s.r); err != nil {
		return err
	}
	s.buffered(&inflated{r: z, m: s.m})
	return nil
}

func (s *stack) brotli() {
	z := s.brotlis.Get().(*brotli.Reader)
	s.free = append(s.free, func() { s.brotlis.Put(z) })
	_ = z.Reset(s.r) // never fails
	s.buffered(&inflated{r: z, m: s.m})
}

func (s *stack) zstd() error {
	z, ok := s.zstds.Get().(*zstd.Decoder)
	if !ok {
		var err error
		z, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1),
			zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return err
		}
	}
	s.free = append(s.free, func() { s.putZstd(z) })
	if err := z.Reset(s.r); err != nil {
		return err
	}
	s.buffered(&inflated{r: z, m: s.m})
	return nil
}

func (d *decoders) putZstd(z *zstd.Decoder) {
	if z.Reset(nil) == nil {
		d.zstds.Put(z)
	}
}

// buffered makes r the reader to read from, with a look at its first bytes.
func (s *stack) buffered(r io.Reader) {
	b := s.readers.Get().(*bufio.Reader)
	b.Reset(r)
	s.free = append(s.free, func() {
		b.Reset(nil)
		s.readers.Put(b)
	})
	s.r = b
}
