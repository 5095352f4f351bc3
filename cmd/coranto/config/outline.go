package config

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"

	"github.com/coranto/coranto/aggregate/opml"
)

// Outline is what a source is in lists of other readers (OPML), besides what the
// program knows of it.
type Outline struct {
	Attributes map[string]string // nil when there are none
	Folders    []opml.Path       // nil means its categories
}

// outlineFolders takes the folders that a source is in: names, and lists of names
// from the outermost in. An empty list is the top.
func outlineFolders(to *[]opml.Path) setter {
	return func(d *decoder, n ast.Node) {
		d.list(n, func(n ast.Node) {
			path := opml.Path{}
			if folderPath(&path)(d, n); path != nil {
				*to = append(*to, path)
			}
		})
	}
}

// folderPath takes the names of a folder from the outermost in; nil when it is
// wrong.
func folderPath(to *opml.Path) setter {
	return func(d *decoder, n ast.Node) {
		path := opml.Path{}
		d.list(n, func(n ast.Node) {
			if s, ok := d.scalar(n); ok {
				path = append(path, s)
			}
		})
		if err := opml.CheckPath(path); err != nil {
			d.wrong(n, err.Error(), fmt.Sprintf("a name, or up to %d names as [outer, inner]", opml.MaxDepth))
			path = nil
		}
		*to = path
	}
}

// setFolders takes what folders say besides their names.
func (c *Config) setFolders(d *decoder, n ast.Node) {
	d.list(n, func(n ast.Node) {
		var f opml.Folder
		d.mapping(n, folderKeys(&f))
		if !d.has(n, "path") || f.Path != nil && len(f.Path) == 0 {
			d.wrong(n, "the folder has no name", "add path: [outer, inner]")
		}
		c.Folders = append(c.Folders, f)
	})
}

// outlineAttributes takes the attributes that an outline has in OPML.
func outlineAttributes(to *map[string]string) setter {
	return func(d *decoder, n ast.Node) {
		pairs, _ := d.pairs(n)
		set := make(map[string]string, len(pairs))
		for _, pair := range pairs {
			value, ok := d.scalar(pair.Value)
			if !ok {
				continue
			}
			name := KeyName(pair)
			if err := opml.CheckAttribute(name, value); err != nil {
				d.wrong(pair, err.Error(), "leave it out")
				continue
			}
			set[name] = value
		}
		if len(set) > 0 {
			*to = set
		}
	}
}
