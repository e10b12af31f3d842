package casework

import (
	"slices"
	"strconv"
	"time"

	"forlop/care"
	"forlop/care/questionnaire"
	"forlop/journey"
	"forlop/store"
)

// FormView is one form as a face shows it.
type FormView struct {
	ID         string
	State      *questionnaire.State
	Definition *questionnaire.Definition
	// Values are what was answered, by question; Totals the declared sums of them.
	// Both are empty in lists.
	Values map[string]int
	Totals []questionnaire.Total
	// Text is the opened free text by event version: why it was taken back, what
	// was done.
	Text map[int]care.Sealed
	// Duty is the post that an answer which must never lie unseen reaches now.
	Duty care.Post
}

// MyForms asks for the asking patient's forms, or those of the person a relative
// acts for. Form opens one of them; "" lists them.
type MyForms struct{ Form string }

// MyFormsView is the answer: forms, newest first.
type MyFormsView struct {
	Plan
	Forms []FormView
	// Calendar is that of the law the newest form stands under; nil without a form.
	Calendar *care.Calendar
}

// Name of the question.
func (MyForms) Name() string { return "my-forms" }

func (q MyForms) answer(r *reading) (MyFormsView, []care.PersonKey, error) {
	v := MyFormsView{Plan: Plan{Now: r.now}}
	// What was answered before is part of the plan.
	key, keys, err := r.ownPlan()
	if err != nil {
		return v, nil, err
	}
	for _, k := range keys {
		if err := r.within(k); err != nil {
			return v, nil, err
		}
		forms, err := r.formsOf(k, "")
		if err != nil {
			return v, nil, err
		}
		v.Forms = append(v.Forms, forms...)
	}
	if q.Form != "" {
		if v.Forms = slices.DeleteFunc(v.Forms, func(f FormView) bool { return f.ID != q.Form }); len(v.Forms) == 0 {
			return v, nil, noForm()
		}
		if err := r.within(v.Forms[0].State.Person); err != nil {
			return v, nil, err
		}
		if err := r.fill(&v.Forms[0]); err != nil {
			return v, nil, err
		}
	}
	if len(v.Forms) > 0 {
		v.Calendar = care.CalendarOf(v.Forms[0].State.Regime)
	}
	err = r.head(&v.Plan, key, func(contact care.Post) (people, error) { return r.formPeople(contact, v.Forms) })
	return v, keys, err
}

// Forms asks for the forms of a journey, for those who work. Form opens one of
// them; "" lists them.
type Forms struct{ Journey, Form string }

// FormsView is the answer: the journey's forms, newest first, and what can be
// asked for.
type FormsView struct {
	Journey string
	State   *journey.State
	Person  PersonView
	Forms   []FormView
	Offered []*questionnaire.Definition
	// TakePart are the units that take part: one of them reads the answers.
	TakePart []care.UnitID
	Now      time.Time
	Calendar *care.Calendar
	people
}

// Name of the question.
func (Forms) Name() string { return "forms" }

func (q Forms) answer(r *reading) (FormsView, []care.PersonKey, error) {
	v := FormsView{Journey: q.Journey, Now: r.now}
	st := store.StreamOf("journey", q.Journey)
	state, _, err := r.load(st)
	if err != nil {
		return v, nil, err
	}
	v.State = state.(*journey.State)
	if v.State.Status == journey.NotOpened {
		return v, nil, noJourney()
	}
	if err := r.see(st, v.State); err != nil {
		return v, nil, err
	}
	r.shows(st)
	v.Calendar, v.TakePart = care.CalendarOf(v.State.Regime), takingPart(v.State)
	if v.Person, err = r.person(v.State.Person); err != nil {
		return v, nil, err
	}
	if v.Forms, err = r.formsOf(v.State.Person, q.Journey); err != nil {
		return v, nil, err
	}
	if v.Offered, err = r.s.forms.offered(r.ctx); err != nil {
		return v, nil, err
	}
	if q.Form != "" {
		if v.Forms = slices.DeleteFunc(v.Forms, func(f FormView) bool { return f.ID != q.Form }); len(v.Forms) == 0 {
			return v, nil, noForm()
		}
		if err := r.fill(&v.Forms[0]); err != nil {
			return v, nil, err
		}
	}
	v.people, err = r.formPeople(v.Person.Contact, v.Forms)
	return v, []care.PersonKey{v.State.Person}, err
}

func noForm() error { return care.Missing("no-form", "There is no such form.") }

// formsOf lists a person's forms, newest first, without what was answered: all of
// them, those of one journey, or those of some statuses.
func (r *reading) formsOf(p care.PersonKey, journey string, statuses ...questionnaire.Status) ([]FormView, error) {
	rows, err := r.store.Relations(r.ctx, p)
	if err != nil {
		return nil, err
	}
	var out []FormView
	for _, row := range rows {
		if row.Stream.Kind() != "form" || row.Key != formBasis {
			continue
		}
		state, version, err := r.load(row.Stream)
		if err != nil {
			return nil, err
		}
		f := state.(*questionnaire.State)
		if version == 0 || journey != "" && f.Journey != journey || len(statuses) > 0 && !slices.Contains(statuses, f.Status) {
			continue
		}
		v := FormView{ID: row.Stream.ID(), State: f, Duty: dutyPost(r.dir, f.Reader.Unit, r.now)}
		if v.Definition, err = r.s.forms.find(r.ctx, f.Questionnaire.Hash); err != nil {
			return nil, err
		}
		r.shows(row.Stream)
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b FormView) int { return b.State.AskedAt.Compare(a.State.AskedAt) })
	return out, nil
}

// fill opens what was answered in one form, and counts the declared sums.
func (r *reading) fill(v *FormView) error {
	st := store.StreamOf("form", v.ID)
	events, err := r.store.Load(r.ctx, st, 0)
	if err != nil {
		return err
	}
	v.Values, v.Text = map[string]int{}, map[int]care.Sealed{}
	for _, e := range events {
		text, err := r.s.unseal(r.ctx, string(v.State.Person), e)
		if err != nil {
			return err
		}
		if text != nil {
			v.Text[e.Version] = text
		}
	}
	for item, a := range v.State.Answers {
		if n, err := strconv.Atoi(v.Text[a.Version]["value"]); err == nil && a.Missing == "" {
			v.Values[item] = n
		}
	}
	v.Totals = v.Definition.Totals(v.Values)
	return nil
}

// formPeople are the names of those who stand behind the forms' posts, and of
// who answered or wrote down.
func (r *reading) formPeople(contact care.Post, forms []FormView) (people, error) {
	posts := []care.Post{contact}
	var ids []string
	for _, f := range forms {
		posts = append(posts, f.State.Reader, f.Duty, f.State.AskedBy.Party.Post)
		for _, a := range f.State.Alerts {
			posts = append(posts, a.Post)
			ids = append(ids, a.DoneBy.ID)
		}
		for _, a := range f.State.Answers {
			ids = append(ids, a.By.ID, a.By.Recorder)
		}
		ids = append(ids, f.State.AskedBy.ID, f.State.ClosedBy.ID, f.State.ClosedBy.Recorder)
	}
	return r.people(posts, slices.DeleteFunc(ids, func(id string) bool { return id == "" })...)
}

// ofForm says which journey a form's item is read in.
func (row *WorkRow) ofForm(r *reading, st store.Stream) error {
	state, _, err := r.load(st)
	if err != nil {
		return err
	}
	f := state.(*questionnaire.State)
	row.Form, row.Journey = st.ID(), f.Journey
	j, _, err := r.load(store.StreamOf("journey", f.Journey))
	if err != nil {
		return err
	}
	row.Pathway = j.(*journey.State).Pathway.ID
	return nil
}
