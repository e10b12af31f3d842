package postgres

import (
	"forlop/store"
)

// What a session says of itself. The rules of the rows read it
// (migrations/0004_row_rules.sql); a session that says nothing sees nothing.
const (
	wallSetting = "forlop.wall"
	wallService = "service"
	// wallText says for one transaction whose scope is read in.
	wallText = "select set_config('forlop.units', $1::text[]::text, true), set_config('forlop.around', $2::text[]::text, true)," +
		" set_config('forlop.bases', $3::text[]::text, true), set_config('forlop.lift', $4::text[]::text, true)," +
		" set_config('forlop.professional', $5, true), set_config('forlop.person', $6, true), set_config('forlop.own', $7, true)," +
		" set_config('forlop.at', $8::bigint::text, true), set_config('forlop.lists', $9, true), set_config('forlop.stream', $10, true)"
)

// wallArgs are wallText's; lists says that many rows are asked about.
func wallArgs(s store.Scope, lists bool) []any {
	own, many := "", ""
	if lists {
		many = "on"
	}
	if s.Own() || s.All {
		own = string(s.Person)
	}
	return []any{
		texts(s.Units), texts(s.Around()), texts(s.Bases), texts(s.Lifted()),
		s.Professional, string(s.Person), own, store.Micros(s.At), many, string(s.Stream),
	}
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// Within is a store that reads behind the database's own wall: as the role
// forlop_reader, whose rules hide every row about a person who is not in the
// scope, and what a deny hides, whatever is asked. It writes nothing.
func (s *Store) Within(scope store.Scope) store.Store {
	return &Store{place: s.place, opened: s.opened, reads: s.walled, walled: s.walled, scope: &scope}
}
