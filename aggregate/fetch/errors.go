package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// Kind sorts failures by what an operator would do about them.
type Kind string

// The kinds of failure.
const (
	KindRequest   Kind = "request"         // the URL or a header is not one we send
	KindDNS       Kind = "dns"             // the name has no address, or nobody could tell
	KindConnect   Kind = "connect"         // no connection, or it broke
	KindRefused   Kind = "refused-address" // the address or port is not allowed
	KindForbidden Kind = "forbidden"       // the caller's own rules allow no such request
	KindProxy     Kind = "proxy"           // the proxy is not there, or refuses
	KindTLS       Kind = "tls"             // the certificate or the handshake is bad
	KindTimeout   Kind = "timeout"         // one of the limits of time
	KindTooLarge  Kind = "too-large"       // one of the limits of size
	KindTruncated Kind = "truncated"       // the body ended early
	KindCoding    Kind = "coding"          // the body's coding is unknown or broken
	KindRedirect  Kind = "redirect"        // a redirect that can't be followed
	KindStatus    Kind = "status"          // the origin answered with an error
	KindProtocol  Kind = "protocol"        // an answer that makes no sense
	KindWait      Kind = "wait"            // the host is left alone; nobody was asked
	KindCanceled  Kind = "canceled"        // the caller gave up
)

// Errors that callers may ask for in an Error.
var (
	// ErrPrivateAddress means that a host's address is not on the public
	// Internet and AllowNetworks does not list it.
	ErrPrivateAddress = errors.New("private address")

	// ErrPort means that the port is neither usual for the web nor allowed.
	ErrPort = errors.New("port not allowed")

	// ErrUnasked means that the origin answered 304 to a request without
	// validators, so that there is nothing its answer could refer to.
	ErrUnasked = errors.New("304 Not Modified to an unconditional request")

	// ErrTooLarge means that a body passed its limit.
	ErrTooLarge = errors.New("body too large")

	// ErrRefused means that the origin answered 401 or 403 without saying more.
	ErrRefused = errors.New("credentials are missing or wrong")

	// ErrChallenge means that the origin's shield wants a browser to prove
	// itself.
	ErrChallenge = errors.New("the origin answers with a challenge for browsers")
)

// Error says which fetch failed, and what the origin answered.
type Error struct {
	URL        string        // that failed, maybe after redirects; without user and password
	Status     int           // 0 when there was no response
	RetryAfter time.Duration // how long WaitHost is to be left alone; 0 when nobody asked; at most 7 days
	WaitHost   string        // the host that asked, maybe by a redirect on the way
	Kind       Kind
	Until      time.Time // of KindWait: when the host may be asked again; else zero
	Err        error     // nil when the status says it all
}

// Error is one line: the URL and the cause.
func (e *Error) Error() string { return "fetch " + e.URL + ": " + e.Cause() }

// Unwrap is the cause, for errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// Cause is the reason alone, in a few words for a table of sources.
func (e *Error) Cause() string {
	status := ""
	if e.Status != 0 {
		status = strings.TrimSpace(fmt.Sprint(e.Status, " ", http.StatusText(e.Status)))
	}
	switch {
	case e.Err == nil:
		return status
	case e.Kind == KindStatus:
		return status + ": " + e.Err.Error()
	}
	return e.Err.Error()
}

// cause is a failure in the words of an operator, with the failure that it
// stands for.
type cause struct {
	text string
	err  error
}

func (c *cause) Error() string { return c.text }
func (c *cause) Unwrap() error { return c.err }

// timeout is why an exchange was cut short.
type timeout struct {
	text  string
	after time.Duration
}

func (t *timeout) Error() string     { return fmt.Sprintf("%s %v", t.text, t.after) }
func (t *timeout) Is(err error) bool { return err == context.DeadlineExceeded }

// classify tells the kind of a failure of net/http, in an exchange that was not
// ended from here, and says it in few words.
func classify(err error) (Kind, error) {
	var (
		dns    *net.DNSError
		netErr net.Error
	)
	if fault := proxyFault(err); fault != nil {
		_, why := classify(fault)
		return KindProxy, &cause{"proxy: " + why.Error(), err}
	}
	switch {
	case errors.Is(err, ErrPrivateAddress), errors.Is(err, ErrPort):
		return KindRefused, innermost(err)
	case errors.Is(err, ErrProxy), errors.Is(err, errAuthority):
		return KindRequest, err
	case errors.As(err, &dns):
		return KindDNS, &cause{dnsText(dns), err}
	case errors.As(err, &netErr) && netErr.Timeout():
		return KindTimeout, &cause{timeoutText(err), err}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return KindTruncated, &cause{"the answer ended early", err}
	}
	if text := tlsText(err); text != "" {
		return KindTLS, &cause{text, err}
	}
	return classifyConnection(err)
}

func classifyConnection(err error) (Kind, error) {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return KindConnect, &cause{"connection refused", err}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF):
		return KindConnect, &cause{"connection closed by the origin", err}
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return KindConnect, &cause{"host unreachable", err}
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return KindConnect, err
	}
	return KindProtocol, err
}

// innermost drops what net/http wraps around a refusal: the address would be
// said twice, and differently for each way to it.
func innermost(err error) error {
	var c *cause
	if errors.As(err, &c) {
		return c
	}
	return err
}

func dnsText(err *net.DNSError) string {
	if err.IsNotFound {
		return fmt.Sprintf("no such host: %s", err.Name)
	}
	return fmt.Sprintf("name server could not tell the address of %s", err.Name)
}

func timeoutText(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return "timed out connecting"
	}
	return "timed out: " + strings.TrimPrefix(err.Error(), "net/http: ")
}

// tlsText is "" when err has nothing to do with TLS.
func tlsText(err error) string {
	var (
		invalid   x509.CertificateInvalidError
		host      x509.HostnameError
		authority x509.UnknownAuthorityError
		verify    *tls.CertificateVerificationError
		alert     *net.OpError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "certificate expired or not valid yet"
	case errors.As(err, &host):
		return "certificate is for another host"
	case errors.As(err, &authority):
		return "certificate of an unknown authority"
	case errors.As(err, &verify):
		return "certificate not valid: " + verify.Err.Error()
	case errors.As(err, &record):
		return "the origin does not speak TLS"
	case errors.As(err, &alert) && strings.HasSuffix(alert.Op, " error"): // "remote error": an alert
		return "TLS handshake: " + strings.TrimPrefix(alert.Err.Error(), "tls: ")
	case strings.HasPrefix(err.Error(), "tls: "):
		return "TLS handshake: " + strings.TrimPrefix(err.Error(), "tls: ")
	}
	return ""
}
