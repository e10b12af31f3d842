package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// emergencyPath is where a professional opens a record that they have no other
// basis for.
const emergencyPath = "/emergency"

// openedAddress is the page of a record that was opened in an emergency.
func openedAddress(p care.PersonKey) string { return "/opened/" + string(p) }

// emergencyAsks are what an opening takes: whom exactly, why, and for how long.
func emergencyAsks(p page) []ask {
	why := make([]choice, 0, len(access.OpeningReasons))
	for _, r := range access.OpeningReasons {
		why = append(why, choice{value: string(r), label: p.T("emergency.why." + string(r))})
	}
	hours := make([]choice, 0, access.LongestOpening)
	for n := 1; n <= access.LongestOpening; n++ {
		hours = append(hours, choice{value: strconv.Itoa(n), label: p.T("emergency.for-hours", "n", n)})
	}
	return []ask{
		lineOf("number").called(p.T("emergency.number")).with("emergency-number").needed(),
		radioOf("why", why...).called(p.T("emergency.why-now")).needed(),
		wordsOf("words").called(p.T("emergency.words")).with("emergency-words").needed(),
		radioOf("hours", hours...).called(p.T("emergency.hours")).needed(),
	}
}

// showEmergency is the form, with what will happen said before anything does.
func showEmergency(c *call) error { return c.emergency(url.Values{"hours": {"1"}}, nil, http.StatusOK) }

func (c *call) emergency(v url.Values, f *filled, status int) error {
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("emergency.title")
	if c.r.URL.Query().Get("done") == "closed" {
		p.told = &told{title: p.T("emergency.closed"), text: p.T("emergency.closed-text")}
	}
	if f != nil {
		p.faults = f.faults
	}
	key := c.keyOf()
	return write(c.w, c.r, status, actionBody(p, actionPage{
		action: emergencyPath, danger: p.T("emergency.lead"), title: p.T("emergency.before"),
		lines: []string{p.T("emergency.told"), p.T("emergency.judged"), p.T("emergency.reading"), p.T("emergency.fresh")},
		asks:  emergencyAsks(p), values: v, hidden: []pair{{"key", key}}, save: p.T("emergency.open"), back: "/work",
	}))
}

// openEmergency opens the record, and leads to it.
func openEmergency(c *call) error {
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	if err := c.r.ParseForm(); err != nil {
		return err
	}
	v := c.r.PostForm
	f := readForm(p, emergencyAsks(p), v, c.calendar())
	if len(f.faults) > 0 {
		return c.emergency(v, f, http.StatusUnprocessableEntity)
	}
	if v.Get("key") == "" {
		return keyless()
	}
	r, err := c.s.service.OpenRecord(c.r.Context(), c.who, v.Get("key"), f.text("number"), access.OpenRecord{
		Why: access.OpeningReason(f.text("why")), Words: f.text("words"), Hours: f.number("hours"),
	})
	if refusal, refused := care.AsRefusal(err); refused {
		switch {
		case refusal.Code == "opening-open" && r.Target != "":
			http.Redirect(c.w, c.r, openedAddress(care.PersonKey(r.Target)), http.StatusSeeOther)
			return nil
		case refusal.Kind == care.Denied:
			return err
		case refusal.Field == "":
			refusal = refusal.On("number")
		}
		f.refused(refusal)
		return c.emergency(v, f, statusOf(err))
	}
	if err != nil {
		return err
	}
	http.Redirect(c.w, c.r, openedAddress(care.PersonKey(r.Target)), http.StatusSeeOther)
	return nil
}

// keyless refuses a form without the key that makes it happen once.
func keyless() error {
	return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
}

// An openMark is the line that stays while a record is open to the reader by
// their own opening: until when, why, and the way to close it.
type openMark struct {
	text   string
	action string
	hidden []pair
	record string // the page of the opening, "" on that page itself
}

// openMark is the mark of an opening; nil where there is none.
func (c *call) openMark(p page, person care.PersonKey, o access.OpeningState, zone *time.Location) *openMark {
	if o.Number == 0 {
		return nil
	}
	return &openMark{
		text:   p.T("emergency.mark", "until", p.lang.Clock(o.Ends.In(zone)), "why", lowerFirst(p.T("emergency.why."+string(o.Why)))),
		action: openedAddress(person) + "/close", hidden: []pair{{"key", formKey()}, {"opening", strconv.Itoa(o.Number)}},
		record: openedAddress(person),
	}
}

// showOpened is a record that the reader has opened: who it is, and their
// journeys to read.
func showOpened(c *call) error {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.OpenedRecord{Person: care.PersonKey(c.r.PathValue("person"))})
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	if p.title = v.Person.Identity.Name; p.title == "" {
		p.title = p.T("staff.nobody-named")
	}
	cal := c.calendar()
	mark := c.openMark(p, v.Person.Key, v.Opening, cal.Zone())
	if mark == nil {
		return care.Missing("opening-unknown", "There is no such opening.")
	}
	mark.record = ""
	today := cal.Date(v.Now)
	rows := []fact{{name: p.T("emergency.your-words"), value: v.Words}}
	if i := v.Person.Identity; !i.Born.IsZero() {
		rows = append(rows, fact{name: p.T("staff.field.born"), value: p.T("staff.born-age", "date", p.lang.ShortDate(i.Born), "age", p.lang.Number(ageOf(i.Born, today)))})
	}
	if needs := v.Person.State.Languages.Interpreter; needs != "" {
		rows = append(rows, fact{name: p.T("staff.field.interpreter"), value: needs})
	}
	rows = append(rows, fact{name: p.T("staff.first-contact"), value: postName(p, v.Post(v.Person.Contact))})
	steps, err := c.steps()
	if err != nil {
		return err
	}
	var list []thingView
	for _, j := range v.Journeys {
		title := j.Pathway
		if def := steps.newest(j.Pathway); def != nil {
			title = textOf(p, def).Title
		}
		list = append(list, thingView{
			title: title, state: p.T("emergency.journey." + j.Status),
			lines: []string{p.T("emergency.journey-line", "date", cal.Date(j.Received), "who", postName(p, v.Post(j.Responsible)))},
			links: []link{{text: p.T("emergency.read"), href: "/journeys/" + j.Stream.ID()}},
		})
	}
	return write(c.w, c.r, http.StatusOK, openedBody(p, *mark, rows, list))
}

// closeOpened ends the reader's opening before its time.
func closeOpened(c *call) error {
	if c.r.PostFormValue("key") == "" {
		return keyless()
	}
	n, err := strconv.Atoi(c.r.PostFormValue("opening"))
	if err != nil {
		return care.Missing("opening-unknown", "There is no such opening.")
	}
	_, err = c.s.service.Do(c.r.Context(), c.order(c.r.PathValue("person"), access.CloseOpening{Opening: n}))
	if err != nil {
		return err
	}
	http.Redirect(c.w, c.r, emergencyPath+"?done=closed", http.StatusSeeOther)
	return nil
}
