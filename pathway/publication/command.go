package publication

import (
	"forlop/care"
	"forlop/pathway"
)

// Command is something that is asked of a pathway's stream.
type Command interface {
	// Name is the stable name, such as "pathway.publish". What stands before the
	// dot is the kind of stream.
	Name() string
}

// Commands lists an empty value of every command, for those who read commands
// by name.
var Commands = []Command{
	Publish{}, Approve{}, ProposeUse{}, ProposeRetirement{}, ProposeRollback{}, ProposeText{}, Confirm{}, Withdraw{},
	Review{}, NoteSource{}, NoteBase{}, SettleNotice{}, Wake{},
}

// Publish makes a version known that lies on the shelf under its hash.
type Publish struct {
	Ref pathway.Ref `json:"ref"`
	// Persons is how many different persons must stand behind it, the publisher
	// among them; 0 asks for as many as the site does.
	Persons int `json:"persons,omitempty"`
	// Origin is where it was brought from, where it was published elsewhere
	// before.
	Origin []Past `json:"origin,omitempty"`
}

// Past is one act of another site's stream, brought along with a version. It
// informs; it counts for nothing here.
type Past struct {
	// What is the type of the event, such as "pathway.approved/1".
	What string    `json:"what"`
	By   string    `json:"by"`
	Post care.Post `json:"post,omitzero"`
	On   care.Date `json:"on"`
}

// Approve is one person's approval of a version that others published.
type Approve struct {
	Version string `json:"version"`
}

// ProposeUse asks for a version to come into use: from a day, for a unit and
// everything under it, or, without a unit, for the whole site.
type ProposeUse struct {
	Version string      `json:"version"`
	Unit    care.UnitID `json:"unit,omitempty"`
	// From is the first day; zero means as soon as it is confirmed.
	From care.Date `json:"from,omitzero"`
	// Adopt says that the unit makes a draft its own.
	Adopt bool `json:"adopt,omitempty"`
}

// ProposeRetirement asks that no new journey opens on a version anywhere. Why is
// about the pathway, never about a person.
type ProposeRetirement struct {
	Version string `json:"version"`
	Why     string `json:"why"`
}

// ProposeRollback asks that what was in use before comes back into use for a
// unit, or for the whole site, from the moment it is confirmed.
type ProposeRollback struct {
	Unit care.UnitID `json:"unit,omitempty"`
	Why  string      `json:"why"`
}

// ProposeText asks that a version is worded anew. The files lie on the shelf
// under TextHash already; Languages are those whose words changed.
type ProposeText struct {
	Version   string          `json:"version"`
	TextHash  string          `json:"textHash"`
	Languages []care.Language `json:"languages"`
}

// Confirm is the second person's yes to a proposal.
type Confirm struct {
	Proposal int `json:"proposal"`
}

// Withdraw ends a proposal: its maker takes it back, or another says no.
type Withdraw struct {
	Proposal int    `json:"proposal"`
	Why      string `json:"why"`
}

// Review says that a version was gone through against its sources, and when it
// shall be gone through next.
type Review struct {
	Version string    `json:"version"`
	Next    care.Date `json:"next"`
	Why     string    `json:"why"`
}

// NoteSource says that a source of a version was seen to have changed. Page is
// the hash of what its page says now, where a program read it: the same page is
// noted once.
type NoteSource struct {
	Version string           `json:"version"`
	Source  pathway.SourceID `json:"source"`
	Changed care.Date        `json:"changed"`
	Page    string           `json:"page,omitempty"`
	Why     string           `json:"why,omitempty"`
}

// NoteBase tells a local layer that the pathway it extends has a new version,
// and what its owner must look at.
type NoteBase struct {
	Version   string      `json:"version"`
	Base      pathway.Ref `json:"base"`
	Conflicts []Conflict  `json:"conflicts,omitempty"`
}

// Conflict is one place in a layer that a new version of its base touches.
type Conflict struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// SettleNotice says what came of a notice.
type SettleNotice struct {
	Notice int    `json:"notice"`
	Why    string `json:"why"`
}

// Wake is the command of time alone: a review date has passed.
type Wake struct{}

// The names never change, whatever the Go names do.

func (Publish) Name() string           { return "pathway.publish" }
func (Approve) Name() string           { return "pathway.approve" }
func (ProposeUse) Name() string        { return "pathway.propose-use" }
func (ProposeRetirement) Name() string { return "pathway.propose-retirement" }
func (ProposeRollback) Name() string   { return "pathway.propose-rollback" }
func (ProposeText) Name() string       { return "pathway.propose-text" }
func (Confirm) Name() string           { return "pathway.confirm" }
func (Withdraw) Name() string          { return "pathway.withdraw" }
func (Review) Name() string            { return "pathway.review" }
func (NoteSource) Name() string        { return "pathway.note-source" }
func (NoteBase) Name() string          { return "pathway.note-base" }
func (SettleNotice) Name() string      { return "pathway.settle-notice" }
func (Wake) Name() string              { return "pathway.wake" }
