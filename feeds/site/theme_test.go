package site_test

import (
	"bytes"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/site"
)

// themeOf is a theme of files by name.
func themeOf(t *testing.T, files map[string]string) (*site.Theme, error) {
	t.Helper()
	tree := fstest.MapFS{".": {Mode: fs.ModeDir}}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return site.ReadTheme("look", tree)
}

// dressed are the pages of the full sample in a theme, and what they log.
func dressed(t *testing.T, files map[string]string) (*site.Pages, *bytes.Buffer) {
	t.Helper()
	theme, err := themeOf(t, files)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	return full().pages(t).Dressed(theme, slog.New(slog.NewTextHandler(&log, nil))), &log
}

func TestThemeReplacesFiles(t *testing.T) {
	p, log := dressed(t, map[string]string{
		"templates/sources.html": `{{define "main"}}<h1>Who writes</h1>{{end}}`,
		"theme.css":              "body{color:teal}",
		"icon.svg":               "<svg/>",
	})
	root := tree(t, p, feeds.SourcesPath)
	contains(t, "page", text(one(t, root, "main")), "Who writes")
	checkDiscovery(t, root, "/")
	contains(t, "another page", text(tree(t, p, feeds.CategoriesPath)), "1 category")
	style := string(get(t, p, feeds.StylePath).Body)
	contains(t, "stylesheet", style, "--ink", "\nbody{color:teal}")
	if got := string(get(t, p, feeds.IconPath).Body); got != "<svg/>" {
		t.Errorf("icon = %q, want the theme's", got)
	}
	if log.Len() > 0 {
		t.Errorf("logged %s, want nothing", log)
	}
	p, _ = dressed(t, map[string]string{"style.css": "b{}", "theme.css": "i{}"})
	if got, want := string(get(t, p, feeds.StylePath).Body), "b{}\ni{}"; got != want {
		t.Errorf("stylesheet = %q, want %q", got, want)
	}
}

// TestBuiltInTheme reads what `coranto init --theme` writes: the same pages.
func TestBuiltInTheme(t *testing.T) {
	files, err := site.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	theme, err := site.ReadTheme("look", files)
	if err != nil {
		t.Fatal(err)
	}
	plain := full().pages(t)
	p := plain.Dressed(theme, slog.New(slog.DiscardHandler))
	for _, path := range paths() {
		if got, want := get(t, p, path).Body, get(t, plain, path).Body; !bytes.Equal(got, want) {
			t.Errorf("%s differs from the built-in page", path)
		}
	}
}

// TestThemeErrors wants file, line and remedy for all that is wrong at once.
func TestThemeErrors(t *testing.T) {
	_, err := themeOf(t, map[string]string{
		"templates/item.html":  "{{define \"main\"}}\n{{if}}{{end}}{{end}}",
		"templates/list.html":  "{{define \"main\"}}\n{{range .Days}}\n{{.Nope}}{{end}}{{end}}",
		"templates/lisst.html": "",
	})
	if err == nil {
		t.Fatal("a broken theme was read without an error")
	}
	lines := strings.Split(err.Error(), "\n")
	wants := []string{
		"look/templates/lisst.html: no page uses this file",
		"look/templates/item.html:2: missing value for if",
		"look/templates/list.html:3:2: executing \"main\" at <.Nope>: can't evaluate field Nope",
	}
	if len(lines) != len(wants) {
		t.Errorf("got %d lines, want %d:\n%v", len(lines), len(wants), err)
	}
	for _, want := range wants {
		contains(t, "error", err.Error(), want)
	}
	for _, line := range lines {
		if !strings.HasSuffix(line, ")") {
			t.Errorf("%q names no remedy", line)
		}
	}
	if _, err := site.ReadTheme("nowhere", os.DirFS(t.TempDir()+"/nowhere")); err == nil {
		t.Error("a theme without files was read without an error")
	}
}

// TestThemeFailsOnOnePage shows that a template that fails on some page costs no page.
func TestThemeFailsOnOnePage(t *testing.T) {
	p, log := dressed(t, map[string]string{
		"templates/item.html": `{{define "main"}}<h1>mine</h1>{{(index .Tags 0)}}{{end}}`,
	})
	tagged, plain := text(tree(t, p, own(4))), text(tree(t, p, own(0)))
	contains(t, "page that the theme can show", tagged, "mine", "Podcast")
	contains(t, "page that it fails on", plain, "Range over functions", "Read the original")
	contains(t, "log", log.String(), "level=ERROR", "url="+own(0), "item.html:1")
}
