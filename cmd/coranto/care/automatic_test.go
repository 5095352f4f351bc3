package care_test

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/care"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// noon is when a test begins: the files that it makes are of that time.
func noon() time.Time { return time.Now().UTC().Truncate(time.Second) }

// kept is a store that is open, with what takes care of it.
type kept struct {
	*testing.T
	keeper *care.Keeper
	plan   care.Plan
	now    time.Time
	log    bytes.Buffer
}

func newKept(t *testing.T) *kept {
	t.Helper()
	dir := t.TempDir()
	k := &kept{T: t, now: noon(), plan: care.Plan{
		Every: 24 * time.Hour, Keep: 3, Dir: filepath.Join(dir, "backups"),
	}}
	path := filepath.Join(dir, "coranto.db")
	store, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	sources := []coranto.Source{{ID: "paper", URL: "https://example.org/feed"}}
	if err := store.UpsertSources(t.Context(), sources, nil); err != nil {
		t.Fatal(err)
	}
	k.keeper = &care.Keeper{
		Path: path, Held: store, Out: io.Discard, Plan: k.plan, Temp: t.TempDir(),
		Log: slog.New(slog.NewTextHandler(&k.log, nil)), Now: func() time.Time { return k.now },
	}
	return k
}

// names lists the backups there are, without what is alike in all.
func (k *kept) names() []string {
	k.Helper()
	found, err := filepath.Glob(filepath.Join(k.plan.Dir, "*"))
	if err != nil {
		k.Fatal(err)
	}
	for i := range found {
		found[i] = filepath.Base(found[i])
	}
	return found
}

func nameOf(at time.Time) string { return "coranto-" + at.Format("20060102T150405Z") + ".db" }

// TestSchedule makes backups as time goes by. Each look is by a server that was just
// started: the schedule is in the directory.
func TestSchedule(t *testing.T) {
	k := newKept(t)
	start := k.now
	var made []string
	for hour := 0; hour <= 24*5; hour += 6 {
		k.now = start.Add(time.Duration(hour)*time.Hour + time.Minute)
		care.NewAutomatic(k.keeper).Look(t.Context(), k.plan)
		if hour > 0 && hour%24 == 0 {
			made = append(made, nameOf(k.now))
		}
		want := made[max(0, len(made)-3):]
		if got := k.names(); !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Fatalf("after %d hours there are %v, want %v; log:\n%s", hour, got, want, &k.log)
		}
	}
	report := care.NewAutomatic(k.keeper).Report(k.plan)
	if !report.Last.Equal(k.now) || !report.Next.Equal(k.now.Add(24*time.Hour)) || report.Error != "" {
		t.Errorf("report %+v, want the last of %v", report, k.now)
	}
	if care.NewAutomatic(k.keeper).Report(care.Plan{}) != nil {
		t.Error("a report of backups that nobody wants")
	}
	if got := strings.Count(k.log.String(), "backup made and checked"); got != 5 {
		t.Errorf("%d backups in the log, want 5:\n%s", got, &k.log)
	}
}

// TestScheduleFails shows that a failure is told, tried again and forgotten.
func TestScheduleFails(t *testing.T) {
	k := newKept(t)
	a := care.NewAutomatic(k.keeper)
	k.now = k.now.Add(25 * time.Hour)
	if err := os.WriteFile(k.plan.Dir, nil, 0o600); err != nil { // no directory can be there
		t.Fatal(err)
	}
	a.Look(t.Context(), k.plan)
	report := a.Report(k.plan)
	if report.Error == "" || !report.Failed.Equal(k.now) || !report.Next.Equal(k.now.Add(time.Hour)) {
		t.Fatalf("report %+v, want a failure now and another try in an hour", report)
	}
	if err := os.Remove(k.plan.Dir); err != nil {
		t.Fatal(err)
	}
	k.now = k.now.Add(59 * time.Minute)
	a.Look(t.Context(), k.plan)
	if got := k.names(); len(got) > 0 {
		t.Errorf("backups %v before the hour is over", got)
	}
	k.now = k.now.Add(time.Minute)
	a.Look(t.Context(), k.plan)
	if report := a.Report(k.plan); report.Error != "" || !report.Last.Equal(k.now) {
		t.Errorf("report %+v, want a backup now; log:\n%s", report, &k.log)
	}
}

// TestScheduleKeeps shows which files are removed: of our names the oldest, and copies
// that a crash left. A name of the future, by a clock that was wrong, is never the newest.
func TestScheduleKeeps(t *testing.T) {
	k := newKept(t)
	if err := os.Mkdir(k.plan.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	at := func(days int) string { return nameOf(k.now.AddDate(0, 0, days)) }
	long := k.now.AddDate(0, 0, -9)
	for _, name := range []string{
		"mine.db", "coranto-before-the-move.db", "coranto-20260230T000000Z.db",
		at(-9), at(-3), at(-2), at(4000), at(4001), at(-9) + ".part",
	} {
		path := filepath.Join(k.plan.Dir, name)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
	}
	care.NewAutomatic(k.keeper).Look(t.Context(), k.plan)
	want := []string{"mine.db", "coranto-before-the-move.db", "coranto-20260230T000000Z.db",
		at(-3), at(-2), at(0)}
	slices.Sort(want)
	if got := k.names(); !slices.Equal(got, want) {
		t.Errorf("left are %q,\nwant %q; log:\n%s", got, want, &k.log)
	}
}

// TestBackupAlone holds that no backup begins while another is being made.
func TestBackupAlone(t *testing.T) {
	k := newKept(t)
	a := care.NewAutomatic(k.keeper)
	done, err := a.Alone(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	k.now = k.now.Add(25 * time.Hour)
	looked := make(chan struct{})
	go func() {
		a.Look(t.Context(), k.plan)
		close(looked)
	}()
	select {
	case <-looked:
		t.Fatalf("a backup was made beside another: %v", k.names())
	case <-time.After(50 * time.Millisecond):
	}
	done()
	<-looked
	if got := k.names(); len(got) != 1 {
		t.Errorf("backups %v, want one", got)
	}
}

// TestCheckNamesBackup damages the store: what is said names the newest backup that is
// good, and how to have it.
func TestCheckNamesBackup(t *testing.T) {
	k := newKept(t)
	for range 3 {
		k.now = k.now.Add(25 * time.Hour)
		care.NewAutomatic(k.keeper).Look(t.Context(), k.plan)
	}
	if err := k.keeper.Held.(storage.Store).Close(); err != nil {
		t.Fatal(err)
	}
	k.keeper.Held = nil
	names := k.names()
	for _, path := range []string{k.keeper.Path, filepath.Join(k.plan.Dir, names[2])} {
		if err := os.Truncate(path, 9000); err != nil {
			t.Fatal(err)
		}
	}
	k.keeper.Again = "coranto --data /srv/news"
	want := "`coranto --data /srv/news restore " + filepath.Join(k.plan.Dir, names[1]) + "`"
	if err := k.keeper.Check(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error = %v, want one that names %s", err, want)
	}
}
