package casework

import (
	"slices"
	"strings"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/store"
)

// ErasureOf asks how it stands with erasing one person, by their key or by their
// national number: for those who oversee, who see nothing of the care by it.
type ErasureOf struct {
	Person care.PersonKey
	Number string
}

// ErasureView is the answer.
type ErasureView struct {
	Person care.PersonKey
	// Named is whose record it is; empty once it is erased.
	Named Identity
	// Also says that the person has a second record, which is erased by itself.
	Also    bool
	State   access.ErasureState
	Hold    bool
	Regime  care.Regime
	By      string // who proposed, by name
	Own     bool   // the asker proposed it
	Decides access.ErasureDecision
	// KeyBackups is for how many days backups that hold keys are kept; 0 where
	// nobody has said. Gone is when the last would be gone if it were approved now.
	KeyBackups int
	Gone       care.Date
}

// Name of the question.
func (ErasureOf) Name() string { return "erasure" }

func (q ErasureOf) answer(r *reading) (ErasureView, []care.PersonKey, error) {
	p := q.Person
	if q.Number != "" {
		var err error
		if p, err = r.s.byNumber(r.ctx, r.who, q.Number); err != nil {
			return ErasureView{}, nil, err
		}
	}
	if err := r.seePerson(p); err != nil {
		return ErasureView{}, nil, err
	}
	v := ErasureView{Person: p, KeyBackups: r.s.keyBackups}
	state, _, err := r.s.load(r.ctx, store.StreamOf("person", string(p)))
	if err != nil {
		return v, nil, err
	}
	who := state.(*person.State)
	v.Regime, v.Also = who.Regime, who.MergedInto != "" || len(who.Aliases) > 0
	if state, _, err = r.s.load(r.ctx, store.StreamOf("consent", string(p))); err != nil {
		return v, nil, err
	}
	c := state.(*access.State)
	v.State, v.Hold, v.Own = c.Erasure, c.Hold, c.Erasure.By == r.who.Actor.ID
	v.Decides = access.LawfulErasure(v.Regime)
	if v.KeyBackups > 0 {
		v.Gone = care.CalendarOf(v.Regime).Date(r.now).AddDays(v.KeyBackups)
	}
	known, err := r.s.identities(r.ctx, []string{string(p), c.Erasure.By})
	v.Named, v.By = known[string(p)], known[c.Erasure.By].Name
	return v, []care.PersonKey{p}, err
}

// erases reports whether what is asked or done is about erasing, and if so,
// whether the person is one of those whom the actor's own unit or one under it
// takes part for. Nobody proposes to erase a stranger's record.
func (a asking) erases(p care.PersonKey) (bool, error) {
	if a.what != (ErasureOf{}).Name() && !strings.HasSuffix(a.what, "-erasure") || a.who.Actor.Kind == care.System {
		return true, nil
	}
	rows, err := a.s.store.Relations(a.ctx, p)
	if err != nil {
		return false, err
	}
	post := a.who.Post.Unit
	for _, row := range rows {
		if row.Unit != "" && (row.Unit == post || slices.Contains(a.dir.Above(row.Unit), post)) {
			return true, nil
		}
	}
	return false, nil
}
