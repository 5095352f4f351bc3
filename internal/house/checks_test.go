package house_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"testing"
)

// TestChecks holds that each check of how feeds are read, C1 to C40, and each
// input of the same kind, B1 to B16 and B25 to B30, has a test by its number: a
// name that begins with it, with or without a zero before the digit.
func TestChecks(t *testing.T) {
	seen := make(map[string]bool)
	number := regexp.MustCompile(`"([BC])0?([1-9][0-9]?)[ :]`)
	for _, wing := range []string{"../../aggregate", "../../feeds"} {
		err := fs.WalkDir(os.DirFS(wing), ".", func(name string, _ fs.DirEntry, err error) error {
			if ok, _ := path.Match("*_test.go", path.Base(name)); err != nil || !ok {
				return err
			}
			source, err := fs.ReadFile(os.DirFS(wing), name)
			for _, m := range number.FindAllSubmatch(source, -1) {
				seen[string(m[1])+string(m[2])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want := func(letter string, from, to int) {
		for n := from; n <= to; n++ {
			if name := fmt.Sprint(letter, n); !seen[name] {
				t.Errorf("no test has a name that begins with %s", name)
			}
		}
	}
	want("C", 1, 40)
	want("B", 1, 16)
	want("B", 25, 30)
}
