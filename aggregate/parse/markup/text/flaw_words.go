package text

// Words returns the code and the sentence of one flaw for the problem that it is.
func (f Flaw) Words() (code, sentence string) {
	switch f {
	case BareAmpersand:
		return "bare-ampersand",
			"A & that begins no reference was read as text; XML wants it written as &amp;."
	case UnknownEntity:
		return "entity-unknown",
			"A reference to an entity that neither HTML nor the document knows was left as text."
	case BareLess:
		return "bare-less-than",
			"A < that begins no tag was read as text; XML wants it written as &lt;."
	case ControlCharacter:
		return "control-characters", "Control characters, which XML forbids, were left out."
	case WindowsCharacter:
		return "windows-characters",
			"Characters of windows-1252 stand where Unicode has control characters; " +
				"they were read as Windows does."
	case DamagedCharacter:
		return "text-damaged",
			"A text holds U+FFFD, which stands for a character that was lost."
	case GarbledText:
		return "text-garbled",
			"A text was decoded in a wrong charset before it was written; it stays as it came."
	case UndecodableBase64:
		return "base64-broken",
			"A text is said to be in Base64 but can't be decoded; it was read as it is."
	case UndeclaredEntity:
		return "entity-undeclared",
			"An entity of HTML, such as &nbsp;, is used without being declared; it was resolved."
	case BinaryContent:
		return "content-binary", "A text holds the bytes of a file, which is no text; it was left out."
	case UnescapedMarkup:
		return "markup-unescaped",
			"Elements stand where the format has a text; they were read as HTML."
	}
	return f.guessWords()
}

// guessWords is Words for what was guessed.
func (f Flaw) guessWords() (code, sentence string) {
	switch f {
	case EscapedTwice:
		return "escaped-twice",
			"A text seems to be escaped twice: it was decoded once more, unless it holds &amp;."
	case LostWords:
		return "words-as-markup",
			"What may have been meant as words of a title was taken for tags and left out."
	}
	return "text-repaired", "A text was repaired."
}
