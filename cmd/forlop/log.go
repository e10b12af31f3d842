package main

import (
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"forlop/care"
	"forlop/casework"
)

// logCommand looks after the log of who has looked.
type logCommand struct {
	Breach logBreach `cmd:"" help:"List whom somebody has seen, what was shown and when: the list a breach asks for."`
	Prune  logPrune  `cmd:"" help:"Remove what is older than a day, at least five years back; a signed record stays."`
}

type logBreach struct {
	looking
	Actor   string `placeholder:"ID" help:"Whose looks: an id, such as a professional's."`
	Unit    string `placeholder:"ID" help:"Looks from the posts of this unit."`
	Session string `placeholder:"HASH" help:"Looks of whoever had this login, while it was open: the hash of the login, in hexadecimal."`
	From    string `placeholder:"TIME" help:"The first instant (2006-01-02 or RFC 3339)."`
	Until   string `placeholder:"TIME" help:"The instant after the last."`
	Names   bool   `help:"Write the persons' names beside their keys."`
}

// Help is shown under the flags.
func (logBreach) Help() string {
	return "One line for each person in each entry, as CSV, or as JSON lines with --json. Persons are shown by key unless --names is given. " +
		"The list is itself logged, with everybody on it, before it is shown."
}

// breachLine is one person in one entry.
type breachLine struct {
	Entry    int64    `json:"entry"`
	At       string   `json:"at"`
	Actor    string   `json:"actor"`
	Kind     string   `json:"kind"`
	Unit     string   `json:"unit"`
	Role     string   `json:"role"`
	Person   string   `json:"person"`
	Name     string   `json:"name,omitempty"`
	Question string   `json:"question"`
	What     []string `json:"what"`
	Basis    string   `json:"basis"`
	Reason   string   `json:"reason"`
}

// Run lists.
func (c *logBreach) Run(p *program) (err error) {
	q := casework.LogOfBreach{Actor: c.Actor, Unit: care.UnitID(c.Unit), Names: c.Names}
	if q.From, err = instantOf("from", c.From); err != nil {
		return err
	}
	if q.Until, err = instantOf("until", c.Until); err != nil {
		return err
	}
	if q.Session, err = hex.DecodeString(c.Session); err != nil {
		return usage("--session is %q; write the hash of a login in hexadecimal", c.Session)
	}
	if c.Actor == "" && c.Unit == "" && c.Session == "" {
		return usage("say whose looks: --actor, --unit or --session")
	}
	s, who, done, err := c.open(p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	found, err := casework.View(p.ctx, s, who, q)
	if err != nil {
		return asked(err)
	}
	table, lines := csv.NewWriter(p.stdout), json.NewEncoder(p.stdout)
	if !c.JSON {
		if err := table.Write([]string{"entry", "at", "actor", "kind", "unit", "role", "person", "name", "question", "what", "basis", "reason"}); err != nil {
			return err
		}
	}
	for _, l := range found.Looks {
		for _, person := range l.Persons {
			b := breachLine{
				Entry: l.ID, At: l.At.Format(time.RFC3339), Actor: l.Actor.ID, Kind: string(l.Actor.Kind), Unit: string(l.Post.Unit), Role: string(l.Post.Role),
				Person: string(person), Name: found.Names[person], Question: l.Question, What: append([]string{}, l.What...), Basis: l.Basis, Reason: l.Reason,
			}
			if c.JSON {
				err = lines.Encode(b)
			} else {
				err = table.Write(b.cells())
			}
			if err != nil {
				return err
			}
		}
	}
	table.Flush()
	p.say("%d entries about %d persons; that this list was asked for is logged", len(found.Looks), len(found.Persons))
	return table.Error()
}

// cells are the line as a spreadsheet may open it: what somebody has typed is
// never a formula.
func (b breachLine) cells() []string {
	cells := []string{fmt.Sprint(b.Entry), b.At, b.Actor, b.Kind, b.Unit, b.Role, b.Person, b.Name, b.Question, strings.Join(b.What, " "), b.Basis, b.Reason}
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			cells[i] = "'" + c
		}
	}
	return cells
}

// instantOf reads a day or an instant; a day begins at midnight in UTC.
func instantOf(flag, text string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	if text == "" {
		return time.Time{}, nil
	}
	return time.Time{}, usage("--%s is %q; write a day (2006-01-02) or an instant (2006-01-02T15:04:05Z)", flag, text)
}

type logPrune struct {
	looking
	Before string `required:"" placeholder:"DAY" help:"The first day that stays."`
}

// Help is shown under the flags.
func (logPrune) Help() string {
	return "Nothing younger than five years is removed (HSLF-FS 2016:40 ch. 4 § 9). On PostgreSQL whoever logs in must be a member of forlop_owner. " +
		"A file that is served is refused."
}

// Run prunes.
func (c *logPrune) Run(p *program) (err error) {
	before, err := instantOf("before", c.Before)
	if err != nil {
		return err
	}
	s, who, done, err := c.openWith(p, c.openToPrune)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	r, err := s.PruneLooks(p.ctx, who, before)
	if err != nil {
		return asked(err)
	}
	p.say("%d entries from before %s were removed; the signed record of it stays, and verify begins behind it", r.Count, before.Format(time.DateOnly))
	return nil
}
