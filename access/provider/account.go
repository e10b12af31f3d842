package provider

import (
	"context"
	"errors"
	"time"
)

// ErrNoAccount says that there is no account of that name.
var ErrNoAccount = errors.New("provider: there is no such account")

// Accounts keeps accounts, sealed.
type Accounts interface {
	// Account finds one by its name, or answers ErrNoAccount.
	Account(ctx context.Context, name string) (Account, error)
	// Keep makes or replaces one.
	Keep(ctx context.Context, a Account) error
}

// Account is one person's login here.
type Account struct {
	// Name is what they write to log in.
	Name string `json:"name"`
	// Subject is who they are to the site.
	Subject string `json:"subject"`
	// Prescriber says that the operator answers for their right to prescribe.
	Prescriber bool `json:"prescriber,omitempty"`
	// Passphrase is its hash (argon2id), Code the secret of the one-time codes
	// (RFC 6238), empty where they use none.
	Passphrase string `json:"passphrase"`
	Code       string `json:"code,omitempty"`
	// Made is when it was set up: a link from before is used up.
	Made time.Time `json:"made"`
	// Step is the last step of time whose code was used: each serves once.
	Step int64 `json:"step,omitempty"`
	// Failed is how many times in a row it went wrong, and Until when it may be
	// tried again.
	Failed int       `json:"failed,omitempty"`
	Until  time.Time `json:"until,omitzero"`
}

// Person is one of those whom a demo offers.
type Person struct {
	// Subject is who they are to the site; Role and Name are what people read.
	Subject, Role, Name string
	Prescriber          bool
}

// The levels of assurance that this provider reaches.
const (
	LevelLow         = "low"
	LevelSubstantial = "substantial"
)
