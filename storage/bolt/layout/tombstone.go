package layout

import (
	"bytes"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// EncodeTombstone is the value of the gone bucket: one frame.
func (c *Codec) EncodeTombstone(t *storage.Tombstone) []byte {
	var w writer
	w.raw(1, t.ID[:])
	w.text(2, string(t.Source))
	w.time(3, t.At)
	w.flag(4, t.Expired)
	w.text(5, t.Why)
	w.text(6, t.GUID)
	w.text(7, t.Link)
	w.time(8, t.Published)
	texts(&w, 9, t.Categories)
	w.flag(10, t.DupGUID)
	if t.Post != (storage.DedupKey{}) {
		w.raw(11, t.Post[:])
	}
	return c.appendFrame(nil, w.b)
}

// DecodeTombstone reads what EncodeTombstone wrote.
func (c *Codec) DecodeTombstone(frame []byte) (*storage.Tombstone, error) {
	payload, err := c.open(frame)
	if err != nil {
		return nil, err
	}
	t := new(storage.Tombstone)
	err = readFields(payload, func(f field) error {
		switch f.n {
		case 1:
			copy(t.ID[:], f.b)
		case 2:
			t.Source = coranto.SourceID(f.b)
		case 3:
			t.At = f.time()
		case 4:
			t.Expired = f.flag()
		case 5:
			t.Why = f.text()
		case 6:
			t.GUID = f.text()
		case 7:
			t.Link = f.text()
		case 8:
			t.Published = f.time()
		case 9:
			t.Categories = append(t.Categories, coranto.Slug(f.b))
		case 10:
			t.DupGUID = f.flag()
		case 11:
			copy(t.Post[:], f.b)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// Graves are where a tombstone is listed, at Tombstone.Order: one that expired
// only among those of its source, as the values of ByExpired.
func Graves(t *storage.Tombstone) []Filing {
	if t.Expired {
		return []Filing{{ByExpired, string(t.Source)}}
	}
	graves := []Filing{{storage.All, ""}, {storage.BySource, string(t.Source)}}
	for _, slug := range t.Categories {
		graves = append(graves, Filing{storage.ByCategory, string(slug)})
	}
	if t.Post != (storage.DedupKey{}) {
		graves = append(graves, PostGrave(t.Post))
	}
	return graves
}

// PostGrave lists the tombstones of a post.
func PostGrave(key storage.DedupKey) Filing { return Filing{byPost, string(key[:])} }

// GravePrefix begins the keys of the grave bucket that belong to a filing.
func (f Filing) GravePrefix() []byte { return append([]byte{byte(f.By)}, f.Prefix()...) }

// GraveKey is the key in the grave bucket of the tombstone at a place.
func (f Filing) GraveKey(at storage.OrderKey) []byte { return append(f.GravePrefix(), place(at)...) }

// ParseGrave reads what GraveKey wrote; false for anything else. The value of a filing
// that is too long to stand in a key comes back empty.
func ParseGrave(key []byte) (f Filing, at storage.OrderKey, ok bool) {
	if len(key) < 1+PlaceSize {
		return f, at, false
	}
	f.By, at = storage.Index(key[0]), ParsePlace(key)
	switch value := key[1 : len(key)-PlaceSize]; {
	case len(value) == 0:
		return f, at, f.By == storage.All
	case bytes.Equal(value, prefix(string(value[1:]))):
		f.Value = string(value[1:])
		return f, at, true
	default:
		return f, at, value[0] == 255
	}
}
