package fetch

import (
	"bytes"
	"errors"
	"testing"
)

func TestDecodeFile(t *testing.T) {
	feed := []byte("<rss><channel><title>t</title></channel></rss>")
	tests := []struct {
		name   string
		body   []byte
		coding string
		limit  int64
		want   []byte
		err    error
	}{
		{name: "plain", body: feed, want: feed},
		{name: "gzip", body: encode(t, feed, "gzip"), want: feed},
		{name: "zstd", body: encode(t, feed, "zstd"), want: feed},
		{name: "brotli", body: encode(t, feed, "br"), coding: "br", want: feed},
		{name: "plain, called brotli", body: []byte("<?xml?><rss/>"), coding: "br", want: []byte("<?xml?><rss/>")},
		{name: "too large", body: encode(t, feed, "gzip"), limit: 5, err: ErrTooLarge},
		{name: "empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := DecodeFile(tt.body, tt.coding, tt.limit)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if !bytes.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if _, err := DecodeFile(encode(t, feed, "gzip")[:20], "", 0); err == nil {
		t.Error("no error of a gzip that is cut off")
	}
}
