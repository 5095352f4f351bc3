package coranto

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// No way to print a source shows a secret of its access (A12).
func TestAccessIsSecret(t *testing.T) {
	src := Source{ID: "a", Access: Access{
		Headers: map[string]string{"X-Key": "canary"}, Cookies: "s=canary", User: "canary",
		Password: "canary", Proxy: "http://u:canary@proxy.example", Insecure: true,
	}}
	asJSON, err := json.Marshal(src)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "source", src, "access", &src.Access)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "source", src, "access", &src.Access)
	for _, text := range []string{
		string(asJSON), log.String(), fmt.Sprint(src), fmt.Sprintf("%+v %#v", src, src),
		fmt.Sprintf("%v %+v %#v %s", &src.Access, src.Access, src.Access, src.Access),
	} {
		if strings.Contains(text, "canary") {
			t.Errorf("a secret is shown: %s", text)
		}
	}
	const want = "headers, cookies, password, proxy, not verified"
	if got := src.Access.String(); got != want {
		t.Errorf("String = %q, want %q", got, want)
	}
}
