package publish_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/storage/bolt"
)

// replicaVariable names, for the process that is a replica, the store to publish.
const replicaVariable = "CORANTO_REPLICA"

// fingerprints are a line for each document in each coding: its ETag, when it was
// modified, and a hash of its bytes.
func fingerprints(t testing.TB, p *publish.Publisher, codings ...publish.Coding) map[string]string {
	t.Helper()
	found := make(map[string]string)
	for path, err := range p.Paths(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		e, err := p.Get(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range codings {
			sum := sha256.Sum256(e.Bytes(c))
			found[path+" "+c.String()] = fmt.Sprint(e.Tag(c), " ", e.Modified.UnixNano(), " ",
				hex.EncodeToString(sum[:8]))
		}
	}
	return found
}

func allCodings() []publish.Coding { return append(publish.Codings(), publish.Identity) }

// smallSite has a few posts in each category, some of them changed since.
func smallSite(t testing.TB) *press {
	t.Helper()
	p := newPress(t)
	for n := range 6 {
		p.commit(t, item("gopher", "go", n, fmt.Sprintf("Post %d with some text", n)))
		p.commit(t, item("paper", "news", n, fmt.Sprintf("Headline %d", n)))
	}
	p.commit(t, item("gopher", "go", 2, "Post 2, corrected"))
	return p
}

// open publishes another store of the same site.
func (p *press) open(t testing.TB, path string) *publish.Publisher {
	t.Helper()
	store, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return newPublisher(t, store, feeds.NewReader(store, p.reader.Site()), nil)
}

func compare(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	if !maps.Equal(got, want) {
		for name := range want {
			if got[name] != want[name] {
				t.Errorf("%s: %s is %q, want %q", what, name, got[name], want[name])
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d documents in their codings, want %d", what, len(got), len(want))
		}
	}
}

// TestS05StableBytes makes every document again a hundred times, after a restart, and in
// another process from a restored copy of the store: its validators and bytes, in every
// coding, are the same.
func TestS05StableBytes(t *testing.T) {
	p := smallSite(t)
	want := fingerprints(t, p.Publisher, allCodings()...)
	if len(want) < 100 {
		t.Fatalf("only %d documents in their codings", len(want))
	}
	for n := range 100 {
		again := newPublisher(t, p.store, p.reader, nil)
		codings := []publish.Coding{publish.Identity}
		if n%25 == 0 {
			codings = allCodings()
		}
		got := fingerprints(t, again, codings...)
		for name, print := range got {
			if print != want[name] {
				t.Fatalf("made again %d times, %s is %q, want %q", n+1, name, print, want[name])
			}
		}
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	var backup bytes.Buffer
	if _, err := p.store.Backup(t.Context(), &backup); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, backup.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	compare(t, "opened again", fingerprints(t, p.open(t, copied), allCodings()...), want)

	restored := filepath.Join(t.TempDir(), "restored.db")
	if err := os.WriteFile(restored, backup.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	replica := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestReplica$", "-test.v")
	replica.Env = append(os.Environ(), replicaVariable+"="+restored, "TZ=Asia/Shanghai", "LANG=tr_TR.UTF-8")
	out, err := replica.CombinedOutput()
	if err != nil {
		t.Fatalf("replica: %v\n%s", err, out)
	}
	got := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		if name, print, ok := strings.Cut(strings.TrimSpace(line), " = "); ok {
			got[name] = print
		}
	}
	compare(t, "in another process", got, want)
}

// TestReplica is no test but another process that publishes a copy of the store.
func TestReplica(t *testing.T) {
	path := os.Getenv(replicaVariable)
	if path == "" {
		t.Skip("it publishes for TestS05StableBytes")
	}
	for name, print := range fingerprints(t, newPress(t).open(t, path), allCodings()...) {
		fmt.Println(name, "=", print)
	}
}

// TestS05CodersForget codes many documents in changing order: what a coder was used for
// before leaves no trace in what it makes.
func TestS05CodersForget(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var bodies [][]byte
	for n := range 40 {
		var b bytes.Buffer
		for size := 1 << (n % 18); b.Len() < size; {
			fmt.Fprintf(&b, "<p>Post %d of %x says %s</p>\n", n, random.Uint32N(1000),
				strings.Repeat("as before, ", random.IntN(5)))
		}
		bodies = append(bodies, b.Bytes())
	}
	for _, c := range publish.Codings() {
		want := make([][]byte, len(bodies))
		for i, body := range bodies {
			want[i] = publish.Encode()(c, body)
		}
		encode := publish.Encode()
		for range 3 {
			for _, i := range random.Perm(len(bodies)) {
				if got := encode(c, bodies[i]); !bytes.Equal(got, want[i]) {
					t.Errorf("%s: body %d of %d bytes is coded otherwise after others", c, i, len(bodies[i]))
				}
			}
		}
	}
}
