package farm

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"sync"
	"time"
)

// authority signs a certificate for each host. It is made anew at each Start;
// its keys are the one thing about a farm that is not deterministic.
type authority struct {
	key    *ecdsa.PrivateKey
	cert   *x509.Certificate
	now    time.Time
	leaves sync.Map // int → *tls.Certificate
}

// CertPool trusts the authority of a farm with TLS. It is nil before Start and
// without TLS.
func (f *Farm) CertPool() *x509.CertPool {
	if f.authority == nil {
		return nil
	}
	pool := x509.NewCertPool()
	pool.AddCert(f.authority.cert)
	return pool
}

// tlsConfig is nil for a farm that serves plain HTTP.
func (f *Farm) tlsConfig() (*tls.Config, error) {
	if !f.TLS {
		return nil, nil
	}
	a, err := newAuthority(f.Clock())
	if err != nil {
		return nil, err
	}
	f.authority = a
	config := &tls.Config{
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			return a.leaf(hostIndex(hello.Conn.LocalAddr()))
		},
		VerifyConnection: func(state tls.ConnectionState) error {
			f.totals.handshakes.Add(1)
			if state.DidResume {
				f.totals.resumed.Add(1)
			}
			return nil
		},
	}
	return config, a.write(f.CAFile)
}

func newAuthority(now time.Time) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the key of the authority: %w", err)
	}
	a := &authority{key: key, now: now}
	template := a.template(1, "feedfarm CA")
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("make the certificate of the authority: %w", err)
	}
	a.cert, err = x509.ParseCertificate(der)
	return a, err
}

// template is a certificate good for ten days.
func (a *authority) template(serial int, name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(int64(serial)),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    a.now.Add(-time.Hour),
		NotAfter:     a.now.Add(240 * time.Hour),
	}
}

// leaf is the certificate of host h.
func (a *authority) leaf(h int) (*tls.Certificate, error) {
	if c, ok := a.leaves.Load(h); ok {
		return c.(*tls.Certificate), nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the key of host %d: %w", h, err)
	}
	t := a.template(h+2, HostIP(h))
	t.IPAddresses = []net.IP{net.ParseIP(HostIP(h))}
	t.KeyUsage = x509.KeyUsageDigitalSignature
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	der, err := x509.CreateCertificate(rand.Reader, t, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return nil, fmt.Errorf("make the certificate of host %d: %w", h, err)
	}
	c, _ := a.leaves.LoadOrStore(h, &tls.Certificate{
		Certificate: [][]byte{der, a.cert.Raw},
		PrivateKey:  key,
	})
	return c.(*tls.Certificate), nil
}

// write stores the authority's certificate for clients that read a file.
func (a *authority) write(path string) error {
	if path == "" {
		return nil
	}
	block := &pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}
	return os.WriteFile(path, pem.EncodeToMemory(block), 0o644)
}
