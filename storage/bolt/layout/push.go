package layout

import "github.com/coranto/coranto/storage"

// hasPush reports whether there is anything to write of p.
func hasPush(p storage.Push) bool {
	return len(p.Hubs) > 0 || p.Topic != "" || !p.Last.IsZero() || !p.Missed.IsZero() ||
		!p.Fallback.IsZero() || p.Subscription != (storage.Subscription{})
}

func writePush(w *writer, p storage.Push) {
	texts(w, 1, p.Hubs)
	w.text(2, p.Topic)
	w.time(3, p.Last)
	w.time(4, p.Missed)
	w.time(5, p.Fallback)
	if p.Subscription != (storage.Subscription{}) {
		w.message(6, func(w *writer) { writeSubscription(w, p.Subscription) })
	}
}

func readPush(b []byte) (p storage.Push, err error) {
	err = readFields(b, func(f field) (err error) {
		switch f.n {
		case 1:
			p.Hubs = append(p.Hubs, f.text())
		case 2:
			p.Topic = f.text()
		case 3:
			p.Last = f.time()
		case 4:
			p.Missed = f.time()
		case 5:
			p.Fallback = f.time()
		case 6:
			p.Subscription, err = readSubscription(f.b)
		}
		return err
	})
	return p, err
}

// SameSubscription compares two subscriptions as they are stored.
func SameSubscription(a, b storage.Subscription) bool {
	var x, y writer
	writeSubscription(&x, a)
	writeSubscription(&y, b)
	return string(x.b) == string(y.b)
}

func writeSubscription(w *writer, s storage.Subscription) {
	w.text(1, s.Hub)
	w.text(2, s.Topic)
	w.text(3, s.Callback)
	w.text(4, string(s.Secret))
	w.text(5, string(s.Pending))
	w.time(6, s.Asked)
	w.time(7, s.Until)
	w.time(8, s.Again)
	w.number(9, int64(s.Fails))
	w.text(10, s.LastError)
	w.time(11, s.Wait)
}

func readSubscription(b []byte) (s storage.Subscription, err error) {
	err = readFields(b, func(f field) error {
		switch f.n {
		case 1:
			s.Hub = f.text()
		case 2:
			s.Topic = f.text()
		case 3:
			s.Callback = f.text()
		case 4:
			s.Secret = storage.Secret(f.text())
		case 5:
			s.Pending = storage.SubscriptionMode(f.text())
		case 6:
			s.Asked = f.time()
		case 7:
			s.Until = f.time()
		case 8:
			s.Again = f.time()
		case 9:
			s.Fails = int(f.number())
		case 10:
			s.LastError = f.text()
		case 11:
			s.Wait = f.time()
		}
		return nil
	})
	return s, err
}
