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

// listFeed asks for a feed with a conditional request. A body that is the same as
// the last one is not read again (P12); validators are taken from every good
// answer (P04, P05).
func listFeed(ctx context.Context, client *fetch.Client, rec storage.SourceRecord) (*Listing, error) {
	res, err := client.Get(ctx, fetch.Request{
		URL:          rec.URL,
		ETag:         rec.State.ETag,
		LastModified: rec.State.LastModified,
		ValidatorURL: rec.State.ValidatorURL,
		Access:       rec.Access,
	})
	if err != nil {
		return nil, err
	}
	list := &Listing{
		NotModified:  res.NotModified,
		URL:          res.URL,
		Permanent:    res.Permanent,
		Link:         res.Link,
		Problems:     res.Problems,
		ETag:         res.ETag,
		LastModified: res.LastModified,
		ValidatorURL: res.ValidatorURL,
		BodyHash:     rec.State.BodyHash,
		Freshness:    res.Freshness,
		HasFreshness: res.HasFreshness,
		RetryAfter:   res.RetryAfter,
		WaitHost:     res.WaitHost,

		HasValidators: res.ETag != "" || res.LastModified != "",
	}
	if res.NotModified {
		return list, nil
	}
	if hash := sha256.Sum256(res.Body); hash != rec.State.BodyHash {
		list.Changed, list.BodyHash = true, hash
		list.Body, list.ContentType = res.Body, res.ContentType
	}
	return list, nil
}

// readFeed reads the document of a listing.
func readFeed(rec storage.SourceRecord, list *Listing, known func(parse.Mark) bool) (*parse.Feed, error) {
	zone, err := time.LoadLocation(rec.Zone)
	if err != nil {
		return nil, fmt.Errorf("zone of source %s: %w", rec.ID, err)
	}
	feed, _, err := parse.Parse(parse.Document{
		Body:        list.Body,
		ContentType: list.ContentType,
		URL:         list.URL,
		Zone:        zone,
		MaxItems:    rec.MaxItems,
		Known:       known,
	})
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", list.URL, err)
	}
	return feed, nil
}
