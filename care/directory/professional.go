package directory

import (
	"fmt"
	"time"

	"forlop/care"
)

// Professional is one professional, folded from their stream.
type Professional struct {
	Version    int
	ID         string
	Profession string
	Reference  Reference
	// Status is "registered" or "ended"; empty before the first event.
	Status string
}

// Active reports whether the professional can hold posts.
func (p Professional) Active() bool { return p.Status == "registered" }

// EvolveProfessional folds one event into p, as Evolve does for a unit.
func EvolveProfessional(p *Professional, r care.Recorded) error {
	if r.Version != p.Version+1 {
		return fmt.Errorf("professional %s: event %d cannot follow event %d", p.ID, r.Version, p.Version)
	}
	to, ok := next(professionalLife, p.Status, r.Event.Type())
	if !ok {
		return fmt.Errorf("professional %s, event %d: %s cannot happen to one who is %q", p.ID, r.Version, r.Event.Type(), p.Status)
	}
	if e, ok := r.Event.(Registered); ok {
		p.ID, p.Profession, p.Reference = e.Professional, e.Profession, e.Reference
	}
	p.Status, p.Version = to, r.Version
	return nil
}

// DecideProfessional decides a command on a professional. The directory in
// Known must be guarded: whoever ends may hold no post now or later.
func DecideProfessional(p Professional, c Command, act care.Act, k Known) ([]care.Made, error) {
	switch c := c.(type) {
	case Register:
		return p.register(c)
	case EndRegistration:
		if !p.Active() {
			return nil, care.Refuse("professional-not-registered", "{professional} is not registered.", "professional", p.ID)
		}
		if post, ok := k.directory().anyPost(p.ID, act.At); ok {
			return nil, care.Refuse("professional-still-holds",
				"{professional} still holds {post}, now or later: let someone else take it first.", "professional", p.ID, "post", post.String())
		}
		return []care.Made{{Event: RegistrationEnded{}}}, nil
	}
	return nil, fmt.Errorf("directory: %s is not a command for a professional", c.Name())
}

func (p Professional) register(c Register) ([]care.Made, error) {
	if !isID(c.Professional) || p.ID != "" && c.Professional != p.ID {
		return nil, badID("professional", c.Professional)
	}
	if !isID(c.Profession) {
		return nil, badID("profession", c.Profession)
	}
	switch c.Reference {
	case NoReference, HPR, HSA:
	default:
		return nil, care.Refuse("reference-unknown", "{reference} is no register: use hpr, hsa or nothing.", "reference", string(c.Reference)).On("reference")
	}
	if p.Active() {
		return nil, care.Refuse("professional-known", "{professional} is registered already.", "professional", p.ID).On("professional")
	}
	return []care.Made{{Event: Registered(c)}}, nil
}

// anyPost finds a post that the professional holds at an instant or later, also
// as a substitute.
func (d *Directory) anyPost(professional string, at time.Time) (care.Post, bool) {
	for _, id := range d.at[professional] {
		for _, h := range d.units[id].holdings {
			if h.Professional == professional && (h.Until.IsZero() || h.Until.After(at)) {
				return h.Post, true
			}
		}
	}
	return care.Post{}, false
}
