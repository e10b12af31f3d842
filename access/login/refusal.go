package login

import (
	"context"
	"errors"
	"fmt"
	"net"

	"forlop/care"
)

// fault is a refusal with what lies behind it. The refusal is for the person;
// the cause names no person and is for the operator's log.
type fault struct {
	refusal *care.Refusal
	cause   error
}

func (f *fault) Error() string   { return f.refusal.Error() + ": " + f.cause.Error() }
func (f *fault) Unwrap() []error { return []error{f.refusal, f.cause} }

// failed: what came back does not hold. It says to the person no more than
// that, because the same page is what a forger reads.
func (p *Provider) failed(format string, args ...any) error {
	return &fault{care.Deny("login-failed",
		"The answer from {provider} does not hold, so nobody is logged in. Try again; if it happens again, call us.",
		"provider", p.settings.Name), fmt.Errorf(format, args...)}
}

// down: the provider does not answer, or answers with an error of its own.
func (p *Provider) down(cause error) error {
	return &fault{care.Refuse("login-provider-down",
		"{provider} does not answer now. Wait a few minutes, choose another way to log in, or call us: what you need can be done by phone.",
		"provider", p.settings.Name), cause}
}

// expired: the login was begun too long ago, or was already used.
func (p *Provider) expired(cause string) error {
	return &fault{care.Refuse("login-expired",
		"This login at {provider} has run out or was used already. Log in again; what you had written is kept.",
		"provider", p.settings.Name), errors.New(cause)}
}

// cancelled: the person said no at the provider.
func (p *Provider) cancelled() error {
	return &fault{care.Refuse("login-cancelled",
		"The login at {provider} was stopped. Log in again, or choose another way.",
		"provider", p.settings.Name), errors.New("the provider answered access_denied")}
}

// levelLow: the login is good, but not sure enough.
func (p *Provider) levelLow(have, want string) error {
	return &fault{care.Refuse("login-level-low",
		"This needs a surer login than you used at {provider}. Log in again and choose one at the highest level, such as BankID, Buypass or SITHS.",
		"provider", p.settings.Name), fmt.Errorf("the level is %q, asked was %q", have, want)}
}

// notHere: the provider is for others.
func (p *Provider) notHere(as care.ActorKind) error {
	return &fault{care.Deny("login-not-here",
		"{provider} is not where you log in for this. Go back and choose another way to log in.",
		"provider", p.settings.Name), fmt.Errorf("the settings are not for %q", as)}
}

// unreachable tells a provider that is down from one that answers wrongly.
func unreachable(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errUnwell)
}

// errUnwell is an answer that says the provider is ill.
var errUnwell = errors.New("the provider answers that it is ill")
