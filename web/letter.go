package web

import (
	"slices"
	"strings"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/casework"
)

// A letter is what a patient on paper gets: what is new, what happens, at latest
// when, who, whom to call, and what happens where nothing does. A call says the
// same.
type letter struct {
	lang *language
	// code is the sending and the version of what is printed: a letter that changed
	// has another.
	code    string
	version int
	date    care.Date
	// from is the unit that sends, to the lines of the address.
	from, to []string
	title    string
	parts    []letterPart
	contact  []string
	slip     letterSlip
}

// A letterPart is one journey in a letter.
type letterPart struct {
	title string
	lines []string
}

// A letterSlip is the sheet that can be sent back and typed in.
type letterSlip struct {
	title, how string
	boxes      []string
	words, to  string
}

// letterFrom writes a letter in the language of whoever gets it.
func letterFrom(v casework.LetterView, lang *language) letter {
	p := page{lang: lang} // plain words, without the marks of a page
	code := p.lang.Number(v.Sending.Sending) + "-" + p.lang.Number(v.Sending.Version)
	x := letter{
		lang: lang, code: p.T("letter.code", "code", code), version: v.Sending.Version, date: calendarOf(v).Date(v.Plan.Now), title: p.T("letter.subject"),
	}
	x.from = noBlanks(v.From.Unit.Name, v.From.Unit.Phone)
	x.to = addressLines(p, v)
	for _, m := range planOf(p, v.Plan) {
		x.parts = append(x.parts, partOf(p, m, v))
	}
	for _, said := range v.Said {
		x.parts = append(x.parts, saidPart(p, v, said))
	}
	for _, s := range v.Seats {
		x.parts = append(x.parts, letterPart{title: slotTitle(p, s), lines: seatNews(p, s)})
	}
	if len(x.parts) == 0 {
		x.parts = []letterPart{{title: x.title, lines: noBlanks(newWords(p, v, ""))}}
	}
	if line := askedLine(p, v.Asked); line != "" {
		last := &x.parts[len(x.parts)-1]
		last.lines = append(last.lines, line)
	}
	h := contactOf(p, v.Plan)
	x.contact = noBlanks(strings.TrimSpace(h.name+", "+h.role), h.phone, h.hours)
	if h.role == "" {
		x.contact = noBlanks(h.name, h.phone, h.hours)
	}
	x.slip = letterSlip{
		title: p.T("letter.slip", "code", code), how: p.T("letter.slip-how"), words: p.T("letter.slip-words"), to: p.T("letter.back-to", "unit", v.From.Unit.Name),
		boxes: []string{p.T("letter.slip-read"), p.T("letter.slip-call"), p.T("letter.slip-move")},
	}
	return x
}

// partOf is one journey as a letter says it.
func partOf(p page, m mine, v casework.LetterView) letterPart {
	part := letterPart{title: m.title}
	add := func(lines ...string) { part.lines = append(part.lines, noBlanks(lines...)...) }
	add(newWords(p, v, m.id), m.draft, m.now.sentence)
	right := m.legal
	if j, ok := journeyIn(v.Plan, m.id); ok {
		right = rightWords(p, j, right)
	}
	switch {
	case m.latest == nil:
		add(right)
	case m.latest.gone():
		add(p.T("letter.was", "date", m.latest.date), right, gonePast(p, v, m))
	default:
		add(p.T("letter.when", "date", m.latest.date), right, m.latest.sum)
	}
	if m.who != "" {
		add(p.T("letter.responsible", "who", m.who))
	}
	if m.visit != nil {
		add(m.visit.when)
		for _, f := range m.visit.facts {
			add(f.name + ": " + f.value)
		}
	}
	if m.news != nil {
		add(m.news.said)
		add(m.news.lines...)
		add(m.news.keep)
	}
	for _, t := range m.tasks {
		add(strings.TrimSpace(p.T("letter.todo") + ": " + t.title + ". " + t.hint))
	}
	if len(m.tasks) == 0 && !m.ended {
		add(p.T("letter.nothing"))
	}
	if m.latest != nil && m.latest.sum == "" && !m.latest.gone() {
		add(p.T("letter.silence"))
	}
	add(m.after...)
	return part
}

// gonePast is what happens now that a date has passed: who calls, and by when. Where
// that day has passed, too, the letter says so and promises no day that was.
func gonePast(p page, v casework.LetterView, m mine) string {
	j, ok := journeyIn(v.Plan, m.id)
	if !ok || m.latest.passed == "" {
		return p.T("plan.latest-passed")
	}
	for _, c := range j.State.Contacts {
		if day := j.Calendar.LastDay(c.By); c.Open && day.Before(m.latest.today) {
			return p.T("letter.owed", "date", day)
		}
	}
	return m.latest.passed
}

// rightWords say the date of the right, which is no promise any more once it has
// passed.
func rightWords(p page, j casework.JourneyView, words string) string {
	a := j.State.Answer
	if words == "" || a == nil || !a.LatestLegal.Before(j.Calendar.Date(j.Now)) {
		return words
	}
	return p.T("letter.right-was", "date", p.lang.Date(a.LatestLegal))
}

// saidPart is a message as a letter carries it: its words, under the name of who
// wrote it.
func saidPart(p page, v casework.LetterView, m casework.SaidView) letterPart {
	cal := calendarOf(v)
	k := talker{p: p, cal: cal, names: v.Plan, side: messaging.PersonSide, regime: contactRegime(v.Plan)}
	by := k.p.T("thread.by", "who", k.who(m.By), "when", p.lang.Date(cal.Date(m.At)))
	return letterPart{title: aboutWords(p, messaging.AboutOf("thread")), lines: noBlanks(append([]string{by}, strings.Split(m.Text, "\n")...)...)}
}

// newWords say what is new in a journey, each thing once.
func newWords(p page, v casework.LetterView, journey string) string {
	var said []string
	for _, n := range v.Notices {
		word := lowerFirst(aboutWords(p, n.About))
		if (journey == "" || n.Source.Stream == "journey/"+journey) && !slices.Contains(said, word) {
			said = append(said, word)
		}
	}
	if len(said) == 0 {
		return ""
	}
	return p.T("letter.new", "what", p.lang.List(said)) + "."
}

// aboutWords say what a notice is about, to people.
func aboutWords(p page, about messaging.About) string { return p.T("letter.about." + string(about)) }

// addressLines are what stands on the envelope. A hidden address stands on none.
func addressLines(p page, v casework.LetterView) []string {
	lines := noBlanks(v.To.Name)
	for _, l := range strings.Split(strings.ReplaceAll(v.To.Address, ", ", "\n"), "\n") {
		lines = append(lines, noBlanks(strings.TrimSpace(l))...)
	}
	if v.Relative {
		lines = append(lines, p.T("letter.for", "name", v.Plan.Person.Identity.Name))
	}
	return lines
}

func calendarOf(v casework.LetterView) *care.Calendar {
	for _, j := range v.Plan.Journeys {
		return j.Calendar
	}
	return care.CalendarOf(contactRegime(v.Plan))
}

// noBlanks leaves out what is empty.
func noBlanks(lines ...string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.TrimSpace(l) == "" })
}
