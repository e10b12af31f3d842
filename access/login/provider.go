package login

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"forlop/care"
)

const (
	// metadataLife is how long the provider's metadata is believed. HelseID advises
	// a day.
	metadataLife = 24 * time.Hour
	// metadataAgain is how soon a provider that did not answer is asked again.
	metadataAgain = 5 * time.Second
	// pendingLife is how long somebody may take at the provider (ours, assumed).
	pendingLife = 10 * time.Minute
	// skew is how far the provider's clock and ours may be apart (ours, assumed).
	skew = 30 * time.Second
)

// Provider is one place to log in at. It is safe for many goroutines.
type Provider struct {
	settings Settings
	client   *http.Client
	now      func() time.Time
	random   io.Reader
	key      *jose.JSONWebKey // nil where the client has a secret

	mu     sync.Mutex
	meta   *metadata
	unwell error
	tried  time.Time

	begun, ended once
}

// Open reads the settings and asks nobody: a provider that is down stops no
// start. A nil client reaches the provider's own hosts and nothing else.
func Open(s Settings, client *http.Client, now func() time.Time, random io.Reader) (*Provider, error) {
	s, err := s.complete()
	if err != nil {
		return nil, err
	}
	p := &Provider{settings: s, now: now, random: random}
	if len(s.Key) > 0 {
		key, err := readKey(s.Key, s.KeyID)
		if err != nil {
			return nil, fmt.Errorf("login provider %q: %w", s.ID, err)
		}
		p.key = &key
	}
	if client == nil {
		client = outbound(s.hosts(), s.networks())
	}
	p.client = guarded(client)
	return p, nil
}

// hosts are those that the provider's addresses may lie on.
func (s Settings) hosts() []string {
	u, err := url.Parse(s.Issuer)
	if err != nil {
		return s.Hosts
	}
	return append([]string{strings.ToLower(u.Hostname())}, s.Hosts...)
}

// networks are those inside that may be reached: the listed ones, and this
// machine where the issuer is plainly on it.
func (s Settings) networks() []netip.Prefix {
	if u, err := url.Parse(s.Issuer); err == nil && isLoopback(u.Hostname()) {
		return append([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}, s.Networks...)
	}
	return s.Networks
}

// Settings are those the provider was opened with, completed; keys and secrets
// are left out.
func (p *Provider) Settings() Settings {
	s := p.settings
	s.Key, s.Secret = nil, nil
	return s
}

// metadata is what the provider says of itself.
type metadata struct {
	discovered *oidc.Provider
	keys       *keySet
	until      time.Time

	Pushed   string `json:"pushed_authorization_request_endpoint"`
	End      string `json:"end_session_endpoint"`
	Keys     string `json:"jwks_uri"`
	Promised bool   `json:"authorization_response_iss_parameter_supported"`
}

// known answers the provider's metadata, asked for when first needed and once a
// day. One that did not answer is left alone for a moment.
func (p *Provider) known(ctx context.Context) (*metadata, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.meta != nil && now.Before(p.meta.until) {
		return p.meta, nil
	}
	if p.unwell != nil && now.Sub(p.tried) < metadataAgain {
		return nil, p.unwell
	}
	meta, err := p.discover(ctx)
	if err != nil {
		if ctx.Err() == nil { // a browser that went away says nothing of the provider
			p.unwell, p.tried = err, p.now()
		}
		return nil, err
	}
	meta.until = now.Add(metadataLife)
	p.meta, p.unwell = meta, nil
	return meta, nil
}

func (p *Provider) discover(ctx context.Context) (*metadata, error) {
	discovered, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.settings.Issuer)
	if err != nil {
		return nil, p.down(fmt.Errorf("the metadata: %w", err))
	}
	m := &metadata{discovered: discovered}
	if err := discovered.Claims(m); err != nil {
		return nil, p.down(fmt.Errorf("the metadata: %w", err))
	}
	endpoint := discovered.Endpoint()
	for name, address := range map[string]string{
		"authorization_endpoint": endpoint.AuthURL, "token_endpoint": endpoint.TokenURL, "jwks_uri": m.Keys,
		"pushed_authorization_request_endpoint": m.Pushed, "end_session_endpoint": m.End,
	} {
		if address == "" && (name == "end_session_endpoint" || name == "pushed_authorization_request_endpoint" && !p.settings.Pushed) {
			continue
		}
		if err := p.ours(address); err != nil {
			return nil, p.down(fmt.Errorf("the metadata's %s: %w", name, err))
		}
	}
	m.keys = &keySet{url: m.Keys, client: p.client, now: p.now}
	for _, a := range p.settings.Algorithms {
		m.keys.allowed = append(m.keys.allowed, jose.SignatureAlgorithm(a))
	}
	return m, nil
}

// ours reports whether an address is one of this provider's.
func (p *Provider) ours(address string) error {
	if err := httpsOrLoopback(address); err != nil {
		return err
	}
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if !slices.Contains(p.settings.hosts(), strings.ToLower(u.Hostname())) {
		return fmt.Errorf("%s is not one of the provider's hosts; list it in hosts if it should be", u.Hostname())
	}
	return nil
}

// oauth is the flow with this provider. The address to come back to is written
// to the letter as it is registered.
func (p *Provider) oauth(m *metadata, redirect string) *oauth2.Config {
	c := &oauth2.Config{ClientID: p.settings.Client, Endpoint: m.discovered.Endpoint(), RedirectURL: redirect, Scopes: p.settings.Scopes}
	c.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	if p.key == nil {
		c.ClientSecret = string(p.settings.Secret)
		c.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	}
	return c
}

// Begin answers where to send the browser, and what to keep until it is back at
// redirect.
func (p *Provider) Begin(ctx context.Context, redirect string, ask Ask) (string, Pending, error) {
	if !p.serves(ask.As) {
		return "", Pending{}, p.notHere(ask.As)
	}
	m, err := p.known(ctx)
	if err != nil {
		return "", Pending{}, err
	}
	pending, err := p.pending(redirect, ask)
	if err != nil {
		return "", Pending{}, err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(pending.Nonce), oauth2.S256ChallengeOption(pending.Verifier)}
	set := func(name, value string) {
		if value != "" {
			options = append(options, oauth2.SetAuthURLParam(name, value))
		}
	}
	for name, value := range p.settings.Extra {
		set(name, value)
	}
	set("acr_values", p.settings.Ask[pending.Level])
	set("ui_locales", ask.Language)
	switch {
	case ask.Fresh:
		set("prompt", "login")
		set("max_age", "0")
	case p.settings.MaxAge > 0:
		set("max_age", fmt.Sprint(int(p.settings.MaxAge.Seconds())))
	}
	if p.settings.DPoP {
		name, err := p.bind(&pending)
		if err != nil {
			return "", Pending{}, err
		}
		set("dpop_jkt", name)
	}
	address := p.oauth(m, redirect).AuthCodeURL(pending.State, options...)
	if p.settings.Pushed {
		if address, err = p.push(ctx, m, address); err != nil {
			return "", Pending{}, err
		}
	}
	return address, pending, nil
}

// serves reports whether the provider is for somebody. A relative logs in where
// a patient does.
func (p *Provider) serves(as care.ActorKind) bool {
	return as == "" || slices.Contains(p.settings.For, as) || as == care.Patient && slices.Contains(p.settings.For, care.Relative)
}

// pending draws the secrets of one login.
func (p *Provider) pending(redirect string, ask Ask) (Pending, error) {
	now := p.now().UTC()
	pending := Pending{
		Provider: p.settings.ID, Redirect: redirect, Level: p.settings.Least, As: ask.As, Fresh: ask.Fresh,
		Begun: now, Until: now.Add(pendingLife),
	}
	if ask.Level != "" {
		if !slices.Contains(levels, ask.Level) {
			return pending, fmt.Errorf("%q is not a level of a login", ask.Level)
		}
		if atLeast(ask.Level, pending.Level) {
			pending.Level = ask.Level
		}
	}
	for _, word := range []*string{&pending.State, &pending.Nonce, &pending.Verifier} {
		var err error
		if *word, err = p.secret(); err != nil {
			return pending, err
		}
	}
	return pending, nil
}

// bind gives a login its own key, and answers the key's name.
func (p *Provider) bind(pending *Pending) (string, error) {
	key, err := p.newBinding()
	if err != nil {
		return "", err
	}
	if pending.Key, err = json.Marshal(key); err != nil {
		return "", err
	}
	return thumbprint(key)
}

// same compares two secrets without telling by its time where they differ.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
