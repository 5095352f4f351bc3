package persist

import (
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/coranto/coranto/storage"
)

func TestLate(t *testing.T) {
	results := []storage.VisitResult{
		{}, {Err: fmt.Errorf("x: %w", storage.ErrFull)}, {Err: storage.ErrLeaseLost}, {Err: errors.New("no reason")}, {Err: fmt.Errorf("write: %w", syscall.EIO)},
	}
	again, cause := Late(results, nil)
	if cause == nil || fmt.Sprint(again) != "[1 4]" {
		t.Errorf("to be tried again: %v for %v, want visits 1 and 4", again, cause)
	}
	if _, cause := Late(nil, storage.ErrClosed); cause != nil {
		t.Errorf("a closed store is tried again: %v", cause)
	}
	if _, cause := Late(nil, storage.ErrFull); !errors.Is(cause, storage.ErrFull) {
		t.Errorf("a full store: cause %v, want ErrFull", cause)
	}
}
