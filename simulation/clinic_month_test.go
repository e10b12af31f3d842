package simulation

import (
	"slices"
	"testing"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// TestClinicMonth plays a month of a clinic with a hundred patients in which only
// the coordinator is ever logged in: no colleague, no practice, no patient. Every
// evening everything has its owner and its day, and whoever reads no pages has been
// told. What she does she reads on her list and in the journeys; what she is told
// by phone and post is drawn. There is no list beside it.
func TestClinicMonth(t *testing.T) {
	t.Parallel()
	const broughtIn, referred = 70, 30
	begins := care.Date{Year: 2026, Month: time.September, Day: 1}
	c := newClinic(t, 2, begins.AddDays(-10))
	c.silent = true
	// The list that the clinic had is brought in over the week before.
	before := c.workdays(begins.AddDays(-8), begins)
	for i, d := range before {
		c.day(d, func() {
			for n := range broughtIn {
				if n%len(before) == i {
					c.brings(n)
				}
			}
		})
	}
	month := c.workdays(begins, begins.AddDays(30))
	comes := map[care.Date]int{}
	for range referred {
		comes[month[c.arrive.IntN(len(month))]]++
	}
	for _, d := range month {
		c.day(d, func() {
			for range comes[d] {
				c.refers(c.channel(15, 60))
			}
		})
		c.evening()
		if t.Failed() {
			break
		}
	}
	c.print()
	c.balance(broughtIn + referred)
}

// workdays lists the working days from one day up to another.
func (c *clinic) workdays(from, until care.Date) []care.Date {
	var days []care.Date
	for d := from; d.Before(until); d = d.AddDays(1) {
		if c.cal.IsWorkingDay(d) {
			days = append(days, d)
		}
	}
	return days
}

// brings brings in a journey that ran before: it waits for the clinic, is being
// assessed, has its plan, or is to be carried on by the practice.
func (c *clinic) brings(n int) {
	c.t.Helper()
	open := journey.Open{
		Person: c.register(c.channel(15, 60)), Regime: care.Norway, Pathway: c.def.Ref, Origin: journey.Imported, Desk: deskOfClinic, Responsible: atCoordinator,
		Sender: care.Party{Kind: care.PartyUnit, Post: atGP}, Reason: "Fra ventelisten.", Roles: map[pathway.RoleID]care.Post{"gp": atGP},
		PastSteps: map[pathway.StepID]string{"assess-referral": string(pathway.Accept), "start-date": "done"},
	}
	back := func(days int) time.Time { return c.now().AddDate(0, 0, -days) }
	past := func(id pathway.MilestoneID, days int) {
		open.Past = append(open.Past, journey.PastMilestone{ID: id, At: back(days), Source: "Ventelisten"})
	}
	switch spread := c.arrive.IntN(50); n % 4 {
	case 0:
		open.Received = back(20 + spread)
		past("referral-answered", 12+spread)
	case 1:
		open.Received = back(90 + spread)
		past("referral-answered", 80+spread)
		past("assessment-started", 10+spread)
	case 2:
		open.Received = back(200 + spread)
		past("referral-answered", 190+spread)
		past("assessment-started", 120+spread)
		past("summary-meeting-held", 50+spread)
	default:
		open.Received = back(330 + spread)
		past("referral-answered", 320+spread)
		past("assessment-started", 250+spread)
		past("summary-meeting-held", 165)
		past("follow-up-meeting-held", 3)
	}
	c.opens(open)
}

// evening holds every evening.
func (c *clinic) evening() {
	c.t.Helper()
	if len(c.refusals)+len(c.nobody) > 0 {
		c.t.Errorf("%s: what the list shows cannot be done: %s; %s", c.today(), counted(c.refusals), counted(c.nobody))
	}
	c.allShown()
	for _, p := range c.persons {
		v := c.read(c.patients[p].journey)
		if v.State.Status == journey.Running {
			c.led(v)
		}
		c.toldToday(p, v)
	}
}

// led holds that an open journey has a post that answers for it, with a name
// behind it, and a next step with a date or a wait with an owner.
func (c *clinic) led(v casework.JourneyView) {
	c.t.Helper()
	if who, _, _ := c.w.service.Directory().Resolve(v.State.Responsible, c.now()); v.State.Responsible.IsZero() || len(who) == 0 {
		c.t.Errorf("%s: journey %s has nobody at %s", c.today(), v.ID, v.State.Responsible)
	}
	leads := false
	for key, i := range v.State.Items {
		if i.Due.IsZero() || i.Post.IsZero() {
			c.t.Errorf("%s: journey %s: %s has the date %s and the post %s", c.today(), v.ID, key, i.Due, i.Post)
		}
		leads = leads || !slices.Contains([]care.ItemKind{care.TellItem, care.ContactItem, care.EscalationItem, care.FaultItem}, i.Kind)
	}
	if !leads {
		c.t.Errorf("%s: journey %s has no next step and no wait: %v", c.today(), v.ID, v.State.Items)
	}
}

// toldToday holds that whoever reads no pages, and for whom something changed
// today, has a letter in the post or was called.
func (c *clinic) toldToday(p care.PersonKey, v casework.JourneyView) {
	c.t.Helper()
	if !c.patients[p].paper() {
		return
	}
	changed, talked := "", false
	for _, r := range v.History {
		if c.cal.Date(r.Learned) != c.today() {
			continue
		}
		talked = talked || r.For != nil && r.For.Of.Kind == care.PartyPatient
		switch e := r.Event.(type) {
		case journey.Answered, journey.MeetingHeld, journey.OfferAccepted, journey.Ended, journey.Reopened, journey.MeetingCancelled:
			changed = r.Event.Type()
		case journey.StepPlanned:
			if k := v.State.Steps[e.Step-1].Kind; k == pathway.Visit || k == pathway.Meeting {
				changed = r.Event.Type()
			}
		}
	}
	if changed != "" {
		c.changes++
	}
	if changed != "" && !talked && !c.reached[p] {
		c.t.Errorf("%s: %s reads no pages, %s in journey %s, and has no letter and no call", c.today(), p, changed, v.ID)
	}
	for _, x := range v.State.Tellings {
		if x.To.Kind == care.PartyPatient && x.Open() && c.cal.Date(x.Since) == c.today() && !c.reached[p] {
			c.t.Errorf("%s: %s reads no pages and is not told %q of journey %s", c.today(), p, x.About, v.ID)
		}
	}
}

// allShown holds that everything open anywhere stands on the list that Kari
// reads. What a named lead decides alone comes to her list when it is late.
func (c *clinic) allShown() {
	c.t.Helper()
	shown := map[string]bool{}
	for _, row := range c.list() {
		switch row.Stream {
		case "person", "notice":
			shown[row.Stream+"/"+string(row.Person)+" "+ownKey(row.Item.Key)] = true
		default:
			shown[row.Stream+"/"+row.Journey+" "+ownKey(row.Item.Key)] = true
		}
	}
	items, _, err := c.w.store.Items(c.w.ctx, store.ItemQuery{Scope: store.Scope{All: true}, AnyPost: true})
	if err != nil {
		c.t.Fatal(err)
	}
	if len(items) == 0 {
		c.t.Fatal("nothing is open anywhere")
	}
	for _, i := range items {
		lead := i.Item.Post.Role == care.Lead && i.Item.Due.After(c.now())
		if id := string(i.Stream) + " " + ownKey(i.Item.Key); !shown[id] && !lead {
			c.t.Errorf("%s: %s (%s, %s) of %s is on no list that anybody reads", c.today(), id, i.Item.Kind, i.Item.Ref, i.Item.Post)
		}
	}
}

// balance holds at the end that nobody got lost and nobody was turned away.
func (c *clinic) balance(all int) {
	c.t.Helper()
	var open, ended, referred, answered, waiting, elsewhere int
	for _, p := range c.persons {
		v := c.read(c.patients[p].journey)
		s := v.State
		switch s.Status {
		case journey.Running:
			open++
		case journey.Closed:
			ended++
			if s.End == nil || s.End.NextCheck.IsZero() || s.End.CarriesOn.Kind == "" {
				c.t.Errorf("journey %s ended without anybody who carries on: %+v", v.ID, s.End)
			}
		default:
			c.t.Errorf("journey %s is %q", v.ID, s.Status)
		}
		if s.Origin == journey.Imported {
			continue
		}
		referred++
		step := s.StepOf("assess-referral")
		switch {
		case s.Answer != nil && (s.Answer.Answer == pathway.Accept || s.Answer.Answer == pathway.Advise):
			answered++
		case step != nil && step.Live():
			waiting++
		default:
			elsewhere++
		}
	}
	c.t.Logf("%d journeys: %d open, %d ended; %d referrals: %d answered, %d being assessed; %d changes of %d days for those who read no pages",
		open+ended, open, ended, referred, answered, waiting, c.changes, len(c.all))
	if open+ended != all || c.received != all || len(c.persons) != all {
		c.t.Errorf("%d journeys came, and %d open and %d ended are here", all, open, ended)
	}
	if answered+waiting != referred || elsewhere != 0 || answered == 0 || ended == 0 || c.changes < 20 {
		c.t.Errorf("of %d referrals %d are answered, %d are being assessed and %d are lost", referred, answered, waiting, elsewhere)
	}
}
