package site

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

// TestContrast wants 4.5:1 of every color of text on every ground, light and
// dark (WCAG 2.2, 1.4.3).
func TestContrast(t *testing.T) {
	style, err := themeFiles.ReadFile("theme/style.css")
	if err != nil {
		t.Fatal(err)
	}
	schemes := regexp.MustCompile(`:root\{[^}]*--ink[^}]*\}`).FindAllString(string(style), 2)
	if len(schemes) != 2 {
		t.Fatalf("got %d color schemes, want 2", len(schemes))
	}
	for _, scheme := range schemes {
		colors := make(map[string]float64)
		for _, m := range regexp.MustCompile(`--(\w+):#(\w+)`).FindAllStringSubmatch(scheme, -1) {
			colors[m[1]] = luminance(t, m[2])
		}
		for _, text := range []string{"ink", "soft", "accent"} {
			for _, ground := range []string{"paper", "wash"} {
				if got := contrast(colors[text], colors[ground]); got < 4.5 {
					t.Errorf("%s: %s on %s = %.1f, want at least 4.5", scheme, text, ground, got)
				}
			}
		}
	}
}

func contrast(a, b float64) float64 { return (max(a, b) + .05) / (min(a, b) + .05) }

// luminance is the relative luminance of a color in 3 or 6 hex digits.
func luminance(t *testing.T, digits string) float64 {
	t.Helper()
	if len(digits) == 3 {
		digits = digits[:1] + digits[:1] + digits[1:2] + digits[1:2] + digits[2:] + digits[2:]
	}
	rgb, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	linear := func(shift uint) float64 {
		c := float64(rgb>>shift&255) / 255
		if c <= .04045 {
			return c / 12.92
		}
		return math.Pow((c+.055)/1.055, 2.4)
	}
	return .2126*linear(16) + .7152*linear(8) + .0722*linear(0)
}
