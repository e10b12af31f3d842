package memory

import (
	"cmp"
	"slices"

	"forlop/care"
	"forlop/store"
)

// tables holds the rows of the read models, each under its key, and the ways in
// that lists need.
type tables struct {
	rows map[string]map[store.RowKey]store.Row // by table

	items    map[care.Post]keys
	units    map[care.UnitID]keys // items of a unit, whatever the role
	person   map[care.PersonKey]keys
	journeys map[care.Post]keys

	relations map[care.PersonKey]keys
	related   map[care.UnitID]keys
	actors    map[string]keys
	denies    map[care.PersonKey]keys
	holders   map[care.UnitID]keys
}

type keys map[store.RowKey]struct{}

func newTables() *tables {
	rows := map[string]map[store.RowKey]store.Row{}
	for table := range store.Columns {
		rows[table] = map[store.RowKey]store.Row{}
	}
	return &tables{
		rows: rows, items: map[care.Post]keys{}, units: map[care.UnitID]keys{},
		person: map[care.PersonKey]keys{}, journeys: map[care.Post]keys{}, relations: map[care.PersonKey]keys{},
		related: map[care.UnitID]keys{}, actors: map[string]keys{}, denies: map[care.PersonKey]keys{}, holders: map[care.UnitID]keys{},
	}
}

// put keeps a row as it comes back from a database: instants to the microsecond.
func (t *tables) put(r store.Row) {
	k := r.RowKey()
	t.drop(k)
	row, err := store.RowOf(k, r.Values())
	if err != nil {
		// Append validates rows before it writes, so this is a table that RowOf
		// does not know.
		panic(err)
	}
	t.rows[k.Table][k] = row
	t.ways(row, func(m func() keys) { m()[k] = struct{}{} })
}

func (t *tables) drop(k store.RowKey) {
	row, ok := t.rows[k.Table][k]
	if !ok {
		return
	}
	t.ways(row, func(m func() keys) { delete(m(), k) })
	delete(t.rows[k.Table], k)
}

// ways names every index a row stands in.
func (t *tables) ways(row store.Row, each func(func() keys)) {
	switch r := row.(type) {
	case store.Item:
		each(way(t.items, r.Item.Post))
		each(way(t.units, r.Item.Post.Unit))
		each(way(t.person, r.Person))
	case store.Journey:
		each(way(t.journeys, r.Responsible))
		each(way(t.person, r.Person))
	case store.Relation:
		each(way(t.relations, r.Person))
		each(way(t.related, r.Unit))
		if r.Actor != "" {
			each(way(t.actors, r.Actor))
		}
	case store.Deny:
		each(way(t.denies, r.Person))
	case store.Holder:
		each(way(t.holders, r.Post.Unit))
	}
}

func way[K comparable](m map[K]keys, k K) func() keys {
	return func() keys {
		s := m[k]
		if s == nil {
			s = keys{}
			m[k] = s
		}
		return s
	}
}

// all answers the rows of one type among some keys, or among all rows of a table
// where from is nil, in stream and key order.
func all[R store.Row](t *tables, table string, from []keys, keep func(R) bool) []R {
	var out []R
	rows := t.rows[table]
	take := func(k store.RowKey) {
		if k.Table == table {
			if r := rows[k].(R); keep(r) {
				out = append(out, r)
			}
		}
	}
	if from == nil {
		for k := range rows {
			take(k)
		}
	}
	for _, s := range from {
		for k := range s {
			take(k)
		}
	}
	slices.SortFunc(out, func(a, b R) int { return compare(a.RowKey(), b.RowKey()) })
	return slices.CompactFunc(out, func(a, b R) bool { return a.RowKey() == b.RowKey() })
}

func compare(a, b store.RowKey) int {
	return cmp.Or(cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.Key, b.Key))
}
