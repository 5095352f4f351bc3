package publish

// Listening reports whether Follow hears of commits by now.
func Listening(p *Publisher) bool {
	p.cache.mu.Lock()
	defer p.cache.mu.Unlock()
	return p.cache.hints != nil
}
