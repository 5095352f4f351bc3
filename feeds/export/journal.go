package export

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// journalName is the journal, in the work folder: what is to be done with the files
// of the stage, a step on a line. A journal without its last line was never acted
// upon. One that has it is carried out, by the next export if need be; each step
// may be done twice.
//
//	export SERIAL swap (or in place)
//	put STAGED NAME
//	drop NAME
//	end
const journalName = "journal"

const (
	journalHead = "export %d %t\n"
	journalEnd  = "end\n"
)

// step is a line of a journal.
type step struct {
	staged string // "" to remove the file
	name   string
}

// record writes the journal. When it returns, all that was staged is durable, and
// what the journal says will be done, whatever happens.
func (p *place) record(serial uint64, steps []step) error {
	if err := syncAll(p.root); err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, journalHead, serial, p.swap)
	for _, s := range steps {
		if s.staged == "" {
			fmt.Fprintf(&b, "drop %s\n", s.name)
			continue
		}
		fmt.Fprintf(&b, "put %s %s\n", s.staged, s.name)
	}
	b.WriteString(journalEnd)
	if err := p.write(journalName, []byte(b.String())); err != nil {
		return err
	}
	return syncAll(p.root)
}

// journal is what was recorded: the serial number of the export, whether the trees
// change places, and the lines of the steps. found is false when there is no whole
// one.
type journal struct {
	serial uint64
	swap   bool
	lines  string
}

func (p *place) journal() (j journal, found bool, err error) {
	text, err := p.root.ReadFile(p.in(journalName))
	if errors.Is(err, fs.ErrNotExist) {
		return j, false, nil
	}
	lines, whole := strings.CutSuffix(string(text), "\n"+journalEnd)
	if err != nil || !whole {
		return j, false, err
	}
	head, lines, _ := strings.Cut(lines, "\n")
	if _, err := fmt.Sscanf(head+"\n", journalHead, &j.serial, &j.swap); err != nil {
		return j, false, fmt.Errorf("read journal: %w", err)
	}
	j.lines = lines
	return j, true, nil
}

// steps yields the steps, in order.
func (j journal) steps(yield func(step) bool) {
	for line := range strings.Lines(j.lines) {
		verb, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		s := step{name: rest}
		if verb == "put" {
			s.staged, s.name, _ = strings.Cut(rest, " ")
		}
		if !yield(s) {
			return
		}
	}
}

// carryOut does what the journal says, if there is one, and forgets it.
func (p *place) carryOut() error {
	j, found, err := p.journal()
	if err != nil || !found {
		return err
	}
	p.swap = j.swap
	if j.swap && p.live.serial() != j.serial {
		if err := p.exchange(j); err != nil {
			return err
		}
	}
	to := p.live
	if j.swap && p.live.serial() == j.serial {
		// What was live is the twin now, and is made to be like it at once: whoever
		// stands in it, as a container does that it is mounted in, sees the same.
		to = p.other
	}
	if err := p.apply(j, to, p.root.Rename); err != nil {
		return err
	}
	return errors.Join(syncAll(p.root), p.finish())
}

// exchange makes the other tree what the live one is to be, and lets the two change
// places. Where the system won't, they stay where they are.
func (p *place) exchange(j journal) error {
	if err := p.apply(j, p.other, p.link); err != nil {
		return err
	}
	if err := syncAll(p.root); err != nil {
		return err
	}
	if exchange(p.root.Name(), p.live.dir, filepath.FromSlash(p.other.dir)) != nil {
		return nil
	}
	return syncAll(p.root)
}

// apply carries out the journal in a tree; move gives it the files.
func (p *place) apply(j journal, to tree, move func(from, to string) error) error {
	w := to.writer()
	for s := range j.steps {
		if s.staged == "" {
			if err := w.remove(s.name); err != nil {
				return err
			}
			continue
		}
		if err := w.folder(s.name); err != nil {
			return err
		}
		// What is not on the stage any more was moved before.
		err := move(p.in(path.Join(stageName, s.staged)), w.at(s.name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
