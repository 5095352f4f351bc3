package session

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/klauspost/compress/zstd"
)

// magic begins what Export writes; its last byte is the version.
const magic = "coranto-tls\x01"

// window is of the packed form, which is so much larger than a session that hosts
// of one authority share what is said of it.
const window = 8 << 20

// maxBytes bounds what Import unpacks: 2,048 sessions take some 10 MB.
const maxBytes = 64 << 20

// errForeign reports bytes that Export did not write.
var errForeign = errors.New("not TLS sessions")

// Export is all sessions as bytes for Import, those used last first. It is empty
// when there are none.
func (s *Cache) Export() ([]byte, error) {
	var records []byte
	for _, one := range s.all() {
		ticket, state, err := one.state.ResumptionState()
		if err != nil || state == nil {
			continue // one that can't be told is not worth keeping
		}
		coded, err := state.Bytes()
		if err != nil {
			continue
		}
		records = appendPart(records, []byte(one.host))
		records = appendPart(records, binary.AppendVarint(nil, one.since.Unix()))
		records = appendPart(records, ticket)
		records = appendPart(records, coded)
	}
	if len(records) == 0 {
		return nil, nil
	}
	// Hosts share their authorities' certificates: they pack to a fraction.
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(window))
	if err != nil {
		return nil, fmt.Errorf("pack TLS sessions: %w", err)
	}
	return z.EncodeAll(records, []byte(magic)), nil
}

// all are the sessions as they are now, newest use first.
func (s *Cache) all() []entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]entry, 0, s.order.Len())
	for at := s.order.Front(); at != nil; at = at.Next() {
		list = append(list, *at.Value.(*entry))
	}
	return list
}

func appendPart(b, part []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(part))), part...)
}

// Import adds the sessions that Export wrote, but for those that have had their
// time. Sessions that are here already stay. An error means that nothing was
// added, or that one in the middle is damaged and the rest is missing.
func (s *Cache) Import(b []byte) error {
	packed, ok := bytes.CutPrefix(b, []byte(magic))
	if !ok {
		return errForeign
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBytes))
	if err != nil {
		return fmt.Errorf("unpack TLS sessions: %w", err)
	}
	defer z.Close()
	records, err := z.DecodeAll(packed, nil)
	if err != nil {
		return fmt.Errorf("unpack TLS sessions: %w", err)
	}
	for len(records) > 0 {
		var one entry
		if one, records, err = readSession(records); err != nil {
			return err
		}
		s.add(one)
	}
	return nil
}

// add puts an old session behind those that are here.
func (s *Cache) add(one entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	age := s.now().Sub(one.since)
	if s.hosts[one.host] == nil && age <= life && age >= -time.Hour && s.order.Len() < s.limit {
		s.hosts[one.host] = s.order.PushBack(&one)
	}
}

// readSession reads one session and returns what follows it.
func readSession(b []byte) (one entry, rest []byte, err error) {
	var parts [4][]byte
	for i := range parts {
		size, n := binary.Uvarint(b)
		if n <= 0 || size > uint64(len(b)-n) {
			return one, nil, errForeign
		}
		parts[i], b = b[n:n+int(size)], b[n+int(size):]
	}
	since, n := binary.Varint(parts[1])
	if n <= 0 {
		return one, nil, errForeign
	}
	state, err := tls.ParseSessionState(parts[3])
	if err != nil {
		return one, nil, fmt.Errorf("%w: %w", errForeign, err)
	}
	one = entry{host: string(parts[0]), since: time.Unix(since, 0)}
	one.state, err = tls.NewResumptionState(slices.Clone(parts[2]), state)
	return one, b, err
}
