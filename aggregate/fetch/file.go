package fetch

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
)

// DecodeFile returns what a file holds that may be a body saved as it came. gzip and
// zstd show by their first bytes; "br", which has none of its own, is decoded where
// coding says so. limit is of the bytes that are returned; 0 means 16 MiB. What is not
// compressed is returned as it is. The error wraps ErrTooLarge, or is the decoder's.
func DecodeFile(body []byte, coding string, limit int64) ([]byte, error) {
	m := &meter{
		r: bytes.NewReader(body), maxIn: int64(len(body)), maxOut: cmp.Or(limit, 16<<20),
	}
	s := newDecoders().stack(m)
	defer s.close()
	var codings []string
	switch {
	case s.starts("\x28\xb5\x2f\xfd"):
		codings = []string{"zstd"}
	case coding == "br":
		codings = []string{"br"}
	case !s.starts("\x1f\x8b\x08"):
		return body, nil
	}
	err := s.push(codings)
	if err == nil {
		body, err = io.ReadAll(s.r)
	}
	if err != nil {
		return nil, fmt.Errorf("decompress file: %w", m.blame(err))
	}
	return body, nil
}
