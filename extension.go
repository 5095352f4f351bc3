package coranto

// Extension is an element of a vocabulary for podcasts, media, places or
// discussions that an item carries beside its own fields, as it is published
// again. Which elements there are, and what each may hold, is the list of
// internal/vocabulary; nothing else becomes an Extension.
type Extension struct {
	Name     string            `json:"name"`            // with its usual prefix: "podcast:transcript"
	Value    string            `json:"value,omitempty"` // plain text
	Attrs    map[string]string `json:"attrs,omitempty"` // by local name; nil when there is none
	Children []Extension       `json:"children,omitempty"`
}

// Counts reports whether the element counts what readers did with the post. It
// changes without the post, and so is no part of its content.
func (e Extension) Counts() bool {
	switch e.Name {
	case "slash:comments", "thr:total", "media:community":
		return true
	}
	return false
}
