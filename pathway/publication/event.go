package publication

import (
	"time"

	"forlop/care"
	"forlop/pathway"
)

// Events is the closed vocabulary of a pathway's stream. Who did it and from
// which post stands on the envelope.
var Events = care.NewVocabulary(
	Published{}, ApprovalGiven{}, Approved{}, Proposed{}, Withdrawn{}, Activated{}, RolledBack{}, Retired{}, Reworded{},
	ReviewFellDue{}, Reviewed{}, Noticed{}, NoticeSettled{},
)

// Published makes a version known. Unit publishes it, and answers for its
// review.
type Published struct {
	Ref      pathway.Ref              `json:"ref"`
	TextHash string                   `json:"textHash"`
	Regime   care.Regime              `json:"regime"`
	Status   pathway.DefinitionStatus `json:"status"`
	// Extends is the version that a local layer lies over.
	Extends pathway.Ref `json:"extends,omitzero"`
	Unit    care.UnitID `json:"unit"`
	// Persons is how many must stand behind it, the publisher among them.
	Persons  int       `json:"persons"`
	ReviewBy care.Date `json:"reviewBy,omitzero"`
	Origin   []Past    `json:"origin,omitempty"`
}

// ApprovalGiven is one person's approval.
type ApprovalGiven struct {
	Version string `json:"version"`
}

// Approved says that enough persons stand behind a version.
type Approved struct {
	Version string `json:"version"`
}

// Proposed is the first person's half of an act that takes two. From is the
// first instant for a use, TextHash and Languages are a rewording's.
type Proposed struct {
	Proposal  int             `json:"proposal"`
	What      What            `json:"what"`
	Version   string          `json:"version"`
	Unit      care.UnitID     `json:"unit,omitempty"`
	From      time.Time       `json:"from,omitzero"`
	TextHash  string          `json:"textHash,omitempty"`
	Languages []care.Language `json:"languages,omitempty"`
	Why       string          `json:"why,omitempty"`
}

// What is the kind of act that is proposed.
type What string

// The kinds.
const (
	ToActivate What = "activate"
	ToAdopt    What = "adopt"
	ToRetire   What = "retire"
	ToRollBack What = "roll-back"
	ToReword   What = "reword"
)

// Withdrawn ends a proposal without its act.
type Withdrawn struct {
	Proposal int    `json:"proposal"`
	Why      string `json:"why"`
}

// Activated brings a version into use from an instant, for a unit and everything
// under it, or for the whole site.
type Activated struct {
	Proposal int         `json:"proposal"`
	Use      int         `json:"use"`
	Version  string      `json:"version"`
	Unit     care.UnitID `json:"unit,omitempty"`
	From     time.Time   `json:"from"`
	Adopted  bool        `json:"adopted,omitempty"`
}

// RolledBack ends a use at once. The version before comes back as a new use;
// Use is 0 where the ended one had not begun and the one before goes on.
type RolledBack struct {
	Proposal int       `json:"proposal"`
	Ended    int       `json:"ended"`
	Use      int       `json:"use,omitempty"`
	Version  string    `json:"version"`
	At       time.Time `json:"at"`
	Why      string    `json:"why"`
}

// Retired ends every use of a version at once.
type Retired struct {
	Proposal int       `json:"proposal"`
	Version  string    `json:"version"`
	At       time.Time `json:"at"`
	Why      string    `json:"why"`
}

// Reworded gives a version other words from an instant.
type Reworded struct {
	Proposal  int             `json:"proposal"`
	Version   string          `json:"version"`
	Revision  int             `json:"revision"`
	TextHash  string          `json:"textHash"`
	Languages []care.Language `json:"languages"`
	From      time.Time       `json:"from"`
}

// ReviewFellDue says that a version's review date has passed.
type ReviewFellDue struct {
	Version string `json:"version"`
}

// Reviewed says that a version was gone through, and when next.
type Reviewed struct {
	Version string    `json:"version"`
	Next    care.Date `json:"next"`
	Why     string    `json:"why"`
}

// NoticeKind is what a notice is about.
type NoticeKind string

// The kinds: a source changed; the base of a layer has a new version.
const (
	OfSource NoticeKind = "source"
	OfBase   NoticeKind = "base"
)

// Noticed is something outside the version that its owner must look at.
type Noticed struct {
	Notice  int              `json:"notice"`
	Kind    NoticeKind       `json:"kind"`
	Version string           `json:"version"`
	Source  pathway.SourceID `json:"source,omitempty"`
	Changed care.Date        `json:"changed,omitzero"`
	// Page is the hash of what the source's page says now, where a program read it.
	Page      string      `json:"page,omitempty"`
	Base      pathway.Ref `json:"base,omitzero"`
	Conflicts []Conflict  `json:"conflicts,omitempty"`
	Why       string      `json:"why,omitempty"`
}

// NoticeSettled says what came of a notice.
type NoticeSettled struct {
	Notice int    `json:"notice"`
	Why    string `json:"why"`
}

// The types never change, whatever the Go names do.

func (Published) Type() string     { return "pathway.published/1" }
func (ApprovalGiven) Type() string { return "pathway.approval-given/1" }
func (Approved) Type() string      { return "pathway.approved/1" }
func (Proposed) Type() string      { return "pathway.proposed/1" }
func (Withdrawn) Type() string     { return "pathway.proposal-withdrawn/1" }
func (Activated) Type() string     { return "pathway.activated/1" }
func (RolledBack) Type() string    { return "pathway.rolled-back/1" }
func (Retired) Type() string       { return "pathway.retired/1" }
func (Reworded) Type() string      { return "pathway.reworded/1" }
func (ReviewFellDue) Type() string { return "pathway.review-fell-due/1" }
func (Reviewed) Type() string      { return "pathway.reviewed/1" }
func (Noticed) Type() string       { return "pathway.noticed/1" }
func (NoticeSettled) Type() string { return "pathway.notice-settled/1" }
