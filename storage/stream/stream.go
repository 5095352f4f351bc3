// Package stream writes all that a store holds as one stream of bytes, and reads it
// back: to move between engines, and to keep.
//
// The stream is a line of text that names it, then frames: each the length of a
// message of stream.proto, as a uvarint, then the message. The first frame is a
// header, the last a trailer that counts the parts and has the SHA-256 of all bytes
// before it. What a reader has handed on is good only once it has come to the end
// without an error: whoever stores parts must be able to take that back.
package stream

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// Magic is the first line of every stream.
const Magic = "coranto export\n"

// version is that of the format. It changes when older programs can't read it.
const version = 1

// maxFrame bounds what a damaged length can make the reader allocate.
const maxFrame = 128 << 20

// Header says what a stream is.
type Header struct {
	Version int
	Program string // that wrote it, with its version
	Created time.Time
}

// Counts says how many parts a stream has.
type Counts struct {
	Sources, Items, Touches, Changes, Cursors, Revisions, Tombstones, Values int
}

func (c *Counts) add(p storage.Part) {
	switch {
	case p.Source != nil:
		c.Sources++
	case p.Item != nil:
		c.Items++
	case p.Revision != nil:
		c.Revisions++
	case p.Tombstone != nil:
		c.Tombstones++
	case p.Touch != nil:
		c.Touches++
	case p.Value != nil:
		c.Values++
	case p.Change != nil:
		c.Changes++
	case p.Cursor != "":
		c.Cursors++
	}
}

// Write writes parts as a stream. The header's version is the package's own.
func Write(w io.Writer, head Header, parts iter.Seq2[storage.Part, error]) (Counts, error) {
	codec, err := layout.NewCodec()
	if err != nil {
		return Counts{}, err
	}
	defer codec.Close()
	out := &writer{w: bufio.NewWriterSize(w, 1<<18), sum: sha256.New()}
	head.Version = version
	out.write([]byte(Magic))
	out.frame(encodeHeader(head))
	var n Counts
	for part, err := range parts {
		if err == nil {
			n.add(part)
			err = out.frame(encodePart(codec, part))
		}
		if err != nil {
			return n, fmt.Errorf("write stream: %w", err)
		}
	}
	out.frame(encodeTrailer(n, out.sum.Sum(nil)))
	if err := errors.Join(out.err, out.w.Flush()); err != nil {
		return n, fmt.Errorf("write stream: %w", err)
	}
	return n, nil
}

// writer keeps the first error and the sum of what was written.
type writer struct {
	w   *bufio.Writer
	sum hash.Hash
	err error
}

func (w *writer) write(b []byte) {
	if w.err == nil {
		_, w.err = w.w.Write(b)
		w.sum.Write(b)
	}
}

func (w *writer) frame(message []byte) error {
	w.write(protowire.AppendVarint(nil, uint64(len(message))))
	w.write(message)
	return w.err
}

// Reader reads a stream.
type Reader struct {
	Header Header // of the stream
	Counts Counts // of the parts read so far

	r     *bufio.Reader
	sum   hash.Hash
	codec *layout.Codec
}

// errCut means that a stream ends before its trailer.
var errCut = fmt.Errorf("%w: the stream was cut short", storage.ErrCorrupt)

// NewReader reads the beginning of a stream. The error wraps ErrCorrupt, or
// ErrSchemaNewer for one that a newer version wrote. Close frees what it holds.
func NewReader(r io.Reader) (*Reader, error) {
	in := &Reader{r: bufio.NewReaderSize(r, 1<<18), sum: sha256.New()}
	magic := make([]byte, len(Magic))
	if _, err := io.ReadFull(in.r, magic); err != nil || string(magic) != Magic {
		return nil, fmt.Errorf("read stream: %w: this is not an export", storage.ErrCorrupt)
	}
	in.sum.Write(magic)
	f, err := in.frame()
	if err == nil && f.kind != kindHeader {
		err = fmt.Errorf("%w: it has no header", storage.ErrCorrupt)
	}
	if err == nil {
		in.Header, err = decodeHeader(f.body)
	}
	if err == nil {
		in.codec, err = layout.NewCodec()
	}
	if err != nil {
		return nil, fmt.Errorf("read stream: %w", err)
	}
	return in, nil
}

// Close frees what the reader holds.
func (r *Reader) Close() { r.codec.Close() }

// Parts yields the parts. It ends without an error only after a trailer that fits.
// Parts of a kind that is not known here are an error: nothing may be lost unseen.
func (r *Reader) Parts() iter.Seq2[storage.Part, error] {
	return func(yield func(storage.Part, error) bool) {
		for {
			sum := r.sum.Sum(nil)
			f, err := r.frame()
			if err == nil && f.kind == kindTrailer {
				if err = r.finish(f.body, sum); err == nil {
					return
				}
			}
			var part storage.Part
			if err == nil {
				part, err = decodePart(r.codec, f)
			}
			if err != nil {
				yield(storage.Part{}, fmt.Errorf("read stream: %w", err))
				return
			}
			r.Counts.add(part)
			if !yield(part, nil) {
				return
			}
		}
	}
}

// finish compares what was read with what the trailer says.
func (r *Reader) finish(trailer, sum []byte) error {
	counts, want, err := decodeTrailer(trailer)
	switch {
	case err != nil:
		return err
	case !bytes.Equal(sum, want):
		return fmt.Errorf("%w: the checksum differs", storage.ErrCorrupt)
	case counts != r.Counts:
		return fmt.Errorf("%w: it has %+v, and should have %+v", storage.ErrCorrupt, r.Counts, counts)
	}
	if _, err := r.r.ReadByte(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows its end", storage.ErrCorrupt)
	}
	return nil
}

// frame reads one frame.
func (r *Reader) frame() (frame, error) {
	size, err := binary.ReadUvarint(r.r)
	if err != nil {
		return frame{}, readError(err)
	}
	if size > maxFrame {
		return frame{}, fmt.Errorf("%w: a frame of %d bytes", storage.ErrCorrupt, size)
	}
	var message bytes.Buffer // grows with what is there, not with what is promised
	if _, err := io.CopyN(&message, r.r, int64(size)); err != nil {
		return frame{}, readError(err)
	}
	r.sum.Write(protowire.AppendVarint(nil, size))
	r.sum.Write(message.Bytes())
	return splitFrame(message.Bytes())
}

// readError tells a stream that ends too early from one that can't be read.
func readError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	return err
}
