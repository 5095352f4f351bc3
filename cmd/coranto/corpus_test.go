package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// document is what an origin answers with.
type document struct {
	body   []byte
	header http.Header
}

// TestCorpus publishes documents that were made to break readers, each in a category
// of its own and all in one, and looks at all that is published as a validator does.
func TestCorpus(t *testing.T) {
	var list []document
	for _, folder := range []string{"parse", "malformed", "real"} {
		list = append(list, documents(t, folder)...)
	}
	if testing.Short() {
		list = everyNth(list, 10)
	}
	o := newOperator(t, "")
	o.follow(list)
	o.fetch(exitOK)
	o.build("site")
	o.checkLint("site", time.Time{})
	t.Logf("%d documents, %d items", len(list), len(o.stored()))
}

func everyNth(list []document, n int) (some []document) {
	for i := 0; i < len(list); i += n {
		some = append(some, list[i])
	}
	return some
}

// documents are those that a folder of the corpus lists.
func documents(t *testing.T, folder string) []document {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "corpus", folder)
	f, err := os.Open(filepath.Join(dir, "cases.jsonl"))
	if err != nil {
		t.Skipf("the corpus is not here: %v", err)
	}
	defer f.Close()
	var list []document
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c struct {
			File        string
			Headers     map[string]string
			ContentType string `json:"content_type"`
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		body, err := os.ReadFile(filepath.Join(dir, c.File))
		if err != nil {
			t.Fatal(err)
		}
		d := document{body, http.Header{}}
		for name, value := range c.Headers {
			d.header.Set(name, value)
		}
		if c.ContentType != "" {
			d.header.Set("Content-Type", c.ContentType)
		}
		list = append(list, d)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// follow lets an origin answer with documents, and the operator follow them: number 7
// in the categories c7 and all.
func (o *operator) follow(list []document) {
	o.Helper()
	mux := http.NewServeMux()
	var sources strings.Builder
	for i, d := range list {
		mux.HandleFunc(fmt.Sprintf("GET /%d/feed", i), func(w http.ResponseWriter, r *http.Request) {
			maps.Copy(w.Header(), d.header)
			http.ServeContent(w, r, "feed.xml", time.Time{}, bytes.NewReader(d.body))
		})
		fmt.Fprintf(&sources, "  - {id: s%d, url: \"%%s/%d/feed\", categories: [c%d, all]}\n", i, i, i)
	}
	origin := httptest.NewServer(mux)
	o.Cleanup(origin.Close)
	o.edit("sources:\n", "sources:\n"+strings.ReplaceAll(sources.String(), "%s", origin.URL))
}
