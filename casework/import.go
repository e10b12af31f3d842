package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// LargestImport is how many bytes a file of running journeys may have. Ours, no
// source.
const LargestImport = 32 << 20

// ImportReport is what came of a file.
type ImportReport struct {
	// Rows counts what could be read, Opened what was opened now (or would be),
	// Unchanged what had been opened by the same row before.
	Rows, Opened, Unchanged int
	Findings                []ImportFinding
}

// Failed reports whether a row was left out.
func (r ImportReport) Failed() bool { return slices.ContainsFunc(r.Findings, ImportFinding.isError) }

// Import opens the journeys that a file says are running, each row wholly or not
// at all. A dry run decides every row and stores nothing. The same row imported
// again changes nothing; a person who has an open journey in the same pathway
// already is a finding. No owner and no date is invented.
func (s *Service) Import(ctx context.Context, file []byte, dry bool) (ImportReport, error) {
	var report ImportReport
	if len(file) > LargestImport {
		return report, care.Refuse("import-size", "The file has more than {most} megabytes. Divide it.", "most", itoa(LargestImport>>20))
	}
	defs, err := s.Pathways(ctx)
	if err != nil {
		return report, err
	}
	regime := care.Norway
	if roots := s.Directory().All(); len(roots) > 0 {
		u, _ := s.Directory().Unit(roots[0])
		regime = u.Regime
	}
	rows, found := readImport(file, importKnown{dir: s.Directory(), pathways: defs, regime: regime, now: s.clock.Now(),
		active: func(id string, unit care.UnitID) (pathway.Ref, error) { return s.Active(ctx, id, unit) }})
	report.Findings = found
	inFile := map[string]int{}
	for _, row := range rows {
		report.Rows++
		if other, twice := inFile[row.about()]; twice {
			report.bad(row.line, "number", "row-twice", "Line %d opens the same pathway for the same person.", other)
			continue
		}
		inFile[row.about()] = row.line
		fresh, err := s.importRow(ctx, row, dry)
		var refusal *care.Refusal
		switch {
		case errors.As(err, &refusal):
			report.bad(row.line, importColumn(refusal.Field), refusal.Code, "%s", refusal.Sentence())
		case err != nil:
			return report, fmt.Errorf("line %d: %w", row.line, err)
		case fresh:
			report.Opened++
		default:
			report.Unchanged++
		}
	}
	slices.SortStableFunc(report.Findings, func(a, b ImportFinding) int { return a.Line - b.Line })
	return report, nil
}

func (r *ImportReport) bad(line int, column, code, format string, args ...any) {
	r.Findings = append(r.Findings, fault(line, column, code, format, args...))
}

// about is whose need a row is.
func (row importRow) about() string {
	who := row.identity.Number
	if who == "" {
		who = row.identity.Name + " " + row.identity.Born.String()
	}
	return who + " " + row.def.ID
}

// importColumn names the column that a field of a command was read from.
func importColumn(field string) string {
	if field == "past" {
		return "milestones"
	}
	return field
}

// importRow opens one journey and says whether it is new. What would be refused
// is refused before the person is made known, so that nothing is half done.
func (s *Service) importRow(ctx context.Context, row importRow, dry bool) (fresh bool, err error) {
	// The actor is the same whoever runs the import, so that the same row is the
	// same order from every account.
	who := Operator("import", row.open.Desk, "import")
	personKey := "import-person/" + row.identity.Number + "/" + row.identity.Name + "/" + row.identity.Born.String()
	known, err := s.knownPerson(ctx, who, personKey, row.open.Regime, row.identity)
	if err != nil {
		return false, err
	}
	order := Order{Who: who, Key: row.key, Command: row.open}
	open := row.open
	open.Person = known
	order.Command = open
	if done, err := s.before(ctx, order); err != nil || done != nil {
		return false, err
	}
	if err := s.notOpenAlready(ctx, known, row.def); err != nil {
		return false, err
	}
	if err := s.would(ctx, order); err != nil || dry {
		return err == nil, err
	}
	made, err := s.RegisterPerson(ctx, who, personKey, open.Regime, row.identity)
	if err != nil {
		return false, err
	}
	open.Person = made
	order.Command = open
	_, err = s.Do(ctx, order)
	return err == nil, err
}

// knownPerson is the key that the person has, or will have once they are
// registered.
func (s *Service) knownPerson(ctx context.Context, who Who, key string, regime care.Regime, i Identity) (care.PersonKey, error) {
	if i.Number != "" {
		n, err := care.ParseNationalNumber(regime, i.Number, care.CalendarOf(regime).Date(s.clock.Now()))
		if err == nil {
			found, err := s.store.Find(ctx, s.keys.Hash("national-number", n.Digits()))
			if err == nil || !errors.Is(err, store.ErrNotFound) {
				return care.PersonKey(found), err
			}
		}
	}
	return care.PersonKey(s.id(Order{Who: who, Key: key}, "person")), nil
}

// notOpenAlready refuses a second journey for the same need.
func (s *Service) notOpenAlready(ctx context.Context, p care.PersonKey, d *pathway.Definition) error {
	rows, err := s.store.Journeys(ctx, store.JourneyQuery{
		Scope: store.Scope{All: true}, Person: p, Pathway: d.ID, Status: string(journey.Running), Limit: 1,
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	return care.Refuse("journey-open-already", "This person has an open journey in {pathway} already: {journey}.",
		"pathway", d.ID, "journey", rows[0].Stream.ID()).On("number")
}

// would decides an order and stores nothing: it answers what would be refused.
// The free text is left out, because sealing it would make the person a key.
func (s *Service) would(ctx context.Context, o Order) error {
	open := o.Command.(journey.Open)
	open.Reason = ""
	o.Command = open
	w, err := s.newWork(ctx, o)
	if err != nil {
		return err
	}
	st := s.target(o)
	first, err := w.open(st)
	if err != nil {
		return err
	}
	if err := w.may(o, first); err != nil {
		return err
	}
	act := care.Act{At: w.now, Happened: o.Happened, Actor: o.Actor, Post: o.Post, For: o.For, Seen: o.Seen}
	if _, err := w.carry(st, o.Command, act); err != nil {
		return err
	}
	return w.companions(st, act)
}
