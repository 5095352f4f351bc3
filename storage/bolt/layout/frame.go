package layout

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"sync"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// The first byte of a frame says how the rest is coded. No two of them differ in a
// single bit, which may be flipped. Pages of bbolt carry no checksum, so every
// coding has one.
const (
	codecPlain = 1 // CRC32C of the payload, big-endian, then the payload
	codecZstd  = 2 // zstd with content checksum: of schema 1, read and never written
	codecS2    = 4 // CRC32C of the block, big-endian, then a block of s2
)

// plainBelow is the size in bytes up to which compression saves too little to
// be worth its time.
const plainBelow = 512

// sumSize is what a checksum takes.
const sumSize = 4

// maxPayload bounds what a damaged length can make the decoder allocate.
const maxPayload = 64 << 20

// maxKept is the longest buffer that is kept for the next value.
const maxKept = 1 << 20

// errFrame reports a frame that is damaged or of a coding not known here.
var errFrame = errors.New("bad frame")

// Codec writes and reads frames. It is safe for concurrent use.
type Codec struct {
	dec *zstd.Decoder

	blocks  sync.Pool // of *[]byte: what is compressed, before it is checked and copied
	records sync.Pool // of *recordBuffers
}

// NewCodec returns a codec. Whoever makes one closes it.
func NewCodec() (*Codec, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0),
		zstd.WithDecoderMaxMemory(maxPayload))
	if err != nil {
		return nil, fmt.Errorf("zstd decoder: %w", err)
	}
	return &Codec{dec: dec}, nil
}

// Close ends the goroutines of the codec, if any.
func (c *Codec) Close() { c.dec.Close() }

// appendFrame appends payload as a frame.
func (c *Codec) appendFrame(dst, payload []byte) []byte {
	if len(payload) < plainBelow {
		return appendPlain(dst, payload)
	}
	kept, _ := c.blocks.Get().(*[]byte)
	if kept == nil {
		kept = new([]byte)
	}
	*kept = slices.Grow((*kept)[:0], s2.MaxEncodedLen(len(payload)))
	block := s2.Encode((*kept)[:cap(*kept)], payload)
	dst = slices.Grow(dst, 1+sumSize+len(block))
	dst = appendSum(append(dst, codecS2), block)
	if cap(*kept) <= maxKept {
		c.blocks.Put(kept)
	}
	return dst
}

func appendPlain(dst, payload []byte) []byte {
	return appendSum(append(dst, codecPlain), payload)
}

// appendSum appends the checksum of b, then b.
func appendSum(dst, b []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, crc32.Checksum(b, castagnoli()))
	return append(dst, b...)
}

// open returns the payload of a frame. It may share memory with the frame.
func (c *Codec) open(frame []byte) ([]byte, error) {
	if len(frame) == 0 {
		return nil, errFrame
	}
	switch body := frame[1:]; frame[0] {
	case codecPlain:
		return checked(body)
	case codecS2:
		return openS2(body)
	case codecZstd:
		payload, err := c.dec.DecodeAll(body, nil)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errFrame, err)
		}
		return payload, nil
	}
	return nil, fmt.Errorf("%w: codec %d", errFrame, frame[0])
}

// checked returns what follows a checksum.
func checked(body []byte) ([]byte, error) {
	if len(body) < sumSize {
		return nil, errFrame
	}
	payload := body[sumSize:]
	if crc32.Checksum(payload, castagnoli()) != binary.BigEndian.Uint32(body) {
		return nil, fmt.Errorf("%w: checksum differs", errFrame)
	}
	return payload, nil
}

func openS2(body []byte) ([]byte, error) {
	block, err := checked(body)
	if err != nil {
		return nil, err
	}
	size, err := s2.DecodedLen(block)
	if err == nil && size > maxPayload {
		err = s2.ErrTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	payload, err := s2.Decode(make([]byte, 0, size), block)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	return payload, nil
}

// castagnoli is made once by the library; asking again is cheap.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// EncodeSeen writes a value of the seen bucket: one frame.
func (c *Codec) EncodeSeen(b []byte) []byte { return c.appendFrame(nil, b) }

// DecodeSeen reads what EncodeSeen wrote into memory of its own.
func (c *Codec) DecodeSeen(value []byte) ([]byte, error) {
	b, err := c.open(value)
	if err != nil {
		return nil, err
	}
	return slices.Clone(b), nil
}

// JoinFrames makes a value of the src or item bucket: two frames, so that each
// can be read, and the first kept, without the other. It is the length of the
// first, then both.
func JoinFrames(first, second []byte) []byte {
	value := make([]byte, 0, binary.MaxVarintLen32+len(first)+len(second))
	value = binary.AppendUvarint(value, uint64(len(first)))
	return append(append(value, first...), second...)
}

// SplitFrames takes apart what JoinFrames made. The frames share memory with it.
func SplitFrames(value []byte) (first, second []byte, err error) {
	size, n := binary.Uvarint(value)
	if n <= 0 || size > uint64(len(value)-n) {
		return nil, nil, errFrame
	}
	first, second = value[n:n+int(size)], value[n+int(size):]
	return slices.Clip(first), second, nil
}
