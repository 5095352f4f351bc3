package farm

import "math"

// rng is splitmix64: small, fast and the same everywhere.
type rng uint64

// mix makes a generator of its own for each tuple of numbers, so that what one
// item draws never moves what another one gets.
func mix(vs ...uint64) rng {
	h := rng(0x51ed270b)
	for _, v := range vs {
		h = rng(uint64(h) ^ v*0x9e3779b97f4a7c15)
		h = rng(h.next())
	}
	return h
}

func (r *rng) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

func (r *rng) intn(n int) int   { return int(r.next() % uint64(n)) }
func (r *rng) float() float64   { return float64(r.next()>>11) / (1 << 53) }
func (r *rng) p(x float64) bool { return r.float() < x }

// norm draws from the standard normal distribution (Box and Muller).
func (r *rng) norm() float64 {
	u, v := r.float(), r.float()
	return math.Sqrt(-2*math.Log(max(u, 1e-12))) * math.Cos(2*math.Pi*v)
}

// exp draws from the exponential distribution of mean 1.
func (r *rng) exp() float64 { return -math.Log(max(r.float(), 1e-9)) }
