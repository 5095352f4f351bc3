package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// manifestName is the export's own list, in the folder that it writes to.
const manifestName = ".coranto-export.json"

// manifest lists what exports have written.
type manifest struct {
	Precompressed bool     `json:"precompressed"` // there may be coded copies
	Documents     []string `json:"documents"`     // paths, sorted
}

// union also lists what is about to be written.
func (m manifest) union(paths []string, precompressed bool) manifest {
	all := slices.Concat(m.Documents, paths)
	slices.Sort(all)
	return manifest{m.Precompressed || precompressed, slices.Compact(all)}
}

// readManifest reads the list, which is empty in a new folder.
func (t *tree) readManifest() (manifest, error) {
	text, err := t.root.ReadFile(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		foreign, err := t.foreign()
		if err == nil && foreign {
			err = ErrForeign
		}
		return manifest{}, err
	}
	if err != nil {
		return manifest{}, err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return manifest{}, fmt.Errorf("read %s: %w", manifestName, err)
	}
	slices.Sort(m.Documents)
	return m, nil
}

// writeManifest writes the list if it differs.
func (t *tree) writeManifest(m manifest) error {
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("write %s: %w", manifestName, err)
	}
	text = append(text, '\n')
	if same, err := t.holds(manifestName, text); err != nil || same {
		return err
	}
	if err := t.put(manifestName, text); err != nil {
		return err
	}
	return t.syncFolder(".")
}
