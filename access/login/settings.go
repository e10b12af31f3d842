package login

import (
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"forlop/care"
)

// Settings say how one provider is asked.
type Settings struct {
	// ID names the provider in addresses, such as helseid.
	ID string
	// Name is what people read on the button, such as ID-porten.
	Name string
	// Issuer is the provider's address, exactly as it writes itself.
	Issuer string
	// Client is our id at the provider.
	Client string
	// Key is the client's private key (PEM or JWK). It wins over Secret.
	Key []byte
	// KeyID names the key at the provider; empty means its thumbprint (RFC 7638).
	KeyID string
	// Secret is used where the provider knows no keys.
	Secret []byte
	// Audience is whom a client assertion is written to: "issuer" or
	// "token-endpoint".
	Audience string
	// Pushed sends the request itself to the provider (RFC 9126) so that the
	// browser carries a reference only.
	Pushed bool
	// DPoP binds the tokens to a key of this one login (RFC 9449).
	DPoP bool
	// IssuerInAnswer demands the iss parameter (RFC 9207) even where the metadata
	// does not promise it. One that is there is always checked.
	IssuerInAnswer bool
	// TokenHash demands at_hash in the ID token.
	TokenHash bool
	Scopes    []string
	// Extra are further parameters of the request.
	Extra map[string]string
	// Algorithms are those that tokens may be signed with.
	Algorithms []string
	// For are those who log in here: patients and relatives, or professionals.
	For []care.ActorKind
	// LevelClaim is where the level stands ("acr"), Levels what its values mean
	// here, Ask what to write in acr_values for a level, and Least the lowest that
	// will do.
	LevelClaim string
	Levels     map[string]string
	Ask        map[string]string
	Least      string
	// MaxAge is how long ago somebody may have proved who they are; zero leaves
	// it to the provider.
	MaxAge time.Duration
	Claims Claims
	// Prescribers are the rules for the right to prescribe; one that holds is
	// enough. No rule means that this provider cannot tell, and nobody has the
	// right from here.
	Prescribers []Prescriber
	// Hosts are hosts of the provider beside the issuer's own, and Networks
	// address ranges inside the operator's own walls where they may lie.
	Hosts    []string
	Networks []netip.Prefix
}

// Claims say where facts stand in the ID token. Empty means: not here.
type Claims struct {
	NationalNumber, HPR, HSAID, PrescriberCode, Profession, OrgNumber, Name string
}

// Prescriber is a rule for the right to prescribe: the claim holds one of the
// values, or anything at all where no values are listed.
type Prescriber struct {
	Claim string
	OneOf []string
}

// levels from the least to the most.
var levels = []string{"low", "substantial", "high"}

// algorithms that tokens may be signed with: asymmetric ones only.
var algorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// reserved are parameters that carry the safety of a login.
var reserved = []string{
	"client_id", "client_assertion", "client_assertion_type", "client_secret", "code_challenge", "code_challenge_method",
	"dpop_jkt", "max_age", "nonce", "prompt", "redirect_uri", "request", "request_uri", "response_mode", "response_type",
	"scope", "state",
}

// atLeast reports whether a level is as sure as another; an unknown one is not.
func atLeast(have, want string) bool {
	return slices.Contains(levels, have) && slices.Index(levels, have) >= slices.Index(levels, want)
}

// complete fills what is not written and says what cannot work.
func (s Settings) complete() (Settings, error) {
	wrong := func(key, format string, args ...any) (Settings, error) {
		return s, fmt.Errorf("login provider %q, %s: %s", s.ID, key, fmt.Sprintf(format, args...))
	}
	if s.ID == "" || strings.Trim(s.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return wrong("id", "write small letters, digits and hyphens; it stands in addresses")
	}
	if err := httpsOrLoopback(s.Issuer); err != nil {
		return wrong("issuer", "%v", err)
	}
	if s.Client == "" {
		return wrong("client", "write the client id that the provider gave")
	}
	if len(s.Key) == 0 && len(s.Secret) == 0 {
		return wrong("key", "the client needs a key, or a secret where the provider knows no keys")
	}
	if s.Name == "" {
		s.Name = s.ID
	}
	if s.Audience == "" {
		s.Audience = "issuer"
	}
	if s.Audience != "issuer" && s.Audience != "token-endpoint" {
		return wrong("audience", "%q is not known; write issuer or token-endpoint", s.Audience)
	}
	if len(s.Algorithms) == 0 {
		s.Algorithms = algorithms
	}
	for _, a := range s.Algorithms {
		if !slices.Contains(algorithms, a) {
			return wrong("algorithms", "%q is not allowed; use some of %s", a, strings.Join(algorithms, ", "))
		}
	}
	if !slices.Contains(s.Scopes, "openid") {
		s.Scopes = append([]string{"openid"}, s.Scopes...)
	}
	if s.LevelClaim == "" {
		s.LevelClaim = "acr"
	}
	if s.Least == "" {
		s.Least = "high"
	}
	if !slices.Contains(levels, s.Least) {
		return wrong("least", "%q is not a level; use one of %s", s.Least, strings.Join(levels, ", "))
	}
	for value, level := range s.Levels {
		if !slices.Contains(levels, level) {
			return wrong("levels", "%q is set to %q, which is not a level; use one of %s", value, level, strings.Join(levels, ", "))
		}
	}
	for level := range s.Ask {
		if !slices.Contains(levels, level) {
			return wrong("ask", "%q is not a level; use one of %s", level, strings.Join(levels, ", "))
		}
	}
	if !slices.ContainsFunc(slices.Collect(maps.Values(s.Levels)), func(l string) bool { return atLeast(l, s.Least) }) {
		return wrong("levels", "no value reaches %s, so nobody could log in; say what the provider's values mean", s.Least)
	}
	for _, kind := range s.For {
		if kind != care.Patient && kind != care.Relative && kind != care.Professional {
			return wrong("for", "%q does not log in; use patient, relative or professional", kind)
		}
	}
	if len(s.For) == 0 {
		return wrong("for", "say who logs in here: patient, relative or professional")
	}
	if s.MaxAge < 0 {
		return wrong("max-age", "it cannot be below nothing")
	}
	for name := range s.Extra {
		if slices.Contains(reserved, name) {
			return wrong("extra", "%q is written by the login itself", name)
		}
	}
	for _, rule := range s.Prescribers {
		if rule.Claim == "" {
			return wrong("prescribers", "a rule names the claim that it reads")
		}
	}
	return s, nil
}

// httpsOrLoopback refuses an address that others can read or change.
func httpsOrLoopback(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		return fmt.Errorf("%q is not an address such as https://login.example.org", address)
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	}
	return fmt.Errorf("%q must begin with https://; http is for this machine only", address)
}

// isLoopback knows this machine by its written address; a name proves nothing
// but localhost.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
