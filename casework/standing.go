package casework

import (
	"slices"

	"forlop/access"
	"forlop/care"
	"forlop/store"
)

// standing is who else can see or act for a person, and whether an inner block
// of theirs holds something back from the asker. Such a block may be known of, so
// that the patient can be asked (SE inre spärr); every other leaves no trace.
func (r *reading) standing(p care.PersonKey) ([]RelativeView, bool, error) {
	state, _, err := r.s.load(r.ctx, store.StreamOf("consent", string(p)))
	if err != nil {
		return nil, false, err
	}
	v := AccessView{State: state.(*access.State), Now: r.now, names: map[string]string{}}
	if err := v.relatives(r); err != nil {
		return nil, false, err
	}
	units, around := r.asking.around()
	closed := slices.ContainsFunc(v.State.Denies(), func(d access.Deny) bool {
		return d.Strength == access.Inner && holdsAt(d.From, d.Until, r.now) &&
			(d.Unit != "" && slices.Contains(around, d.Unit) || d.But != "" && len(units) > 0 && !slices.Contains(around, d.But))
	})
	return v.Relatives, closed, nil
}
