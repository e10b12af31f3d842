package web

import (
	"iter"
	"net/http"
	"strconv"
	"strings"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
)

// A written text is something that was written about the patient, with what they
// have objected to in it.
type written struct {
	version           int
	title, when, body string
	objections        []string
	object            string // the address on which to object; "" where it cannot be done
}

// writtenOf lists what was written about the patient and is used further on: the
// referral, the answer to it, the summaries of meetings, and older messages.
func writtenOf(p page, v casework.JourneyView) []written {
	var out []written
	add := func(r care.Recorded, title string, names ...string) {
		var parts []string
		for _, name := range names {
			if text := v.Text[r.Version][name]; text != "" {
				parts = append(parts, text)
			}
		}
		if len(parts) == 0 {
			return
		}
		w := written{
			version: r.Version, title: p.T(title), when: p.date(v.Calendar.Date(r.Happened)), body: strings.Join(parts, "\n\n"),
			objections: objectionsTo(p, v, r.Version),
		}
		if p.may(access.Messages) {
			w.object = "/me/written/" + v.ID + "/" + strconv.Itoa(r.Version)
		}
		out = append(out, w)
	}
	for _, r := range v.History {
		switch e := r.Event.(type) {
		case journey.Opened:
			add(r, "me.written.referral", "reason")
		case journey.Answered:
			add(r, "me.written.answer", "reasons", "plan", "message", "howToComplain")
		case journey.MeetingHeld:
			add(r, "me.written.summary", "summary")
		case journey.WordsGiven:
			// What was said before conversations had streams of their own.
			if e.Kind == "message" && p.may(access.Messages) {
				add(r, "me.written.message", "said")
			}
		}
	}
	return out
}

// objectionsTo are the objections to what was written in an event, for whoever
// reads it (L9).
func objectionsTo(p page, v casework.JourneyView, version int) []string {
	var out []string
	for _, w := range v.State.Words {
		if w.Kind != "objection" || w.About != version {
			continue
		}
		who := writerWords(p, v, w) + ", " + p.lang.ShortDate(v.Calendar.Date(w.At))
		text := v.Text[w.Version]
		if text["sentence"] != "" {
			out = append(out, p.T("me.written.objection", "sentence", text["sentence"], "objection", text["said"], "who", who))
		} else if text["said"] != "" {
			out = append(out, p.T("me.written.objection-all", "objection", text["said"], "who", who))
		}
	}
	return out
}

// objectedTo is the same for staff: wherever a text of the journey is quoted.
func (s *scene) objectedTo(version int) []string { return objectionsTo(s.p, s.v, version) }

// ownStory is what the patient and those around them have told themselves: it
// heads the referral, newest last, with its objections.
func (s *scene) ownStory() thingView {
	x := thingView{title: s.p.T("staff.words-of.story")}
	for _, w := range s.v.Person.State.Words {
		if w.Kind == person.StoryWords && s.v.Person.Text[w.Version]["told"] != "" {
			x.said = append(x.said, said{
				by: s.speaker(w.By, w.At), text: s.v.Person.Text[w.Version]["told"], lang: s.theirs(), objections: s.objections(w),
			})
		}
	}
	return x
}

// paragraphs are the lines of a text that have something in them.
func paragraphs(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

// showWritten shows what was written about the reader.
func showWritten(c *call) error {
	p, plan, err := c.plan("me.written.title")
	if err != nil {
		return err
	}
	v, ok := journeyIn(plan, c.r.PathValue("journey"))
	if !ok {
		return care.Missing("no-journey", "There is no such journey.")
	}
	return c.draw(http.StatusOK, writtenBody(p, writtenOf(p, v)))
}

// objectForm takes an objection to a sentence of one text. The text stays, and the
// objection goes with it.
func objectForm(c *call) error {
	p, plan, err := c.plan("me.written.object")
	if err != nil {
		return err
	}
	v, ok := journeyIn(plan, c.r.PathValue("journey"))
	if !ok {
		return care.Missing("no-journey", "There is no such journey.")
	}
	for _, w := range writtenOf(p, v) {
		if strconv.Itoa(w.version) != c.r.PathValue("version") || w.object == "" {
			continue
		}
		sentence, text := clean(c.r.PostFormValue("sentence")), clean(c.r.PostFormValue("text"))
		f := sheet{action: w.object, intro: p.T("me.written.object-lead"), button: p.T("me.send"), back: "/me/written/" + v.ID, fields: []field{
			{name: "sentence", label: p.T("me.written.sentence"), value: sentence, rows: 2, max: longestText},
			{name: "text", label: p.T("me.written.wrong"), value: text, rows: 4, max: longestText},
		}, quote: []quote{{who: w.title, when: w.when, text: w.body}}}
		if c.r.Method == http.MethodGet {
			return c.showForm(p, f, nil)
		}
		if sentence == "" {
			return c.showForm(p, f, care.Refuse("sentence-missing", "Copy or write the words that are wrong.").On("sentence"))
		}
		if err := c.act(v.ID, journey.GiveWords{Kind: "objection", About: w.version, Sentence: sentence, Text: text}); err != nil {
			return c.showForm(p, f, err)
		}
		return c.done("objection")
	}
	return care.Missing("words-unknown", "There are no words there to object to.")
}

// showWhatIf answers what patients ask when something does not go as said.
func showWhatIf(c *call) error {
	p, plan, err := c.plan("me.what-if.title")
	if err != nil {
		return err
	}
	v, ok := journeyIn(plan, c.r.PathValue("journey"))
	if !ok {
		return care.Missing("no-journey", "There is no such journey.")
	}
	m := mineOf(p, v)
	var parts []fact
	add := func(name string, lines ...string) {
		parts = append(parts, fact{name: p.T("me.what-if." + name), value: strings.Join(lines, " ")})
	}
	add("nobody", p.T("me.what-if.nobody-then"))
	if m.latest != nil {
		lines := []string{m.latest.passed}
		if m.latest.passed == "" {
			lines = []string{m.latest.sum}
		}
		if a := v.State.Answer; a != nil && a.Right == journey.HasRight && v.State.Regime == care.Norway {
			// Helsenorge, "Your rights in case of exceeded waiting time": past the date of
			// the right, Helfo finds another place.
			lines = append(lines, p.T("me.what-if.helfo", "date", p.lang.Date(a.LatestLegal)))
		}
		add("date", lines...)
	}
	if !m.ended {
		add("no", p.T("me.what-if.no-then"))
		add("ill", p.T("me.what-if.ill-then"))
		add("missed", p.T("me.what-if.missed-then"))
		add("after", p.T("me.what-if.after-then"))
	} else {
		add("after", m.after...)
	}
	add("hidden", p.T("me.not-shown"))
	return c.draw(http.StatusOK, whatIfBody(p, parts))
}
