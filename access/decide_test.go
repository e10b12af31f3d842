package access

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"forlop/care"
)

var (
	start = time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC) // a Monday
	today = on("2026-03-02")

	coordinator = care.Post{Unit: "clinic", Role: "coordinator"}
	wardNurse   = care.Post{Unit: "ward", Role: "nurse"}

	self       = care.Act{Actor: care.Actor{Kind: care.Patient, ID: "p1"}}
	bo         = care.Act{Actor: care.Actor{Kind: care.Professional, ID: "bo", Unit: "clinic"}, Post: coordinator}
	eva        = care.Act{Actor: care.Actor{Kind: care.Professional, ID: "eva", Unit: "town"}, Post: care.Post{Unit: "town", Role: care.PrivacyOfficer}}
	service    = care.Act{Actor: care.Service}
	guest      = care.Act{Actor: care.Actor{Kind: care.Guest, ID: "link"}}
	byPhone    = forWhom(care.PartyPatient)
	byRelative = forWhom(care.PartyRelative)
)

func forWhom(who care.PartyKind) care.Act {
	act := bo
	act.For = &care.OnBehalf{Of: care.Party{Kind: who}, How: care.ByPhone}
	return act
}

// relative is an act of a relative, under their own key.
func relative(key string) care.Act {
	return care.Act{Actor: care.Actor{Kind: care.Relative, ID: key}}
}

func on(s string) care.Date {
	d, err := care.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// others are the relatives there are.
var others = map[care.PersonKey]Other{
	"r1": {Born: on("1990-01-01")}, "r2": {Born: on("1985-06-30")}, "young": {Born: on("2008-03-03")},
	"hidden": {Born: on("1990-01-01"), Protected: true}, "dead": {Born: on("1990-01-01"), Dead: true}, "unborn": {},
}

// consents are one person's, made by commands alone.
type consents struct {
	s      State
	stored State // folded from the bytes of the events
	now    time.Time
	made   []care.Made
	known  Known
}

func newConsents() *consents {
	above := map[care.UnitID]care.UnitID{"ward": "clinic", "clinic": "trust"}
	under := func(unit, over care.UnitID) bool {
		for ; unit != ""; unit = above[unit] {
			if unit == over {
				return true
			}
		}
		return false
	}
	return &consents{now: start, known: Known{
		Person: "p1", Regime: care.Norway, Born: on("1980-05-17"), Contact: coordinator,
		Journeys: []JourneyKnown{{"journey/1", "clinic"}, {"journey/2", "town"}},
		UnitExists: func(u care.UnitID) bool {
			return slices.Contains([]care.UnitID{"ward", "clinic", "trust", "town", "elsewhere"}, u)
		},
		Under: under,
		Provider: func(u care.UnitID) care.UnitID {
			if under(u, "trust") {
				return "trust"
			}
			return u
		},
	}}
}

// about finds the relative a command is about.
func (p *consents) about(c Command) Other {
	n := 0
	switch c := c.(type) {
	case OfferProxy:
		return others[c.To]
	case RecordProxy:
		return others[c.To]
	case RecordGuardian:
		return others[c.Guardian]
	case AcceptProxy:
		n = c.Proxy
	case RenewProxy:
		n = c.Proxy
	}
	if n < 1 || n > len(p.s.Proxies) {
		return Other{}
	}
	return others[p.s.Proxies[n-1].To]
}

func (p *consents) do(c Command, act care.Act) error {
	act.At = p.now
	k := p.known
	k.Other = p.about(c)
	if b, ok := c.(Block); ok && b.Against.Professional == "bo" {
		k.SoleHolder = []care.Post{wardNurse, coordinator}
	}
	made, err := Decide(p.s, c, act, k)
	if err != nil {
		return err
	}
	p.made = made
	for _, m := range made {
		body, err := care.Encode(m.Event)
		if err != nil {
			return err
		}
		read, err := Events.Decode(m.Event.Type(), body)
		if err != nil {
			return err
		}
		for s, e := range map[*State]care.Event{&p.s: m.Event, &p.stored: read} {
			r := care.Recorded{Version: s.Version + 1, Event: e, Happened: act.When(), Learned: act.At, Actor: act.Actor, Post: act.Post, For: act.For}
			if err := Evolve(s, r); err != nil {
				return fmt.Errorf("a decision made an event that does not fold: %w", err)
			}
		}
	}
	return nil
}

// sleep lets time do the next thing.
func (p *consents) sleep() error {
	due, ok := Due(p.s)
	if !ok {
		return fmt.Errorf("time has nothing to do")
	}
	p.now = care.Later(p.now, due)
	return p.do(Wake{}, service)
}

// step is a command by somebody.
type step struct {
	c   Command
	act care.Act
}

func after(steps ...step) func(*consents) error {
	return func(p *consents) error {
		for _, s := range steps {
			if err := p.do(s.c, s.act); err != nil {
				return fmt.Errorf("%s: %w", s.c.Name(), err)
			}
		}
		return nil
	}
}

// born makes the person a child of a country before the steps.
func born(regime care.Regime, date string, steps ...step) func(*consents) error {
	return func(p *consents) error {
		p.known.Regime, p.known.Born = regime, care.Date{}
		if date != "" {
			p.known.Born = on(date)
		}
		return after(steps...)(p)
	}
}

func sweden(steps ...step) func(*consents) error { return born(care.Sweden, "1980-05-17", steps...) }

var (
	tooLong  = strings.Repeat("x", 1<<20)
	allParts = []Part{Plan, Messages, Acts}

	shutBo    = Block{Against: Against{Professional: "bo"}, Strength: Shut, Words: "hemmelig"}
	closeTown = Block{Against: Against{Unit: "elsewhere"}, Strength: Closed}
	offer     = OfferProxy{To: "r1", Parts: allParts}
	record    = RecordProxy{To: "r1", Parts: allParts}
	guardian  = RecordGuardian{Guardian: "r1", Source: FromRegister}
	open      = OpenRecord{Why: Emergency, Words: "hemmelig"}
	consent   = GiveConsent{"clinic", today}
	item      = SharedItem{Key: "step/1", Title: "hemmelig", Text: "hemmelig"}
	page      = SharePage{Receiver{Welfare, "Nav Nordre"}, []SharedItem{item}, today}
	erase     = ProposeErasure{ByController, "2026/17"}
	protect   = ProtectAddress{Kind: Strict}

	offered  = step{offer, self}
	recorded = step{record, byPhone}
	custody  = step{guardian, service}
	opened   = step{open, eva}
	died     = step{EndAll{}, service}
)

// manyItems is one item too many.
func manyItems() []SharedItem {
	var all []SharedItem
	for n := range mostItems + 1 {
		all = append(all, SharedItem{Key: fmt.Sprintf("step/%d", n), Title: "x", Text: "x"})
	}
	return all
}

// refusals has one case for every refusal code of the consent stream, by name.
var refusals = []struct {
	code, field string
	before      func(*consents) error
	act         care.Act
	command     Command
}{
	{code: "happened-in-future", field: "happened", act: care.Act{Actor: self.Actor, Happened: start.Add(time.Hour)}, command: closeTown},
	{code: "erased", act: self, command: closeTown, before: after(step{erase, bo}, step{ApproveErasure{}, eva})},
	{code: "erased", act: eva, command: ReleaseHold{"x"}, before: after(step{erase, bo}, step{ApproveErasure{}, eva})},
	{code: "person-died", act: self, command: closeTown, before: after(died)},
	{code: "person-died", act: eva, command: open, before: after(died)},
	{code: "person-died", act: relative("r1"), command: AcceptProxy{1}, before: after(offered, died)},

	// Whose will it is.
	{code: "own-will", act: bo, command: closeTown},
	{code: "own-will", act: relative("r1"), command: closeTown, before: after(recorded)},
	{code: "own-will", act: guest, command: closeTown},
	{code: "own-will", act: service, command: closeTown},
	{code: "own-will", act: byRelative, command: closeTown, before: after(recorded)},
	{code: "own-will", act: relative("r1"), command: LiftBlock{1}, before: after(recorded, step{closeTown, self})},
	{code: "own-will", act: relative("r1"), command: OfferProxy{To: "r2", Parts: allParts}, before: after(recorded)},
	{code: "own-will", act: relative("r1"), command: RenewProxy{Proxy: 1}, before: after(recorded)},
	{code: "own-will", act: relative("r2"), command: RevokeProxy{1}, before: after(recorded)},
	{code: "own-will", act: bo, command: LimitProxy{1, []Part{Plan}}, before: after(recorded)},
	{code: "own-will", act: relative("r1"), command: DirectNotices{"r1"}, before: after(recorded)},
	{code: "own-will", act: relative("r1"), command: consent, before: after(recorded)},
	{code: "own-will", act: bo, command: WithdrawConsent{1}, before: after(step{consent, self})},
	{code: "own-will", act: relative("r1"), command: page, before: after(recorded)},
	{code: "own-will", act: bo, command: WithdrawPage{1}, before: after(step{page, self})},
	{code: "own-will", act: relative("r1"), command: closeTown, before: born(care.Norway, "2013-03-02", custody)}, // limited
	{code: "own-will", act: relative("r1"), command: LiftBlock{1}, before: born(care.Sweden, "2016-01-01", custody, step{Block{Against: Against{Unit: "elsewhere"}, Strength: Inner}, self})},
	{code: "by-professional", act: self, command: HoldRecord{"x"}},
	{code: "by-professional", act: byPhone, command: open},
	{code: "by-professional", act: relative("r1"), command: open},
	{code: "by-professional", act: service, command: BlockGuardian{1, "x"}, before: born(care.Norway, "2016-01-01", custody)},
	{code: "by-professional", act: relative("r1"), command: UnblockGuardian{1, "x"}, before: born(care.Norway, "2016-01-01", custody)},
	{code: "by-professional", act: relative("r1"), command: guardian, before: born(care.Norway, "2016-01-01")},
	{code: "by-professional", act: relative("r1"), command: EndGuardian{1, "x"}, before: born(care.Norway, "2016-01-01", custody)},
	{code: "by-professional", act: self, command: protect},
	{code: "by-professional", act: self, command: EndAll{}},
	{code: "by-professional", act: self, command: UnprotectAddress{}, before: after(step{protect, service})},
	{code: "by-professional", act: guest, command: Reattest{}, before: after(recorded)},
	{code: "by-professional", act: guest, command: RestoreProxies{}, before: after(recorded)},
	{code: "by-professional", act: self, command: EndFor{"r1", ByDeath}, before: after(recorded)},
	{code: "by-professional", act: self, command: DelayNotices{today, "x"}},
	{code: "by-professional", act: self, command: EndDelay{}},
	{code: "by-professional", act: self, command: ReviewOpening{1, Justified, "x"}, before: after(opened)},
	{code: "by-professional", act: self, command: erase},
	{code: "by-professional", act: service, command: ApproveErasure{}, before: after(step{erase, bo})},
	{code: "by-professional", act: service, command: WithdrawErasure{}, before: after(step{erase, bo})},
	{code: "by-professional", act: self, command: ReleaseHold{"x"}, before: after(step{HoldRecord{"x"}, bo})},
	{code: "by-professional", act: relative("r1"), command: Settle{Item: "message/1"}, before: after(step{WriteToCoordinator{"x"}, relative("r1")})},
	{code: "by-professional", act: self, command: Settle{Item: "message/1"}, before: after(step{WriteToCoordinator{"x"}, relative("r1")})},

	// Nothing changes.
	{code: "nothing-changes", act: self, command: closeTown, before: after(step{closeTown, self})},
	{code: "nothing-changes", act: self, command: LiftBlock{1}, before: after(step{closeTown, self}, step{LiftBlock{1}, self})},
	{code: "nothing-changes", act: self, command: LimitProxy{1, allParts}, before: after(recorded)},
	{code: "nothing-changes", act: self, command: RevokeProxy{1}, before: after(recorded, step{RevokeProxy{1}, self})},
	{code: "nothing-changes", act: bo, command: Reattest{}, before: after(offered)},
	{code: "nothing-changes", act: bo, command: RestoreProxies{}, before: after(recorded)},
	{code: "nothing-changes", act: bo, command: EndFor{"r2", ByDeath}, before: after(recorded)},
	{code: "nothing-changes", act: bo, command: guardian, before: born(care.Norway, "2016-01-01", custody, step{BlockGuardian{1, "x"}, bo})},
	{code: "nothing-changes", act: bo, command: EndGuardian{1, "x"}, before: born(care.Norway, "2016-01-01", custody, step{EndGuardian{1, "x"}, bo})},
	{code: "nothing-changes", act: bo, command: BlockGuardian{1, "x"}, before: born(care.Norway, "2016-01-01", custody, step{BlockGuardian{1, "x"}, bo})},
	{code: "nothing-changes", act: bo, command: UnblockGuardian{1, "x"}, before: born(care.Norway, "2016-01-01", custody)},
	{code: "nothing-changes", act: relative("r1"), command: AllowLogin{}, before: born(care.Sweden, "2016-01-01", custody)},
	{code: "nothing-changes", act: relative("r1"), command: StopLogin{}, before: born(care.Norway, "2016-01-01", custody)},
	{code: "nothing-changes", act: self, command: DirectNotices{}},
	{code: "nothing-changes", act: eva, command: CloseOpening{1}, before: after(opened, step{CloseOpening{1}, eva})},
	{code: "nothing-changes", act: bo, command: ReviewOpening{1, Justified, "x"}, before: after(opened, step{ReviewOpening{1, Justified, "x"}, bo})},
	{code: "nothing-changes", act: bo, command: DelayNotices{today, "x"}, before: after(step{DelayNotices{today, "x"}, bo})},
	{code: "nothing-changes", act: bo, command: EndDelay{}},
	{code: "nothing-changes", act: self, command: consent, before: after(step{consent, self})},
	{code: "nothing-changes", act: self, command: WithdrawConsent{1}, before: after(step{consent, self}, step{WithdrawConsent{1}, self})},
	{code: "nothing-changes", act: self, command: WithdrawPage{1}, before: after(step{page, self}, step{WithdrawPage{1}, self})},
	{code: "nothing-changes", act: bo, command: protect, before: after(step{protect, service})},
	{code: "nothing-changes", act: bo, command: UnprotectAddress{}},
	{code: "nothing-changes", act: bo, command: HoldRecord{"x"}, before: after(step{HoldRecord{"x"}, bo})},
	{code: "nothing-changes", act: bo, command: ReleaseHold{"x"}},
	{code: "nothing-changes", act: eva, command: erase, before: after(step{erase, bo})},
	{code: "nothing-changes", act: bo, command: EndAll{}, before: after(died)},
	{code: "nothing-changes", act: bo, command: Reopen{}},

	// Seen something older.
	{code: "changed-meanwhile", act: seen(self, 1), command: LiftBlock{1}, before: after(step{closeTown, self})},
	{code: "changed-meanwhile", act: seen(self, 1), command: RenewProxy{Proxy: 1}, before: after(recorded)},
	{code: "changed-meanwhile", act: seen(self, 1), command: LimitProxy{1, []Part{Plan}}, before: after(recorded)},
	{code: "changed-meanwhile", act: seen(eva, 1), command: ApproveErasure{}, before: after(step{erase, bo})},
	{code: "changed-meanwhile", act: seen(bo, 1), command: Settle{Item: "message/1"}, before: after(step{WriteToCoordinator{"x"}, relative("r1")})},

	// Words.
	{code: "words-needed", field: "words", act: eva, command: OpenRecord{Why: Emergency, Words: " \n"}},
	{code: "words-needed", field: "words", act: bo, command: RecordProxy{To: "r1", Parts: allParts, CannotConsent: true}},
	{code: "words-needed", field: "words", act: relative("r1"), command: WriteToCoordinator{}},
	{code: "words-needed", field: "words", act: bo, command: ReviewOpening{1, Justified, ""}, before: after(opened)},
	{code: "words-needed", field: "words", act: bo, command: HoldRecord{}},
	{code: "words-needed", field: "words", act: bo, command: DelayNotices{today, ""}},
	{code: "words-needed", field: "words", act: bo, command: BlockGuardian{1, ""}, before: born(care.Norway, "2016-01-01", custody)},
	{code: "words-needed", field: "why", act: bo, command: EndGuardian{1, ""}, before: born(care.Norway, "2016-01-01", custody)},
	{code: "words-needed", field: "items", act: self, command: SharePage{page.To, []SharedItem{{Key: "step/1", Title: "x"}}, today}},
	{code: "words-needed", field: "items", act: self, command: SharePage{page.To, []SharedItem{{Key: "step/1", Text: "x"}}, today}},
	{code: "text-long", field: "words", act: self, command: Block{closeTown.Against, "", Closed, tooLong}},
	{code: "text-long", field: "words", act: bo, command: Settle{"message/1", tooLong}, before: after(step{WriteToCoordinator{"x"}, relative("r1")})},
	{code: "text-broken", field: "words", act: eva, command: OpenRecord{Why: Emergency, Words: "\xff"}},
	{code: "text-broken", field: "to", act: self, command: SharePage{Receiver{Welfare, "\xff"}, page.Items, today}},
	{code: "text-broken", field: "reference", act: bo, command: ProposeErasure{ByController, "\xff"}},

	// Blocks.
	{code: "block-against", field: "against", act: self, command: Block{Strength: Closed}},
	{code: "block-against", field: "against", act: self, command: Block{Against: Against{Unit: "town", Professional: "bo"}, Strength: Closed}},
	{code: "block-strength", field: "strength", act: self, command: Block{Against: closeTown.Against, Strength: Inner}},
	{code: "block-strength", field: "strength", act: self, command: Block{Against: closeTown.Against, Strength: Closed}, before: sweden()},
	{code: "block-strength", field: "strength", act: self, command: Block{Against: closeTown.Against}},
	{code: "block-shut-named", field: "strength", act: self, command: Block{Against: closeTown.Against, Strength: Shut}},
	{code: "block-units", field: "against", act: self, command: Block{Against: Against{Professional: "bo"}, Strength: Outer}, before: sweden()},
	{code: "block-responsible", field: "against", act: self, command: Block{Against: Against{Unit: "clinic"}, Strength: Closed}},
	{code: "block-responsible", field: "against", act: self, command: Block{Against: Against{Unit: "trust"}, Strength: Closed}}, // above it
	{code: "block-responsible", field: "against", act: self, command: Block{Against: Against{But: "ward"}, Strength: Closed}},
	{code: "block-responsible", field: "against", act: self, command: Block{Against: Against{Unit: "town"}, Journey: "journey/2", Strength: Closed}},
	{code: "block-unknown", field: "block", act: self, command: LiftBlock{1}},
	{code: "guardian-no-block", act: relative("r1"), command: Block{Against: closeTown.Against, Strength: Inner}, before: born(care.Sweden, "2016-01-01", custody)},
	{code: "guardian-no-block", act: byRelative, command: Block{Against: closeTown.Against, Strength: Inner}, before: born(care.Sweden, "2016-01-01", custody)},
	{code: "unit-unknown", field: "against", act: self, command: Block{Against: Against{Unit: "gone"}, Strength: Closed}},
	{code: "unit-unknown", field: "against", act: self, command: Block{Against: Against{But: "gone"}, Strength: Closed}},
	{code: "unit-unknown", field: "unit", act: self, command: GiveConsent{"gone", today}},
	{code: "professional-unknown", field: "against", act: self, command: Block{Against: Against{Professional: tooLong}, Strength: Closed}},
	{code: "journey-unknown", field: "journey", act: self, command: Block{Against: closeTown.Against, Journey: "journey/9", Strength: Closed}},

	// Proxies.
	{code: "proxy-other", field: "to", act: self, command: OfferProxy{To: "p1", Parts: allParts}},
	{code: "proxy-other", field: "guardian", act: bo, command: RecordGuardian{Source: FromCourt}},
	{code: "proxy-not-possible", field: "to", act: self, command: OfferProxy{To: "hidden", Parts: allParts}},
	{code: "proxy-not-possible", field: "to", act: self, command: OfferProxy{To: "dead", Parts: allParts}},
	{code: "proxy-not-possible", field: "to", act: self, command: offer, before: after(step{protect, service})},
	{code: "proxy-not-possible", field: "to", act: byPhone, command: record, before: after(step{protect, service})},
	{code: "proxy-not-possible", field: "guardian", act: bo, command: RecordGuardian{Guardian: "hidden", Source: FromCourt}, before: born(care.Norway, "2016-01-01")},
	{code: "proxy-nearest", field: "cannotConsent", act: bo, command: RecordProxy{To: "r1", Parts: allParts, CannotConsent: true, Words: "x"}, before: sweden()},
	{code: "born-needed", act: self, command: offer, before: born(care.Norway, "")},
	{code: "born-needed", field: "to", act: self, command: OfferProxy{To: "unborn", Parts: allParts}},
	{code: "born-needed", act: bo, command: guardian, before: born(care.Norway, "")},
	{code: "proxy-giver-young", act: self, command: offer, before: born(care.Norway, "2010-03-03")},
	{code: "proxy-giver-young", act: self, command: offer, before: born(care.Sweden, "2008-03-03")},
	{code: "proxy-giver-young", act: bo, command: RecordProxy{To: "r1", Parts: allParts, CannotConsent: true, Words: "x"}, before: born(care.Norway, "2014-03-03")},
	{code: "proxy-receiver-young", field: "to", act: self, command: OfferProxy{To: "young", Parts: allParts}},
	{code: "contact-needed", act: self, command: offer, before: func(p *consents) error { p.known.Contact = care.Post{}; return nil }},
	{code: "part-unknown", field: "parts", act: self, command: OfferProxy{To: "r1", Parts: []Part{"all"}}},
	{code: "parts-needed", field: "parts", act: self, command: OfferProxy{To: "r1"}},
	{code: "proxy-offered", field: "to", act: self, command: offer, before: after(offered)},
	{code: "proxy-unknown", field: "proxy", act: relative("r1"), command: AcceptProxy{1}},
	{code: "proxy-unknown", field: "proxy", act: relative("r1"), command: DeclineProxy{1}},
	{code: "proxy-unknown", field: "proxy", act: self, command: LimitProxy{1, allParts}},
	{code: "proxy-unknown", field: "proxy", act: self, command: RenewProxy{Proxy: 0}},
	{code: "proxy-unknown", field: "proxy", act: self, command: RevokeProxy{2}, before: after(recorded)},
	{code: "proxy-not-yours", field: "proxy", act: relative("r2"), command: AcceptProxy{1}, before: after(offered)},
	{code: "proxy-not-yours", field: "proxy", act: self, command: AcceptProxy{1}, before: after(offered)},
	{code: "proxy-not-yours", field: "proxy", act: byPhone, command: AcceptProxy{1}, before: after(offered)},
	{code: "proxy-not-yours", field: "proxy", act: relative("r2"), command: DeclineProxy{1}, before: after(offered)},
	{code: "proxy-closed", field: "proxy", act: relative("r1"), command: AcceptProxy{1}, before: after(offered, step{DeclineProxy{1}, relative("r1")})},
	{code: "proxy-closed", field: "proxy", act: relative("r1"), command: DeclineProxy{1}, before: after(offered, step{AcceptProxy{1}, relative("r1")})},
	{code: "proxy-closed", field: "proxy", act: self, command: LimitProxy{1, []Part{Plan}}, before: after(offered)},
	{code: "proxy-closed", field: "proxy", act: self, command: RenewProxy{Proxy: 1}, before: after(offered)},
	{code: "proxy-wider", field: "parts", act: self, command: LimitProxy{1, []Part{Plan, Looks}}, before: after(recorded)},
	{code: "proxy-by-phone", act: bo, command: record},
	{code: "proxy-by-phone", act: self, command: record},
	{code: "proxy-by-phone", act: relative("r1"), command: record},
	{code: "end-reason", field: "why", act: bo, command: EndFor{"r1", ByPatient}, before: after(recorded)},
	{code: "until-late", field: "until", act: self, command: OfferProxy{To: "r1", Parts: allParts, Until: on("2028-03-03")}},
	{code: "until-late", field: "until", act: self, command: RenewProxy{1, on("2028-03-03")}, before: after(recorded)},
	{code: "until-late", field: "until", act: self, command: GiveConsent{"clinic", on("2027-03-03")}},
	{code: "until-late", field: "until", act: self, command: SharePage{page.To, page.Items, on("2026-06-01")}},
	{code: "until-late", field: "until", act: bo, command: DelayNotices{on("2026-06-01"), "x"}},
	{code: "date-past", field: "until", act: self, command: OfferProxy{To: "r1", Parts: allParts, Until: on("2026-03-01")}},
	{code: "date-past", field: "until", act: self, command: GiveConsent{"clinic", on("2026-03-01")}},
	{code: "date-needed", field: "until", act: self, command: GiveConsent{Unit: "clinic"}},
	{code: "date-needed", field: "until", act: self, command: SharePage{To: page.To, Items: page.Items}},
	{code: "notices-no-proxy", field: "to", act: self, command: DirectNotices{"r1"}},
	{code: "notices-no-proxy", field: "to", act: self, command: DirectNotices{"r1"}, before: after(offered)},
	{code: "notices-no-proxy", field: "to", act: self, command: DirectNotices{"r1"}, before: after(recorded, step{LimitProxy{1, []Part{Plan}}, self})},
	{code: "write-relative", act: self, command: WriteToCoordinator{"x"}},
	{code: "write-relative", act: guest, command: WriteToCoordinator{"x"}},
	{code: "settle-unknown", field: "item", act: bo, command: Settle{Item: "message/1"}},
	{code: "settle-unknown", field: "item", act: bo, command: Settle{Item: "review/1"}, before: after(opened)},

	// Guardians.
	{code: "guardian-source", field: "source", act: bo, command: RecordGuardian{Guardian: "r1"}, before: born(care.Norway, "2016-01-01")},
	{code: "guardian-age", act: bo, command: guardian},
	{code: "guardian-age", act: bo, command: guardian, before: born(care.Norway, "2010-03-02")}, // 16 today
	{code: "guardian-age", act: bo, command: guardian, before: born(care.Sweden, "2013-03-02")}, // 13 today
	{code: "guardian-unknown", field: "guardian", act: bo, command: EndGuardian{1, "x"}},
	{code: "guardian-unknown", field: "guardian", act: bo, command: BlockGuardian{1, "x"}},
	{code: "guardian-unknown", field: "guardian", act: bo, command: UnblockGuardian{1, "x"}},
	{code: "guardian-needed", act: self, command: AllowLogin{}, before: born(care.Norway, "2012-03-02", custody)},
	{code: "guardian-needed", act: relative("r2"), command: AllowLogin{}, before: born(care.Norway, "2012-03-02", custody)},
	{code: "guardian-needed", act: relative("r1"), command: AllowLogin{}, before: born(care.Norway, "2012-03-02", custody, step{BlockGuardian{1, "x"}, bo})},
	{code: "guardian-needed", act: relative("r2"), command: StopLogin{}, before: born(care.Norway, "2012-03-02", custody, step{AllowLogin{}, relative("r1")})},

	// Openings.
	{code: "opening-reason", field: "why", act: eva, command: OpenRecord{Why: "curious", Words: "x"}},
	{code: "opening-hours", field: "hours", act: eva, command: OpenRecord{Emergency, "x", 5}},
	{code: "opening-hours", field: "hours", act: eva, command: OpenRecord{Emergency, "x", -1}},
	{code: "opening-shut", act: bo, command: open, before: after(step{shutBo, self})},
	{code: "opening-open", act: eva, command: open, before: after(opened)},
	{code: "opening-unknown", field: "opening", act: eva, command: CloseOpening{1}},
	{code: "opening-unknown", field: "opening", act: bo, command: ReviewOpening{1, Justified, "x"}},
	{code: "opening-not-yours", field: "opening", act: bo, command: CloseOpening{1}, before: after(opened)},
	{code: "review-self", field: "opening", act: eva, command: ReviewOpening{1, Justified, "x"}, before: after(opened)},
	{code: "verdict-unknown", field: "verdict", act: bo, command: ReviewOpening{1, "fine", "x"}, before: after(opened)},

	// Sharing.
	{code: "consent-unknown", field: "consent", act: self, command: WithdrawConsent{1}},
	{code: "page-unknown", field: "page", act: self, command: WithdrawPage{1}},
	{code: "receiver-unknown", field: "to", act: self, command: SharePage{Receiver{"press", "x"}, page.Items, today}},
	{code: "party-name", field: "to", act: self, command: SharePage{Receiver{School, " "}, page.Items, today}},
	{code: "page-items", field: "items", act: self, command: SharePage{page.To, nil, today}},
	{code: "page-items", field: "items", act: self, command: SharePage{page.To, manyItems(), today}},
	{code: "page-item-unknown", field: "items", act: self, command: SharePage{page.To, []SharedItem{item, item}, today}},
	{code: "page-item-unknown", field: "items", act: self, command: SharePage{page.To, []SharedItem{{Key: "Vondt i ryggen", Title: "x", Text: "x"}}, today}},
	{code: "page-item-unchosen", field: "items", act: self, command: SharePage{page.To, []SharedItem{{Key: "declined/1", Title: "x", Text: "x"}}, today}},
	{code: "page-item-unchosen", field: "items", act: self, command: SharePage{page.To, []SharedItem{{Key: "too-ill/1", Title: "x", Text: "x"}}, today}},
	{code: "page-item-unchosen", field: "items", act: self, command: SharePage{page.To, []SharedItem{{Key: "answers/1", Title: "x", Text: "x"}}, today}},
	{code: "page-item-unchosen", field: "items", act: self, command: SharePage{page.To, []SharedItem{{Key: "messages", Title: "x", Text: "x"}}, today}},

	// Protection and erasure.
	{code: "protection-unknown", field: "kind", act: bo, command: ProtectAddress{Kind: ProtectedRegistration}},
	{code: "protection-unknown", field: "kind", act: bo, command: protect, before: sweden()},
	{code: "erasure-held", act: bo, command: erase, before: after(step{HoldRecord{"x"}, bo})},
	{code: "erasure-held", act: eva, command: ApproveErasure{}, before: after(step{erase, bo}, step{HoldRecord{"x"}, bo})},
	{code: "erasure-decision", field: "decision", act: bo, command: ProposeErasure{ByIVO, "x"}},
	{code: "erasure-decision", field: "decision", act: bo, command: erase, before: sweden()},
	{code: "erasure-reference", field: "reference", act: bo, command: ProposeErasure{ByController, " "}},
	{code: "erasure-two-persons", act: bo, command: ApproveErasure{}, before: after(step{erase, bo})},
	{code: "erasure-unproposed", act: bo, command: ApproveErasure{}},
	{code: "erasure-unproposed", act: bo, command: WithdrawErasure{}, before: after(step{erase, bo}, step{WithdrawErasure{}, eva})},
}

func seen(act care.Act, version int) care.Act {
	act.Seen = care.Seen(version)
	return act
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for i, c := range refusals {
		t.Run(fmt.Sprint(c.code, " ", c.command.Name(), " ", i), func(t *testing.T) {
			t.Parallel()
			p := newConsents()
			if c.before != nil {
				must(t, c.before(p))
			}
			got, ok := care.AsRefusal(p.do(c.command, c.act))
			if !ok {
				t.Fatalf("it was not refused: %+v", p.made)
			}
			if got.Code != c.code || got.Field != c.field {
				t.Errorf("got %s on %q, want %s on %q", got.Code, got.Field, c.code, c.field)
			}
			if text := got.Error(); strings.Contains(text, "{") || len(text) > 500 {
				t.Errorf("a place was left unfilled, or all was echoed: %.500s", text)
			}
		})
	}
}

// TestEveryRefusalHasACase reads the code for its refusals.
func TestEveryRefusalHasACase(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, c := range refusals {
		tried[c.code] = true
	}
	codes := refusalCodes(t)
	for code, at := range codes {
		if !tried[code] {
			t.Errorf("%s: the refusal %s has no case", at, code)
		}
		delete(tried, code)
	}
	for code := range tried {
		t.Errorf("the case %s is for a refusal that no code gives", code)
	}
	if len(codes) < 40 {
		t.Errorf("found only %d refusals: the reading must be broken", len(codes))
	}
}

// refusalCodes are those of the files that decide for a decision.
// shared are the refusals that care words once for every package.
var shared = map[string][]string{"Unchanged": {"nothing-changes"}, "CheckText": {"words-needed", "text-long", "text-broken"}}

func refusalCodes(t *testing.T) map[string]string {
	t.Helper()
	codes := map[string]string{}
	files, err := os.ReadDir(".")
	must(t, err)
	fset := token.NewFileSet()
	for _, entry := range files {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, entry.Name(), nil, 0)
		must(t, err)
		source, err := os.ReadFile(entry.Name())
		must(t, err)
		if !strings.Contains(string(source), "func (d decision)") {
			continue // the policy has its own cases
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			for _, code := range shared[sel.Sel.Name] {
				codes[code] = fset.Position(call.Pos()).String()
			}
			if !slices.Contains([]string{"Refuse", "Missing", "Deny", "Stale"}, sel.Sel.Name) {
				return true
			}
			lit, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: a refusal's code must be written out", fset.Position(call.Pos()))
				return true
			}
			code, err := strconv.Unquote(lit.Value)
			must(t, err)
			codes[code] = fset.Position(call.Pos()).String()
			return true
		})
	}
	return codes
}
