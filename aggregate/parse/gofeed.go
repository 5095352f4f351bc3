package parse

import (
	"bytes"
	"fmt"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

// gofeed's parsers are called by format: its detection looks at 4,096 bytes only,
// and its universal feed, with the scan for images that goes with it, would lose
// what the translation needs.

func readRSS(b []byte) (feed *rss.Feed, err error) {
	defer recoverParser(&err)
	return new(rss.Parser).Parse(bytes.NewReader(b))
}

func readAtom(b []byte) (feed *atom.Feed, err error) {
	defer recoverParser(&err)
	return new(atom.Parser).Parse(bytes.NewReader(b))
}

func readJSON(b []byte) (feed *json.Feed, err error) {
	defer recoverParser(&err)
	return new(json.Parser).Parse(bytes.NewReader(b))
}

// recoverParser turns a panic of the parser into an error: one feed must not end
// the program.
func recoverParser(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("the parser gave up: %v", r)
	}
}
