package main

import (
	"os"
	"strings"
	"testing"
)

// What is exported holds nothing that only a source and its origin should know; the file
// gives it back.
func TestExportWithoutSecrets(t *testing.T) {
	url, _ := trail(t)
	o := reader(t, "sources:\n  - {id: paper, url: "+url+", user: me, password: sekrit-1, "+
		"cookies: \"a=sekrit-2\", headers: {X-Key: sekrit-3}, proxy: \"http://me:sekrit-4@127.0.0.1:9\"}\n")
	o.run(exitPartial, "fetch")
	file := o.path("all.export")
	o.run(exitOK, "export", file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile(o.path("data/" + storeName))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "sekrit") || !strings.Contains(string(stored), "sekrit-1") {
		t.Errorf("secrets in the export: %v, in the store: %v, want them in the store alone",
			strings.Contains(string(text), "sekrit"), strings.Contains(string(stored), "sekrit-1"))
	}
}
