package stream

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// The kinds of a Frame: the numbers of its fields.
const (
	kindHeader    = 1
	kindSource    = 2
	kindItem      = 3
	kindTouch     = 4
	kindChange    = 5
	kindCursor    = 6
	kindForgotten = 7
	kindRevision  = 8
	kindTombstone = 9
	kindValue     = 10
	kindTrailer   = 15
)

// frame is a message Frame: exactly one field.
type frame struct {
	kind protowire.Number
	body []byte
}

// errMessage reports bytes that are no message of stream.proto.
var errMessage = fmt.Errorf("%w: not a message", storage.ErrCorrupt)

func joinFrame(kind protowire.Number, body []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, kind, protowire.BytesType), body)
}

func splitFrame(message []byte) (frame, error) {
	kind, typ, n := protowire.ConsumeTag(message)
	if n < 0 || typ != protowire.BytesType {
		return frame{}, errMessage
	}
	body, m := protowire.ConsumeBytes(message[n:])
	if m < 0 || n+m != len(message) {
		return frame{}, errMessage
	}
	return frame{kind, body}, nil
}

// fields are the fields of a message: of each number the last one.
type fields struct {
	numbers map[protowire.Number]uint64
	texts   map[protowire.Number][]byte
}

func readFields(b []byte) (fields, error) {
	f := fields{map[protowire.Number]uint64{}, map[protowire.Number][]byte{}}
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return f, errMessage
		}
		b = b[n:]
		switch typ {
		case protowire.VarintType:
			f.numbers[num], n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			f.texts[num], n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(num, typ, b)
		}
		if n < 0 {
			return f, errMessage
		}
		b = b[n:]
	}
	return f, nil
}

func appendNumber(b []byte, n protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), v)
}

func appendBytes(b []byte, n protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, n, protowire.BytesType), v)
}

func encodeHeader(h Header) []byte {
	b := appendNumber(nil, 1, uint64(h.Version))
	b = appendBytes(b, 2, []byte(h.Program))
	return joinFrame(kindHeader, appendNumber(b, 3, uint64(h.Created.UnixNano())))
}

func decodeHeader(b []byte) (Header, error) {
	f, err := readFields(b)
	if err != nil {
		return Header{}, err
	}
	h := Header{Version: int(f.numbers[1]), Program: string(f.texts[2])}
	h.Created = time.Unix(0, int64(f.numbers[3])).UTC()
	if h.Version > version {
		return h, fmt.Errorf("%w: version %d of the format, this program knows %d",
			storage.ErrSchemaNewer, h.Version, version)
	}
	return h, nil
}

func (c *Counts) list() []*int {
	return []*int{&c.Sources, &c.Items, &c.Touches, &c.Changes, &c.Cursors, &c.Revisions, &c.Tombstones, &c.Values}
}

func encodeTrailer(c Counts, sum []byte) []byte {
	var b []byte
	for i, n := range c.list() {
		b = appendNumber(b, protowire.Number(i+1), uint64(*n))
	}
	return joinFrame(kindTrailer, appendBytes(b, 15, sum))
}

func decodeTrailer(b []byte) (c Counts, sum []byte, err error) {
	f, err := readFields(b)
	for i, n := range c.list() {
		*n = int(f.numbers[protowire.Number(i+1)])
	}
	return c, f.texts[15], err
}

func encodePart(codec *layout.Codec, p storage.Part) []byte {
	switch {
	case p.Source != nil:
		return joinFrame(kindSource, encodeSource(codec, p.Source))
	case p.Item != nil:
		return joinFrame(kindItem, codec.EncodeRecord(p.Item))
	case p.Revision != nil:
		return joinFrame(kindRevision, codec.EncodeRecord(p.Revision))
	case p.Tombstone != nil:
		return joinFrame(kindTombstone, codec.EncodeTombstone(p.Tombstone))
	case p.Touch != nil:
		b := appendNumber(nil, 1, uint64(p.Touch.By))
		b = appendBytes(b, 2, []byte(p.Touch.Value))
		return joinFrame(kindTouch, appendNumber(b, 3, uint64(p.Touch.Modified.UnixNano())))
	case p.Value != nil:
		b := appendBytes(nil, 1, []byte(p.Value.Name))
		return joinFrame(kindValue, appendBytes(b, 2, p.Value.Data))
	case p.Change != nil:
		return joinFrame(kindChange, codec.EncodeChange(p.Change))
	case p.Cursor != "":
		return joinFrame(kindCursor, []byte(p.Cursor))
	}
	return joinFrame(kindForgotten, nil)
}

func encodeSource(codec *layout.Codec, p *storage.SourcePart) []byte {
	d := layout.Description{Source: p.Source, Rev: p.Rev}
	b := appendBytes(nil, 1, codec.EncodeDescription(d))
	b = appendBytes(b, 2, codec.EncodeState(&p.State))
	if p.Seen != nil {
		b = appendBytes(b, 3, codec.EncodeSeen(p.Seen))
	}
	return b
}

func decodePart(codec *layout.Codec, f frame) (p storage.Part, err error) {
	switch f.kind {
	case kindSource:
		p.Source, err = decodeSource(codec, f.body)
	case kindItem:
		p.Item, err = codec.DecodeRecord(f.body, false)
	case kindRevision:
		p.Revision, err = codec.DecodeRecord(f.body, false)
	case kindTombstone:
		p.Tombstone, err = codec.DecodeTombstone(f.body)
	case kindTouch:
		p.Touch, err = decodeTouch(f.body)
	case kindValue:
		p.Value, err = decodeValue(f.body)
	case kindChange:
		var ch storage.Change
		ch, err = codec.DecodeChange(f.body)
		p.Change = &ch
	case kindCursor:
		p.Cursor = string(f.body)
	case kindForgotten:
		p.Forgotten = true
	default:
		return p, fmt.Errorf("%w: a part of kind %d, which a newer version wrote",
			storage.ErrSchemaNewer, f.kind)
	}
	if err != nil {
		return p, fmt.Errorf("%w: %w", storage.ErrCorrupt, err)
	}
	return p, nil
}

func decodeSource(codec *layout.Codec, b []byte) (*storage.SourcePart, error) {
	f, err := readFields(b)
	if err != nil {
		return nil, err
	}
	d, err := codec.DecodeDescription(f.texts[1])
	if err != nil {
		return nil, err
	}
	p := new(storage.SourcePart)
	p.Source, p.Rev = d.Source, d.Rev
	if p.State, err = codec.DecodeState(f.texts[2]); err != nil {
		return nil, err
	}
	if seen, ok := f.texts[3]; ok {
		p.Seen, err = codec.DecodeSeen(seen)
	}
	return p, err
}

// decodeValue refuses what no store keeps.
func decodeValue(b []byte) (*storage.Value, error) {
	f, err := readFields(b)
	if err != nil {
		return nil, err
	}
	v := &storage.Value{Name: string(f.texts[1]), Data: f.texts[2]}
	check := storage.ValueChange{Name: v.Name, New: v.Data}
	if err := check.Check(); err != nil || len(v.Data) == 0 {
		return nil, errMessage
	}
	return v, nil
}

func decodeTouch(b []byte) (*storage.Touch, error) {
	f, err := readFields(b)
	if err != nil {
		return nil, err
	}
	return &storage.Touch{
		By: storage.Index(f.numbers[1]), Value: string(f.texts[2]),
		Modified: time.Unix(0, int64(f.numbers[3])).UTC(),
	}, nil
}
