package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

// Scope is whose persons a question may see: the units whose relation to the
// person gives one of the bases, at an instant. Deny wins: one deny that meets
// the scope hides the person, or the one stream that it names. A relation that one
// journey gives shows no other journey of the person (see Relation.Reaches). The
// store joins relation and anti-joins deny; nothing is filtered after paging, so
// what is hidden changes no page, no order and no number.
//
// An empty list is nobody, never everybody. A scope of a person alone is that
// person's own (see Own).
type Scope struct {
	// All lifts the join; only the service itself and the simulation use it.
	All bool
	// Units are those the asker answers for, and Above every unit that stands over
	// one of them. A deny of a unit meets a scope that has it in either; a deny of
	// all but a unit meets a scope with units that has it in neither.
	Units, Above []care.UnitID
	Bases        []string
	// Professional is the asker: a professional's id, or a relative's person key.
	// A deny can name them. With Person, a relation that names them counts too.
	Professional string
	// Person narrows to one person (a patient sees own).
	Person care.PersonKey
	// Stream is what MaySee asks about; empty asks about the person. A list looks
	// at the stream of each of its rows.
	Stream Stream
	// Lift names the strengths of deny that hold nothing back now: a consent or an
	// emergency stands against them. It is about one person, and is nothing
	// without Person.
	Lift []string
	At   time.Time
}

// Own reports whether s is a person's own scope: a person, and no unit, basis or
// professional. It needs no relation.
func (s Scope) Own() bool {
	return !s.All && s.Person != "" && len(s.Units) == 0 && len(s.Bases) == 0 && s.Professional == ""
}

// Around lists the scope's units and those above them.
func (s Scope) Around() []care.UnitID { return slices.Concat(s.Units, s.Above) }

// Lifted lists the strengths that hold nothing back.
func (s Scope) Lifted() []string {
	if s.Person == "" {
		return nil
	}
	return s.Lift
}

// Asker is who a relation may name; empty where a scope is about more than one
// person.
func (s Scope) Asker() string {
	if s.Person == "" {
		return ""
	}
	return s.Professional
}

// Within is a view of a store for one scope. Where the database has a wall of its
// own (PostgreSQL), it is read from behind it: no row about anybody outside the
// scope is answered, whatever is asked and however it is asked. Elsewhere the view
// is the store without Append. A scope of all is the store itself.
func Within(st Store, scope Scope) Store {
	if scope.All && scope.Person == "" {
		return st
	}
	if w, ok := st.(interface{ Within(Scope) Store }); ok {
		return w.Within(scope)
	}
	return view{st}
}

// view reads.
type view struct{ Store }

// Append is refused: a view only reads.
func (view) Append(context.Context, Append) (Done, error) {
	return Done{}, fmt.Errorf("%w: a view only reads", ErrReadOnly)
}
