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
	"testing/fstest"
)

// waysOut are the names by which a program reaches another, by the import path of
// their package; "*" stands for all of a package. http.Request, the server's side
// and what only reads addresses are none.
func waysOut() map[string][]string {
	return map[string][]string{
		"net/http": {"Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport",
			"DefaultTransport", "ProxyFromEnvironment", "NewFileTransport"},
		"net/http/httputil": {"ReverseProxy", "NewSingleHostReverseProxy", "NewClientConn"},
		"net": {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer", "Resolver",
			"LookupHost", "LookupIP", "LookupAddr", "LookupTXT", "LookupMX", "LookupNS", "LookupSRV",
			"LookupCNAME", "LookupPort", "DefaultResolver", "ResolveTCPAddr", "ResolveUDPAddr",
			"ResolveIPAddr"},
		"crypto/tls":             {"Dial", "DialWithDialer", "Dialer", "Client"},
		"net/textproto":          {"Dial"},
		"net/smtp":               {"*"},
		"net/rpc":                {"*"},
		"net/rpc/jsonrpc":        {"*"},
		"log/syslog":             {"*"},
		"os/exec":                {"*"},
		"os":                     {"StartProcess"},
		"syscall":                {"Socket", "Connect", "Exec", "ForkExec", "StartProcess"},
		"golang.org/x/sys/unix":  {"Socket", "Connect", "Exec"},
		"golang.org/x/net/proxy": {"*"},
		"golang.org/x/net/http2": {"*"},
		"C":                      {"*"},
		// gofeed fetches by itself when it is asked to.
		"github.com/mmcdole/gofeed": {"ParseURL", "ParseURLWithContext"},
	}
}

// exempt are the files that may reach out by themselves, with the reason.
func exempt() map[string]string {
	return map[string]string{
		"cmd/coranto/local/local.go":   "asks our own server on this machine",
		"cmd/coranto/socket/socket.go": "asks our own server, through a file of ours",
		"internal/child/child.go":      "starts a test once more",
		"cmd/coranto/deploy/deploy.go": "runs the command that the operator wrote",
		"internal/score/hub.go":        "plays the hub of subscribers on this machine",
	}
}

// TestOneWayOut is X04: nothing but this package reaches out, tests aside.
func TestOneWayOut(t *testing.T) {
	t.Run("X04 one client for all", func(t *testing.T) {
		used := make(map[string]bool)
		for _, found := range waysTaken(t, os.DirFS("../..")) {
			name, _, _ := strings.Cut(found, ":")
			used[name] = true
			if exempt()[name] == "" {
				t.Errorf("%s: use the client or the transport of aggregate/fetch", found)
			}
		}
		for name := range exempt() {
			if !used[name] {
				t.Errorf("%s reaches nowhere: it needs no exemption", name)
			}
		}
	})
}

// TestOneWayOutFinds plants each form of a way out.
func TestOneWayOutFinds(t *testing.T) {
	tests := []struct {
		name, file, imports, code string
		found                     int
	}{
		{"X04 http.Get", "a.go", `"net/http"`, "var _, _ = http.Get(``)", 1},
		{"X04 http.Head", "a.go", `"net/http"`, "var f = http.Head", 1},
		{"X04 http.DefaultClient", "a.go", `"net/http"`, "var c = http.DefaultClient", 1},
		{"X04 http.Client", "a.go", `"net/http"`, "var c = &http.Client{}", 1},
		{"X04 new http.Client", "a.go", `"net/http"`, "var c = new(http.Client)", 1},
		{"X04 http.Client in a struct", "a.go", `"net/http"`, "type c struct{ http.Client }", 1},
		{"X04 another name of http.Client", "a.go", `"net/http"`, "type c = http.Client", 1},
		{"X04 http.Transport", "a.go", `"net/http"`, "var r = &http.Transport{}", 1},
		{"X04 http.DefaultTransport", "a.go", `"net/http"`, "var r = http.DefaultTransport", 1},
		{"X04 proxy that forwards", "a.go", `"net/http/httputil"`, "var p httputil.ReverseProxy", 1},
		{"X04 import of another name", "a.go", `web "net/http"`, "var _, _ = web.Get(``)", 1},
		{"X04 import without a name", "a.go", `. "net/http"`, "var _, _ = Get(``)", 1},
		{"X04 net.Dial", "a.go", `"net"`, "var _, _ = net.Dial(``, ``)", 1},
		{"X04 net.Dialer", "a.go", `"net"`, "var d net.Dialer", 1},
		{"X04 net.LookupHost", "a.go", `"net"`, "var _, _ = net.LookupHost(``)", 1},
		{"X04 net.Resolver", "a.go", `"net"`, "var r net.Resolver", 1},
		{"X04 name of an address", "a.go", `"net"`, "var _, _ = net.ResolveTCPAddr(``, ``)", 1},
		{"X04 tls.Dial", "a.go", `"crypto/tls"`, "var _, _ = tls.Dial(``, ``, nil)", 1},
		{"X04 curl", "a.go", `"os/exec"`, "var c = exec.Command(`curl`)", 1},
		{"X04 process", "a.go", `"os"`, "var f = os.StartProcess", 1},
		{"X04 socket", "a.go", `"syscall"`, "var f = syscall.Socket", 1},
		{"X04 mail", "a.go", `"net/smtp"`, "var f = smtp.SendMail", 1},
		{"X04 HTTP/2 by itself", "a.go", `"golang.org/x/net/http2"`, "var r http2.Transport", 1},
		{"X04 gofeed's own fetch", "a.go", `"github.com/mmcdole/gofeed"`,
			"var _, _ = gofeed.NewParser().ParseURL(``)", 1},
		{"X04 beside the client's package", "aggregate/fetch/more/a.go", `"net"`, "var d net.Dialer", 1},
		{"a test", "a_test.go", `"net"`, "var d net.Dialer", 0},
		{"the client's package", "aggregate/fetch/a.go", `"net"`, "var d net.Dialer", 0},
		{"a server", "a.go", `"net/http"`, "var s http.Server; var r *http.Request", 0},
		{"an address", "a.go", `"net"`, "var f = net.ParseIP; var j = net.JoinHostPort", 0},
		{"a round tripper that was given", "a.go", `"net/http"`, "var r http.RoundTripper", 0},
		{"a method of the same name", "a.go", `"net/http"`, "var h http.Header; var v = h.Get(``)", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code := "package x\n\nimport " + tt.imports + "\n\n" + tt.code + "\n"
			found := waysTaken(t, fstest.MapFS{tt.file: {Data: []byte(code)}})
			if len(found) != tt.found {
				t.Errorf("%s: found %v, want %d", tt.code, found, tt.found)
			}
		})
	}
}

// waysTaken are the places in a tree where something but this package reaches out,
// each beginning with its file and a colon.
func waysTaken(t *testing.T, tree fs.FS) (found []string) {
	t.Helper()
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
		found = append(found, reaches(t, tree, name)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
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
		found = append(found, files.Position(use.Pos()).String()+": "+use.Name)
	}
	return found
}

// uses are the ways out that a file names.
func uses(file *ast.File) (found []*ast.Ident) {
	known := make(map[string][]string) // by the name that the file has for the package
	var bare []string                  // of packages imported without a name
	for _, spec := range file.Imports {
		target := strings.Trim(spec.Path.Value, `"`)
		switch {
		case waysOut()[target] == nil:
		case spec.Name == nil:
			known[path.Base(target)] = waysOut()[target]
		case spec.Name.Name == ".":
			bare = append(bare, waysOut()[target]...)
		default:
			known[spec.Name.Name] = waysOut()[target]
		}
	}
	_, gofeed := known["gofeed"]
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			pkg, isName := n.X.(*ast.Ident)
			if isName && among(known[pkg.Name], n.Sel.Name) || gofeed && among(known["gofeed"], n.Sel.Name) {
				found = append(found, n.Sel)
			}
		case *ast.Ident:
			if among(bare, n.Name) {
				found = append(found, n)
			}
		}
		return true
	})
	return found
}

func among(names []string, name string) bool {
	return slices.Contains(names, name) || slices.Contains(names, "*")
}
