package simulation

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// A part reads one word of what is expected of a step or a clock, such as its
// owner, from the journey.
type part func(p *play, v casework.JourneyView) string

// parts reads what is expected of one thing: a single word is its state.
func (r *exampleReader) parts(about string, n *yaml.Node, known map[string]part) expectation {
	var checks []func(p *play, v casework.JourneyView)
	add := func(word string, want *yaml.Node, got part) {
		text := r.text(want)
		checks = append(checks, func(p *play, v casework.JourneyView) { p.compare(want, about+", "+word, text, got(p, v)) })
	}
	if n.Kind == yaml.ScalarNode {
		add("state", n, known["is"])
	} else {
		words := map[string]func(*yaml.Node){}
		for word, got := range known {
			words[word] = func(v *yaml.Node) { add(word, v, got) }
		}
		r.keys(n, words)
	}
	return seen(func(p *play, v casework.JourneyView) {
		for _, check := range checks {
			check(p, v)
		}
	})
}

func (r *exampleReader) expectStep(id string, n *yaml.Node) expectation {
	of := func(get func(p *play, st *journey.Step) string) part {
		return func(p *play, v casework.JourneyView) string {
			if st := v.State.StepOf(pathway.StepID(id)); st != nil {
				return get(p, st)
			}
			return "no such step"
		}
	}
	return r.parts("the step "+id, n, map[string]part{
		"is":      func(_ *play, v casework.JourneyView) string { return stepIs(v, pathway.StepID(id)) },
		"owner":   of(func(_ *play, st *journey.Step) string { return st.Owner.String() }),
		"latest":  of(func(p *play, st *journey.Step) string { return p.lastDay(st.Latest) }),
		"planned": of(func(p *play, st *journey.Step) string { return p.day(st.Planned) }),
		"missed":  of(func(_ *play, st *journey.Step) string { return fmt.Sprint(st.Missed) }),
		"outcome": of(func(_ *play, st *journey.Step) string { return st.Outcome }),
		"due": of(func(p *play, st *journey.Step) string {
			v, err := p.look()
			if err != nil {
				return err.Error()
			}
			return p.lastDay(v.State.Items[fmt.Sprintf("step/%d", st.Step)].Due)
		}),
	})
}

// stepIs says where a step is: as its life cycle says, not-decided while a fact
// is missing, ahead where it may still come, none where it will not.
func stepIs(v casework.JourneyView, id pathway.StepID) string {
	if st := v.State.StepOf(id); st != nil {
		return string(st.State)
	}
	if _, brought := v.State.BroughtIn[id]; brought {
		return "brought-in"
	}
	if _, undecided := v.Undecided[id]; undecided {
		return "not-decided"
	}
	if slices.Contains(v.Ahead, id) {
		return "ahead"
	}
	return "none"
}

func (r *exampleReader) expectClock(id string, n *yaml.Node) expectation {
	of := func(get func(p *play, c *journey.Clock) string) part {
		return func(p *play, v casework.JourneyView) string {
			if c := newestClock(v.State, pathway.ClockID(id)); c != nil {
				return get(p, c)
			}
			return "not started"
		}
	}
	return r.parts("the clock "+id, n, map[string]part{
		"is":     of(func(_ *play, c *journey.Clock) string { return string(c.State) }),
		"latest": of(func(p *play, c *journey.Clock) string { return p.lastDay(c.Latest) }),
		"start":  of(func(p *play, c *journey.Clock) string { return p.day(c.Start) }),
		"limit":  of(func(_ *play, c *journey.Clock) string { return c.Limit.String() }),
		"used":   of(func(p *play, c *journey.Clock) string { return days(c.UsedDays(p.cal(), p.world.clock.Now())) }),
		"plain":  of(func(p *play, c *journey.Clock) string { return days(c.PlainDays(p.cal(), p.world.clock.Now())) }),
		"paused": of(func(p *play, c *journey.Clock) string { return days(c.PausedDays(p.cal().Date(p.world.clock.Now()))) }),
	})
}

func days(n int) string { return care.Span{N: n, Unit: care.Days}.String() }

// newestClock is the newest clock of an id, also one that was left.
func newestClock(s *journey.State, id pathway.ClockID) *journey.Clock {
	if c := s.ClockOf(id); c != nil {
		return c
	}
	for i := len(s.Clocks) - 1; i >= 0; i-- {
		if s.Clocks[i].ID == id {
			return &s.Clocks[i]
		}
	}
	return nil
}

func (r *exampleReader) expectMilestone(id string, n *yaml.Node) expectation {
	want := r.text(n)
	return seen(func(p *play, v casework.JourneyView) {
		p.compare(n, "the milestone "+id, want, p.day(v.State.Milestones[pathway.MilestoneID(id)].At))
	})
}

// openThings compares the whole list of what is open of a kind; none is none.
func (r *exampleReader) openThings(all *[]expectation, sort string, now func(p *play, v casework.JourneyView) []string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		want := r.words(n)
		slices.Sort(want)
		*all = append(*all, seen(func(p *play, v casework.JourneyView) {
			got := now(p, v)
			slices.Sort(got)
			p.compare(n, "the open "+sort, listed(want), listed(got))
		}))
	}
}

func waitsNow(p *play, v casework.JourneyView) []string {
	var list []string
	for _, w := range v.State.Waits {
		if w.Open {
			list = append(list, fmt.Sprintf("%s, %s, until %s", w.Reason, w.Owner, p.lastDay(w.Review)))
		}
	}
	return list
}

func offersNow(p *play, v casework.JourneyView) []string {
	var list []string
	for _, o := range v.State.Offers {
		if o.State == journey.OfferOpen {
			list = append(list, fmt.Sprintf("%s to %s, until %s", o.Kind, o.To, p.lastDay(o.By)))
		}
	}
	return list
}

func decisionsNow(p *play, v casework.JourneyView) []string {
	var list []string
	for _, d := range v.State.Decisions {
		if d.Open {
			list = append(list, fmt.Sprintf("%s, %s, until %s", d.About, d.Owner, p.lastDay(d.By)))
		}
	}
	return list
}

func interventionsNow(p *play, v casework.JourneyView) []string {
	var list []string
	for _, i := range v.State.Interventions {
		if i.State == journey.InterventionRunning {
			list = append(list, fmt.Sprintf("%s, until %s", i.Owner, p.lastDay(i.Due)))
		}
	}
	return list
}

// tellingText is what must be told; the patient is understood.
func tellingText(t journey.Telling) string {
	if t.To.Kind == care.PartyPatient {
		return t.About
	}
	return t.About + " to " + partyText(t.To)
}

// tellings compares what is still owed, or has been told. "none" means nothing
// at all.
func (r *exampleReader) tellings(all *[]expectation, told bool) func(*yaml.Node) {
	about := map[bool]string{false: "what must still be told", true: "what has been told"}[told]
	return func(n *yaml.Node) {
		want := r.words(n)
		*all = append(*all, seen(func(p *play, v casework.JourneyView) {
			var got []string
			for _, t := range v.State.Tellings {
				if told && t.Told != nil || !told && t.Open() {
					got = append(got, tellingText(t))
				}
			}
			if len(want) == 0 && len(got) > 0 {
				p.compare(n, about, "nothing", strings.Join(got, ", "))
			}
			for _, w := range want {
				if !slices.Contains(got, w) {
					p.fault(n, codeOther, "%s: expected %s, found %s", about, w, listed(got))
				}
			}
		}))
	}
}

// itemsAt lists the rows of one post's worklist.
func (w *world) itemsAt(post care.Post) ([]care.Item, error) {
	rows, _, err := w.store.Items(w.ctx, store.ItemQuery{Scope: store.Scope{All: true}, Posts: []care.Post{post}})
	items := make([]care.Item, len(rows))
	for i, row := range rows {
		items[i] = row.Item
	}
	return items, err
}
