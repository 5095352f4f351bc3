package bolt_test

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

var killTime = flag.Duration("kill.time", 0, "kill for so long, instead of 40 times")

// killVariable names the file to which a child of TestKilled commits until it dies.
const killVariable = "CORANTO_TEST_KILL"

// writers is how many goroutines commit at the same time, so that calls share
// transactions.
const writers = 4

// R01 A process that is killed at any moment loses nothing that was acknowledged, and
// stores nothing twice.
func TestKilled(t *testing.T) {
	if path := os.Getenv(killVariable); path != "" {
		commitUntilKilled(t, path)
		return
	}
	path := filepath.Join(t.TempDir(), "store.db")
	random := rand.New(rand.NewPCG(1, 2))
	acknowledged := map[int]bool{}
	times := 40
	if testing.Short() {
		times = 8
	}
	began, kills := time.Now(), 0
	for ; kills < times && *killTime == 0 || time.Since(began) < *killTime; kills++ {
		killOnce(t, path, 1+random.IntN(120), acknowledged)
		checkKilled(t, path, acknowledged)
	}
	t.Logf("%d kills, %d items acknowledged, 0 lost, 0 doubled", kills, len(acknowledged))
}

// commitUntilKilled commits items with numbers never used before, and prints each when
// it is acknowledged.
func commitUntilKilled(t *testing.T, path string) {
	s := open(t, path, bolt.Options{})
	add(t, s, sample.Source("a"))
	stats, err := s.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for n := stats.Items*writers + w; ; n += writers {
				v := storage.Visit{Source: "a", Items: []coranto.Item{sample.Item("a", n)}}
				results, err := s.Commit(t.Context(), []storage.Visit{v})
				if err := errors.Join(err, results[0].Err); err != nil {
					t.Error(err)
					return
				}
				fmt.Println("stored", n)
			}
		})
	}
	wait.Wait()
}

// killOnce lets a child acknowledge some items and kills it.
func killOnce(t *testing.T, path string, after int, acknowledged map[int]bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), killVariable+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		text, ok := strings.CutPrefix(lines.Text(), "stored ")
		number, err := strconv.Atoi(text)
		if !ok || err != nil {
			t.Fatalf("the child says %q", lines.Text())
		}
		acknowledged[number] = true
		if n == after {
			_ = cmd.Process.Kill() // what it printed before is read to the end
		}
	}
	_ = cmd.Wait() // killed
}

// checkKilled opens what a killed process left, checks it, and looks for each item that
// was acknowledged.
func checkKilled(t *testing.T, path string, acknowledged map[int]bool) {
	t.Helper()
	s := open(t, path, bolt.Options{})
	defer closeStore(t, s)
	if err := s.Check(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	for n := range acknowledged {
		if _, err := s.Item(t.Context(), sample.Item("a", n).ID); err != nil {
			t.Fatalf("item %d was acknowledged: %v", n, err)
		}
	}
	stats, err := s.Stats(t.Context())
	if err != nil || stats.Items < len(acknowledged) {
		t.Fatalf("%d items, %v; %d were acknowledged", stats.Items, err, len(acknowledged))
	}
}
