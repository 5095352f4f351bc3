package layout

import (
	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// EncodeChange is the value of the log bucket: one frame.
func (c *Codec) EncodeChange(ch *storage.Change) []byte {
	var w writer
	w.time(1, ch.At)
	w.text(2, string(ch.Source))
	for _, id := range ch.Items {
		w.raw(3, id[:])
	}
	texts(&w, 4, ch.Categories)
	texts(&w, 5, ch.Tags)
	w.flag(6, ch.Credit)
	return c.appendFrame(nil, w.b)
}

// DecodeChange reads what EncodeChange wrote.
func (c *Codec) DecodeChange(frame []byte) (ch storage.Change, err error) {
	payload, err := c.open(frame)
	if err != nil {
		return ch, err
	}
	err = readFields(payload, func(f field) error {
		switch f.n {
		case 1:
			ch.At = f.time()
		case 2:
			ch.Source = coranto.SourceID(f.b)
		case 3:
			var id coranto.ItemID
			copy(id[:], f.b)
			ch.Items = append(ch.Items, id)
		case 4:
			ch.Categories = append(ch.Categories, coranto.Slug(f.b))
		case 5:
			ch.Tags = append(ch.Tags, f.text())
		case 6:
			ch.Credit = f.flag()
		}
		return nil
	})
	return ch, err
}
