package main

import (
	"context"
	"fmt"
	"strings"
)

// copied are the columns of each table that grow copies; a mark stands where the
// copy's own name goes. The first three are the log, which is only ever asked for
// one stream.
var copied = []struct{ table, columns string }{
	{"event", "+stream, version, type, happened, learned, actor_kind, actor_id, actor_unit, unit, role, on_behalf, regime, cause, command, definition, body, sealed, hash"},
	{"stream", "+name, version, hash"},
	{"command", "actor, +key, digest, answer"},
	{"item", "+stream, key, kind, ref, +unit, role, +person, pathway, since, due, latest, version, overdue"},
	{"journey", "+stream, key, +person, pathway, pathway_version, regime, status, +unit, role, coordinator_unit, coordinator_role, received, ended, next_ref, next_due, latest, version"},
	{"relation", "+stream, key, +person, +unit, basis, from_at, until_at"},
	{"data_key", "+subject, wrapped"},
	{"identity", "+subject, sealed"},
}

// grow copies every journey with its person and lists to other clinics, so that
// all lists are as long as they would be with so many times as many; the log is
// copied only so many times as logs says. It adds timers that fall due in the far
// future. The copies have the originals' sizes and can be read by nobody.
func (a *anchor) grow(ctx context.Context, times, logs, timers int) error {
	for k := 1; k < times; k++ {
		for i, c := range copied {
			if c.table == "stream" && !a.server || i < 3 && k >= logs {
				continue
			}
			var into, from []string
			named := ""
			for column := range strings.SplitSeq(c.columns, ", ") {
				name, marked := strings.CutPrefix(column, "+")
				into = append(into, name)
				if marked {
					named, name = orFirst(named, name), name+fmt.Sprintf(" || '~%d'", k)
				}
				from = append(from, name)
			}
			q := "insert into " + a.src + c.table + " (" + strings.Join(into, ", ") + ") select " + strings.Join(from, ", ") +
				" from " + a.src + c.table + " where " + named + " not like '%~%'"
			if _, err := a.db.ExecContext(ctx, q); err != nil {
				return fmt.Errorf("copying %s: %w", c.table, err)
			}
		}
	}
	if timers > 0 {
		// In the year 2100 and later, a millisecond apart.
		q := "insert into " + a.src + "timer (stream, due, owner, lease_until) with recursive n(i) as (select 1 union all select i + 1 from n where i < $1)" +
			" select 'journey/far-' || i, 4102444800000000 + i * 1000, '', 0 from n"
		if _, err := a.db.ExecContext(ctx, q, timers); err != nil {
			return fmt.Errorf("adding timers: %w", err)
		}
	}
	if !a.server {
		return nil
	}
	// What the server does by itself within minutes.
	for _, c := range append([]struct{ table, columns string }{{"timer", ""}}, copied...) {
		if _, err := a.db.ExecContext(ctx, "vacuum analyze "+a.src+c.table); err != nil {
			return err
		}
	}
	return nil
}

func orFirst(first, next string) string {
	if first != "" {
		return first
	}
	return next
}
