package calls

import (
	"errors"
	"fmt"

	"github.com/coranto/coranto/storage"
)

// run is the single writer. It ends when the queue is closed and empty.
func (q *Queue) run() {
	defer close(q.done)
	for range q.wake {
		for {
			group, closed := q.take()
			if len(group) > 0 {
				q.writeGroup(group)
			} else if closed {
				return
			} else {
				break
			}
		}
	}
}

// writeGroup stores a group of calls in one transaction, or each of its visits
// in one of its own.
func (q *Queue) writeGroup(group []*call) {
	var visits []*Visit
	for _, c := range group {
		for i := range c.visits {
			visits = append(visits, &c.visits[i])
		}
	}
	err := q.write(visits)
	if err != nil && len(visits) > 1 && !q.final(err) {
		err = nil
		for _, v := range visits {
			q.writeAlone(v)
		}
	}
	for _, c := range group {
		c.err = refusal(c, err)
		close(c.done)
	}
}

// writeAlone stores one visit in a transaction of its own.
func (q *Queue) writeAlone(v *Visit) {
	if err := q.write([]*Visit{v}); err != nil {
		v.refuse(err)
	}
}

// refusal says that nothing of a call was stored. A full store is the visits'
// error: they may be committed again later.
func refusal(c *call, err error) error {
	if !errors.Is(err, storage.ErrFull) {
		return err
	}
	for i := range c.visits {
		if v := &c.visits[i]; v.Result.Err == nil {
			v.refuse(err)
		}
	}
	return nil
}

// refuse makes err all that came of a visit.
func (v *Visit) refuse(err error) {
	v.Result = storage.VisitResult{Err: fmt.Errorf("visit of %s: %w", v.Source, err)}
}
