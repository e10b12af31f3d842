package provider

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"forlop/care"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// Path is where the provider answers, below the site's own address.
const Path = "/oidc"

// clientID is the site itself; claimPrescriber the claim that says that the
// operator answers for somebody's right to prescribe.
const (
	clientID        = "forlop"
	claimPrescriber = "prescriber"
)

// Config is what a provider stands on.
type Config struct {
	// Base is the site's own address, without a slash at its end.
	Base string
	// Back is the path that the browser comes back to, and Page the path of the
	// page that asks who it is; the request's name is added to it.
	Back, Page string
	// Site is what an app for one-time codes calls the account.
	Site     string
	Accounts Accounts
	// People are those whom a demo lets everyone be, without a passphrase; nil
	// everywhere else.
	People []Person
	Now    func() time.Time
}

// Provider is the site's own OpenID provider. It is safe for many goroutines.
type Provider struct {
	config   Config
	storage  *storage
	handler  http.Handler
	secret   []byte
	patience patience
	// trying is held while an account is tried, so that its count is right.
	trying sync.Mutex
	id     func() (string, error)
}

// New makes a provider with a signing key and a client secret of its own.
func New(c Config) (*Provider, error) {
	base, err := url.Parse(c.Base)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("provider: %q is not the address of a site", c.Base)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	p := &Provider{config: c, id: word}
	secret, err := word()
	if err != nil {
		return nil, err
	}
	p.secret = []byte(secret)
	plain := base.Scheme == "http"
	p.storage = &storage{
		client: client{id: clientID, back: c.Base + c.Back, insecure: plain, login: func(request string) string { return c.Base + c.Page + url.QueryEscape(request) }},
		secret: p.secret, key: key, keyID: "own", now: c.Now, id: word, asked: map[string]pending{}, codes: map[string]string{},
	}
	var crypt [32]byte
	if _, err := io.ReadFull(rand.Reader, crypt[:]); err != nil {
		return nil, err
	}
	var options []op.Option
	if plain {
		options = append(options, op.WithAllowInsecure())
	}
	served, err := op.NewProvider(&op.Config{CryptoKey: crypt, CodeMethodS256: true, SupportedScopes: []string{"openid"}}, p.storage, op.StaticIssuer(p.Issuer()), options...)
	if err != nil {
		return nil, fmt.Errorf("provider: %w", err)
	}
	p.handler = http.StripPrefix(Path, challenged(served))
	return p, nil
}

// word is a secret of 192 random bits.
func word() (string, error) {
	var b [24]byte
	_, err := io.ReadFull(rand.Reader, b[:])
	return base64.RawURLEncoding.EncodeToString(b[:]), err
}

// challenged refuses to redeem a code without the verifier of its challenge: the
// library lets a client with a secret leave it out.
func challenged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/oauth/token") && r.PostFormValue("code_verifier") == "" {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error":"invalid_grant","error_description":"code_verifier is missing"}`)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Issuer is how the provider names itself.
func (p *Provider) Issuer() string { return p.config.Base + Path }

// Client is the site's own name at the provider, and its secret.
func (p *Provider) Client() (id string, secret []byte) { return clientID, p.secret }

// PrescriberClaim is the claim of those for whose right to prescribe the operator
// answers.
func (p *Provider) PrescriberClaim() string { return claimPrescriber }

// ServeHTTP answers what the protocol asks, below Path.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.handler.ServeHTTP(w, r) }

// Transport carries the site's own questions to the provider without a network.
func (p *Provider) Transport() http.RoundTripper { return inside{p} }

// People are those whom the demo offers; nil where there is no demo.
func (p *Provider) People() []Person { return p.config.People }

// Known reports whether a login is on its way under that name.
func (p *Provider) Known(request string) bool {
	_, err := p.storage.request(request)
	return err == nil
}

// LogIn tries a passphrase and a code, and answers where the browser goes on.
// from is the address that it comes from. Outcomes: account-request-gone,
// account-wrong (which does not say what is wrong), account-wait.
func (p *Provider) LogIn(ctx context.Context, request, name, passphrase, code, from string) (string, error) {
	r, err := p.storage.request(request)
	if err != nil {
		return "", gone()
	}
	p.trying.Lock()
	defer p.trying.Unlock()
	now := p.config.Now()
	name = strings.TrimSpace(name)
	a, err := p.config.Accounts.Account(ctx, name)
	unknown := errors.Is(err, ErrNoAccount)
	if err != nil && !unknown {
		return "", err
	}
	address, nobody := "address "+from, "name "+name
	until := a.Until
	for _, who := range []string{address, nobody} {
		if t := p.patience.until(who); t.After(until) {
			until = t
		}
	}
	if now.Before(until) {
		return "", care.Refuse("account-wait", "There were several attempts that went wrong. Try again in {seconds} seconds, or call us.",
			"seconds", fmt.Sprint(int(until.Sub(now).Seconds())+1))
	}
	right := matches(a.Passphrase, passphrase) && !unknown
	used := int64(0)
	if a.Code != "" {
		used = step(a.Code, code, now, a.Step)
		right = right && used > 0
	}
	if !right {
		p.patience.fail(address, now)
		if unknown {
			p.patience.fail(nobody, now)
		} else {
			a.Failed++
			a.Until = now.Add(delay(a.Failed))
			if err := p.config.Accounts.Keep(ctx, a); err != nil {
				return "", err
			}
		}
		return "", care.Refuse("account-wrong", "The name, the passphrase or the code is not right. Try again; a code serves once.").On("name")
	}
	p.patience.forget(address)
	a.Failed, a.Until = 0, time.Time{}
	if used > 0 {
		a.Step = used
	}
	if err := p.config.Accounts.Keep(ctx, a); err != nil {
		return "", err
	}
	r.subject, r.at, r.prescriber, r.level, r.methods = a.Subject, now, a.Prescriber, LevelLow, []string{"pwd"}
	if a.Code != "" {
		r.level, r.methods = LevelSubstantial, []string{"pwd", "otp"}
	}
	return p.proceed(r), nil
}

// Be logs in as one of a demo's people.
func (p *Provider) Be(request, subject string) (string, error) {
	r, err := p.storage.request(request)
	if err != nil {
		return "", gone()
	}
	for _, who := range p.config.People {
		if who.Subject == subject {
			r.subject, r.at, r.prescriber, r.level = who.Subject, p.config.Now(), who.Prescriber, LevelSubstantial
			return p.proceed(r), nil
		}
	}
	return "", care.Missing("no-person", "There is no such person.")
}

// proceed is where the browser fetches the code for a login that holds.
func (p *Provider) proceed(r pending) string {
	p.storage.put(r)
	return Path + "/authorize/callback?id=" + url.QueryEscape(r.id)
}

func gone() error {
	return care.Refuse("account-request-gone", "This login has run out. Begin again; what you wrote is kept.")
}

// inside answers requests without a network.
type inside struct{ next http.Handler }

// RoundTrip asks the handler and answers what it wrote.
func (i inside) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &written{header: http.Header{}, status: http.StatusOK}
	inner := r.Clone(r.Context())
	inner.RequestURI, inner.Host = r.URL.RequestURI(), r.URL.Host
	if inner.Body == nil {
		inner.Body = http.NoBody
	}
	i.next.ServeHTTP(w, inner)
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(strings.NewReader(w.body.String())), ContentLength: int64(w.body.Len()), Request: r,
	}, nil
}

type written struct {
	header http.Header
	status int
	wrote  bool
	body   strings.Builder
}

func (w *written) Header() http.Header { return w.header }

func (w *written) WriteHeader(status int) {
	if !w.wrote {
		w.status, w.wrote = status, true
	}
}

func (w *written) Write(b []byte) (int, error) {
	w.wrote = true
	return w.body.Write(b)
}
