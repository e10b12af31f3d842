package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

type journeyShow struct {
	looking
	Language string `default:"en" enum:"nb,nn,sv,en" help:"The language of titles: nb, nn, sv or en."`
	ID       string `arg:"" help:"The journey's id."`
}

// journeyLine is what journey show --json prints. Keys may be added, never
// changed.
type journeyLine struct {
	ID          string      `json:"id"`
	Person      string      `json:"person"`
	Pathway     string      `json:"pathway"`
	Version     string      `json:"version"`
	Status      string      `json:"status"`
	Responsible holderLine  `json:"responsible"`
	Coordinator holderLine  `json:"coordinator"`
	Steps       []stepLine  `json:"steps"`
	Waits       []waitLine  `json:"waits"`
	Clocks      []clockLine `json:"clocks"`
	Next        *nextLine   `json:"next"`
}

type stepLine struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Status  string  `json:"status"`
	Owner   string  `json:"owner"`
	Planned *string `json:"planned"`
	Latest  *string `json:"latest"`
}

type waitLine struct {
	For    string  `json:"for"`
	Since  *string `json:"since"`
	Latest *string `json:"latest"`
	Reason string  `json:"reason"`
	Owner  string  `json:"owner"`
}

type clockLine struct {
	ID      string    `json:"id"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	Limit   care.Span `json:"limit"`
	Started *string   `json:"started"`
	Latest  *string   `json:"latest"`
	Used    care.Span `json:"used"`
	Paused  care.Span `json:"paused"`
	State   string    `json:"state"`
	Source  string    `json:"source"`
}

// Run shows one journey.
func (c *journeyShow) Run(p *program) (err error) {
	s, who, done, err := c.open(p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	v, err := casework.View(p.ctx, s, who, casework.GetJourney{ID: c.ID})
	if err != nil {
		return asked(err)
	}
	line := lineOf(v, care.Language(c.Language))
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(line)
	}
	return p.printf("%s", line.text())
}

func lineOf(v casework.JourneyView, lang care.Language) journeyLine {
	j, zone := v.State, v.Calendar.Zone()
	text := v.Definition.Texts[lang]
	title := func(id string) string {
		if text != nil {
			return text.Steps[pathway.StepID(id)].Title
		}
		return ""
	}
	line := journeyLine{
		ID: v.ID, Person: string(j.Person), Pathway: j.Pathway.ID, Version: j.Pathway.Version, Status: string(j.Status),
		Responsible: holderOf(v.Post, j.Responsible), Coordinator: holderOf(v.Post, v.Person.Contact),
		Steps: []stepLine{}, Waits: []waitLine{}, Clocks: []clockLine{},
	}
	for _, st := range j.Steps {
		line.Steps = append(line.Steps, stepLine{
			string(st.ID), title(string(st.ID)), string(st.State), st.Owner.String(), instant(st.Planned, zone), instant(st.Latest, zone),
		})
	}
	for _, w := range j.Waits {
		if w.Open {
			line.Waits = append(line.Waits, waitLine{party(w.For), instant(w.Since, zone), instant(w.Review, zone), w.Reason, w.Owner.String()})
		}
	}
	for _, o := range j.Offers {
		if o.State == journey.OfferOpen {
			line.Waits = append(line.Waits, waitLine{o.To.String(), instant(o.At, zone), instant(o.By, zone), "answer to an offer", o.From.String()})
		}
	}
	for _, q := range j.Questions {
		if q.Open {
			line.Waits = append(line.Waits, waitLine{party(q.To), instant(q.At, zone), instant(q.By, zone), "answer to a question", q.Owner.String()})
		}
	}
	for _, k := range j.Clocks {
		days := func(n int) care.Span { return care.Span{N: n, Unit: care.Days} }
		line.Clocks = append(line.Clocks, clockLine{
			string(k.ID), string(k.From), string(k.To), k.Limit, instant(k.Start, zone), instant(k.Latest, zone),
			days(k.UsedDays(v.Calendar, v.Now)), days(k.PausedDays(v.Calendar.Date(v.Now))), string(k.State), basis(k.Basis),
		})
	}
	for _, i := range j.List() {
		if i.Kind == care.TellItem || i.Kind == care.EscalationItem {
			continue
		}
		if line.Next == nil || *instant(i.Due, zone) < *line.Next.Due {
			line.Next = &nextLine{i.Ref, string(i.Kind), title(i.Ref), i.Post.String(), instant(i.Due, zone), instant(i.Latest, zone)}
		}
	}
	return line
}

func basis(b pathway.Basis) string {
	if b.Source != "" {
		return string(b.Source)
	}
	return string(b.Tag)
}

// party names a party: a post, a word, or what an outsider calls itself.
func party(p care.Party) string {
	switch p.Kind {
	case care.PartyUnit:
		return p.Post.String()
	case care.PartyOther:
		return p.Name
	case care.PartyPatient, care.PartyRelative:
	}
	return string(p.Kind)
}

func (l journeyLine) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "journey      %s\nperson       %s\npathway      %s@%s\nstatus       %s\nresponsible  %s\ncoordinator  %s\n",
		l.ID, l.Person, l.Pathway, l.Version, l.Status, l.Responsible, l.Coordinator)
	if l.Next != nil {
		fmt.Fprintf(&b, "next         %s, %s, by %s\n", l.Next.ID, l.Next.Owner, lastDay(l.Next.Due))
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(cells ...string) {
		// Writing to a strings.Builder cannot fail.
		_, _ = fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	row("", "", "", "", "")
	row("STEP", "STATUS", "OWNER", "PLANNED", "LATEST")
	for _, s := range l.Steps {
		row(s.ID, s.Status, s.Owner, day(s.Planned), lastDay(s.Latest))
	}
	row("", "", "", "", "")
	row("CLOCK", "STATE", "LIMIT", "USED", "LATEST", "SOURCE")
	for _, k := range l.Clocks {
		row(k.ID, k.State, k.Limit.String(), k.Used.String(), lastDay(k.Latest), k.Source)
	}
	if len(l.Waits) > 0 {
		row("", "", "", "", "")
		row("WAITS FOR", "WHY", "OWNER", "SINCE", "UNTIL")
		for _, x := range l.Waits {
			row(x.For, x.Reason, x.Owner, day(x.Since), lastDay(x.Latest))
		}
	}
	_ = w.Flush()
	return b.String()
}

// lastDay is the last day that counts: a latest instant is the midnight that ends
// it.
func lastDay(t *string) string {
	if t == nil {
		return "-"
	}
	at, err := time.Parse(time.RFC3339, *t)
	if err != nil {
		return *t
	}
	return at.Add(-time.Second).Format(time.DateOnly)
}

// day is a day with its hour.
func day(t *string) string {
	if t == nil {
		return "-"
	}
	return (*t)[:16]
}

type journeyLog struct {
	looking
	ID string `arg:"" help:"The journey's id."`
}

// eventLine is one thing that happened. Free text is never in it.
type eventLine struct {
	Version  int     `json:"version"`
	Type     string  `json:"type"`
	Happened *string `json:"happened"`
	Learned  *string `json:"learned"`
	Actor    string  `json:"actor"`
	Post     string  `json:"post"`
	For      string  `json:"for,omitempty"`
	How      string  `json:"how,omitempty"`
	Body     any     `json:"body"`
}

// Run lists the events, oldest first, one object a line.
func (c *journeyLog) Run(p *program) (err error) {
	s, who, done, err := c.open(p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	v, err := casework.View(p.ctx, s, who, casework.GetJourney{ID: c.ID})
	if err != nil {
		return asked(err)
	}
	out := json.NewEncoder(p.stdout)
	for _, r := range v.History {
		e := eventLine{
			Version: r.Version, Type: r.Event.Type(), Happened: instant(r.Happened, v.Calendar.Zone()), Learned: instant(r.Learned, v.Calendar.Zone()),
			Actor: string(r.Actor.Kind) + " " + r.Actor.ID, Body: r.Event,
		}
		if !r.Post.IsZero() {
			e.Post = r.Post.String()
		}
		if r.For != nil {
			e.For, e.How = party(r.For.Of), string(r.For.How)
		}
		if c.JSON {
			err = out.Encode(e)
		} else {
			err = p.printf("%4d  %s  %-28s %s %s\n", e.Version, day(e.Happened), e.Type, e.Actor, e.Post)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
