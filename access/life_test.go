package access

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"forlop/care"
)

// ledger keeps book of what was said and done, from the acts and the events
// alone. It knows nothing of State: what it and State answer must be the same.
type ledger struct {
	proxies   map[int]*spell
	guardians map[int]*spell
	openings  map[int]*spell
	consents  map[int]*spell
	pages     map[int]*spell
	blocks    map[int]Blocked
	who       map[int]string // who opened
	judged    map[int]string
	protected bool
	dead      bool
	hold      bool
	proposer  string
	erased    bool
}

// spell is something that holds from an instant until another, unless it was
// ended, or rests.
type spell struct {
	to                    string
	parts                 []Part
	from, narrows, until  time.Time
	begun, ended, resting bool
}

func (s *spell) holds(at time.Time) bool {
	return s.begun && !s.ended && !s.resting && !at.Before(s.from) && at.Before(s.until)
}

func newLedger() *ledger {
	return &ledger{
		proxies: map[int]*spell{}, guardians: map[int]*spell{}, openings: map[int]*spell{}, consents: map[int]*spell{}, pages: map[int]*spell{},
		blocks: map[int]Blocked{}, who: map[int]string{}, judged: map[int]string{},
	}
}

// lastMoment is the local midnight that ends a day.
func lastMoment(day care.Date) time.Time {
	oslo := care.CalendarOf(care.Norway).Zone()
	return time.Date(day.Year, day.Month, day.Day+1, 0, 0, 0, 0, oslo)
}

// turns is the local midnight of a birthday, by the library's own arithmetic: it
// turns 29 February into 1 March too.
func turns(birth care.Date, age int) time.Time {
	oslo := care.CalendarOf(care.Norway).Zone()
	return time.Date(birth.Year+age, birth.Month, birth.Day, 0, 0, 0, 0, oslo)
}

func (l *ledger) write(p *consents, act care.Act) {
	for _, m := range p.made {
		switch e := m.Event.(type) {
		case Blocked:
			l.blocks[e.Block] = e
		case BlockLifted:
			delete(l.blocks, e.Block)
		case ProxyOffered:
			l.proxies[e.Proxy] = &spell{to: string(e.To), parts: e.Parts, until: lastMoment(e.Until)}
		case ProxyRecorded:
			l.proxies[e.Proxy] = &spell{to: string(e.To), parts: e.Parts, from: p.now, until: lastMoment(e.Until), begun: true}
		case ProxyAccepted:
			l.proxies[e.Proxy].from, l.proxies[e.Proxy].begun = p.now, true
		case ProxyLimited:
			l.proxies[e.Proxy].parts = e.Parts
		case ProxyRenewed:
			l.proxies[e.Proxy].until, l.proxies[e.Proxy].resting = lastMoment(e.Until), false
		case ProxyEnded:
			l.proxies[e.Proxy].ended = true
		case ProxyDeclined:
			l.proxies[e.Proxy].ended = true
		case ProxyLapsed:
			l.proxies[e.Proxy].ended = true
		case ProxiesAskedAnew:
			for _, s := range l.proxies {
				s.resting = s.resting || s.begun && !s.ended
			}
		case ProxiesRestored:
			for _, s := range l.proxies {
				s.resting = false
			}
		case GuardianRecorded:
			s := &spell{to: string(e.Guardian), from: p.now, until: turns(p.known.Born, 16), narrows: turns(p.known.Born, 12), begun: true}
			if p.known.Regime == care.Sweden {
				s.until, s.narrows = turns(p.known.Born, 13), turns(p.known.Born, 13)
			}
			l.guardians[e.Number] = s
		case GuardianEnded:
			l.guardians[e.Number].ended = true
		case GuardianBlocked:
			l.guardians[e.Number].resting = true
		case GuardianUnblocked:
			l.guardians[e.Number].resting = false
		case RecordOpened:
			l.openings[e.Opening] = &spell{to: act.Actor.ID, from: p.now, until: p.now.Add(4 * time.Hour), begun: true}
			l.who[e.Opening] = act.Actor.ID
		case OpeningClosed:
			l.openings[e.Opening].ended = true
		case OpeningEnded:
			l.openings[e.Opening].ended = true
		case OpeningReviewed:
			l.judged[e.Opening] = act.Actor.ID
		case ConsentGiven:
			l.consents[e.Consent] = &spell{to: string(e.Unit), from: p.now, until: lastMoment(e.Until), begun: true}
		case ConsentWithdrawn:
			l.consents[e.Consent].ended = true
		case PageShared:
			l.pages[e.Page] = &spell{from: p.now, until: lastMoment(e.Until), begun: true}
		case PageWithdrawn:
			l.pages[e.Page].ended = true
		case AddressProtected:
			l.protected = true
		case AddressUnprotected:
			l.protected = false
		case RecordHeld:
			l.hold = true
		case HoldReleased:
			l.hold = false
		case ErasureProposed:
			l.proposer = act.Actor.ID
		case ErasureApproved:
			l.erased = true
		case AllEnded:
			l.dead = true
		case Reopened:
			l.dead = false
		}
	}
}

// covers is what a relative may at an instant, by the book.
func (l *ledger) covers(relative string, at time.Time) (parts map[Part]bool, guards bool) {
	parts = map[Part]bool{}
	if l.dead || l.erased || l.protected {
		return parts, false
	}
	for _, s := range l.proxies {
		if s.to == relative && s.holds(at) {
			for _, p := range s.parts {
				parts[p] = true
			}
		}
	}
	for _, s := range l.guardians {
		if s.to != relative || !s.holds(at) {
			continue
		}
		guards = true
		for _, p := range Parts {
			parts[p] = parts[p] || at.Before(s.narrows) || p == Acts
		}
	}
	return parts, guards
}

// evenly draws a number below n. Rapid's own ranges lean towards small numbers,
// which leaves most commands undrawn.
func evenly(t *rapid.T, n int, label string) int {
	bits := 0
	for range 8 {
		bits <<= 1
		if rapid.Bool().Draw(t, label) {
			bits++
		}
	}
	return bits % n
}

var (
	actors = []care.Act{self, self, self, byPhone, byPhone, byRelative, bo, bo, eva, eva, service, relative("r1"), relative("r1"), relative("r2"), guest}
	births = []string{"1980-05-17", "1980-05-17", "1980-05-17", "1980-05-17", "2014-04-01", "2012-02-29", "2010-03-20", "2013-03-10"}
)

// randomCommand draws any of the commands, often a fitting one.
func randomCommand(t *rapid.T, p *consents) Command {
	text := []string{"", "hemmelig", "noe hemmelig", "mer hemmelig"}[evenly(t, 4, "text")]
	who := []care.PersonKey{"r1", "r1", "r2", "hidden", "p1"}[evenly(t, 5, "relative")]
	day := care.CalendarOf(p.known.Regime).Date(p.now).AddDays(evenly(t, 60, "day") - 5)
	if evenly(t, 3, "dated") == 0 {
		day = care.Date{}
	}
	n := evenly(t, 3, "number")
	latest := func(of int) int { return of - n/2 } // mostly the last one
	parts := Parts[:1+evenly(t, len(Parts), "parts")]
	against := []Against{{Professional: "bo"}, {Professional: "eva"}, {Unit: "elsewhere"}, {But: "trust"}, {Unit: "clinic"}}[evenly(t, 5, "against")]
	strength := []Strength{Closed, Shut, Inner, Outer}[evenly(t, 4, "strength")]
	item := "review/1"
	if items := p.s.open(); len(items) > 0 {
		item = items[evenly(t, len(items), "item")].Key
	}
	journey := []string{"", "", "journey/1"}[n]
	all := []Command{
		Block{against, journey, strength, text}, Block{against, journey, strength, text}, LiftBlock{latest(len(p.s.Blocks))},
		OfferProxy{who, parts, day}, OfferProxy{who, parts, day}, AcceptProxy{latest(len(p.s.Proxies))}, AcceptProxy{latest(len(p.s.Proxies))},
		DeclineProxy{latest(len(p.s.Proxies))}, RecordProxy{who, parts, day, n == 0, text}, RecordProxy{who, parts, care.Date{}, false, text},
		LimitProxy{latest(len(p.s.Proxies)), parts}, RenewProxy{latest(len(p.s.Proxies)), day}, RevokeProxy{latest(len(p.s.Proxies))},
		OfferProxy{"r1", parts, care.Date{}}, AcceptProxy{len(p.s.Proxies)}, Reattest{}, Reattest{}, RestoreProxies{},
		JoinRecord{"p8"}, PartRecord{"p8"}, JoinRecord{"p9"}, PartRecord{"p9"},
		RecordGuardian{who, FromRegister, care.Date{}}, RecordGuardian{who, FromRegister, care.Date{}}, EndGuardian{latest(len(p.s.Guardians)), text},
		BlockGuardian{latest(len(p.s.Guardians)), text}, UnblockGuardian{latest(len(p.s.Guardians)), text}, AllowLogin{}, StopLogin{},
		DirectNotices{who}, DirectNotices{""}, WriteToCoordinator{text}, Settle{item, text}, Settle{item, text},
		OpenRecord{Emergency, text, 0}, OpenRecord{WithConsent, text, 0}, OpenRecord{CannotConsent, text, 0}, CloseOpening{latest(len(p.s.Openings))},
		ReviewOpening{latest(len(p.s.Openings)), NotJustified, text}, ReviewOpening{latest(len(p.s.Openings)), Justified, text}, DelayNotices{day, text}, EndDelay{},
		GiveConsent{"clinic", day}, WithdrawConsent{latest(len(p.s.Consents))},
		SharePage{page.To, []SharedItem{{"step/1", text, text, false}}, day}, WithdrawPage{latest(len(p.s.Pages))},
		EndFor{who, ByDeath}, HoldRecord{text}, ReleaseHold{text}, ReleaseHold{text}, Wake{},
	}
	switch kind := evenly(t, 200, "kind"); {
	case kind < 2:
		return ProtectAddress{Kind: Confidential}
	case kind < 6:
		return UnprotectAddress{}
	case kind == 6:
		return EndAll{}
	case kind < 9:
		return Reopen{}
	case kind < 12:
		return ProposeErasure{map[care.Regime]ErasureDecision{care.Norway: ByController, care.Sweden: ByIVO}[p.known.Regime], "2026/17"}
	case kind < 15:
		return ApproveErasure{}
	case kind < 20:
		return WithdrawErasure{}
	}
	return all[evenly(t, len(all), "command")]
}

// fitting is an act that a command often comes by.
func fitting(p *consents, c Command, n int) care.Act {
	own := []care.Act{self, byPhone, byRelative}[n]
	to := func(proxy int) care.Act {
		if proxy < 1 || proxy > len(p.s.Proxies) {
			return relative("r1")
		}
		return relative(string(p.s.Proxies[proxy-1].To))
	}
	switch c := c.(type) {
	case Block, LiftBlock, OfferProxy, LimitProxy, RenewProxy, RevokeProxy, DirectNotices, GiveConsent, WithdrawConsent, SharePage, WithdrawPage:
		return own
	case AcceptProxy:
		return to(c.Proxy)
	case DeclineProxy:
		return to(c.Proxy)
	case RecordProxy:
		if c.CannotConsent {
			return bo
		}
		return byPhone
	case AllowLogin, StopLogin, WriteToCoordinator:
		return relative("r1")
	}
	return []care.Act{bo, eva, bo}[n]
}

// text is a state as it is compared where copies may share what they should not.
func text(s State) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// lives carries random people through random lives and calls check after every
// step with the state before it and the ledger after it. Time settles first, as
// it does in service.
func lives(t *testing.T, check func(t *rapid.T, before State, act care.Act, p *consents, l *ledger)) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		p, l := newConsents(), newLedger()
		p.known.Born = on(births[evenly(t, len(births), "born")])
		p.known.Journeys = p.known.Journeys[:1]
		if evenly(t, 3, "country") == 0 {
			p.known.Regime = care.Sweden
		}
		for range 60 {
			end := p.now.Add(time.Duration([]int{0, 0, 0, 0, 0, 0, 1, 2, 3, 24, 24, 72, 240, 480, 720, 1440}[evenly(t, 16, "hours")]) * time.Hour)
			for n := 0; ; n++ {
				due, ok := Due(p.s)
				if !ok || due.After(end) {
					break
				}
				if due.Before(p.now) && n > 200 {
					t.Fatalf("time does not move on: due %v at %v", due, p.now)
				}
				p.now = care.Later(p.now, due)
				before, was := p.s.Clone(), text(p.s)
				if err := p.do(Wake{}, service); err != nil {
					t.Fatal(err)
				}
				if text(before) != was {
					t.Fatalf("the copy changed with the state:\n%s\n%s", was, text(before))
				}
				if len(p.made) == 0 {
					t.Fatalf("due at %v, and nothing happened: %+v", due, p.s)
				}
				l.write(p, service)
				check(t, before, service, p, l)
			}
			p.now = end
			c := randomCommand(t, p)
			act := actors[evenly(t, len(actors), "who")]
			if who := evenly(t, 8, "fitting"); who > 2 {
				act = fitting(p, c, (who-3)/2)
			}
			before, was := p.s.Clone(), text(p.s)
			err := p.do(c, act)
			if text(before) != was {
				t.Fatalf("the copy changed with the state:\n%s\n%s", was, text(before))
			}
			if err != nil {
				if _, ok := care.AsRefusal(err); !ok {
					t.Fatalf("not a refusal: %v", err)
				}
				if text(p.s) != was {
					t.Fatal("a refused command changed the consents")
				}
				continue
			}
			l.write(p, act)
			check(t, before, act, p, l)
		}
	})
}

// lively lives lives until what the test is about has been seen in them.
func lively(t *testing.T, enough func() bool, check func(t *rapid.T, before State, act care.Act, p *consents, l *ledger)) {
	t.Helper()
	for range 20 {
		if lives(t, check); enough() || t.Failed() {
			return
		}
	}
	t.Error("the lives were too tame: what the test is about was not seen in them")
}

// moments are instants at which something could be wrong: now, and around every
// end there is.
func moments(p *consents, l *ledger) []time.Time {
	all := []time.Time{p.now, p.now.Add(time.Hour), p.now.AddDate(0, 1, 0), p.now.AddDate(3, 0, 0)}
	for _, book := range []map[int]*spell{l.proxies, l.guardians, l.openings, l.consents, l.pages} {
		for _, s := range book {
			all = append(all, s.until.Add(-time.Microsecond), s.until)
			if !s.narrows.IsZero() {
				all = append(all, s.narrows.Add(-time.Microsecond), s.narrows)
			}
		}
	}
	return slices.DeleteFunc(all, func(at time.Time) bool { return at.Before(p.now) })
}

// TestNothingOutlivesItsSource holds invariants 30 and 31: at every instant a
// relative may exactly what the ledger says, and so does a consent, a page and
// the direction of notices.
func TestNothingOutlivesItsSource(t *testing.T) {
	t.Parallel()
	acted, guarded, rested, lifted := 0, 0, 0, 0
	lively(t, func() bool { return acted != 0 && guarded != 0 && rested != 0 && lifted != 0 }, func(t *rapid.T, _ State, _ care.Act, p *consents, l *ledger) {
		for _, at := range moments(p, l) {
			for _, key := range []string{"r1", "r2", "hidden", "p1", ""} {
				want, guards := l.covers(key, at)
				basis, got, ok := p.s.Acts(care.PersonKey(key), at)
				if ok != (len(want) > 0) || ok && guards != (basis == Guardian) {
					t.Fatalf("at %v %s acts by %q (%v), the book says %v, guardian %v", at, key, basis, ok, want, guards)
				}
				for _, part := range Parts {
					if slices.Contains(got, part) != want[part] {
						t.Fatalf("at %v %s has %v, the book says %v", at, key, got, want)
					}
				}
				if ok && basis == Proxy {
					acted++
				} else if ok {
					guarded++
				}
			}
			if to, ok := p.s.NoticesTo(at); ok {
				if parts, guards := l.covers(string(to), at); !parts[Messages] && !guards {
					t.Fatalf("at %v notices go to %s, who has %v", at, to, parts)
				}
			}
			for n, s := range l.pages {
				if _, ok := p.s.Page(n, at); ok != (s.holds(at) && !l.dead && !l.erased) {
					t.Fatalf("at %v page %d is shown: %v", at, n, ok)
				}
			}
			want := false
			for _, s := range l.consents {
				want = want || s.holds(at) && !l.dead && !l.erased
			}
			if got := len(p.s.Lifts("clinic", "nobody", at)) > 0; got != want {
				t.Fatalf("at %v a consent lifts: %v, the book says %v", at, got, want)
			} else if got {
				lifted++
			}
		}
		for _, s := range l.proxies {
			if s.resting && !s.ended {
				rested++
			}
		}
	})
}

// TestBlocksStand holds invariant 29: every block stands until it is lifted,
// whatever else happens; nobody opens what is shut to them; and no opening and no
// consent lifts a shut or an outer block.
func TestBlocksStand(t *testing.T) {
	t.Parallel()
	stood, inner := 0, 0
	lively(t, func() bool { return stood != 0 && inner != 0 }, func(t *rapid.T, before State, act care.Act, p *consents, l *ledger) {
		if l.erased {
			return
		}
		stands := map[string]Deny{}
		for _, d := range p.s.Denies() {
			stands[d.Key] = d
		}
		for n, b := range l.blocks {
			d, ok := stands[fmt.Sprintf("block/%d", n)]
			if !ok || d.Strength != b.Strength || d.Unit != b.Against.Unit || d.But != b.Against.But || d.Professional != b.Against.Professional || d.Journey != b.Journey {
				t.Fatalf("block %+v stands as %+v", b, d)
			}
			delete(stands, d.Key)
			if outer, ok := stands[d.Key+"/outer"]; b.Strength == Inner && b.Against.But != "" {
				if !ok || outer.Strength != Outer || outer.But != "trust" {
					t.Fatalf("outside the provider %+v holds as %+v", b, outer)
				}
				inner++
			}
			delete(stands, d.Key+"/outer")
			stood++
		}
		if len(stands) > 0 {
			t.Fatalf("what nobody set stands: %v", stands)
		}
		for _, m := range p.made {
			if _, ok := m.Event.(RecordOpened); !ok {
				continue
			}
			for _, b := range l.blocks {
				if b.Strength == Shut && b.Against.Professional == act.Actor.ID {
					t.Fatalf("%s opened what is shut to them by %+v", act.Actor.ID, b)
				}
			}
		}
		for _, id := range []string{"bo", "eva"} {
			for _, s := range p.s.Lifts("clinic", id, p.now) {
				if s != string(Closed) && s != string(Inner) {
					t.Fatalf("%s is lifted", s)
				}
			}
		}
		for _, m := range p.made {
			if b, ok := m.Event.(Blocked); ok && before.Regime == care.Norway && (b.Strength == Inner || b.Strength == Outer) {
				t.Fatalf("another country's block was set: %+v", b)
			}
		}
	})
}

// TestOpenings holds invariant 32: every opening has a reason, an end within four
// hours, a notice and a review by somebody else; nothing is open past its end,
// and one professional has one opening at a time.
func TestOpenings(t *testing.T) {
	t.Parallel()
	opened, judged, held := 0, 0, 0
	lively(t, func() bool { return opened != 0 && judged != 0 && held != 0 }, func(t *rapid.T, _ State, act care.Act, p *consents, l *ledger) {
		for _, at := range moments(p, l) {
			for _, id := range []string{"bo", "eva"} {
				want := 0
				for _, s := range l.openings {
					if s.to == id && s.holds(at) && !l.dead && !l.erased {
						want++
					}
				}
				if _, ok := p.s.Opening(id, at); want > 1 || ok != (want == 1) {
					t.Fatalf("at %v %s has %d openings, and is let in: %v", at, id, want, ok)
				}
			}
		}
		for _, o := range p.s.Openings {
			opened++
			if o.Why == "" || o.Ends.Sub(o.From) > 4*time.Hour || o.Review.Post.IsZero() || o.Review.Due.IsZero() {
				t.Fatalf("half an opening: %+v", o)
			}
			if !o.Told && !l.dead && !l.erased {
				held++
				if !o.Tell.After(p.now) || p.s.Delay.Before(p.now) {
					t.Fatalf("nobody told the person, and no ground stands: %+v", o)
				}
			}
			waits := slices.ContainsFunc(p.s.Items(), func(i care.Item) bool { return i.Key == fmt.Sprintf("review/%d", o.Number) })
			if by, ok := l.judged[o.Number]; ok {
				judged++
				if by == l.who[o.Number] || o.Reviewer != by || o.Verdict == "" || waits {
					t.Fatalf("%s judged what %s opened: %+v", by, l.who[o.Number], o)
				}
			} else if !waits && !l.erased {
				t.Fatalf("nobody has to judge %+v", o)
			}
		}
		for _, m := range p.made {
			if e, ok := m.Event.(RecordOpened); ok && (strings.TrimSpace(m.Sealed["words"]) == "" || act.Actor.Kind != care.Professional || e.Professional != act.Actor.ID) {
				t.Fatalf("an opening without words or name: %+v by %+v", m, act)
			}
		}
	})
}

// TestErasureTakesTwo: what is erased was proposed by one professional and
// approved by another, with no hold; nothing follows it.
func TestErasureTakesTwo(t *testing.T) {
	t.Parallel()
	erased, over := 0, 0
	lively(t, func() bool { return erased != 0 && over != 0 }, func(t *rapid.T, before State, act care.Act, p *consents, l *ledger) {
		if before.Erased() && len(p.made) > 0 {
			t.Fatalf("after the erasure came %+v", p.made)
		}
		if !p.s.Erased() {
			return
		}
		over++
		if _, ok := Due(p.s); ok || len(p.s.Items()) > 0 || len(p.s.Grants()) > 0 {
			t.Fatal("something is left after the erasure")
		}
		if before.Erased() {
			return
		}
		erased++
		if act.Actor.Kind != care.Professional || act.For != nil || act.Actor.ID == l.proposer || l.proposer == "" || l.hold {
			t.Fatalf("%+v erased what %q proposed, hold %v", act, l.proposer, l.hold)
		}
	})
}

// TestWhoseWill: what is a person's own to decide was decided by the person, a
// guardian of the child, or for them by somebody who says so.
func TestWhoseWill(t *testing.T) {
	t.Parallel()
	own := map[string]bool{
		"consent.blocked/1": true, "consent.block-lifted/1": true, "consent.proxy-offered/1": true, "consent.given/1": true,
		"consent.withdrawn/1": true, "consent.page-shared/1": true, "consent.page-withdrawn/1": true,
	}
	decided := 0
	lively(t, func() bool { return decided != 0 }, func(t *rapid.T, before State, act care.Act, p *consents, _ *ledger) {
		for _, m := range p.made {
			body, err := care.Encode(m.Event)
			if err != nil || bytes.Contains(body, []byte("hemmelig")) {
				t.Fatalf("free text in the body: %s, %v", body, err)
			}
			if !own[m.Event.Type()] {
				continue
			}
			decided++
			if act.Actor.Kind == care.Patient || act.For != nil && act.For.Of.Kind == care.PartyPatient {
				continue
			}
			guards := false
			for _, g := range before.Grants() {
				guards = guards || g.Basis == Guardian && (act.For != nil || g.Actor == act.Actor.ID)
			}
			if !guards || act.Actor.Kind == care.System || act.Actor.Kind == care.Guest || act.Actor.Kind == care.Professional && act.For == nil {
				t.Fatalf("%+v decided %s", act, m.Event.Type())
			}
		}
	})
}

// TestStateIsTheFold: what is stored folds to the same state (L12), and a clone
// shares nothing with its origin.
func TestStateIsTheFold(t *testing.T) {
	t.Parallel()
	lives(t, func(t *rapid.T, _ State, _ care.Act, p *consents, _ *ledger) {
		if a, b := text(p.s), text(p.stored); a != b {
			t.Fatalf("what was stored folds to something else:\n%s\n%s", a, b)
		}
		if c := p.s.Clone(); !reflect.DeepEqual(c, p.s) {
			t.Fatalf("a clone differs: %+v, %+v", c, p.s)
		}
	})
}

// TestTimeAndItems: waking twice is waking once, time gives nobody anything, and
// every open thing has a post and a date and is seen when it is late (L3, L7).
func TestTimeAndItems(t *testing.T) {
	t.Parallel()
	climbed, top := 0, 0
	lively(t, func() bool { return climbed != 0 && top != 0 }, func(t *rapid.T, before State, act care.Act, p *consents, _ *ledger) {
		keys := map[string]bool{}
		for _, i := range p.s.Items() {
			if keys[i.Key] || i.Key == "" || i.Kind == "" || i.Ref == "" || i.Post.Unit == "" || i.Post.Role == "" ||
				i.Since.IsZero() || i.Due.IsZero() || i.Version == 0 || i.Version > p.s.Version {
				t.Fatalf("half an item: %+v", i)
			}
			keys[i.Key] = true
		}
		for key, c := range p.s.Climbs {
			if !keys[key] {
				t.Fatalf("%s is closed and still climbs", key)
			}
			climbed++
			if c.Again.IsZero() {
				top++
			}
		}
		if act.Actor != care.Service || len(p.made) == 0 {
			return
		}
		if _, back := p.made[0].Event.(Reopened); back {
			return // what fell late while nothing was open climbs at the next wake
		}
		if again, err := Decide(p.s, Wake{}, care.Act{At: p.now, Actor: care.Service}, p.known); err != nil || len(again) != 0 {
			t.Fatalf("waking again at %v made %+v, %v", p.now, again, err)
		}
		if due, ok := Due(p.s); ok && !due.After(p.now) {
			t.Fatalf("due at %v, which is not after %v", due, p.now)
		}
	})
}

// TestMergeAndBack holds invariant 41: asking for the proxies anew gives nothing
// until each is confirmed, and parting the records again restores them exactly.
func TestMergeAndBack(t *testing.T) {
	t.Parallel()
	merged := 0
	lives(t, func(t *rapid.T, _ State, _ care.Act, p *consents, _ *ledger) {
		grants := p.s.Grants()
		if p.s.Erased() || len(grants) == 0 || slices.ContainsFunc(p.s.Proxies, func(x ProxyState) bool { return x.Status == ProxyRests }) {
			return
		}
		q := &consents{s: p.s.Clone(), stored: p.stored.Clone(), now: p.now, known: p.known}
		if q.do(Reattest{}, bo) != nil {
			return
		}
		for _, g := range q.s.Grants() {
			if g.Basis == Proxy {
				t.Fatalf("%s still holds", g.Key)
			}
		}
		if err := q.do(RestoreProxies{}, bo); err != nil {
			t.Fatal(err)
		}
		if got := q.s.Grants(); !reflect.DeepEqual(got, grants) {
			t.Fatalf("parting gave %+v, not %+v", got, grants)
		}
		merged++
	})
	if merged == 0 {
		t.Error("nobody was merged")
	}
}
