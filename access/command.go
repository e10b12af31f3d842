package access

import "forlop/care"

// Command is something that is asked of a person's consent stream. Free text in
// a command ends up sealed, never in an event's body. Dates are the last day
// that counts; the decision makes instants of them. Numbers are ordinals: the
// first block has number 1.
type Command interface{ Name() string }

// Commands lists an empty value of every command, for those who read commands
// by name.
var Commands = []Command{
	Block{}, LiftBlock{},
	OfferProxy{}, AcceptProxy{}, DeclineProxy{}, RecordProxy{}, LimitProxy{}, RenewProxy{}, RevokeProxy{}, Reattest{}, RestoreProxies{}, JoinRecord{}, PartRecord{},
	RecordGuardian{}, EndGuardian{}, BlockGuardian{}, UnblockGuardian{}, AllowLogin{}, StopLogin{},
	DirectNotices{}, WriteToCoordinator{}, Settle{},
	OpenRecord{}, CloseOpening{}, ReviewOpening{}, DelayNotices{}, EndDelay{},
	GiveConsent{}, WithdrawConsent{}, SharePage{}, WithdrawPage{},
	ProtectAddress{}, UnprotectAddress{},
	HoldRecord{}, ReleaseHold{}, ProposeErasure{}, ApproveErasure{}, WithdrawErasure{},
	EndAll{}, Reopen{}, EndFor{},
	Wake{},
}

// Block keeps a unit, everyone outside a unit, or a named professional away
// from everything, or from one journey.
type Block struct {
	Against Against `json:"against"`
	// Journey is the journey's stream; empty means everything.
	Journey  string   `json:"journey,omitempty"`
	Strength Strength `json:"strength"`
	Words    string   `json:"words,omitempty"`
}

// LiftBlock takes a block away.
type LiftBlock struct {
	Block int `json:"block"`
}

// OfferProxy offers a relative to act for the person. Nothing is given until
// the relative accepts. No Until means the usual time.
type OfferProxy struct {
	To    care.PersonKey `json:"to"`
	Parts []Part         `json:"parts"`
	Until care.Date      `json:"until,omitzero"`
}

// AcceptProxy is the relative's yes.
type AcceptProxy struct {
	Proxy int `json:"proxy"`
}

// DeclineProxy is the relative's no.
type DeclineProxy struct {
	Proxy int `json:"proxy"`
}

// RecordProxy records what both have said yes to, by phone or on paper. The act
// says who said it and how. CannotConsent is for the nearest relative of a
// person who is not able to consent; it needs Words.
type RecordProxy struct {
	To            care.PersonKey `json:"to"`
	Parts         []Part         `json:"parts"`
	Until         care.Date      `json:"until,omitzero"`
	CannotConsent bool           `json:"cannotConsent,omitempty"`
	Words         string         `json:"words,omitempty"`
}

// LimitProxy takes parts out of a proxy. Parts are those that stay.
type LimitProxy struct {
	Proxy int    `json:"proxy"`
	Parts []Part `json:"parts"`
}

// RenewProxy lets a proxy go on, by one word: no Until means the usual time. It
// also confirms a proxy that was asked anew.
type RenewProxy struct {
	Proxy int       `json:"proxy"`
	Until care.Date `json:"until,omitzero"`
}

// RevokeProxy ends a proxy at once. The relative gives it up by the same word.
type RevokeProxy struct {
	Proxy int `json:"proxy"`
}

// Reattest asks for every proxy anew, after two records turned out to be one
// person's: none holds until it is renewed.
type Reattest struct{}

// RestoreProxies takes Reattest back, where the records are parted again.
type RestoreProxies struct{}

// RecordGuardian records who has custody of a child. Source is the register or
// the decision that says so.
type RecordGuardian struct {
	Guardian care.PersonKey `json:"guardian"`
	Source   GuardianSource `json:"source"`
	From     care.Date      `json:"from,omitzero"`
}

// EndGuardian ends one guardian's custody, such as when it changes.
type EndGuardian struct {
	Guardian int    `json:"guardian"`
	Why      string `json:"why"`
}

// BlockGuardian keeps one guardian from seeing anything, for the child's
// protection. The guardian is not told.
type BlockGuardian struct {
	Guardian int    `json:"guardian"`
	Words    string `json:"words"`
}

// UnblockGuardian takes that back.
type UnblockGuardian struct {
	Guardian int    `json:"guardian"`
	Words    string `json:"words"`
}

// AllowLogin is a guardian's consent to the child's own login, where the
// country asks for it.
type AllowLogin struct{}

// StopLogin takes that consent back.
type StopLogin struct{}

// DirectNotices sends all notices to a relative; an empty key sends them to the
// person again.
type DirectNotices struct {
	To care.PersonKey `json:"to,omitempty"`
}

// WriteToCoordinator is what a relative without access can always do. It shows
// nothing back.
type WriteToCoordinator struct {
	Words string `json:"words"`
}

// Settle says that an item has been seen to: somebody took over, the person was
// told, the relative was answered, the proxy may run out.
type Settle struct {
	Item  string `json:"item"`
	Words string `json:"words,omitempty"`
}

// OpenRecord opens one person's record to the professional who asks, without
// another basis: break-glass. Zero Hours means the longest.
type OpenRecord struct {
	Why   OpeningReason `json:"why"`
	Words string        `json:"words"`
	Hours int           `json:"hours,omitempty"`
}

// CloseOpening ends an opening before its time.
type CloseOpening struct {
	Opening int `json:"opening"`
}

// ReviewOpening judges an opening; never by the one who opened.
type ReviewOpening struct {
	Opening int     `json:"opening"`
	Verdict Verdict `json:"verdict"`
	Words   string  `json:"words"`
}

// DelayNotices records a ground on which the person is told of openings first
// when the ground ends.
type DelayNotices struct {
	Until care.Date `json:"until"`
	Words string    `json:"words"`
}

// EndDelay ends that ground now.
type EndDelay struct{}

// GiveConsent lets a unit see what a block that opens by consent holds back.
type GiveConsent struct {
	Unit  care.UnitID `json:"unit"`
	Until care.Date   `json:"until"`
}

// WithdrawConsent takes a consent back at once.
type WithdrawConsent struct {
	Consent int `json:"consent"`
}

// SharePage shows a page that the person has previewed, item by item, to a
// receiver outside health care.
type SharePage struct {
	To    Receiver     `json:"to"`
	Items []SharedItem `json:"items"`
	Until care.Date    `json:"until"`
}

// WithdrawPage takes a page back at once.
type WithdrawPage struct {
	Page int `json:"page"`
}

// ProtectAddress says that the person's address is hidden by law. Proxies and
// directed notices end in the same decision.
type ProtectAddress struct {
	// Words are why, as the one who marks it knows; sealed.
	Words string     `json:"words,omitempty"`
	Kind  Protection `json:"kind"`
}

// UnprotectAddress says that it is hidden no more. What ended stays ended.
type UnprotectAddress struct {
	// Words are why; sealed.
	Words string `json:"words,omitempty"`
}

// HoldRecord records a legal hold: nothing is erased while it stands.
type HoldRecord struct {
	Words string `json:"words"`
}

// ReleaseHold ends the legal hold.
type ReleaseHold struct {
	Words string `json:"words"`
}

// ProposeErasure proposes to erase everything about the person, on a lawful
// decision.
type ProposeErasure struct {
	Decision ErasureDecision `json:"decision"`
	// Reference is the decision's number in the archive of who made it.
	Reference string `json:"reference"`
}

// ApproveErasure is the second person's yes. After it nothing else is possible.
type ApproveErasure struct{}

// WithdrawErasure takes the proposal back.
type WithdrawErasure struct{}

// EndAll ends what rests on the person's life, when the person has died.
type EndAll struct{}

// Reopen takes EndAll back, where the death was recorded by mistake.
type Reopen struct{}

// EndFor ends everything a relative had, when they died or their address became
// protected.
type EndFor struct {
	Relative care.PersonKey `json:"relative"`
	Why      EndReason      `json:"why"`
}

// Wake is the command of time alone.
type Wake struct{}

// The names never change, whatever the Go names do.

func (Block) Name() string              { return "consent.block" }
func (LiftBlock) Name() string          { return "consent.lift-block" }
func (OfferProxy) Name() string         { return "consent.offer-proxy" }
func (AcceptProxy) Name() string        { return "consent.accept-proxy" }
func (DeclineProxy) Name() string       { return "consent.decline-proxy" }
func (RecordProxy) Name() string        { return "consent.record-proxy" }
func (LimitProxy) Name() string         { return "consent.limit-proxy" }
func (RenewProxy) Name() string         { return "consent.renew-proxy" }
func (RevokeProxy) Name() string        { return "consent.revoke-proxy" }
func (Reattest) Name() string           { return "consent.reattest" }
func (RestoreProxies) Name() string     { return "consent.restore-proxies" }
func (RecordGuardian) Name() string     { return "consent.record-guardian" }
func (EndGuardian) Name() string        { return "consent.end-guardian" }
func (BlockGuardian) Name() string      { return "consent.block-guardian" }
func (UnblockGuardian) Name() string    { return "consent.unblock-guardian" }
func (AllowLogin) Name() string         { return "consent.allow-login" }
func (StopLogin) Name() string          { return "consent.stop-login" }
func (DirectNotices) Name() string      { return "consent.direct-notices" }
func (WriteToCoordinator) Name() string { return "consent.write-to-coordinator" }
func (Settle) Name() string             { return "consent.settle" }
func (OpenRecord) Name() string         { return "consent.break-glass" }
func (CloseOpening) Name() string       { return "consent.close-opening" }
func (ReviewOpening) Name() string      { return "consent.review-opening" }
func (DelayNotices) Name() string       { return "consent.delay-notices" }
func (EndDelay) Name() string           { return "consent.end-delay" }
func (GiveConsent) Name() string        { return "consent.give-consent" }
func (WithdrawConsent) Name() string    { return "consent.withdraw-consent" }
func (SharePage) Name() string          { return "consent.share-page" }
func (WithdrawPage) Name() string       { return "consent.withdraw-page" }
func (ProtectAddress) Name() string     { return "consent.protect-address" }
func (UnprotectAddress) Name() string   { return "consent.unprotect-address" }
func (HoldRecord) Name() string         { return "consent.hold-record" }
func (ReleaseHold) Name() string        { return "consent.release-hold" }
func (ProposeErasure) Name() string     { return "consent.propose-erasure" }
func (ApproveErasure) Name() string     { return "consent.approve-erasure" }
func (WithdrawErasure) Name() string    { return "consent.withdraw-erasure" }
func (EndAll) Name() string             { return "consent.end-all" }
func (Reopen) Name() string             { return "consent.reopen" }
func (EndFor) Name() string             { return "consent.end-for" }
func (Wake) Name() string               { return "consent.wake" }
