package store

import (
	"time"

	"forlop/care"
)

// Row is one row of a read model. Rows come from state alone; they carry no
// names and no translated text. Every row belongs to one stream.
type Row interface {
	RowKey() RowKey
	// Values are the row's columns in the order of the table's definition:
	// string, int64 or bool. Instants are microseconds since 1970 in UTC, 0 for
	// none. Two rows are the same when their keys and values are.
	Values() []any
}

// RowKey names a row: its table, the stream it belongs to and its key there.
type RowKey struct {
	Table  string
	Stream Stream
	Key    string
}

// The tables.
const (
	TableItem     = "item"
	TableJourney  = "journey"
	TableHolder   = "post_holder"
	TableUnit     = "unit"
	TableRelation = "relation"
	TableDeny     = "deny"
	TableSlot     = "slot"
)

// Columns lists each table's columns after stream and key. Every store makes
// its tables from this list, and storetest compares them.
var Columns = map[string][]Column{
	TableItem: {
		{"kind", Text}, {"ref", Text}, {"unit", Text}, {"role", Text}, {"person", Text}, {"pathway", Text},
		{"since", Int}, {"due", Int}, {"latest", Int}, {"version", Int}, {"overdue", Int},
	},
	TableJourney: {
		{"person", Text}, {"pathway", Text}, {"pathway_version", Text}, {"regime", Text}, {"status", Text},
		{"unit", Text}, {"role", Text}, {"coordinator_unit", Text}, {"coordinator_role", Text},
		{"received", Int}, {"ended", Int}, {"next_ref", Text}, {"next_due", Int}, {"latest", Int}, {"version", Int},
	},
	TableHolder: {
		{"unit", Text}, {"role", Text}, {"professional", Text}, {"from_at", Int}, {"until_at", Int},
	},
	TableUnit: {
		{"kind", Text}, {"name", Text}, {"parent", Text}, {"regime", Text}, {"open", Bool},
	},
	TableRelation: {
		{"person", Text}, {"unit", Text}, {"basis", Text}, {"from_at", Int}, {"until_at", Int}, {"actor", Text},
	},
	TableDeny: {
		{"person", Text}, {"unit", Text}, {"professional", Text}, {"strength", Text}, {"from_at", Int}, {"until_at", Int},
		{"but", Text}, {"journey", Text},
	},
	TableSlot: {
		{"unit", Text}, {"kind", Text}, {"joining", Text}, {"status", Text}, {"starts", Int}, {"ends", Int}, {"join_until", Int},
		{"seats", Int}, {"taken", Int}, {"free", Int}, {"waiting", Int}, {"minimum", Int},
	},
}

// Column is a column's name and type.
type Column struct {
	Name string
	Type ColumnType
}

// ColumnType is what a column holds.
type ColumnType int

// The column types.
const (
	Text ColumnType = iota
	Int
	Bool
)

// Item is a row of the worklist: one open thing that a post must do next.
type Item struct {
	Stream  Stream
	Item    care.Item
	Person  care.PersonKey
	Pathway string
}

// RowKey names the row.
func (r Item) RowKey() RowKey { return RowKey{TableItem, r.Stream, r.Item.Key} }

// Values gives the columns.
func (r Item) Values() []any {
	i := r.Item
	return []any{
		string(i.Kind), i.Ref, string(i.Post.Unit), string(i.Post.Role), string(r.Person), r.Pathway,
		Micros(i.Since), Micros(i.Due), Micros(i.Latest), int64(i.Version), int64(i.Overdue),
	}
}

// Journey is a row for each journey.
type Journey struct {
	Stream          Stream
	Person          care.PersonKey
	Pathway         string
	PathwayVersion  string
	Regime          care.Regime
	Status          string
	Responsible     care.Post
	Coordinator     care.Post
	Received, Ended time.Time
	// NextRef, NextDue and Latest say what happens next and when at the latest.
	NextRef         string
	NextDue, Latest time.Time
	Version         int
}

// RowKey names the row.
func (r Journey) RowKey() RowKey { return RowKey{TableJourney, r.Stream, ""} }

// Values gives the columns.
func (r Journey) Values() []any {
	return []any{
		string(r.Person), r.Pathway, r.PathwayVersion, string(r.Regime), r.Status,
		string(r.Responsible.Unit), string(r.Responsible.Role), string(r.Coordinator.Unit), string(r.Coordinator.Role),
		Micros(r.Received), Micros(r.Ended), r.NextRef, Micros(r.NextDue), Micros(r.Latest), int64(r.Version),
	}
}

// Holder is a row for each time a professional fills a post.
type Holder struct {
	Stream       Stream
	Key          string
	Post         care.Post
	Professional string
	From, Until  time.Time
}

// RowKey names the row.
func (r Holder) RowKey() RowKey { return RowKey{TableHolder, r.Stream, r.Key} }

// Values gives the columns.
func (r Holder) Values() []any {
	return []any{string(r.Post.Unit), string(r.Post.Role), r.Professional, Micros(r.From), Micros(r.Until)}
}

// Unit is a row for each unit. Its name is an organisation's, not a person's.
type Unit struct {
	Stream             Stream
	Kind, Name, Parent string
	Regime             care.Regime
	Open               bool
}

// RowKey names the row.
func (r Unit) RowKey() RowKey { return RowKey{TableUnit, r.Stream, ""} }

// Values gives the columns.
func (r Unit) Values() []any {
	return []any{r.Kind, r.Name, r.Parent, string(r.Regime), r.Open}
}

// Relation says that a unit, or one named actor, has a basis to see a person,
// from and until.
type Relation struct {
	Stream Stream
	Key    string
	Person care.PersonKey
	Unit   care.UnitID
	// Actor is a relative's person key or a professional's id; Unit is empty then.
	// Such a relation counts only where one person is asked about: it puts nobody
	// on a list.
	Actor       string
	Basis       string
	From, Until time.Time
}

// RowKey names the row.
func (r Relation) RowKey() RowKey { return RowKey{TableRelation, r.Stream, r.Key} }

// Reaches reports whether the relation counts for a row of a stream: what a journey
// gives counts for that journey and for what is the person's own, and for no other
// journey of theirs; every other relation counts for all that is the person's.
func (r Relation) Reaches(st Stream) bool {
	return r.Stream.Kind() != "journey" || st.Kind() != "journey" || r.Stream == st
}

// Values gives the columns.
func (r Relation) Values() []any {
	return []any{string(r.Person), string(r.Unit), r.Basis, Micros(r.From), Micros(r.Until), r.Actor}
}

// Deny says who may not see a person, whatever basis they have. Deny wins.
// Exactly one of Unit, But and Professional is set.
type Deny struct {
	Stream Stream
	Key    string
	Person care.PersonKey
	// Unit is kept out, with every unit under it.
	Unit care.UnitID
	// But keeps every unit out that is neither But nor under it. It says nothing of
	// relatives, who have no unit.
	But          care.UnitID
	Professional string
	// Journey is the one stream that is hidden; empty hides the person.
	Journey Stream
	// Strength is what a scope can lift.
	Strength    string
	From, Until time.Time
}

// RowKey names the row.
func (r Deny) RowKey() RowKey { return RowKey{TableDeny, r.Stream, r.Key} }

// Values gives the columns.
func (r Deny) Values() []any {
	return []any{
		string(r.Person), string(r.Unit), r.Professional, r.Strength, Micros(r.From), Micros(r.Until), string(r.But), string(r.Journey),
	}
}

// Slot is a row for each slot that a unit has opened: how many have a seat, and
// nobody's name.
type Slot struct {
	Stream                Stream
	Unit                  care.UnitID
	Kind, Joining, Status string
	// Starts is the first date, Ends when the last is over, and Until how long people
	// take seats themselves.
	Starts, Ends, Until time.Time
	// Free are the seats that anybody may take: none has them, and none is offered
	// them.
	Seats, Taken, Free, Waiting, Minimum int
}

// RowKey names the row.
func (r Slot) RowKey() RowKey { return RowKey{TableSlot, r.Stream, ""} }

// Values gives the columns.
func (r Slot) Values() []any {
	return []any{
		string(r.Unit), r.Kind, r.Joining, r.Status, Micros(r.Starts), Micros(r.Ends), Micros(r.Until),
		int64(r.Seats), int64(r.Taken), int64(r.Free), int64(r.Waiting), int64(r.Minimum),
	}
}
