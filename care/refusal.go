package care

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// NoKind is one of the four kinds of no. Everything else that goes wrong is our
// own fault.
type NoKind string

// The four kinds.
const (
	// RefusedByRule: the command breaks a law of the journey or of the pathway.
	RefusedByRule NoKind = "refused"
	// Denied: the actor has no basis for this.
	Denied NoKind = "denied"
	// NotFound: there is no such thing, or none the actor may know of.
	NotFound NoKind = "not-found"
	// Conflict: the item changed after the actor saw it.
	Conflict NoKind = "conflict"
)

// Refusal is a no that the person who asked can act on. It names the rule
// (Code, stable, with a text in every language), the thing (Args) and, for a
// form, the field. Default is the English sentence for command lines and logs.
type Refusal struct {
	Kind    NoKind
	Code    string
	Field   string
	Args    map[string]string
	Default string
}

// Error is the English sentence with its code.
func (r *Refusal) Error() string { return fmt.Sprintf("%s (%s)", r.Sentence(), r.Code) }

// Sentence is the English sentence, filled from the refusal's Args.
func (r *Refusal) Sentence() string {
	s := r.Default
	for _, k := range sortedKeys(r.Args) {
		s = strings.ReplaceAll(s, "{"+k+"}", r.Args[k])
	}
	return s
}

// Refuse makes a refusal by rule. The text may hold {name} places that are
// filled from args, given as name, value, name, value.
func Refuse(code, text string, args ...string) *Refusal {
	return no(RefusedByRule, code, text, args)
}

// Deny makes a denial.
func Deny(code, text string, args ...string) *Refusal { return no(Denied, code, text, args) }

// Missing says that something is not found.
func Missing(code, text string, args ...string) *Refusal { return no(NotFound, code, text, args) }

// Stale says that the item changed after the actor saw it.
func Stale(code, text string, args ...string) *Refusal { return no(Conflict, code, text, args) }

// Unchanged refuses what would change nothing.
func Unchanged() *Refusal { return Refuse("nothing-changes", "That is how it is already.") }

// On names the form field the refusal is about.
func (r *Refusal) On(field string) *Refusal { r.Field = field; return r }

// AsRefusal finds the refusal in err, if there is one.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}

func no(kind NoKind, code, text string, args []string) *Refusal {
	m := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return &Refusal{Kind: kind, Code: code, Default: text, Args: m}
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
