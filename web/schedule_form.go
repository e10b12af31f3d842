package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"forlop/care"
	"forlop/care/booking"
	"forlop/casework"
)

// fewestDates is how many dates a form has room for at least.
const fewestDates = 3

// A slotForm asks for everything that a slot is.
type slotForm struct {
	action, back          string
	hidden                []pair
	kind, way, join       choiceField
	unit                  choiceField
	first, place, numbers []field
	last, others          []field
	dates                 [][2]field
}

// newSlot opens a slot of one of the reader's units.
func newSlot(c *call) error {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.ScheduleQuery{})
	if err != nil {
		return err
	}
	unit := care.UnitID(orElse(c.r.PostFormValue("unit"), string(c.who.Post.Unit)))
	return c.slotForm(v, casework.SlotView{Unit: unit, Slot: booking.Slot{Kind: booking.CourseSlot, Way: booking.SlotAtPlace, Join: booking.JoinOpen}})
}

// changeSlot says a slot anew.
func changeSlot(c *call) error {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.ScheduleQuery{Slot: c.r.PathValue("slot")})
	if err != nil {
		return err
	}
	return c.slotForm(v, v.Slots[0])
}

func (c *call) slotForm(v casework.SchedulePage, s casework.SlotView) error {
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	regime := s.Regime
	if u, known := v.Directory().Unit(s.Unit); known {
		regime = u.Regime
	}
	cal := care.CalendarOf(orRegime(regime))
	values, at, title := slotValues(s.Slot, cal), schedulePath+"/new", "schedule.new"
	if s.ID != "" {
		at, title = schedulePath+"/"+s.ID+"/change", "schedule.change"
		values.Set("seen", strconv.Itoa(s.Version))
	}
	p.title = p.T(title)
	status := http.StatusOK
	if c.r.Method == http.MethodPost {
		values = c.r.PostForm
		done, err := c.sendSlot(s, cal)
		if err == nil {
			return c.goTo(done)
		}
		r, no := care.AsRefusal(err)
		if !no || r.Kind == care.Denied || r.Kind == care.NotFound {
			return err
		}
		p.faults, status = []fault{{field: slotField(r.Field, regime), text: p.refusal(r)}}, statusOf(err)
	}
	x := slotFields(p, values, orRegime(regime), s.ID != "")
	x.action, x.back = at, schedulePath
	if s.ID != "" {
		x.back += "/" + s.ID
	} else {
		x.unit = choiceField{name: "unit", legend: p.T("schedule.unit")}
		for _, id := range v.Units {
			if u, known := v.Directory().Unit(id); known {
				x.unit.choices = append(x.unit.choices, choice{value: string(id), label: u.Contact.Name, chosen: id == s.Unit})
			}
		}
	}
	x.hidden = []pair{{"key", c.keyOf()}, {"seen", values.Get("seen")}}
	return write(c.w, c.r, status, slotFormBody(p, x))
}

func orRegime(r care.Regime) care.Regime {
	if r == "" {
		return care.Norway
	}
	return r
}

// slotField is the field of the form that a refusal is about.
func slotField(name string, r care.Regime) string {
	switch name {
	case "title", "about":
		return name + "-" + string(slotLanguages(r)[0])
	case "dates":
		return "date-1"
	}
	return name
}

// slotLanguages are the languages in the order that a unit writes them.
func slotLanguages(r care.Regime) []care.Language {
	if r == care.Sweden {
		return []care.Language{care.Swedish, care.English, care.Bokmal, care.Nynorsk}
	}
	return []care.Language{care.Bokmal, care.Nynorsk, care.English, care.Swedish}
}

// slotValues are the values that a slot fills its form with.
func slotValues(s booking.Slot, cal *care.Calendar) url.Values {
	v := url.Values{"kind": {string(s.Kind)}, "way": {s.Way}, "place": {s.Place}, "join": {string(s.Join)}, "contact": {s.Contact}}
	for l, t := range s.Title {
		v.Set("title-"+string(l), t)
	}
	for l, t := range s.About {
		v.Set("about-"+string(l), t)
	}
	for n, at := range s.Dates {
		local := at.In(cal.Zone())
		v.Set("date-"+strconv.Itoa(n+1), local.Format(time.DateOnly))
		v.Set("time-"+strconv.Itoa(n+1), local.Format("15:04"))
	}
	for name, n := range map[string]int{"minutes": s.Minutes, "seats": s.Seats, "minimum": s.Minimum} {
		if n > 0 {
			v.Set(name, strconv.Itoa(n))
		}
	}
	if !s.Deadline.IsZero() {
		v.Set("deadline", cal.LastDay(s.Deadline).String())
	}
	return v
}

// slotFields are the fields, with what stands in them.
func slotFields(p page, v url.Values, regime care.Regime, changing bool) slotForm {
	var x slotForm
	one := func(name, kind string, optional bool) field {
		return field{name: name, label: p.T("schedule.field-" + name), kind: kind, value: v.Get(name), optional: optional}
	}
	some := func(name string, values []string) choiceField {
		f := choiceField{name: name, legend: p.T("schedule.field-" + name)}
		for _, value := range values {
			f.choices = append(f.choices, choice{value: value, label: p.T("schedule." + name + "-" + value), chosen: v.Get(name) == value})
		}
		return f
	}
	if !changing {
		x.kind = some("kind", texts(booking.SlotKinds))
	}
	for n, l := range slotLanguages(regime) {
		in := p.T("forms.language." + string(l))
		title := field{name: "title-" + string(l), label: p.T("schedule.field-title", "language", in), value: v.Get("title-" + string(l)), max: longestLine, optional: n > 0}
		about := field{name: "about-" + string(l), label: p.T("schedule.field-about", "language", in), value: v.Get("about-" + string(l)), rows: 3, max: 2000, optional: true}
		if n == 0 {
			title.hint = p.T("schedule.hint-title")
			x.first = append(x.first, title, about)
		} else {
			x.others = append(x.others, title, about)
		}
	}
	x.way = some("way", []string{booking.SlotAtPlace, booking.SlotByVideo})
	x.place = []field{one("place", "", false)}
	rows := fewestDates
	for v.Get("date-"+strconv.Itoa(rows)) != "" && rows < 30 {
		rows++
	}
	for n := range rows {
		i := strconv.Itoa(n + 1)
		x.dates = append(x.dates, [2]field{
			{name: "date-" + i, label: p.T("schedule.field-date", "number", i), kind: "date", value: v.Get("date-" + i), optional: n > 0},
			{name: "time-" + i, label: p.T("schedule.field-time", "number", i), kind: "time", value: v.Get("time-" + i), optional: n > 0},
		})
	}
	minimum := one("minimum", "number", true)
	minimum.hint = p.T("schedule.hint-minimum")
	x.numbers = []field{one("minutes", "number", false), one("seats", "number", false), minimum}
	x.join = some("join", texts(booking.Joinings))
	contact := one("contact", "", false)
	contact.hint = p.T("schedule.hint-contact")
	x.last = []field{contact, one("deadline", "date", true)}
	return x
}

// sendSlot sends what was written, and answers where to go.
func (c *call) sendSlot(was casework.SlotView, cal *care.Calendar) (string, error) {
	form := c.r.PostFormValue
	s := booking.Slot{
		Kind: booking.SlotKind(form("kind")), Title: map[care.Language]string{}, About: map[care.Language]string{},
		Way: form("way"), Place: form("place"), Join: booking.Joining(form("join")), Contact: form("contact"),
	}
	for _, l := range care.Languages {
		s.Title[l], s.About[l] = form("title-"+string(l)), form("about-"+string(l))
	}
	for n := 1; n <= 30; n++ {
		i := strconv.Itoa(n)
		if form("date-"+i) == "" {
			continue
		}
		at, err := time.ParseInLocation("2006-01-02 15:04", form("date-"+i)+" "+form("time-"+i), cal.Zone())
		if err != nil {
			return "", care.Refuse("booking-time", "Write the time of day as 13:45.").On("time-" + i)
		}
		s.Dates = append(s.Dates, at)
	}
	s.Minutes, s.Seats, s.Minimum = number(form("minutes")), number(form("seats")), number(form("minimum"))
	if form("deadline") != "" {
		day, err := care.ParseDate(form("deadline"))
		if err != nil {
			return "", onField(err, "deadline")
		}
		s.Deadline = cal.EndOf(day)
		if starts := slices.MinFunc(append(slices.Clone(s.Dates), s.Deadline), time.Time.Compare); cal.Date(starts) == day {
			s.Deadline = starts
		}
	}
	if was.ID != "" {
		o := c.order(was.ID, booking.ChangeSlot{Slot: s})
		o.Seen = care.Seen(number(form("seen")))
		_, err := c.s.service.Do(c.r.Context(), o)
		return schedulePath + "/" + was.ID + "?done=changed", err
	}
	if form("key") == "" {
		return "", care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	r, err := c.s.service.Do(c.r.Context(), c.order("", booking.OpenSlot{Unit: was.Unit, Slot: s}))
	return schedulePath + "/" + r.Target + "?done=opened", err
}

// number reads a whole number; what is none is 0, which the rule of its field
// refuses.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
