package farm

import "github.com/coranto/coranto/internal/farm/gazette"

// press turns a Config into bytes. Its methods are pure: the same feed, edition
// and item give the same bytes.
type press struct {
	Config
	words *vocabulary
	desk  *gazette.Desk // nil without Names
}

func newPress(cfg Config) press {
	p := press{Config: cfg.withDefaults(), words: newVocabulary()}
	if p.Names {
		p.desk = gazette.New()
		p.Config.Categories = len(p.desk.Sections())
	}
	return p
}
