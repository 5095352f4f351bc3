package feeds

import (
	"strings"

	"github.com/coranto/coranto/feeds/format/lint"
)

// Language is a BCP 47 tag that readers of feeds know, else "". A language that they
// know as one of a group, such as Cantonese, is called by the group's code.
func Language(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	code, rest, _ := strings.Cut(s, "-")
	switch strings.ToLower(code) {
	case "cmn", "yue", "nan", "wuu", "hak":
		s = strings.TrimSuffix("zh-"+rest, "-")
	case "arb":
		s = strings.TrimSuffix("ar-"+rest, "-")
	}
	if !lint.KnownLanguage(s) {
		return ""
	}
	return s
}
