package casework

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"forlop/store"
)

// Witness keeps checkpoints where who can change the database cannot change them.
type Witness interface {
	// Keep adds one line and answers when it is durable.
	Keep(line []byte) error
}

// errCut: the logs are shorter than the last checkpoint says. Nothing is signed
// over that; verify says what is wrong.
var errCut = errors.New("casework: the logs are shorter than the last checkpoint says; run forlop verify")

// Checkpoint signs how far both logs have come and gives it to the witness. Where
// nothing was written since the last checkpoint, that one stays the last. Of
// several processes one makes it, and every one's witness gets it.
func (s *Service) Checkpoint(ctx context.Context) (store.Checkpoint, error) {
	s.signing.Lock()
	defer s.signing.Unlock()
	last, err := s.store.LastCheckpoint(ctx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return last, err
	}
	c, err := s.sum(ctx, last)
	if err != nil {
		return c, err
	}
	if last.Number > 0 && c.SameLogs(last) {
		return last, s.witnessed(last)
	}
	c = c.Sign(s.keys)
	err = s.store.PutCheckpoint(ctx, c)
	if errors.Is(err, store.ErrClaimed) {
		c, err = s.store.LastCheckpoint(ctx) // another process was first
	}
	if err != nil {
		return c, err
	}
	return c, s.witnessed(c)
}

// sum is what the checkpoint after last says.
func (s *Service) sum(ctx context.Context, last store.Checkpoint) (c store.Checkpoint, err error) {
	c = store.Checkpoint{Number: last.Number + 1, At: s.clock.Now(), Position: last.Position, Events: last.Events, Run: last.Run}
	if last.Number > 0 {
		c.Prev = last.Sum()
	}
	if c.Epoch, err = s.store.Epoch(ctx); err != nil {
		return c, err
	}
	if c.Looks, err = s.heads(ctx, last); err != nil {
		return c, err
	}
	ends := map[string]int64{}
	for _, h := range c.Looks {
		ends[h.Strand] = h.Seq
	}
	for _, h := range last.Looks {
		if ends[h.Strand] < h.Seq {
			return c, fmt.Errorf("%w: strand %q of the access log ends at %d and had %d", errCut, h.Strand, ends[h.Strand], h.Seq)
		}
	}
	for {
		events, err := s.store.Follow(ctx, c.Position, 512)
		if err != nil {
			return c, err
		}
		for _, e := range events {
			c.Run, c.Position = store.RunHash(c.Run, e), e.Position
		}
		c.Events += int64(len(events))
		if len(events) == 0 {
			return c, nil
		}
	}
}

// errChained ends a reading of what was never chained.
var errChained = errors.New("casework: from here on the log is chained")

// heads are the heads of the access log, with what was never chained as a strand
// of its own: it does not grow, so it is read for the first checkpoint alone.
func (s *Service) heads(ctx context.Context, last store.Checkpoint) ([]store.StrandHead, error) {
	heads, err := s.store.LookHeads(ctx)
	if err != nil {
		return nil, err
	}
	var old store.StrandHead
	if last.Number > 0 {
		for _, h := range last.Looks {
			if h.Strand == "" {
				old = h
			}
		}
	} else if _, err := s.store.ReadLooks(ctx, func(l store.Look, _ int) error {
		if l.Strand != "" {
			return errChained
		}
		l.Seq = old.Seq + 1
		old = store.StrandHead{Seq: l.Seq, Hash: store.LookHash(old.Hash, l)}
		return nil
	}); err != nil && !errors.Is(err, errChained) {
		return nil, err
	}
	if old.Seq > 0 {
		heads = append([]store.StrandHead{old}, heads...)
	}
	return heads, nil
}

// witnessed gives the witness a checkpoint that it has not had from this process.
func (s *Service) witnessed(c store.Checkpoint) error {
	if s.witness == nil || s.shown == c.Number {
		return nil
	}
	line, err := c.Line()
	if err != nil {
		return err
	}
	if err := s.witness.Keep(line); err != nil {
		return fmt.Errorf("the witness did not take checkpoint %d: %w", c.Number, err)
	}
	s.shown = c.Number
	return nil
}

// stopping is how long the last checkpoint may take when the service stops.
const stopping = 3 * time.Second

// checkpoints makes one every so often, and one more when the context ends.
func (s *Service) checkpoints(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	sign := func(ctx context.Context) {
		if _, err := s.Checkpoint(ctx); err != nil {
			log.Error("no checkpoint of the logs could be made", "error", err.Error())
		}
	}
	sign(ctx)
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopping)
			sign(last)
			cancel()
			return
		case <-tick.C:
			sign(ctx)
		}
	}
}

// VerifyLog reads both logs again and compares them with every checkpoint, those
// of the database and those that witnesses have kept outside it. Without
// witnesses, an older copy of the whole database that was put in its place cannot
// be told from the newest. It changes nothing.
func (s *Service) VerifyLog(ctx context.Context, outside []store.Checkpoint) (LogAudit, error) {
	var a LogAudit
	kept, err := s.store.Checkpoints(ctx, 0, 0)
	if err != nil {
		return a, err
	}
	prunings, err := s.store.Prunings(ctx)
	if err != nil {
		return a, err
	}
	a.Checkpoints, a.Prunings = len(kept), len(prunings)
	find := func(where string, all []string) {
		for _, what := range all {
			a.Findings = append(a.Findings, Finding{store.Stream(where), what})
		}
	}
	if s.keys != nil {
		find("checkpoints", store.AuditCheckpoints(kept, outside, s.keys.Public()))
		for _, p := range prunings {
			if err := p.Signed(s.keys.Public()); err != nil {
				find("prunings", []string{err.Error()})
			}
		}
	} else {
		find("checkpoints", store.AuditCheckpoints(kept, outside, nil))
	}
	checks := slices.Concat(kept, outside)
	looks := store.NewLookAudit(checks, prunings)
	state, err := s.store.ReadLooks(ctx, func(l store.Look, indexed int) error { looks.Add(l, indexed); return nil })
	if err != nil {
		return a, err
	}
	find("access log", looks.End(state))
	a.Looks, a.Unchained = looks.Entries, looks.Unchained
	before, err := s.store.Check(ctx)
	if err != nil {
		find("event log", []string{err.Error()})
	}
	run := store.NewRunAudit(checks)
	position, unknown := int64(0), map[string]bool{}
	for {
		events, err := s.store.Follow(ctx, position, 1000)
		if err != nil {
			return a, err
		}
		for _, e := range events {
			run.Add(e)
			if position = e.Position; s.kinds[e.Stream.Kind()] == nil {
				unknown[e.Stream.Kind()] = true
			}
		}
		if len(events) == 0 {
			break
		}
	}
	find("event log", run.End())
	// What is appended meanwhile lies between the two counts.
	if after, err := s.store.Check(ctx); err == nil && (run.Events < before.Events || run.Events > after.Events) {
		find("event log", []string{fmt.Sprintf("it has %d events, and its streams have %d", run.Events, after.Events)})
	}
	for kind := range unknown {
		find("event log", []string{"it has streams of the kind " + kind + ", which this program does not know"})
	}
	a.Events = run.Events
	return a, nil
}

// LogAudit is what VerifyLog saw.
type LogAudit struct {
	// Looks are the entries of the access log, Unchained those of them from before
	// it was chained.
	Looks, Unchained, Events int64
	Checkpoints, Prunings    int
	Findings                 []Finding
}
