package login

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// logoutLife is how old a logout may be (OpenID Connect Back-Channel Logout 1.0,
// 2.4, advises two minutes at most).
const logoutLife = 2 * time.Minute

// verifier checks signature, issuer, audience and expiry.
func (p *Provider) verifier(m *metadata) *oidc.IDTokenVerifier {
	return oidc.NewVerifier(p.settings.Issuer, m.keys, &oidc.Config{
		ClientID: p.settings.Client, SupportedSigningAlgs: p.settings.Algorithms, Now: p.now,
	})
}

// standing are claims that OpenID Connect Core gives a meaning.
type standing struct {
	Party    string          `json:"azp"`
	Proved   *json.Number    `json:"auth_time"`
	Session  string          `json:"sid"`
	Events   json.RawMessage `json:"events"`
	NotUntil *json.Number    `json:"nbf"`
}

// prove checks the ID token (OpenID Connect Core 1.0, 3.1.3.7) and answers what
// it says.
func (p *Provider) prove(ctx context.Context, m *metadata, pending Pending, token *oauth2.Token) (Proof, error) {
	raw, _ := token.Extra("id_token").(string)
	if raw == "" {
		return Proof{}, p.failed("no ID token came with the code")
	}
	kid, err := ofType(raw, "JWT")
	if err != nil {
		return Proof{}, p.failed("the ID token: %w", err)
	}
	if _, err := m.keys.current(ctx, kid); err != nil {
		return Proof{}, p.down(err)
	}
	id, err := p.verifier(m).Verify(ctx, raw)
	if err != nil {
		return Proof{}, p.failed("the ID token: %w", err)
	}
	if !same(id.Nonce, pending.Nonce) {
		return Proof{}, p.failed("the ID token is for another login")
	}
	if id.Subject == "" || len(id.Subject) > 255 {
		return Proof{}, p.failed("the ID token names nobody")
	}
	var said standing
	if err := id.Claims(&said); err != nil {
		return Proof{}, p.failed("the ID token's claims: %w", err)
	}
	if len(said.Events) > 0 {
		return Proof{}, p.failed("what came as an ID token tells of an event")
	}
	if err := p.forUs(id.Audience, said.Party); err != nil {
		return Proof{}, p.failed("the ID token: %w", err)
	}
	if err := p.inTime(id.IssuedAt, pending.Begun); err != nil {
		return Proof{}, p.failed("the ID token: %w", err)
	}
	if said.NotUntil != nil {
		// The library lets five minutes pass.
		if from, err := said.NotUntil.Float64(); err != nil || from > float64(p.now().Add(skew).Unix()) {
			return Proof{}, p.failed("the ID token holds from a time to come")
		}
	}
	if id.AccessTokenHash == "" && p.settings.TokenHash {
		return Proof{}, p.failed("the ID token has no at_hash")
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return Proof{}, p.failed("the ID token: %w", err)
		}
	}
	at, err := p.provedAt(said.Proved, pending)
	if err != nil {
		return Proof{}, p.failed("the ID token: %w", err)
	}
	proof := Proof{Provider: p.settings.ID, As: pending.As, Issuer: id.Issuer, Subject: id.Subject, At: at, Session: said.Session, Hint: raw}
	return p.read(proof, id, pending)
}

// read takes the facts from the claims, by the settings.
func (p *Provider) read(proof Proof, id *oidc.IDToken, pending Pending) (Proof, error) {
	claims := map[string]any{}
	var payload json.RawMessage
	if err := id.Claims(&payload); err != nil {
		return Proof{}, p.failed("the ID token's claims: %w", err)
	}
	exact := json.NewDecoder(bytes.NewReader(payload))
	exact.UseNumber()
	if err := exact.Decode(&claims); err != nil {
		return Proof{}, p.failed("the ID token's claims: %w", err)
	}
	if proof.Level = p.level(words(claims, p.settings.LevelClaim)); !atLeast(proof.Level, pending.Level) {
		return Proof{}, p.levelLow(proof.Level, pending.Level)
	}
	where := p.settings.Claims
	proof.NationalNumber = strings.NewReplacer(" ", "", "-", "").Replace(first(words(claims, where.NationalNumber)))
	proof.HPR = first(words(claims, where.HPR))
	proof.HSAID = first(words(claims, where.HSAID))
	proof.OrgNumber = first(words(claims, where.OrgNumber))
	proof.Name = first(words(claims, where.Name))
	proof.PrescriberCodes = words(claims, where.PrescriberCode)
	proof.Professions = words(claims, where.Profession)
	proof.Prescriber = slices.ContainsFunc(p.settings.Prescribers, func(rule Prescriber) bool {
		have := words(claims, rule.Claim)
		if len(rule.OneOf) == 0 {
			return len(have) > 0
		}
		return slices.ContainsFunc(have, func(w string) bool { return slices.Contains(rule.OneOf, w) })
	})
	return proof, nil
}

// level is the lowest that the values stand for; one that is not known is none.
func (p *Provider) level(values []string) string {
	least := ""
	for i, value := range values {
		level, ok := p.settings.Levels[value]
		if !ok {
			return ""
		}
		if i == 0 || atLeast(least, level) {
			least = level
		}
	}
	return least
}

// forUs checks the audience: us and nobody else.
func (p *Provider) forUs(audience []string, party string) error {
	if len(audience) != 1 || audience[0] != p.settings.Client {
		return fmt.Errorf("it is for %d clients, not for this one alone", len(audience))
	}
	if party != "" && party != p.settings.Client {
		return fmt.Errorf("it was issued to another client (azp)")
	}
	return nil
}

// inTime checks when a token was issued: since the asking, and not to come.
func (p *Provider) inTime(issued, since time.Time) error {
	switch {
	case issued.Unix() <= 0:
		return fmt.Errorf("it does not say when it was issued")
	case issued.After(p.now().Add(skew)):
		return fmt.Errorf("it was issued in the time to come")
	case issued.Before(since.Add(-skew)):
		return fmt.Errorf("it was issued before it was asked for")
	}
	return nil
}

// provedAt checks when the person proved who they are.
func (p *Provider) provedAt(claim *json.Number, pending Pending) (time.Time, error) {
	if claim == nil {
		if pending.Fresh || p.settings.MaxAge > 0 {
			return time.Time{}, fmt.Errorf("it does not say when the person logged in (auth_time)")
		}
		return time.Time{}, nil
	}
	seconds, err := claim.Float64()
	if err != nil || seconds <= 0 || seconds > 1<<40 {
		return time.Time{}, fmt.Errorf("auth_time is no time")
	}
	at, now := time.Unix(int64(seconds), 0).UTC(), p.now()
	switch {
	case at.After(now.Add(skew)):
		return time.Time{}, fmt.Errorf("auth_time is in the time to come")
	case pending.Fresh && at.Before(pending.Begun.Add(-skew)):
		return time.Time{}, fmt.Errorf("a fresh login was asked for, and this one is old")
	case p.settings.MaxAge > 0 && at.Before(now.Add(-p.settings.MaxAge-skew)):
		return time.Time{}, fmt.Errorf("the login is older than %s", p.settings.MaxAge)
	}
	return at, nil
}

// LogoutToken checks what a provider posts when a session has ended there
// (OpenID Connect Back-Channel Logout 1.0, 2.6), and answers whose.
func (p *Provider) LogoutToken(ctx context.Context, raw string) (Logout, error) {
	m, err := p.known(ctx)
	if err != nil {
		return Logout{}, err
	}
	kid, err := ofType(raw, "logout+jwt", "JWT")
	if err != nil {
		return Logout{}, p.failed("the logout token: %w", err)
	}
	if _, err := m.keys.current(ctx, kid); err != nil {
		return Logout{}, p.down(err)
	}
	token, err := p.verifier(m).VerifyLogout(ctx, raw)
	if err != nil {
		return Logout{}, p.failed("the logout token: %w", err)
	}
	if err := p.forUs(token.Audience, ""); err != nil {
		return Logout{}, p.failed("the logout token: %w", err)
	}
	now := p.now()
	if err := p.inTime(token.IssuedAt, now.Add(-logoutLife)); err != nil {
		return Logout{}, p.failed("the logout token: %w", err)
	}
	var said struct {
		Events map[string]map[string]any `json:"events"`
	}
	if err := token.Claims(&said); err != nil {
		return Logout{}, p.failed("the logout token's claims: %w", err)
	}
	if !p.ended.first(token.TokenID, now, token.IssuedAt.Add(logoutLife+2*skew)) {
		return Logout{}, p.failed("the logout token was used before")
	}
	return Logout{Issuer: token.Issuer, Subject: token.Subject, Session: token.SessionID}, nil
}

// EndSession answers where to send the browser to end the session at the
// provider too, and to come back to after it; "" where the provider has no such
// place. The hint is the ID token, where it was kept.
func (p *Provider) EndSession(ctx context.Context, hint, back, state string) (string, error) {
	m, err := p.known(ctx)
	if err != nil || m.End == "" {
		return "", err
	}
	u, err := url.Parse(m.End)
	if err != nil {
		return "", err
	}
	query := u.Query()
	query.Set("client_id", p.settings.Client)
	for name, value := range map[string]string{"id_token_hint": hint, "post_logout_redirect_uri": back, "state": state} {
		if value != "" {
			query.Set(name, value)
		}
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// ofType checks what a token says it is (RFC 8725, 3.11), and answers the name
// of its key. One that says nothing passes; what it is shows in its claims.
func ofType(raw string, allowed ...string) (kid string, err error) {
	head, _, _ := strings.Cut(raw, ".")
	text, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return "", fmt.Errorf("it is no token")
	}
	var header struct {
		Type string `json:"typ"`
		Key  string `json:"kid"`
	}
	if err := json.Unmarshal(text, &header); err != nil {
		return "", fmt.Errorf("it is no token")
	}
	kind := strings.TrimPrefix(strings.ToLower(header.Type), "application/")
	if kind != "" && !slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, kind) }) {
		return "", fmt.Errorf("it is of type %q", short(kind))
	}
	return header.Key, nil
}

// words reads a claim: a word, a number, or a list of them.
func words(claims map[string]any, name string) (found []string) {
	if name == "" {
		return nil
	}
	add := func(v any) {
		switch v := v.(type) {
		case string:
			if strings.TrimSpace(v) != "" {
				found = append(found, v)
			}
		case json.Number:
			found = append(found, v.String())
		}
	}
	if list, ok := claims[name].([]any); ok {
		for _, v := range list {
			add(v)
		}
		return found
	}
	add(claims[name])
	return found
}

func first(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}
