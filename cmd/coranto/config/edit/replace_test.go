package edit_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/coranto/coranto/cmd/coranto/config/edit"
)

// TestReplace shows that a link stays a link, and the file as private as it
// was.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("target", link); err != nil {
		t.Fatal(err)
	}
	if err := edit.Replace(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.Readlink(link); err != nil || got != "target" {
		t.Errorf("link leads to %q, %v, want target", got, err)
	}
	text, err := os.ReadFile(target)
	if err != nil || string(text) != "new" {
		t.Errorf("target = %q, %v, want the new text", text, err)
	}
	info, err := os.Stat(target)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v, %v, want 0600", info.Mode(), err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 {
		t.Errorf("files = %v, %v, want the two and no other", files, err)
	}
}
