package casework

import (
	"slices"
	"time"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/journey"
	"forlop/store"
)

// ThreadView is one conversation as a face shows it.
type ThreadView struct {
	ID    string
	State *messaging.Thread
	// Text is the opened free text by event version; nil in lists of those who work.
	Text map[int]care.Sealed
}

// MyThreads asks for the asking patient's conversations, or those of the person a
// relative acts for. Thread opens one of them, which is the receipt of what stands
// in it (L13); "" lists them.
type MyThreads struct{ Thread string }

// MyThreadsView is the answer: conversations, with the newest word first.
type MyThreadsView struct {
	Plan
	Threads []ThreadView
	// Of is whose record a new conversation is about, and Journey which of their
	// journeys: one that runs, where there is one; "" where there is none.
	Of      care.PersonKey
	Journey string
	// Calendar is that of the law that the record stands under.
	Calendar *care.Calendar
}

// Name of the question.
func (MyThreads) Name() string { return "my-threads" }

func (q MyThreads) answer(r *reading) (MyThreadsView, []care.PersonKey, error) {
	v := MyThreadsView{Plan: Plan{Now: r.now}}
	key, keys, err := r.own()
	if err != nil {
		return v, nil, err
	}
	v.Of = key
	running := false
	for _, k := range keys {
		if err := r.within(k); err != nil {
			return v, nil, err
		}
		threads, err := r.threadsOf(k, "")
		if err != nil {
			return v, nil, err
		}
		for i := range threads {
			if err := r.fillThread(&threads[i]); err != nil {
				return v, nil, err
			}
		}
		v.Threads = append(v.Threads, threads...)
		rows, err := r.store.Journeys(r.ctx, store.JourneyQuery{Scope: store.Scope{Person: k, At: r.now}, Person: k, Limit: 100})
		if err != nil {
			return v, nil, err
		}
		for _, row := range rows {
			if runs := row.Status == string(journey.Running); v.Journey == "" || runs && !running {
				v.Journey, v.Of, running = row.Stream.ID(), k, runs
			}
		}
	}
	sortThreads(v.Threads, messaging.PersonSide)
	v.Threads = slices.DeleteFunc(v.Threads, func(t ThreadView) bool {
		return t.State.Last(messaging.PersonSide) == nil || q.Thread != "" && t.ID != q.Thread
	})
	if q.Thread != "" && len(v.Threads) == 0 {
		return v, nil, noThread()
	}
	err = r.head(&v.Plan, key, func(contact care.Post) (people, error) { return r.threadPeople(contact, v.Threads) })
	v.Calendar = care.CalendarOf(v.Person.State.Regime)
	return v, keys, err
}

// reached notes that the patient has read what stood on the page, or the relative
// whom their notices go to.
func (q MyThreads) reached(r *reading, v MyThreadsView) error {
	if q.Thread == "" {
		return nil
	}
	mine, err := r.isFor(care.Party{Kind: care.PartyPatient}, v.Threads[0].State.Person)
	if err != nil || !mine {
		return err
	}
	return r.openedThread(v.Threads[0], messaging.PersonSide)
}

// openedThread notes that a conversation was opened, where there is something new
// in it.
func (r *reading) openedThread(v ThreadView, side messaging.Side) error {
	if v.State.Unread(side) == 0 {
		return nil
	}
	_, err := r.s.Do(r.ctx, Order{
		Who: r.who, Target: v.ID, Command: messaging.ReadThread{}, Key: "opened/" + v.ID + "@" + itoa(v.State.Version),
	})
	if _, refused := care.AsRefusal(err); refused {
		return nil // opened in another window, or the asker may read and not act
	}
	return err
}

// Threads asks for the conversations about a journey, for those who work. Thread
// opens one of them, which whoever wrote in it can see; "" lists them.
type Threads struct{ Journey, Thread string }

// ThreadsView is the answer: the journey's conversations, with the newest word
// first.
type ThreadsView struct {
	Journey string
	State   *journey.State
	Person  PersonView
	Threads []ThreadView
	// TakePart are the units one of whose posts can answer.
	TakePart []care.UnitID
	Now      time.Time
	Calendar *care.Calendar
	people
}

// Name of the question.
func (Threads) Name() string { return "threads" }

func (q Threads) answer(r *reading) (ThreadsView, []care.PersonKey, error) {
	v := ThreadsView{Journey: q.Journey, Now: r.now}
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
	v.Calendar = care.CalendarOf(v.State.Regime)
	if v.Person, err = r.person(v.State.Person); err != nil {
		return v, nil, err
	}
	v.TakePart = takingPart(v.State)
	if u := v.Person.Contact.Unit; u != "" && !slices.Contains(v.TakePart, u) {
		v.TakePart = append(v.TakePart, u)
	}
	if v.Threads, err = r.threadsOf(v.State.Person, q.Journey); err != nil {
		return v, nil, err
	}
	if q.Thread != "" {
		if v.Threads = slices.DeleteFunc(v.Threads, func(t ThreadView) bool { return t.ID != q.Thread }); len(v.Threads) == 0 {
			return v, nil, noThread()
		}
		if err := r.fillThread(&v.Threads[0]); err != nil {
			return v, nil, err
		}
	}
	v.people, err = r.threadPeople(v.Person.Contact, v.Threads)
	v.hide = r.hides(v.Person, v.State.Responsible.Unit)
	return v, []care.PersonKey{v.State.Person}, err
}

// reached notes who among those who work has opened a conversation.
func (q Threads) reached(r *reading, v ThreadsView) error {
	if q.Thread == "" || r.who.Actor.Kind != care.Professional {
		return nil
	}
	return r.openedThread(v.Threads[0], messaging.CareSide)
}

func noThread() error { return care.Missing("no-thread", "There is no such conversation.") }

// threadsOf lists a person's conversations with the newest word first: all of them,
// or those about one journey.
func (r *reading) threadsOf(p care.PersonKey, journey string) ([]ThreadView, error) {
	rows, err := r.store.Relations(r.ctx, p)
	if err != nil {
		return nil, err
	}
	var out []ThreadView
	for _, row := range rows {
		if row.Stream.Kind() != "thread" || row.Key != threadBasis {
			continue
		}
		state, version, err := r.load(row.Stream)
		if err != nil {
			return nil, err
		}
		t := state.(*messaging.Thread)
		if version == 0 || journey != "" && t.Journey != "" && t.Journey != journey {
			continue
		}
		r.shows(row.Stream)
		out = append(out, ThreadView{ID: row.Stream.ID(), State: t})
	}
	sortThreads(out, messaging.CareSide)
	return out, nil
}

// sortThreads puts what one side saw last first.
func sortThreads(list []ThreadView, side messaging.Side) {
	last := func(t ThreadView) time.Time {
		if m := t.State.Last(side); m != nil {
			return m.At
		}
		return time.Time{}
	}
	slices.SortStableFunc(list, func(a, b ThreadView) int { return last(b).Compare(last(a)) })
}

// fillThread opens what was written in a conversation.
func (r *reading) fillThread(v *ThreadView) error {
	events, err := r.store.Load(r.ctx, store.StreamOf("thread", v.ID), 0)
	if err != nil {
		return err
	}
	v.Text = map[int]care.Sealed{}
	for _, e := range events {
		text, err := r.s.unseal(r.ctx, string(v.State.Person), e)
		if err != nil {
			return err
		}
		if text != nil {
			v.Text[e.Version] = text
		}
	}
	return nil
}

// threadPeople are the names of those who stand behind the posts in conversations,
// and of who wrote, read or wrote down.
func (r *reading) threadPeople(contact care.Post, threads []ThreadView) (people, error) {
	posts := []care.Post{contact}
	var ids []string
	for _, t := range threads {
		posts = append(posts, t.State.Reader)
		if c := t.State.Closing; c != nil {
			posts, ids = append(posts, c.By.Party.Post), append(ids, c.By.ID)
		}
		for _, m := range t.State.Messages {
			posts = append(posts, m.By.Party.Post, m.Reader.Party.Post)
			ids = append(ids, m.By.ID, m.By.Recorder, m.Reader.ID)
		}
	}
	posts = slices.DeleteFunc(posts, func(p care.Post) bool { return p.IsZero() })
	return r.people(posts, slices.DeleteFunc(ids, func(id string) bool { return id == "" })...)
}

// ofThread says which journey a conversation is read in.
func (row *WorkRow) ofThread(r *reading, st store.Stream) error {
	state, _, err := r.load(st)
	if err != nil {
		return err
	}
	t := state.(*messaging.Thread)
	row.Thread = st.ID()
	if t.Journey == "" {
		return row.find(r, r.s.scope(r.who, r.now))
	}
	row.Journey = t.Journey
	j, _, err := r.load(store.StreamOf("journey", t.Journey))
	if err != nil {
		return err
	}
	row.Pathway = j.(*journey.State).Pathway.ID
	return nil
}
