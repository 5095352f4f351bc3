package layout

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// The first byte of a frame says how the rest is coded. Pages of bbolt carry no
// checksum, so every coding has one.
const (
	codecPlain = 1 // CRC32C of the payload, big-endian, then the payload
	codecZstd  = 2 // zstd with content checksum
)

// plainBelow is the size in bytes up to which compression saves too little to
// be worth its time.
const plainBelow = 512

// frameOverhead is about what a frame of incompressible bytes takes beside them.
const frameOverhead = 32

// maxPayload bounds what a damaged length can make the decoder allocate.
const maxPayload = 64 << 20

// errFrame reports a frame that is damaged or of a coding not known here.
var errFrame = errors.New("bad frame")

// Codec writes and reads frames. It is safe for concurrent use.
type Codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

// NewCodec returns a codec. Whoever makes one closes it.
func NewCodec() (*Codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(true), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, fmt.Errorf("zstd encoder: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0),
		zstd.WithDecoderMaxMemory(maxPayload))
	if err != nil {
		return nil, fmt.Errorf("zstd decoder: %w", err)
	}
	return &Codec{enc, dec}, nil
}

// Close ends the goroutines of the codec, if any.
func (c *Codec) Close() {
	c.enc.Close()
	c.dec.Close()
}

// appendFrame appends payload as a frame.
func (c *Codec) appendFrame(dst, payload []byte) []byte {
	if len(payload) < plainBelow {
		return appendPlain(dst, payload)
	}
	return c.enc.EncodeAll(payload, append(dst, codecZstd))
}

func appendPlain(dst, payload []byte) []byte {
	dst = append(dst, codecPlain)
	dst = binary.BigEndian.AppendUint32(dst, crc32.Checksum(payload, castagnoli()))
	return append(dst, payload...)
}

// open returns the payload of a frame. It may share memory with the frame.
func (c *Codec) open(frame []byte) ([]byte, error) {
	if len(frame) == 0 {
		return nil, errFrame
	}
	switch body := frame[1:]; frame[0] {
	case codecPlain:
		return openPlain(body)
	case codecZstd:
		payload, err := c.dec.DecodeAll(body, nil)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errFrame, err)
		}
		return payload, nil
	}
	return nil, fmt.Errorf("%w: codec %d", errFrame, frame[0])
}

func openPlain(body []byte) ([]byte, error) {
	if len(body) < 4 {
		return nil, errFrame
	}
	payload := body[4:]
	if crc32.Checksum(payload, castagnoli()) != binary.BigEndian.Uint32(body) {
		return nil, fmt.Errorf("%w: checksum differs", errFrame)
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
