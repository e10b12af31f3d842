package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"forlop/casework"
)

// exportCommand writes tables that a spreadsheet reads and import takes back, and all
// that is kept about people.
type exportCommand struct {
	Everything exportEverything `cmd:"" help:"Write everything about every person, readable without this program: for leaving."`
	Units      exportUnits      `cmd:"" help:"Write the units as a table (CSV)."`
	People     exportPeople     `cmd:"" help:"Write who works here and the posts they fill as a table (CSV). It holds names and numbers."`
}

// exporting is what both have in common.
type exporting struct {
	database
	keyed
	Out string `required:"" placeholder:"FILE" help:"The table to make. One that is there is never replaced; its owner alone can read it."`
}

type exportUnits struct{ exporting }

type exportPeople struct{ exporting }

// Help is shown under the flags.
func (exportUnits) Help() string { return exportHelp }

// Help is shown under the flags.
func (exportPeople) Help() string { return exportHelp }

const exportHelp = "Change it and give it back with forlop import units FILE.csv: what came out as it was changes nothing. Into a new database both go together: " +
	"forlop import units units.csv people.csv. A cell that a spreadsheet would take " +
	"for a formula has an apostrophe before it, which the import takes off."

// Run writes the units.
func (c *exportUnits) Run(p *program) error { return c.write(p, (*casework.Service).ExportUnits) }

// Run writes the people.
func (c *exportPeople) Run(p *program) error { return c.write(p, (*casework.Service).ExportPeople) }

func (c *exporting) write(p *program, table func(*casework.Service, context.Context, io.Writer) error) (err error) {
	keys, err := c.keyring(c.database)
	if err != nil {
		return err
	}
	st, err := c.openToRead(p.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, err := newService(p.ctx, st, keys)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return usage("%s is there already; name another file", c.Out)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(table(s, p.ctx, f), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("the table is not whole: %w", err)
	}
	p.say("written to %s", c.Out)
	return nil
}
