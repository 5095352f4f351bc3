package robots

import (
	"context"
	"errors"

	"github.com/coranto/coranto/aggregate/fetch"
)

// maxBody is the longest file that is fetched, of which maxFile is read. An
// origin that sends more is as good as out of reach.
const maxBody = 4 << 20

// Through is the Fetcher that asks with the program's client: at most five
// redirects, each address checked.
func Through(client *fetch.Client) Fetcher {
	return func(ctx context.Context, address string) (Answer, error) {
		res, err := client.Get(ctx, fetch.Request{
			URL: address, Accept: "text/plain, */*;q=0.5", MaxBody: maxBody,
		})
		if err == nil {
			return Answer{Status: res.Status, Body: res.Body}, nil
		}
		var e *fetch.Error
		if errors.As(err, &e) && (e.Kind == fetch.KindStatus || e.Kind == fetch.KindRedirect) {
			return Answer{Status: e.Status, RetryAfter: e.RetryAfter}, nil
		}
		if e != nil { // a host that asked to wait is asked again after that
			return Answer{RetryAfter: e.RetryAfter}, err
		}
		return Answer{}, err
	}
}
