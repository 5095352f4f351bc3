package layout

import (
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// What schema 1 compressed is read as ever, and what is written now says so.
func TestCodings(t *testing.T) {
	c := newTestCodec(t)
	text := strings.Repeat("the committee voted again ", 100)
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderCRC(true))
	if err != nil {
		t.Fatal(err)
	}
	defer enc.Close()
	tests := []struct {
		name   string
		frame  []byte
		coding byte
		want   string
	}{
		{"zstd, of schema 1", enc.EncodeAll([]byte(text), []byte{codecZstd}), codecZstd, text},
		{"long", c.appendFrame(nil, []byte(text)), codecS2, text},
		{"short", c.appendFrame(nil, []byte("short")), codecPlain, "short"},
	}
	for _, tt := range tests {
		got, err := c.open(tt.frame)
		if err != nil || string(got) != tt.want || tt.frame[0] != tt.coding {
			t.Errorf("%s: coding %d, %d bytes, error %v; want coding %d, %d bytes",
				tt.name, tt.frame[0], len(got), err, tt.coding, len(tt.want))
		}
	}
}
