package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"forlop/casework"
	"forlop/store"
)

// verifyCommand reads everything again.
type verifyCommand struct {
	database
	keyed
	Witness []string `env:"FORLOP_WITNESS" placeholder:"PATH" help:"What serve has given to a witness: compare with it. Without one, an older copy of the whole database that was put in its place cannot be told."`
	JSON    bool     `name:"json" help:"Print JSON: {checks: [{name, ok, figure, unit, anchor, detail}]}."`
}

// Help is shown under the flags.
func (verifyCommand) Help() string {
	return "Every event and every entry of the access log is read, and compared with the checkpoints that were signed over them. " +
		"Signatures are checked where the site's key is here; who has no key compares with a witness."
}

// Run verifies. A file that is being served changes meanwhile, so only what is
// found twice is a finding.
func (c *verifyCommand) Run(p *program) (err error) {
	var outside []store.Checkpoint
	for _, path := range c.Witness {
		w, err := witnessAt(path)
		if err != nil {
			return err
		}
		read, err := w.read()
		if err != nil {
			return err
		}
		outside = append(outside, read...)
	}
	keys, signed, err := c.keysThere()
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
	v, err := verify(p.ctx, s, outside)
	if err != nil {
		return err
	}
	all := []check{
		{Name: "streams", OK: true, Figure: float64(v.Streams), Unit: "streams"},
		{Name: "events", OK: true, Figure: float64(v.Events), Unit: "events", Detail: "each hash chain whole, each stream folds, no law broken"},
		{Name: "rows", OK: true, Figure: float64(v.Rows), Unit: "rows", Detail: "as the states give"},
		{Name: "timers", OK: true, Figure: float64(v.Timers), Unit: "timers", Detail: "as the states give"},
		{Name: "looks", OK: true, Figure: float64(v.log.Looks), Unit: "entries", Detail: fmt.Sprintf("each chained to the one before, and found by the persons it is about; %d are from before the log was chained", v.log.Unchained)},
		{Name: "checkpoints", OK: true, Figure: float64(v.log.Checkpoints), Unit: "checkpoints", Detail: "both logs are what they were signed over" + signed},
		{Name: "witness", OK: true, Figure: float64(len(outside)), Unit: "checkpoints", Detail: againstWhat(outside)},
	}
	for _, f := range v.Findings {
		all = append(all, check{Name: string(f.Stream), Detail: f.What})
	}
	return p.checks(all, c.JSON, exitFindings)
}

func againstWhat(outside []store.Checkpoint) string {
	if len(outside) == 0 {
		return "none was given: an older copy of the whole database, or a cut end, cannot be ruled out (--witness)"
	}
	last := outside[len(outside)-1]
	return fmt.Sprintf("the last is number %d of %s", last.Number, last.At.Format(time.RFC3339))
}

// keysThere reads the site's key where it lies. Who verifies need not have it;
// one that was named must be there.
func (c *verifyCommand) keysThere() (*store.Keyring, string, error) {
	keys, err := c.keyring(c.database)
	var leave *exit
	if c.KeyFile == "" && errors.As(err, &leave) && leave.code == exitNotReady {
		return nil, "; the site's key is not here, so no signature was checked (--key-file)", nil
	}
	return keys, "", err
}

// verified is what verify saw of everything.
type verified struct {
	casework.Audit
	log casework.LogAudit
}

// verify reads everything, and everything again where it finds something.
func verify(ctx context.Context, s *casework.Service, outside []store.Checkpoint) (v verified, err error) {
	read := func() (v verified, err error) {
		if v.Audit, err = s.Verify(ctx); err != nil {
			return v, err
		}
		v.log, err = s.VerifyLog(ctx, outside)
		v.Findings = append(v.Findings, v.log.Findings...)
		return v, err
	}
	if v, err = read(); err != nil || len(v.Findings) == 0 {
		return v, err
	}
	again, err := read()
	if err != nil {
		return v, err
	}
	first := map[casework.Finding]bool{}
	for _, f := range v.Findings {
		first[f] = true
	}
	var both []casework.Finding
	for _, f := range again.Findings {
		if first[f] {
			both = append(both, f)
		}
	}
	again.Findings = both
	return again, nil
}
