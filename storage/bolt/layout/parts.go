package layout

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/coranto/coranto"
)

func writePerson(w *writer, p coranto.Person) {
	w.text(1, p.Name)
	w.text(2, p.Email)
	w.text(3, p.URI)
	w.text(4, p.Avatar)
}

func readPerson(b []byte) (p coranto.Person, err error) {
	err = readFields(b, func(f field) error {
		switch f.n {
		case 1:
			p.Name = f.text()
		case 2:
			p.Email = f.text()
		case 3:
			p.URI = f.text()
		case 4:
			p.Avatar = f.text()
		}
		return nil
	})
	return p, err
}

func writeTag(w *writer, t coranto.Tag) {
	w.text(1, t.Term)
	w.text(2, t.Scheme)
	w.text(3, t.Label)
}

func readTag(b []byte) (t coranto.Tag, err error) {
	err = readFields(b, func(f field) error {
		switch f.n {
		case 1:
			t.Term = f.text()
		case 2:
			t.Scheme = f.text()
		case 3:
			t.Label = f.text()
		}
		return nil
	})
	return t, err
}

func writeEnclosure(w *writer, e coranto.Enclosure) {
	w.text(1, e.URL)
	w.text(2, e.Type)
	w.text(3, e.Title)
	w.number(4, e.Length)
	w.number(5, int64(e.Duration))
}

func readEnclosure(b []byte) (e coranto.Enclosure, err error) {
	err = readFields(b, func(f field) error {
		switch f.n {
		case 1:
			e.URL = f.text()
		case 2:
			e.Type = f.text()
		case 3:
			e.Title = f.text()
		case 4:
			e.Length = f.number()
		case 5:
			e.Duration = f.duration()
		}
		return nil
	})
	return e, err
}

func writeImage(w *writer, i coranto.Image) {
	w.text(1, i.URL)
	w.text(2, i.Alt)
	w.number(3, int64(i.Width))
	w.number(4, int64(i.Height))
}

func readImage(b []byte) (i coranto.Image, err error) {
	err = readFields(b, func(f field) error {
		switch f.n {
		case 1:
			i.URL = f.text()
		case 2:
			i.Alt = f.text()
		case 3:
			i.Width = int(f.number())
		case 4:
			i.Height = int(f.number())
		}
		return nil
	})
	return i, err
}

func writeLink(w *writer, l coranto.Link) {
	w.text(1, l.Rel)
	w.text(2, l.Href)
	w.text(3, l.Type)
	w.text(4, l.Hreflang)
	w.text(5, l.Title)
}

func readLink(b []byte) (l coranto.Link, err error) {
	err = readFields(b, func(f field) error {
		switch f.n {
		case 1:
			l.Rel = f.text()
		case 2:
			l.Href = f.text()
		case 3:
			l.Type = f.text()
		case 4:
			l.Hreflang = f.text()
		case 5:
			l.Title = f.text()
		}
		return nil
	})
	return l, err
}

func writeAttribution(w *writer, a coranto.Attribution) {
	w.text(1, a.ID)
	w.text(2, a.Title)
	w.text(3, a.Summary)
	w.text(4, a.Link)
	w.text(5, a.Feed)
	w.text(6, a.Language)
	w.text(7, a.Rights)
	w.text(8, a.License)
	w.text(9, a.Icon)
	list(w, 10, a.Authors, writePerson)
}

func readAttribution(b []byte) (a coranto.Attribution, err error) {
	err = readFields(b, func(f field) error {
		switch f.n {
		case 1:
			a.ID = f.text()
		case 2:
			a.Title = f.text()
		case 3:
			a.Summary = f.text()
		case 4:
			a.Link = f.text()
		case 5:
			a.Feed = f.text()
		case 6:
			a.Language = f.text()
		case 7:
			a.Rights = f.text()
		case 8:
			a.License = f.text()
		case 9:
			a.Icon = f.text()
		case 10:
			return readInto(&a.Authors, f, readPerson)
		}
		return nil
	})
	return a, err
}

func writeExtension(w *writer, e coranto.Extension) {
	w.text(1, e.Name)
	w.text(2, e.Value)
	pairs(w, 3, e.Attrs)
	list(w, 4, e.Children, writeExtension)
}

func readExtension(b []byte) (e coranto.Extension, err error) {
	err = readFields(b, func(f field) error {
		switch f.n {
		case 1:
			e.Name = f.text()
		case 2:
			e.Value = f.text()
		case 3:
			return readPair(&e.Attrs, f)
		case 4:
			return readInto(&e.Children, f, readExtension)
		}
		return nil
	})
	return e, err
}

// pairs writes a map as protobuf does: a repeated message of a name and a value,
// here sorted by name.
func pairs(w *writer, n protowire.Number, m map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		w.message(n, func(w *writer) {
			w.text(1, name)
			w.text(2, m[name])
		})
	}
}

// readPair adds a pair to a map.
func readPair(m *map[string]string, f field) error {
	var name, value string
	err := readFields(f.b, func(f field) error {
		switch f.n {
		case 1:
			name = f.text()
		case 2:
			value = f.text()
		}
		return nil
	})
	if err == nil && *m == nil {
		*m = make(map[string]string)
	}
	if err == nil {
		(*m)[name] = value
	}
	return err
}
