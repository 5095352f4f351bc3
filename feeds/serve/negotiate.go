package serve

import (
	"iter"
	"net/http"
	"strings"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/publish"
)

// smallBody is the size in bytes up to which a coding gains nothing.
const smallBody = 512

// Weights are in thousandths, as fine as they may be written (RFC 9110 §12.4.2).
const (
	fullWeight = 1000
	unsaid     = -1
)

// weighted yields the elements of a field with weights, in lower case. One whose
// weight can't be read has none.
func weighted(fields []string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for _, field := range fields {
			for element := range strings.SplitSeq(field, ",") {
				name, params, _ := strings.Cut(element, ";")
				name = strings.ToLower(strings.TrimSpace(name))
				if name != "" && !yield(name, weight(params)) {
					return
				}
			}
		}
	}
}

// weight finds q among parameters.
func weight(params string) int {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(param, "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			return thousandths(strings.TrimSpace(value))
		}
	}
	return fullWeight
}

// thousandths reads "1", "0.5" or "0.001"; anything else is 0.
func thousandths(s string) int {
	whole, fraction, _ := strings.Cut(s, ".")
	if len(fraction) > 3 || (whole != "0" && whole != "1") {
		return 0
	}
	n := int(whole[0] - '0')
	for i := range 3 {
		digit := byte('0')
		if i < len(fraction) {
			digit = fraction[i]
		}
		if digit < '0' || digit > '9' {
			return 0
		}
		n = n*10 + int(digit-'0')
	}
	return min(n, fullWeight)
}

// chooseCoding picks the coding of an answer by Accept-Encoding (RFC 9110
// §12.5.3), the smallest among those the client likes best. A small body is not
// coded unless it has to be. ok is false when nothing is acceptable.
func chooseCoding(accept []string, size int) (coding publish.Coding, ok bool) {
	weights := codingWeights(accept)
	if size <= smallBody && weights[publish.Identity] > 0 {
		return publish.Identity, true
	}
	best := 0
	smallest := [...]publish.Coding{publish.Brotli, publish.Zstd, publish.Gzip, publish.Identity}
	for _, c := range smallest {
		if weights[c] > best {
			coding, best = c, weights[c]
		}
	}
	return coding, best > 0
}

// codingWeights are the client's wishes by coding. What it doesn't name is not
// acceptable, but for no coding at all, which is the last resort.
func codingWeights(accept []string) [4]int {
	weights := [4]int{unsaid, unsaid, unsaid, unsaid}
	rest := unsaid
	for name, q := range weighted(accept) {
		switch name {
		case "identity":
			weights[publish.Identity] = q
		case "gzip", "x-gzip":
			weights[publish.Gzip] = q
		case "br":
			weights[publish.Brotli] = q
		case "zstd":
			weights[publish.Zstd] = q
		case "*":
			rest = q
		}
	}
	for c := range weights {
		if weights[c] == unsaid {
			weights[c] = max(rest, 0)
			if publish.Coding(c) == publish.Identity && rest == unsaid {
				weights[c] = 1
			}
		}
	}
	return weights
}

// negotiated answers with the feed of a scope in the format that the client
// accepts, or leads to the page when it would rather have HTML.
func (h *handler) negotiated(w http.ResponseWriter, r *http.Request, scope string) {
	w.Header()["Vary"] = []string{"Accept, Accept-Encoding"}
	format, ok := chooseFormat(r.Header["Accept"], h.formats)
	path := scope + format.File
	edition, err := h.publisher.Get(r.Context(), path)
	switch {
	case err != nil:
		h.lose(w, r, scope+"feed", err)
	case !ok:
		h.redirect(w, r, http.StatusSeeOther, scope)
	default:
		w.Header()["Content-Location"] = []string{h.base + path}
		h.send(w, r, edition)
	}
}

// chooseFormat picks a feed format by Accept (RFC 9110 §12.5.1): the one with the
// greatest weight, of several the one that was named most exactly, then the
// first. Who accepts none of them gets the first all the same. ok is false when
// the client prefers HTML to any feed.
func chooseFormat(accept []string, formats []feeds.Format) (format feeds.Format, ok bool) {
	format = formats[0]
	var best, html int
	for name, q := range weighted(accept) {
		if name == "text/html" || name == "application/xhtml+xml" {
			html = max(html, q)
		}
	}
	for _, f := range formats {
		if score := formatScore(accept, f.MediaType); score > best {
			format, best = f, score
		}
	}
	return format, html <= best/10
}

// formatScore is ten times the weight of a media type, and a few points for how
// exactly the client named it.
func formatScore(accept []string, mediaType string) int {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	score, exact := 0, 0
	for name, q := range weighted(accept) {
		if e := exactness(name, mediaType); e > exact {
			exact, score = e, q*10+e
			if q == 0 {
				score = 0
			}
		}
	}
	return score
}

// exactness tells how closely an element of Accept names a media type; 0 when it
// doesn't. Clients that know nothing of feeds accept XML or JSON.
func exactness(name, mediaType string) int {
	kind, subtype, _ := strings.Cut(mediaType, "/")
	_, suffix, _ := strings.Cut(subtype, "+")
	switch name {
	case mediaType:
		return 4
	case "application/" + suffix, "text/" + suffix:
		return 3
	case kind + "/*":
		return 2
	case "*/*":
		return 1
	}
	return 0
}
