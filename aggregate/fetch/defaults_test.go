package fetch

import (
	"testing"
	"time"
)

// P64: the limits that hold where nobody says otherwise.
func TestDefaultLimits(t *testing.T) {
	c := New(Options{})
	way := c.routes.main
	tests := []struct {
		name      string
		got, want time.Duration
	}{
		{"P64 name server", c.opts.NameTimeout, 5 * time.Second},
		{"P64 connection", c.routes.plainDialer().Timeout, 10 * time.Second},
		{"P64 TLS handshake", way.TLSHandshakeTimeout, 10 * time.Second},
		{"P64 headers", way.ResponseHeaderTimeout, 15 * time.Second},
		{"P64 silence", c.opts.IdleTimeout, 10 * time.Second},
		{"P64 whole exchange", c.opts.Timeout, 30 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("limit of %v, want %v", tt.got, tt.want)
			}
		})
	}
	t.Run("P64 sizes", func(t *testing.T) {
		if c.opts.MaxBody != 15<<20 || c.opts.MaxEncoded != 10<<20 || way.MaxResponseHeaderBytes != 64<<10 {
			t.Errorf("limits of %d, coded %d and headers %d bytes, want 15 MiB, 10 MiB and 64 KiB",
				c.opts.MaxBody, c.opts.MaxEncoded, way.MaxResponseHeaderBytes)
		}
	})
}
