package show

import "time"

// Backup is how backups are made by themselves, and how that went.
type Backup struct {
	Dir    string    `json:"dir"`
	Every  float64   `json:"every_s"`
	File   string    `json:"file,omitempty"` // the newest
	Last   time.Time `json:"last,omitzero"`  // when it was made
	Next   time.Time `json:"next"`           // due, in a server that runs
	Failed time.Time `json:"failed,omitzero"`
	Error  string    `json:"error,omitempty"` // why the last try made none
}

// remark is a line of the status; "" when no backups are made.
func (b *Backup) remark() string {
	switch {
	case b == nil:
		return ""
	case b.Error != "":
		return "no backup was made on " + when(b.Failed) + ": " + oneLine(b.Error) +
			"; the newest is of " + when(b.Last) + "\n"
	case b.File == "":
		return "no backup yet, the first is due on " + when(b.Next) + "\n"
	}
	return "backup of " + when(b.Last) + " in " + b.Dir + ", the next is due on " + when(b.Next) + "\n"
}
