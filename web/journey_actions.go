package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// An action is one thing that a person can do with a journey or with what is
// true of its person. The table of actions holds everything the engine can do;
// a test holds that nothing is left out.
type action struct {
	// name is the last part of the address; its words stand under staff.do.
	name string
	// command is the name of the command it becomes.
	command string
	// on is the kind of thing it is about, "" for the whole journey.
	on string
	// group is the heading it stands under where nothing open asks for it; ""
	// keeps it beside its things alone.
	group string
	// elsewhere is where it is done, for what has a page of its own.
	elsewhere string
	// offered reports whether it can be done now; nil means always.
	offered func(*scene, thing) bool
	// asks is what its form asks for.
	asks func(*scene, thing) []ask
	// proposes fills the form with what the engine can propose.
	proposes func(*scene, thing) url.Values
	// presses reports whether the proposal is all there is to say, so that one
	// press does it.
	presses func(*scene, thing) bool
	// spoken is set where the words are the patient's own: the form starts with
	// the patient as the one it is recorded for.
	spoken bool
	// makes is the command that a filled form becomes.
	makes func(*scene, thing, *filled) named
}

// named is a command of a journey or of a person.
type named interface{ Name() string }

// actions is everything that can be done, in the order in which it is offered.
var actions = slices.Concat(
	stepActions, interpreterActions, offerActions, talkActions, consultActions, jointActions, copyActions, waitActions, meetingActions, bookingActions, planActions, courseActions,
	personWordActions, personLimitActions, personFactActions, personContactActions,
)

func findAction(name string) *action {
	for i := range actions {
		if actions[i].name == name {
			return &actions[i]
		}
	}
	return nil
}

// ofPerson reports whether the command goes to a stream of the person's.
func (a *action) ofPerson() bool {
	return strings.HasPrefix(a.command, "person.") || strings.HasPrefix(a.command, "notice.") || strings.HasPrefix(a.command, "booking.")
}

// can reports whether the action can be done with a thing now.
func (s *scene) can(a *action, t thing) bool {
	if a.on != t.kind {
		return false
	}
	if !a.ofPerson() && s.v.State.Status == journey.Closed && !slices.Contains(afterTheEnd, a.name) {
		return false
	}
	return a.offered == nil || a.offered(s, t)
}

// afterTheEnd lists what can be done with a journey that has ended.
var afterTheEnd = []string{"come-back", "tell", "words", "copied"}

// proposal is what the engine proposes for a form.
func (s *scene) proposal(a *action, t thing) url.Values {
	if a.proposes == nil {
		return url.Values{}
	}
	return a.proposes(s, t)
}

// does are the ways to do something with a thing: at once where the proposal
// says all, otherwise by a form.
func (s *scene) does(t thing, about string) (presses []press, links []link) {
	for i := range actions {
		a := &actions[i]
		if !s.can(a, t) {
			continue
		}
		if a.presses != nil && a.presses(s, t) {
			presses = append(presses, s.press(a, t, about))
			continue
		}
		links = append(links, link{text: s.p.T("staff.do." + a.name), href: actionAddress(s.v.ID, a.name, t.key())})
	}
	if s.outside(t) {
		links = append(links, link{text: s.p.T("guest.send"), href: s.address("/links")})
	}
	return presses, links
}

// press is an action as a button.
func (s *scene) press(a *action, t thing, about string) press {
	b := press{
		action: s.address("/do/" + a.name), label: s.pressWords(a, t), about: about,
		hidden: []pair{{"item", t.key()}, {"key", formKey()}, {"seen", strconv.Itoa(s.version(t))}},
	}
	v := s.proposal(a, t)
	for _, q := range sortedNames(v) {
		for _, value := range v[q] {
			b.hidden = append(b.hidden, pair{q, value})
		}
	}
	return b
}

// pressWords are the words on a button. One that says how something is told
// names the way, so that nobody presses for what they have not done.
func (s *scene) pressWords(a *action, t thing) string {
	if a.name != "tell-now" {
		return s.p.T("staff.do." + a.name)
	}
	r := s.receipt(t)
	if !r.expected.IsZero() {
		return s.p.T("staff.letter-sent", "date", r.expected)
	}
	return s.p.T("staff.told." + string(r.how))
}

func sortedNames(v url.Values) []string {
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// actionGroups are what can be done without anything open asking for it.
func (s *scene) actionGroups() []actionGroup {
	var groups []actionGroup
	for i := range actions {
		a := &actions[i]
		if a.group == "" || a.on != "" || !s.can(a, thing{}) {
			continue
		}
		title := s.p.T("staff.group." + a.group)
		at := slices.IndexFunc(groups, func(g actionGroup) bool { return g.title == title })
		if at < 0 {
			groups = append(groups, actionGroup{title: title})
			at = len(groups) - 1
		}
		if a.presses != nil && a.presses(s, thing{}) {
			groups[at].presses = append(groups[at].presses, s.press(a, thing{}, s.patient()))
			continue
		}
		groups[at].links = append(groups[at].links, link{text: s.p.T("staff.do." + a.name), href: actionAddress(s.v.ID, a.name, "")})
	}
	for _, e := range s.v.Definition.Ends {
		t := thing{kind: "end", id: string(e.ID)}
		if a := findAction("end"); s.can(a, t) {
			title := s.p.T("staff.group.end")
			at := slices.IndexFunc(groups, func(g actionGroup) bool { return g.title == title })
			if at < 0 {
				groups = append(groups, actionGroup{title: title})
				at = len(groups) - 1
			}
			groups[at].links = append(groups[at].links, link{
				text: s.p.T("staff.end-as", "what", lowerFirst(s.text.Ends[e.ID].Title)), href: actionAddress(s.v.ID, "end", t.key()),
			})
		}
	}
	return groups
}

// order is an order of the reader with what every staff form carries: whose act
// it records, when it happened, and what they saw.
func (s *scene) order(a *action, t thing, f *filled) casework.Order {
	o := s.c.order(s.v.ID, a.makes(s, t, f))
	if a.ofPerson() {
		o.Target = string(s.v.Person.Key)
	}
	o.For, o.Happened, o.Seen = f.onBehalf(), f.happened(), f.seen()
	if _, file := o.Command.(person.RecordFinding); file {
		o.Attachment = s.c.attached(s.p, f)
	}
	if as := parsePost(f.text("as")); f.text("as") != "" {
		o.Post = as
		o.Actor.Unit = as.Unit
	}
	return o
}

// liveStep is the step a thing names, while it is still to be done.
func (s *scene) liveStep(t thing, kinds ...pathway.StepKind) *journey.Step {
	st := &s.v.State.Steps[t.n-1]
	if !st.Live() || len(kinds) > 0 && !slices.Contains(kinds, st.Kind) {
		return nil
	}
	return st
}

func onStep(kinds ...pathway.StepKind) func(*scene, thing) bool {
	return func(s *scene, t thing) bool { return s.liveStep(t, kinds...) != nil }
}
