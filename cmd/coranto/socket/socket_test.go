package socket_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coranto/coranto/cmd/coranto/socket"
	"github.com/coranto/coranto/storage"
)

// echo answers with the question, or with an error of the store.
func echo(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/refuse" {
		socket.Refuse(w, fmt.Errorf("item x: %w", storage.ErrNotFound))
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		socket.Refuse(w, err)
		return
	}
	_, _ = w.Write(body) // the test sees what is missing
}

func listen(t *testing.T, store, temp string, log io.Writer) *http.Server {
	t.Helper()
	logger := slog.New(slog.NewTextHandler(log, nil))
	server, err := socket.Listen(store, temp, http.HandlerFunc(echo), logger)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server
}

func short(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sock")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// TestAsk goes through sockets at both places, and finds them by any path that leads
// to the store.
func TestAsk(t *testing.T) {
	tests := []struct {
		name string
		dir  string // below a short one
		link bool   // is asked by another path
		says string // in the log
	}{
		{"beside the store", "data", false, ""},
		{"R05 a path too long for a socket", strings.Repeat("long/", 30), false, "too long for a socket"},
		{"beside the store, by a link", "data", true, ""},
		{"a path too long, by a short link", strings.Repeat("long/", 30), true, "too long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			base, temp := short(t), short(t)
			dir := filepath.Join(base, tt.dir)
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			server := listen(t, filepath.Join(dir, "coranto.db"), temp, &log)
			if !strings.Contains(log.String(), tt.says) || tt.says == "" && log.Len() > 0 {
				t.Errorf("log %q, want %q", log.String(), tt.says)
			}
			if tt.link {
				if err := os.Symlink(dir, filepath.Join(base, "link")); err != nil {
					t.Fatal(err)
				}
				dir = filepath.Join(base, "link")
			}
			client := socket.Client{Store: filepath.Join(dir, "coranto.db"), Temp: temp}
			path, _ := socket.Path(client.Store, temp)
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("socket %v, error %v, want mode 0600", info, err)
			}
			answer, err := client.Ask(t.Context(), "echo", "hello")
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(answer)
			if err := errors.Join(err, answer.Close()); err != nil || string(text) != `"hello"` {
				t.Errorf("answer %q, error %v, want the question", text, err)
			}
			_, err = client.Ask(t.Context(), "refuse", nil)
			if !errors.Is(err, storage.ErrNotFound) || err.Error() != "item x: not found" {
				t.Errorf("error = %v, want what the server refused with", err)
			}
			if err := server.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := client.Ask(t.Context(), "echo", nil); !errors.Is(err, socket.ErrNobody) {
				t.Errorf("error = %v, want ErrNobody", err)
			}
		})
	}
}

// TestPlanted is a directory that somebody else may have made, to hear our commands.
func TestPlanted(t *testing.T) {
	base, temp := short(t), short(t)
	store := filepath.Join(base, strings.Repeat("long/", 30), "coranto.db")
	path, beside := socket.Path(store, temp)
	if beside || os.Mkdir(filepath.Dir(path), 0o777) != nil || os.Chmod(filepath.Dir(path), 0o777) != nil {
		t.Fatalf("socket at %s, want one below %s", path, temp)
	}
	if _, err := (socket.Client{Store: store, Temp: temp}).Ask(t.Context(), "echo", nil); !errors.Is(err, socket.ErrNobody) {
		t.Errorf("error = %v, want ErrNobody", err)
	}
	if _, err := socket.Listen(store, temp, http.NotFoundHandler(), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a server listens where everybody may write")
	}
}

// TestLeft is the socket of a server that was killed.
func TestLeft(t *testing.T) {
	store := filepath.Join(short(t), "coranto.db")
	path, _ := socket.Path(store, "")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	client := socket.Client{Store: store}
	if _, err := client.Ask(t.Context(), "echo", nil); !errors.Is(err, socket.ErrNobody) {
		t.Errorf("error = %v, want ErrNobody", err)
	}
	listen(t, store, "", t.Output())
	answer, err := client.Ask(t.Context(), "echo", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Close()
}
