package simulation

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"forlop/care"
	notice "forlop/care/messaging"
	"forlop/casework"
	"forlop/store"
)

// figures are those of one working day.
type figures struct {
	day care.Date
	// opened are rows that came to the clinic's list since the day before; worked are
	// those that were taken, and acts everything that was recorded.
	opened, worked, acts int
	// notices are what patients are to know; letters, calls and mails how they were told.
	notices, letters, calls, mails int
	// length is the list in the morning; twice, how many rows of it stand for
	// something that another row stands for as well.
	length, twice int
}

// cause is what a row is there for.
type cause struct {
	stream store.Stream
	kind   care.ItemKind
	ref    string
	post   care.Post
}

// shut is when a row was closed, and how many acts its stream had seen by then.
type shut struct {
	at   time.Time
	acts int
}

// soonAgain is how soon a row that comes again is looked at as the same.
const soonAgain = 14 * 24 * time.Hour

// tally counts what comes to the list.
type tally struct {
	c        *clinic
	position int64
	rows     map[store.Stream]map[string]care.Item
	acted    map[store.Stream]int
	last     map[cause]shut
	received int
	// reached are those who had a letter or a call today; changes counts the days
	// on which something changed for somebody who reads no pages.
	reached map[care.PersonKey]bool
	changes int
	all     []figures
	figures
	// opens are the rows that came, by the day and by what they are about.
	opens                                           []map[string]int
	byRef, again, doubled, itself, nobody, refusals map[string]int
}

func newTally(c *clinic) *tally {
	return &tally{
		c: c, opens: []map[string]int{{}}, rows: map[store.Stream]map[string]care.Item{}, acted: map[store.Stream]int{}, last: map[cause]shut{}, reached: map[care.PersonKey]bool{},
		byRef: map[string]int{}, again: map[string]int{}, doubled: map[string]int{}, itself: map[string]int{}, nobody: map[string]int{}, refusals: map[string]int{},
	}
}

// end keeps the figures of a day. What comes after it, in the night or over a
// weekend, is counted to the next morning.
func (t *tally) end(d care.Date) {
	t.day = d
	t.all = append(t.all, t.figures)
	t.figures, t.opens = figures{}, append(t.opens, map[string]int{})
}

// follow reads what was recorded since the last time, and what that made of the
// list.
func (t *tally) follow() {
	t.c.t.Helper()
	acted, hers := map[store.Stream]bool{}, map[store.Stream]bool{}
	for {
		events, err := t.c.w.store.Follow(t.c.w.ctx, t.position, 500)
		if err != nil {
			t.c.t.Fatal(err)
		}
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			t.position = e.Position
			acted[e.Stream] = acted[e.Stream] || e.Actor.Kind != care.System
			hers[e.Stream] = hers[e.Stream] || e.Actor.ID == kari.Actor.ID
			t.told(e)
		}
	}
	for _, st := range slices.Sorted(maps.Keys(acted)) {
		if acted[st] {
			t.acted[st]++
		}
		t.compare(st, acted[st], hers)
	}
}

// notice counts what patients are told, and lets one who reads the page come to
// it: six of ten within a day, a few after more than a week (assumed).
func (t *tally) told(e store.Event) {
	if e.Stream.Kind() != "notice" {
		return
	}
	event, err := notice.Events.Decode(e.Type, e.Body)
	if err != nil {
		t.c.t.Fatal(err)
	}
	switch event.(type) {
	case notice.Raised:
		t.notices++
		if p := t.c.patients[care.PersonKey(e.Stream.ID())]; p.channel == care.ByPage && p.opens.IsZero() && !t.c.silent {
			wait := time.Duration(1+t.c.page.IntN(22)) * time.Hour
			switch n := t.c.page.IntN(10); {
			case n >= 9:
				wait = time.Duration(7+t.c.page.IntN(7)) * 24 * time.Hour
			case n >= 6:
				wait = time.Duration(1+t.c.page.IntN(4)) * 24 * time.Hour
			}
			p.opens = e.Learned.Add(wait)
		}
	case notice.Posted:
		t.letters++
		t.reached[care.PersonKey(e.Stream.ID())] = true
	case notice.Called:
		t.calls++
		t.reached[care.PersonKey(e.Stream.ID())] = true
	case notice.Attempted:
		t.mails++
	}
}

// compare looks at what a stream has on the list now.
func (t *tally) compare(st store.Stream, acted bool, hers map[store.Stream]bool) {
	t.c.t.Helper()
	items, _, err := t.c.w.store.Items(t.c.w.ctx, store.ItemQuery{Scope: store.Scope{All: true}, AnyPost: true, Stream: st})
	if err != nil {
		t.c.t.Fatal(err)
	}
	now := map[string]care.Item{}
	for _, i := range items {
		if i.Item.Post.Role != care.Lead {
			now[i.Item.Key] = i.Item
		}
	}
	before := t.rows[st]
	for key, i := range before {
		if _, open := now[key]; !open {
			t.last[causeOf(st, i)] = shut{t.c.now(), t.acted[st]}
			if !hers[st] {
				t.itself[rowName(st, i)]++
			}
		}
	}
	for key, i := range now {
		if _, open := before[key]; open {
			continue
		}
		t.opened++
		t.byRef[rowName(st, i)]++
		t.opens[len(t.all)][rowName(st, i)]++
		was, closed := t.last[causeOf(st, i)]
		if closed && t.c.now().Sub(was.at) < soonAgain && was.acts == t.acted[st] && !(acted && (i.Kind == care.TellItem || i.Kind == care.ReviewItem)) {
			t.again[rowName(st, i)]++
		}
	}
	t.rows[st] = now
}

func causeOf(st store.Stream, i care.Item) cause {
	return cause{stream: st, kind: i.Kind, ref: i.Ref, post: i.Post}
}

func rowName(st store.Stream, i care.Item) string {
	return fmt.Sprintf("%s %s: %s", st.Kind(), i.Kind, i.Ref)
}

// length counts the list as Kari sees it, and what stands there twice.
func (t *tally) morning(rows []casework.WorkRow) {
	t.figures.length = max(t.figures.length, len(rows))
	seen := map[string]int{}
	for _, r := range rows {
		id := r.Stream + "/" + r.Journey + string(r.Person) + " " + strings.TrimSuffix(ownKey(r.Item.Key), "!")
		if seen[id]++; seen[id] > 1 {
			t.twice++
			t.doubled[fmt.Sprintf("%s %s at %s", r.Item.Kind, r.Item.Ref, r.Item.Post)]++
		}
	}
}

// spread is the middle, the ninetieth hundredth and the most of a figure.
func (t *tally) spread(of func(figures) int) (median, p90, most int) {
	var all []int
	for _, f := range t.all {
		all = append(all, of(f))
	}
	slices.Sort(all)
	n := len(all)
	return all[n/2], all[n*9/10], all[n-1]
}

// print says what was counted.
func (t *tally) print() {
	t.c.t.Helper()
	for _, f := range []struct {
		name string
		of   func(figures) int
	}{
		{"new rows on the list", func(f figures) int { return f.opened }},
		{"rows worked", func(f figures) int { return f.worked }},
		{"things recorded", func(f figures) int { return f.acts }},
		{"rows on the list in the morning", func(f figures) int { return f.length }},
		{"rows that stand there twice", func(f figures) int { return f.twice }},
		{"news for patients", func(f figures) int { return f.notices }},
		{"letters", func(f figures) int { return f.letters }},
		{"calls", func(f figures) int { return f.calls }},
		{"mails", func(f figures) int { return f.mails }},
	} {
		median, p90, most := t.spread(f.of)
		t.c.t.Logf("%-32s median %3d, p90 %3d, most %3d a working day", f.name, median, p90, most)
	}
	busy, over := 0, 0
	for i, f := range t.all {
		if f.opened > mostRows {
			over++
		}
		if f.opened > t.all[busy].opened {
			busy = i
		}
	}
	t.c.t.Logf("more than %d on %d days; the busiest: %s with %d: %s", mostRows, over, t.all[busy].day, t.all[busy].opened, counted(t.opens[busy]))
	t.c.t.Logf("%d working days, %d journeys; rows: %s", len(t.all), len(t.c.persons), counted(t.byRef))
	t.c.t.Logf("again for the same cause: %s", counted(t.again))
	t.c.t.Logf("twice on the list: %s", counted(t.doubled))
	t.c.t.Logf("gone without her: %s", counted(t.itself))
	t.c.t.Logf("nobody knows what to do: %s", counted(t.nobody))
	t.c.t.Logf("refused: %s", counted(t.refusals))
}

// counted are counts, the most first.
func counted(m map[string]int) string {
	keys := slices.Sorted(maps.Keys(m))
	slices.SortStableFunc(keys, func(a, b string) int { return m[b] - m[a] })
	var out []string
	for _, k := range keys {
		out = append(out, fmt.Sprintf("%s × %d", k, m[k]))
	}
	if out == nil {
		return "none"
	}
	return strings.Join(out, "; ")
}
