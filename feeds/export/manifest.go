package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/coranto/coranto/feeds/publish"
)

// manifestName is the export's own list, in the folder that it writes to.
const manifestName = ".coranto-export.json"

// manifest says what the folder holds. It is put in its place with what it speaks
// of.
type manifest struct {
	Serial        uint64 `json:"serial"`        // of the export; 0 before the first
	Precompressed bool   `json:"precompressed"` // there are coded copies

	// By Fingerprint, Mark and Follower the next export knows what it need not make
	// again.
	Fingerprint string       `json:"fingerprint,omitempty"`
	Follower    string       `json:"follower,omitempty"`
	Mark        publish.Mark `json:"mark,omitzero"`

	Owed []string `json:"owed,omitempty"` // paths changed since the last Settle, sorted

	// Foreign are files of others that stand in both trees: see mirror.
	Foreign []string `json:"foreign,omitempty"`

	Documents []string `json:"documents"` // paths, sorted
}

// names is the set of the files that the manifest speaks of, itself too.
func (m *manifest) names() (map[string]struct{}, error) {
	names := make(map[string]struct{}, len(m.Documents)+1)
	names[manifestName] = struct{}{}
	for _, path := range m.Documents {
		name, err := fileName(path)
		if err != nil {
			return nil, err
		}
		names[name] = struct{}{}
	}
	return names, nil
}

// owns reports whether a file is one of these names, or a coded copy of one.
func owns(names map[string]struct{}, file string) bool {
	if _, ok := names[file]; ok {
		return true
	}
	for _, coding := range publish.Codings() {
		if base, ok := strings.CutSuffix(file, coding.Ext()); ok {
			_, ok = names[base]
			return ok
		}
	}
	return false
}

// readManifest reads the list of a tree, which is empty in a new folder.
func (t tree) readManifest() (m manifest, err error) {
	text, err := t.read(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		foreign, err := t.foreign()
		if err == nil && foreign {
			err = ErrForeign
		}
		return m, err
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("read %s: %w", manifestName, err)
	}
	if _, err := m.names(); err != nil {
		return m, fmt.Errorf("read %s: %w", manifestName, err)
	}
	slices.Sort(m.Documents)
	return m, nil
}

// serial is that of the list of a tree; 0 when there is none that can be read.
func (t tree) serial() uint64 {
	var m manifest
	text, err := t.read(manifestName)
	if err == nil && json.Unmarshal(text, &m) != nil {
		return 0
	}
	return m.Serial
}

// text is the list as a file.
func (m *manifest) text() ([]byte, error) {
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", manifestName, err)
	}
	return append(text, '\n'), nil
}
