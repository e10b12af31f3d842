package journey

import (
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// layOut lays the options of a choice side by side. What post-exertional
// malaise gates is named, not hidden.
func (d *draft) layOut(c LayOut) error {
	def, err := d.choiceDef(c.Choice)
	if err != nil {
		return err
	}
	for _, x := range d.s.Choices {
		if x.ID == c.Choice && x.Made == nil {
			return care.Refuse("choice-open", "These options are laid out already.")
		}
	}
	e := ChoiceLaidOut{Choice: len(d.s.Choices) + 1, ID: c.Choice, Step: c.Step}
	if e.Step == 0 {
		for _, st := range d.s.Steps {
			if st.Live() && st.Kind == pathway.Choosing && d.stepDef(st.ID).Choice == c.Choice {
				e.Step = st.Step
			}
		}
	}
	for _, o := range def.Options {
		e.Options = append(e.Options, o.ID)
		if o.RaisesActivity && d.k.Person.PEM != nil && *d.k.Person.PEM {
			e.Gated = append(e.Gated, o.ID)
		}
	}
	d.add(e)
	return nil
}

func (d *draft) choiceDef(id pathway.ChoiceID) (*pathway.Choice, error) {
	for i := range d.def.Choices {
		if d.def.Choices[i].ID == id {
			return &d.def.Choices[i], nil
		}
	}
	return nil, care.Refuse("no-such-choice", "The pathway has no choice {choice}.", "choice", string(id)).On("choice")
}

// choose records what the patient chose; several, or none of them, with a day
// to look again.
func (d *draft) choose(c Choose) error {
	x, err := at(d.s.Choices, c.Choice, "choice")
	if err != nil || x.Made != nil {
		return care.Missing("choice-not-open", "These options are not open for a choice.")
	}
	for _, id := range c.Chosen {
		if !slices.Contains(x.Options, id) {
			return care.Refuse("no-such-option", "{option} is not one of the options.", "option", id).On("chosen")
		}
	}
	asked, err := d.gate(*x, c)
	if err != nil {
		return err
	}
	step := x.Step
	again, byStep, err := d.lookAgain(c, step)
	if err != nil {
		return err
	}
	d.addWith(ChoiceMade{Choice: c.Choice, Chosen: c.Chosen, LookAgain: again, ByStep: byStep, Owner: d.s.Responsible, Malaise: asked},
		sealed("reasons", c.Words, "despite", c.Despite))
	if st, err := at(d.s.Steps, step, "step"); err == nil && st.Live() {
		done := *st
		d.closeStep(done, strings.Join(c.Chosen, ","))
		d.reach(done.Sets, done.Step)
	}
	return nil
}

// gate holds back what raises activity where effort makes the patient worse, and
// where it was asked and nobody could say: it needs a reason that the patient has
// agreed to. Somebody who chooses on their own page is always asked first. It
// answers what was said, where it had to be asked.
func (d *draft) gate(x Choice, c Choose) (asked string, err error) {
	raises := func(id string) bool {
		def, err := d.choiceDef(x.ID)
		return err == nil && slices.ContainsFunc(def.Options, func(o pathway.Option) bool { return o.ID == id && o.RaisesActivity })
	}
	known := d.k.Person.PEM
	for _, id := range c.Chosen {
		gated := slices.Contains(x.Gated, id)
		if !gated && raises(id) {
			gated = known != nil && *known
			if known == nil {
				switch asked = c.Malaise; {
				case asked == "" && (d.act.Actor.Kind == care.Patient || d.act.Actor.Kind == care.Relative):
					return "", care.Refuse("pem-ask", "Say first whether effort makes you worse. Then you can choose something that asks more of the body.").On("malaise")
				case !slices.Contains([]string{"", "yes", "no", "unknown"}, asked):
					return "", care.Refuse("pem-ask", "Say first whether effort makes you worse. Then you can choose something that asks more of the body.").On("malaise")
				}
				gated = asked == "yes" || asked == "unknown"
			}
		}
		if gated && c.Despite == "" {
			return "", care.Refuse("pem-gates",
				"Effort makes this patient worse. Something that raises activity needs a reason that the patient has agreed to.").On("despite")
		}
	}
	return asked, nil
}

// lookAgain is when a choice is looked at again. One whose step comes back is
// looked at there: on the day that was agreed, or after the step's own time.
func (d *draft) lookAgain(c Choose, step int) (again time.Time, byStep bool, err error) {
	if st, _ := at(d.s.Steps, step, "step"); st != nil && st.Live() {
		def := d.stepDef(st.ID)
		byStep = def.Repeat != nil && def.Repeat.Again(st.Round, d.repeatOver(def))
		if byStep && c.LookAgain.IsZero() {
			return d.deadline(def.Repeat.Every), true, nil
		}
	}
	if c.LookAgain.IsZero() {
		return again, false, care.Refuse("look-again", "Agree on a day to look at the choice again.").On("lookAgain")
	}
	return d.endOf(c.LookAgain), byStep, d.future(c.LookAgain, "lookAgain")
}
