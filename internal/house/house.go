// Package house checks the one rule by which this repository is built: imports
// point down and its two wings never meet, and each outside library has one
// owner. Tests may use any library, to be measured by it. The package's own test
// runs the check over the repository.
package house

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// module is the path that the packages of the repository begin with.
const module = "github.com/coranto/coranto"

// floors says how high each top-level folder stands: a package imports from its
// own folder and from lower ones only. The wings stand on one floor, so neither
// imports the other.
func floors() map[string]int {
	return map[string]int{"cmd": 4, "aggregate": 2, "feeds": 2, "storage": 1, ".": 0}
}

// owners says which package alone may import a library, tests aside.
func owners() map[string]string {
	return map[string]string{
		"github.com/mmcdole/gofeed":     "aggregate/parse",
		"github.com/gorilla/feeds":      "feeds/format",
		"go.etcd.io/bbolt":              "storage/bolt",
		"github.com/goccy/go-yaml":      "cmd/coranto/config",
		"github.com/alecthomas/kong":    "cmd/coranto",
		"golang.org/x/term":             "cmd/coranto/term",
		"github.com/mattn/go-runewidth": "cmd/coranto/term",
	}
}

// Check reads the import clauses of all Go files in a tree, tests included, and
// returns what is against the rule, a line each. internal packages may be
// imported by all and themselves import the root package at most.
func Check(tree fs.FS) ([]string, error) {
	var found []string
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "testdata" || name != "." && strings.HasPrefix(entry.Name(), ".")) {
			return fs.SkipDir
		}
		if entry.IsDir() || path.Ext(name) != ".go" {
			return nil
		}
		wrong, err := checkFile(tree, name)
		found = append(found, wrong...)
		return err
	})
	return found, err
}

func checkFile(tree fs.FS, name string) ([]string, error) {
	source, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, spec := range file.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		why := against(path.Dir(name), target)
		if why == "" && !strings.HasSuffix(name, "_test.go") {
			why = owned(path.Dir(name), target)
		}
		if why != "" {
			found = append(found, fmt.Sprintf("%s imports %s: %s", name, target, why))
		}
	}
	return found, nil
}

// owned says whose library an import is, "" when everyone may import it.
func owned(from, target string) string {
	for library, owner := range owners() {
		if inside(target, library) && !inside(from, owner) {
			return "only " + owner + " may"
		}
	}
	return ""
}

// against says how an import leads up or across, "" when it leads down.
func against(from, target string) string {
	if !inside(target, module) {
		return ""
	}
	to := top(strings.TrimPrefix(strings.TrimPrefix(target, module), "/"))
	here, there := floors()[top(from)], floors()[to]
	switch {
	case to == "internal", top(from) == to:
		return ""
	case top(from) == "internal":
		if to == "." {
			return ""
		}
		return "internal packages stand on the root package alone"
	case here > there:
		return ""
	case here == there:
		return "the wings never meet"
	}
	return "imports point down"
}

// inside reports whether an import path is a package of a module.
func inside(target, module string) bool {
	return target == module || strings.HasPrefix(target, module+"/")
}

// top is the first folder of a path in the repository, "." for its root.
func top(dir string) string {
	first, _, _ := strings.Cut(dir, "/")
	if first == "" {
		return "."
	}
	return first
}
