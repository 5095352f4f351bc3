package site

import "net/http"

// problemView says what went wrong and what to do next.
type problemView struct {
	frame
	Status  int
	Heading string
	Text    string
	Asked   string // the path that was asked for
}

// NotFound is the page for a path that is none. It says what may have happened
// and where to go on.
func (p *Pages) NotFound(path string) []byte {
	return p.problem(http.StatusNotFound, clip(path, 200))
}

// Problem is the page for a response with an error status. It names no cause:
// that is for the operator's log.
func (p *Pages) Problem(status int) []byte { return p.problem(status, "") }

func (p *Pages) problem(status int, path string) []byte {
	v := problemView{frame: p.frame("", ""), Status: status, Asked: path}
	v.Heading, v.Text = p.explain(status)
	v.Topic, v.Description = v.Heading, v.Text
	v.Title = v.Heading + " — " + p.site.Title
	v.Canonical, v.NoIndex = "", true
	body, err := p.render("problem", &v)
	if err != nil {
		return []byte(v.Heading)
	}
	return body
}

func (p *Pages) explain(status int) (heading, text string) {
	w := p.words
	switch status {
	case http.StatusNotFound:
		return w.NotFoundTitle, w.NotFoundText
	case http.StatusGone:
		return w.GoneTitle, w.GoneText
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return w.BusyTitle, w.BusyText
	}
	if status >= 500 {
		return w.ProblemTitle, w.ProblemText
	}
	return http.StatusText(status), ""
}
