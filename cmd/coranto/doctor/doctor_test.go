package doctor_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/coranto/coranto/cmd/coranto/doctor"
)

var update = flag.Bool("update", false, "write docs/SCORE.md")

const page = "../../../docs/SCORE.md"

// TestScore is R19 and R20: no demerit in a week, and docs/SCORE.md says so.
func TestScore(t *testing.T) {
	t.Run("R19 R20 a week without a demerit", func(t *testing.T) {
		var out bytes.Buffer
		demerits, err := doctor.Score(t.Context(), &out)
		if err != nil {
			t.Fatal(err)
		}
		if demerits != 0 {
			t.Errorf("%d demerits, want none:\n%s", demerits, out.String())
		}
		want := head + out.String() + "```\n"
		if *update {
			if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("docs/SCORE.md is not what the score says; -update rewrites it. The score:\n%s", out.String())
		}
	})
}

const head = `# The score

Operators of origins judge feed readers by how they ask. ` + "`coranto doctor --score`" + ` judges this one:
it lives a week against an origin of its own on loopback, with the real scheduler, HTTP client and
store, under a clock that runs ahead, is restarted every hour and on one day every three minutes,
and ends with 1 if there is a single demerit.

A demerit is: a request without validators where some were given; a validator that is not, byte for
byte, the last one sent; a visit less than an hour after the one before, or within max-age (within a
day, where there are neither validators nor freshness); a visit to a host, by whichever feed, that
asked to be left alone by Retry-After; validators sent to an address that gave none; a visit to an
address two days after it began to say 301; a visit to what has been gone for three days; a cookie,
a Referer, a query, a no-cache, a request for something that nobody offered; a User-Agent that does not
name the product and its address; no gzip; a password, cookie or key of a source that another host is
shown by a redirect; a feed that is fresh, or not any more, by its own clock, three days off, and is asked
too soon or hardly ever; a visit, within a day, to a feed whose hub tells of its posts and has told
nothing (one right after it told is due); a hub that is asked for another topic, by GET, again long before
its lease ends, or in the name of somebody who does not confirm it.

A test makes each of these mistakes on purpose and sees the demerit; another lives this week at every
change of the code and fails by a single one.

Feeds here have posts every two to six hours. One whose posts come faster than every two hours is
asked more often than once an hour, at most every fifteen minutes, unless it says otherwise by
max-age, ttl or sy:updatePeriod.

` + "```\n$ coranto doctor --score\n"
