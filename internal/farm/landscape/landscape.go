// Package landscape paints pictures for the demonstration farm, so that its papers
// have something to show. The same draws give the same bytes.
package landscape

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
)

// The size of every picture in pixels.
const (
	Width  = 640
	Height = 360
)

// Draw gives the next number of a random sequence, from 0 to below 1.
type Draw func() float64

// JPEG paints one landscape: sky, sun, hills that fade with distance, and at
// times water.
func JPEG(draw Draw) []byte {
	s := newScene(draw)
	img := image.NewRGBA(image.Rect(0, 0, Width, Height))
	for x := range Width {
		heights := s.heights(float64(x))
		for y := range Height {
			img.SetRGBA(x, y, s.at(float64(x), float64(y), heights).rgba())
		}
	}
	var out bytes.Buffer
	_ = jpeg.Encode(&out, img, &jpeg.Options{Quality: 80}) // a bytes.Buffer takes everything
	return out.Bytes()
}

// shade is a color with parts from 0 to 1.
type shade [3]float64

func (a shade) blend(b shade, part float64) shade {
	for k := range a {
		a[k] += (b[k] - a[k]) * part
	}
	return a
}

func (a shade) rgba() color.RGBA {
	part := func(v float64) uint8 { return uint8(255 * min(max(v, 0), 1)) }
	return color.RGBA{R: part(a[0]), G: part(a[1]), B: part(a[2]), A: 255}
}

// hue makes a shade from a hue from 0 to 1, a saturation and a lightness.
func hue(h, saturation, lightness float64) shade {
	var s shade
	for k := range s {
		wave := 0.5 + 0.5*math.Cos(2*math.Pi*(h-float64(k)/3))
		s[k] = lightness * (1 - saturation + saturation*wave)
	}
	return s
}

// scene is what a landscape is painted from.
type scene struct {
	zenith, horizon, sun, far, near shade
	sunX, sunY, sunSize             float64
	hills                           []hill
	water                           float64 // height of the shore; below the picture for none
}

// hill is a ridge: a sum of waves around a height.
type hill struct {
	base  float64
	waves [3]struct{ height, length, phase float64 }
}

func newScene(draw Draw) *scene {
	base := 0.52 + 0.18*draw() // a sky is blue, from sea green to violet
	s := &scene{
		zenith:  hue(base, 0.6, 0.45+0.3*draw()),
		horizon: hue(base+0.2+0.4*draw(), 0.35, 0.95),
		sun:     shade{1, 0.96, 0.84},
		near:    hue(base+0.4*draw(), 0.55, 0.22),
		sunX:    Width * (0.15 + 0.7*draw()),
		sunY:    Height * (0.15 + 0.3*draw()),
		sunSize: 14 + 26*draw(),
		water:   Height,
	}
	s.far = s.horizon.blend(s.near, 0.25)
	ridges := 3 + int(4*draw())
	for k := range ridges {
		depth := float64(k+1) / float64(ridges)
		s.hills = append(s.hills, newHill(draw, depth))
	}
	if draw() < 0.4 {
		s.water = Height * (0.72 + 0.12*draw())
	}
	return s
}

func newHill(draw Draw, depth float64) hill {
	h := hill{base: Height * (0.38 + 0.5*depth)}
	for k := range h.waves {
		w := &h.waves[k]
		w.length = (60 + 240*draw()) / float64(k*k+1)
		w.height = (10 + 40*draw()) / float64(k*k+1)
		w.phase = 2 * math.Pi * draw()
	}
	return h
}

// heights is where each ridge begins in a column, farthest first.
func (s *scene) heights(x float64) []float64 {
	tops := make([]float64, len(s.hills))
	for k, h := range s.hills {
		tops[k] = h.base
		for _, w := range h.waves {
			tops[k] += w.height * math.Sin(x/w.length+w.phase)
		}
	}
	return tops
}

// at is the color of a point. Water mirrors what is above its shore, dimmed and
// in ripples.
func (s *scene) at(x, y float64, tops []float64) shade {
	if y < s.water {
		return s.land(x, y, tops)
	}
	depth := y - s.water
	ripple := 2.5 * math.Sin(depth*1.7+x/23)
	mirrored := s.land(x+ripple, max(s.water-1.6*depth+ripple, 0), tops)
	return mirrored.blend(s.zenith, 0.35)
}

func (s *scene) land(x, y float64, tops []float64) shade {
	for k := len(tops) - 1; k >= 0; k-- {
		if y >= tops[k] {
			depth := float64(k+1) / float64(len(tops))
			haze := math.Exp(-(y - tops[k]) / 70)
			return s.far.blend(s.near, depth).blend(s.horizon, 0.18*(1-haze))
		}
	}
	return s.sky(x, y)
}

func (s *scene) sky(x, y float64) shade {
	c := s.zenith.blend(s.horizon, min(1, y/(0.62*Height)))
	distance := math.Hypot(x-s.sunX, y-s.sunY)
	if distance < s.sunSize {
		return s.sun
	}
	return c.blend(s.sun, 0.7*math.Exp(-(distance-s.sunSize)/60))
}
