package watch

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write := func(text string) func() {
		return func() {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	write("a")()
	w := New(path)
	steps := []struct {
		name string
		do   func()
		want bool
	}{
		{"nothing happened", func() {}, false},
		{"half written", write("ab"), false},
		{"still being written", write("abc"), false},
		{"settled", func() {}, true},
		{"taken already", func() {}, false},
		{"removed", func() { _ = os.Remove(path) }, false},
		{"really removed", func() {}, true},
		{"still not there", func() {}, false},
		{"there again", write("abcd"), false},
		{"settled again", func() {}, true},
	}
	for _, step := range steps {
		step.do()
		if got := w.Changed(); got != step.want {
			t.Errorf("%s: Changed = %v, want %v", step.name, got, step.want)
		}
	}
}

func TestTheme(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("look/theme.css", "a{}")
	write("look/templates/item.html", "item")
	w := New(filepath.Join(dir, "coranto.yaml"))
	steps := []struct {
		name string
		do   func()
		want bool
	}{
		{"followed", func() { w.Follow(filepath.Join(dir, "look")) }, false},
		{"stylesheet", func() { write("look/theme.css", "a{} b{}") }, true},
		{"template", func() { write("look/templates/item.html", "another") }, true},
		{"new file", func() { write("look/icon.svg", "<svg/>") }, true},
		{"removed", func() { _ = os.Remove(filepath.Join(dir, "look/icon.svg")) }, true},
		{"another directory", func() { write("other/theme.css", "c{}") }, false},
		{"left", func() { w.Follow("") }, false},
		{"not followed any more", func() { write("look/theme.css", "") }, false},
	}
	for _, step := range steps {
		step.do()
		first, second := w.Changed(), w.Changed()
		if first || second != step.want {
			t.Errorf("%s: Changed = %v, then %v, want false, then %v", step.name, first, second, step.want)
		}
	}
}
