package due

import "container/heap"

// heapOf is a heap whose elements know their place in it.
type heapOf[T placed[T]] []T

type placed[T any] interface {
	before(T) bool
	place() *int // index in the queue; -1 outside
}

// put adds, moves or removes an element, whichever makes it a member or not.
func (q *heapOf[T]) put(x T, member bool) {
	switch i := *x.place(); {
	case i < 0 && member:
		heap.Push(q, x)
	case i >= 0 && member:
		heap.Fix(q, i)
	case i >= 0:
		heap.Remove(q, i)
	}
}

func (q heapOf[T]) Len() int           { return len(q) }
func (q heapOf[T]) Less(i, j int) bool { return q[i].before(q[j]) }

func (q heapOf[T]) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	*q[i].place(), *q[j].place() = i, j
}

// Push implements heap.Interface.
func (q *heapOf[T]) Push(x any) {
	*x.(T).place() = len(*q)
	*q = append(*q, x.(T))
}

// Pop implements heap.Interface.
func (q *heapOf[T]) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	*x.place() = -1
	(*q)[last] = *new(T)
	*q = (*q)[:last]
	return x
}
