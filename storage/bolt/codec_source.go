package bolt

import (
	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// description is the first frame of a value of the src bucket.
type description struct {
	coranto.Source
	Rev uint64
}

// encodeDescription is deterministic: equal descriptions have equal frames.
func (c *codec) encodeDescription(d description) []byte {
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
	return c.appendFrame(nil, w.b)
}

func (c *codec) decodeDescription(frame []byte) (description, error) {
	var d description
	payload, err := c.open(frame)
	if err != nil {
		return d, err
	}
	err = readFields(payload, func(f field) error {
		if f.n <= 9 {
			readSourceOrigin(&d.Source, f)
		} else {
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
func readSourceTerms(d *description, f field) {
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
	}
}

// encodeState is the second frame of a value of the src bucket.
func (c *codec) encodeState(s *storage.SourceState) []byte {
	var w writer
	w.text(1, s.ETag)
	w.text(2, s.LastModified)
	w.text(3, s.ValidatorURL)
	if s.BodyHash != [32]byte{} {
		w.raw(4, s.BodyHash[:])
	}
	w.time(5, s.Next)
	w.number(6, int64(s.Interval))
	w.time(7, s.Wait)
	w.number(8, int64(s.Fails))
	w.text(9, s.LastError)
	w.text(10, string(s.Outcome))
	w.time(11, s.LastVisit)
	w.time(12, s.LastOK)
	w.time(13, s.LastNew)
	list(&w, 14, s.Problems, writeProblem)
	w.message(15, func(w *writer) { writeAttribution(w, s.Feed) })
	w.time(16, s.GoneSince)
	w.text(17, s.Filing)
	return c.appendFrame(nil, w.b)
}

func (c *codec) decodeState(frame []byte) (s storage.SourceState, err error) {
	payload, err := c.open(frame)
	if err != nil {
		return s, err
	}
	err = readFields(payload, func(f field) error {
		if f.n <= 7 {
			readStateOrigin(&s, f)
			return nil
		}
		return readStateOutcome(&s, f)
	})
	return s, err
}

// readStateOrigin reads the fields 1 to 7: what the next visit needs.
func readStateOrigin(s *storage.SourceState, f field) {
	switch f.n {
	case 1:
		s.ETag = f.text()
	case 2:
		s.LastModified = f.text()
	case 3:
		s.ValidatorURL = f.text()
	case 4:
		copy(s.BodyHash[:], f.b)
	case 5:
		s.Next = f.time()
	case 6:
		s.Interval = f.duration()
	case 7:
		s.Wait = f.time()
	}
}

// readStateOutcome reads the fields from 8 on: what the last visit brought.
func readStateOutcome(s *storage.SourceState, f field) (err error) {
	switch f.n {
	case 8:
		s.Fails = int(f.number())
	case 9:
		s.LastError = f.text()
	case 10:
		s.Outcome = storage.Outcome(f.b)
	case 11:
		s.LastVisit = f.time()
	case 12:
		s.LastOK = f.time()
	case 13:
		s.LastNew = f.time()
	case 14:
		return readInto(&s.Problems, f, readProblem)
	case 15:
		s.Feed, err = readAttribution(f.b)
	case 16:
		s.GoneSince = f.time()
	case 17:
		s.Filing = f.text()
	}
	return err
}

func writeProblem(w *writer, p coranto.Problem) {
	w.text(1, p.Code)
	w.text(2, p.Place)
	w.text(3, p.Text)
}

func readProblem(b []byte) (p coranto.Problem, err error) {
	err = readFields(b, func(f field) error {
		switch f.n {
		case 1:
			p.Code = f.text()
		case 2:
			p.Place = f.text()
		case 3:
			p.Text = f.text()
		}
		return nil
	})
	return p, err
}

// encodeChange is the value of the log bucket: one frame.
func (c *codec) encodeChange(ch *storage.Change) []byte {
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

func (c *codec) decodeChange(frame []byte) (ch storage.Change, err error) {
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
