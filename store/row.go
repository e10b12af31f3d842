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
		{"person", Text}, {"unit", Text}, {"basis", Text}, {"from_at", Int}, {"until_at", Int},
	},
	TableDeny: {
		{"person", Text}, {"unit", Text}, {"professional", Text}, {"strength", Text}, {"from_at", Int}, {"until_at", Int},
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

// Relation says that a unit has a basis to see a person, from and until.
type Relation struct {
	Stream      Stream
	Key         string
	Person      care.PersonKey
	Unit        care.UnitID
	Basis       string
	From, Until time.Time
}

// RowKey names the row.
func (r Relation) RowKey() RowKey { return RowKey{TableRelation, r.Stream, r.Key} }

// Values gives the columns.
func (r Relation) Values() []any {
	return []any{string(r.Person), string(r.Unit), r.Basis, Micros(r.From), Micros(r.Until)}
}

// Deny says that a unit or a named professional may not see a person, whatever
// basis they have. Deny wins.
type Deny struct {
	Stream       Stream
	Key          string
	Person       care.PersonKey
	Unit         care.UnitID
	Professional string
	Strength     string
	From, Until  time.Time
}

// RowKey names the row.
func (r Deny) RowKey() RowKey { return RowKey{TableDeny, r.Stream, r.Key} }

// Values gives the columns.
func (r Deny) Values() []any {
	return []any{string(r.Person), string(r.Unit), r.Professional, r.Strength, Micros(r.From), Micros(r.Until)}
}
