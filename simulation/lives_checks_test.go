package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/pathway/publication"
	"forlop/store"
)

// A wrong is an invariant of the safety case that did not hold. The numbers are
// those of the list of invariants that a simulation must hold for ever; 0 is our
// own fault: the program answered with an error that nobody can act on.
type wrong struct {
	invariant int
	what      string
	step      int
}

// history is one stream as it stands in the log, read again from its bytes.
type history struct {
	stream  store.Stream
	events  []store.Event
	records []care.Recorded
	checked int
	ledger  *ledger        // of a journey
	refused map[string]int // declined since it was last taken, by need
	contact care.Post      // of a person
	rights  rightsBook     // of a person's consents
}

func (t *trial) wrong(invariant int, format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	if len(t.wrongs) < 40 && !slices.ContainsFunc(t.wrongs, func(w wrong) bool { return w.invariant == invariant && w.what == what }) {
		t.wrongs = append(t.wrongs, wrong{invariant, what, t.steps})
	}
}

// check holds every invariant against what the store says now.
func (t *trial) check() {
	t.readLog()
	changed := t.changed
	t.changed = nil
	for _, st := range changed {
		h := t.streams[st]
		switch st.Kind() {
		case "unit":
			t.foldUnit(h)
		case "journey":
			t.checkActs(h)
		case "person":
			t.checkPersonActs(h)
		case "consent":
			t.checkRights(h)
		}
		h.checked = len(h.records)
		if err := store.VerifyChain(h.events); err != nil {
			t.wrong(35, "%s: %v", st, err)
		}
	}
	settled := t.settled()
	moved := !t.lastNow.Equal(t.w.clock.Now()) || slices.ContainsFunc(changed, func(st store.Stream) bool { return st.Kind() == "unit" })
	t.lastNow = t.w.clock.Now()
	for _, st := range sorted(t.byName) {
		h := t.byName[st]
		if !moved && !slices.Contains(changed, h.stream) {
			continue
		}
		switch h.stream.Kind() {
		case "journey":
			t.checkJourney(h, settled)
		case "person":
			t.checkPerson(h)
		}
	}
	t.checkAnyList()
	t.checkCounts()
	t.checkOpenings(settled)
	t.checkLooks()
}

// readLog reads what is new in the total order and keeps which streams changed.
func (t *trial) readLog() {
	for {
		events, err := t.w.store.Follow(t.w.ctx, t.position, 500)
		if err != nil {
			t.wrong(0, "following the log: %v", err)
			return
		}
		for _, e := range events {
			if e.Position <= t.position {
				t.wrong(35, "position %d follows %d", e.Position, t.position)
			}
			t.position = e.Position
			h := t.streams[e.Stream]
			if h == nil {
				h = &history{stream: e.Stream, ledger: newLedger(), refused: map[string]int{}}
				t.streams[e.Stream], t.byName[string(e.Stream)] = h, h
			}
			if e.Version != len(h.events)+1 {
				t.wrong(35, "%s: event %d follows event %d in the total order", e.Stream, e.Version, len(h.events))
			}
			h.events = append(h.events, e)
			if !slices.Contains(t.changed, e.Stream) {
				t.changed = append(t.changed, e.Stream)
			}
		}
		if len(events) < 500 {
			break
		}
	}
	for _, st := range t.changed {
		t.decode(t.streams[st])
	}
}

func (t *trial) decode(h *history) {
	words := map[string]*care.Vocabulary{"journey": journey.Events, "person": person.Events, "unit": directory.Events, "professional": directory.Events, "pathway": publication.Events, "consent": access.Events}
	loaded, err := t.w.store.Load(t.w.ctx, h.stream, 0)
	if err != nil || len(loaded) != len(h.events) {
		t.wrong(35, "%s has %d events in its stream and %d in the total order: %v", h.stream, len(loaded), len(h.events), err)
		return
	}
	for i := len(h.records); i < len(h.events); i++ {
		e := h.events[i]
		if loaded[i].Version != i+1 {
			t.wrong(35, "%s: version %d stands at place %d", h.stream, loaded[i].Version, i+1)
		}
		event, err := words[h.stream.Kind()].Decode(e.Type, e.Body)
		if err != nil {
			t.wrong(36, "%s event %d: %v", h.stream, e.Version, err)
			return
		}
		h.records = append(h.records, care.Recorded{
			Version: e.Version, Event: event, Happened: e.Happened, Learned: e.Learned,
			Actor: e.Actor, Post: e.Post, For: e.For, Command: e.Command,
		})
		if e.Command == "" || e.Actor.ID == "" || e.Learned.IsZero() || e.Happened.After(e.Learned) {
			t.wrong(39, "%s event %d (%s) has no cause: by %q with key %q, happened %s, learned %s", h.stream, e.Version, e.Type, e.Actor.ID, e.Command, e.Happened, e.Learned)
		}
	}
}

func (t *trial) foldUnit(h *history) {
	s := &directory.State{Unit: care.UnitID(h.stream.ID())}
	for _, r := range h.records {
		if err := directory.Evolve(s, r); err != nil {
			t.wrong(36, "%s does not fold: %v", h.stream, err)
			return
		}
	}
	t.town.units[s.Unit] = s
}

// settled reports whether every timer that is due has been answered.
func (t *trial) settled() bool {
	due, ok, err := t.w.nextDue()
	return err == nil && (!ok || due.After(t.w.clock.Now()))
}

// leading are the kinds of open thing that lead a journey on.
var leading = []care.ItemKind{
	care.StepItem, care.WaitItem, care.OfferItem, care.QuestionItem, care.InterventionItem, care.DecisionItem, care.ReviewItem,
}

// checkJourney holds a journey's rebuilt state, its rows and its timer against
// the ledger.
func (t *trial) checkJourney(h *history, settled bool) {
	state, err := journey.Fold(h.records)
	if err != nil {
		t.wrong(36, "%s does not fold: %v", h.stream, err)
		return
	}
	l, now := h.ledger, t.w.clock.Now()
	if err := journey.Check(state, t.cal); err != nil {
		t.wrong(36, "%s: %v", h.stream, err)
	}
	t.checkState(h, state)
	rows := t.checkRows(h)
	if l.status == journey.Running {
		t.checkResponsible(h)
		if !slices.ContainsFunc(rows, func(i care.Item) bool { return slices.Contains(leading, i.Kind) && !i.Due.IsZero() }) {
			t.wrong(9, "%s is open and nothing leads on", h.stream)
		}
	}
	for key, x := range l.open {
		if l.status == journey.Closed && x.kind != care.TellItem && x.kind != care.DecisionItem {
			t.wrong(17, "%s has ended and %s still runs", h.stream, key)
		}
		if x.due.IsZero() {
			t.wrong(9, "%s: %s has no date", h.stream, key)
		}
		t.checkStands(22, h.stream, key, x.post)
		if settled {
			t.checkClimbs(h, key, x, now)
		}
	}
	if settled {
		t.checkLimits(h, now)
	}
}

func (t *trial) checkStands(invariant int, st store.Stream, what string, post care.Post) {
	if who, _ := t.town.behind(post, t.w.clock.Now()); len(who) == 0 {
		t.wrong(invariant, "%s: nobody with a name stands behind %s of %s", st, post, what)
	}
}

// checkState compares the rebuilt state with the ledger.
func (t *trial) checkState(h *history, s *journey.State) {
	l := h.ledger
	if s.Status != l.status || s.Desk != l.desk || s.Pathway.String() != l.pathway.String() || s.Version != len(h.records) {
		t.wrong(36, "%s: the state is %s at %s on %s, the events say %s at %s on %s", h.stream, s.Status, s.Desk, s.Pathway, l.status, l.desk, l.pathway)
	}
	if s.Responsible != l.responsible {
		t.wrong(1, "%s: the state names %s as responsible, the events %s", h.stream, s.Responsible, l.responsible)
	}
	if len(s.Words) != l.words {
		t.wrong(26, "%s: %d contributions are left of %d", h.stream, len(s.Words), l.words)
	}
	for i, x := range l.steps {
		if st := s.Steps[i]; st.Live() != x.live || st.Owner != x.Owner || !st.Latest.Equal(x.Latest) {
			t.wrong(36, "%s: step %d (%s) is live %v with %s by %s, the events say %v, %s, %s", h.stream, i+1, x.ID, st.Live(), st.Owner, st.Latest, x.live, x.Owner, x.Latest)
		}
	}
	for i, x := range l.clocks {
		c := s.Clocks[i]
		if !c.Start.Equal(x.Start) || !c.Latest.Equal(x.Latest) || c.Live() != x.live || (c.State == journey.ClockLate) != x.late {
			t.wrong(14, "%s: the clock %s runs from %s to %s (%s), the events say from %s to %s", h.stream, x.ID, c.Start, c.Latest, c.State, x.Start, x.Latest)
		}
		if used, plain := c.UsedDays(t.cal, t.w.clock.Now()), c.PlainDays(t.cal, t.w.clock.Now()); used < 0 || used > plain {
			t.wrong(11, "%s: the clock %s has used %d of %d days", h.stream, x.ID, used, plain)
		}
	}
	if due, ok := journey.Due(s); ok != !l.due().IsZero() || ok && !due.Equal(l.due()) {
		t.wrong(17, "%s falls due %s, the events say %s", h.stream, due, l.due())
	}
}

// checkRows compares the worklist rows, the journey's line and the timer with
// the ledger, and answers the rows.
func (t *trial) checkRows(h *history) []care.Item {
	l := h.ledger
	want := map[string]care.Item{}
	for key, x := range l.open {
		want[key] = care.Item{Key: key, Kind: x.kind, Post: x.post, Due: x.due}
		seen := map[care.Post]bool{x.post: true}
		for n, r := range x.ladder[:min(x.climbed, len(x.ladder))] {
			if !seen[r.To] {
				seen[r.To] = true
				up := fmt.Sprintf("%s!/%d", key, n+1)
				want[up] = care.Item{Key: up, Kind: care.EscalationItem, Post: r.To, Due: x.due}
			}
		}
	}
	rows, _, err := t.w.store.Items(t.w.ctx, store.ItemQuery{Scope: store.Scope{All: true}, AnyPost: true, Stream: h.stream})
	if err != nil {
		t.wrong(0, "reading rows: %v", err)
	}
	var items []care.Item
	for _, row := range rows {
		i := row.Item
		items = append(items, i)
		w, ok := want[i.Key]
		delete(want, i.Key)
		switch {
		case !ok:
			t.wrong(39, "%s: the row %s stands on the list of %s and no event put it there", h.stream, i.Key, i.Post)
		case w.Post != i.Post:
			t.wrong(22, "%s: %s stands on the list of %s, its owner is %s", h.stream, i.Key, i.Post, w.Post)
		case w.Kind == care.WaitItem && !w.Due.Equal(i.Due):
			t.wrong(10, "%s: the wait %s is looked at again %s, a person said %s", h.stream, i.Key, i.Due, w.Due)
		case w.Kind != i.Kind || !w.Due.Equal(i.Due):
			t.wrong(36, "%s: the row %s is %s due %s, the events say %s due %s", h.stream, i.Key, i.Kind, i.Due, w.Kind, w.Due)
		case i.Version < 1 || i.Version > len(h.records):
			t.wrong(39, "%s: the row %s points at event %d of %d", h.stream, i.Key, i.Version, len(h.records))
		case row.Person != l.person:
			t.wrong(36, "%s: the row %s is about %s, the journey about %s", h.stream, i.Key, row.Person, l.person)
		}
	}
	for key, w := range want {
		invariant := 22
		if w.Kind == care.EscalationItem {
			invariant = 13
		}
		t.wrong(invariant, "%s: %s of %s stands on no list", h.stream, key, w.Post)
	}
	t.checkLine(h)
	return items
}

func (t *trial) checkLine(h *history) {
	l := h.ledger
	lines, err := t.w.store.Journeys(t.w.ctx, store.JourneyQuery{Scope: store.Scope{All: true}, Person: l.person})
	if err != nil {
		t.wrong(0, "reading journeys: %v", err)
	}
	i := slices.IndexFunc(lines, func(j store.Journey) bool { return j.Stream == h.stream })
	if i < 0 {
		t.wrong(24, "%s was opened and has no row", h.stream)
		return
	}
	j := lines[i]
	if j.Responsible != l.responsible {
		t.wrong(8, "%s: the row names %s as responsible, the events %s", h.stream, j.Responsible, l.responsible)
	}
	if j.Status != string(l.status) {
		t.wrong(36, "%s: the row says %s, the events %s", h.stream, j.Status, l.status)
	}
	if !j.Received.Equal(l.milestones[pathway.Received]) {
		t.wrong(14, "%s: the row counts from %s, the first receipt was %s", h.stream, j.Received, l.milestones[pathway.Received])
	}
	timer, has := t.timers[h.stream]
	if due := l.due(); has != !due.IsZero() || has && !timer.Equal(due) {
		t.wrong(17, "%s: its timer says %s, its events %s", h.stream, timer, due)
	}
}

// checkResponsible holds that the responsible post has a named person behind it
// who can see the journey.
func (t *trial) checkResponsible(h *history) {
	l, now := h.ledger, t.w.clock.Now()
	if l.responsible.Unit == "" || l.responsible.Role == "" {
		t.wrong(1, "%s has no responsible post", h.stream)
		return
	}
	who, where := t.town.behind(l.responsible, now)
	if len(who) == 0 {
		t.wrong(1, "%s: nobody with a name stands behind %s", h.stream, l.responsible)
		return
	}
	got, at, ok := t.w.service.Directory().Resolve(l.responsible, now)
	slices.Sort(got)
	if !ok || at != where || !slices.Equal(got, who) {
		t.wrong(4, "%s: behind %s the directory finds %v at %s, the units' own streams say %v at %s", h.stream, l.responsible, got, at, who, where)
		return
	}
	relations, err := t.w.store.Relations(t.w.ctx, l.person)
	if err != nil {
		t.wrong(0, "reading relations: %v", err)
	}
	if !slices.ContainsFunc(relations, func(r store.Relation) bool {
		return r.Stream == h.stream && r.Unit == l.responsible.Unit && r.Until.IsZero()
	}) {
		t.wrong(4, "%s: the responsible unit %s may not see it", h.stream, l.responsible.Unit)
	}
	if t.faults.IntN(8) == 0 {
		me := professional(who[0], where)
		if _, err := casework.View(t.w.ctx, t.w.service, me, casework.Journeys{Limit: 500}); err != nil {
			t.wrong(4, "%s: %s at %s may not look: %v", h.stream, who[0], where, err)
		}
	}
}

// checkClimbs holds that what is late is marked and climbs in time, to a named
// person at last.
func (t *trial) checkClimbs(h *history, key string, x entry, now time.Time) {
	if x.due.After(now) {
		return
	}
	if x.kind == care.OfferItem {
		t.wrong(3, "%s: %s was not answered by %s and is still an offer", h.stream, key, x.due)
		return
	}
	if x.late.IsZero() {
		t.wrong(13, "%s: %s of %s has been due since %s and nobody marked it", h.stream, key, x.post, x.due)
		return
	}
	if len(x.ladder) == 0 || x.ladder[len(x.ladder)-1].To.Role != care.Lead {
		t.wrong(13, "%s: %s climbs to no named person: %v", h.stream, key, x.ladder)
		return
	}
	bound := t.cal.EndOf(t.cal.Add(t.cal.Date(x.late), care.Span{N: 10, Unit: care.WorkingDays}))
	for n, r := range x.ladder {
		if r.At.After(bound) {
			t.wrong(13, "%s: %s reaches %s only at %s, due was %s", h.stream, key, r.To, r.At, x.due)
		}
		if !r.At.After(now) && x.climbed < n+1 {
			t.wrong(13, "%s: %s should have reached %s at %s", h.stream, key, r.To, r.At)
		}
		t.checkStands(13, h.stream, key, r.To)
	}
}

// checkLimits holds that a limit that has passed is seen, and that the patient
// is owed a contact.
func (t *trial) checkLimits(h *history, now time.Time) {
	l := h.ledger
	if l.status != journey.Running {
		return
	}
	for _, c := range l.clocks {
		if c.live && !c.Latest.After(now) && !c.late {
			t.wrong(13, "%s: the limit %s passed at %s and nobody marked it", h.stream, c.ID, c.Latest)
		}
	}
	_, answered := l.milestones["referral-answered"]
	_, refers := t.definitions[l.pathway.String()].Milestone("referral-answered")
	if answered || !refers || l.origin == journey.Imported {
		return // in primary care nobody is referred yet, so that nothing is answered
	}
	limit := latestByHand(t.cal, l.milestones[pathway.Received], care.Span{N: 10, Unit: care.WorkingDays}, nil)
	if limit.After(now) {
		return
	}
	i := slices.IndexFunc(l.clocks, func(c ledgerClock) bool { return c.Kind == pathway.LawClock && c.ID == "answer" && c.live })
	if i < 0 || !l.clocks[i].late {
		t.wrong(20, "%s: not answered within ten working days of %s, and its limit is not late", h.stream, l.milestones[pathway.Received])
	}
}

// checkAnyList takes one open thing and holds that whoever stands behind its
// post finds it on their own worklist.
func (t *trial) checkAnyList() {
	rows, _, err := t.w.store.Items(t.w.ctx, store.ItemQuery{Scope: store.Scope{All: true}, AnyPost: true})
	if err != nil || len(rows) == 0 {
		return
	}
	row := rows[t.faults.IntN(len(rows))]
	who, where := t.town.behind(row.Item.Post, t.w.clock.Now())
	// Whom the patient keeps out finds nothing; that has checks of its own.
	who = slices.DeleteFunc(who, func(id string) bool {
		return t.denied(row.Person, t.asker(professional(id, where)), row.Stream.ID(), false)
	})
	if len(who) == 0 {
		return // said elsewhere
	}
	page, err := casework.View(t.w.ctx, t.w.service, professional(who[0], where), casework.WorkQuery{Size: 200})
	if err != nil {
		t.wrong(22, "%s at %s cannot open the worklist that holds %s: %v", who[0], where, row.Item.Key, err)
		return
	}
	// What climbed to somebody who has it on the list already stands there once.
	below, _, climbed := strings.Cut(row.Item.Key, "!")
	found := slices.ContainsFunc(page.Rows, func(r casework.WorkRow) bool {
		key, _, _ := strings.Cut(r.Item.Key, "!")
		return (r.Item.Key == row.Item.Key || climbed && key == below) && r.Stream == row.Stream.Kind() && r.Person == row.Person && (r.Stream != "journey" || r.Journey == row.Stream.ID())
	})
	if !found && page.Total <= 200 {
		t.wrong(22, "%s %s of %s is on no list that %s reads at %s", row.Stream, row.Item.Key, row.Item.Post, who[0], where)
	}
}

// checkCounts holds that nothing that was opened is gone.
func (t *trial) checkCounts() {
	opened := 0
	for st := range t.streams {
		if st.Kind() == "journey" {
			opened++
		}
	}
	lines, err := t.w.store.Journeys(t.w.ctx, store.JourneyQuery{Scope: store.Scope{All: true}})
	if err != nil || len(lines) != opened {
		t.wrong(24, "%d journeys were opened, %d have a row: %v", opened, len(lines), err)
	}
}

// checkWhole is what takes longer: every chain, every row and every timer, and
// a rebuild to the same rows.
func (t *trial) checkWhole() {
	audit, err := t.w.service.Verify(t.w.ctx)
	if err != nil {
		t.wrong(36, "verify: %v", err)
		return
	}
	for _, f := range audit.Findings {
		t.wrong(36, "verify: %s: %s", f.Stream, f.What)
	}
	before := t.dump()
	if _, err := t.w.service.Rebuild(t.w.ctx); err != nil {
		t.wrong(36, "rebuild: %v", err)
		return
	}
	if after := t.dump(); before != after {
		t.wrong(36, "rebuilt, the rows are others: %s", firstOther(before, after))
	}
}

// dump is every row and timer as text.
func (t *trial) dump() string {
	var b strings.Builder
	for _, table := range sorted(store.Columns) {
		err := t.w.store.Rows(t.w.ctx, table, func(key store.RowKey, values []any) error {
			fmt.Fprintln(&b, table, key.Stream, key.Key, values)
			return nil
		})
		if err != nil {
			t.wrong(0, "reading %s: %v", table, err)
		}
	}
	if err := t.w.store.Timers(t.w.ctx, func(x store.Timer) error {
		fmt.Fprintln(&b, "timer", x.Stream, x.Due.UnixMicro())
		return nil
	}); err != nil {
		t.wrong(0, "reading timers: %v", err)
	}
	return b.String()
}

func firstOther(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + " became " + y[i]
		}
	}
	return fmt.Sprintf("%d lines became %d", len(x), len(y))
}
