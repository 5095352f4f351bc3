package aggregate

import (
	"context"
	"fmt"
	"time"

	"github.com/coranto/coranto/aggregate/hosts"
	"github.com/coranto/coranto/internal/host"
	"github.com/coranto/coranto/storage"
)

// remember takes in what a stored state says of hosts.
func remember(m *hosts.Memory, rec *storage.SourceRecord, now time.Time) {
	st := &rec.State
	if st.Wait.After(now) && st.Wait.Sub(now) <= hosts.Longest {
		m.Ask(waitHost(rec), st.Wait, now)
	}
	m.Remember(hostOf(rec), st.LastVisit, st.HostFails, now)
}

// address is where a source is asked: the address that it has moved to.
func address(rec *storage.SourceRecord) string {
	if !rec.State.Move.Adopted.IsZero() {
		return rec.State.Move.To
	}
	return rec.URL
}

// hostOf is the host of a source's address.
func hostOf(rec *storage.SourceRecord) string { return host.Of(address(rec)) }

// waitHost is the host that the Wait of a state is about.
func waitHost(rec *storage.SourceRecord) string {
	if rec.State.WaitHost != "" {
		return rec.State.WaitHost
	}
	return hostOf(rec)
}

// Remember takes in what the stored states of sources say of hosts, for those who ask
// origins by a client of their own and not by an Aggregator.
func Remember(ctx context.Context, store storage.Store, m *hosts.Memory, now time.Time) error {
	for rec, err := range store.Sources(ctx, storage.SourceQuery{}) {
		if err != nil {
			return fmt.Errorf("list sources: %w", err)
		}
		remember(m, &rec, now)
	}
	return nil
}
