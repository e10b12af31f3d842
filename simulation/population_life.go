package simulation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// life is one made-up person living through their story, from the receipt of a
// referral up to now.
type life struct {
	number   int
	story    *story
	pathway  string
	rng      *rand.Rand
	region   *region
	identity casework.Identity
	// practice sends the referral; clinic is where the journey is now; home is
	// the municipality's coordinating unit.
	practice, clinic, home care.UnitID
	// paper is how the person is reached who reads no pages; empty for the rest.
	paper care.Channel

	ctx   context.Context
	s     *casework.Service
	store store.Store
	clock *lifeClock

	person  care.PersonKey
	journey string
	orders  int
	// seen is the journey as it was last looked at, and looked when.
	seen   *journey.State
	looked time.Time

	// nth counts who lived the story before. first is the first who lives the story; logins are those whom the demo can
	// log in as because of it, and now is the demo's day.
	nth    int
	first  bool
	logins []Resident
	now    time.Time
}

// live plays the story's scenes on working days, so that the last one lies as
// many days back as the story says.
func (l *life) live() error {
	days := make([]int, len(l.story.scenes))
	total := l.draw(l.story.since)
	for i, sc := range l.story.scenes {
		if i > 0 {
			days[i] = l.draw(sc.after)
		}
		total += days[i]
	}
	at := len(l.region.days) - 1 - total
	if at < 0 {
		return fmt.Errorf("it began before the region did: %d working days back", total)
	}
	for i, sc := range l.story.scenes {
		at += days[i]
		l.advance(l.region.days[at])
		if err := sc.act(l); err != nil {
			return fmt.Errorf("scene %d on %s: %w", i+1, l.region.days[at], err)
		}
		quiet := len(l.region.days) - 1 - at
		if i+1 < len(days) {
			quiet = days[i+1]
		}
		if err := l.between(at, quiet); err != nil {
			return fmt.Errorf("after scene %d on %s: %w", i+1, l.region.days[at], err)
		}
	}
	if err := l.tidy(); err != nil {
		return fmt.Errorf("tidying up: %w", err)
	}
	if err := l.trust(); err != nil {
		return err
	}
	return l.spend()
}

// between is what people do while nothing else happens: the next day they read
// or are told what happened, and after a long silence somebody calls.
func (l *life) between(at, quiet int) error {
	if quiet >= 2 {
		l.advance(l.region.days[at+1])
		if err := upkeep(l); err != nil {
			return err
		}
	}
	if quiet >= 12 && l.rng.IntN(10) < 7 {
		l.advance(l.region.days[at+quiet-1])
		return upkeep(l)
	}
	return nil
}

// draw makes a number of days a little uneven: up to a fifth more.
func (l *life) draw(days int) int { return days + l.rng.IntN(days/5+1) }

// advance sets the clock to an hour of a working day, or a little later on the
// same day.
func (l *life) advance(d care.Date) {
	morning := l.region.cal.StartOf(d).Add(8*time.Hour + time.Duration(l.rng.IntN(240))*time.Minute)
	if now := l.clock.Now(); l.orders > 0 && !now.Before(morning) {
		morning = now.Add(time.Duration(5+l.rng.IntN(20)) * time.Minute)
	}
	l.clock.set(morning)
}

// today is the date on the life's clock, n days from now.
func (l *life) today(n int) care.Date { return l.region.cal.Date(l.clock.Now()).AddDays(n) }

// workday is a working day at least n days from now, at an hour.
func (l *life) workday(n, hour int) time.Time {
	d := l.today(n)
	for !l.region.cal.IsWorkingDay(d) {
		d = d.AddDays(1)
	}
	return l.region.cal.StartOf(d).Add(time.Duration(hour) * time.Hour)
}

func (l *life) post(role care.Role) care.Post { return care.Post{Unit: l.clinic, Role: role} }
func (l *life) gp() care.Post                 { return care.Post{Unit: l.practice, Role: "gp"} }

// by is who acts from a post today. Where the post has nobody of its own, the
// coordinator records the act on its behalf: most parties never log in.
func (l *life) by(post care.Post) (casework.Who, *care.OnBehalf) {
	now := l.clock.Now()
	if who := l.s.Directory().Holders(post, now); len(who) > 0 {
		return acting(who[l.number%len(who)], post), nil
	}
	coordinator := l.post("coordinator")
	who, where, _ := l.s.Directory().Resolve(coordinator, now)
	return acting(who[0], where), &care.OnBehalf{Of: care.Party{Kind: care.PartyUnit, Post: post}, How: care.ByPhone}
}

func acting(id string, post care.Post) casework.Who {
	return casework.Who{Actor: care.Actor{Kind: care.Professional, ID: id, Unit: post.Unit}, Post: post}
}

// do lets a post act on the journey.
func (l *life) do(post care.Post, c journey.Command) error {
	who, behalf := l.by(post)
	return l.order(who, l.journey, c, behalf)
}

// say lets the patient act: on the page, or by telling the coordinator.
func (l *life) say(target string, c interface{ Name() string }) error {
	if l.paper == "" {
		return l.order(casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(l.person)}}, target, c, nil)
	}
	return l.told(target, c)
}

// told is what the coordinator records that the patient said on the telephone.
func (l *life) told(target string, c interface{ Name() string }) error {
	who, _ := l.by(l.post("coordinator"))
	return l.order(who, target, c, &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByPhone})
}

// know lets the coordinator record what is true of the person.
func (l *life) know(c interface{ Name() string }) error {
	who, _ := l.by(l.post("coordinator"))
	return l.order(who, string(l.person), c, nil)
}

func (l *life) order(who casework.Who, target string, c interface{ Name() string }, behalf *care.OnBehalf) error {
	receipt, err := l.s.Do(l.ctx, casework.Order{Who: who, Key: l.key(), Target: target, Command: c, For: behalf})
	if err != nil {
		return fmt.Errorf("%s by %s: %w", c.Name(), who.Post, err)
	}
	if l.journey == "" {
		l.journey = receipt.Target
	}
	return nil
}

func (l *life) key() string {
	l.orders++
	return "life/" + strconv.Itoa(l.number) + "/" + strconv.Itoa(l.orders)
}

// look is the journey as it is now. The coordinator opens the page when some
// time has passed since the last look, and every such look is logged; between
// them the life follows its own events.
func (l *life) look() (*journey.State, error) {
	if now := l.clock.Now(); l.seen == nil || now.Sub(l.looked) > openEvery {
		who, _ := l.by(l.post("coordinator"))
		v, err := casework.View(l.ctx, l.s, who, casework.GetJourney{ID: l.journey})
		if err != nil {
			return nil, fmt.Errorf("looking at the journey: %w", err)
		}
		l.seen, l.looked = v.State.Clone(), now
	}
	events, err := l.store.Load(l.ctx, store.StreamOf("journey", l.journey), l.seen.Version)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		event, err := journey.Events.Decode(e.Type, e.Body)
		if err != nil {
			return nil, err
		}
		err = journey.Evolve(l.seen, care.Recorded{
			Version: e.Version, Event: event, Happened: e.Happened, Learned: e.Learned, Actor: e.Actor, Post: e.Post, For: e.For, Command: e.Command,
		})
		if err != nil {
			return nil, err
		}
	}
	return l.seen, nil
}

// openEvery is how long a coordinator works from one look at a journey.
const openEvery = 21 * 24 * time.Hour

// step finds the newest step of an id that is still to be done.
func (l *life) step(id pathway.StepID) (journey.Step, error) {
	s, err := l.look()
	if err != nil {
		return journey.Step{}, err
	}
	if st := s.StepOf(id); st != nil && st.Live() {
		return *st, nil
	}
	return journey.Step{}, fmt.Errorf("the step %s: %w", id, errNotOpen)
}

var errNotOpen = errors.New("it is not open")

// all carries out scenes one after the other on the same day.
func all(acts ...func(*life) error) func(*life) error {
	return func(l *life) error {
		for _, act := range acts {
			if err := act(l); err != nil {
				return err
			}
		}
		return nil
	}
}
