package login

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// Finish takes what the browser came back with and answers who it is. The login
// serves once: a second Finish of the same Pending is refused, whatever it
// brings.
func (p *Provider) Finish(ctx context.Context, pending Pending, query url.Values) (Proof, error) {
	code, err := p.came(pending, query)
	if err != nil {
		return Proof{}, err
	}
	m, err := p.known(ctx)
	if err != nil {
		return Proof{}, err
	}
	if err := p.answered(m, query); err != nil {
		return Proof{}, err
	}
	if code == "" {
		return Proof{}, p.failed("no code came back")
	}
	token, err := p.redeem(ctx, m, pending, code)
	if err != nil {
		return Proof{}, err
	}
	return p.prove(ctx, m, pending, token)
}

// came checks that this browser is back from the login it began, once.
func (p *Provider) came(pending Pending, query url.Values) (code string, err error) {
	now := p.now()
	if pending.Provider != p.settings.ID || pending.State == "" || !p.serves(pending.As) {
		return "", p.failed("the login was begun at %q as %q", pending.Provider, pending.As)
	}
	if now.Before(pending.Begun.Add(-skew)) || !now.Before(pending.Until) {
		return "", p.expired("the login ran out before the browser came back")
	}
	for _, name := range []string{"state", "code", "iss", "error"} {
		if len(query[name]) > 1 {
			return "", p.failed("%s came back more than once", name)
		}
	}
	if !same(query.Get("state"), pending.State) {
		return "", p.failed("the state is not that of this login")
	}
	if !p.begun.first(pending.State, now, pending.Until) {
		return "", p.expired("the login was finished before")
	}
	return query.Get("code"), nil
}

// answered checks who answers (RFC 9207: an answer of one provider must not be
// taken to another), and what the answer is.
func (p *Provider) answered(m *metadata, query url.Values) error {
	from, named := query.Get("iss"), query.Has("iss")
	if named && from != p.settings.Issuer {
		return p.failed("the answer is from another provider")
	}
	if !named && (m.Promised || p.settings.IssuerInAnswer) {
		return p.failed("the answer does not say which provider it is from")
	}
	switch said := query.Get("error"); said {
	case "":
		return nil
	case "access_denied":
		return p.cancelled()
	case "temporarily_unavailable", "server_error":
		return p.down(fmt.Errorf("the provider answers %s", said))
	default:
		return p.failed("the provider answers %q", short(said))
	}
}

// redeem turns the code into tokens: with the client's proof, the verifier, and
// the key the tokens are bound to.
func (p *Provider) redeem(ctx context.Context, m *metadata, pending Pending, code string) (*oauth2.Token, error) {
	config := p.oauth(m, pending.Redirect)
	var key jose.JSONWebKey
	if p.settings.DPoP {
		if err := json.Unmarshal(pending.Key, &key); err != nil {
			return nil, p.failed("the login's key cannot be read: %w", err)
		}
	}
	nonce := ""
	for again := range 2 {
		options := []oauth2.AuthCodeOption{oauth2.VerifierOption(pending.Verifier)}
		proof, err := p.clientProof(m)
		if err != nil {
			return nil, err
		}
		for name := range proof {
			options = append(options, oauth2.SetAuthURLParam(name, proof.Get(name)))
		}
		client := p.client
		if p.settings.DPoP {
			if client, err = p.holding(key, config.Endpoint.TokenURL, nonce); err != nil {
				return nil, err
			}
		}
		token, err := config.Exchange(context.WithValue(ctx, oauth2.HTTPClient, client), code, options...)
		if err == nil {
			return token, p.bound(token)
		}
		var refused *oauth2.RetrieveError
		if !errors.As(err, &refused) {
			if unreachable(err) {
				return nil, p.down(err)
			}
			return nil, p.failed("the code could not be redeemed: %w", err)
		}
		nonce = refused.Response.Header.Get("DPoP-Nonce")
		if again > 0 || refused.ErrorCode != "use_dpop_nonce" || nonce == "" || !p.settings.DPoP {
			return nil, p.failed("the provider does not redeem the code: %s %q", refused.Response.Status, short(refused.ErrorCode))
		}
	}
	return nil, p.failed("the provider asks for ever new nonces")
}

// bound checks that the tokens are bound as they should be.
func (p *Provider) bound(token *oauth2.Token) error {
	want := "Bearer"
	if p.settings.DPoP {
		want = "DPoP"
	}
	if !strings.EqualFold(token.TokenType, want) {
		return p.failed("the token's type is %q, not %s", short(token.TokenType), want)
	}
	return nil
}

// clientProof says which client this is, new for each request. A secret is sent
// in the header instead.
func (p *Provider) clientProof(m *metadata) (url.Values, error) {
	if p.key == nil {
		return nil, nil
	}
	audience := p.settings.Issuer
	if p.settings.Audience == "token-endpoint" {
		audience = m.discovered.Endpoint().TokenURL
	}
	signed, err := p.assertion(audience)
	if err != nil {
		return nil, err
	}
	return url.Values{"client_assertion_type": {assertionType}, "client_assertion": {signed}}, nil
}

// holding is a client that proves possession of a key in each request.
func (p *Provider) holding(key jose.JSONWebKey, address, nonce string) (*http.Client, error) {
	proof, err := p.possession(key, http.MethodPost, address, nonce)
	if err != nil {
		return nil, err
	}
	c := *p.client
	c.Transport = withHeader{c.Transport, "DPoP", proof}
	return &c, nil
}

// withHeader adds a header to each request.
type withHeader struct {
	next        http.RoundTripper
	name, value string
}

func (w withHeader) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set(w.name, w.value)
	return w.next.RoundTrip(r)
}

// push hands the whole request to the provider, and answers the address with the
// reference that it gave (RFC 9126).
func (p *Provider) push(ctx context.Context, m *metadata, address string) (_ string, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	form := u.Query()
	proof, err := p.clientProof(m)
	if err != nil {
		return "", err
	}
	for name := range proof {
		form.Set(name, proof.Get(name))
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, m.Pushed, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	ask.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	ask.Header.Set("Accept", "application/json")
	if p.key == nil {
		ask.SetBasicAuth(url.QueryEscape(p.settings.Client), url.QueryEscape(string(p.settings.Secret)))
	}
	answer, err := p.client.Do(ask)
	if err != nil {
		return "", p.down(err)
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", p.down(err)
	}
	var said struct {
		Reference string `json:"request_uri"`
		Error     string `json:"error"`
	}
	if err := json.Unmarshal(body, &said); err != nil || said.Reference == "" || answer.StatusCode != http.StatusCreated {
		return "", p.down(fmt.Errorf("the provider does not take the request: %s %q", answer.Status, short(said.Error)))
	}
	to, err := url.Parse(m.discovered.Endpoint().AuthURL)
	if err != nil {
		return "", err
	}
	query := to.Query()
	query.Set("client_id", p.settings.Client)
	query.Set("request_uri", said.Reference)
	to.RawQuery = query.Encode()
	return to.String(), nil
}

// short bounds a word from outside before it goes into a log.
func short(word string) string {
	if len(word) > 60 {
		return word[:60] + "…"
	}
	return word
}
