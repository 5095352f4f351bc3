package sessions_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/cmd/coranto/sessions"
)

// open opens the file in a directory, and returns what is logged of it.
func open(dir string) (*sessions.File, *bytes.Buffer) {
	var log bytes.Buffer
	return sessions.Open(dir, slog.New(slog.NewTextHandler(&log, nil))), &log
}

// visit gets a page over TLS, whose session f then has.
func visit(t *testing.T, f *sessions.File) {
	t.Helper()
	origin := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("hello"))
	}))
	t.Cleanup(origin.Close)
	client := fetch.New(fetch.Options{
		Sessions: f, AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	})
	t.Cleanup(client.CloseIdle)
	req := fetch.Request{URL: origin.URL, Access: coranto.Access{Insecure: true}}
	if _, err := client.Get(t.Context(), req); err != nil {
		t.Fatal(err)
	}
}

func TestSaveAndOpen(t *testing.T) {
	dir := t.TempDir()
	first, log := open(dir)
	if first.Len() != 0 || log.Len() != 0 {
		t.Errorf("%d sessions and the log %q without a file, want none", first.Len(), log)
	}
	visit(t, first)
	first.Save()
	info, err := os.Stat(filepath.Join(dir, sessions.Name))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("sessions kept as %v, error %v; want mode 0600", info, err)
	}
	if next, _ := open(dir); next.Len() != 1 {
		t.Errorf("%d sessions after a restart, want 1", next.Len())
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("files %v, error %v; want the one alone", files, err)
	}
}

func TestDamagedFileIsNotUsed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, sessions.Name)
	if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, log := open(dir)
	if f.Len() != 0 || !bytes.Contains(log.Bytes(), []byte("level=INFO")) {
		t.Errorf("%d sessions and the log %q of a damaged file, want none and a word", f.Len(), log)
	}
	f.Save() // has nothing to say, and leaves the file to whoever wants to see it
	if got, err := os.ReadFile(path); err != nil || string(got) != "damaged" {
		t.Errorf("the file holds %q, error %v; want what it held", got, err)
	}
}

func TestFolderThatIsGone(t *testing.T) {
	f, log := open(filepath.Join(t.TempDir(), "gone"))
	visit(t, f)
	f.Save()
	if !bytes.Contains(log.Bytes(), []byte("level=WARN")) {
		t.Errorf("the log is %q, want a warning that nothing is kept", log)
	}
}
