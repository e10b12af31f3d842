package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"forlop/care"
)

// statuses are the things that Lifecycle speaks of.
func statuses(s State) map[string]string {
	m := map[string]string{
		"person/": pick(s.Ended, "dead", "alive"), "address/": pick(s.Protected(), "protected", "open"), "hold/": pick(s.Hold, "held", "none"),
		"erasure/": string(s.Erasure.Status),
	}
	put := func(of string, n int, status string) { m[fmt.Sprint(of, "/", n)] = status }
	for _, b := range s.Blocks {
		put("block", b.Number, string(b.Status))
	}
	for _, p := range s.Proxies {
		put("proxy", p.Number, string(p.Status))
	}
	for _, g := range s.Guardians {
		put("guardian", g.Number, string(g.Status))
	}
	for _, c := range s.Consents {
		put("consent", c.Number, string(c.Status))
	}
	for _, p := range s.Pages {
		put("page", p.Number, string(p.Status))
	}
	for _, o := range s.Openings {
		put("opening", o.Number, string(o.Status))
		put("review", o.Number, pick(o.Verdict == "", "waiting", "judged"))
		put("notice", o.Number, pick(o.Told, "told", "held back"))
	}
	return m
}

// follow finds the line of Lifecycle that each change of a status is, and the
// changes that are none.
func follow(before State, made []care.Made, after State) (lines []Transition, wrong string) {
	was := statuses(before)
	for thing, to := range statuses(after) {
		of, _, _ := strings.Cut(thing, "/")
		found := was[thing] == to
		for _, m := range made {
			if tr := (Transition{of, was[thing], m.Event.Type(), to}); slices.Contains(life, tr) {
				lines, found = append(lines, tr), true
			}
		}
		// Told in the act that opened: held back for no time at all.
		if of == "notice" && was[thing] == "" && to == "told" {
			lines, found = append(lines, Transition{of, "", "consent.record-opened/1", "held back"}), true
		}
		if !found {
			return nil, fmt.Sprintf("%s went from %q to %q by %+v", thing, was[thing], to, made)
		}
	}
	return lines, ""
}

// story is one life that goes through every line of Lifecycle. It calls tell
// after every step.
func story(t *testing.T, p *consents, tell func(before State)) {
	t.Helper()
	do := func(c Command, act care.Act) {
		t.Helper()
		before := p.s.Clone()
		if err := p.do(c, act); err != nil {
			t.Fatalf("%s: %v", c.Name(), err)
		}
		tell(before)
	}
	sleep := func() {
		t.Helper()
		before := p.s.Clone()
		must(t, p.sleep())
		tell(before)
	}
	until := func(ended func() bool) {
		t.Helper()
		for n := 0; !ended(); n++ {
			if n > 100 {
				t.Fatal("it never comes")
			}
			sleep()
		}
	}
	proxy := func() *ProxyState { return &p.s.Proxies[len(p.s.Proxies)-1] }
	p.known.Born = on("2015-04-01")

	// A child with a guardian.
	do(guardian, service)
	do(AllowLogin{}, relative("r1"))
	do(StopLogin{}, relative("r1"))
	do(BlockGuardian{1, "hemmelig"}, bo)
	do(WriteToCoordinator{"hemmelig"}, relative("r1"))
	do(Settle{"message/1", "hemmelig"}, bo)
	do(UnblockGuardian{1, "hemmelig"}, bo)
	do(EndGuardian{1, "hemmelig"}, bo)
	do(RecordGuardian{Guardian: "r2", Source: FromCourt}, bo)
	do(BlockGuardian{2, "hemmelig"}, bo)
	do(EndGuardian{2, "hemmelig"}, bo)
	do(RecordGuardian{Guardian: "r2", Source: FromDocument}, bo)
	until(func() bool { return p.s.Guardians[2].Status == GuardianshipEnd })

	// Blocks and what lifts them.
	do(Block{Against: Against{Professional: "bo"}, Strength: Closed, Words: "hemmelig"}, self)
	do(LiftBlock{1}, byPhone)
	do(shutBo, self)
	do(Settle{"take-over/2/1", ""}, eva)
	until(func() bool { return len(p.s.Climbs) > 0 }) // the other post's is late
	until(func() bool {
		return slices.ContainsFunc(p.s.Items(), func(i care.Item) bool { return i.Kind == care.EscalationItem }) || len(p.s.Climbs) > 0
	})
	day := func(days int) care.Date { return care.CalendarOf(care.Norway).Date(p.now).AddDays(days) }
	do(GiveConsent{"clinic", day(1)}, self)
	sleep()
	until(func() bool { return p.s.Consents[0].Status == ConsentOver })
	do(GiveConsent{"clinic", day(1)}, self)
	do(WithdrawConsent{2}, self)
	share := page
	share.Until = day(1)
	do(share, self)
	until(func() bool { return p.s.Pages[0].Status == ConsentOver })
	share.Until = day(1)
	do(share, self)
	do(WithdrawPage{2}, self)

	// Openings.
	do(open, eva)
	until(func() bool { return p.s.Openings[0].Status == OpeningOver })
	do(Settle{"tell/1", ""}, self)
	do(ReviewOpening{1, Justified, "hemmelig"}, bo)
	do(DelayNotices{day(1), "hemmelig"}, bo)
	do(open, eva)
	do(CloseOpening{2}, eva)
	until(func() bool { return p.s.Openings[1].Told })
	do(DelayNotices{day(1), "hemmelig"}, bo)
	do(open, eva)
	do(EndDelay{}, bo)

	// Proxies, of a grown person.
	p.now = time.Date(2034, time.March, 1, 8, 0, 0, 0, time.UTC)
	for due, ok := Due(p.s); ok && !due.After(p.now); due, ok = Due(p.s) {
		before := p.s.Clone()
		must(t, p.do(Wake{}, service))
		tell(before)
	}
	do(offer, self)
	do(DeclineProxy{1}, relative("r1"))
	do(offer, self)
	until(func() bool { return proxy().Status == ProxyGone })
	do(offer, self)
	do(RevokeProxy{3}, self)
	do(offer, self)
	do(AcceptProxy{4}, relative("r1"))
	do(DirectNotices{"r1"}, self)
	do(DirectNotices{}, self)
	do(LimitProxy{4, []Part{Plan, Messages}}, self)
	until(func() bool { return !proxy().Asking.Due.IsZero() })
	do(RenewProxy{Proxy: 4}, self)
	do(Reattest{}, bo)
	do(RestoreProxies{}, bo)
	do(JoinRecord{"other"}, bo)
	do(PartRecord{"other"}, bo)
	do(Reattest{}, bo)
	do(RenewProxy{Proxy: 4}, self)
	do(Reattest{}, bo)
	do(RevokeProxy{4}, self)
	do(record, byPhone)
	do(RevokeProxy{5}, relative("r1"))

	// A protected address, an erasure that is dropped, a death that was none.
	do(ProtectAddress{Kind: Confidential}, service)
	do(ProtectAddress{Kind: Strict}, service)
	do(UnprotectAddress{}, service)
	do(HoldRecord{"hemmelig"}, bo)
	do(ReleaseHold{"hemmelig"}, bo)
	do(erase, bo)
	do(WithdrawErasure{}, bo)
	do(EndAll{}, service)
	do(Reopen{}, service)
	do(erase, bo)
	do(ApproveErasure{}, eva)
}

// TestWholeLife goes through every line of Lifecycle, makes every event, and has
// every kind of item.
func TestWholeLife(t *testing.T) {
	t.Parallel()
	p := newConsents()
	seen, items, events := map[Transition]bool{}, map[string]bool{}, map[string]bool{}
	story(t, p, func(before State) {
		lines, wrong := follow(before, p.made, p.s)
		if wrong != "" {
			t.Fatal(wrong)
		}
		for _, l := range lines {
			seen[l] = true
		}
		for _, i := range p.s.Items() {
			items[string(i.Kind)+" "+i.Ref] = true
		}
		for _, m := range p.made {
			events[m.Event.Type()] = true
		}
	})
	for _, tr := range Lifecycle() {
		if tr.From != tr.To && !seen[tr] {
			t.Errorf("the story does not go through %+v", tr)
		}
	}
	for _, typ := range Events.Types() {
		if !events[typ] {
			t.Errorf("the story has no %s", typ)
		}
	}
	for _, want := range []string{
		"decision professional-blocked", "decision proxy-ending", "decision proxies-anew", "question relative-wrote", "review opening",
		"tell record-opened", "decision erasure",
	} {
		if !items[want] {
			t.Errorf("the story has no item %q", want)
		}
		delete(items, want)
	}
	for kind := range items {
		if !strings.HasPrefix(kind, string(care.EscalationItem)) {
			t.Errorf("there is an item nobody expected: %s", kind)
		}
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	declared := map[string]bool{}
	for _, u := range Undos() {
		if declared[u.Event] {
			t.Errorf("%s declares its undo twice", u.Event)
		}
		declared[u.Event] = true
		if u.How == "" || u.By == "" && !strings.HasPrefix(u.How, "none: ") {
			t.Errorf("%s does not say how it is undone, or why not", u.Event)
		}
		if u.By != "" && !slices.Contains(Events.Types(), u.By) {
			t.Errorf("%s is undone by %s, which is no event", u.Event, u.By)
		}
	}
	for _, typ := range slices.Concat(Events.Types(), OversightEvents.Types()) {
		if !declared[typ] {
			t.Errorf("%s does not declare its undo", typ)
		}
		delete(declared, typ)
	}
	for typ := range declared {
		t.Errorf("%s declares an undo and is no event", typ)
	}
	for _, tr := range Lifecycle() {
		if !slices.Contains(Events.Types(), tr.Event) {
			t.Errorf("the life cycle names %s, which is no event", tr.Event)
		}
	}
	for _, tr := range OversightLifecycle() {
		if !slices.Contains(OversightEvents.Types(), tr.Event) {
			t.Errorf("the life cycle of oversight names %s, which is no event", tr.Event)
		}
	}
	names := map[string]bool{}
	for _, c := range Commands {
		stream, act, ok := strings.Cut(c.Name(), ".")
		if !ok || act == "" || stream != "consent" || names[c.Name()] {
			t.Errorf("%T is called %q", c, c.Name())
		}
		names[c.Name()] = true
	}
}

func TestEvolveRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		skip  int
		event care.Event
	}{
		{"a gap", 1, LoginAllowed{}},
		{"a second opening", 0, Opened{}},
		{"a block out of turn", 0, Blocked{Block: 2}},
		{"no block", 0, BlockLifted{1}},
		{"a proxy out of turn", 0, ProxyOffered{Proxy: 3}},
		{"an answer to no offer", 0, ProxyAccepted{2}},
		{"an answer to an active proxy", 0, ProxyAccepted{1}},
		{"a guardian out of turn", 0, GuardianRecorded{Number: 2}},
		{"no guardian", 0, GuardianEnded{Number: 1}},
		{"an opening out of turn", 0, RecordOpened{Opening: 2}},
		{"no opening", 0, OpeningClosed{1}},
		{"no consent", 0, ConsentWithdrawn{1}},
		{"no page", 0, PageEnded{1}},
		{"an address that is open", 0, AddressUnprotected{}},
		{"no hold", 0, HoldReleased{}},
		{"an approval of nothing", 0, ErasureApproved{}},
		{"back from no death", 0, Reopened{}},
		{"nothing to settle", 0, Settled{"message/1"}},
		{"a stranger's event", 0, strange{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newConsents()
			must(t, p.do(record, byPhone))
			version := p.s.Version
			if err := Evolve(&p.s, care.Recorded{Version: version + 1 + c.skip, Event: c.event}); err == nil {
				t.Errorf("%s was folded", c.event.Type())
			} else if !strings.Contains(err.Error(), "p1") {
				t.Errorf("the error does not say whose stream it is: %v", err)
			}
			if p.s.Version != version {
				t.Errorf("the version moved to %d", p.s.Version)
			}
		})
	}
	var s State
	if err := Evolve(&s, care.Recorded{Version: 1, Event: LoginAllowed{}}); err == nil {
		t.Error("something happened before the opening")
	}
	p := newConsents()
	if _, err := Decide(p.s, strange{}, care.Act{At: start}, p.known); err == nil {
		t.Error("a stranger's command was taken")
	}
	if _, err := Decide(p.s, closeTown, care.Act{At: start, Actor: self.Actor}, Known{}); err == nil {
		t.Error("nobody's consents were opened")
	}
}

type strange struct{}

func (strange) Type() string { return "journey.opened/1" }
func (strange) Name() string { return "journey.open" }

// TestProtectedAddressEndsAll: proxies, offers and directed notices end in the
// one decision, and nothing comes back by itself.
func TestProtectedAddressEndsAll(t *testing.T) {
	t.Parallel()
	p := newConsents()
	must(t, after(recorded, step{DirectNotices{"r1"}, self}, step{OfferProxy{To: "r2", Parts: allParts}, self}, step{protect, service})(p))
	if len(p.s.Grants()) > 0 || p.s.Notices != "" || p.s.Proxies[0].Why != ByProtectedAddress || p.s.Proxies[1].Status != ProxyOver {
		t.Errorf("left: %+v, notices to %q", p.s.Proxies, p.s.Notices)
	}
	must(t, p.do(UnprotectAddress{}, service))
	if len(p.s.Grants()) > 0 {
		t.Errorf("came back: %+v", p.s.Grants())
	}
}

// TestBlockedGuardianIsNotTold: whoever is blocked sees nothing, and nothing in
// the stream is for them; the other guardian keeps what they have.
func TestBlockedGuardianIsNotTold(t *testing.T) {
	t.Parallel()
	p := newConsents()
	must(t, born(care.Norway, "2018-01-01", custody, step{RecordGuardian{Guardian: "r2", Source: FromRegister}, bo},
		step{DirectNotices{"r1"}, relative("r1")}, step{BlockGuardian{1, "hemmelig"}, bo})(p))
	if _, _, ok := p.s.Acts("r1", p.now); ok || p.s.Notices != "" || len(p.s.Items()) > 0 {
		t.Errorf("left: %+v, notices to %q, items %+v", p.s.Grants(), p.s.Notices, p.s.Items())
	}
	if basis, parts, ok := p.s.Acts("r2", p.now); !ok || basis != Guardian || len(parts) != len(Parts) {
		t.Errorf("the other guardian has %s %v", basis, parts)
	}
}

// TestNoEmergencyOpensWhatIsShut: whatever reason is given, whoever the patient
// has shut out by name is refused; a colleague is let in.
func TestNoEmergencyOpensWhatIsShut(t *testing.T) {
	t.Parallel()
	for _, why := range OpeningReasons {
		p := newConsents()
		must(t, after(step{shutBo, self})(p))
		knock := OpenRecord{Why: why, Words: "pasienten er bevisstløs", Hours: 1}
		if err := p.do(knock, bo); err == nil || len(p.s.Openings) > 0 {
			t.Errorf("opened by the one shut out, because %s: %+v, %v", why, p.s.Openings, err)
		}
		must(t, p.do(knock, eva))
	}
}

// TestSoleHolderIsReplaced: a block of the only holder of a post leaves a task
// with a date for the lead of its unit, once for each post.
func TestSoleHolderIsReplaced(t *testing.T) {
	t.Parallel()
	p := newConsents()
	must(t, p.do(shutBo, self))
	items := p.s.Items()
	if len(items) != 2 || items[0].Post != (care.Post{Unit: "ward", Role: care.Lead}) || items[1].Post != (care.Post{Unit: "clinic", Role: care.Lead}) ||
		care.CalendarOf(care.Norway).LastDay(items[0].Due) != on("2026-03-04") {
		t.Errorf("got %+v", items)
	}
	must(t, p.do(LiftBlock{1}, self))
	if items := p.s.Items(); len(items) > 0 {
		t.Errorf("left: %+v", items)
	}
}
