package term

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// redraw is the time between two looks of a line that tells of work.
const redraw = 200 * time.Millisecond

// Work is a line on a terminal that tells what long work is at, how far it has come and
// for how long it goes on. Work that is soon done, or that nobody looks at, is silent; so
// is a nil one. It is safe for concurrent use.
type Work struct {
	out   Output
	began time.Time

	mu          sync.Mutex
	timer       *time.Timer
	drawn       bool
	what        string
	done, total int64 // bytes; 0 when they are not counted, or not known
}

// NewWork begins. Nothing is drawn before it has lasted as long as patience.
func NewWork(out Output, patience time.Duration) *Work {
	if !out.Terminal {
		return nil
	}
	w := &Work{out: out, began: time.Now()}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(patience, w.draw)
	return w
}

// Stage says what is done from now on, and how many bytes that will be; 0 when nobody
// knows.
func (w *Work) Stage(what string, total int64) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.what, w.done, w.total = what, 0, total
}

// Write counts bytes of the stage.
func (w *Work) Write(p []byte) (int, error) {
	if w != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.done += int64(len(p))
	}
	return len(p), nil
}

func (w *Work) draw() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer == nil {
		return
	}
	w.drawn = true
	fmt.Fprintf(w.out, "\r\x1b[K%s", w.line())
	w.timer.Reset(redraw)
}

// line is what is drawn.
func (w *Work) line() string {
	const mega = 1 << 20
	took := time.Since(w.began).Round(time.Second)
	switch {
	case w.total > 0:
		filled := int(min(barWidth, barWidth*w.done/w.total))
		bar := strings.Repeat("█", filled) + strings.Repeat("░", barWidth-filled)
		return fmt.Sprintf("%s %s, %d of %d MB, %s", bar, w.what, w.done/mega, (w.total+mega-1)/mega, took)
	case w.done > 0:
		return fmt.Sprintf("%s, %d MB, %s", w.what, w.done/mega, took)
	}
	return fmt.Sprintf("%s, %s", w.what, took)
}

// Clear removes the line, so that something else may be printed. It comes again.
func (w *Work) Clear() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.drawn {
		fmt.Fprint(w.out, "\r\x1b[K")
		w.drawn = false
	}
}

// End removes the line for good.
func (w *Work) End() {
	if w == nil {
		return
	}
	w.mu.Lock()
	w.timer.Stop()
	w.timer = nil
	w.mu.Unlock()
	w.Clear()
}
