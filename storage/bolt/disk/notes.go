package disk

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// createdPath is the note that the store was created, so that an emptied or lost
// file is not taken for a new one.
func createdPath(path string) string { return path + ".created" }

// holderPath is the note of the process that holds the store.
func holderPath(path string) string { return path + ".pid" }

// Hold writes the notes beside a file that is complete and opened for writing:
// that there is a store, and that this process holds it until Close. That the
// holder can't be told is a warning only.
func (f *File) Hold(now time.Time) error {
	f.held = true
	pid := strconv.Itoa(os.Getpid()) + "\n"
	if err := os.WriteFile(holderPath(f.path), []byte(pid), 0o644); err != nil {
		f.log.Warn("other processes won't know who holds the store", "err", err)
	}
	return markCreated(f.path, now)
}

func markCreated(path string, now time.Time) error {
	if _, err := os.Stat(createdPath(path)); err == nil {
		return nil
	}
	text := "The store beside this file was created at " + now.UTC().Format(time.RFC3339) +
		".\nRemove both to begin anew.\n"
	return os.WriteFile(createdPath(path), []byte(text), 0o644)
}

// holder names the process that holds the store, as far as is known.
func holder(path string) string {
	text, err := os.ReadFile(holderPath(path))
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return "pid " + pid
	}
	return "its pid is not known"
}
