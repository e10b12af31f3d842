package web

import (
	"slices"
	"strconv"

	"forlop/care"
	"forlop/care/questionnaire"
	"forlop/casework"
)

// A formQuestion is one question of a form as it is drawn: in the words of one
// language, which may be another than the page's.
type formQuestion struct {
	item         questionnaire.Item
	number, of   int
	stem, text   string
	choices      []choice
	missing      []choice
	before       string // who is told of the answer, said before it is given
	then         string
	calls        []urgentCall
	had          string // what is saved, where somebody else answered meanwhile
	action, back string
	hidden       []pair
}

// wording is the language that a form is answered in: the one asked for, the
// page's, the one it was begun in, and otherwise none.
func wording(p page, f casework.FormView, in string) (care.Language, *questionnaire.Text) {
	candidates := []care.Language{care.Language(in), p.lang.ours().code}
	last := 0
	for _, a := range f.State.Answers {
		if a.Version > last && a.Language != "" {
			last = a.Version
			candidates = append(candidates[:2], a.Language)
		}
	}
	for _, l := range candidates {
		if t := f.Definition.Texts[l]; t != nil {
			return l, t
		}
	}
	return "", nil
}

// formWords is the wording in which a form is shown to somebody who answers nothing:
// that of the page, or else any there is.
func formWords(p page, f casework.FormView) (care.Language, *questionnaire.Text) {
	if l, t := wording(p, f, ""); t != nil {
		return l, t
	}
	l := f.Definition.Languages()[0]
	return l, f.Definition.Texts[l]
}

// formName is what a patient reads above the questions.
func formName(p page, f casework.FormView) string {
	l, t := formWords(p, f)
	return p.lang.foreign(l, t.Name)
}

// answersOf are the answers that a question can have, in words.
func answersOf(p page, l care.Language, t *questionnaire.Text, i questionnaire.Item) []choice {
	var out []choice
	switch i.Kind {
	case questionnaire.Choice:
		for n, v := range i.Values {
			out = append(out, choice{value: strconv.Itoa(v), label: p.lang.foreign(l, t.Answers[i.Answers][n])})
		}
	case questionnaire.YesNo:
		out = []choice{{value: "1", label: p.T("forms.yes")}, {value: "0", label: p.T("forms.no")}}
	case questionnaire.Scale:
		ends := t.Ends[i.ID]
		for v := i.From; v <= i.To; v++ {
			c := choice{value: strconv.Itoa(v), label: strconv.Itoa(v)}
			switch v {
			case i.From:
				c.label += " – " + p.lang.foreign(l, ends[0])
			case i.To:
				c.label += " – " + p.lang.foreign(l, ends[1])
			}
			out = append(out, c)
		}
	case questionnaire.Number:
	}
	return out
}

// answerWords is a value in words.
func answerWords(p page, l care.Language, t *questionnaire.Text, i questionnaire.Item, value int) string {
	for _, c := range answersOf(p, l, t, i) {
		if c.value == strconv.Itoa(value) {
			return c.label
		}
	}
	return strconv.Itoa(value)
}

// questionWords is a question with what it shares with others.
func questionWords(p page, l care.Language, t *questionnaire.Text, i questionnaire.Item) (stem, text string) {
	return p.lang.foreign(l, t.Stems[i.Stem]), p.lang.foreign(l, t.Items[i.ID])
}

// missingOf are the ways to leave a question out. They are always there.
func missingOf(p page, i questionnaire.Item) []choice {
	codes := []questionnaire.Missing{questionnaire.TooIll, questionnaire.Unknown, questionnaire.Unwanted}
	if i.Concerns {
		codes = slices.Insert(codes, 1, questionnaire.NotAsked)
	}
	out := make([]choice, 0, len(codes))
	for _, c := range codes {
		out = append(out, choice{value: string(c), label: p.T("forms.miss." + string(c))})
	}
	return out
}

// postWho names a post to a patient: the unit, and the people there now.
func postWho(p page, r care.Regime, v casework.PostView) string {
	unit := p.named(r, v.Unit.Name)
	switch names := p.lang.List(v.Holders); {
	case names == "":
		return unit
	case unit == "":
		return names
	default:
		return names + ", " + unit
	}
}

// alerted reports whether an answer of the form waits for somebody to see to it.
func alerted(f casework.FormView) bool {
	return slices.ContainsFunc(f.State.Alerts, func(a questionnaire.Alert) bool { return a.Done == 0 })
}
