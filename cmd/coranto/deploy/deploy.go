// Package deploy knows what a build of files depends on besides the store, and runs the
// operator's command after one.
package deploy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/coranto/coranto/feeds"
)

// Fingerprint stands for all that files depend on but the store: this program, what the
// operator says of the site, and the theme in a directory; "" when one of them can't be
// read. It gives away none of them.
func Fingerprint(site feeds.Site, theme string) string {
	h := sha256.New()
	if err := fingerprint(h, site, theme); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func fingerprint(w io.Writer, site feeds.Site, theme string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := add(w, os.DirFS(filepath.Dir(self)), filepath.Base(self)); err != nil {
		return err
	}
	zone := ""
	if site.Zone != nil {
		zone = site.Zone.String()
	}
	if err := json.NewEncoder(w).Encode([]any{site, zone, theme}); err != nil || theme == "" {
		return err
	}
	files := os.DirFS(theme)
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return add(w, files, name)
	})
}

// add writes a file with its name and length.
func add(w io.Writer, files fs.FS, name string) error {
	f, err := files.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	n, err := io.Copy(w, f)
	if err == nil {
		_, err = fmt.Fprintf(w, "\n%d %q\n", n, name)
	}
	return err
}

// Change is what the operator's command is told.
type Change struct {
	Dir     string   // of the files
	Paths   []string // of documents that are new, changed or gone
	Written int
	Removed int
}

// stopTime is how long a command may take to end when it is told to.
const stopTime = 10 * time.Second

// Run has the shell run a command after a change: in the directory of the files, with the
// changed paths to read, one to a line, and how many documents were written and removed in
// CORANTO_WRITTEN and CORANTO_REMOVED. What it prints goes to out.
func Run(ctx context.Context, command string, change Change, out io.Writer) error {
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", command)
	cmd.Dir = change.Dir
	cmd.Env = append(os.Environ(), fmt.Sprint("CORANTO_WRITTEN=", change.Written),
		fmt.Sprint("CORANTO_REMOVED=", change.Removed))
	cmd.Stdin = strings.NewReader(strings.Join(change.Paths, "\n") + "\n")
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = stopTime
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build.after %q: %w (the files are written; the next build runs it again)",
			command, err)
	}
	return nil
}
