package simulation

import (
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// oversees is the unit whose privacy officers judge what was opened.
const oversees care.UnitID = "trust"

// officers judge openings and erase by two.
var officers = []string{"ada", "ivar"}

// staff are those who may act and look in a random life.
var staff = []string{"kari", "turid", "nils", "tone", "per", "eva", "siri", "finn", "unni", "dag", "nina", "ada", "ivar", "astrid"}

// loggedIn is somebody who has just proved who they are.
func (t *trial) loggedIn(w casework.Who) casework.Who {
	w.Login = casework.Login{At: t.w.clock.Now(), Level: "high"}
	return w
}

func (t *trial) patient(p care.PersonKey) casework.Who {
	return t.loggedIn(casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(p)}})
}

func (t *trial) relative(own, of care.PersonKey) casework.Who {
	return t.loggedIn(casework.Who{Actor: care.Actor{Kind: care.Relative, ID: string(own)}, Represents: of})
}

// anyStaff is one who works, at one of the posts they hold now; false where they
// hold none.
func (t *trial) anyStaff() (casework.Who, bool) {
	id := one(t, staff)
	posts := t.town.posts(id, t.w.clock.Now())
	if len(posts) == 0 {
		return casework.Who{}, false
	}
	return t.loggedIn(professional(id, one(t, posts))), true
}

// one takes one of a list, by the chance that moves permissions.
func one[T any](t *trial, list []T) T { return list[t.rights.IntN(len(list))] }

// actOnAccess changes who may see and do what about a person, as the person,
// relatives and staff do: mostly as it should be, now and then not.
func (t *trial) actOnAccess() {
	p := one(t, t.persons)
	b := t.bookOf(p)
	order := casework.Order{Who: t.patient(p), Target: string(p)}
	day := func() care.Date { return t.today().AddDays(t.rights.IntN(60) - 2) }
	parts := func() []access.Part {
		if t.rights.IntN(2) == 0 {
			return []access.Part{one(t, access.Parts)}
		}
		return slices.DeleteFunc(slices.Clone(access.Parts), func(access.Part) bool { return t.rights.IntN(4) == 0 })
	}
	other := one(t, t.persons)
	number := func(n int) int { return 1 + t.rights.IntN(n+1) }
	switch n := t.rights.IntN(27); n {
	case 0, 1, 2:
		c := access.Block{Strength: access.Closed}
		switch t.rights.IntN(4) {
		case 0:
			c.Against.Professional, c.Strength = one(t, staff), access.Shut
		case 1:
			c.Against.Professional = one(t, staff)
		case 2:
			c.Against.Unit = one(t, t.w.service.Directory().All())
		default:
			c.Against.But = one(t, []care.UnitID{"trust", "clinic", "practice"})
		}
		if mine := t.journeysOf(p); len(mine) > 0 && t.rights.IntN(3) == 0 {
			c.Journey = one(t, mine).stream.ID()
		}
		order.Command = c
	case 3:
		order.Command = access.LiftBlock{Block: number(len(b.blocks))}
	case 4:
		order.Command = access.GiveConsent{Unit: one(t, t.w.service.Directory().All()), Until: day()}
	case 5:
		order.Command = access.WithdrawConsent{Consent: number(len(b.consents))}
	case 6, 7:
		order.Command = access.OfferProxy{To: other, Parts: parts(), Until: day()}
	case 8, 9, 10:
		x := number(len(b.proxies))
		if t.rights.IntN(4) > 0 {
			x = max(1, len(b.proxies))
		}
		to := other
		if x <= len(b.proxies) {
			to = b.proxies[x-1].to
		}
		order.Who, order.Command = t.relative(to, ""), access.AcceptProxy{Proxy: x}
		if n == 10 && t.rights.IntN(2) == 0 {
			order.Command = access.DeclineProxy{Proxy: x}
		}
	case 11:
		order.Command = access.RevokeProxy{Proxy: number(len(b.proxies))}
	case 12:
		order.Command = access.RenewProxy{Proxy: number(len(b.proxies)), Until: day()}
		if x := number(len(b.proxies)); x <= len(b.proxies) && t.rights.IntN(2) == 0 {
			order.Command = access.LimitProxy{Proxy: x, Parts: b.proxies[x-1].parts[:1]}
		}
	case 13, 14:
		who, _ := t.speaking(t.contactOf(p).Unit)
		order.Who, order.For = t.loggedIn(who), &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByPhone}
		order.Command = access.RecordProxy{To: other, Parts: parts(), Until: day()}
	case 15, 16, 17:
		who, ok := t.anyStaff()
		if !ok {
			return
		}
		words := ""
		if t.rights.IntN(4) > 0 {
			words = "Bevisstløs i mottak."
		}
		order.Who, order.Command = who, access.OpenRecord{Why: one(t, access.OpeningReasons), Words: words, Hours: t.rights.IntN(6)}
	case 18:
		who, ok := t.anyStaff()
		if !ok {
			return
		}
		if x := number(len(b.openings)); x <= len(b.openings) && t.rights.IntN(2) == 0 {
			who.Actor.ID = b.openings[x-1].Professional
		}
		order.Who, order.Command = who, access.CloseOpening{Opening: number(len(b.openings))}
	case 19, 20:
		// The one who opened may try to judge it, too.
		x := number(len(b.openings))
		who := t.loggedIn(professional(one(t, officers), care.Post{Unit: oversees, Role: care.PrivacyOfficer}))
		if x <= len(b.openings) && t.rights.IntN(3) == 0 {
			who = t.loggedIn(professional(b.openings[x-1].Professional, b.openings[x-1].Review))
		}
		order.Who, order.Command = who, access.ReviewOpening{Opening: x, Verdict: access.Justified, Words: "Vurdert."}
	case 21, 22, 23, 24, 25:
		t.mergeOrPart()
		return
	default:
		who, _ := t.speaking(t.contactOf(p).Unit)
		order.Who, order.Command = t.loggedIn(who), access.ProtectAddress{Kind: access.Strict}
		if b.protected {
			order.Command = access.UnprotectAddress{}
		} else if t.rights.IntN(3) > 0 {
			return // it is rare
		}
	}
	t.send(order)
}

func (t *trial) contactOf(p care.PersonKey) care.Post {
	if h := t.byName["person/"+string(p)]; h != nil {
		return h.contact
	}
	return care.Post{}
}

// journeysOf are the journeys about a person, in the order of their names.
func (t *trial) journeysOf(p care.PersonKey) []*history {
	var all []*history
	for _, name := range sorted(t.byName) {
		if h := t.byName[name]; h.stream.Kind() == "journey" && h.ledger.person == p {
			all = append(all, h)
		}
	}
	return all
}

// A rightsBook is what one person's consent stream says by its events' documented
// meaning alone. It shares nothing with the state that decisions read.
type rightsBook struct {
	blocks    []bookBlock
	consents  []bookConsent
	proxies   []bookProxy
	openings  []bookOpening
	protected bool
	// over says that the person died: nothing rests on their word.
	over bool
	with []care.PersonKey
}

type bookBlock struct {
	access.Blocked
	stands bool
}

type bookConsent struct {
	access.ConsentGiven
	holds bool
}

type bookProxy struct {
	to    care.PersonKey
	parts []access.Part
	ends  time.Time
	holds bool
	rests bool
}

type bookOpening struct {
	access.RecordOpened
	by           care.Actor
	words        bool
	from         time.Time
	open, judged bool
}

// bookOf is what a person's consent stream says.
func (t *trial) bookOf(p care.PersonKey) *rightsBook {
	if h := t.byName["consent/"+string(p)]; h != nil {
		return &h.rights
	}
	return &rightsBook{}
}

// checkRights reads what is new in a consent stream.
func (t *trial) checkRights(h *history) {
	for _, a := range t.acts(h) {
		for n, r := range a.records {
			text := h.events[a.first+n].Sealed != nil
			t.checkRight(h, &h.rights, r, text)
			h.rights.read(r, text)
		}
	}
}

func (b *rightsBook) read(r care.Recorded, text bool) {
	switch e := r.Event.(type) {
	case access.Blocked:
		b.blocks = append(b.blocks, bookBlock{e, true})
	case access.BlockLifted:
		b.blocks[e.Block-1].stands = false
	case access.ConsentGiven:
		b.consents = append(b.consents, bookConsent{e, true})
	case access.ConsentWithdrawn:
		b.consents[e.Consent-1].holds = false
	case access.ConsentEnded:
		b.consents[e.Consent-1].holds = false
	case access.ProxyOffered:
		b.proxies = append(b.proxies, bookProxy{to: e.To, parts: e.Parts, ends: e.Ends})
	case access.ProxyRecorded:
		b.proxies = append(b.proxies, bookProxy{to: e.To, parts: e.Parts, ends: e.Ends, holds: true})
	case access.ProxyAccepted:
		b.proxies[e.Proxy-1].holds = true
	case access.ProxyLimited:
		b.proxies[e.Proxy-1].parts = e.Parts
	case access.ProxyRenewed:
		x := &b.proxies[e.Proxy-1]
		x.parts, x.ends, x.holds, x.rests = e.Parts, e.Ends, true, false
	case access.ProxyEnded:
		x := &b.proxies[e.Proxy-1]
		x.holds, x.rests = false, false
	case access.ProxiesAskedAnew:
		for _, n := range e.Proxies {
			b.proxies[n-1].holds, b.proxies[n-1].rests = false, true
		}
	case access.ProxiesRestored:
		for i := range b.proxies {
			if b.proxies[i].rests {
				b.proxies[i].holds, b.proxies[i].rests = true, false
			}
		}
	case access.RecordOpened:
		b.openings = append(b.openings, bookOpening{RecordOpened: e, by: r.Actor, words: text, from: r.Learned, open: true})
	case access.OpeningClosed:
		b.openings[e.Opening-1].open = false
	case access.OpeningEnded:
		b.openings[e.Opening-1].open = false
	case access.OpeningReviewed:
		b.openings[e.Opening-1].judged = true
	case access.AddressProtected:
		b.protected = true
	case access.AddressUnprotected:
		b.protected = false
	case access.AllEnded:
		b.over = true
	case access.Reopened:
		b.over = false
	case access.RecordJoined:
		b.with = append(b.with, e.With)
	case access.RecordParted:
		b.with = slices.DeleteFunc(b.with, func(p care.PersonKey) bool { return p == e.With })
	}
}

// opened reports whether a professional has the record open.
func (b *rightsBook) opened(who string, at time.Time) bool {
	return !b.over && slices.ContainsFunc(b.openings, func(o bookOpening) bool {
		return o.open && o.Professional == who && during(o.from, o.Ends, at)
	})
}

// covers are the parts that a relative may see and do.
func (b *rightsBook) covers(relative care.PersonKey, at time.Time) []access.Part {
	var parts []access.Part
	for _, x := range b.proxies {
		if x.holds && x.to == relative && at.Before(x.ends) && !b.over && !b.protected {
			parts = append(parts, x.parts...)
		}
	}
	return parts
}

// asker is a professional with the units they answer for and all above those.
type asker struct {
	who           casework.Who
	units, around []care.UnitID
}

func (t *trial) asker(who casework.Who) asker {
	a := asker{who: who, units: t.town.answersFor(who.Actor.ID, t.w.clock.Now())}
	for _, u := range a.units {
		for id := u; id != "" && !slices.Contains(a.around, id); {
			a.around = append(a.around, id)
			s, ok := t.town.units[id]
			if !ok {
				break
			}
			id = s.Parent
		}
	}
	return a
}

// denied says whether a block keeps somebody from a journey; one says that they
// ask about the one person, where a consent and an opening count. On a list
// nothing lifts a block.
func (t *trial) denied(p care.PersonKey, a asker, journey string, one bool) bool {
	now := t.w.clock.Now()
	mine := t.bookOf(p)
	lifted := one && !mine.over && (mine.opened(a.who.Actor.ID, now) || slices.ContainsFunc(mine.consents, func(c bookConsent) bool {
		return c.holds && now.Before(c.Ends) && slices.Contains(a.units, c.Unit)
	}))
	books := []*rightsBook{mine}
	for _, with := range mine.with {
		books = append(books, t.bookOf(with))
	}
	for _, b := range books {
		for _, x := range b.blocks {
			against := x.Against
			meets := against.Professional == a.who.Actor.ID || against.Unit != "" && slices.Contains(a.around, against.Unit) ||
				against.But != "" && len(a.units) > 0 && !slices.Contains(a.around, against.But)
			if x.stands && meets && (x.Journey == "" || x.Journey == journey) && !(lifted && x.Strength == access.Closed) {
				return true
			}
		}
	}
	return false
}

// checkRight holds what one new event about permissions must be by itself, before
// the book has read it.
func (t *trial) checkRight(h *history, b *rightsBook, r care.Recorded, text bool) {
	switch e := r.Event.(type) {
	case access.RecordOpened:
		hours := e.Ends.Sub(r.Learned)
		switch {
		case !text:
			t.wrong(32, "%s: opening %d says no reason", h.stream, e.Opening)
		case hours <= 0 || hours > 4*time.Hour:
			t.wrong(32, "%s: opening %d lasts %s", h.stream, e.Opening, hours)
		case r.Actor.Kind != care.Professional || r.Actor.ID != e.Professional || r.For != nil:
			t.wrong(32, "%s: opening %d of %s was made by %s", h.stream, e.Opening, e.Professional, r.Actor.ID)
		case e.ReviewBy.IsZero() || e.Review.IsZero():
			t.wrong(32, "%s: nobody judges opening %d", h.stream, e.Opening)
		}
		shut := func(x bookBlock) bool {
			return x.stands && x.Strength == access.Shut && x.Against.Professional == e.Professional
		}
		if slices.ContainsFunc(b.blocks, shut) {
			t.wrong(29, "%s: an emergency opened what is shut to %s", h.stream, e.Professional)
		}
	case access.OpeningReviewed:
		if b.openings[e.Opening-1].Professional == r.Actor.ID || r.Actor.Kind != care.Professional {
			t.wrong(32, "%s: opening %d was judged by %s, who opened it", h.stream, e.Opening, r.Actor.ID)
		}
	case access.ProxyOffered:
		if e.To == care.PersonKey(h.stream.ID()) || b.protected || t.bookOf(e.To).protected {
			t.wrong(31, "%s: %s is offered to act, and cannot be", h.stream, e.To)
		}
	case access.ProxyRecorded:
		if e.To == care.PersonKey(h.stream.ID()) || b.protected || t.bookOf(e.To).protected {
			t.wrong(31, "%s: %s may act, and cannot be let", h.stream, e.To)
		}
	}
}
