package vocabulary

import (
	"encoding/json"
	"strings"
	"testing"
)

// A member that a strict reader refuses would cost it our whole document.
func TestMembersAreInteroperable(t *testing.T) {
	tests := []struct {
		name, value string
		want        bool
	}{
		{"text", `"a\n\"é\\ud800"`, true},
		{"character of two halves", `"\ud83d\uDE00"`, true},
		{"first half alone", `"\ud800"`, false},
		{"first half before a letter", `"\ud800a\u0041"`, false},
		{"second half alone", `{"a":["x\udc00"]}`, false},
		{"half in a name", `{"\ud800":1}`, false},
		{"noncharacter", `"\uffff"`, false},
		{"noncharacter in a name", `{"\ufdd0":1}`, false},
		{"numbers", `[0,-1.5e300,12345678901234567890]`, true},
		{"number beyond a float64", `1e999999`, false},
		{"number beyond a float64 inside", `{"a":[-1e400]}`, false},
		{"names once", `{"a":{"a":1},"b":[{"a":1},{"a":2}]}`, true},
		{"name twice", `{"a":1,"a":2}`, false},
		{"name twice, once escaped", `[{"a":1,"\u0061":2}]`, false},
		{"nothing", `null`, true},
		{"empty", `[{},[]]`, true},
		{"deep", strings.Repeat("[", mostNested) + strings.Repeat("]", mostNested), true},
		{"too deep", strings.Repeat("[", mostNested+1) + strings.Repeat("]", mostNested+1), false},
	}
	for _, tt := range tests {
		kept, lost := Members(map[string]string{"_a": tt.value})
		if got := len(kept) == 1; got != tt.want || lost == len(kept) {
			t.Errorf("%s: kept %v, lost %d, want kept %t", tt.name, kept, lost, tt.want)
		}
	}
}

// FuzzMembers holds the contract: what is kept is JSON and is kept again as it is.
func FuzzMembers(f *testing.F) {
	f.Add(`{"a":["\ud83d\ude00",1e3,null]}`)
	f.Add(`"\ud800\`)
	f.Fuzz(func(t *testing.T, value string) {
		once, _ := Members(map[string]string{"_a": value})
		if len(once) == 0 {
			return
		}
		if twice, _ := Members(once); twice["_a"] != once["_a"] || !json.Valid([]byte(once["_a"])) {
			t.Errorf("%q is kept as %q, then as %q", value, once["_a"], twice["_a"])
		}
	})
}
