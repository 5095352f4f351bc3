package house_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// promises are the numbers of the project's checklist that have a test by name:
// how feeds are read (C), which inputs are bad (B), how a client behaves (P), what
// it refuses (X), what it survives (R) and how what it publishes speaks (S).
func promises() map[string][][2]int {
	return map[string][][2]int{
		"C": {{1, 40}},
		"B": {{1, 30}, {38, 39}, {42, 42}},
		"P": {{1, 17}, {20, 31}, {35, 44}, {50, 54}, {60, 73}, {75, 75}},
		"X": {{1, 8}, {17, 17}, {39, 40}},
		"R": {{11, 12}, {14, 14}, {20, 20}},
		"S": {{1, 15}, {20, 24}, {26, 26}, {30, 39}, {45, 50}, {52, 55}},
	}
}

// TestChecks holds that each promise has a test by its number: a name that begins
// with it, alone or among others.
func TestChecks(t *testing.T) {
	seen, err := proven(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for letter, ranges := range promises() {
		for _, r := range ranges {
			for n := r[0]; n <= r[1]; n++ {
				if name := fmt.Sprint(letter, n); !seen[name] {
					t.Errorf("no test has a name that begins with %s", name)
				}
			}
		}
	}
}

// TestChecksPlanted shows what counts as a name.
func TestChecksPlanted(t *testing.T) {
	tests := []struct {
		file, line string
		want       string // the numbers found
	}{
		{"x_test.go", `t.Run("P36 waits", nil)`, "P36"},
		{"x_test.go", `t.Run("P36 B23 waits", nil)`, "B23 P36"},
		{"x_test.go", `{"C7: a date", 1},`, "C7"},
		{"x_test.go", `{"B04 a date", 1},`, "B4"},
		{"x_test.go", `t.Run("X04 "+tt.name, nil)`, "X4"},
		{"x_test.go", `func TestP71Status(t *testing.T) {`, "P71"},
		{"x_test.go", `// P36 is for another day.`, ""},
		{"x_test.go", `t.Error("not as P36 wants")`, ""},
		{"x_test.go", `{"C2PA", "B12"},`, ""},
		{"x.go", `const name = "P36 waits"`, ""},
		{"testdata/x_test.go", `t.Run("P36 waits", nil)`, ""},
	}
	for _, tt := range tests {
		seen, err := proven(fstest.MapFS{tt.file: {Data: []byte(tt.line)}})
		if err != nil {
			t.Fatal(err)
		}
		for want := range strings.FieldsSeq(tt.want) {
			if !seen[want] {
				t.Errorf("%s: %s: found %v, want %s", tt.file, tt.line, seen, want)
			}
		}
		if len(seen) != len(strings.Fields(tt.want)) {
			t.Errorf("%s: %s: found %v, want %q", tt.file, tt.line, seen, tt.want)
		}
	}
}

// proven are the numbers by which the tests of a tree are named, without zeros
// before their digits.
func proven(tree fs.FS) (map[string]bool, error) {
	name := regexp.MustCompile(`"(?:[BCPRSX][0-9]{1,2}[ :]+)+|func Test(?:[BCPRSX][0-9]{1,2})+[A-Z(]`)
	number := regexp.MustCompile(`([BCPRSX])([0-9]{1,2})`)
	seen := make(map[string]bool)
	err := fs.WalkDir(tree, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "testdata" || file != "." && strings.HasPrefix(entry.Name(), ".")) {
			return fs.SkipDir
		}
		// This file names numbers that prove nothing.
		if !strings.HasSuffix(file, "_test.go") || path.Base(file) == "checks_test.go" {
			return nil
		}
		source, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		for _, m := range name.FindAll(source, -1) {
			for _, one := range number.FindAllSubmatch(m, -1) {
				n, err := strconv.Atoi(string(one[2]))
				if err != nil {
					return err
				}
				seen[fmt.Sprint(string(one[1]), n)] = true
			}
		}
		return nil
	})
	return seen, err
}
