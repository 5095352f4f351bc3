package layout

import (
	"encoding/binary"
	"slices"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// recordBuffers are what records are encoded in, one after another.
type recordBuffers struct{ head, frame, content, value []byte }

// EncodeRecord is the value of the item bucket: a frame with all fields but the
// content, then a frame with the content.
func (c *Codec) EncodeRecord(r *storage.Record) []byte {
	b, _ := c.records.Get().(*recordBuffers)
	if b == nil {
		b = new(recordBuffers)
	}
	b.head = appendHead(b.head[:0], r)
	b.frame = c.appendFrame(b.frame[:0], b.head)
	b.value = binary.AppendUvarint(b.value[:0], uint64(len(b.frame)))
	b.value = append(b.value, b.frame...)
	b.content = append(b.content[:0], r.Content...)
	b.value = c.appendFrame(b.value, b.content)
	value := slices.Clone(b.value)
	if cap(b.content)+cap(b.head) <= maxKept {
		c.records.Put(b)
	}
	return value
}

// appendHead appends the fields of a record but for its content.
func appendHead(dst []byte, r *storage.Record) []byte {
	w := writer{dst}
	writeItem(&w, &r.Item)
	w.time(21, r.FirstSeen)
	w.time(22, r.Changed)
	w.number(23, int64(r.Revision))
	w.raw(24, r.Hash[:])
	if !r.DupOf.IsZero() {
		w.raw(25, r.DupOf[:])
	}
	w.flag(26, r.DupGUID)
	w.flag(29, r.Pinned)
	w.number(30, int64(r.Seq))
	return w.b
}

// DecodeRecord reads what EncodeRecord wrote; heads leaves the content unread.
func (c *Codec) DecodeRecord(value []byte, heads bool) (*storage.Record, error) {
	head, body, err := SplitFrames(value)
	if err != nil {
		return nil, err
	}
	payload, err := c.open(head)
	if err != nil {
		return nil, err
	}
	r, err := readRecord(payload)
	if err != nil {
		return nil, err
	}
	r.Bytes = int64(len(value))
	if heads {
		return r, nil
	}
	content, err := c.open(body)
	if err != nil {
		return nil, err
	}
	r.Content = string(content)
	return r, nil
}

func writeItem(w *writer, it *coranto.Item) {
	w.raw(1, it.ID[:])
	w.text(2, string(it.Source))
	w.text(3, it.GUID)
	w.text(4, it.Link)
	w.text(5, it.Title)
	w.text(6, it.Summary)
	list(w, 7, it.Authors, writePerson)
	list(w, 8, it.Contributors, writePerson)
	w.time(9, it.Published)
	w.time(10, it.Updated)
	w.text(11, it.Language)
	w.text(12, it.Rights)
	w.text(13, it.License)
	list(w, 14, it.Tags, writeTag)
	texts(w, 15, it.Categories)
	list(w, 16, it.Enclosures, writeEnclosure)
	if it.Image != (coranto.Image{}) {
		w.message(17, func(w *writer) { writeImage(w, it.Image) })
	}
	list(w, 18, it.Links, writeLink)
	w.text(19, it.Comments)
	if it.Origin != nil {
		w.message(20, func(w *writer) { writeAttribution(w, *it.Origin) })
	}
	list(w, 27, it.Extensions, writeExtension)
	pairs(w, 28, it.Members)
}

func readRecord(b []byte) (*storage.Record, error) {
	r := new(storage.Record)
	err := readFields(b, func(f field) error {
		if f.n <= 13 {
			return readItemText(&r.Item, f)
		}
		if f.n <= 20 || f.n == 27 || f.n == 28 {
			return readItemParts(&r.Item, f)
		}
		switch f.n {
		case 21:
			r.FirstSeen = f.time()
		case 22:
			r.Changed = f.time()
		case 23:
			r.Revision = int(f.number())
		case 24:
			copy(r.Hash[:], f.b)
		case 25:
			copy(r.DupOf[:], f.b)
		case 26:
			r.DupGUID = f.flag()
		case 29:
			r.Pinned = f.flag()
		case 30:
			r.Seq = uint64(f.number())
		}
		return nil
	})
	return r, err
}

// readItemText reads the fields 1 to 13.
func readItemText(it *coranto.Item, f field) error {
	switch f.n {
	case 1:
		copy(it.ID[:], f.b)
	case 2:
		it.Source = coranto.SourceID(f.b)
	case 3:
		it.GUID = f.text()
	case 4:
		it.Link = f.text()
	case 5:
		it.Title = f.text()
	case 6:
		it.Summary = f.text()
	case 7:
		return readInto(&it.Authors, f, readPerson)
	case 8:
		return readInto(&it.Contributors, f, readPerson)
	case 9:
		it.Published = f.time()
	case 10:
		it.Updated = f.time()
	case 11:
		it.Language = f.text()
	case 12:
		it.Rights = f.text()
	case 13:
		it.License = f.text()
	}
	return nil
}

// readItemParts reads the fields 14 to 20, and 27 and 28.
func readItemParts(it *coranto.Item, f field) (err error) {
	switch f.n {
	case 14:
		return readInto(&it.Tags, f, readTag)
	case 15:
		it.Categories = append(it.Categories, coranto.Slug(f.b))
	case 16:
		return readInto(&it.Enclosures, f, readEnclosure)
	case 17:
		it.Image, err = readImage(f.b)
	case 18:
		return readInto(&it.Links, f, readLink)
	case 19:
		it.Comments = f.text()
	case 20:
		var origin coranto.Attribution
		origin, err = readAttribution(f.b)
		it.Origin = &origin
	case 27:
		return readInto(&it.Extensions, f, readExtension)
	case 28:
		return readPair(&it.Members, f)
	}
	return err
}
