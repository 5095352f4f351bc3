package layout

import (
	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// Description is the first frame of a value of the src bucket.
type Description struct {
	coranto.Source
	Rev uint64 // one more at every change; 1 for the first
}

// EncodeDescription is deterministic: equal descriptions have equal frames.
func (c *Codec) EncodeDescription(d Description) []byte {
	var w writer
	s := d.Source
	w.text(1, string(s.ID))
	w.text(2, s.Kind)
	w.text(3, s.URL)
	w.text(4, s.Title)
	texts(&w, 5, s.Categories)
	texts(&w, 6, s.Include)
	texts(&w, 7, s.Exclude)
	w.number(8, int64(s.Every))
	w.text(9, s.Zone)
	w.text(10, s.Language)
	w.text(11, s.Rights)
	w.text(12, s.License)
	w.text(13, string(s.Republish))
	w.text(14, s.Credit)
	w.number(15, int64(s.MaxItems))
	w.flag(16, s.Paused)
	w.flag(17, s.Retired)
	w.number(18, int64(d.Rev))
	if access := accessFields(s.Access); len(access) > 0 {
		w.raw(19, access)
	}
	w.flag(20, s.Index)
	return c.appendFrame(nil, w.b)
}

// DecodeDescription reads what EncodeDescription wrote.
func (c *Codec) DecodeDescription(frame []byte) (Description, error) {
	var d Description
	payload, err := c.open(frame)
	if err != nil {
		return d, err
	}
	err = readFields(payload, func(f field) error {
		switch {
		case f.n <= 9:
			readSourceOrigin(&d.Source, f)
		case f.n == 19:
			d.Access, err = readAccess(f.b)
			return err
		default:
			readSourceTerms(&d, f)
		}
		return nil
	})
	return d, err
}

// readSourceOrigin reads the fields 1 to 9: what is read, and how.
func readSourceOrigin(s *coranto.Source, f field) {
	switch f.n {
	case 1:
		s.ID = coranto.SourceID(f.b)
	case 2:
		s.Kind = f.text()
	case 3:
		s.URL = f.text()
	case 4:
		s.Title = f.text()
	case 5:
		s.Categories = append(s.Categories, coranto.Slug(f.b))
	case 6:
		s.Include = append(s.Include, f.text())
	case 7:
		s.Exclude = append(s.Exclude, f.text())
	case 8:
		s.Every = f.duration()
	case 9:
		s.Zone = f.text()
	}
}

// readSourceTerms reads the fields from 10 on: on what terms it is published.
func readSourceTerms(d *Description, f field) {
	switch f.n {
	case 10:
		d.Language = f.text()
	case 11:
		d.Rights = f.text()
	case 12:
		d.License = f.text()
	case 13:
		d.Republish = coranto.Republish(f.b)
	case 14:
		d.Credit = f.text()
	case 15:
		d.MaxItems = int(f.number())
	case 16:
		d.Paused = f.flag()
	case 17:
		d.Retired = f.flag()
	case 18:
		d.Rev = uint64(f.number())
	case 20:
		d.Index = f.flag()
	}
}

// DecodeSource reads a value of the src bucket: its description and its state.
func (c *Codec) DecodeSource(value []byte) (storage.SourceRecord, error) {
	var r storage.SourceRecord
	first, second, err := SplitFrames(value)
	if err != nil {
		return r, err
	}
	d, err := c.DecodeDescription(first)
	if err != nil {
		return r, err
	}
	r.Source, r.Rev = d.Source, d.Rev
	r.State, err = c.DecodeState(second)
	return r, err
}
