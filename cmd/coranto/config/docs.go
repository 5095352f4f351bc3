package config

import (
	"fmt"
	"io"
	"strings"
)

// WriteDocs writes the reference of all keys in Markdown, as docs/CONFIG.md
// holds it.
func WriteDocs(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# The file\n\nEvery key of `coranto.yaml`, with what holds without it. " +
		"`coranto init` writes a commented file to begin with; " +
		"`coranto check` says what is wrong with yours.\n" +
		"This page is generated: `go test ./cmd/coranto/config -update`.\n")
	writeKeys(&b, "", topKeys(Default()))
	_, err := io.WriteString(w, b.String())
	return err
}

func writeKeys(b *strings.Builder, prefix string, keys []key) {
	b.WriteString("\n| key | value | without it | |\n|---|---|---|---|\n")
	for _, k := range keys {
		if k.doc != "" {
			fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", prefix+k.name, k.kind, k.initial, k.doc)
		}
	}
	for _, k := range keys {
		if len(k.keys) == 0 {
			continue
		}
		name := prefix + k.name
		switch k.kind {
		case "list":
			name += "[]"
		case "mapping by name":
			name += ".NAME"
		}
		fmt.Fprintf(b, "\n## %s\n%s\n", name, k.doc)
		writeKeys(b, name+".", k.keys)
	}
}
