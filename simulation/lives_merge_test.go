package simulation

import (
	"fmt"
	"slices"
	"strings"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/store"
)

// checkAppend holds, of an append in which somebody accepts, that whoever is
// responsible after it can see the journey: nothing else has been written yet.
func (t *trial) checkAppend(a store.Append) {
	for _, w := range a.Writes {
		if !slices.ContainsFunc(w.Events, func(e store.Event) bool { return e.Type == journey.OfferAccepted{}.Type() }) {
			continue
		}
		events, err := t.disk.Store.Load(t.w.ctx, w.Stream, 0)
		if err != nil {
			t.wrong(0, "reading %s: %v", w.Stream, err)
			continue
		}
		l := newLedger()
		for _, e := range events {
			event, err := journey.Events.Decode(e.Type, e.Body)
			if err != nil {
				t.wrong(36, "%s event %d: %v", w.Stream, e.Version, err)
				return
			}
			l.read(care.Recorded{Version: e.Version, Event: event, Happened: e.Happened, Learned: e.Learned, Actor: e.Actor, Post: e.Post, For: e.For, Command: e.Command})
		}
		relations, err := t.disk.Store.Relations(t.w.ctx, l.person)
		if err != nil {
			t.wrong(0, "reading relations: %v", err)
		}
		if !slices.ContainsFunc(relations, func(r store.Relation) bool {
			return r.Stream == w.Stream && r.Unit == l.responsible.Unit && r.Basis == string(access.TakesPart) && r.Until.IsZero()
		}) {
			t.wrong(27, "%s: %s has accepted and may not see it", w.Stream, l.responsible)
		}
	}
}

// mergeOrPart makes two records one person's, and mostly two again at once, as
// when it was a mistake. Some are lived with as one.
func (t *trial) mergeOrPart() {
	for _, p := range t.persons {
		if into := t.mergedInto(p); into != "" && t.rights.IntN(3) == 0 {
			who, _ := t.speaking(t.contactOf(p).Unit)
			t.send(casework.Order{Who: t.loggedIn(who), Target: string(p), Command: person.Unmerge{Other: into}})
			return
		}
	}
	from := one(t, t.persons)
	// Mostly one who keeps somebody out: that must hold for both.
	for range 3 {
		if len(t.bookOf(from).blocks) > 0 {
			break
		}
		from = one(t, t.persons)
	}
	// Whoever merges must have a basis in both.
	near := slices.DeleteFunc(slices.Clone(t.persons), func(p care.PersonKey) bool {
		return p == from || t.contactOf(p).Unit != t.contactOf(from).Unit
	})
	if len(near) == 0 {
		return
	}
	into := one(t, near)
	who, _ := t.speaking(t.contactOf(from).Unit)
	who = t.loggedIn(who)
	before, at, struck := t.rightsRows(from, into), t.w.clock.Now(), t.blows
	if _, done := t.send(casework.Order{Who: who, Target: string(from), Command: person.MergeInto{Into: into}}); !done {
		return
	}
	t.merged++
	t.checkMerged(from, into)
	t.checkMerged(into, from)
	if t.rights.IntN(4) == 0 {
		return
	}
	if _, done := t.send(casework.Order{Who: who, Target: string(from), Command: person.Unmerge{Other: into}}); !done {
		return // whoever merged them may be kept out by the other's block
	}
	if !t.w.clock.Now().Equal(at) || t.blows != struck {
		return // time has passed meanwhile
	}
	if after := t.rightsRows(from, into); after != before {
		t.wrong(41, "%s was merged into %s and parted again: %s", from, into, firstOther(before, after))
	}
}

func (t *trial) mergedInto(p care.PersonKey) care.PersonKey {
	h := t.byName["person/"+string(p)]
	if h == nil {
		return ""
	}
	var into care.PersonKey
	for _, r := range h.records {
		switch e := r.Event.(type) {
		case person.MergedInto:
			into = e.Into
		case person.Unmerged:
			if e.Other == into {
				into = ""
			}
		}
	}
	return into
}

// checkMerged holds that what is held back from one record is held back from the
// other, and that no relative acts on what was said before.
func (t *trial) checkMerged(p, with care.PersonKey) {
	standing := 0
	for _, x := range t.bookOf(p).blocks {
		if x.stands {
			standing++
		}
	}
	for _, about := range []care.PersonKey{p, with} {
		held := 0
		err := t.w.store.Rows(t.w.ctx, store.TableDeny, func(key store.RowKey, values []any) error {
			if key.Stream == store.StreamOf("consent", string(p)) && fmt.Sprint(values[0]) == string(about) {
				held++
			}
			return nil
		})
		if err != nil || held != standing {
			t.wrong(41, "%d blocks of %s stand, and %d hold for %s: %v", standing, p, held, about, err)
		}
	}
	t.readLog()
	h := t.byName["consent/"+string(p)]
	if h == nil {
		return
	}
	s := &access.State{Person: p}
	for _, r := range h.records {
		if err := access.Evolve(s, r); err != nil {
			t.wrong(36, "%s does not fold: %v", h.stream, err)
			return
		}
	}
	for _, x := range s.Proxies {
		if x.Status == access.ProxyActive {
			t.wrong(41, "%s: proxy %d still holds after the merge, and nobody was asked anew", h.stream, x.Number)
		}
	}
}

// rightsRows are the rows that two persons' access and lists rest on.
func (t *trial) rightsRows(people ...care.PersonKey) string {
	var lines []string
	for _, table := range []string{store.TableRelation, store.TableDeny, store.TableJourney, store.TableItem} {
		err := t.w.store.Rows(t.w.ctx, table, func(key store.RowKey, values []any) error {
			line := fmt.Sprint(key, values)
			for _, p := range people {
				if strings.Contains(line, string(p)) {
					lines = append(lines, line)
					return nil
				}
			}
			return nil
		})
		if err != nil {
			t.wrong(0, "reading %s: %v", table, err)
		}
	}
	return strings.Join(lines, "\n")
}
