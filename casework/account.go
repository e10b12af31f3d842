package casework

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"forlop/care"
	"forlop/store"
)

// InviteLife is how long a link that sets up an account can be opened. Ours, no
// source: until the next working day.
const InviteLife = 72 * time.Hour

// Invite is what a link says that sets up an account at the site's own provider.
type Invite struct {
	// Name is what they will write to log in, Actor who they are.
	Name  string     `json:"n"`
	Actor care.Actor `json:"a"`
	// Prescriber says that the operator answers for their right to prescribe.
	Prescriber bool      `json:"p,omitempty"`
	Issued     time.Time `json:"i"`
}

// The kinds of keyed hash that accounts have: the signature of a link, and the
// place where one lies in the vault.
const inviteSigned, accountPlace = "account-link", "account"

// InviteLink makes the secret of a link that sets up an account for a patient or a
// professional. It is kept nowhere; that it serves once is the provider's to see.
func (s *Service) InviteLink(ctx context.Context, i Invite) (token string, until time.Time, err error) {
	if err := s.belongs(ctx, i.Actor); err != nil {
		return "", time.Time{}, err
	}
	i.Issued = s.clock.Now()
	body, err := json.Marshal(i)
	if err != nil {
		return "", time.Time{}, err
	}
	enc := base64.RawURLEncoding
	return enc.EncodeToString(body) + "." + enc.EncodeToString(s.keys.Hash(inviteSigned, string(body))), i.Issued.Add(InviteLife), nil
}

// Invited reads such a link; login-link-dead for one that is not ours or has run
// out.
func (s *Service) Invited(ctx context.Context, token string) (Invite, error) {
	first, second, _ := strings.Cut(token, ".")
	body, bad := base64.RawURLEncoding.DecodeString(first)
	signature, bad2 := base64.RawURLEncoding.DecodeString(second)
	if bad != nil || bad2 != nil || !hmac.Equal(signature, s.keys.Hash(inviteSigned, string(body))) {
		return Invite{}, deadLink()
	}
	var i Invite
	if err := json.Unmarshal(body, &i); err != nil {
		return i, fmt.Errorf("an account's link that we signed cannot be read: %w", err)
	}
	if s.clock.Now().After(i.Issued.Add(InviteLife)) {
		return Invite{}, deadLink()
	}
	return i, s.belongs(ctx, i.Actor)
}

// accountSubject is under which key an account lies sealed: its name is in no
// table.
func (s *Service) accountSubject(name string) string {
	return accountPlace + "/" + hex.EncodeToString(s.keys.Name(accountPlace, strings.ToLower(name))[:16])
}

// Account opens what is kept of an account of the site's own provider; nil where
// there is none.
func (s *Service) Account(ctx context.Context, name string) ([]byte, error) {
	subject := s.accountSubject(name)
	sealed, err := s.store.Identities(ctx, []string{subject})
	if err != nil || sealed[subject] == nil {
		return nil, err
	}
	key, err := s.dataKey(ctx, subject, false)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return key.Open(sealed[subject], accountPlace)
}

// KeepAccount seals an account under a key of its own.
func (s *Service) KeepAccount(ctx context.Context, name string, account []byte) error {
	subject := s.accountSubject(name)
	key, err := s.dataKey(ctx, subject, true)
	if err != nil {
		return explain(err)
	}
	return explain(s.store.PutIdentity(ctx, subject, key.Seal(account, accountPlace)))
}
