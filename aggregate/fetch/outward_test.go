package fetch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// waysOut are the names of the standard library by which a program reaches another.
// http.Request and the server's side are none.
func waysOut() map[string][]string {
	return map[string][]string{
		"net/http": {"Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport", "DefaultTransport"},
		"net": {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "Dialer", "Resolver", "LookupHost",
			"LookupIP", "LookupAddr", "LookupTXT", "LookupMX", "LookupSRV", "LookupCNAME", "DefaultResolver"},
		"crypto/tls": {"Dial", "DialWithDialer", "Dialer", "Client"},
		"net/smtp":   {"Dial", "SendMail", "NewClient"},
		"net/rpc":    {"Dial", "DialHTTP"},
		"os/exec":    {"Command", "CommandContext"},
	}
}

// exempt are the files that may reach out by themselves, with the reason.
func exempt() map[string]string {
	return map[string]string{
		"cmd/coranto/status.go":   "asks our own server on this machine",
		"internal/child/child.go": "starts a test once more",
	}
}

// TestOneWayOut is X04: nothing but this package reaches out, tests aside.
func TestOneWayOut(t *testing.T) {
	tree := os.DirFS("../..")
	used := make(map[string]bool)
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if name != "." && strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		case path.Ext(name) != ".go", strings.HasSuffix(name, "_test.go"), path.Dir(name) == "aggregate/fetch":
			return nil
		}
		for _, found := range reaches(t, tree, name) {
			used[name] = true
			if exempt()[name] == "" {
				t.Errorf("X04 %s: use the client or the transport of aggregate/fetch", found)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range exempt() {
		if !used[name] {
			t.Errorf("%s reaches nowhere: it needs no exemption", name)
		}
	}
}

// X04: the search finds each form of a way out.
func TestOneWayOutFinds(t *testing.T) {
	const head = "package x\nimport (\"net\"; web \"net/http\")\n"
	for _, code := range []string{
		"var _, _ = web.Get(``)", "var c = &web.Client{}", "var d net.Dialer", "var _ = web.DefaultTransport",
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", head+code, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(uses(file)) != 1 {
			t.Errorf("%s: found %v, want it", code, uses(file))
		}
	}
}

func reaches(t *testing.T, tree fs.FS, name string) []string {
	t.Helper()
	source, err := fs.ReadFile(tree, name)
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		t.Logf("%v", err) // the compiler says it better
		return nil
	}
	var found []string
	for _, use := range uses(file) {
		found = append(found, files.Position(use.Pos()).String()+": "+use.Sel.Name)
	}
	return found
}

// uses are the ways out that a file names.
func uses(file *ast.File) (found []*ast.SelectorExpr) {
	known := make(map[string][]string)
	for _, spec := range file.Imports {
		target := strings.Trim(spec.Path.Value, `"`)
		name := path.Base(target)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		known[name] = waysOut()[target]
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if pkg, ok := sel.X.(*ast.Ident); ok && slices.Contains(known[pkg.Name], sel.Sel.Name) {
				found = append(found, sel)
			}
		}
		return true
	})
	return found
}
