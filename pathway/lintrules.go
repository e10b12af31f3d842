package pathway

import (
	"fmt"
	"slices"
	"strings"

	"forlop/care"
)

// clocks finds clocks that nothing stops and clocks that date nothing.
func (c *checker) clocks() {
	reachable := c.d.reachable()
	for _, k := range c.d.Clocks {
		at := "clocks/" + string(k.ID)
		for key, m := range map[string]MilestoneID{"from": k.From, "to": k.To} {
			if _, declared := c.d.Milestone(m); declared && m != Received && !reachable.milestones[m] {
				c.fault(at+"/"+key+"=", "E302", "the clock %q runs %s %q, and no step that can open sets that milestone", k.ID, key, m)
			}
		}
		if k.From == k.To && k.From != "" {
			c.fault(at+"/to=", "E302", "the clock %q starts and stops at the same milestone", k.ID)
		}
		if k.To == Received {
			c.fault(at+"/to=", "E302", "the clock %q stops at %q, where everything starts", k.ID, Received)
		}
		var dated, stopped bool
		for i := range c.d.Steps {
			s := &c.d.Steps[i]
			dated = dated || s.By.Clock == k.ID
			stopped = stopped || s.By.Clock == k.ID && slices.Contains(c.d.sets(s), k.To)
		}
		switch {
		case !dated:
			c.fault(at, "E303", "no step has its latest date from the clock %q (by: clock %s)", k.ID, k.ID)
		case !stopped:
			c.fault(at, "E304", "no step with its latest date from the clock %q sets %q, which stops the clock", k.ID, k.To)
		}
		if k.Kind != OwnClock && k.Basis.Source == "" && k.Basis.Tag != "" {
			c.fault(at, "E404", "a clock of kind %s needs a source; a limit of ours is of kind own", k.Kind)
		}
		for _, p := range k.Pauses {
			if p.Basis.Source == "" {
				c.fault(at+"/pauses/"+p.Reason, "E405", "the clock %q may pause only for reasons with a source; move the planned time instead, the latest date stays", k.ID)
			}
		}
	}
}

// roles finds roles that nobody can fill, and more or fewer than one first
// contact (L2).
func (c *checker) roles() {
	var contacts []string
	for _, r := range c.d.Roles {
		at := "roles/" + string(r.ID)
		if len(r.At) == 0 {
			c.fault(at, "E311", "no kind of unit can fill the role %q: list one or more under at", r.ID)
		}
		if r.Contact {
			contacts = append(contacts, string(r.ID))
			if len(contacts) > 1 {
				c.fault(at+"/contact", "E350", "the person has one first contact; %q is marked already", contacts[0])
			}
		}
	}
	if len(contacts) == 0 {
		c.fault("roles", "E350", "no role is the person's first contact: mark one with contact: true")
	}
	country, _, _ := strings.Cut(c.d.ID, ".")
	if want := map[string]care.Regime{"no": care.Norway, "se": care.Sweden}[country]; want != "" && c.d.Regime != "" && c.d.Regime != want {
		c.fault("regime=", "E312", "the pathway %q cannot run under the law of %s", c.d.ID, c.d.Regime)
	}
}

// endings finds ends that leave someone without what they need.
func (c *checker) endings() {
	if len(c.d.Ends) == 0 {
		c.fault("ends", "E340", "the pathway has no ending")
	}
	reachable := c.d.reachable()
	for _, e := range c.d.Ends {
		at := "ends/" + string(e.ID)
		if words := c.d.unmet(e.After, reachable); len(words) > 0 {
			c.fault(at, "E340", "the ending %q can never be set: it waits for %s", e.ID, words[0])
		}
		gives := func(ask string) bool { return slices.Contains(e.Asks, ask) }
		if e.CarriesOn == "" && !gives("reason") {
			c.fault(at, "E342", "nobody carries on after the ending %q: name a role under carries-on, or ask a reason why nobody needs to", e.ID)
		}
		if len(e.After) == 0 && !gives("reason") {
			c.fault(at, "E344", "the ending %q can be set before anything has happened: say what must come first, or ask a reason", e.ID)
		}
		if e.CarriesOn == "" {
			continue
		}
		for _, ask := range []string{"prescriptions", "sick-notes", "next-check", "come-back"} {
			if !gives(ask) {
				c.fault(at, "E343", "the ending %q does not ask for %s", e.ID, ask)
			}
		}
	}
	for _, code := range c.d.Codes {
		if code.At != "" && code.End != "" {
			c.fault("codes/"+code.ID, "E360", "the code %q is reported at a milestone or at an ending, not at both", code.ID)
		}
	}
}

// overdue finds a ladder that does not end in a named person (L7).
func (c *checker) overdue() {
	ladder := c.d.Overdue.Ladder
	if len(ladder) == 0 {
		c.fault("overdue", "E351", "the ladder has no rungs: what is overdue must climb to the lead, who is a named person")
		return
	}
	if last := len(ladder) - 1; ladder[last].To != ToLead {
		c.fault(fmt.Sprintf("overdue/ladder/%d", last), "E351", "the ladder ends at %q; the last rung is always the lead, who is a named person", ladder[last].To)
	}
	for i := 1; i < len(ladder); i++ {
		before, now := ladder[i-1], ladder[i]
		if slices.Index(ladderTo, now.To) < slices.Index(ladderTo, before.To) || shortest(now.After) < longest(before.After) {
			c.fault(fmt.Sprintf("overdue/ladder/%d", i), "E352", "the ladder goes down here: each rung comes later than the one before and reaches further (owner, coordinator, lead)")
		}
	}
}

// shortest and longest bound a span in calendar days, whatever days it falls
// on. A working week has at least one working day in it.
func shortest(s care.Span) int {
	switch s.Unit {
	case care.Weeks:
		return 7 * s.N
	case care.Months:
		return 28 * s.N
	default:
		return s.N
	}
}

func longest(s care.Span) int {
	switch s.Unit {
	case care.Weeks:
		return 7 * s.N
	case care.Months:
		return 31 * s.N
	default:
		// Working days are compared as days: a rung of working days after a rung
		// of working days is what ladders are made of.
		return s.N
	}
}

// basis finds numbers and rules that do not say where they come from.
func (c *checker) basis() {
	for _, b := range bases(c.d) {
		switch {
		case b.basis.Source != "" && b.basis.Tag != "":
			c.fault(b.path, "E402", "%s has both a source and a tag: keep the source", b.what)
		case b.asked && b.basis == (Basis{}):
			c.fault(b.path, "E401", "%s does not say where it comes from: add source, or tag: proposed where it is ours", b.what)
		}
	}
	for _, s := range c.d.Sources {
		if !c.d.Review.By.IsZero() && s.Changed.After(c.d.Review.By) {
			c.warn("review/by=", "W406", "the review date %s lies before the last change of the source %q", c.d.Review.By, s.ID)
		}
	}
}

// unused finds what is declared and read by nobody.
func (c *checker) unused() {
	all := bases(c.d)
	for _, s := range c.d.Sources {
		if !slices.ContainsFunc(all, func(b placedBasis) bool { return b.basis.Source == s.ID }) {
			c.warn("sources/"+string(s.ID), "W403", "nothing rests on the source %q", s.ID)
		}
	}
	read, broken := map[FactID]bool{}, false
	for i := range c.d.Steps {
		broken = broken || c.d.Steps[i].If.broken()
		for _, f := range c.d.Steps[i].If.Reads() {
			read[f] = true
		}
	}
	for i := range c.d.Cautions {
		caution := &c.d.Cautions[i]
		broken = broken || caution.When.broken()
		for _, f := range caution.When.Reads() {
			read[f] = true
		}
		if !c.d.warnsOf(caution.ID) {
			c.warn("cautions/"+caution.ID, "W335", "no step and no option shows the caution %q", caution.ID)
		}
	}
	for _, t := range c.d.Tables {
		for _, f := range t.Reads {
			read[f] = true
		}
	}
	for _, f := range c.d.Facts {
		if !read[f.ID] && !broken {
			c.warn("facts/"+string(f.ID), "W371", "no condition reads the fact %q", f.ID)
		}
	}
	for _, r := range c.d.Roles {
		if !r.Contact && !c.d.uses(r.ID) {
			c.warn("roles/"+string(r.ID), "W372", "nothing is done by the role %q", r.ID)
		}
	}
}

func (d *Definition) warnsOf(caution string) bool {
	return slices.ContainsFunc(d.Steps, func(s Step) bool { return slices.Contains(s.Cautions, caution) }) ||
		slices.ContainsFunc(d.Choices, func(c Choice) bool {
			return slices.ContainsFunc(c.Options, func(o Option) bool { return slices.Contains(o.Cautions, caution) })
		})
}

func (d *Definition) uses(r RoleID) bool {
	return d.Overdue.Contact.Who == r ||
		slices.ContainsFunc(d.Ends, func(e End) bool { return e.CarriesOn == r }) ||
		slices.ContainsFunc(d.Steps, func(s Step) bool {
			return s.Who == r || s.Follower == r || s.To == r ||
				slices.ContainsFunc(s.Agenda, func(a AgendaItem) bool { return slices.Contains(a.With, r) })
		})
}
