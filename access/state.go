package access

import (
	"maps"
	"slices"
	"time"

	"forlop/care"
)

// State is what one person has allowed and forbidden, folded from their consent
// stream. Everything that is by ordinal starts with number 1.
type State struct {
	Version int
	Person  care.PersonKey
	Regime  care.Regime

	Blocks    []BlockState
	Proxies   []ProxyState
	Guardians []GuardianState
	Consents  []ConsentState
	Openings  []OpeningState
	Pages     []PageState
	Messages  []MessageState

	// Notices is the relative whom all notices go to; empty is the person. Ask
	// NoticesTo, which looks whether the relative may still have them.
	Notices care.PersonKey
	// Login says that a guardian consents to the child's own login.
	Login bool
	// Delay is until when the person is not told of openings, zero where no ground
	// stands.
	Delay time.Time
	// With are the other keys of the same person.
	With []care.PersonKey
	// Asked is the question about proxies after a merge, if it is open.
	Asked Question

	Protection Protection
	Hold       bool
	Erasure    ErasureState
	// Ended says that the person has died: nothing rests on their word any more.
	Ended bool

	// Done are the items that somebody has seen to and that no other event closes.
	Done map[string]bool
	// Climbs are the rungs that open overdue items have reached, by item key.
	Climbs map[string]Climb
}

// BlockState is one block.
type BlockState struct {
	Number     int
	Against    Against
	Journey    string
	Strength   Strength
	Provider   care.UnitID
	From       time.Time
	TakeOver   []care.Post
	TakeOverBy time.Time
	Status     BlockStatus
	Version    int
}

// BlockStatus is where a block is in its life.
type BlockStatus string

// The statuses of a block.
const (
	BlockStands BlockStatus = "standing"
	BlockGone   BlockStatus = "lifted"
)

// ProxyStatus is where a proxy is in its life.
type ProxyStatus string

// The statuses of a proxy. Only an active one gives anything.
const (
	ProxyOpen    ProxyStatus = "offered"
	ProxyActive  ProxyStatus = "active"
	ProxyRests   ProxyStatus = "asked anew"
	ProxyRefused ProxyStatus = "declined"
	ProxyGone    ProxyStatus = "lapsed"
	ProxyOver    ProxyStatus = "ended"
)

// ProxyState is one relative's proxy, or the offer of one.
type ProxyState struct {
	Number        int
	To            care.PersonKey
	Term          ProxyTerm
	CannotConsent bool
	// Since is when it was offered or recorded; From is since when the relative
	// may act.
	Since, From time.Time
	Lapses      time.Time
	// Asking is the question whether it shall go on, once it is asked.
	Asking  Question
	Status  ProxyStatus
	Why     EndReason
	Version int
}

// Question is something a post asks somebody; a zero Due is none.
type Question struct {
	Post       care.Post
	Since, Due time.Time
	Version    int
}

// GuardianStatus is where a custody is in its life.
type GuardianStatus string

// The statuses of a custody.
const (
	GuardianStands  GuardianStatus = "standing"
	GuardianBarred  GuardianStatus = "blocked"
	GuardianshipEnd GuardianStatus = "ended"
)

// GuardianState is one guardian of a child.
type GuardianState struct {
	Number   int
	Guardian care.PersonKey
	Source   GuardianSource
	// Access is full from Starts until Narrows, and Parts of it until Ends. A zero
	// Narrows means full until Ends.
	Starts, Narrows, Ends time.Time
	Parts                 []Part
	Rules                 string
	Status                GuardianStatus
	Why                   EndReason
	Version               int
}

// ConsentStatus is where a consent or a shared page is in its life.
type ConsentStatus string

// The statuses of a consent and of a page.
const (
	ConsentHolds     ConsentStatus = "given"
	ConsentTakenBack ConsentStatus = "withdrawn"
	ConsentOver      ConsentStatus = "ended"
)

// ConsentState is a consent to one unit.
type ConsentState struct {
	Number  int
	Unit    care.UnitID
	Until   care.Date
	From    time.Time
	Ends    time.Time
	Status  ConsentStatus
	Version int
}

// OpeningStatus is where an opening is in its life.
type OpeningStatus string

// The statuses of an opening.
const (
	OpeningOpen OpeningStatus = "open"
	OpeningShut OpeningStatus = "closed"
	OpeningOver OpeningStatus = "ended"
)

// OpeningState is one break-glass opening.
type OpeningState struct {
	Number       int
	Professional string
	Unit         care.UnitID
	Why          OpeningReason
	From, Ends   time.Time
	Status       OpeningStatus
	// Review is who judges it; Verdict is empty until somebody has.
	Review   Question
	Verdict  Verdict
	Reviewer string
	// Tell is when the person is to be told; Telling is the task to reach them.
	Tell    time.Time
	Told    bool
	Telling Question
	Version int
}

// PageState is a page shared with a receiver outside.
type PageState struct {
	Number     int
	To         Receiver
	Items      []string
	Until      care.Date
	From, Ends time.Time
	Status     ConsentStatus
	// Version is the event that holds the sealed words.
	Version int
}

// MessageState is what a relative wrote; the words are sealed in event Version.
type MessageState struct {
	Number  int
	Contact Question
	// By is the relative's own key, where they wrote themselves.
	By      care.PersonKey
	Version int
}

// ErasureStatus is where an erasure is in its life.
type ErasureStatus string

// The statuses of an erasure.
const (
	ErasureOpen    ErasureStatus = "proposed"
	ErasureDone    ErasureStatus = "approved"
	ErasureDropped ErasureStatus = "withdrawn"
)

// ErasureState is the proposal to erase everything; an empty status is none.
type ErasureState struct {
	Decision  ErasureDecision
	Reference string
	By        string
	Approval  Question
	// At is when it was approved, zero before. Gone is the last day on which a
	// backup may hold a copy of the key; zero where nobody has said how long those
	// are kept: it then depends on the operator's backups.
	At      time.Time
	Gone    care.Date
	Status  ErasureStatus
	Version int
}

// Climb is how far an overdue item has climbed.
type Climb struct {
	Rung      int
	At, Again time.Time
}

// Clone is a copy that shares nothing with s.
func (s State) Clone() State {
	s.Blocks = slices.Clone(s.Blocks)
	for i := range s.Blocks {
		s.Blocks[i].TakeOver = slices.Clone(s.Blocks[i].TakeOver)
	}
	s.Proxies = slices.Clone(s.Proxies)
	for i := range s.Proxies {
		s.Proxies[i].Term.Parts = slices.Clone(s.Proxies[i].Term.Parts)
	}
	s.Guardians = slices.Clone(s.Guardians)
	for i := range s.Guardians {
		s.Guardians[i].Parts = slices.Clone(s.Guardians[i].Parts)
	}
	s.Consents = slices.Clone(s.Consents)
	s.Openings = slices.Clone(s.Openings)
	s.Pages = slices.Clone(s.Pages)
	for i := range s.Pages {
		s.Pages[i].Items = slices.Clone(s.Pages[i].Items)
	}
	s.Messages = slices.Clone(s.Messages)
	s.With = slices.Clone(s.With)
	s.Done = maps.Clone(s.Done)
	s.Climbs = maps.Clone(s.Climbs)
	return s
}

// Protected reports whether the person's address is hidden by law.
func (s State) Protected() bool { return s.Protection != "" }

// Erased reports whether the erasure was approved: nothing about the person can
// be shown or done any more.
func (s State) Erased() bool { return s.Erasure.Status == ErasureDone }

// silent reports whether nothing rests on the person's word: they died, or were
// erased.
func (s State) silent() bool { return s.Ended || s.Erased() }

// represented reports whether anybody can act for the person at all: not with a
// protected address (invariant 31), nor after death.
func (s State) represented() bool { return !s.silent() && !s.Protected() }
