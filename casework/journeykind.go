package casework

import (
	"fmt"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// journeyKind is the stream of one need.
type journeyKind struct{}

func (journeyKind) decode(typ string, body []byte) (care.Event, error) {
	return journey.Events.Decode(typ, body)
}
func (journeyKind) fresh(string) any { return journey.New() }
func (journeyKind) clone(s any) any  { return s.(*journey.State).Clone() }
func (journeyKind) wake() any        { return journey.Wake{} }
func (journeyKind) evolve(s any, r care.Recorded) error {
	return journey.Evolve(s.(*journey.State), r)
}
func (journeyKind) due(s any) (time.Time, bool) { return journey.Due(s.(*journey.State)) }

func (journeyKind) subject(_ string, s any) string { return string(s.(*journey.State).Person) }

func (journeyKind) facts(s any) (care.Regime, string) {
	j := s.(*journey.State)
	return j.Regime, j.Pathway.Hash
}

func (journeyKind) decide(w *work, _ string, s, command any, act care.Act) ([]care.Made, error) {
	j := s.(*journey.State)
	c, ok := command.(journey.Command)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of a journey", command)
	}
	who, regime := j.Person, j.Regime
	switch x := c.(type) {
	case journey.Open:
		who, regime = x.Person, x.Regime
		if j.Version == 0 {
			var err error
			if x.Pathway, err = w.opensWith(x.Pathway, x.Desk.Unit, act.At); err != nil {
				return nil, err
			}
			c = x
		}
	case journey.Move:
		if err := w.movesTo(x.To, j.Responsible.Unit, act.At); err != nil {
			return nil, err
		}
	}
	known, err := w.known(who, regime, act.At)
	if err != nil {
		return nil, err
	}
	if err := w.knowAge(j, c, &known); err != nil {
		return nil, err
	}
	if err := w.knowDemands(j, c, &known); err != nil {
		return nil, err
	}
	made, err := journey.Decide(j, c, act, known)
	if err != nil {
		return nil, err
	}
	return made, w.guard(made)
}

// known gathers what a journey's decision may read beside itself.
func (w *work) known(who care.PersonKey, regime care.Regime, at time.Time) (journey.Known, error) {
	if regime != care.Norway && regime != care.Sweden {
		return journey.Known{}, care.Refuse("regime-unknown", "A journey runs under the law of Norway (NO) or Sweden (SE).").On("regime")
	}
	k := journey.Known{
		Definition: func(r pathway.Ref) (*pathway.Definition, error) { return w.s.shelf.find(w.ctx, r) },
		Calendar:   care.CalendarOf(regime), CopyToRecord: w.s.copies,
		Posts: posts{w.dir},
	}
	if who == "" {
		return k, nil
	}
	o, err := w.open(store.StreamOf("person", string(who)))
	if err != nil {
		return k, err
	}
	p := o.now.(*person.State)
	k.Person = journey.Person{
		FirstContact: firstContact(*p, w.dir, at),
		GP:           p.GP(care.CalendarOf(regime).Date(at)).Post,
		Municipality: p.Municipality(care.CalendarOf(regime).Date(at)).Post,
		PEM:          malaise(*p),
		OnPaper:      onPaper(*p),
		Carriers:     carriersOf(*p),
		Dead:         p.Death.Recorded,
		Interpreter:  p.Languages.Interpreter != "",
	}
	return k, nil
}

// knowAge opens the date of birth, which lies in the vault, only where a
// condition of the pathway asks for the person's age.
func (w *work) knowAge(j *journey.State, c journey.Command, k *journey.Known) error {
	who, refs := j.Person, []pathway.Ref{j.Pathway}
	switch c := c.(type) {
	case journey.Open:
		who, refs = c.Person, []pathway.Ref{c.Pathway}
	case journey.Move:
		refs = append(refs, c.To)
	}
	for _, r := range refs {
		def, err := k.Definition(r)
		if err != nil {
			return err
		}
		if !readsAge(def) {
			continue
		}
		identity, err := w.s.identity(w.ctx, string(who))
		k.Person.Born = identity.Born
		return err
	}
	return nil
}

func readsAge(def *pathway.Definition) bool {
	return slices.ContainsFunc(def.Steps, func(s pathway.Step) bool {
		return s.If != nil && slices.Contains(s.If.Reads(), pathway.AgeFact)
	})
}

// guard makes the units that new events name part of the append: if one of them
// closed meanwhile, the decision is made again.
func (w *work) guard(made []care.Made) error {
	for _, m := range made {
		var unit care.UnitID
		switch e := m.Event.(type) {
		case journey.Opened:
			unit = e.Responsible.Unit
		case journey.Offered:
			unit = e.To.Unit
		case journey.OfferAccepted, journey.StepOpened:
			continue
		case journey.RoleBound:
			unit = e.Post.Unit
		case journey.Reopened:
			unit = e.Responsible.Unit
		}
		if unit == "" {
			continue
		}
		if _, err := w.open(store.StreamOf("unit", string(unit))); err != nil {
			return err
		}
	}
	return nil
}

// posts is the directory as a journey's decision asks it.
type posts struct{ d *directory.Directory }

func (p posts) Exists(post care.Post) bool { return p.d.Exists(post) }

func (p posts) Kind(u care.UnitID) string {
	s, _ := p.d.Unit(u)
	return string(s.Kind)
}

// Lead is where the named person stands who answers for a unit. A broken tree
// has none; the unit's own lead post then keeps the item until Ready is mended.
func (p posts) Lead(u care.UnitID, at time.Time) care.Post {
	if _, post, ok := p.d.Lead(u, at); ok {
		return post
	}
	return care.Post{Unit: u, Role: care.Lead}
}

// Staffed reports whether somebody within the unit itself fills the post, or
// its desk or lead.
func (p posts) Staffed(post care.Post, at time.Time) bool {
	for _, role := range []care.Role{post.Role, care.Desk, care.Lead} {
		if len(p.d.Holders(care.Post{Unit: post.Unit, Role: role}, at)) > 0 {
			return true
		}
	}
	return false
}

// rows are the journey's line, everything open, and which units take part.
func (journeyKind) rows(st store.Stream, s any) []store.Row {
	j := s.(*journey.State)
	if j.Status == journey.NotOpened {
		return nil
	}
	items := j.List()
	line := store.Journey{
		Stream: st, Person: j.Person, Pathway: j.Pathway.ID, PathwayVersion: j.Pathway.Version, Regime: j.Regime,
		Status: string(j.Status), Responsible: j.Responsible, Received: j.Milestones[pathway.Received].At, Ended: j.EndedAt,
	}
	rows := make([]store.Row, 0, len(items)+6)
	for _, i := range items {
		rows = append(rows, store.Item{Stream: st, Item: i, Person: j.Person, Pathway: j.Pathway.ID})
		if i.Kind != care.TellItem && i.Kind != care.EscalationItem && (line.NextDue.IsZero() || i.Due.Before(line.NextDue)) {
			line.NextRef, line.NextDue, line.Latest = i.Ref, i.Due, i.Latest
		}
	}
	rows = append(rows, line)
	for _, u := range takingPart(j) {
		rows = append(rows, store.Relation{
			Stream: st, Key: string(u), Person: j.Person, Unit: u, Basis: string(access.TakesPart), From: j.Received,
		})
	}
	return rows
}

// takingPart lists the units that take part in a journey: who is responsible,
// who received it, who fills a role, who is offered something, who owns
// something open, who sent it, who carries on.
func takingPart(j *journey.State) []care.UnitID {
	seen := map[care.UnitID]bool{}
	add := func(p care.Post) {
		if p.Unit != "" {
			seen[p.Unit] = true
		}
	}
	add(j.Responsible)
	add(j.Desk)
	add(j.Sender.Post)
	for _, p := range j.Roles {
		add(p)
	}
	for _, o := range j.Offers {
		if o.State == journey.OfferOpen {
			add(o.From)
			add(o.To)
		}
	}
	// Who was asked for advice or to contribute stays until the journey ends, to
	// see what became of it.
	if j.Status == journey.Running {
		for _, c := range j.Consults {
			add(c.Owner)
			add(c.To.Post)
		}
		for _, c := range j.Contributions {
			add(c.Of.Post)
		}
	}
	for _, i := range j.Items {
		add(i.Post)
		for _, r := range i.Ladder[:i.Climbed] {
			add(r.To)
		}
	}
	if j.End != nil {
		add(j.End.CarriesOn.Post)
	}
	units := make([]care.UnitID, 0, len(seen))
	for u := range seen {
		units = append(units, u)
	}
	slices.Sort(units)
	return units
}
