package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// noneOfThese is what a form sends where the patient wants none of the options:
// silence is no choice.
const noneOfThese = "none"

// An optionCard is one option as its patient reads it: what it asks, what it may
// give, what stands behind it and when, and the wait today.
type optionCard struct {
	id, title, field string
	facts            []fact
	waits            []string
	warned           []string // why effort may make this one harmful
	chosen           bool
}

// A choicePage is options side by side, or what was chosen of them.
type choicePage struct {
	lead, action string
	cards        []optionCard
	ask          *choiceField // whether effort makes worse, where nobody knows
	gate         string       // why some of them need a reason
	despite      bool
	none         bool
	look         string // the day that is proposed for looking again
	words, why   string
	hidden       []pair
	made         []fact // after the choice: what, why, and when it is looked at again
}

// choiceForm lays the options of a choice side by side on the patient's own page,
// and takes what they chose. What they chose before is shown instead of a form.
func choiceForm(c *call) error {
	p, plan, err := c.plan("me.choice.title")
	if err != nil {
		return err
	}
	v, ok := journeyIn(plan, c.r.PathValue("journey"))
	n, bad := strconv.Atoi(c.r.PathValue("choice"))
	if !ok || bad != nil || n < 1 || n > len(v.State.Choices) {
		return care.Missing("choice-not-open", "These options are not open for a choice.")
	}
	x := choiceOf(p, c, v, v.State.Choices[n-1])
	p.title = textOf(p, v.Definition).Choices[v.State.Choices[n-1].ID].Title
	if c.r.Method == http.MethodGet || x.made != nil {
		return c.draw(http.StatusOK, choiceBody(p, x))
	}
	if err = c.chooses(plan, v, n, x); err == nil {
		return c.done("choice")
	}
	refusal, ok := care.AsRefusal(err)
	if !ok || refusal.Kind == care.Denied || refusal.Kind == care.NotFound {
		return err
	}
	if refusal.Code == "pem-gates" {
		// It may be the answer just given that asks for a reason: the field for it is
		// on the page from now on.
		x.despite, x.gate = true, p.T("me.choice.gate")
	}
	p.faults = []fault{{field: refusal.Field, text: p.refusal(refusal)}}
	return c.draw(statusOf(err), choiceBody(p, x))
}

// chooses sends what was ticked. The answer to whether effort makes worse is kept
// with the person as well, under the name of who gave it.
func (c *call) chooses(plan casework.Plan, v casework.JourneyView, n int, x choicePage) error {
	form := c.r.PostForm
	chosen := form["chosen"]
	if len(chosen) == 0 || slices.Contains(chosen, noneOfThese) && len(chosen) > 1 {
		return care.Refuse("choice-nothing-ticked", "Tick what you want, or that you want none of these.").On("chosen")
	}
	command := journey.Choose{
		Choice: n, Chosen: slices.DeleteFunc(slices.Clone(chosen), func(id string) bool { return id == noneOfThese }),
		Words: clean(form.Get("words")), Despite: clean(form.Get("despite")),
	}
	var err error
	if command.LookAgain, err = care.ParseDate(form.Get("lookAgain")); err != nil {
		return onField(err, "lookAgain")
	}
	if x.ask != nil {
		command.Malaise = form.Get("malaise")
	}
	if err := c.act(v.ID, command); err != nil {
		return err
	}
	said := person.Malaise(command.Malaise)
	if said != person.MalaiseYes && said != person.MalaiseNo {
		return nil
	}
	o := c.order(string(plan.Person.Key), person.ReportCondition{Malaise: said})
	o.Key += "/malaise"
	if _, err := c.s.service.Do(c.r.Context(), o); err != nil {
		if _, refused := care.AsRefusal(err); !refused {
			return err
		}
		// It stands with the choice all the same.
	}
	return nil
}

func choiceOf(p page, c *call, v casework.JourneyView, x journey.Choice) choicePage {
	text := textOf(p, v.Definition)
	ch := choicePage{lead: p.T("me.choice.lead"), action: c.r.URL.Path, words: c.r.PostFormValue("words"), why: c.r.PostFormValue("despite")}
	ch.hidden = append([]pair{{"key", c.keyOf()}}, p.whom()...)
	def, _ := v.Definition.Choice(x.ID)
	known := v.Person.State.Condition.Malaise
	for i, id := range x.Options {
		o, raises := optionIn(def, id), false
		raises = o.RaisesActivity || slices.Contains(x.Gated, id)
		card := optionOf(p, v, x, o, text)
		card.id, card.field = id, "option-"+strconv.Itoa(i+1)
		if i == 0 {
			card.field = "chosen" // the summary of faults leads here
		}
		card.chosen = slices.Contains(c.r.PostForm["chosen"], id)
		if raises && known != person.MalaiseNo {
			card.warned = append(card.warned, p.T("me.choice.asks-body"))
			ch.gate = p.T("me.choice.gate")
		}
		ch.cards = append(ch.cards, card)
		ch.despite = ch.despite || raises && known != person.MalaiseNo
		if raises && known == "" && ch.ask == nil {
			ch.ask = malaiseField(p, c.r.PostFormValue("malaise"))
		}
	}
	ch.none = slices.Contains(c.r.PostForm["chosen"], noneOfThese)
	s := &scene{v: v, today: v.Calendar.Date(v.Now)}
	if ch.look = c.r.PostFormValue("lookAgain"); ch.look == "" {
		ch.look = s.lookAgain(x).String()
	}
	if x.Made != nil {
		ch.made = madeOf(p, v, x, text)
	}
	return ch
}

// malaiseField asks whether effort makes the reader worse. Not knowing is an
// answer.
func malaiseField(p page, chosen string) *choiceField {
	f := &choiceField{name: "malaise", legend: p.T("me.choice.malaise"), hint: p.T("me.choice.malaise-hint")}
	for _, a := range []string{string(person.MalaiseYes), string(person.MalaiseNo), "unknown"} {
		f.choices = append(f.choices, choice{value: a, label: p.T("me.choice.malaise-" + a), chosen: a == chosen})
	}
	return f
}

func optionIn(def *pathway.Choice, id string) pathway.Option {
	if def != nil {
		for _, o := range def.Options {
			if o.ID == id {
				return o
			}
		}
	}
	return pathway.Option{ID: id} // the version that the journey moved to has it no more
}

// optionOf fills a card with what is known, and says what is not.
func optionOf(p page, v casework.JourneyView, x journey.Choice, o pathway.Option, text *pathway.Text) optionCard {
	t := text.Choices[x.ID].Options[o.ID]
	card := optionCard{title: orElse(t.Title, o.ID)}
	add := func(key, value string) {
		if value != "" {
			card.facts = append(card.facts, fact{name: p.T(key), value: value})
		}
	}
	add("me.choice.asks", strings.TrimSpace(t.Asks+" "+optionEffort(p, o.Effort)))
	add("me.choice.gives", t.Gives)
	add("me.choice.behind", basisWords(p, v.Definition, o.Basis))
	for _, s := range v.Directory().Services(v.Definition.ID + "/" + string(x.ID) + "/" + o.ID) {
		key, args := "me.choice.wait-unknown", []any{"unit", p.named(v.State.Regime, s.Contact.Name), "date", s.Seen}
		if s.Wait != nil {
			key, args = "me.choice.wait-known", append(args, "wait", p.lang.Span(*s.Wait))
		}
		card.waits = append(card.waits, p.T(key, args...))
	}
	for _, id := range o.Cautions {
		if slices.Contains(v.Warned, id) && text.Cautions[id] != "" {
			card.warned = append(card.warned, text.Cautions[id])
		}
	}
	return card
}

// optionEffort is what an option takes: minutes, travel and rest.
func optionEffort(p page, e pathway.Effort) string {
	var parts []string
	if e.Minutes > 0 {
		parts = append(parts, p.T("plan.minutes", "n", e.Minutes)+".")
	}
	if e.Split {
		parts = append(parts, p.T("plan.in-parts")+".")
	}
	if e.Travel {
		parts = append(parts, p.T("me.choice.travel"))
	}
	if e.RestDays > 0 {
		parts = append(parts, p.T("me.choice.rest", "n", e.RestDays))
	}
	return strings.Join(parts, " ")
}

// basisWords is what an option stands on and from when, or that nothing does.
func basisWords(p page, def *pathway.Definition, b pathway.Basis) string {
	for _, s := range def.Sources {
		if s.ID != b.Source {
			continue
		}
		name := p.lang.foreign(spokenIn(def.Regime), s.Publisher+": "+s.Title)
		if s.Changed.IsZero() {
			return p.T("me.choice.source-undated", "source", name)
		}
		return p.T("me.choice.source", "source", name, "date", p.lang.Date(s.Changed))
	}
	return p.T("me.choice.no-source")
}

// madeOf is what was chosen, in whose words, and when it is looked at again.
func madeOf(p page, v casework.JourneyView, x journey.Choice, text *pathway.Text) []fact {
	names := make([]string, 0, len(x.Made.Chosen))
	for _, id := range x.Made.Chosen {
		names = append(names, orElse(text.Choices[x.ID].Options[id].Title, id))
	}
	facts := []fact{{name: p.T("me.choice.chosen"), value: orElse(p.lang.List(names), p.T("me.choice.none"))}}
	for _, r := range v.History {
		if e, ok := r.Event.(journey.ChoiceMade); ok && e.Choice == x.Choice {
			for _, name := range []string{"reasons", "despite"} {
				if said := v.Text[r.Version][name]; said != "" {
					facts = append(facts, fact{name: p.T("me.choice." + name), value: said})
				}
			}
		}
	}
	return append(facts, fact{name: p.T("me.choice.look"), value: p.date(v.Calendar.LastDay(x.Made.LookAgain))})
}

// choiceTasks are the options that wait for the patient to choose.
func choiceTasks(p page, v casework.JourneyView, text *pathway.Text) []task {
	var tasks []task
	for _, x := range v.State.Choices {
		if x.Made == nil {
			tasks = append(tasks, task{
				title: orElse(text.Choices[x.ID].Title, p.T("me.choice.title")), href: choiceAddress(v.ID, x.Choice),
				status: taskOpen,
			})
		}
	}
	return tasks
}

func choiceAddress(id string, choice int) string {
	return "/me/choices/" + id + "/" + strconv.Itoa(choice)
}
