package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"

	"forlop/casework"
	"forlop/store"
)

// importCommand brings in what was there before.
type importCommand struct {
	Journeys importJourneys `cmd:"" help:"Open the journeys that a file says are running (CSV; see docs/import.md)."`
	Bookings importBookings `cmd:"" help:"Copy what the record system has booked (CSV; see docs/import.md)."`
	Units    importUnits    `cmd:"" help:"Open units and posts and register who fills them (YAML, or tables; see docs/import.md)."`
	People   importUnits    `cmd:"" help:"The same for a table of people."`
}

// importing is what both commands need: a file that nobody serves meanwhile.
type importing struct {
	database
	keyed
	File string `arg:"" help:"The file; - reads standard input."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// read reads the file, up to a size and one byte more.
func (i importing) read(stdin io.Reader) (_ []byte, err error) {
	in := stdin
	if i.File != "-" {
		f, err := os.Open(i.File)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, casework.LargestImport+1))
}

// start opens the service for a command that writes.
func (i importing) start(ctx context.Context, mayMake bool) (*casework.Service, store.Store, error) {
	keys, err := i.keyring(i.database)
	if err != nil {
		return nil, nil, err
	}
	st, err := i.open(ctx, mayMake)
	if err != nil {
		return nil, nil, err
	}
	s, err := newService(ctx, st, keys)
	if err == nil {
		_, err = shelveShipped(ctx, s)
	}
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	return s, st, nil
}

type importJourneys struct {
	importing
	DryRun bool `help:"Decide every row and store nothing."`
}

// Help is shown under the flags.
func (importJourneys) Help() string {
	return "A row is imported wholly or not at all; no owner and no date is filled in. The same file again changes nothing. Exit 3 where a row was left out."
}

// importAnswer is what import journeys --json prints.
type importAnswer struct {
	DryRun    bool                     `json:"dryRun"`
	Rows      int                      `json:"rows"`
	Opened    int                      `json:"opened"`
	Unchanged int                      `json:"unchanged"`
	Findings  []casework.ImportFinding `json:"findings"`
}

// Run imports.
func (c *importJourneys) Run(p *program) (err error) {
	file, err := c.read(os.Stdin)
	if err != nil {
		return err
	}
	s, st, err := c.start(p.ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	report, err := s.Import(p.ctx, file, c.DryRun)
	if err != nil {
		return err
	}
	if c.JSON {
		a := importAnswer{c.DryRun, report.Rows, report.Opened, report.Unchanged, report.Findings}
		if a.Findings == nil {
			a.Findings = []casework.ImportFinding{}
		}
		if err := json.NewEncoder(p.stdout).Encode(a); err != nil {
			return err
		}
	} else {
		for _, f := range report.Findings {
			if err := p.printf("%s: %s\n", c.File, f); err != nil {
				return err
			}
		}
	}
	word := "opened"
	if c.DryRun {
		word = "would be opened"
	}
	p.say("%d %s, %d there already, %d findings", report.Opened, word, report.Unchanged, len(report.Findings))
	if report.Failed() {
		return &exit{code: exitFindings}
	}
	return nil
}
