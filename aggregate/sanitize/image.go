package sanitize

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"

	"github.com/coranto/coranto"
)

// picture is an image that was written.
type picture struct {
	url      string
	fallback bool // within noscript
}

const (
	maxDataURL = 64 << 10 // bytes; a larger picture belongs in a file
	minDataURL = 256      // bytes; a smaller one is the place holder of a late picture
	minIcon    = 48       // pixels; a smaller picture is an icon
)

// lateImages lists where pages that load images late keep the true URL.
func lateImages() [5]string {
	return [...]string{"data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-echo"}
}

// img writes an image, unless no one would see it.
func (w *walker) img() {
	if w.muted > 0 || w.hidden() {
		return
	}
	set := w.srcset()
	src := w.imageURL(set)
	width, height := w.size("width"), w.size("height")
	if src == "" || width == 0 || width == 1 || height == 0 || height == 1 || beacon(src) ||
		w.repeated(src) {
		return
	}
	if w.structural() {
		w.openCell()
	}
	w.out = append(w.out, "<img"...)
	w.put("src", src)
	w.putSet(set)
	alt := w.attr("alt")
	w.putFlag(w.has("alt") && alt == "", "alt")
	if alt != "" {
		w.put("alt", alt)
	}
	w.copyAttr("title")
	w.putSize(width, height)
	w.out = append(w.out, ` referrerpolicy="no-referrer" loading="lazy" decoding="async">`...)
	w.feature(coranto.Image{URL: src, Alt: Line(alt), Width: max(width, 0), Height: max(height, 0)})
}

// feature takes the first real picture as the one that stands for the item.
func (w *walker) feature(img coranto.Image) {
	small := img.Width > 0 && img.Width < minIcon || img.Height > 0 && img.Height < minIcon
	if w.image.URL == "" && !small && strings.HasPrefix(img.URL, "http") && !icon(img.URL) {
		w.image = img
	}
}

// icon reports whether an image is decoration by its URL.
func icon(src string) bool {
	return strings.Contains(src, "/emoji/") || strings.Contains(src, "gravatar.com/avatar/") ||
		strings.Contains(src, "/smilies/") || strings.Contains(src, "feeds.feedburner.com/")
}

// beacon reports whether an image only counts readers, or pays for them.
func beacon(src string) bool {
	_, rest, _ := strings.Cut(src, "://")
	host, path, _ := strings.Cut(rest, "/")
	switch host {
	case "pixel.wp.com", "stats.wordpress.com", "pixel.quantserve.com", "b.scorecardresearch.com",
		"sb.scorecardresearch.com", "www.google-analytics.com",
		"feeds.wordpress.com", "pi.feedsportal.com", "da.feedsportal.com", "pixel.parsely.com":
		return true
	case "feeds.feedburner.com", "rss.feedsportal.com":
		return strings.HasPrefix(path, "~")
	case "www.facebook.com":
		return strings.HasPrefix(path, "tr?") || strings.HasPrefix(path, "tr/")
	case "medium.com":
		return strings.HasPrefix(path, "_/stat")
	}
	return strings.HasSuffix(host, ".doubleclick.net")
}

// repeated notes that an image is shown. It reports whether the image was shown
// already and one of the two is the fallback of the other.
func (w *walker) repeated(src string) bool {
	fallback := w.fallbacks > 0
	if slices.ContainsFunc(w.shown, func(p picture) bool {
		return p.url == src && (fallback || p.fallback)
	}) {
		return true
	}
	if len(w.shown) < 256 {
		w.shown = append(w.shown, picture{src, fallback})
	}
	return false
}

// imageURL is where the image of the current tag is: the URL kept for late
// loading before the one that holds its place before the largest of its set.
func (w *walker) imageURL(set []candidate) string {
	for _, key := range lateImages() {
		if raw := w.attr(key); strings.ContainsAny(raw, "/.") {
			if u := URL(raw, w.pol.Base); u != "" {
				return u
			}
		}
	}
	src := strings.TrimSpace(w.attr("src"))
	if len(src) >= 5 && strings.EqualFold(src[:5], "data:") {
		src = dataURL(src)
	} else {
		src = URL(src, w.pol.Base)
	}
	if src == "" {
		src = largest(set)
	}
	return src
}

// dataURL is raw when it is a small raster image, else "".
func dataURL(raw string) string {
	if len(raw) > maxDataURL || len(raw) < minDataURL {
		return ""
	}
	head, data, _ := strings.Cut(raw, ",")
	switch head = strings.ToLower(head); head {
	case "data:image/png;base64", "data:image/jpeg;base64", "data:image/jpg;base64",
		"data:image/gif;base64", "data:image/webp;base64", "data:image/avif;base64":
	default:
		return ""
	}
	data = strings.Join(strings.Fields(data), "")
	for i := range len(data) {
		if c := data[i]; !plainByte(c) || strings.IndexByte("-._~!$&'()*,;:@?", c) >= 0 {
			return ""
		}
	}
	if len(head)+1+len(data) < minDataURL {
		return ""
	}
	return head + "," + data
}

// size is a dimension of the current tag in pixels; -1 when unknown.
func (w *walker) size(key string) int {
	if n := pixels(w.attr(key)); n >= 0 {
		return n
	}
	if style := w.attr("style"); style != "" {
		if n := pixels(property(style, key)); n == 0 || n == 1 {
			return n // a larger one is a wish about the layout of another page
		}
	}
	return -1
}

// pixels reads a length in pixels; -1 when s is none.
func pixels(s string) int {
	s = strings.TrimSpace(s)
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	if err != nil || n > 1<<16 {
		return -1
	}
	if unit := strings.TrimSpace(s[end:]); unit != "" && !strings.EqualFold(unit, "px") {
		return -1
	}
	return n
}

// putSize writes the dimensions that are known.
func (w *walker) putSize(width, height int) {
	if width > 0 {
		w.put("width", strconv.Itoa(width))
	}
	if height > 0 {
		w.put("height", strconv.Itoa(height))
	}
}

// source writes a source or track within its owner.
func (w *walker) source(el element) {
	top := w.top()
	if w.muted > 0 {
		return
	}
	switch {
	case top.tag == atom.Picture && el.tag == atom.Source:
		set := w.srcset()
		if len(set) == 0 {
			return
		}
		w.out = append(w.out, "<source"...)
		w.putSet(set)
		w.copyAttr("media")
		w.copyAttr("type")
	case top.kind == media:
		src := URL(w.attr("src"), w.pol.Base)
		if src == "" {
			return
		}
		w.out = append(w.out, '<')
		w.out = append(w.out, el.tag.String()...)
		w.put("src", src)
		w.putMediaAttrs(el.tag)
	default:
		return
	}
	w.out = append(w.out, '>')
}

// onlySources reports whether a picture holds nothing but alternatives to an
// image that it lacks.
func onlySources(content []byte) bool {
	for {
		content = bytes.TrimSpace(content)
		if len(content) == 0 {
			return true
		}
		if !bytes.HasPrefix(content, []byte("<source ")) {
			return false
		}
		content = content[bytes.IndexByte(content, '>')+1:]
	}
}
