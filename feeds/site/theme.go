package site

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

//go:embed theme
var themeFiles embed.FS

// Files of a theme.
const (
	templateDir = "templates"
	styleFile   = "style.css" // in the place of the built-in one
	extraFile   = "theme.css" // after whichever there is
	iconFile    = "icon.svg"
)

// Theme is how pages look: a template for each kind of page, a stylesheet and an
// icon. It never changes.
type Theme struct {
	templates   map[string]*template.Template // by kind of page
	style, icon []byte
}

// BuiltIn is the files of the theme that is used where there is no other:
// templates/*.html, style.css and icon.svg.
func BuiltIn() (fs.FS, error) { return fs.Sub(themeFiles, "theme") }

// ReadTheme reads the theme in a directory. Each file in it stands in the place of
// the built-in one of its name, and the text of theme.css is added to the
// stylesheet. Every template is tried on an invented page. The error has one line for
// each thing that is wrong, with the file, the line where it is known, and a remedy.
func ReadTheme(dir string, files fs.FS) (*Theme, error) {
	if _, err := fs.Stat(files, "."); err != nil {
		return nil, fmt.Errorf("theme %s: there is no such directory "+
			"(`coranto init --theme %s` writes one to begin with)", dir, dir)
	}
	t, err := readTheme(files)
	if err == nil {
		return t, nil
	}
	var lines []error
	seen := make(map[string]bool)
	for _, problem := range unjoin(err) {
		if line := locate(dir, problem); !seen[line] {
			seen[line] = true
			lines = append(lines, errors.New(line))
		}
	}
	return nil, errors.Join(lines...)
}

// builtIn is the theme that needs no files. Its error would be one of the program.
func builtIn() (*Theme, error) {
	none, err := fs.Sub(themeFiles, "none")
	if err != nil {
		return nil, err
	}
	return readTheme(none)
}

func readTheme(files fs.FS) (*Theme, error) {
	theirs := layers{files}
	t := &Theme{templates: make(map[string]*template.Template)}
	problems := []error{theirs.strangers()}
	samples := samples()
	for _, kind := range slices.Sorted(maps.Keys(samples)) {
		sample := samples[kind]
		parsed, err := theirs.template(kind)
		if err == nil {
			t.templates[kind] = parsed
			fill(reflect.ValueOf(sample).Elem())
			_, err = t.render(kind, sample)
		}
		problems = append(problems, err)
	}
	var err error
	t.style, err = theirs.style()
	problems = append(problems, err)
	t.icon, err = theirs.read(iconFile)
	problems = append(problems, err)
	return t, errors.Join(problems...)
}

// render makes a page of a kind.
func (t *Theme) render(kind string, v view) ([]byte, error) {
	var b bytes.Buffer
	if err := t.templates[kind].ExecuteTemplate(&b, "layout.html", v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// layers is a theme's files before the built-in ones.
type layers struct{ theirs fs.FS }

// read reads a file by its name in a theme.
func (l layers) read(name string) ([]byte, error) {
	text, err := fs.ReadFile(l.theirs, name)
	if errors.Is(err, fs.ErrNotExist) {
		return themeFiles.ReadFile("theme/" + name)
	}
	return text, err
}

// template parses a kind of page together with what all share.
func (l layers) template(kind string) (*template.Template, error) {
	t := template.New("")
	for _, name := range []string{"layout.html", "parts.html", kind + ".html"} {
		text, err := l.read(templateDir + "/" + name)
		if err != nil {
			return nil, err
		}
		if _, err := t.New(name).Parse(string(text)); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// style is the stylesheet. The built-in one goes out without its comments and line
// ends, which only people read.
func (l layers) style() ([]byte, error) {
	style, err := fs.ReadFile(l.theirs, styleFile)
	if errors.Is(err, fs.ErrNotExist) {
		style, err = themeFiles.ReadFile("theme/" + styleFile)
		style = regexp.MustCompile(`(?s)/\*.*?\*/|\n`).ReplaceAll(style, nil)
	}
	if err != nil {
		return nil, err
	}
	extra, err := fs.ReadFile(l.theirs, extraFile)
	if errors.Is(err, fs.ErrNotExist) {
		return style, nil
	}
	return slices.Concat(style, []byte("\n"), extra), err
}

// strangers are files among the templates that no page uses: a name with a slip in it
// would go unnoticed.
func (l layers) strangers() error {
	found, err := fs.Glob(l.theirs, templateDir+"/*")
	problems := []error{err}
	for _, name := range found {
		if _, err := themeFiles.Open("theme/" + name); err != nil {
			problems = append(problems, fmt.Errorf("%s: no page uses this file (use one of %s)",
				name, strings.Join(templateNames(), ", ")))
		}
	}
	return errors.Join(problems...)
}

// templateNames are the files below templates.
func templateNames() []string {
	names := []string{"layout.html", "parts.html"}
	for _, kind := range slices.Sorted(maps.Keys(samples())) {
		names = append(names, kind+".html")
	}
	return names
}

// samples are the kinds of pages with what their templates are given.
func samples() map[string]view {
	return map[string]view{
		"list":       &listView{},
		"item":       &itemView{},
		"source":     &sourceView{},
		"categories": &directoryView{},
		"sources":    &directoryView{},
		"subscribe":  &subscribeView{},
		"problem":    &problemView{},
	}
}

// fill gives every exported field of a view a value that is not empty, so that a
// trial reaches all of a template.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("1")
	case reflect.Int:
		v.SetInt(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(field)
		}
	}
}

// unjoin is the errors that were joined, in order.
func unjoin(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var list []error
	for _, part := range joined.Unwrap() {
		list = append(list, unjoin(part)...)
	}
	return list
}

// locate puts the file and line before what is wrong with a template, as the
// operator's editor understands them, and a remedy behind it.
func locate(dir string, err error) string {
	at := regexp.MustCompile(`^(?:html/)?template: ?([\w.-]+:\d+(?::\d+)?): (.*)$`)
	found := at.FindStringSubmatch(err.Error())
	if found == nil {
		return filepath.Join(dir, err.Error())
	}
	hint := "`coranto init --theme` writes templates that work"
	if strings.Contains(found[2], "can't evaluate field") {
		hint = "docs/THEMES.md lists what each template is given"
	}
	return fmt.Sprintf("%s: %s (%s)", filepath.Join(dir, templateDir, found[1]), found[2], hint)
}
