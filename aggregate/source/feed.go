package source

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/storage"
)

// listFeed reads a feed with a conditional request. A body that is the same as
// the last one is not parsed again (P12); validators are taken from every good
// answer (P04, P05), but not from one that was cut off, so that the rest of it
// will be asked for again (P06).
func listFeed(ctx context.Context, client *fetch.Client, rec storage.SourceRecord) (*Listing, error) {
	res, err := client.Get(ctx, fetch.Request{
		URL:          rec.URL,
		ETag:         rec.State.ETag,
		LastModified: rec.State.LastModified,
		ValidatorURL: rec.State.ValidatorURL,
	})
	if err != nil {
		return nil, err
	}
	list := &Listing{
		NotModified:  res.NotModified,
		URL:          res.URL,
		Problems:     res.Problems,
		ETag:         res.ETag,
		LastModified: res.LastModified,
		ValidatorURL: res.ValidatorURL,
		BodyHash:     rec.State.BodyHash,
		Freshness:    res.Freshness,
		HasFreshness: res.HasFreshness,
		RetryAfter:   res.RetryAfter,

		HasValidators: res.ETag != "" || res.LastModified != "",
	}
	if res.NotModified {
		return list, nil
	}
	hash := sha256.Sum256(res.Body)
	if hash == rec.State.BodyHash {
		return list, nil
	}
	return list, list.parse(rec, res, hash)
}

func (l *Listing) parse(rec storage.SourceRecord, res *fetch.Response, hash [32]byte) error {
	zone, err := time.LoadLocation(rec.Zone)
	if err != nil {
		return fmt.Errorf("zone of source %s: %w", rec.ID, err)
	}
	feed, problems, err := parse.Parse(parse.Document{
		Body:        res.Body,
		ContentType: res.ContentType,
		URL:         res.URL,
		Zone:        zone,
		MaxItems:    rec.MaxItems,
	})
	if err != nil {
		return fmt.Errorf("parse %s: %w", res.URL, err)
	}
	l.Changed, l.Feed = true, feed
	l.Problems = append(l.Problems, problems...)
	if feed.Truncated {
		l.ETag, l.LastModified, l.ValidatorURL = rec.State.ETag, rec.State.LastModified, rec.State.ValidatorURL
		return nil
	}
	l.BodyHash = hash
	return nil
}
