package push

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"strings"

	"github.com/coranto/coranto/storage"
)

// signed reports whether an X-Hub-Signature header fits a body (WebSub §7.1), in a
// time that does not tell how nearly.
func (s *Subscriber) signed(header string, secret storage.Secret, body []byte) bool {
	method, digits, _ := strings.Cut(strings.TrimSpace(header), "=")
	newHash := s.method(strings.ToLower(method))
	signature, err := hex.DecodeString(digits)
	if newHash == nil || err != nil {
		return false
	}
	mac := hmac.New(newHash, []byte(secret))
	mac.Write(body)
	return hmac.Equal(signature, mac.Sum(nil))
}

// method is the hash of a signature, nil for one that does not count.
func (s *Subscriber) method(name string) func() hash.Hash {
	switch {
	case name == "sha256":
		return sha256.New
	case name == "sha384":
		return sha512.New384
	case name == "sha512":
		return sha512.New
	case name == "sha1" && !s.noSHA1:
		return sha1.New
	}
	return nil
}
