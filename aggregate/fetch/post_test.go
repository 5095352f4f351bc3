package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
)

// X04: what is sent goes the same guarded way as what is fetched.
func TestPost(t *testing.T) {
	tests := []struct {
		name   string
		answer http.HandlerFunc
		status int  // of the error
		kind   Kind // of the error; "" for none
		asked  int  // requests
	}{
		{"any 2xx is good", status(202), 0, "", 1},
		{"an error is told", status(400), 400, KindStatus, 1},
		{"307 is followed", hop(307, "/b"), 0, "", 2},
		{"308 is followed", hop(308, "/b"), 0, "", 2},
		{"302 would make it a GET", hop(302, "/b"), 302, KindStatus, 1},
		{"redirect without an address", hop(307, ""), 307, KindRedirect, 1},
		{"redirect to a file", hop(307, "file:///etc/passwd"), 307, KindRedirect, 1},
		{"redirects in a circle", hop(307, "/a"), 0, KindRedirect, maxHops + 1},
		{"redirect to a private address", hop(307, "http://10.0.0.1/"), 0, KindRefused, 1},
	}
	for _, tt := range tests {
		t.Run("X04 "+tt.name, func(t *testing.T) {
			var bodies []string
			o := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if err := r.ParseForm(); err != nil {
					t.Error(err)
				}
				bodies = append(bodies, r.Method+" "+r.PostForm.Get("secret"))
				tt.answer(w, r)
			})
			form := url.Values{"secret": {"hush hush"}}
			err := newClient(t, Options{}).Post(t.Context(), o.URL+"/a", form, coranto.Source{})
			var e *Error
			if errors.As(err, &e) != (tt.kind != "") || e != nil && (e.Kind != tt.kind || e.Status != tt.status) {
				t.Fatalf("error = %+v, want kind %q, status %d", err, tt.kind, tt.status)
			}
			if len(bodies) != tt.asked {
				t.Errorf("%d requests, want %d", len(bodies), tt.asked)
			}
			for _, body := range bodies {
				if body != "POST hush hush" {
					t.Errorf("got %q, want the form posted", body)
				}
			}
			if strings.Contains(fmt.Sprint(err), "hush") {
				t.Errorf("error %v tells the form", err)
			}
		})
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(code)
		_, _ = w.Write([]byte("you said hush hush"))
	}
}

// hop redirects from /a.
func hop(code int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" {
			redirectTo(code, to)(w, r)
		}
	}
}

func TestPostKeepsSecrets(t *testing.T) {
	plain := serve(t, status(200))
	hub := httptest.NewTLSServer(redirectTo(307, plain.URL))
	t.Cleanup(hub.Close)
	roots := hub.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	client := newClient(t, Options{RootCAs: roots})
	err := client.Post(t.Context(), hub.URL, url.Values{"secret": {"s"}}, coranto.Source{})
	var e *Error
	if !errors.As(err, &e) || e.Kind != KindRedirect || len(plain.requests()) != 0 {
		t.Errorf("error = %v after %d requests over http, want a refused redirect", err, len(plain.requests()))
	}
}

func TestPostTimeout(t *testing.T) {
	o := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm() // else the server does not notice that the client left
		<-r.Context().Done()
	})
	client := newClient(t, Options{Timeout: 50 * time.Millisecond})
	err := client.Post(t.Context(), o.URL, url.Values{"a": {"b"}}, coranto.Source{})
	var e *Error
	if !errors.As(err, &e) || e.Kind != KindTimeout {
		t.Errorf("error = %v, want a timeout", err)
	}
}
