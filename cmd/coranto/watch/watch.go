// Package watch tells when the operator's file has changed, or the theme that it
// names. It looks at times and sizes when it is asked to, and at nothing in between.
package watch

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// File is a file that somebody may change at any time. It is not safe for concurrent
// use. A nil *File never changes.
type File struct {
	path  string
	theme string // directory; "" for none
	taken stamp
	last  stamp // at the last look
}

// stamp is how two texts of a file are told apart; zero when it is not there. Two
// themes are, by the newest of their files and the size of all.
type stamp struct {
	modified, themed time.Time
	size, themeSize  int64
}

// New begins to watch the file at a path, as it is now.
func New(path string) *File {
	w := &File{path: path}
	w.Take()
	return w
}

// Follow also watches the files of a theme, as they are now; "" ends that.
func (w *File) Follow(theme string) {
	if w == nil {
		return
	}
	w.theme = theme
	now := w.stamp()
	for _, s := range []*stamp{&w.taken, &w.last} {
		s.themed, s.themeSize = now.themed, now.themeSize
	}
}

// Changed reports whether there is something to take in: not what was taken in
// before, and the same at two looks in a row, so that a file half written is let
// finish. It is taken in then. A file that is not there is a state like any other.
func (w *File) Changed() bool {
	now := w.stamp()
	settled := now == w.last
	w.last = now
	if !settled || now == w.taken {
		return false
	}
	w.taken = now
	return true
}

// Take notes that all is taken in as it is now.
func (w *File) Take() {
	if w != nil {
		w.taken = w.stamp()
		w.last = w.taken
	}
}

func (w *File) stamp() stamp {
	var s stamp
	if info, err := os.Stat(w.path); err == nil {
		s.modified, s.size = info.ModTime(), info.Size()
	}
	if w.theme == "" {
		return s
	}
	for _, pattern := range []string{"*", "templates/*"} {
		files, _ := filepath.Glob(filepath.Join(w.theme, pattern)) // the patterns are right
		for _, name := range files {
			if info, err := os.Stat(name); err == nil {
				s.add(info)
			}
		}
	}
	return s
}

func (s *stamp) add(file fs.FileInfo) {
	s.themeSize += file.Size()
	if file.ModTime().After(s.themed) {
		s.themed = file.ModTime()
	}
}
