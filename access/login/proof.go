package login

import (
	"time"

	"forlop/care"
)

// Ask says what this login is for.
type Ask struct {
	// As is as whom they log in: care.Patient (relatives too) or
	// care.Professional. A provider whose settings are for others refuses, so that
	// nobody is let in by a login that was not meant to say so much. Empty asks
	// for no check; it is the caller's then.
	As care.ActorKind
	// Fresh asks the person to prove who they are now, even where the provider
	// still knows them. The proof's At is then never before the asking.
	Fresh bool
	// Level is the least that will do: "low", "substantial" or "high". Empty
	// means the settings' own; it is never below that.
	Level string
	// Language is how the provider should speak: nb, nn, sv or en.
	Language string
}

// Pending is a login that has begun: what must be kept until the browser comes
// back, sealed, where only the same browser can bring it. It holds secrets of
// this one login. It runs out ten minutes after it began and serves once.
type Pending struct {
	Provider string         `json:"provider"`
	State    string         `json:"state"`
	Nonce    string         `json:"nonce"`
	Verifier string         `json:"verifier"`
	Redirect string         `json:"redirect"`
	Level    string         `json:"level"`
	As       care.ActorKind `json:"as,omitempty"`
	Fresh    bool           `json:"fresh,omitempty"`
	Begun    time.Time      `json:"begun"`
	Until    time.Time      `json:"until"`
	// Key is the private key that the tokens of this login are bound to, where
	// the provider uses DPoP.
	Key []byte `json:"key,omitempty"`
}

// Proof is what a provider has said about somebody, after every check. The
// person is named by Issuer and Subject together and by nothing else; the
// numbers beside say whom it is about, where the provider hands them out.
type Proof struct {
	// Provider is the id of the settings.
	Provider string
	// As is as whom they asked to log in.
	As              care.ActorKind
	Issuer, Subject string
	// Level is "low", "substantial" or "high".
	Level string
	// At is when they proved who they are (auth_time); zero where the provider
	// does not say, which is never fresh.
	At time.Time
	// Session is the provider's own session (sid), named again when it ends.
	Session string
	// NationalNumber is a Norwegian or Swedish personal number as the provider
	// wrote it, without spaces and hyphens.
	NationalNumber string
	// HPR is a number in the Norwegian register of health personnel; HSAID one in
	// the Swedish directory.
	HPR, HSAID string
	// PrescriberCodes are Swedish förskrivarkoder.
	PrescriberCodes []string
	// Professions are licence codes as the provider writes them.
	Professions []string
	// OrgNumber is the organisation they work for.
	OrgNumber string
	Name      string
	// Prescriber: the settings' rule for the right to prescribe holds.
	Prescriber bool
	// Hint is the ID token itself, which some providers ask for when logging out.
	// It names the person: keep it sealed, or not at all.
	Hint string
}

// Logout says which of the provider's sessions have ended. A Session without a
// Subject ends that session alone; a Subject without a Session all of theirs.
type Logout struct {
	Issuer, Subject, Session string
}
