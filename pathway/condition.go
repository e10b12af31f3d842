package pathway

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"forlop/care"
)

// Truth is the answer of a condition. Not yet known is an answer of its own: it
// is never read as no.
type Truth int

// The answers.
const (
	NotYetKnown Truth = iota
	No
	Yes
)

// String is "yes", "no" or "not yet known".
func (t Truth) String() string {
	switch t {
	case Yes:
		return "yes"
	case No:
		return "no"
	default:
		return "not yet known"
	}
}

// Facts that every condition may read without declaring them.
const (
	// AgeFact is the person's age in whole years (int).
	AgeFact FactID = "age"
	// PEMFact says whether the person gets worse after effort (post-exertional
	// malaise, bool).
	PEMFact FactID = "pem"
)

// ReachedFact is the fact behind reached("milestone") in a condition. It is
// true or false; a journey that does not list it has not reached it.
func ReachedFact(m MilestoneID) FactID { return FactID("reached(" + string(m) + ")") }

// OutcomeFact is the fact behind outcome("step") in a condition: the outcome the
// step ended with, as text. It is not yet known until the step is done.
func OutcomeFact(s StepID) FactID { return FactID("outcome(" + string(s) + ")") }

// Condition is a yes-or-no question about facts, milestones and outcomes, such
// as
//
//	age >= 18 && (sick-listed || outcome("assess-referral") == "accept")
//
// The language is a small part of CEL (Common Expression Language,
// https://cel.dev): && || ! == != < <= > >= + - in, numbers, texts in quotes,
// true, false, lists in brackets, reached("milestone"), outcome("step") and
// date("2026-05-17"). A choice can end with several options: its outcome equals
// each of those that were chosen. A minus between two names needs spaces around it, as names
// hold hyphens. It is checked against the declared facts when the file is read.
//
// A Condition is immutable and safe for concurrent use. The zero Condition
// holds nothing and answers not yet known.
type Condition struct {
	source  string
	program cel.Program
	reads   []reading
	// numbers and days are the literals in it: where its answer can turn.
	numbers []int64
	days    []care.Date
}

// reading is one value a condition reads.
type reading struct {
	fact     FactID
	variable string // its name in CEL
	kind     FactType
	// absent is the value when the fact is not listed; nil means not yet known.
	absent any
	// several is set where the value is a list: the options of a choice.
	several bool
	// table gives the value, where it is a table's.
	table *decider
}

// String is the condition as it was written.
func (c *Condition) String() string {
	if c == nil {
		return ""
	}
	return c.source
}

// broken reports whether the condition did not compile.
func (c *Condition) broken() bool { return c != nil && c.program == nil }

// Reads lists the facts the condition reads, in the order of the text. Where it
// reads a table, these are the facts that the table reads.
func (c *Condition) Reads() []FactID {
	if c == nil {
		return nil
	}
	var facts []FactID
	for _, r := range c.inputs() {
		facts = append(facts, r.fact)
	}
	return facts
}

// inputs are what the condition reads, its own and those of its tables, each
// once.
func (c *Condition) inputs() []reading {
	var all []reading
	add := func(r reading) {
		if !slices.ContainsFunc(all, func(seen reading) bool { return seen.fact == r.fact }) {
			all = append(all, r)
		}
	}
	for _, r := range c.reads {
		if r.table == nil {
			add(r)
			continue
		}
		for _, col := range r.table.columns {
			add(col.reading)
		}
	}
	return all
}

// Eval answers the condition from what is known. Where the answer is not yet
// known, the facts that it waits for are listed: only those that could still
// decide it. A fact that is missing, nil or of another type than declared is not
// known.
//
// Bool facts are bool; int facts int, int64 or a whole float64; text facts
// string; date facts care.Date or its ISO form.
//
// A sum outside the range of whole numbers also answers not yet known, waiting
// for everything the condition reads.
func (c *Condition) Eval(known map[FactID]any) (Truth, []FactID) {
	if c == nil {
		return Yes, nil
	}
	if c.program == nil {
		return NotYetKnown, nil
	}
	vars := make(map[string]any, len(c.reads))
	var unknown []*cel.AttributePatternType
	for _, r := range c.reads {
		v, ok := r.value(known)
		if !ok {
			unknown = append(unknown, cel.AttributePattern(r.variable))
			continue
		}
		vars[r.variable] = v
	}
	var input any = vars
	if len(unknown) > 0 {
		partial, err := cel.PartialVars(vars, unknown...)
		if err != nil {
			return NotYetKnown, c.Reads()
		}
		input = partial
	}
	out, _, err := c.program.Eval(input)
	if err != nil {
		return NotYetKnown, c.Reads()
	}
	switch v := out.(type) {
	case types.Bool:
		if v {
			return Yes, nil
		}
		return No, nil
	case *types.Unknown:
		return NotYetKnown, c.waitsFor(v, known)
	default:
		return NotYetKnown, c.Reads()
	}
}

func (c *Condition) waitsFor(u *types.Unknown, known map[FactID]any) []FactID {
	var variables []string
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, t := range trails {
			variables = append(variables, t.Variable())
		}
	}
	var facts []FactID
	for _, r := range c.reads {
		if !slices.Contains(variables, r.variable) {
			continue
		}
		waits := []FactID{r.fact}
		if r.table != nil {
			_, waits = r.table.row(known)
		}
		for _, f := range waits {
			if !slices.Contains(facts, f) {
				facts = append(facts, f)
			}
		}
	}
	return facts
}

// value is the fact as CEL wants it.
func (r reading) value(known map[FactID]any) (any, bool) {
	if r.table != nil {
		row, _ := r.table.row(known)
		if row < 0 {
			return nil, false
		}
		return r.table.table.Rows[row].Gives, true
	}
	v, ok := known[r.fact]
	if !ok || v == nil {
		return r.absent, r.absent != nil
	}
	switch r.kind {
	case BoolFact:
		b, ok := v.(bool)
		return b, ok
	case IntFact:
		switch n := v.(type) {
		case int:
			return int64(n), true
		case int64:
			return n, true
		case float64:
			return int64(n), n == math.Trunc(n) && math.Abs(n) <= 1<<53
		}
	case TextFact:
		s, ok := v.(string)
		if ok && r.several {
			return options(s), true
		}
		return s, ok
	case DateFact:
		switch d := v.(type) {
		case care.Date:
			return midnight(d), !d.IsZero()
		case string:
			read, err := care.ParseDate(d)
			return midnight(read), err == nil
		}
	}
	return nil, false
}

// midnight stands for a date inside an expression, where dates are only
// compared with each other.
func midnight(d care.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// Condition compiles a condition against the facts, milestones and steps of d.
// The error is a *ConditionError.
func (d *Definition) Condition(source string) (*Condition, error) {
	l, err := newLanguage(d)
	if err != nil {
		return nil, err
	}
	c, problems := l.compile(source)
	if len(problems) > 0 {
		return nil, &ConditionError{Source: source, problems: problems}
	}
	return c, nil
}

// ConditionError says what is wrong in a condition, with each position.
type ConditionError struct {
	Source   string
	problems []problem
}

// problem is one fault, at a 0-based offset in characters from the start.
type problem struct {
	offset  int
	message string
}

// Error lists the faults.
func (e *ConditionError) Error() string {
	parts := make([]string, len(e.problems))
	for i, p := range e.problems {
		parts[i] = fmt.Sprintf("at character %d: %s", p.offset+1, p.message)
	}
	return fmt.Sprintf("condition %q: %s", e.Source, strings.Join(parts, "; "))
}
