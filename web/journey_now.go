package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
)

// strip is who the journey is about, and what everyone must know before they
// call, write or invite.
func (s *scene) strip() []fact {
	i, st := s.v.Person.Identity, s.v.Person.State
	born := s.p.T("staff.not-known")
	if !i.Born.IsZero() {
		born = s.p.T("staff.born-age", "date", s.p.lang.ShortDate(i.Born), "age", s.p.lang.Number(ageOf(i.Born, s.today)))
	}
	reads := s.p.T("staff.not-said")
	if st.Languages.Reading != "" {
		reads = speak(st.Languages.Reading).T("language.name")
	}
	if st.Languages.Interpreter != "" {
		reads += ". " + s.p.T("staff.interpreter", "language", st.Languages.Interpreter)
	}
	if st.Languages.NoInterpreter {
		reads += ". " + s.p.T("staff.no-interpreter")
	}
	told := s.p.T("staff.not-said")
	if st.Channel.Channel != "" {
		told = s.p.T("staff.how." + string(st.Channel.Channel))
	}
	needs := make([]string, 0, len(st.Adaptations.List))
	for _, a := range st.Adaptations.List {
		needs = append(needs, s.p.T("staff.adaptation."+string(a)))
	}
	rows := []fact{
		{name: s.p.T("staff.column.patient"), value: i.Name},
		{name: s.p.T("staff.field.born"), value: born},
		{name: s.p.T("staff.field.reading"), value: reads, change: actionAddress(s.v.ID, "set-languages", "")},
		{name: s.p.T("staff.field.told-by"), value: told, change: actionAddress(s.v.ID, "set-channel", "")},
		{name: s.p.T("staff.field.adaptations"), value: orElse(s.p.lang.List(needs), s.p.T("staff.not-said")), change: actionAddress(s.v.ID, "set-adaptations", "")},
	}
	if st.Energy.Set() {
		rows = append(rows, fact{name: s.p.T("staff.energy"), value: s.energy(st.Energy), change: actionAddress(s.v.ID, "set-energy", "")})
	}
	if st.Condition.Severity != "" {
		rows = append(rows, fact{name: s.p.T("staff.field.severity"), value: s.p.T("staff.severity." + string(st.Condition.Severity)), change: actionAddress(s.v.ID, "report-condition", "")})
	}
	rows = append(rows, s.standing()...)
	if i.Phone != "" {
		rows = append(rows, fact{name: s.p.T("help.phone"), value: i.Phone})
	}
	contact := s.owner(s.v.Person.Contact)
	if st.Contact.Unwanted {
		contact += ". " + s.p.T("staff.contact-unwanted")
	}
	rows = append(rows, fact{name: s.p.T("staff.first-contact"), value: contact})
	return append(rows, fact{
		name: s.p.T("staff.field.gp"), value: s.whoElse(st.GP(s.today), "staff.no-gp"), change: actionAddress(s.v.ID, "change-gp", ""),
	})
}

// brief is the patient in two lines, at the head of forms.
func (s *scene) brief() []fact {
	all := s.strip()
	return all[:2]
}

func (s *scene) whoElse(p care.Party, otherwise string) string {
	if p == (care.Party{}) {
		return s.p.T(otherwise)
	}
	if p.Kind == care.PartyUnit && p.Post.Role == "" {
		p.Post.Role = care.Desk
	}
	return s.who(p)
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func ageOf(born, on care.Date) int {
	n := on.Year - born.Year
	if on.Month < born.Month || on.Month == born.Month && on.Day < born.Day {
		n--
	}
	return n
}

func (s *scene) energy(e person.Energy) string {
	var parts []string
	if e.PerWeek > 0 {
		parts = append(parts, s.p.T("staff.energy-week", "n", e.PerWeek))
	}
	if e.RestDays > 0 {
		parts = append(parts, s.p.T("staff.energy-rest", "n", e.RestDays))
	}
	if e.Minutes > 0 {
		parts = append(parts, s.p.T("staff.energy-minutes", "n", e.Minutes))
	}
	return s.p.lang.List(parts)
}

// now is who answers for the journey, what comes next and by when.
func (s *scene) now() []fact {
	st := s.v.State
	rows := []fact{{name: s.p.T("staff.field.pathway"), value: s.p.T("staff.version-of", "what", s.text.Title, "version", st.Pathway.Version)}}
	if st.Status == journey.Closed {
		return append(rows, s.ended()...)
	}
	rows = append(rows,
		fact{name: s.p.T("staff.responsible"), value: s.post(st.Responsible)},
		fact{name: s.p.T("staff.holds-it"), value: s.holders(st.Responsible)})
	if next := s.next(); next != nil {
		rows = append(rows, fact{name: s.p.T("staff.next"), value: s.what(next.Key)},
			fact{name: s.p.T("staff.next-owner"), value: s.owner(next.Post)},
			fact{name: s.p.T("staff.column.due"), value: s.by(next.Item)})
		if !next.Latest.IsZero() && !next.Latest.Equal(next.Due) {
			rows = append(rows, fact{name: s.p.T("plan.latest"), value: s.p.lang.Date(s.last(next.Latest))})
		}
	}
	for _, w := range st.Waits {
		if w.Open {
			rows = append(rows, fact{name: s.p.T("staff.ball"), value: s.p.T("staff.waits-for",
				"who", s.who(w.For), "since", s.p.lang.ShortDate(s.v.Calendar.Date(w.Since)), "review", s.p.lang.ShortDate(s.last(w.Review)))})
		}
	}
	return rows
}

// ended says how the journey ended and who carries on.
func (s *scene) ended() []fact {
	end := s.v.State.End
	rows := []fact{
		{name: s.p.T("staff.ended"), value: s.text.Ends[end.End].Title},
		{name: s.p.T("staff.ended-on"), value: s.day(s.v.State.EndedAt)},
		{name: s.p.T("staff.field.carries-on"), value: s.whoElse(end.CarriesOn, "staff.party.nobody")},
	}
	rows = append(rows, s.carriers(end.Carriers)...)
	if !end.NextCheck.IsZero() {
		rows = append(rows, fact{name: s.p.T("staff.field.next-check"), value: s.p.lang.Date(end.NextCheck)})
	}
	return rows
}

func (s *scene) carriers(c journey.Carriers) []fact {
	var rows []fact
	add := func(key string, p care.Party, until care.Date, none bool) {
		if p == (care.Party{}) && !none {
			return
		}
		value := s.p.T("staff.party.has-none")
		if !none {
			value = s.who(p)
		}
		if !until.IsZero() {
			value += ", " + s.p.T("staff.until", "date", until)
		}
		rows = append(rows, fact{name: s.p.T("staff.field." + key), value: value})
	}
	add("prescriptions", c.Prescriptions, c.PrescriptionsUntil, c.NoPrescriptions)
	add("sick-notes", c.SickNotes, c.SickNotesUntil, c.NoSickNotes)
	return rows
}

// next is the item that leads on and is due first.
func (s *scene) next() *journey.Item {
	var next *journey.Item
	for _, key := range s.itemKeys() {
		i := s.v.State.Items[key]
		if i.Kind == care.TellItem || i.Kind == care.ContactItem {
			continue
		}
		if next == nil || i.Due.Before(next.Due) {
			next = &i
		}
	}
	return next
}

// itemKeys are the keys of what is open, what is due first in front.
func (s *scene) itemKeys() []string {
	items := s.v.State.Items
	keys := make([]string, 0, len(items))
	for key := range items {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(items[a].Due.Compare(items[b].Due), strings.Compare(a, b))
	})
	return keys
}

// what says what an item asks for.
func (s *scene) what(key string) string {
	t := parseThing(key)
	i := s.v.State.Items[key]
	switch t.kind {
	case "step":
		return s.stepAt(t.n)
	case "interpreter":
		return s.p.T("staff.item.interpreter.for", "what", lowerFirst(s.stepAt(t.n)))
	case "intervention":
		if text := s.interventionText(t.n); text != "" {
			return text
		}
	case "wait":
		w := s.v.State.Waits[t.n-1]
		return s.p.T("staff.item.wait.for", "who", s.who(w.For), "what", lowerFirst(itemWords(s.p, "wait", w.Reason, "")))
	case "question":
		return s.p.T("staff.item.question.to", "who", s.whoIn(s.v.State.Questions[t.n-1].To))
	case "consult":
		if i.Kind == care.QuestionItem {
			return s.p.T("staff.item.consult.to", "who", s.whoIn(s.v.State.Consults[t.n-1].To))
		}
	case "contribution":
		c := s.v.State.Contributions[t.n-1]
		return s.p.T("staff.item.contribution.to", "what", lowerFirst(s.p.T("staff.discipline."+c.Discipline)), "who", s.whoIn(c.Of))
	case "telling":
		return s.p.T("staff.item.telling.to", "who", s.whoIn(s.v.State.Tellings[t.n-1].To), "what", lowerFirst(itemWords(s.p, "telling", i.Ref, "")))
	}
	return itemWords(s.p, t.kind, i.Ref, "")
}

// by is a due date in words, with days left or over.
func (s *scene) by(i care.Item) string {
	due := s.last(i.Due)
	if days := due.DaysUntil(s.today); days > 0 {
		return s.p.lang.ShortDate(due) + ". " + s.p.T("staff.overdue", "length", s.p.lang.length(days), "what", lowerFirst(s.what(i.Key)))
	}
	return s.p.T("staff.by", "date", due, "relative", s.p.lang.Until(s.today, due))
}

// openKinds are the groups of what is open, in the order in which they are shown.
var openKinds = []string{"decision", "contact", "step", "offer", "question", "consult", "contribution", "joint", "interpreter", "copy", "wait", "intervention", "telling", "meeting", "choice"}

// openGroups is everything that is open, group by group, each thing with its
// owner, its date and what can be done.
func (s *scene) openGroups() []openGroup {
	var groups []openGroup
	for _, kind := range openKinds {
		g := openGroup{title: s.p.T("staff.open-group." + kind)}
		for _, key := range s.itemKeys() {
			if parseThing(key).kind == kind {
				g.things = append(g.things, s.openThing(s.v.State.Items[key]))
			}
		}
		if len(g.things) > 0 {
			groups = append(groups, g)
		}
	}
	if g, open := s.bookingGroup(); open {
		groups = append(groups, g)
	}
	if items := s.v.Person.State.Items(); len(items) > 0 {
		g := openGroup{title: s.p.T("staff.open-group.person")}
		for _, i := range items {
			if i.Kind != care.EscalationItem {
				g.things = append(g.things, s.personThing(i))
			}
		}
		groups = append(groups, g)
	}
	return groups
}

func (s *scene) openThing(i journey.Item) thingView {
	t := parseThing(i.Key)
	v := thingView{
		anchor: anchor(i.Key), title: s.what(i.Key), due: s.by(i.Item), late: i.Due.Before(s.v.Now),
		owner: s.p.T("plan.responsible", "who", s.owner(i.Post)),
	}
	v.lines, v.said = s.about(t)
	for _, r := range i.Ladder[:i.Climbed] {
		if r.To != i.Post {
			v.lines = append(v.lines, s.p.T("staff.climbed-to", "who", s.owner(r.To), "date", s.p.lang.ShortDate(s.v.Calendar.Date(r.At))))
		}
	}
	v.presses, v.links = s.does(t, v.title)
	if t.kind == "choice" {
		again, _ := s.does(thing{kind: "options", id: string(s.v.State.Choices[t.n-1].ID)}, v.title)
		v.presses = append(v.presses, again...)
	}
	if t.kind == "step" {
		for _, m := range s.v.State.Meetings {
			if m.Step == t.n && m.State == journey.MeetingPlanned {
				v.links = append([]link{{text: s.p.T("staff.meeting-page"), href: s.address("/meetings/" + strconv.Itoa(m.Meeting))}}, v.links...)
			}
		}
	}
	return v
}

// personThing is something open about the person, whatever the journey.
func (s *scene) personThing(i care.Item) thingView {
	due := s.last(i.Due)
	title := itemWords(s.p, "person", i.Ref, "")
	v := thingView{anchor: "person-" + anchor(i.Key), title: title, late: i.Due.Before(s.v.Now), owner: s.p.T("plan.responsible", "who", s.owner(i.Post))}
	v.due = s.p.T("staff.by", "date", due, "relative", s.p.lang.Until(s.today, due))
	if days := due.DaysUntil(s.today); days > 0 {
		v.due = s.p.lang.ShortDate(due) + ". " + s.p.T("staff.overdue", "length", s.p.lang.length(days), "what", lowerFirst(title))
	}
	parts := strings.Split(i.Key, "/")
	switch parts[0] {
	case "matters":
		v.presses, v.links = s.does(thing{kind: "matters", id: parts[1]}, title)
		v.links = append(v.links, s.formLink("say-what-matters"))
	case "pause":
		v.presses, v.links = s.does(parseThing(i.Key), title)
	case "energy":
		v.links = []link{s.formLink("set-energy")}
	case string(person.Prescriptions), string(person.SickNote):
		v.links = []link{s.formLink("set-carrier"), {text: s.p.T("staff.do.end-carrier"), href: actionAddress(s.v.ID, "end-carrier", "carrier/"+parts[0])}}
	case "death":
		v.links = []link{s.formLink("settle-death")}
	default:
		for _, name := range []string{"accept-contact", "decline-contact", "withdraw-contact", "appoint-contact", "offer-contact", "keep-contact"} {
			if a := findAction(name); s.can(a, thing{}) {
				v.links = append(v.links, s.formLink(name))
			}
		}
	}
	return v
}

func (s *scene) formLink(name string) link {
	return link{text: s.p.T("staff.do." + name), href: actionAddress(s.v.ID, name, "")}
}

// about is what there is to know of a thing before acting on it.
func (s *scene) about(t thing) (lines []string, quotes []said) {
	st := s.v.State
	switch t.kind {
	case "booking", "wish", "times":
		return s.aboutBooking(t)
	case "step":
		step := st.Steps[t.n-1]
		if !step.Planned.IsZero() {
			lines = append(lines, s.p.T("staff.planned-for", "moment", s.at(step.Planned)))
			if line := s.interpreterLine(step); line != "" {
				lines = append(lines, line)
			}
			if b := s.v.Bookings.State.Of(s.v.ID, step.Step, step.Planned); b != nil {
				lines = append(lines, copiedWords(s.p, s.v, *b))
			}
			for _, x := range step.Over {
				lines = append(lines, s.p.T("staff.strain."+string(x)))
			}
		} else if step.Missed > 0 {
			lines = append(lines, s.p.T("staff.to-replan"))
		}
		if step.Patient {
			lines = append(lines, s.p.T("staff.patient-does"))
		}
		lines = append(lines, s.p.T("staff.latest-by", "date", s.last(step.Latest), "source", s.basis(step.Basis)))
		if def := s.stepDef(step.ID); def != nil {
			for _, c := range def.Cautions {
				if slices.Contains(s.v.Warned, c) {
					lines = append(lines, s.text.Cautions[c])
				}
			}
		}
	case "offer":
		o := st.Offers[t.n-1]
		lines = append(lines, s.p.T("staff.offer-from-to", "from", s.owner(o.From), "to", s.owner(o.To)))
		if o.Intervention > 0 {
			lines = append(lines, s.interventionText(o.Intervention))
		}
		for _, f := range s.carriers(o.Carriers) {
			lines = append(lines, f.name+": "+f.value)
		}
		if o.Kind != journey.OfIntervention && o.State == journey.OfferOpen {
			lines = append(lines, s.handOverKnown()...)
		}
		quotes = s.quotes(s.versionOf(func(e care.Event) bool { x, ok := e.(journey.Offered); return ok && x.Offer == t.n }))
	case "question":
		quotes = s.quotes(s.versionOf(func(e care.Event) bool { x, ok := e.(journey.QuestionAsked); return ok && x.Question == t.n }))
	case "copy":
		quotes = s.copyText(st.Copies[t.n-1])
	case "consult":
		lines, quotes = s.consultLines(st.Consults[t.n-1]), s.consultSaid(t.n)
	case "contribution":
		j := st.Joints[st.Contributions[t.n-1].Joint-1]
		lines = s.jointLines(j)
		quotes = s.quotes(s.versionOf(func(e care.Event) bool { x, ok := e.(journey.JointCalled); return ok && x.Joint == j.Joint }))
	case "joint":
		lines, quotes = s.jointLines(st.Joints[t.n-1]), s.jointSaid(t.n)
	case "decision":
		d := st.Decisions[t.n-1]
		if d.Step > 0 {
			lines = append(lines, s.p.T("staff.about-step", "what", s.stepAt(d.Step)))
		}
		if d.Offer > 0 {
			more, said := s.about(thing{kind: "offer", n: d.Offer})
			lines, quotes = append(lines, more...), said
			quotes = append(quotes, s.quotes(s.versionOf(func(e care.Event) bool { x, ok := e.(journey.OfferDeclined); return ok && x.Offer == d.Offer }))...)
		}
		if d.About == "words-to-read" && len(st.Words) > 0 {
			quotes = s.quotes(st.Words[len(st.Words)-1].Version)
		}
	case "wait":
		quotes = s.quotes(s.versionOf(func(e care.Event) bool { x, ok := e.(journey.WaitOpened); return ok && x.Wait == t.n }))
	case "contact":
		for _, c := range st.Clocks {
			if c.Clock == st.Contacts[t.n-1].Clock {
				lines = append(lines, s.p.T("staff.contact-why", "what", s.clock(c.ID), "date", s.last(c.Latest)))
			}
		}
	case "intervention":
		iv := st.Interventions[t.n-1]
		lines = append(lines, s.p.T("staff.meant-for", "who", s.whoElse(iv.Meant, "staff.party.nobody")))
		if iv.Report != "" {
			lines = append(lines, s.p.T("staff.report."+iv.Report))
		}
	case "interpreter":
		lines = append(lines, s.p.T("staff.planned-for", "moment", s.at(st.Steps[t.n-1].Planned)),
			s.p.T("staff.interpreter", "language", orElse(s.v.Person.State.Languages.Interpreter, s.p.T("staff.not-said"))))
	case "meeting":
		m := st.Meetings[t.n-1]
		lines = append(lines, s.stepAt(m.Step)+", "+s.at(m.At))
	case "telling":
		tell := st.Tellings[t.n-1]
		if tell.To.Kind == care.PartyPatient && s.receipt(t).how == "" && tell.Open() {
			lines = append(lines, s.p.T("staff.told-by-page"))
		}
	}
	return lines, quotes
}

// versionOf is the version of the first event of that sort; 0 where there is none.
func (s *scene) versionOf(match func(care.Event) bool) int {
	for _, r := range s.v.History {
		if match(r.Event) {
			return r.Version
		}
	}
	return 0
}

// quotes are the texts of one event, each with what it is.
func (s *scene) quotes(version int) []said {
	text := s.v.Text[version]
	names := make([]string, 0, len(text))
	for name := range text {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []said
	for _, name := range names {
		label := name
		if s.p.lang.has("staff.sealed." + name) {
			label = s.p.T("staff.sealed." + name)
		}
		body := text[name]
		in := s.ours()
		if name == "erased" {
			body, in = s.p.T("staff.erased"), ""
		}
		out = append(out, said{by: label, text: body, lang: in})
	}
	if len(out) > 0 {
		out[len(out)-1].objections = s.objectedTo(version)
	}
	return out
}

// interventionText is what was agreed, in the words it was agreed in.
func (s *scene) interventionText(n int) string {
	version := s.versionOf(func(e care.Event) bool { x, ok := e.(journey.InterventionAgreed); return ok && x.Intervention == n })
	return s.sealed(version, "what")
}
