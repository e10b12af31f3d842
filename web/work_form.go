package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"forlop/care"
)

// askKind is what sort of answer a staff form takes.
type askKind int

const (
	askLine   askKind = iota // one line of text
	askWords                 // free text
	askDate                  // a date
	askMoment                // a date and a time of day
	askNumber                // a whole number
	askOne                   // one of its choices, from a list
	askRadio                 // one of its choices, all in sight
	askAny                   // any of its choices
	askParty                 // one of its choices, or someone outside by name
	askFile                  // a document
)

// An ask is one thing that a staff form asks for. Its label stands under
// staff.field.<label>, and its hint, where it has one, under staff.hint.<hint>.
type ask struct {
	name    string
	kind    askKind
	label   string // name when empty
	said    string // the label itself, where no text holds it
	hint    string
	must    bool
	choices []choice
}

func (a ask) labelText(p page) string {
	switch {
	case a.said != "":
		return a.said
	case a.label != "":
		return p.T("staff.field." + a.label)
	default:
		return p.T("staff.field." + a.name)
	}
}

func (a ask) hintText(p page) string {
	if a.hint == "" {
		return ""
	}
	return p.T("staff.hint." + a.hint)
}

// field is the ask as a field of one line or more.
func (a ask) field(p page, v url.Values) field {
	f := field{name: a.name, label: a.labelText(p), hint: a.hintText(p), value: v.Get(a.name), optional: !a.must}
	switch a.kind {
	case askWords:
		f.rows, f.max = 4, longestText
	case askDate, askMoment:
		f.kind = "date"
	case askNumber:
		f.kind = "number"
	case askFile:
		f.kind = "file"
	default:
		f.max = longestLine
	}
	return f
}

// timeField is the second half of an ask for a moment.
func (a ask) timeField(p page, v url.Values) field {
	return field{
		name: a.name + "-time", kind: "time", value: v.Get(a.name + "-time"), optional: !a.must,
		label: p.T("staff.field.time-of", "what", strings.ToLower(a.labelText(p))),
	}
}

// nameField names someone outside.
func (a ask) nameField(p page, v url.Values) field {
	return field{
		name: a.name + "-name", value: v.Get(a.name + "-name"), optional: true, max: longestLine,
		label: p.T("staff.field.name-of", "what", strings.ToLower(a.labelText(p))),
	}
}

// choiceField is the ask as a list of choices, with those in v chosen. A list
// that may be left alone starts with nothing chosen.
func (a ask) choiceField(p page, v url.Values) choiceField {
	f := choiceField{name: a.name, legend: a.labelText(p), hint: a.hintText(p), many: a.kind == askAny}
	if !a.must && (a.kind == askOne || a.kind == askParty) {
		f.legend = p.T("form.optional", "label", f.legend)
	}
	if a.kind == askOne || a.kind == askParty {
		f.choices = append(f.choices, choice{label: p.T("form.choose")})
	}
	for _, c := range a.choices {
		c.chosen = slices.Contains(v[a.name], c.value)
		f.choices = append(f.choices, c)
	}
	return f
}

// longestLine is how many characters a field of one line takes. Ours, no source.
const longestLine = 300

// A filled is a form as it was sent, being read strictly: what cannot be read
// becomes a fault of its field, and nothing is guessed.
type filled struct {
	p      page
	asks   []ask
	v      url.Values
	cal    *care.Calendar
	faults []fault
}

// readForm checks every ask: there where it must be, of the form it has, and
// one of its choices where it has choices.
func readForm(p page, asks []ask, v url.Values, cal *care.Calendar) *filled {
	f := &filled{p: p, asks: asks, v: v, cal: cal}
	for _, a := range asks {
		f.check(a)
	}
	return f
}

func (f *filled) check(a ask) {
	switch a.kind {
	case askLine, askWords, askNumber:
		f.checkText(a)
	case askDate:
		f.date(a.name)
		f.must(a)
	case askMoment:
		f.moment(a.name)
		f.must(a)
	case askOne, askRadio, askAny, askParty:
		for _, value := range f.v[a.name] {
			if value != "" && !slices.ContainsFunc(a.choices, func(c choice) bool { return c.value == value }) {
				f.fault(a.name, f.p.T("form.unchosen", "label", a.labelText(f.p)))
				return
			}
		}
		if a.must && f.text(a.name) == "" {
			f.fault(a.name, f.p.T("form.unchosen", "label", a.labelText(f.p)))
		}
		if a.kind == askParty && f.text(a.name) == string(care.PartyOther) && f.text(a.name+"-name") == "" {
			f.fault(a.name+"-name", f.p.T("form.missing", "label", a.nameField(f.p, f.v).label))
		}
	case askFile:
	}
}

func (f *filled) checkText(a ask) {
	most := longestLine
	if a.kind == askWords {
		most = longestText
	}
	if utf8.RuneCountInString(f.text(a.name)) > most {
		f.fault(a.name, f.p.T("form.too-long", "label", a.labelText(f.p), "most", most))
	}
	if a.kind == askNumber {
		f.number(a.name)
	}
	f.must(a)
}

func (f *filled) must(a ask) {
	if a.must && f.text(a.name) == "" {
		f.fault(a.name, f.p.T("form.missing", "label", a.labelText(f.p)))
	}
}

// fault notes what is wrong with a field, once.
func (f *filled) fault(field, text string) {
	if !slices.ContainsFunc(f.faults, func(x fault) bool { return x.field == field }) {
		f.faults = append(f.faults, fault{field, text})
	}
}

// refused notes a refusal at the field it names, or for the whole form.
func (f *filled) refused(err error) {
	if r, ok := care.AsRefusal(err); ok {
		field := r.Field
		if !slices.ContainsFunc(f.asks, func(a ask) bool { return a.name == field }) {
			field = ""
		}
		f.fault(field, f.p.refusal(r))
	}
}

func (f *filled) text(name string) string { return strings.TrimSpace(f.v.Get(name)) }

func (f *filled) yes(name string) bool { return f.text(name) == "yes" }

// date reads a date; zero where there is none or it cannot be read.
func (f *filled) date(name string) care.Date {
	s := f.text(name)
	if s == "" {
		return care.Date{}
	}
	d, err := care.ParseDate(s)
	if r, refused := care.AsRefusal(err); refused {
		f.fault(name, f.p.refusal(r))
		return care.Date{}
	}
	return d
}

// moment reads a date and a time of day in the zone of the journey. One without
// the other is a fault.
func (f *filled) moment(name string) time.Time {
	d, clock := f.date(name), f.text(name+"-time")
	if clock == "" {
		if !d.IsZero() {
			f.fault(name+"-time", f.p.T("staff.form.time-missing"))
		}
		return time.Time{}
	}
	t, err := time.Parse("15:04", clock)
	if err != nil {
		f.fault(name+"-time", f.p.T("staff.form.time-form"))
		return time.Time{}
	}
	if d.IsZero() {
		f.fault(name, f.p.T("staff.form.date-missing"))
		return time.Time{}
	}
	at, err := f.cal.Local(d, t.Hour(), t.Minute())
	if r, refused := care.AsRefusal(err); refused {
		f.fault(name+"-time", f.p.refusal(r))
	}
	return at
}

// number reads a whole number that is not negative; 0 where there is none.
func (f *filled) number(name string) int {
	s := f.text(name)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		f.fault(name, f.p.T("staff.form.number"))
		return 0
	}
	return n
}

// post reads a post that was chosen.
func (f *filled) post(name string) care.Post { return parsePost(f.text(name)) }

// party reads who was chosen: the patient, a relative, a post, or someone
// outside by name.
func (f *filled) party(name string) care.Party {
	switch s := f.text(name); s {
	case "":
		return care.Party{}
	case string(care.PartyPatient), string(care.PartyRelative):
		return care.Party{Kind: care.PartyKind(s)}
	case string(care.PartyOther):
		return care.Party{Kind: care.PartyOther, Name: f.text(name + "-name")}
	default:
		return care.Party{Kind: care.PartyUnit, Post: parsePost(s)}
	}
}

// several are the choices made where any can be.
func (f *filled) several(name string) []string {
	var out []string
	for _, value := range f.v[name] {
		if value != "" {
			out = append(out, value)
		}
	}
	return out
}

func parsePost(s string) care.Post {
	unit, role, _ := strings.Cut(s, "/")
	return care.Post{Unit: care.UnitID(unit), Role: care.Role(role)}
}

// The makers below keep lists of asks short enough to be read as a form.

func lineOf(name string) ask   { return ask{name: name, kind: askLine} }
func wordsOf(name string) ask  { return ask{name: name, kind: askWords} }
func dayOf(name string) ask    { return ask{name: name, kind: askDate} }
func momentOf(name string) ask { return ask{name: name, kind: askMoment} }
func numberOf(name string) ask { return ask{name: name, kind: askNumber} }
func oneOf(name string, c ...choice) ask {
	return ask{name: name, kind: askOne, choices: c}
}
func radioOf(name string, c ...choice) ask {
	return ask{name: name, kind: askRadio, choices: c}
}
func someOf(name string, c ...choice) ask {
	return ask{name: name, kind: askAny, choices: c}
}
func partyOf(name string, c ...choice) ask {
	return ask{name: name, kind: askParty, choices: c}
}

// needed says that the ask must be answered.
func (a ask) needed() ask { a.must = true; return a }

// as gives the ask another label than its name.
func (a ask) as(label string) ask { a.label = label; return a }

// called gives the ask a label that is no text of ours, such as a pathway's.
func (a ask) called(said string) ask { a.said = said; return a }

// with gives the ask a hint.
func (a ask) with(hint string) ask { a.hint = hint; return a }
