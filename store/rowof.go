package store

import (
	"fmt"

	"forlop/care"
)

// RowOf makes a row from what Values gave: the values a table keeps, in the
// order of its columns. It is the inverse of RowKey and Values; instants come
// back to the microsecond in UTC. Values that do not fit the table's columns
// are ErrMalformed, so that a damaged table is named and not misread.
func RowOf(k RowKey, values []any) (Row, error) {
	cols, ok := Columns[k.Table]
	if !ok {
		return nil, fmt.Errorf("%w: there is no table %q", ErrMalformed, k.Table)
	}
	if len(values) != len(cols) {
		return nil, fmt.Errorf("%w: row %s %s %q has %d values for %d columns", ErrMalformed, k.Table, k.Stream, k.Key, len(values), len(cols))
	}
	r := reader{values: values}
	row := r.row(k)
	if r.bad {
		return nil, fmt.Errorf("%w: row %s %s %q: column %s holds %v", ErrMalformed, k.Table, k.Stream, k.Key, cols[r.n-1].Name, values[r.n-1])
	}
	return row, nil
}

// reader takes values one after another and remembers the first that does not
// fit.
type reader struct {
	values []any
	n      int
	bad    bool
}

func take[T any](r *reader) (v T) {
	if r.bad {
		return v
	}
	v, ok := r.values[r.n].(T)
	r.n++
	r.bad = !ok
	return v
}

func text[T ~string](r *reader) T { return T(take[string](r)) }

func (r *reader) row(k RowKey) Row {
	switch k.Table {
	case TableItem:
		i := Item{Stream: k.Stream}
		i.Item.Key = k.Key
		i.Item.Kind, i.Item.Ref = text[care.ItemKind](r), take[string](r)
		i.Item.Post = r.post()
		i.Person, i.Pathway = text[care.PersonKey](r), take[string](r)
		i.Item.Since, i.Item.Due, i.Item.Latest = FromMicros(take[int64](r)), FromMicros(take[int64](r)), FromMicros(take[int64](r))
		i.Item.Version, i.Item.Overdue = int(take[int64](r)), int(take[int64](r))
		return i
	case TableJourney:
		j := Journey{Stream: k.Stream}
		j.Person, j.Pathway, j.PathwayVersion = text[care.PersonKey](r), take[string](r), take[string](r)
		j.Regime, j.Status = text[care.Regime](r), take[string](r)
		j.Responsible, j.Coordinator = r.post(), r.post()
		j.Received, j.Ended = FromMicros(take[int64](r)), FromMicros(take[int64](r))
		j.NextRef = take[string](r)
		j.NextDue, j.Latest = FromMicros(take[int64](r)), FromMicros(take[int64](r))
		j.Version = int(take[int64](r))
		return j
	case TableHolder:
		h := Holder{Stream: k.Stream, Key: k.Key}
		h.Post, h.Professional = r.post(), take[string](r)
		h.From, h.Until = FromMicros(take[int64](r)), FromMicros(take[int64](r))
		return h
	case TableUnit:
		u := Unit{Stream: k.Stream}
		u.Kind, u.Name, u.Parent = take[string](r), take[string](r), take[string](r)
		u.Regime, u.Open = text[care.Regime](r), take[bool](r)
		return u
	case TableRelation:
		l := Relation{Stream: k.Stream, Key: k.Key}
		l.Person, l.Unit, l.Basis = text[care.PersonKey](r), text[care.UnitID](r), take[string](r)
		l.From, l.Until = FromMicros(take[int64](r)), FromMicros(take[int64](r))
		l.Actor = take[string](r)
		return l
	case TableSlot:
		l := Slot{Stream: k.Stream}
		l.Unit = text[care.UnitID](r)
		l.Kind, l.Joining, l.Status = take[string](r), take[string](r), take[string](r)
		l.Starts, l.Ends, l.Until = FromMicros(take[int64](r)), FromMicros(take[int64](r)), FromMicros(take[int64](r))
		l.Seats, l.Taken, l.Free = int(take[int64](r)), int(take[int64](r)), int(take[int64](r))
		l.Waiting, l.Minimum = int(take[int64](r)), int(take[int64](r))
		return l
	default: // TableDeny: RowOf has looked the table up
		d := Deny{Stream: k.Stream, Key: k.Key}
		d.Person, d.Unit = text[care.PersonKey](r), text[care.UnitID](r)
		d.Professional, d.Strength = take[string](r), take[string](r)
		d.From, d.Until = FromMicros(take[int64](r)), FromMicros(take[int64](r))
		d.But, d.Journey = text[care.UnitID](r), text[Stream](r)
		return d
	}
}

func (r *reader) post() care.Post {
	return care.Post{Unit: text[care.UnitID](r), Role: text[care.Role](r)}
}
