package sanitize

import (
	"net/url"
	"strings"

	"golang.org/x/net/html/atom"

	"github.com/coranto/coranto"
)

// frame writes an iframe: a player of a known site in a sandbox, anything else
// as a link that the reader may follow.
func (w *walker) frame() {
	if w.muted == 0 && !w.hidden() {
		w.embed()
	}
	if w.closes(atom.Iframe) {
		w.mute(element{atom.Iframe, drop})
	} else {
		w.z.NextIsNotRawText()
	}
}

// embed writes what stands for an iframe, if anyone would see it.
func (w *walker) embed() {
	src := w.frameURL()
	width, height := w.size("width"), w.size("height")
	if src == "" || width == 0 || width == 1 || height == 0 || height == 1 {
		return
	}
	if w.structural() {
		w.openCell()
	}
	title := Line(w.attr("title"))
	if player, ok := playerURL(src); ok {
		w.out = append(w.out, "<iframe"...)
		w.put("src", player)
		if title != "" {
			w.put("title", title)
		}
		w.putSize(width, height)
		// The players need their own origin, which is never ours, and one refuses
		// to play for readers that hide where they are from.
		w.out = append(w.out, ` sandbox="allow-scripts allow-same-origin allow-popups `+
			`allow-presentation" referrerpolicy="strict-origin-when-cross-origin" `+
			`loading="lazy" allowfullscreen=""></iframe>`...)
		return
	}
	w.endLink()
	w.out = append(w.out, "<a"...)
	target := untrack(src)
	w.put("href", target)
	w.out = append(w.out, ` rel="noopener noreferrer nofollow">`...)
	if title == "" {
		_, title, _ = strings.Cut(target, "://")
	}
	w.write([]byte(title))
	w.out = append(w.out, "</a>"...)
}

// frameURL is what the iframe of the current tag shows; "" when that is nothing
// to follow.
func (w *walker) frameURL() string {
	for _, key := range [...]string{"data-src", "data-lazy-src", "src"} {
		raw := strings.TrimSpace(w.attr(key))
		if raw == "" {
			continue
		}
		if strings.HasPrefix(raw, "//") {
			raw = "https:" + raw
		}
		if u := URL(raw, w.pol.Base); u != "" {
			return u
		}
	}
	return ""
}

// playerURL is the https URL of a player that may be embedded. YouTube's is the
// one without cookies.
func playerURL(src string) (string, bool) {
	u, err := url.Parse(src)
	if err != nil {
		return "", false
	}
	u.Scheme = "https"
	path := ""
	switch u.Host {
	case "www.youtube.com", "youtube.com", "m.youtube.com", "www.youtube-nocookie.com",
		"youtube-nocookie.com":
		u.Host, path = "www.youtube-nocookie.com", "/embed/"
	case "player.vimeo.com":
		path = "/video/"
	case "player.bilibili.com":
		path = "/player.html"
	case "v.qq.com":
		path = "/txp/iframe/"
	case "open.spotify.com":
		path = "/embed/"
	case "w.soundcloud.com":
		path = "/player"
	default:
		return "", false
	}
	return u.String(), strings.HasPrefix(u.Path, path)
}

// media writes the start tag of a video or audio: with controls, silent until
// asked. Its text is for browsers that can't play it, which no reader is; so
// only its sources are read, and one that is never closed ends at once.
func (w *walker) media(el element) {
	if w.structural() {
		w.openCell()
	}
	start := len(w.out)
	if w.muted == 0 {
		w.out = append(w.out, '<')
		w.out = append(w.out, el.tag.String()...)
		w.putURL("src", w.attr("src"))
		if el.tag == atom.Video {
			w.putPoster()
		}
		w.putFlag(w.has("loop"), "loop")
		w.out = append(w.out, ` controls="" preload="none">`...)
	}
	w.push(el, el.tag.String())
	w.stack[len(w.stack)-1].start = start
	if !w.closes(el.tag) {
		w.pop()
	}
}

// putPoster writes the poster and the dimensions of a video.
func (w *walker) putPoster() {
	width, height := w.size("width"), w.size("height")
	if poster := URL(w.attr("poster"), w.pol.Base); poster != "" {
		w.put("poster", poster)
		w.feature(coranto.Image{URL: poster, Width: max(width, 0), Height: max(height, 0)})
	}
	w.putSize(width, height)
}

// putMediaAttrs writes the attributes of a source or track of a video or audio.
func (w *walker) putMediaAttrs(tag atom.Atom) {
	if tag == atom.Source {
		w.copyAttr("type")
		return
	}
	switch kind := strings.ToLower(w.attr("kind")); kind {
	case "subtitles", "captions", "descriptions", "chapters":
		w.put("kind", kind)
	}
	if lang := w.attr("srclang"); isLanguage([]byte(lang)) {
		w.put("srclang", lang)
	}
	w.copyAttr("label")
	w.putFlag(w.has("default"), "default")
}
