package casework

import (
	"fmt"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// consentKind is the stream of what one person has allowed and forbidden.
type consentKind struct{}

func (consentKind) decode(typ string, body []byte) (care.Event, error) {
	return access.Events.Decode(typ, body)
}
func (consentKind) fresh(id string) any { return &access.State{Person: care.PersonKey(id)} }
func (consentKind) clone(s any) any {
	c := s.(*access.State).Clone()
	return &c
}
func (consentKind) evolve(s any, r care.Recorded) error { return access.Evolve(s.(*access.State), r) }
func (consentKind) wake() any                           { return access.Wake{} }
func (consentKind) due(s any) (time.Time, bool)         { return access.Due(*s.(*access.State)) }
func (consentKind) subject(id string, _ any) string     { return id }
func (consentKind) facts(s any) (care.Regime, string)   { return s.(*access.State).Regime, "" }

func (consentKind) decide(w *work, id string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(access.Command)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of a person's consents", command)
	}
	known, err := w.consentKnown(care.PersonKey(id), s.(*access.State), c, act)
	if err != nil {
		return nil, err
	}
	return access.Decide(*s.(*access.State), c, act, known)
}

// consentKnown gathers what a decision about a person's consents may read beside
// itself. Each stream that is read is guarded by the append.
func (w *work) consentKnown(p care.PersonKey, s *access.State, c access.Command, act care.Act) (access.Known, error) {
	o, err := w.open(store.StreamOf("person", string(p)))
	if err != nil {
		return access.Known{}, err
	}
	who := o.now.(*person.State)
	if who.Version == 0 && s.Version == 0 {
		return access.Known{}, noPerson()
	}
	k := access.Known{
		Person: p, Regime: who.Regime, KeyBackups: w.s.keyBackups, Contact: firstContact(*who, w.dir, act.At),
		UnitExists: func(u care.UnitID) bool { return w.dir.Exists(care.Post{Unit: u, Role: care.Desk}) },
		Under:      func(u, above care.UnitID) bool { return slices.Contains(w.dir.Above(u), above) },
		Provider: func(u care.UnitID) care.UnitID {
			if way := w.dir.Above(u); len(way) > 0 {
				return way[len(way)-1]
			}
			return u
		},
	}
	if k.Regime == "" {
		k.Regime = s.Regime
	}
	switch x := c.(type) {
	case access.Block:
		if k.Journeys, err = w.openJourneys(p); err != nil {
			return k, err
		}
		k.SoleHolder = w.soleHolder(x.Against.Professional, act.At)
	case access.OpenRecord:
		k.Reviewer = overseer(w.dir, act.Post.Unit, act.Actor.ID, act.At)
	}
	if k.Born, err = w.bornFor(c, p); err != nil {
		return k, err
	}
	k.Other, err = w.other(named(s, c, act))
	return k, err
}

// openJourneys are a person's open journeys, each guarded: responsibility must
// not move to who is blocked while the block is set.
func (w *work) openJourneys(p care.PersonKey) ([]access.JourneyKnown, error) {
	rows, err := w.s.store.Journeys(w.ctx, store.JourneyQuery{Scope: store.Scope{All: true}, Person: p, Status: string(journey.Running)})
	if err != nil {
		return nil, err
	}
	var out []access.JourneyKnown
	for _, row := range rows {
		o, err := w.open(row.Stream)
		if err != nil {
			return nil, err
		}
		out = append(out, access.JourneyKnown{Journey: row.Stream.ID(), Responsible: o.now.(*journey.State).Responsible.Unit})
	}
	return out, nil
}

// soleHolder are the posts that a professional alone fills.
func (w *work) soleHolder(professional string, at time.Time) []care.Post {
	if professional == "" {
		return nil
	}
	var out []care.Post
	for _, c := range w.dir.Covers(professional, at) {
		post := care.Post{Unit: c.Unit, Role: c.Role}
		if c.Own && slices.Equal(w.dir.Holders(post, at), []string{professional}) {
			out = append(out, post)
		}
	}
	return out
}

// bornFor opens the date of birth, which lies in the vault, only where ages
// decide.
func (w *work) bornFor(c access.Command, p care.PersonKey) (care.Date, error) {
	if _, wakes := c.(access.Wake); wakes {
		return care.Date{}, nil
	}
	i, err := w.s.identity(w.ctx, string(p))
	return i.Born, err
}

// named is the relative that a command names, or who acts.
func named(s *access.State, c access.Command, act care.Act) care.PersonKey {
	proxy := func(n int) care.PersonKey {
		if n < 1 || n > len(s.Proxies) {
			return ""
		}
		return s.Proxies[n-1].To
	}
	switch x := c.(type) {
	case access.OfferProxy:
		return x.To
	case access.RecordProxy:
		return x.To
	case access.RenewProxy:
		return proxy(x.Proxy)
	case access.AcceptProxy:
		return proxy(x.Proxy)
	case access.RecordGuardian:
		return x.Guardian
	case access.DirectNotices:
		return x.To
	case access.EndFor:
		return x.Relative
	}
	if act.Actor.Kind == care.Relative {
		return care.PersonKey(act.Actor.ID)
	}
	return ""
}

// other is what is known of a relative. Their own streams are guarded: who dies
// or hides their address meanwhile gets nothing.
func (w *work) other(p care.PersonKey) (access.Other, error) {
	var o access.Other
	if p == "" {
		return o, nil
	}
	i, err := w.s.identity(w.ctx, string(p))
	if err != nil {
		return o, err
	}
	own, err := w.open(store.StreamOf("consent", string(p)))
	if err != nil {
		return o, err
	}
	them, err := w.open(store.StreamOf("person", string(p)))
	if err != nil {
		return o, err
	}
	o.Born, o.Protected, o.Dead = i.Born, own.now.(*access.State).Protected(), them.now.(*person.State).Death.Recorded
	return o, nil
}

// The bases of relations that give nothing, and only let a relative find what
// waits for their word.
const offeredBasis, restingBasis = "proxy-offered", "proxy-rests"

// rows are what is open about a person's consents, what relatives and openings
// give, and what blocks hold back.
func (consentKind) rows(st store.Stream, state any) []store.Row {
	s := state.(*access.State)
	if s.Version == 0 {
		return nil
	}
	p := care.PersonKey(st.ID())
	var rows []store.Row
	for _, d := range s.Denies() {
		row := store.Deny{
			Stream: st, Key: d.Key, Person: p, Unit: d.Unit, But: d.But, Professional: d.Professional,
			Strength: string(d.Strength), From: d.From, Until: d.Until,
		}
		if d.Journey != "" {
			row.Journey = store.StreamOf("journey", d.Journey)
		}
		rows = append(rows, row)
		// Two records of one person: what is held back from one is held back from
		// the other.
		for _, with := range s.With {
			also := row
			also.Person, also.Key = with, row.Key+"/"+string(with)
			rows = append(rows, also)
		}
	}
	for _, g := range s.Grants() {
		rows = append(rows, store.Relation{Stream: st, Key: g.Key, Person: p, Actor: g.Actor, Basis: string(g.Basis), From: g.From, Until: g.Until})
	}
	for _, x := range s.Proxies {
		basis := ""
		switch x.Status {
		case access.ProxyOpen:
			basis = offeredBasis
		case access.ProxyRests:
			basis = restingBasis
		default:
			continue
		}
		rows = append(rows, store.Relation{Stream: st, Key: basis + "/" + itoa(x.Number), Person: p, Actor: string(x.To), Basis: basis, From: x.Since})
	}
	seen := map[string]bool{}
	for _, i := range s.Items() {
		rows = append(rows, store.Item{Stream: st, Item: i, Person: p})
		// Whose task something is, must be able to find it.
		basis := itemBasis(i.Post)
		if key := string(basis) + "/" + string(i.Post.Unit); !seen[key] {
			seen[key] = true
			rows = append(rows, store.Relation{Stream: st, Key: key, Person: p, Unit: i.Post.Unit, Basis: string(basis), From: i.Since})
		}
	}
	return rows
}

// itemBasis is on what ground a unit finds an item that is its task: a privacy
// officer's are about who looked, and give nothing of the care.
func itemBasis(p care.Post) access.Basis {
	if p.Role == care.PrivacyOfficer {
		return access.Oversees
	}
	return access.TakesPart
}
