package publish

// Listening reports whether Follow hears of commits by now.
func Listening(p *Publisher) bool {
	p.cache.mu.Lock()
	defer p.cache.mu.Unlock()
	return p.cache.hints != nil
}

// SetSitemapMax sets the number of addresses in one file of the sitemap.
func SetSitemapMax(p *Publisher, n int) { p.sitemapMax = n }

// Encode returns a function that codes with the same coders each time.
func Encode() func(Coding, []byte) []byte { return newCoders().encode }
