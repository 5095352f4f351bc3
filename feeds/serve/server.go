package serve

import (
	"log/slog"
	"net/http"
	"time"
)

// NewServer returns a server for h that no slow or greedy client can hold up.
// It has no address yet. logger takes what net/http has to say, at debug level,
// because it is about clients; nil drops it.
func NewServer(h http.Handler, logger *slog.Logger) *http.Server {
	handler := slog.DiscardHandler
	if logger != nil {
		handler = logger.Handler()
	}
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(handler, slog.LevelDebug),
	}
}
