package provider

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"forlop/care"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
	"golang.org/x/crypto/argon2"
)

const (
	// least and most are how many characters a passphrase has. Twelve is ours
	// (proposed); no rule says which characters, because such rules make worse ones.
	least, most = 12, 200
	// Cost of argon2id, as OWASP's Password Storage Cheat Sheet advises at least:
	// 19 MiB, two passes, one lane.
	memory, passes, lanes, hashSize = 19 * 1024, 2, 1, 32
	// period is how long one code is shown, in seconds; one before and one after
	// serve too (RFC 6238, 5.2).
	period = 30
)

// hash is the passphrase as it is kept.
func hash(passphrase string) (string, error) {
	salt := make([]byte, 16)
	if _, err := io.ReadFull(rand.Reader, salt); err != nil {
		return "", fmt.Errorf("random bytes for a passphrase: %w", err)
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf("argon2id$%d$%d$%d$%s$%s", memory, passes, lanes, enc.EncodeToString(salt), enc.EncodeToString(stretch(passphrase, salt, memory, passes, lanes))), nil
}

func stretch(passphrase string, salt []byte, m, t uint32, p uint8) []byte {
	return argon2.IDKey([]byte(passphrase), salt, t, m, p, hashSize)
}

// matches compares a passphrase with a kept one. It takes as long where there is
// no account at all.
func matches(kept, passphrase string) bool {
	var m, t uint32
	var p uint8
	var salt, sum string
	enc := base64.RawStdEncoding
	if n, err := fmt.Sscanf(strings.ReplaceAll(kept, "$", " "), "argon2id %d %d %d %s %s", &m, &t, &p, &salt, &sum); n != 5 || err != nil {
		stretch(passphrase, make([]byte, 16), memory, passes, lanes)
		return false
	}
	rawSalt, bad := enc.DecodeString(salt)
	want, bad2 := enc.DecodeString(sum)
	if bad != nil || bad2 != nil {
		return false
	}
	return subtle.ConstantTimeCompare(want, stretch(passphrase, rawSalt, m, t, p)) == 1
}

// acceptable refuses a passphrase that is too easy to guess.
func acceptable(passphrase, name string) error {
	n := utf8.RuneCountInString(passphrase)
	switch {
	case n < least:
		return care.Refuse("passphrase-short", "Write at least {least} characters. A few words in a row are easy to remember and hard to guess.", "least", fmt.Sprint(least)).On("passphrase")
	case n > most:
		return care.Refuse("passphrase-long", "Write at most {most} characters.", "most", fmt.Sprint(most)).On("passphrase")
	case strings.Contains(strings.ToLower(passphrase), strings.ToLower(name)) || strings.Count(passphrase, passphrase[:1]) == len(passphrase):
		return care.Refuse("passphrase-easy", "This is too easy to guess. Take some words that do not belong together.").On("passphrase")
	}
	return nil
}

// newCode draws the secret of one-time codes, and the address that an app on a
// telephone reads.
func newCode(site, name string) (secret, address string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: site, AccountName: name, Period: period, SecretSize: 20, Rand: rand.Reader})
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), nil
}

// step finds the step of time whose code was written, after the last one used;
// 0 where there is none.
func step(secret, code string, now time.Time, last int64) int64 {
	code = strings.Join(strings.Fields(code), "")
	at := now.Unix() / period
	for _, s := range []int64{at, at - 1, at + 1} {
		ok, err := hotp.ValidateCustom(code, uint64(s), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && ok && s > last {
			return s
		}
	}
	return 0
}
