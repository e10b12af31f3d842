package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/user"
	"strings"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/store"
)

// journeyStatuses are the words that output uses for states, for help.
const journeyStatuses = "Statuses: a journey is open or ended; a step is open, planned, done, dropped or undone; " +
	"a clock is running, late, stopped or left."

// journeyCommand looks at journeys.
type journeyCommand struct {
	List journeyList `cmd:"" help:"List the journeys of a post's unit."`
	Show journeyShow `cmd:"" help:"Show one journey: owners, dates, waits and clocks."`
	Log  journeyLog  `cmd:"" help:"List everything that happened in one journey."`
}

// looking is what every look says: at what, from which post, and why.
type looking struct {
	database
	keyed
	As     string `required:"" placeholder:"POST" help:"The post you look from: UNIT/ROLE, such as pain-clinic/coordinator. You see what its unit sees."`
	Reason string `required:"" placeholder:"TEXT" help:"Why you look. It is logged with your account, and the patient can read it."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// Help is shown under the flags of all three.
func (looking) Help() string {
	return "Persons are shown by key, never by name. The file may be served meanwhile; the look is logged before anything is shown, " +
		"and where it cannot be logged nothing is shown. " + journeyStatuses
}

// open starts a service beside the one that serves the file, and says who looks.
func (l looking) open(p *program) (*casework.Service, casework.Who, func() error, error) {
	return l.openWith(p, l.openBeside)
}

// openWith does on a database that is opened some other way.
func (l looking) openWith(p *program, open func(context.Context) (store.Store, error)) (*casework.Service, casework.Who, func() error, error) {
	fail := func(err error) (*casework.Service, casework.Who, func() error, error) {
		return nil, casework.Who{}, nil, err
	}
	post, err := parsePost(l.As)
	if err != nil {
		return fail(err)
	}
	if strings.TrimSpace(l.Reason) == "" {
		return fail(usage("--reason is empty; say why you look"))
	}
	if err := l.there(); err != nil {
		return fail(err)
	}
	keys, err := l.keyring(l.database)
	if err != nil {
		return fail(err)
	}
	st, err := open(p.ctx)
	if err != nil {
		return fail(err)
	}
	s, err := newService(p.ctx, st, keys)
	if err != nil {
		return fail(errors.Join(err, st.Close()))
	}
	account := "unknown"
	if u, err := user.Current(); err == nil {
		account = u.Username
	}
	return s, casework.Operator(account, post, l.Reason), st.Close, nil
}

func parsePost(s string) (care.Post, error) {
	unit, role, ok := strings.Cut(s, "/")
	if !ok || unit == "" || role == "" {
		return care.Post{}, usage("--as is %q; write UNIT/ROLE, such as pain-clinic/coordinator", s)
	}
	return care.Post{Unit: care.UnitID(unit), Role: care.Role(role)}, nil
}

// holderLine is a post with who fills it.
type holderLine struct {
	Unit   string `json:"unit"`
	Role   string `json:"role"`
	Holder string `json:"holder"`
}

func (h holderLine) String() string { return h.Unit + "/" + h.Role + " (" + h.Holder + ")" }

// holderOf says who fills a post; where nobody does, who answers for it.
func holderOf(post func(care.Post) casework.PostView, p care.Post) holderLine {
	v := post(p)
	return holderLine{string(p.Unit), string(p.Role), strings.Join(v.Holders, ", ")}
}

// instant is RFC 3339 in the journey's own zone, or null.
func instant(t time.Time, zone *time.Location) *string {
	if t.IsZero() {
		return nil
	}
	s := t.In(zone).Format(time.RFC3339)
	return &s
}

type journeyList struct {
	looking
	Status  string `default:"" enum:",open,ended" help:"Only those that are open, or have ended."`
	Pathway string `placeholder:"ID" help:"Only those that follow this pathway."`
}

type listLine struct {
	ID          string     `json:"id"`
	Person      string     `json:"person"`
	Pathway     string     `json:"pathway"`
	Status      string     `json:"status"`
	Responsible holderLine `json:"responsible"`
	Coordinator holderLine `json:"coordinator"`
	Next        *nextLine  `json:"next"`
	Version     string     `json:"version"`
}

type nextLine struct {
	ID     string  `json:"id"`
	Kind   string  `json:"kind,omitempty"`
	Title  string  `json:"title,omitempty"`
	Owner  string  `json:"owner,omitempty"`
	Due    *string `json:"due"`
	Latest *string `json:"latest"`
}

// pageOf is how many journeys are asked for, and logged, at a time.
const pageOf = 500

// Run lists the journeys, one object a line.
func (c *journeyList) Run(p *program) (err error) {
	s, who, done, err := c.open(p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	out := json.NewEncoder(p.stdout)
	after := ""
	for {
		page, err := casework.View(p.ctx, s, who, casework.Overview{Status: c.Status, Pathway: c.Pathway, After: after, Limit: pageOf})
		if err != nil {
			return asked(err)
		}
		for _, l := range page.Lines {
			after = l.Stream.ID()
			zone := care.CalendarOf(l.Regime).Zone()
			line := listLine{
				ID: after, Person: string(l.Person), Pathway: l.Pathway, Version: l.PathwayVersion, Status: l.Status,
				Responsible: holderOf(page.Post, l.Responsible), Coordinator: holderOf(page.Post, l.Contact),
			}
			if !l.NextDue.IsZero() {
				line.Next = &nextLine{ID: l.NextRef, Due: instant(l.NextDue, zone), Latest: instant(l.Latest, zone)}
			}
			if c.JSON {
				err = out.Encode(line)
			} else {
				err = p.printf("%s\n", line.text())
			}
			if err != nil {
				return err
			}
		}
		if len(page.Lines) < pageOf {
			return nil
		}
	}
}

func (l listLine) text() string {
	next := "nothing open"
	if l.Next != nil {
		next = l.Next.ID + " by " + lastDay(l.Next.Due)
	}
	return fmt.Sprintf("%s  %-10s %-5s  %s/%s  %s", l.ID, l.Pathway, l.Status, l.Responsible.Unit, l.Responsible.Role, next)
}

// asked makes a refusal of what the command line said a matter of usage, and
// keeps every other.
func asked(err error) error {
	if r, ok := care.AsRefusal(err); ok && r.Field == "as" {
		return &exit{exitUsage, err}
	}
	return err
}
