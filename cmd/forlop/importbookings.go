package main

import (
	"encoding/json"
	"errors"
	"os"
	"time"

	"forlop/care"
	"forlop/casework"
)

type importBookings struct {
	importing
	Source string `required:"" help:"What the record system is called; patients read it."`
	Taken  string `help:"When the file was taken out there (RFC 3339); now where it is not given."`
	Full   bool   `help:"The file holds every booking to come: one that it lacks is asked about."`
	DryRun bool   `help:"Decide every row and store nothing."`
}

// Help is shown under the flags.
func (importBookings) Help() string {
	return "A row is copied wholly or not at all. The same file again changes nothing, and nothing is deleted. Exit 3 where a row was left out."
}

// bookingAnswer is what import bookings --json prints.
type bookingAnswer struct {
	DryRun    bool                     `json:"dryRun"`
	Rows      int                      `json:"rows"`
	Copied    int                      `json:"copied"`
	Cancelled int                      `json:"cancelled"`
	Unchanged int                      `json:"unchanged"`
	Missing   int                      `json:"missing"`
	Findings  []casework.ImportFinding `json:"findings"`
}

// Run imports.
func (c *importBookings) Run(p *program) (err error) {
	from := casework.BookingFile{Source: c.Source, Full: c.Full}
	if c.Taken != "" {
		if from.Taken, err = time.Parse(time.RFC3339, c.Taken); err != nil {
			return care.Refuse("copy-ahead", "Write --taken as 2026-03-02T08:00:00+01:00.")
		}
	}
	file, err := c.read(os.Stdin)
	if err != nil {
		return err
	}
	s, st, err := c.start(p.ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	r, err := s.ImportBookings(p.ctx, file, from, c.DryRun)
	if err != nil {
		return err
	}
	if c.JSON {
		a := bookingAnswer{c.DryRun, r.Rows, r.Copied, r.Cancelled, r.Unchanged, r.Missing, r.Findings}
		if a.Findings == nil {
			a.Findings = []casework.ImportFinding{}
		}
		if err := json.NewEncoder(p.stdout).Encode(a); err != nil {
			return err
		}
	} else {
		for _, f := range r.Findings {
			if err := p.printf("%s: %s\n", c.File, f); err != nil {
				return err
			}
		}
	}
	word := "copied"
	if c.DryRun {
		word = "would be copied"
	}
	p.say("%d %s, %d cancelled, %d as they were, %d asked about, %d findings", r.Copied, word, r.Cancelled, r.Unchanged, r.Missing, len(r.Findings))
	if r.Failed() {
		return &exit{code: exitFindings}
	}
	return nil
}
