package casework

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"

	"forlop/store"
)

// carriedKey is the kind of keyed hash that what is carried is sealed under.
const carriedKey = "carried"

// SealCarried seals something small that a browser carries for us and cannot read,
// such as a login on its way. place says what it is, and is needed to open it.
func (s *Service) SealCarried(place string, text []byte) (string, error) {
	b, err := s.seals(place, text)
	return base64.RawURLEncoding.EncodeToString(b), err
}

// OpenCarried opens what SealCarried made; ok is false for anything else.
func (s *Service) OpenCarried(place, carried string) (text []byte, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(carried)
	if err != nil {
		return nil, false
	}
	return s.unseals(place, b)
}

func (s *Service) carrier() (cipher.AEAD, error) {
	block, err := aes.NewCipher(s.keys.Hash(carriedKey, "1")[:store.KeySize])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (s *Service) seals(place string, text []byte) ([]byte, error) {
	c, err := s.carrier()
	if err != nil {
		return nil, err
	}
	return c.Seal(nil, nil, text, []byte(place)), nil
}

func (s *Service) unseals(place string, sealed []byte) ([]byte, bool) {
	c, err := s.carrier()
	if err != nil {
		return nil, false
	}
	text, err := c.Open(nil, nil, sealed, []byte(place))
	return text, err == nil
}
