package farm

// Window is what the document of feed i holds now, newest first.
func (f *Farm) Window(i int) []Item {
	s := &f.slots[i]
	return f.window(&s.feed, s.edition.Load())
}

// Truth is every item that feed i has ever published, newest first, each at the
// newest revision that its document has shown. A client that looked at every
// version knows exactly these.
func (f *Farm) Truth(i int) []Item {
	s := &f.slots[i]
	e := s.edition.Load()
	return f.items(&s.feed, e, f.replay(&s.feed, e), 0)
}

// Item is item j of feed i at a revision, whether or not it was published.
func (f *Farm) Item(i, j, rev int) Item {
	s := &f.slots[i]
	return f.item(&s.feed, s.edition.Load(), j, rev)
}
