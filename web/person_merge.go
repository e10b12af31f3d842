package web

import (
	"net/http"
	"net/url"
	"slices"

	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
)

// A mergePage is two records of one person, or the search for the other one.
type mergePage struct {
	about  []fact
	action string
	query  string
	asked  bool
	found  table
	// sides are the two, where both are known.
	sides []mergeSide
	lines []string
	form  *actionPage
	back  string
}

// A mergeSide is one of the records.
type mergeSide struct {
	id, title string
	facts     []fact
}

// mergeLink leads from a journey to the page.
func (s *scene) mergeLink() link {
	return link{text: s.p.T("person.merge.link"), href: s.address("/merge")}
}

// showMerge is the page where two records of one person become one, and two again.
func showMerge(c *call) error {
	s, err := c.mergeScene()
	if err != nil {
		return err
	}
	switch c.r.URL.Query().Get("done") {
	case "merged":
		s.p.told = &told{title: s.p.T("person.merge.merged"), text: s.p.T("person.merge.merged-text")}
	case "parted":
		s.p.told = &told{title: s.p.T("person.merge.parted"), text: s.p.T("person.merge.parted-text")}
	}
	return s.merge(care.PersonKey(c.r.URL.Query().Get("with")), url.Values{}, nil, http.StatusOK)
}

func (c *call) mergeScene() (*scene, error) {
	s, err := c.scene()
	if err != nil {
		return nil, err
	}
	if err := s.nothingToDo(); err != nil {
		return nil, err
	}
	s.p.title = s.p.T("person.merge.title", "name", s.patient())
	return s, nil
}

// other is the record that the person's own is merged with; "" where there is none.
func (s *scene) other() care.PersonKey {
	v := s.v.Person
	if v.Merged != "" || len(v.Aliases) == 0 {
		return v.Merged
	}
	return v.Aliases[len(v.Aliases)-1]
}

// merge draws the page: both records where they are merged or the other one is
// chosen, otherwise the search and what it found.
func (s *scene) merge(with care.PersonKey, v url.Values, found *table, status int) error {
	x := mergePage{about: withoutChange(s.brief()), action: s.address("/merge"), query: v.Get("q"), back: s.address("")}
	if found != nil {
		x.found, x.asked = *found, true
	}
	if other := s.other(); other != "" {
		with = other
	}
	if with == "" || with == s.v.Person.Key {
		return write(s.c.w, s.c.r, status, mergeBody(s.p, x))
	}
	from, into := with, s.v.Person.Key
	if s.v.Person.Merged != "" {
		from, into = into, from
	}
	view, err := casework.View(s.c.r.Context(), s.c.s.service, s.c.who, casework.MergePreview{From: from, Into: into})
	if err != nil {
		return err
	}
	steps, err := s.c.steps()
	if err != nil {
		return err
	}
	this, that := s.mergeSide(view, view.Into, view.IntoJourneys, steps), s.mergeSide(view, view.From, view.FromJourneys, steps)
	if s.v.Person.Merged != "" {
		this, that = that, this
	}
	this.id, this.title = "this", s.p.T("person.merge.this")
	that.id, that.title = "that", s.p.T("person.merge.that")
	x.sides = []mergeSide{this, that}
	x.form = s.mergeForm(view, with, v)
	if !view.Merged {
		x.lines = []string{
			s.p.T("person.merge.journeys-become"), s.p.T("person.merge.contact-becomes"), s.p.T("person.merge.blocks-become", "count", view.Blocks),
			s.p.T("person.merge.proxies-become", "count", view.Proxies), s.p.T("person.merge.hidden-becomes"),
		}
	}
	return write(s.c.w, s.c.r, status, mergeBody(s.p, x))
}

// mergeForm is what to press: to make them one, or two again.
func (s *scene) mergeForm(view casework.MergeView, with care.PersonKey, v url.Values) *actionPage {
	x := &actionPage{action: s.address("/merge"), values: v, back: s.address("")}
	do := "merge"
	if view.Merged {
		do, x.title, x.danger, x.save = "part", s.p.T("person.merge.part-title"), s.p.T("person.merge.part-lead"), s.p.T("person.merge.part")
	} else {
		x.title, x.danger, x.save = s.p.T("person.merge.save"), s.p.T("person.merge.sure"), s.p.T("person.merge.save")
		x.asks = s.staysAsk()
		if v.Get("stays") == "" {
			// The one whose number is known is the surer one.
			x.values = url.Values{"stays": {"this"}}
			if view.Into.Identity.Number == "" && view.From.Identity.Number != "" {
				x.values.Set("stays", "that")
			}
		}
	}
	x.hidden = []pair{{"key", s.c.keyOf()}, {"do", do}, {"with", string(with)}}
	return x
}

func (s *scene) staysAsk() []ask {
	return []ask{radioOf("stays", choice{value: "this", label: s.p.T("person.merge.this")}, choice{value: "that", label: s.p.T("person.merge.that")}).
		called(s.p.T("person.merge.stays")).with("person-stays").needed()}
}

// mergeSide is one record in words: who it says the person is, and what hangs on
// it that the reader may see.
func (s *scene) mergeSide(v casework.MergeView, p casework.PersonView, journeys []casework.JourneyRow, steps stepIndex) mergeSide {
	unknown := s.p.T("staff.not-known")
	born := unknown
	if !p.Identity.Born.IsZero() {
		born = s.p.lang.Date(p.Identity.Born)
	}
	var titles []string
	for _, j := range journeys {
		title := j.Pathway
		if def := steps.newest(j.Pathway); def != nil {
			title = textOf(s.p, def).Title
		}
		titles = append(titles, title)
	}
	slices.Sort(titles)
	return mergeSide{facts: []fact{
		{name: s.p.T("person.merge.name"), value: orElse(p.Identity.Name, s.p.T("staff.nobody-named"))},
		{name: s.p.T("person.merge.born"), value: born},
		{name: s.p.T("person.merge.number"), value: orElse(p.Identity.Number, unknown)},
		{name: s.p.T("person.merge.contact"), value: postName(s.p, v.Post(p.Contact))},
		{name: s.p.T("person.merge.journeys"), value: orElse(s.p.lang.List(titles), s.p.T("person.merge.no-journeys"))},
	}}
}

// doMerge searches for the other record, makes the two one, or two again.
func doMerge(c *call) error {
	s, err := c.mergeScene()
	if err != nil {
		return err
	}
	v := c.r.PostForm
	with := care.PersonKey(v.Get("with"))
	mine := s.v.Person.Key
	o := c.order("", nil)
	done := "merged"
	switch v.Get("do") {
	case "merge":
		f := readForm(s.p, s.staysAsk(), v, s.v.Calendar)
		if len(f.faults) > 0 {
			s.p.faults = f.faults
			return s.merge(with, v, nil, http.StatusUnprocessableEntity)
		}
		from, into := with, mine
		if f.text("stays") == "that" {
			from, into = mine, with
		}
		o.Target, o.Command = string(from), person.MergeInto{Into: into}
	case "part":
		from, into := s.other(), mine
		if s.v.Person.Merged != "" {
			from, into = into, from
		}
		o.Target, o.Command = string(from), person.Unmerge{Other: into}
		done = "parted"
	default:
		return s.searchOther(v)
	}
	if v.Get("key") == "" {
		return keyless()
	}
	_, err = c.s.service.Do(c.r.Context(), o)
	refusal, refused := care.AsRefusal(err)
	switch {
	case err == nil:
		http.Redirect(c.w, c.r, s.address("/merge?done="+done), http.StatusSeeOther)
		return nil
	case !refused || refusal.Kind == care.Denied || refusal.Kind == care.NotFound && done == "merged":
		return err
	}
	s.p.faults = []fault{{"stays", s.p.refusal(refusal)}}
	return s.merge(with, v, nil, statusOf(err))
}

// searchOther looks for the other record among those the reader may see. What was
// searched for stands in no address.
func (s *scene) searchOther(v url.Values) error {
	found, err := casework.View(s.c.r.Context(), s.c.s.service, s.c.who, casework.FindPerson{Query: shortened(v.Get("q"))})
	if refusal, refused := care.AsRefusal(err); refused && refusal.Kind == care.RefusedByRule {
		s.p.faults = []fault{{"q", s.p.refusal(refusal)}}
		return s.merge("", v, nil, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	t := table{
		id: "found", empty: s.p.T("person.merge.found-none"),
		columns: []column{{name: s.p.T("staff.column.patient")}, {name: s.p.T("staff.field.born")}, {name: s.p.T("person.merge.journeys")}},
	}
	for _, f := range found {
		if f.Person == s.v.Person.Key || f.Person == s.v.Person.Merged {
			continue
		}
		born := cell{text: s.p.T("staff.not-known")}
		if !f.Identity.Born.IsZero() {
			born = cell{text: s.p.lang.ShortDate(f.Identity.Born), whole: true}
		}
		t.rows = append(t.rows, []cell{
			{text: orElse(f.Identity.Name, s.p.T("staff.nobody-named")), href: s.address("/merge?with=" + url.QueryEscape(string(f.Person))), sub: hiddenWords(s.p, f.Identity, "")},
			born, {text: s.p.lang.Number(len(f.Journeys))},
		})
	}
	t.caption = s.p.T("person.merge.found", "count", len(t.rows))
	return s.merge("", v, &t, http.StatusOK)
}

// shortened is a line as long as a line may be.
func shortened(line string) string {
	if r := []rune(line); len(r) > longestLine {
		return string(r[:longestLine])
	}
	return line
}
