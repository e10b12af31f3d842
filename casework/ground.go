package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/care/directory"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/care/questionnaire"
	"forlop/journey"
	"forlop/store"
)

// asking is one decision of access: who asks or acts, what, on which stream. It
// is made the same way for questions and commands, in one place.
type asking struct {
	s    *Service
	ctx  context.Context
	who  Who
	what string
	// command is what is to be done; nil for a question.
	command any
	now     time.Time
	dir     *directory.Directory
	// read answers a stream's state. A command's work reads it as a guard, so that
	// the append fails if it changes meanwhile.
	read func(store.Stream) (any, error)
}

// ground is the basis on which something is allowed.
type ground struct {
	basis access.Basis
	// parts are what a relative may see and do.
	parts []access.Part
	// until is when a professional's opening ends; zero for every other basis.
	until time.Time
	// item is what a guest's link is bound to.
	item Item
}

// facts are what the policy is told whatever the basis is.
func (a asking) facts() access.Ask {
	ask := access.Ask{
		Actor: a.who.Actor.Kind, Role: a.who.Post.Role, What: a.what, Level: a.who.Login.Level, Prescriber: a.who.Login.Prescriber,
		Fresh: !a.who.Login.At.IsZero() && a.now.Sub(a.who.Login.At) < access.FreshFor,
	}
	if u, ok := a.dir.Unit(a.who.Post.Unit); ok {
		ask.Regime = u.Regime
	}
	ask.On = dayUnder(ask.Regime, a.now)
	return ask
}

// dayUnder is the local date; where the matter is under no law, Norway's, whose
// clocks show the same as Sweden's.
func dayUnder(regime care.Regime, now time.Time) care.Date {
	if regime == "" {
		regime = care.Norway
	}
	return care.CalendarOf(regime).Date(now)
}

// anywhere are the bases on which a question may be asked whatever it turns out
// to be about: lists join them with the relations and the blocks, and what is
// about one stream is decided again there.
func (a asking) anywhere() ([]access.Basis, error) {
	var out []access.Basis
	var needs string
	for _, b := range a.s.policy.Bases(a.who.Actor.Kind, a.what) {
		switch {
		case b == access.Oversees && !a.oversees(), b == access.Approves && !a.holdsThemselves(care.PathwayApprover):
			continue
		}
		ask := a.facts()
		ask.Basis, ask.Parts = b, access.Parts
		switch answer := a.s.policy.Decide(ask); {
		case answer.Allowed:
			out = append(out, b)
		case answer.Needs != "":
			needs = answer.Needs
		}
	}
	if len(out) == 0 {
		return nil, denied(needs)
	}
	return out, nil
}

// denied is the answer where there is no basis: what a login lacks is said, and
// nothing else.
func denied(needs string) error {
	if needs != "" {
		return access.LoginAgain()
	}
	return access.Denied()
}

// on decides about one stream: each basis that the policy knows is tried, and the
// policy says whether it is enough with what stands between. Deny wins.
func (a asking) on(st store.Stream, state any) (ground, error) {
	p := a.person(st, state)
	ask := a.facts()
	known := a.s.policy.Bases(a.who.Actor.Kind, a.what)
	var consent *access.State
	if p != "" && !slices.Equal(known, []access.Basis{access.ByTime}) {
		read, err := a.read(store.StreamOf("consent", string(p)))
		if err != nil {
			return ground{}, err
		}
		consent = read.(*access.State)
		if regime := regimeOf(state, consent); regime != "" {
			ask.Regime = regime
			ask.On = dayUnder(regime, a.now)
		}
		if ask.Protected, err = a.protected(consent); err != nil {
			return ground{}, err
		}
		if err := a.between(&ask, consent, a.journeyOf(st, state)); err != nil {
			return ground{}, err
		}
	}
	needs := ""
	for _, b := range known {
		g, has, err := a.has(b, st, state, p, consent)
		if err == nil && has && b == access.Oversees {
			has, err = a.erases(p)
		}
		if err != nil {
			return ground{}, err
		}
		if !has {
			continue
		}
		ask.Basis, ask.Parts = b, g.parts
		switch answer := a.s.policy.Decide(ask); {
		case answer.Allowed:
			return g, nil
		case answer.Needs != "":
			needs = answer.Needs
		}
	}
	return ground{}, denied(needs)
}

// protected reports whether the address of one of the person's records is hidden.
func (a asking) protected(c *access.State) (bool, error) {
	if c.Protected() {
		return true, nil
	}
	for _, with := range c.With {
		read, err := a.read(store.StreamOf("consent", string(with)))
		if err != nil || read.(*access.State).Protected() {
			return true, err
		}
	}
	return false, nil
}

// person is whom a stream is about; for a referral that opens one, whom it will
// be about.
func (a asking) person(st store.Stream, state any) care.PersonKey {
	if p := about(st, state); p != "" {
		return p
	}
	switch c := a.command.(type) {
	case journey.Open:
		return c.Person
	case questionnaire.Ask:
		return c.Person
	case messaging.BeginThread:
		return c.Person
	}
	return seatFor(a.command)
}

// regimeOf is the law that a stream stands under.
func regimeOf(state any, consent *access.State) care.Regime {
	switch s := state.(type) {
	case *journey.State:
		return s.Regime
	case *person.State:
		return s.Regime
	case *messaging.State:
		if s.Regime != "" {
			return s.Regime
		}
	case *questionnaire.State:
		if s.Regime != "" {
			return s.Regime
		}
	case *questionnaire.SentenceState:
		if s.Regime != "" {
			return s.Regime
		}
	case *booking.State:
		if s.Regime != "" {
			return s.Regime
		}
	case *messaging.Thread:
		if s.Regime != "" {
			return s.Regime
		}
	}
	// A person under no law yet has neither block nor proxy.
	return consent.Regime
}

// between tells the policy the strongest block that stands between the actor and
// the stream, and whether something stands against it.
func (a asking) between(ask *access.Ask, c *access.State, st store.Stream) error {
	if a.who.Actor.Kind != care.Professional && a.who.Actor.Kind != care.System {
		return nil
	}
	a.betweenOf(ask, c, a.lifted(c), st)
	for _, with := range c.With {
		other, err := a.read(store.StreamOf("consent", string(with)))
		if err != nil {
			return err
		}
		a.betweenOf(ask, other.(*access.State), a.lifted(c), st)
	}
	return nil
}

// betweenOf looks at the blocks of one of the person's records.
func (a asking) betweenOf(ask *access.Ask, c *access.State, lifted []string, st store.Stream) {
	units, around := a.around()
	for _, d := range c.Denies() {
		if !holdsAt(d.From, d.Until, a.now) || d.Journey != "" && store.StreamOf("journey", d.Journey) != st {
			continue
		}
		switch {
		case d.Unit != "" && slices.Contains(around, d.Unit):
		case d.But != "" && len(units) > 0 && !slices.Contains(around, d.But):
		case d.Professional != "" && d.Professional == a.who.Actor.ID:
		default:
			continue
		}
		// One that nothing lifts outweighs every one that is lifted.
		open := slices.Contains(lifted, string(d.Strength))
		if ask.Block == "" || ask.Lifted && !open {
			ask.Block, ask.Lifted = d.Strength, open
		}
	}
}

// lifted are the strengths that hold nothing back from the actor now: they have
// opened the record, or the person has consented for one of their units.
func (a asking) lifted(c *access.State) []string {
	lifts := c.Lifts("", a.who.Actor.ID, a.now)
	units, _ := a.around()
	for _, u := range units {
		if len(lifts) > 0 {
			break
		}
		lifts = c.Lifts(u, a.who.Actor.ID, a.now)
	}
	return lifts
}

// around are the units the actor answers for, and these with all above them.
func (a asking) around() (units, around []care.UnitID) {
	scope := a.s.scope(a.who, a.now)
	return scope.Units, scope.Around()
}

func holdsAt(from, until, at time.Time) bool {
	return !at.Before(from) && (until.IsZero() || at.Before(until))
}

// has establishes whether the actor has a basis for a stream now.
func (a asking) has(b access.Basis, st store.Stream, state any, p care.PersonKey, c *access.State) (ground, bool, error) {
	g := ground{basis: b}
	id := a.who.Actor.ID
	switch b {
	case access.Own:
		if p == "" || p != care.PersonKey(id) && (c == nil || !slices.Contains(c.With, care.PersonKey(id))) {
			return g, false, nil
		}
		may, err := a.ofAge(p, state, c)
		return g, may, err
	case access.Guardian, access.Proxy:
		if c == nil || p != a.who.Represents {
			return g, false, nil
		}
		basis, parts, ok := c.Acts(care.PersonKey(id), a.now)
		g.parts = parts
		return g, ok && basis == b, nil
	case access.TakesPart:
		has, err := a.takesPart(st, state, p)
		return g, has, err
	case access.BreakGlass:
		if c == nil {
			return g, false, nil
		}
		n, open := c.Opening(id, a.now)
		if open {
			g.until = c.Openings[n-1].Ends
		}
		return g, open, nil
	case access.Linked, access.Shared:
		item, open, err := a.s.hasLink(a.ctx, a.who.Actor, st, state, a.now)
		g.item = item
		fits := (item.Kind == PageItem) == (b == access.Shared) && (a.command == nil || item.answers(a.command))
		return g, open && fits, err
	case access.Oversees:
		return g, a.judgesIt(state), nil
	case access.Approves:
		return g, a.holdsThemselves(care.PathwayApprover), nil
	case access.AtWork, access.ByTime, access.Anyone:
		return g, true, nil
	}
	return g, false, fmt.Errorf("casework: nobody knows who has the basis %q", b)
}

// ofAge reports whether a patient is old enough for their own login here, and, to
// read, for their own record. Their date of birth lies in the vault.
func (a asking) ofAge(p care.PersonKey, state any, c *access.State) (bool, error) {
	if a.who.Actor.Kind != care.Patient {
		return true, nil
	}
	regime := regimeOf(state, c)
	if regime == "" {
		return true, nil
	}
	i, err := a.s.identity(a.ctx, string(p))
	if err != nil {
		return false, err
	}
	own := access.OwnLogin(i.Born, regime, a.now)
	return own.May && (!own.Consent || c.Login) && (a.command != nil || own.Record), nil
}

// holdsThemselves reports whether the actor acts from a post of a role that they
// fill themselves: nobody answers for it in their stead.
func (a asking) holdsThemselves(role care.Role) bool {
	return a.who.Post.Role == role && slices.Contains(a.dir.Holders(a.who.Post, a.now), a.who.Actor.ID)
}

// takesPart reports whether one of the actor's units takes part in a journey, is
// the person's first contact, or, for what is the person's, takes part in any of
// their journeys. Each stream that says so is read, so that a command guards it.
func (a asking) takesPart(st store.Stream, state any, p care.PersonKey) (bool, error) {
	if p == "" {
		return false, nil
	}
	units, _ := a.around()
	if len(units) == 0 {
		return false, nil
	}
	among := func(u care.UnitID) bool { return slices.Contains(units, u) }
	if s, is := state.(*booking.SlotState); is && a.holdsSeatOf(s, p) && among(s.Unit) {
		return true, nil
	}
	if f, is := state.(*questionnaire.State); is {
		return a.takesPartInForm(f, p, among)
	}
	if t, is := state.(*messaging.Thread); is && a.journeyOf(st, t) != st {
		return a.takesPartInThread(t, p, among)
	}
	if j, is := state.(*journey.State); is && slices.ContainsFunc(takingPart(j), among) {
		return true, nil
	}
	read, err := a.read(store.StreamOf("person", string(p)))
	if err != nil {
		return false, err
	}
	who := read.(*person.State)
	if slices.ContainsFunc(contacts(who), among) {
		return true, nil
	}
	// Whose task is about the person's consents must be able to read what for.
	read, err = a.read(store.StreamOf("consent", string(p)))
	if err != nil {
		return false, err
	}
	for _, i := range read.(*access.State).Items() {
		if itemBasis(i.Post) == access.TakesPart && among(i.Post.Unit) {
			return true, nil
		}
	}
	rows, err := a.s.store.Relations(a.ctx, p)
	if err != nil {
		return false, err
	}
	if has, err := a.owesForm(rows, among); err != nil || has {
		return has, err
	}
	if _, is := state.(*journey.State); is {
		return false, nil
	}
	for _, r := range rows {
		if r.Stream.Kind() != "journey" || r.Basis != string(access.TakesPart) || !among(r.Unit) || !holdsAt(r.From, r.Until, a.now) {
			continue
		}
		read, err := a.read(r.Stream)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(takingPart(read.(*journey.State)), among) {
			return true, nil
		}
	}
	return false, nil
}

// contacts are the units that are the person's first contact across all journeys
// (L2), or hold something open about them: who shall answer must be able to read
// what for.
func contacts(p *person.State) []care.UnitID {
	units := []care.UnitID{p.Contact.Post.Unit}
	for _, i := range p.Items() {
		units = append(units, i.Post.Unit)
	}
	return units
}
