package casework

import (
	"iter"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/store"
)

// OpeningToJudge asks for one opening of a record as those who judge it read it:
// who opened, whose record, why, and what they looked at. Nothing of the care is
// in it.
type OpeningToJudge struct {
	Person  care.PersonKey
	Opening int
}

// JudgedOpening is the answer.
type JudgedOpening struct {
	OpeningView
	Person care.PersonKey
	// Named is whose record it is.
	Named Identity
	// Looks are what was looked at by the opening, oldest first.
	Looks  []store.Look
	Now    time.Time
	Regime care.Regime
}

// Name of the question.
func (OpeningToJudge) Name() string { return "log-findings" }

func (q OpeningToJudge) answer(r *reading) (JudgedOpening, []care.PersonKey, error) {
	v := JudgedOpening{Person: q.Person, Now: r.now}
	unknown := care.Missing("opening-unknown", "There is no such opening.")
	st := store.StreamOf("consent", string(q.Person))
	state, version, err := r.s.load(r.ctx, st)
	if err != nil {
		return v, nil, err
	}
	c := state.(*access.State)
	if version == 0 || q.Opening < 1 || q.Opening > len(c.Openings) || c.Erased() {
		return v, nil, unknown
	}
	o := c.Openings[q.Opening-1]
	// Only whom it waits for.
	if !r.asking.judges(o.Review.Post.Unit, c.Climbs["review/"+itoa(q.Opening)].Rung > 0) {
		return v, nil, unknown
	}
	v.OpeningState, v.Regime = o, c.Regime
	if v.Words, err = r.wordsAt(st, o.Version); err != nil {
		return v, nil, err
	}
	known, err := r.s.identities(r.ctx, []string{string(q.Person), o.Professional})
	if err != nil {
		return v, nil, err
	}
	v.Named, v.Name = known[string(q.Person)], known[o.Professional].Name
	people, err := r.people([]care.Post{{Unit: o.Unit, Role: care.Desk}})
	if err != nil {
		return v, nil, err
	}
	v.Unit = people.Post(care.Post{Unit: o.Unit, Role: care.Desk})
	_, v.Running = c.Opening(o.Professional, r.now)
	all, err := r.s.store.LookLog(r.ctx, store.LookQuery{Person: q.Person, Actor: o.Professional, From: o.From, Until: o.Ends.Add(time.Microsecond), Limit: 1000})
	if err != nil {
		return v, nil, err
	}
	for _, l := range all {
		if l.Basis == string(access.BreakGlass) {
			v.Looks = append(v.Looks, l)
		}
	}
	return v, []care.PersonKey{q.Person}, nil
}

// OversightQuery asks what the log of the asker's staff was found to hold, and
// what was decided about it.
type OversightQuery struct{}

// OversightView is the answer.
type OversightView struct {
	// Open are the findings and samples nobody has decided, the earliest date
	// first; Decided the last that somebody has, newest first.
	Open, Decided []MatterView
	// Names are of the persons, of those who looked and of those who decided, by
	// key.
	Names map[string]string
	Now   time.Time
	people
}

// MatterView is one finding or sample, of the unit whose oversight it came to.
type MatterView struct {
	access.Matter
	Unit care.UnitID
}

// mostDecided is how many decided matters a list shows. Ours.
const mostDecided = 50

// Name of the question.
func (OversightQuery) Name() string { return "log-findings" }

func (OversightQuery) answer(r *reading) (OversightView, []care.PersonKey, error) {
	v := OversightView{Now: r.now}
	units, err := r.mattersOf()
	if err != nil {
		return v, nil, err
	}
	var persons []care.PersonKey
	var ids []string
	var posts []care.Post
	for _, unit := range units {
		o, err := r.oversight(unit)
		if err != nil {
			return v, nil, err
		}
		for _, m := range o.Matters {
			if !r.asking.judges(unit, m.ForLead()) {
				continue
			}
			if m.Open() {
				v.Open = append(v.Open, MatterView{m, unit})
			} else {
				v.Decided = append(v.Decided, MatterView{m, unit})
			}
		}
	}
	slices.SortStableFunc(v.Open, func(a, b MatterView) int { return a.Due.Compare(b.Due) })
	slices.SortStableFunc(v.Decided, func(a, b MatterView) int { return b.Decided.Compare(a.Decided) })
	v.Decided = v.Decided[:min(len(v.Decided), mostDecided)]
	for _, m := range slices.Concat(v.Open, v.Decided) {
		ids, posts = append(ids, m.Actor, m.Decider), append(posts, m.Owner)
		if m.Person != "" {
			ids, persons = append(ids, string(m.Person)), append(persons, m.Person)
		}
	}
	if v.Names, err = r.called(ids); err != nil {
		return v, nil, err
	}
	v.people, err = r.people(posts)
	slices.Sort(persons)
	return v, slices.Compact(persons), err
}

// mattersOf are the units whose oversight may hold something for the asker: their
// own, and those they answer for that have something open.
func (r *reading) mattersOf() ([]care.UnitID, error) {
	units := []care.UnitID{r.who.Post.Unit}
	var posts []care.Post
	for _, u := range r.dir.All() {
		if r.overseen(u) {
			posts = append(posts, care.Post{Unit: u, Role: care.PrivacyOfficer}, care.Post{Unit: u, Role: care.Lead})
		}
	}
	items, _, err := r.s.store.Items(r.ctx, store.ItemQuery{
		Scope: store.Scope{All: true}, Posts: posts, Kinds: []care.ItemKind{care.ReviewItem}, NoTotal: true,
	})
	for _, i := range items {
		if i.Stream.Kind() == "oversight" {
			units = append(units, care.UnitID(i.Stream.ID()))
		}
	}
	slices.Sort(units)
	return slices.Compact(units), err
}

func (r *reading) oversight(unit care.UnitID) (*access.Oversight, error) {
	state, _, err := r.s.load(r.ctx, store.StreamOf("oversight", string(unit)))
	if err != nil {
		return nil, err
	}
	return state.(*access.Oversight), nil
}

// called are names by key.
func (r *reading) called(ids []string) (map[string]string, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" })
	slices.Sort(ids)
	known, err := r.s.identities(r.ctx, slices.Compact(ids))
	names := make(map[string]string, len(known))
	for id, i := range known {
		names[id] = i.Name
	}
	return names, err
}

// GetMatter asks for one finding or sample, with the looks it is of.
type GetMatter struct {
	Unit   care.UnitID
	Matter int
}

// LogSample asks for the newest sample of the asker's own unit. The draw is fixed
// by the week: nobody chooses, and whoever draws again gets the same.
type LogSample struct{}

// MatterPage is the answer.
type MatterPage struct {
	MatterView
	Looks []store.Look
	Names map[string]string
	// Words are what was said with the decision.
	Words string
	// Own says that the asker made one of the looks, so that somebody else decides.
	Own    bool
	Regime care.Regime
	people
}

// mostLooked is how many looks of one matter a page shows. Ours.
const mostLooked = 200

// Name of the question.
func (GetMatter) Name() string { return "log-findings" }

// Name of the question.
func (LogSample) Name() string { return "log-sample" }

func noMatter() error {
	return care.Missing("matter-unknown", "There is no such finding or sample.")
}

func (q GetMatter) answer(r *reading) (MatterPage, []care.PersonKey, error) {
	o, err := r.oversight(q.Unit)
	if err != nil {
		return MatterPage{}, nil, err
	}
	if q.Matter < 1 || q.Matter > len(o.Matters) {
		return MatterPage{}, nil, noMatter()
	}
	return r.matter(o, o.Matters[q.Matter-1])
}

func (LogSample) answer(r *reading) (MatterPage, []care.PersonKey, error) {
	o, err := r.oversight(r.who.Post.Unit)
	if err != nil {
		return MatterPage{}, nil, err
	}
	for _, m := range slices.Backward(o.Matters) {
		if m.IsSample() {
			return r.matter(o, m)
		}
	}
	return MatterPage{}, nil, noMatter()
}

func (r *reading) matter(o *access.Oversight, m access.Matter) (MatterPage, []care.PersonKey, error) {
	v := MatterPage{MatterView: MatterView{m, o.Unit}, Own: m.MadeBy(r.who.Actor.ID), Regime: o.Regime}
	if !r.asking.judges(o.Unit, m.ForLead()) {
		return MatterPage{}, nil, noMatter()
	}
	var persons []care.PersonKey
	ids := []string{m.Actor, m.Decider, string(m.Person)}
	for _, entry := range m.Looks[max(0, len(m.Looks)-mostLooked):] {
		page, err := r.s.store.LookLog(r.ctx, store.LookQuery{After: entry - 1, Limit: 1})
		if err != nil {
			return v, nil, err
		}
		for _, l := range page {
			if l.ID != entry {
				continue // pruned
			}
			if m.Person != "" {
				l.Persons = []care.PersonKey{m.Person}
			}
			v.Looks, persons, ids = append(v.Looks, l), append(persons, l.Persons...), append(ids, l.Actor.ID)
		}
	}
	if m.Person != "" {
		persons = append(persons, m.Person)
	}
	slices.Sort(persons)
	persons = slices.Compact(persons)
	for _, p := range persons {
		ids = append(ids, string(p))
	}
	var err error
	if v.Names, err = r.called(ids); err != nil {
		return v, nil, err
	}
	if !m.Open() {
		st := store.StreamOf("oversight", string(o.Unit))
		events, err := r.s.store.Load(r.ctx, st, m.Judged-1)
		if err != nil {
			return v, nil, err
		}
		for _, e := range events[:min(1, len(events))] {
			text, err := r.s.unseal(r.ctx, overseeing(o.Unit), e)
			if err != nil {
				return v, nil, err
			}
			v.Words = text["words"]
		}
	}
	v.people, err = r.people([]care.Post{m.Owner})
	return v, persons, err
}

// looked reads entries of the professionals whom the asker oversees, page by
// page.
func (r *reading) looked(q store.LookQuery, failed *error) iter.Seq[access.Looked] {
	q.Limit = 1000
	return func(yield func(access.Looked) bool) {
		for {
			page, err := r.s.store.LookLog(r.ctx, q)
			if err != nil {
				*failed = err
				return
			}
			for _, l := range page {
				q.After = l.ID
				if l.Actor.Kind != care.Professional || !r.overseen(l.Post.Unit) {
					continue
				}
				if !yield(access.Looked{Entry: l.ID, Actor: l.Actor.ID, Unit: l.Post.Unit, At: l.At, Question: l.Question, Basis: access.Basis(l.Basis), Persons: l.Persons}) {
					return
				}
			}
			if len(page) < q.Limit {
				return
			}
		}
	}
}
