package provider

import (
	"context"
	"errors"
	"net/url"
	"time"

	"forlop/care"
)

// Invitation is what a link says that sets up an account. Whoever signs and reads
// it vouches for it.
type Invitation struct {
	Name       string    `json:"n"`
	Subject    string    `json:"s"`
	Prescriber bool      `json:"p,omitempty"`
	Issued     time.Time `json:"i"`
}

// Offer draws a secret for one-time codes and the address that an app reads.
func (p *Provider) Offer(i Invitation) (secret, address string, err error) {
	return newCode(p.config.Site, i.Name)
}

// App is the address that an app for one-time codes reads, of a secret that was
// offered before.
func (p *Provider) App(i Invitation, secret string) string {
	return (&url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + p.config.Site + ":" + i.Name,
		RawQuery: url.Values{"secret": {secret}, "issuer": {p.config.Site}}.Encode()}).String()
}

// Open reports whether an invitation still sets up an account: one serves once.
func (p *Provider) Open(ctx context.Context, i Invitation) error {
	a, err := p.config.Accounts.Account(ctx, i.Name)
	switch {
	case errors.Is(err, ErrNoAccount):
		return nil
	case err != nil:
		return err
	case a.Subject != i.Subject:
		return care.Refuse("account-name-taken", "The name {name} is somebody else's account. Ask for a link with another name.", "name", i.Name)
	case !a.Made.Before(i.Issued):
		return care.Deny("login-link-dead", "This link was used or has run out. Ask for a new one.")
	}
	return nil
}

// SetUp makes the account of an invitation, or gives one that is there a new
// passphrase. A secret comes with a code that shows that the person's app has it;
// an empty secret makes an account without codes, which reaches a lower level.
// Outcomes: passphrase-short, passphrase-long, passphrase-easy, passphrase-differs,
// code-wrong, account-name-taken, login-link-dead.
func (p *Provider) SetUp(ctx context.Context, i Invitation, passphrase, again, secret, code string) error {
	if err := acceptable(passphrase, i.Name); err != nil {
		return err
	}
	if passphrase != again {
		return care.Refuse("passphrase-differs", "The two are not the same. Write both anew.").On("again")
	}
	p.trying.Lock()
	defer p.trying.Unlock()
	if err := p.Open(ctx, i); err != nil {
		return err
	}
	now := p.config.Now()
	used := int64(0)
	if secret != "" {
		if used = step(secret, code, now, 0); used == 0 {
			return care.Refuse("code-wrong", "This is not the code that the app shows now. Wait for the next one and write it.").On("code")
		}
	}
	kept, err := hash(passphrase)
	if err != nil {
		return err
	}
	return p.config.Accounts.Keep(ctx, Account{
		Name: i.Name, Subject: i.Subject, Prescriber: i.Prescriber, Passphrase: kept, Code: secret, Made: now, Step: used,
	})
}
