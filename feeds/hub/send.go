package hub

import (
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// send asks a callback. A connection that was kept may be closed by the other side at
// the very moment it is used again (RFC 9112 §9.5), which says nothing about the
// subscriber. Then it is asked over another one: what comes twice does no harm.
func (h *Hub) send(req *http.Request) (*http.Response, error) {
	var kept atomic.Bool
	ctx := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GotConn: func(c httptrace.GotConnInfo) { kept.Store(c.Reused) },
	})
	for tried := 1; ; tried++ {
		kept.Store(false)
		res, err := h.opts.Transport.RoundTrip(req.WithContext(ctx))
		if err == nil || !kept.Load() || tried > perPeer || ctx.Err() != nil {
			return res, err
		}
		if req.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
	}
}
