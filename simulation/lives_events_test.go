package simulation

import (
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/pathway"
)

// act is the events of one command in one stream.
type eventsOfAct struct {
	first   int // index of the first
	records []care.Recorded
}

func (a eventsOfAct) has(is func(care.Event) bool) bool {
	return slices.ContainsFunc(a.records, func(r care.Recorded) bool { return is(r.Event) })
}

// acts groups what is new in a stream by command. A key that comes back later
// has had a second effect.
func (t *trial) acts(h *history) []eventsOfAct {
	var acts []eventsOfAct
	for i := h.checked; i < len(h.records); i++ {
		r := h.records[i]
		key := string(r.Actor.Kind) + "/" + r.Actor.ID + "/" + r.Command
		if i == h.checked || h.records[i-1].Command != r.Command || h.records[i-1].Actor != r.Actor {
			if t.keys[h.stream] == nil {
				t.keys[h.stream] = map[string]bool{}
			}
			// Time has no key of its own: it may wake a stream twice in one instant.
			if t.keys[h.stream][key] && !strings.HasPrefix(r.Command, "wake ") {
				t.wrong(38, "%s: the key %s has had a second effect at event %d", h.stream, key, r.Version)
			}
			t.keys[h.stream][key] = true
			acts = append(acts, eventsOfAct{first: i})
		}
		last := &acts[len(acts)-1]
		last.records = append(last.records, r)
	}
	return acts
}

// byTimeAlone are the events that time alone may cause. None of them ends
// anything.
var byTimeAlone = []string{
	"journey.passed/1", "journey.escalated/1", "journey.clock-passed/1", "journey.contact-owed/1", "journey.offer-lapsed/1", "journey.decision-needed/1",
	"person.contact-offer-lapsed/1", "person.overdue/1",
}

// byReaction are the events that the service makes of what a person did in
// another stream, or of a page that was opened.
var byReaction = []string{
	"journey.role-bound/1", "journey.step-owned/1", "journey.offered/1", "journey.decision-needed/1", "journey.told/1",
	"journey.step-opened/1", "journey.step-brought-in/1",
}

// checkActs reads what is new in a journey event by event.
func (t *trial) checkActs(h *history) {
	l := h.ledger
	for _, a := range t.acts(h) {
		before, due, was := l.responsible, l.due(), l.status
		live := map[int]bool{}
		for _, s := range l.steps {
			live[s.Step] = s.live
		}
		kept := l.kept
		for n, r := range a.records {
			t.checkSilence(h, r)
			holder := l.responsible
			t.checkEvent(h, a, h.events[a.first+n].Sealed != nil, r)
			l.read(r)
			t.checkHandOver(h, a, r, holder)
		}
		first := a.records[0]
		if strings.HasPrefix(first.Command, "wake ") {
			at, err := time.Parse(time.RFC3339Nano, strings.TrimPrefix(first.Command, "wake "))
			if err != nil || !first.Learned.Equal(at) || !due.Equal(at) {
				t.wrong(39, "%s was woken for %s at %s; it fell due %s", h.stream, first.Command, first.Learned, due)
			}
		}
		t.checkAct(h, a, was, before, live, kept)
	}
}

// checkSilence holds that what the service does by itself ends nothing.
func (t *trial) checkSilence(h *history, r care.Recorded) {
	if r.Actor.Kind != care.System {
		return
	}
	typ := r.Event.Type()
	allowed := byTimeAlone
	if strings.HasPrefix(r.Command, "react/") || strings.HasPrefix(r.Command, "page/") {
		allowed = byReaction
	}
	if h.stream.Kind() == "person" && !strings.HasPrefix(r.Command, "wake ") && typ == "person.contact-appointed/1" {
		return // the receiving unit's own coordinator, named as the person comes in
	}
	if e, dropped := r.Event.(journey.StepDropped); dropped && e.Reason == journey.ReasonOvertaken && strings.HasPrefix(r.Command, "react/") {
		return // what a person said elsewhere has made it needless
	}
	if e, noted := r.Event.(journey.InterpreterNoted); noted && e.Interpreter == journey.InterpreterNotYet && !strings.HasPrefix(r.Command, "wake ") {
		return // what somebody said of the person's languages makes it a fault
	}
	if slices.Contains(allowed, typ) {
		return
	}
	invariant := 15
	switch r.Event.(type) {
	case journey.WaitReviewed, journey.WaitOpened, journey.WaitReopened:
		invariant = 10
	case journey.ClockPaused, journey.ClockCorrected:
		invariant = 12
	}
	t.wrong(invariant, "%s: %s at event %d was nobody's decision (%s)", h.stream, typ, r.Version, r.Command)
}

// checkHandOver holds that responsibility moves where somebody accepts, to the
// one who accepts, and nowhere else.
func (t *trial) checkHandOver(h *history, a eventsOfAct, r care.Recorded, before care.Post) {
	l := h.ledger
	if e, ok := r.Event.(journey.OfferAccepted); ok {
		o := l.offers[e.Offer-1]
		speaks := r.Post.Unit
		if r.For != nil {
			speaks = r.For.Of.Post.Unit
		}
		if speaks != o.To.Unit {
			t.wrong(2, "%s: %s took over what was offered to %s (event %d)", h.stream, speaks, o.To, r.Version)
		}
		return
	}
	if l.responsible == before {
		return
	}
	switch r.Event.(type) {
	case journey.Opened, journey.Reopened:
	default:
		t.wrong(2, "%s: responsibility moved from %s to %s by %s, and nobody had accepted", h.stream, before, l.responsible, r.Event.Type())
	}
}

// checkEvent holds what one event must be by itself, before the ledger has read
// it.
func (t *trial) checkEvent(h *history, a eventsOfAct, text bool, r care.Recorded) {
	l := h.ledger
	if regime := h.events[r.Version-1].Regime; regime != h.events[0].Regime || regime != care.Norway {
		t.wrong(43, "%s: event %d stands under the law of %s, the first under that of %s", h.stream, r.Version, regime, h.events[0].Regime)
	}
	switch e := r.Event.(type) {
	case journey.TellingOwed:
		if died, dead := t.dead[l.person]; dead && e.To.Kind == care.PartyPatient && r.Learned.After(died) {
			t.wrong(44, "%s: %s is owed to the patient, who died %s", h.stream, e.About, died)
		}
	case journey.StepOpened:
		if e.Owner.Unit == "" || e.Role == pathway.PatientRole {
			t.wrong(7, "%s: the step %s has no professional owner", h.stream, e.ID)
		}
		if e.Because < 1 || e.Because > r.Version {
			t.wrong(39, "%s: the step %s opened because of event %d", h.stream, e.ID, e.Because)
		}
		if e.Latest.IsZero() {
			t.wrong(9, "%s: the step %s has no latest date", h.stream, e.ID)
		}
		if i := slices.IndexFunc(l.clocks, func(c ledgerClock) bool { return c.live && c.ID == e.Clock }); e.Clock != "" && (i < 0 || e.Latest.After(l.clocks[i].Latest)) {
			t.wrong(11, "%s: the step %s is due %s, its clock %s says otherwise", h.stream, e.ID, e.Latest, e.Clock)
		}
	case journey.Answered:
		if e.Step < 1 || e.Step > len(l.steps) || l.steps[e.Step-1].Kind != pathway.Answer || !l.steps[e.Step-1].live {
			t.wrong(19, "%s: a referral was answered that was not being assessed", h.stream)
		}
	case journey.ClockStarted:
		if from, ok := l.milestones[e.From]; !ok || !from.Equal(e.Start) {
			t.wrong(14, "%s: the clock %s starts %s, its milestone %s was %s", h.stream, e.ID, e.Start, e.From, from)
		}
		if e.Basis.Source == "" && e.Basis.Tag == "" || e.Calendar == "" || e.Pathway.Version == "" {
			t.wrong(11, "%s: the clock %s does not say what it rests on", h.stream, e.ID)
		}
		if e.Calendar != t.cal.Version() {
			t.wrong(43, "%s: the clock %s was counted by the calendar %s", h.stream, e.ID, e.Calendar)
		}
		if want := latestByHand(t.cal, e.Start, e.Limit, nil); !want.Equal(e.Latest) {
			t.wrong(11, "%s: the clock %s ends %s; counted by hand it is %s", h.stream, e.ID, e.Latest, want)
		}
	case journey.ClockPaused:
		c := l.clocks[e.Clock-1]
		listed := false
		if d, ok := t.definitions[c.Pathway.String()].Clock(c.ID); ok {
			listed = slices.ContainsFunc(d.Pauses, func(p pathway.Pause) bool { return p.Reason == e.Reason })
		}
		if !listed {
			t.wrong(12, "%s: the clock %s stood still for %q, which %s does not list", h.stream, c.ID, e.Reason, c.Pathway)
		}
		if want := latestByHand(t.cal, c.Start, c.Limit, append(slices.Clone(c.pauses), e)); !want.Equal(e.Latest) {
			t.wrong(11, "%s: paused from %s until %s, the clock %s ends %s; counted by hand it is %s", h.stream, e.From, e.Until, c.ID, e.Latest, want)
		}
	case journey.ClockCorrected:
		c := l.clocks[e.Clock-1]
		if at := l.milestones[c.From]; !at.Equal(e.Start) {
			t.wrong(14, "%s: the clock %s was moved to %s, its milestone %s is %s", h.stream, c.ID, e.Start, c.From, at)
		}
		if want := latestByHand(t.cal, e.Start, c.Limit, c.pauses); !want.Equal(e.Latest) {
			t.wrong(11, "%s: corrected, the clock %s ends %s; counted by hand it is %s", h.stream, c.ID, e.Latest, want)
		}
	case journey.MilestoneReached:
		if at, reached := l.milestones[e.ID]; reached && (e.Source != "corrected" || !text) {
			t.wrong(14, "%s: the milestone %s was dated again from %s to %s without a word", h.stream, e.ID, at, e.At)
		}
		if e.ID == "referral-answered" && l.origin != journey.Imported && e.Source != "corrected" && !a.has(func(x care.Event) bool { _, ok := x.(journey.Answered); return ok }) {
			t.wrong(19, "%s: the referral counts as answered and nobody answered it", h.stream)
		}
	case journey.OfferDeclined:
		if !text {
			t.wrong(21, "%s: offer %d was declined without a reason", h.stream, e.Offer)
		}
	case journey.WordsGiven:
		speaker := care.Party{Kind: care.PartyUnit, Post: r.Post}
		switch {
		case r.For != nil:
			speaker = r.For.Of
		case r.Actor.Kind == care.Patient:
			speaker = care.Party{Kind: care.PartyPatient}
		}
		if e.From != speaker {
			t.wrong(26, "%s: what %s said stands as the words of %s", h.stream, partyText(speaker), partyText(e.From))
		}
	case journey.ContactOwed:
		if e.Clock < 1 || e.Clock > len(l.clocks) || !l.clocks[e.Clock-1].late {
			t.wrong(39, "%s: a contact is owed for a limit that has not passed", h.stream)
		}
	}
}

// needKey names a need, so that its refusals can be counted.
func needKey(o journey.Offered) string {
	if o.Kind == journey.OfIntervention {
		return id("intervention", o.Intervention)
	}
	return string(o.Kind)
}

// checkAct holds what the events of one act must be together.
func (t *trial) checkAct(h *history, a eventsOfAct, was journey.Status, before care.Post, live map[int]bool, kept map[string]entry) {
	l := h.ledger
	_, dead := t.dead[l.person]
	telling := func(to care.Party, about string) bool {
		return slices.ContainsFunc(l.tellings, func(x journey.TellingOwed) bool { return x.To == to && x.About == about })
	}
	told := func(invariant int, about string) {
		if patient := (care.Party{Kind: care.PartyPatient}); !dead && !telling(patient, about) {
			t.wrong(invariant, "%s: the patient is never told that it was %s", h.stream, about)
		}
		if k := l.sender.Kind; (k == care.PartyUnit || k == care.PartyOther) && !telling(l.sender, about) {
			t.wrong(invariant, "%s: the sender is never told that it was %s", h.stream, about)
		}
	}
	for _, r := range a.records {
		switch e := r.Event.(type) {
		case journey.Opened:
			if e.Origin != journey.Imported {
				told(19, "received")
			}
		case journey.Answered:
			told(18, "answered")
			next := slices.ContainsFunc(sorted(l.open), func(k string) bool { return slices.Contains(leading, l.open[k].kind) })
			if !next || l.responsible.Unit == "" {
				t.wrong(18, "%s was answered (%s) and nothing comes next", h.stream, e.Answer)
			}
			if e.Answer == pathway.Advise && l.responsible.Unit != r.Post.Unit && r.For == nil {
				t.wrong(18, "%s: advice was given and its author does not own it", h.stream)
			}
		case journey.Ended:
			told(18, "ended")
			if e.CarriesOn.Kind == "" && h.events[r.Version-1].Sealed == nil {
				t.wrong(18, "%s ended; nobody carries on and nobody says why", h.stream)
			}
			if r.Actor.Kind != care.Professional {
				t.wrong(15, "%s was ended by %s", h.stream, r.Actor.Kind)
			}
		case journey.StepMissed:
			if !l.steps[e.Step-1].live && l.status == journey.Running && !a.has(func(x care.Event) bool { _, ok := x.(journey.StepDropped); return ok }) {
				t.wrong(15, "%s: the step %s was missed and is gone", h.stream, l.steps[e.Step-1].ID)
			}
		case journey.OfferAccepted:
			h.refused[needKey(l.offers[e.Offer-1].Offered)] = 0
		case journey.OfferDeclined:
			h.refused[needKey(l.offers[e.Offer-1].Offered)]++
			t.checkBack(h, a, l.offers[e.Offer-1].Offered, 21)
		case journey.OfferLapsed:
			t.checkBack(h, a, l.offers[e.Offer-1].Offered, 3)
		case journey.Reopened:
			t.checkReopened(h, e, before, kept)
		case journey.WordsGiven:
			read := func(x care.Event) bool {
				d, needed := x.(journey.DecisionNeeded)
				o, owed := x.(journey.TellingOwed)
				return needed && d.About == "words-to-read" || owed && o.About == "words-to-read"
			}
			if spoken := e.Kind != "too-ill" && e.From.Kind != care.PartyUnit; spoken && !a.has(read) {
				t.wrong(22, "%s: what %s said (%s) is on nobody's list", h.stream, partyText(e.From), e.Kind)
			}
		}
	}
	for _, s := range l.steps {
		if live[s.Step] && !s.live && was == journey.Running && a.records[0].Actor.Kind == care.System {
			t.wrong(15, "%s: the step %s ended and nobody ended it", h.stream, s.ID)
		}
	}
}

// checkBack holds that what was offered and not taken is back with its giver, or
// after two refusals with a named person.
func (t *trial) checkBack(h *history, a eventsOfAct, o journey.Offered, invariant int) {
	if h.ledger.carried(o.Offer) {
		return
	}
	var back *journey.DecisionNeeded
	for _, r := range a.records {
		if d, ok := r.Event.(journey.DecisionNeeded); ok && d.Offer == o.Offer {
			back = &d
		}
	}
	twice := h.refused[needKey(o)] >= 2
	switch {
	case back == nil:
		t.wrong(invariant, "%s: offer %d came back and is nobody's task", h.stream, o.Offer)
	case twice && (back.About != "refused-twice" || back.Owner.Role != care.Lead):
		t.wrong(5, "%s: offer %d was refused for the second time, and %s has it as %s", h.stream, o.Offer, back.Owner, back.About)
	case !twice && back.Owner != o.From && back.Owner.Role != care.Lead:
		t.wrong(invariant, "%s: offer %d came back to %s, its giver is %s", h.stream, o.Offer, back.Owner, o.From)
	}
	if back != nil {
		t.checkStands(invariant, h.stream, "what came back", back.Owner)
	}
}

// checkReopened holds that a journey that is open again has an owner and a next
// step at once, and that an ending taken back gives everything back.
func (t *trial) checkReopened(h *history, e journey.Reopened, before care.Post, kept map[string]entry) {
	l := h.ledger
	t.checkStands(40, h.stream, "the opened journey", e.Responsible)
	has := false
	for _, x := range l.open {
		has = has || slices.Contains(leading, x.kind) && !x.due.IsZero()
	}
	if !has {
		t.wrong(40, "%s was opened again and nothing leads on", h.stream)
	}
	if e.Why != journey.ReasonUndone {
		return
	}
	if e.Responsible != before {
		t.wrong(40, "%s: its ending was taken back and %s is responsible, no longer %s", h.stream, e.Responsible, before)
	}
	for key, x := range kept {
		if x.kind == care.OfferItem {
			continue // it was taken back; its giver offers again
		}
		if x.kind == care.DecisionItem {
			if !slices.ContainsFunc(sorted(l.open), func(k string) bool { return l.open[k].kind == x.kind && l.open[k].post == x.post }) {
				t.wrong(40, "%s: its ending was taken back and the decision %s of %s is gone", h.stream, key, x.post)
			}
			continue
		}
		if y, ok := l.open[key]; !ok || y.post != x.post {
			t.wrong(40, "%s: its ending was taken back and %s is gone", h.stream, key)
		}
	}
}

// checkPersonActs reads what is new about a person: who the first contact is,
// and that it moves only where somebody accepts.
func (t *trial) checkPersonActs(h *history) {
	key := care.PersonKey(h.stream.ID())
	offers := map[int]care.Post{}
	for _, r := range h.records[:h.checked] {
		if e, ok := r.Event.(person.ContactOffered); ok {
			offers[e.Offer] = e.To
		}
	}
	for _, a := range t.acts(h) {
		for _, r := range a.records {
			t.checkSilence(h, r)
			before := h.contact
			switch e := r.Event.(type) {
			case person.Opened:
				h.contact = e.Desk
			case person.ContactAppointed:
				h.contact = e.Post
				if e.Post.Unit != before.Unit {
					t.wrong(6, "%s: the first contact moved from %s to %s, and nobody had accepted", h.stream, before, e.Post)
				}
			case person.ContactOffered:
				offers[e.Offer] = e.To
			case person.OfferAccepted:
				h.contact = offers[e.Offer]
				speaks := r.Post.Unit
				if r.For != nil {
					speaks = r.For.Of.Post.Unit
				}
				if speaks != h.contact.Unit {
					t.wrong(6, "%s: %s took over the first contact that was offered to %s", h.stream, speaks, h.contact)
				}
			case person.ContactRefused:
				h.contact = e.Desk
				if e.Desk.Unit != before.Unit {
					t.wrong(6, "%s: refused, the first contact moved to another unit", h.stream)
				}
			case person.Died:
				t.dead[key] = r.Learned
			case person.DeathRetracted:
				delete(t.dead, key)
			}
		}
	}
}

// checkPerson holds that a person has exactly one first contact with a name
// behind it, and that their rows are what their state gives.
func (t *trial) checkPerson(h *history) {
	s := &person.State{}
	for _, r := range h.records {
		if err := person.Evolve(s, r); err != nil {
			t.wrong(36, "%s does not fold: %v", h.stream, err)
			return
		}
	}
	if s.Contact.Post != h.contact {
		t.wrong(6, "%s: the state names %s as first contact, the events %s", h.stream, s.Contact.Post, h.contact)
	}
	if !s.Contact.Named && !s.Contact.Unwanted && s.Contact.Task.About == "" {
		if _, open := s.Contact.OpenOffer(); !open {
			t.wrong(6, "%s: only a desk is the first contact, the patient wants a named one, and nobody is asked to name them", h.stream)
		}
	}
	t.checkStands(6, h.stream, "the first contact", h.contact)
	want := map[string]care.Item{}
	for _, i := range s.Items() {
		want[i.Key] = i
		t.checkStands(22, h.stream, i.Key, i.Post)
	}
	items, err := t.itemsOf(h.stream)
	if err != nil {
		t.wrong(0, "reading rows: %v", err)
	}
	for _, i := range items {
		if w, ok := want[i.Key]; !ok || w.Post != i.Post || !w.Due.Equal(i.Due) {
			t.wrong(36, "%s: the row %s is with %s by %s, the state says %s by %s", h.stream, i.Key, i.Post, i.Due, w.Post, w.Due)
		}
		delete(want, i.Key)
	}
	for key := range want {
		t.wrong(22, "%s: %s stands on no list", h.stream, key)
	}
	due, ok := person.Due(*s)
	if timer, has := t.timers[h.stream]; has != ok || has && !timer.Equal(due) {
		t.wrong(17, "%s: its timer says %s, its state %s", h.stream, timer, due)
	}
}
