package layout

import (
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// EncodeState is the second frame of a value of the src bucket.
func (c *Codec) EncodeState(s *storage.SourceState) []byte {
	w := writer{make([]byte, 0, plainBelow)}
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
	if !noHints(s.Hints) {
		w.message(18, func(w *writer) { writeHints(w, s.Hints) })
	}
	w.text(19, s.Reading)
	w.flag(20, s.LooseIDs)
	w.text(21, s.WaitHost)
	w.time(22, s.Fresh)
	w.time(23, s.LastFull)
	w.number(24, int64(s.Gap))
	w.time(25, s.Missing)
	w.number(26, int64(s.HostFails))
	if s.Move != (storage.Move{}) {
		w.message(27, func(w *writer) { writeMove(w, s.Move) })
	}
	if hasPush(s.Push) {
		w.message(28, func(w *writer) { writePush(w, s.Push) })
	}
	w.time(29, s.Clock)
	return c.appendFrame(nil, w.b)
}

// DecodeState reads what EncodeState wrote.
func (c *Codec) DecodeState(frame []byte) (s storage.SourceState, err error) {
	payload, err := c.open(frame)
	if err != nil {
		return s, err
	}
	err = readFields(payload, func(f field) error {
		switch {
		case f.n <= 7:
			readStateOrigin(&s, f)
			return nil
		case f.n <= 15:
			return readStateOutcome(&s, f)
		case f.n <= 20:
			return readStateReading(&s, f)
		}
		return readStateManners(&s, f)
	})
	return s, err
}

// DecodeHeld reads of a state only what a commit keeps of it or compares with the
// next one: LastNew, Feed and Push.
func (c *Codec) DecodeHeld(frame []byte) (s storage.SourceState, err error) {
	payload, err := c.open(frame)
	if err != nil {
		return s, err
	}
	err = readFields(payload, func(f field) error {
		switch f.n {
		case 13, 15:
			return readStateOutcome(&s, f)
		case 28:
			return readStateManners(&s, f)
		}
		return nil
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

// readStateOutcome reads the fields 8 to 15: what the last visit brought.
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
	}
	return err
}

// readStateReading reads the fields 16 to 20: how the source is read.
func readStateReading(s *storage.SourceState, f field) (err error) {
	switch f.n {
	case 16:
		s.GoneSince = f.time()
	case 17:
		s.Filing = f.text()
	case 18:
		s.Hints, err = readHints(f.b)
	case 19:
		s.Reading = f.text()
	case 20:
		s.LooseIDs = f.flag()
	}
	return err
}

// readStateManners reads the fields from 21 on: what the origin asks of visitors.
func readStateManners(s *storage.SourceState, f field) (err error) {
	switch f.n {
	case 21:
		s.WaitHost = f.text()
	case 22:
		s.Fresh = f.time()
	case 23:
		s.LastFull = f.time()
	case 24:
		s.Gap = f.duration()
	case 25:
		s.Missing = f.time()
	case 26:
		s.HostFails = int(f.number())
	case 27:
		s.Move, err = readMove(f.b)
	case 28:
		s.Push, err = readPush(f.b)
	case 29:
		s.Clock = f.time()
	}
	return err
}

func writeMove(w *writer, m storage.Move) {
	w.text(1, m.To)
	w.number(2, int64(m.Polls))
	w.time(3, m.Since)
	w.time(4, m.Adopted)
	w.text(5, string(m.Into))
}

func readMove(b []byte) (m storage.Move, err error) {
	err = readFields(b, func(f field) error {
		switch f.n {
		case 1:
			m.To = f.text()
		case 2:
			m.Polls = int(f.number())
		case 3:
			m.Since = f.time()
		case 4:
			m.Adopted = f.time()
		case 5:
			m.Into = coranto.SourceID(f.b)
		}
		return nil
	})
	return m, err
}

func noHints(h storage.Hints) bool {
	return h.TTL == 0 && h.UpdatePeriod == 0 && len(h.SkipHours) == 0 && len(h.SkipDays) == 0
}

// writeHints writes hours and days as a byte each; what is none is left out.
func writeHints(w *writer, h storage.Hints) {
	w.number(1, int64(h.TTL))
	w.number(2, int64(h.UpdatePeriod))
	for _, hour := range h.SkipHours {
		if hour >= 0 && hour < 24 {
			w.raw(3, []byte{byte(hour)})
		}
	}
	for _, day := range h.SkipDays {
		if day >= time.Sunday && day <= time.Saturday {
			w.raw(4, []byte{byte(day)})
		}
	}
}

func readHints(b []byte) (h storage.Hints, err error) {
	err = readFields(b, func(f field) error {
		switch f.n {
		case 1:
			h.TTL = f.duration()
		case 2:
			h.UpdatePeriod = f.duration()
		case 3:
			for _, hour := range f.b {
				h.SkipHours = append(h.SkipHours, int(hour))
			}
		case 4:
			for _, day := range f.b {
				h.SkipDays = append(h.SkipDays, time.Weekday(day))
			}
		}
		return nil
	})
	return h, err
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
