package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"

	"forlop/casework"
	"forlop/pathway"
	"forlop/store"
	"forlop/store/memory"
)

// importUnits sets up a site: which units there are, who works there, who fills
// which post.
type importUnits struct {
	importing
	With   []string `arg:"" optional:"" name:"with" help:"More tables that belong with it: units and people that are new name each other."`
	DryRun bool     `help:"Say what would change and store nothing. The database may be served meanwhile."`
}

// Help is shown under the flags.
func (importUnits) Help() string {
	return "Changes only what differs; the same file again changes nothing. What the file does not name is listed and left. " +
		"A file with an error changes nothing. A database that is not there is made. Exit 3 where there is an error."
}

// unitsAnswer is what import units --json prints.
type unitsAnswer struct {
	DryRun   bool              `json:"dryRun"`
	Changes  []string          `json:"changes"`
	Done     int               `json:"done"`
	Findings []pathway.Finding `json:"findings"`
}

// Run sets up, and says whether the site can be served now.
func (c *importUnits) Run(p *program) (err error) {
	text, err := c.readAll(os.Stdin)
	if err != nil {
		return err
	}
	// Decided first, so that a file with an error does not even make a database.
	report, err := c.look(p.ctx, text)
	if err != nil {
		return err
	}
	if c.DryRun || pathway.HasErrors(report.Findings) {
		return c.print(p, report)
	}
	s, st, err := c.start(p.ctx, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if report, err = s.ImportSite(p.ctx, false, text...); err != nil {
		return err
	}
	if err := c.print(p, report); err != nil {
		return err
	}
	if err := s.Ready(p.ctx); err != nil {
		p.say("The site cannot be served yet: %s", err)
		return nil
	}
	p.say("The site can be served: forlop serve --database %s", c.database)
	return nil
}

// readAll reads the file and those that belong with it.
func (c *importUnits) readAll(stdin io.Reader) ([]casework.SiteText, error) {
	var all []casework.SiteText
	for _, name := range append([]string{c.File}, c.With...) {
		one := importing{File: name}
		text, err := one.read(stdin)
		if err != nil {
			return nil, err
		}
		all = append(all, casework.SiteText{Name: name, Text: text})
	}
	return all, nil
}

// look decides the file against what is there and stores nothing. Where there is
// no database everything is new.
func (c *importUnits) look(ctx context.Context, text []casework.SiteText) (_ casework.SiteReport, err error) {
	if err := c.named(); err != nil {
		return casework.SiteReport{}, err
	}
	var st store.Store = memory.Open()
	var keys *store.Keyring
	if c.there() == nil {
		if keys, err = c.keyring(c.database); err != nil {
			return casework.SiteReport{}, err
		}
		if st, err = c.openToRead(ctx); err != nil {
			return casework.SiteReport{}, err
		}
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, err := newService(ctx, st, keys)
	if err != nil {
		return casework.SiteReport{}, err
	}
	return s.ImportSite(ctx, true, text...)
}

// print writes what changed, or would, and what was found.
func (c *importUnits) print(p *program, r casework.SiteReport) error {
	if c.JSON {
		a := unitsAnswer{c.DryRun, r.Changes, r.Done, r.Findings}
		if a.Changes == nil {
			a.Changes = []string{}
		}
		if a.Findings == nil {
			a.Findings = []pathway.Finding{}
		}
		if err := json.NewEncoder(p.stdout).Encode(a); err != nil {
			return err
		}
	} else {
		if c.DryRun || r.Done > 0 {
			for _, words := range r.Changes {
				if err := p.printf("%s\n", words); err != nil {
					return err
				}
			}
		}
		for _, f := range r.Findings {
			if err := p.printf("%s\n", f); err != nil {
				return err
			}
		}
	}
	switch failed := pathway.HasErrors(r.Findings); {
	case failed:
		p.say("Nothing was changed: mend the errors and run it again.")
		return &exit{code: exitFindings}
	case c.DryRun:
		p.say("%d would change; nothing was stored", len(r.Changes))
	default:
		p.say("%d changes, %d findings", r.Done, len(r.Findings))
	}
	return nil
}
