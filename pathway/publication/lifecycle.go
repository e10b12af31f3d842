package publication

import "slices"

// Transition is one allowed change of the status of a thing: of a version, of a
// use, of a proposal or of a notice. An empty From is before the first event.
type Transition struct{ Of, From, Event, To string }

var versionLife = []Transition{
	{"version", "", "pathway.published/1", string(StandsPublished)},
	{"version", string(StandsPublished), "pathway.approved/1", string(StandsApproved)},
	{"version", string(StandsPublished), "pathway.retired/1", string(StandsRetired)},
	{"version", string(StandsApproved), "pathway.retired/1", string(StandsRetired)},
}

var useLife = []Transition{
	{"use", "", "pathway.activated/1", inUse},
	{"use", inUse, "pathway.rolled-back/1", ended},
	{"use", inUse, "pathway.retired/1", ended},
}

var proposalLife = []Transition{
	{"proposal", "", "pathway.proposed/1", open},
	{"proposal", open, "pathway.activated/1", confirmed},
	{"proposal", open, "pathway.rolled-back/1", confirmed},
	{"proposal", open, "pathway.retired/1", confirmed},
	{"proposal", open, "pathway.reworded/1", confirmed},
	{"proposal", open, "pathway.proposal-withdrawn/1", withdrawn},
}

var noticeLife = []Transition{
	{"notice", "", "pathway.noticed/1", open},
	{"notice", open, "pathway.notice-settled/1", settled},
}

const (
	inUse     = "in use"
	ended     = "ended"
	open      = "open"
	confirmed = "confirmed"
	withdrawn = "withdrawn"
	settled   = "settled"
)

// Lifecycle is the lives of versions, uses, proposals and notices. An event that
// is not listed changes no status. A use that another one follows at the same
// place ends by the other's first instant, without an event.
func Lifecycle() []Transition {
	return slices.Concat(versionLife, useLife, proposalLife, noticeLife)
}

// next is the status after an event of the given type, if the life has it.
func next(life []Transition, from, event string) (to string, ok bool) {
	for _, t := range life {
		if t.From == from && t.Event == event {
			return t.To, true
		}
	}
	return "", false
}

// Undo says how an event is taken back: by an event of type By, or, where By is
// empty, not at all.
type Undo struct{ Event, By, How string }

// Undos lists every event type once.
func Undos() []Undo {
	return []Undo{
		{"pathway.published/1", "pathway.retired/1", "retire the version; its bytes stay"},
		{"pathway.approval-given/1", "", "none: retire the version, or publish a new one"},
		{"pathway.approved/1", "pathway.retired/1", "retire the version"},
		{"pathway.proposed/1", "pathway.proposal-withdrawn/1", "withdraw the proposal while it is open"},
		{"pathway.proposal-withdrawn/1", "pathway.proposed/1", "propose it again"},
		{"pathway.activated/1", "pathway.rolled-back/1", "two persons take it back; journeys that opened stay"},
		{"pathway.rolled-back/1", "pathway.activated/1", "bring the version into use again"},
		{"pathway.retired/1", "", "none: publish the same content as a new version"},
		{"pathway.reworded/1", "pathway.reworded/1", "propose the earlier words again"},
		{"pathway.review-fell-due/1", "pathway.reviewed/1", "go through the version"},
		{"pathway.reviewed/1", "pathway.reviewed/1", "go through it again and give another date"},
		{"pathway.noticed/1", "pathway.notice-settled/1", "settle the notice and say why"},
		{"pathway.notice-settled/1", "pathway.noticed/1", "note it again"},
	}
}
