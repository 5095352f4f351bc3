package layout

import (
	"bytes"

	"github.com/coranto/coranto"
)

// accessFields are the fields of an Access; none for the zero value.
func accessFields(a coranto.Access) []byte {
	var w writer
	w.text(1, a.UserAgent)
	pairs(&w, 2, a.Headers)
	w.text(3, a.Cookies)
	w.text(4, a.User)
	w.text(5, a.Password)
	w.text(6, a.Proxy)
	w.text(7, a.CA)
	w.flag(8, a.Insecure)
	w.flag(9, a.HTTP1)
	w.number(10, int64(a.Timeout))
	w.number(11, a.MaxBody)
	w.flag(12, a.Believed)
	return w.b
}

// SameAccess reports whether two sources are asked in the same way.
func SameAccess(a, b coranto.Access) bool { return bytes.Equal(accessFields(a), accessFields(b)) }

func readAccess(b []byte) (a coranto.Access, err error) {
	err = readFields(b, func(f field) error {
		switch f.n {
		case 1:
			a.UserAgent = f.text()
		case 2:
			return readPair(&a.Headers, f)
		case 3:
			a.Cookies = f.text()
		case 4:
			a.User = f.text()
		case 5:
			a.Password = f.text()
		case 6:
			a.Proxy = f.text()
		case 7:
			a.CA = f.text()
		case 8:
			a.Insecure = f.flag()
		case 9:
			a.HTTP1 = f.flag()
		case 10:
			a.Timeout = f.duration()
		case 11:
			a.MaxBody = f.number()
		case 12:
			a.Believed = f.flag()
		}
		return nil
	})
	return a, err
}
