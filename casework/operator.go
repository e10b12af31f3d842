package casework

import (
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/store"
)

// Operator is who runs the service and looks from its command line, at a unit's
// journeys and from one of its posts, with a reason that the patient can read.
// The log names the account of the machine, never a professional.
func Operator(account string, post care.Post, reason string) Who {
	return Who{Actor: care.Actor{Kind: care.System, ID: "operator-" + account, Unit: post.Unit}, Post: post, Reason: reason}
}

// operates refuses an operator who does not say from where and why.
func (s *Service) operates(who Who) error {
	if who.Reason == "" {
		return care.Refuse("reason-missing", "Say why you look. The patient can read it.").On("reason")
	}
	if !s.Directory().Exists(who.Post) {
		return care.Refuse("post-missing", "The post {post} does not exist or is closed.", "post", who.Post.String()).On("as")
	}
	return nil
}

// Overview asks for a page of the journeys in the asker's relations, in stream
// order, with the first contact of each. Nobody's name is in it.
type Overview struct {
	Status  string
	Pathway string
	After   string
	Limit   int
}

// OverviewLine is one journey of an overview.
type OverviewLine struct {
	store.Journey
	Contact care.Post
}

// OverviewPage is what an overview answers.
type OverviewPage struct {
	Lines []OverviewLine
	people
}

// Name of the question.
func (Overview) Name() string { return "journeys" }

func (q Overview) answer(r *reading) (OverviewPage, []care.PersonKey, error) {
	var page OverviewPage
	rows, persons, err := Journeys(q).answer(r)
	if err != nil {
		return page, nil, err
	}
	var posts []care.Post
	for _, row := range rows {
		state, _, err := r.load(store.StreamOf("person", string(row.Person)))
		if err != nil {
			return page, nil, err
		}
		line := OverviewLine{row, firstContact(*state.(*person.State), r.dir, r.now)}
		page.Lines = append(page.Lines, line)
		posts = append(posts, line.Contact, row.Responsible)
	}
	page.people, err = r.people(posts)
	return page, persons, err
}

// scope is whose persons the asker may see: those of the units a professional
// answers for, or of the post an operator looks from.
func (s *Service) scope(who Who, at time.Time) store.Scope {
	units := s.units(who.Actor.ID, at)
	if who.Actor.Kind == care.System {
		units = s.answersFor(who.Post, at)
	}
	var above []care.UnitID
	for _, u := range units {
		above = append(above, s.Directory().Above(u)...)
	}
	return store.Scope{Units: units, Above: above, Bases: []string{string(access.TakesPart)}, Professional: who.Actor.ID, At: at}
}

// answersFor are the unit of a post and those that fall back on it.
func (s *Service) answersFor(post care.Post, at time.Time) []care.UnitID {
	units := []care.UnitID{post.Unit}
	for _, id := range s.Directory().All() {
		_, where, ok := s.Directory().Resolve(care.Post{Unit: id, Role: care.Desk}, at)
		if ok && where.Unit == post.Unit && !slices.Contains(units, id) {
			units = append(units, id)
		}
	}
	return units
}
