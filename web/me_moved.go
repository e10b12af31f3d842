package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// news is a move to a new version, as its patient reads it.
type news struct {
	journey string
	said    string   // that it happened, and when
	keep    string   // until when the old plan can be kept; empty where it cannot
	lines   []string // what is new
}

// newsOf says what a move changed, in the patient's words; nil where it is no
// news any more.
func newsOf(p page, v casework.JourneyView) *news {
	m := v.Moved
	if m == nil || v.State.Status == journey.Closed {
		return nil
	}
	n := &news{journey: v.ID, said: p.T("me.moved.said", "date", v.Calendar.Date(m.At))}
	if !m.Until.IsZero() {
		n.keep = p.T("me.moved.keep-until", "date", v.Calendar.LastDay(m.Until))
	}
	dated := map[pathway.ClockID]bool{}
	for _, c := range m.Changes {
		if c.Step != "" && !c.After.IsZero() {
			if st := v.State.StepOf(c.Step); st != nil {
				dated[st.Clock] = true
			}
		}
	}
	for _, c := range m.Changes {
		// The step that hangs on a clock tells its date already.
		if c.Clock == "" || !dated[c.Clock] {
			n.lines = append(n.lines, changeWords(p, v, c))
		}
	}
	if len(n.lines) == 0 {
		n.lines = []string{p.T("me.moved.nothing")}
	}
	return n
}

// changeWords is one thing that is new: the step or limit by the name it has now,
// or had, and its dates.
func changeWords(p page, v casework.JourneyView, c journey.Change) string {
	now, before := v.Definition.Texts[p.lang.code], v.Moved.Before.Texts[p.lang.code]
	title := func(id pathway.StepID) string {
		if t := now.Steps[id].Title; t != "" {
			return t
		}
		return before.Steps[id].Title
	}
	what := title(c.Step)
	if c.Clock != "" {
		if what = now.Clocks[c.Clock]; what == "" {
			what = before.Clocks[c.Clock]
		}
	}
	day := func(t time.Time) care.Date { return v.Calendar.LastDay(t) }
	switch c.What {
	case journey.StepComes, journey.ClockComes:
		return p.T("me.moved.new", "what", what, "date", day(c.After))
	case journey.StepGoes:
		line := p.T("me.moved.gone", "what", what)
		if why := v.Moved.Reasons[c.Step][p.lang.code]; why != "" {
			line += " " + why
		}
		return line
	case journey.ClockGoes:
		return p.T("me.moved.no-limit", "what", what)
	case journey.StepCalled:
		return p.T("me.moved.called", "was", before.Steps[c.Was].Title, "what", what)
	case journey.StepHands:
		return p.T("me.moved.hands", "what", what, "who", postWords(p, v, c.To))
	case journey.StepEarlier, journey.StepLater, journey.ClockEarlier, journey.ClockLater:
	}
	return p.T("me.moved.date", "what", what, "date", day(c.After), "before", day(c.Before))
}

// letterOf is the letter to somebody who reads no pages: what happened, what is
// new, and how to keep the old plan. It is proposed in the patient's language.
func letterOf(p page, v casework.JourneyView) string {
	if l := v.Person.State.Languages.Reading; l != "" {
		p.lang = speak(l)
	}
	p.face = "" // plain words, without the marks of a page
	n := newsOf(p, v)
	if n == nil {
		return ""
	}
	lines := append([]string{n.said}, n.lines...)
	if n.keep != "" {
		lines = append(lines, n.keep, p.T("me.moved.keep-how", "who", contactName(p, v)))
	}
	return strings.Join(lines, "\n")
}

// newVersionForm says what a new version changed, and takes the choice to keep
// the old plan.
func newVersionForm(c *call) error {
	p, plan, err := c.plan("me.moved.title")
	if err != nil {
		return err
	}
	v, ok := journeyIn(plan, c.r.PathValue("journey"))
	if !ok || v.Moved == nil {
		return care.Missing("keep-not-offered", "There is no older plan to keep. Talk with the coordinator about what should change.")
	}
	if c.r.Method == http.MethodPost {
		if err = c.act(v.ID, journey.KeepPlan{Words: clean(c.r.PostFormValue("words"))}); err == nil {
			return c.done("kept")
		}
		refusal, refused := care.AsRefusal(err)
		if !refused {
			return err
		}
		p.faults = []fault{{field: refusal.Field, text: p.refusal(refusal)}}
	}
	status := http.StatusOK
	if err != nil {
		status = statusOf(err)
	}
	return c.draw(status, newVersionBody(p, *newsOf(p, v), c.r.PostFormValue("words"), c.keyOf()))
}

func newVersionURL(id string) templ.SafeURL { return templ.URL("/me/new-version/" + id) }
