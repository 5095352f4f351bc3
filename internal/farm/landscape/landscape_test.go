package landscape_test

import (
	"bytes"
	"image/jpeg"
	"math/rand/v2"
	"testing"

	"github.com/coranto/coranto/internal/farm/landscape"
)

func TestJPEG(t *testing.T) {
	draw := func(seed uint64) landscape.Draw { return rand.New(rand.NewPCG(seed, 1)).Float64 }
	first := landscape.JPEG(draw(1))
	if !bytes.Equal(first, landscape.JPEG(draw(1))) {
		t.Error("two pictures from the same draws")
	}
	if bytes.Equal(first, landscape.JPEG(draw(2))) {
		t.Error("one picture from different draws")
	}
	got, err := jpeg.DecodeConfig(bytes.NewReader(first))
	if err != nil || got.Width != landscape.Width || got.Height != landscape.Height {
		t.Errorf("picture is %dx%d, %v; want %dx%d", got.Width, got.Height, err,
			landscape.Width, landscape.Height)
	}
}
