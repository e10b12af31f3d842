package simulation

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// play is one example being acted out.
type play struct {
	*example
	stage *stage
	world *world
	*page
	who care.PersonKey
	// reader opens the patient's page: the patient, or a parent of a child too
	// young to log in.
	reader       casework.Who
	journey      string
	labels       map[string]labelled
	acts, checks int
	// until is where the play stops, whatever is left of it; zero is its end.
	until time.Time
	// shown is the journey as it was last looked at, until something happens.
	shown *casework.JourneyView
}

// labelled is what a named line made: its first event and the version after it.
type labelled struct{ first, version int }

func (p *play) cal() *care.Calendar { return care.CalendarOf(p.stage.def.Regime) }

// run acts the lines out in order. It stops at an act that did not go as the
// example says, because nothing after it would mean anything.
func (p *play) run() error {
	if err := p.enterPerson(); err != nil {
		return err
	}
	for _, l := range p.lines {
		p.shown = nil
		if !p.until.IsZero() && p.moment(l, p.world.clock.Now(), p.cal()).After(p.until) {
			break
		}
		if l.on != nil {
			to := p.instant(l.on, p.cal())
			if to.Before(p.world.clock.Now()) {
				p.fault(l.on, codeWrongForm, "time does not go back: it is %s already", p.world.clock.Now().In(p.cal().Zone()).Format("2006-01-02 15:04"))
				return nil
			}
			if err := p.world.until(to); err != nil {
				return err
			}
		}
		if l.after != nil {
			if err := p.world.until(p.later(l.after, p.world.clock.Now(), p.cal())); err != nil {
				return err
			}
		}
		if l.do != nil {
			if ok, err := p.act(l); err != nil || !ok {
				return err
			}
		}
		for _, e := range l.expect {
			if !p.until.IsZero() {
				break // it is looked at, not judged
			}
			p.checks++
			if err := e.check(p); err != nil {
				return err
			}
		}
	}
	if !p.until.IsZero() {
		return p.world.until(p.until)
	}
	return p.tally()
}

// enterPerson makes the person known, with nothing but who they are.
func (p *play) enterPerson() error {
	var err error
	p.who, err = p.world.service.RegisterPerson(p.world.ctx, operator, p.world.key(), p.stage.def.Regime, casework.Identity{Name: p.person.name, Born: p.born()})
	p.reader = casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(p.who)}}
	return err
}

// born is a birthday on the day the example begins.
func (p *play) born() care.Date {
	today := p.cal().Date(p.start)
	return care.Date{Year: today.Year - p.person.age, Month: today.Month, Day: min(today.Day, 28)}
}

// settleIn records, once the journey is open, what the example says of the
// person: language, how they are told things, their GP and municipality. A child
// has a parent.
func (p *play) settleIn(by casework.Who) error {
	var err error
	if p.reader, err = p.world.family(p.who, p.born(), p.stage.def.Regime, by); err != nil {
		return err
	}
	known := []person.Command{person.SetLanguages{Reading: p.person.reads}, person.SetChannel{Channel: p.person.channel}}
	if p.person.gp != nil && p.person.gp.Value != "none" {
		known = append(known, person.ChangeGP{GP: p.party(p.person.gp)})
	}
	if p.person.municipality != nil {
		known = append(known, person.ChangeMunicipality{Municipality: p.party(p.person.municipality)})
	}
	for _, c := range known {
		_, err := p.world.do(casework.Order{Who: by, Target: string(p.who), Command: c})
		if r, ok := care.AsRefusal(err); ok && r.Code == "nothing-changes" {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name(), err)
		}
	}
	return nil
}

// act carries out one act and reports whether it went as the example says.
func (p *play) act(l line) (bool, error) {
	p.acts++
	defer func() { p.shown = nil }()
	who, ok := p.actor(l)
	if !ok {
		return false, nil
	}
	before := len(p.findings)
	var receipt casework.Receipt
	var err error
	if l.do.Value == readsPlan {
		_, err = casework.View(p.world.ctx, p.world.service, who, casework.MyPlan{})
	} else {
		var o casework.Order
		if o, err = p.order(l, who); err == nil && len(p.findings) == before {
			receipt, err = p.world.do(o)
		}
	}
	if len(p.findings) > before {
		return false, nil
	}
	if ok, err := p.wentAs(l, err); !ok || err != nil || l.refused != nil {
		return ok, err
	}
	if l.label != "" {
		p.labels[l.label] = labelled{receipt.First, receipt.Version}
	}
	if l.do.Value == "open" {
		p.journey = receipt.Target
		return true, p.settleIn(who)
	}
	return true, nil
}

// wentAs compares what came of an act with what the example says.
func (p *play) wentAs(l line, err error) (bool, error) {
	refusal, refused := care.AsRefusal(err)
	switch {
	case err != nil && !refused:
		p.fault(l.do, codeFault, "%s failed, and that is our fault: %s", l.do.Value, err)
		return false, nil
	case l.refused == nil && refused:
		p.fault(l.do, codeRefused, "%s was refused: %s", l.do.Value, refusal)
		return false, nil
	case l.refused != nil && !refused:
		p.fault(l.refused, codeNotRefused, "%s must be refused (%s), and was carried out", l.do.Value, l.refused.Value)
		return false, nil
	case l.refused != nil && refusal.Code != l.refused.Value:
		p.fault(l.refused, codeRefused, "%s must be refused because of %s, and was refused otherwise: %s", l.do.Value, l.refused.Value, refusal)
		return false, nil
	}
	return true, nil
}

// actor finds who acts.
func (p *play) actor(l line) (casework.Who, bool) {
	n := l.by
	if n == nil {
		n = p.example.by
	}
	if n == nil {
		p.fault(l.do, codeWrongForm, `say who does it: "by: kari"`)
		return casework.Who{}, false
	}
	id, post, given := strings.Cut(n.Value, "@")
	if id == string(pathway.PatientRole) {
		return casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(p.who)}}, true
	}
	if given {
		return professional(id, partyOf(post).Post), true
	}
	home, _ := p.cast.home(id)
	return professional(id, home), true
}

// order makes the order that a line describes.
func (p *play) order(l line, who casework.Who) (casework.Order, error) {
	o := casework.Order{Who: who, Key: p.world.key()}
	if l.behalf != nil {
		o.For = p.behalf(l.behalf)
	}
	if l.happened != nil {
		o.Happened = p.instant(l.happened, p.cal())
	}
	if l.seen != nil {
		label, ok := p.labels[l.seen.Value]
		if !ok {
			p.unknown(l.seen, "line named", sorted(p.labels))
		}
		o.Seen = care.Seen(label.version)
	}
	var err error
	command := reflect.New(commands[l.do.Value]).Elem()
	if l.with != nil {
		f := form{page: p.page, cal: p.cal(), number: func(n *yaml.Node, field string) int {
			var found int
			if found, err = p.number(n, field, l.do.Value); err != nil {
				return 0
			}
			return found
		}}
		f.read(l.with, command)
	}
	if err != nil {
		return o, err
	}
	o.Command = command.Interface().(interface{ Name() string })
	switch kind, _, _ := strings.Cut(o.Command.Name(), "."); kind {
	case "journey":
		o.Target = p.journey
		switch c := o.Command.(type) {
		case journey.Open:
			o.Command, o.Target = p.opening(c), ""
		case journey.OfferTo:
			c.Carriers = p.carrying(noneElse(c.Carriers))
			o.Command = c
		case journey.Answer:
			c.Carriers = p.carrying(noneElse(c.Carriers))
			o.Command = c
		case journey.EndJourney:
			c.Carriers = p.carrying(c.Carriers)
			o.Command = c
		}
	case "person":
		o.Target = string(p.who)
	default:
		if l.unit != nil {
			o.Target = l.unit.Value
		}
	}
	return o, nil
}

// noneElse lets an example leave out what the person does not have: whoever is
// not named to carry prescriptions or sick notes has none to carry.
func noneElse(c journey.Carriers) journey.Carriers {
	c.NoPrescriptions, c.NoSickNotes = !c.StatesPrescriptions(), !c.StatesSickNotes()
	return c
}

// carrying gives a sick note of an example that names no last day four weeks.
func (p *play) carrying(c journey.Carriers) journey.Carriers {
	if c.SickNotes != (care.Party{}) && c.SickNotesUntil.IsZero() {
		c.SickNotesUntil = p.cal().Date(p.world.clock.Now()).AddDays(28)
	}
	return c
}

// opening fills in what every opening of an example shares.
func (p *play) opening(c journey.Open) journey.Open {
	c.Person, c.Regime = p.who, p.stage.def.Regime
	if c.Pathway == (pathway.Ref{}) {
		c.Pathway = pathway.Ref{ID: p.stage.def.ID, Version: p.stage.def.Version}
	}
	if c.Origin == "" {
		c.Origin = journey.Registered
	}
	if c.Received.IsZero() {
		c.Received = p.world.clock.Now()
	}
	return c
}

// number finds the number of what a name stands for: a step by its id, an offer
// by its kind, a decision by what it is about, an earlier line by its name.
func (p *play) number(n *yaml.Node, field, command string) (int, error) {
	if label, ok := p.labels[n.Value]; ok && (field == "version" || field == "about") {
		return label.first, nil
	}
	v, err := p.look()
	if err != nil {
		return 0, err
	}
	s := v.State
	find := func(list int, is func(int) bool) int {
		for i := list - 1; i >= 0; i-- {
			if is(i) {
				return i + 1
			}
		}
		return 0
	}
	found := 0
	switch field {
	case "step":
		if st := s.StepOf(pathway.StepID(n.Value)); st != nil {
			found = st.Step
		}
	case "offer":
		if strings.HasPrefix(command, "person.") {
			found = len(v.Person.State.Contact.Offers)
			break
		}
		found = find(len(s.Offers), func(i int) bool { return s.Offers[i].State == journey.OfferOpen && string(s.Offers[i].Kind) == n.Value })
	case "decision":
		found = find(len(s.Decisions), func(i int) bool { return s.Decisions[i].Open && s.Decisions[i].About == n.Value })
	case "wait":
		found = find(len(s.Waits), func(i int) bool { return s.Waits[i].Open && s.Waits[i].Reason == n.Value })
	case "question":
		found = find(len(s.Questions), func(i int) bool { return s.Questions[i].Open && partyText(s.Questions[i].To) == n.Value })
	case "consult":
		found = find(len(s.Consults), func(i int) bool { return s.Consults[i].Open() && partyText(s.Consults[i].To) == n.Value })
	case "contribution":
		found = find(len(s.Contributions), func(i int) bool {
			return s.Contributions[i].State == journey.ContributionOpen && s.Contributions[i].Discipline == n.Value
		})
	case "joint":
		found = find(len(s.Joints), func(i int) bool { return string(s.Joints[i].State) == n.Value })
	case "telling":
		found = find(len(s.Tellings), func(i int) bool { return s.Tellings[i].Open() && tellingText(s.Tellings[i]) == n.Value })
	case "contact":
		found = find(len(s.Contacts), func(i int) bool {
			return s.Contacts[i].Open && string(s.Clocks[s.Contacts[i].Clock-1].ID) == n.Value
		})
	case "meeting":
		found = find(len(s.Meetings), func(i int) bool { return string(s.Steps[s.Meetings[i].Step-1].ID) == n.Value })
	case "choice":
		found = find(len(s.Choices), func(i int) bool { return string(s.Choices[i].ID) == n.Value })
	}
	if found == 0 {
		p.fault(n, codeUnknownKey, "there is no %s %q now; %s", field, n.Value, strings.Join(p.openNow(v, field), ", "))
	}
	return found, nil
}

// openNow says what there is, for the one who wrote another name.
func (p *play) openNow(v casework.JourneyView, field string) []string {
	var list []string
	for _, i := range v.State.List() {
		if strings.HasPrefix(i.Key, field+"/") {
			list = append(list, i.Ref)
		}
	}
	slices.Sort(list)
	if len(list) == 0 {
		return []string{"nothing of the kind is open"}
	}
	return append([]string{"open are"}, slices.Compact(list)...)
}

// look shows the journey to the person's first contact, who may always see it.
func (p *play) look() (casework.JourneyView, error) {
	if p.shown != nil {
		return *p.shown, nil
	}
	v, err := p.world.look(p.who, p.journey)
	if err == nil {
		p.shown = &v
	}
	return v, err
}
