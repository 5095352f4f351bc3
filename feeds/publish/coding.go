package publish

import (
	"bytes"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Coding is a content coding (RFC 9110 §8.4.1). The zero value is none.
type Coding uint8

// The codings that documents are given in.
const (
	Identity Coding = iota
	Gzip
	Brotli
	Zstd

	codings // their number
)

// Codings lists them but Identity.
func Codings() []Coding { return []Coding{Gzip, Brotli, Zstd} }

// Levels were chosen by the CPU time that the newest feed of a busy category
// costs: it is made again after every change.
const (
	gzipLevel   = 6
	brotliLevel = 5
	zstdLevel   = zstd.SpeedDefault
)

// String is the coding's name in Accept-Encoding and Content-Encoding.
func (c Coding) String() string {
	return [...]string{"identity", "gzip", "br", "zstd"}[c]
}

// Ext is what the name of a precompressed file ends in: ".gz", and "" for
// Identity.
func (c Coding) Ext() string {
	return [...]string{"", ".gz", ".br", ".zst"}[c]
}

// suffix tells the ETags of one document in several codings apart.
func (c Coding) suffix() string {
	return [...]string{"", "-gz", "-br", "-zst"}[c]
}

// coders make coded copies. Their state is large, so it is used again.
type coders struct {
	gzip, brotli sync.Pool
	zstd         *zstd.Encoder
	names        [codings][]string // values of Content-Encoding
}

// resetWriter is what the two pooled coders have in common.
type resetWriter interface {
	io.WriteCloser
	Reset(w io.Writer)
}

func newCoders() *coders {
	c := &coders{}
	for coding := range codings {
		c.names[coding] = []string{coding.String()}
	}
	c.gzip.New = func() any {
		// The level is a valid one, so there is no error.
		w, _ := gzip.NewWriterLevel(nil, gzipLevel)
		return w
	}
	c.brotli.New = func() any { return brotli.NewWriterLevel(nil, brotliLevel) }
	// The options are valid ones, so there is no error.
	c.zstd, _ = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstdLevel), zstd.WithEncoderConcurrency(1))
	return c
}

// encode returns body in a coding; body itself for Identity.
func (c *coders) encode(coding Coding, body []byte) []byte {
	switch coding {
	case Gzip:
		return write(&c.gzip, body)
	case Brotli:
		return write(&c.brotli, body)
	case Zstd:
		return c.zstd.EncodeAll(body, make([]byte, 0, len(body)/3+64))
	}
	return body
}

// write codes body with a coder of the pool. Writing to memory has no error.
func write(pool *sync.Pool, body []byte) []byte {
	w := pool.Get().(resetWriter)
	defer pool.Put(w)
	out := bytes.NewBuffer(make([]byte, 0, len(body)/3+64))
	w.Reset(out)
	w.Write(body)
	w.Close()
	return out.Bytes()
}
