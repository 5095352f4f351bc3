package text

import "strings"

// Flaw is a set of what had to be repaired or guessed in a text.
type Flaw uint16

// The flaws of texts.
const (
	BareAmpersand     Flaw = 1 << iota // "&" that begins no reference, read as text
	UnknownEntity                      // a reference to nothing, left as text
	BareLess                           // "<" that begins no tag, read as text
	ControlCharacter                   // left out: XML forbids it
	WindowsCharacter                   // a C1 control, read as windows-1252
	DamagedCharacter                   // U+FFFD: something was lost before or here
	UndecodableBase64                  // read as it is
	UnescapedMarkup                    // elements in a text that should have none
	UndeclaredEntity                   // one of HTML, which XML does not know; resolved
	BinaryContent                      // a file where a text should be, left out
	GarbledText                        // decoded in a wrong charset before it came
	EscapedTwice                       // references were left after decoding, and decoded again
	LostWords                          // markup that may have been meant as words was left out
)

// flawIf returns flaw when it is there.
func flawIf(there bool, flaw Flaw) Flaw {
	if there {
		return flaw
	}
	return 0
}

// damaged returns what shows that s was harmed before it came.
func damaged(s string) Flaw {
	var flaws Flaw
	if strings.Contains(s, "\ufffd") {
		flaws = DamagedCharacter
	}
	if isGarbled(s) {
		flaws |= GarbledText
	}
	return flaws
}

// referenceFlaws returns the flaws of the references in s, which is not decoded.
func referenceFlaws(s string, own *Entities) Flaw {
	if own != nil {
		defer func(budget int) { own.budget = budget }(own.budget)
	}
	var flaws Flaw
	for {
		_, after, found := strings.Cut(s, "&")
		if !found {
			return flaws
		}
		_, length, flaw := reference("&"+after[:min(len(after), longestEntity)], own)
		flaws |= flaw
		s = after[length-1:]
	}
}
