package pathway

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"forlop/care"
)

// language compiles the conditions of one definition. CEL stays in the files
// condition.go, expression.go and expressionwords.go.
type language struct {
	env *cel.Env
	// readings are all values that can be read, by their name in CEL.
	readings map[string]reading
	// values are the texts a text fact or an outcome can have, by name in CEL.
	values map[string][]string
	names  []string // the plain names, for messages
}

// costLimit bounds one evaluation. Expressions without macros are far below it;
// it is the last guard, not a tuning knob.
const costLimit = 10_000

// longestCondition is in characters; a longer rule cannot be read aloud.
const longestCondition = 2_000

// The functions of the language and how they are written.
var spelling = map[string]string{
	operators.LogicalAnd: "&&", operators.LogicalOr: "||", operators.LogicalNot: "!",
	operators.Equals: "==", operators.NotEquals: "!=",
	operators.Less: "<", operators.LessEquals: "<=", operators.Greater: ">", operators.GreaterEquals: ">=",
	operators.Add: "+", operators.Subtract: "-", operators.Negate: "-", operators.In: "in",
	"timestamp": "date",
}

func newLanguage(d *Definition) (*language, error) {
	l := &language{readings: map[string]reading{}, values: map[string][]string{}}
	l.declare(reading{fact: AgeFact, variable: "age", kind: IntFact}, nil)
	l.declare(reading{fact: PEMFact, variable: "pem", kind: BoolFact}, nil)
	l.names = []string{"age", "pem"}
	for _, f := range d.Facts {
		l.declare(reading{fact: f.ID, variable: underscored(string(f.ID)), kind: f.Type}, f.Values)
		l.names = append(l.names, string(f.ID))
	}
	for _, t := range d.Tables {
		l.declare(reading{fact: t.ID, variable: underscored(string(t.ID)), kind: t.Type, table: d.decider(t)}, t.Values)
		l.names = append(l.names, string(t.ID))
	}
	for _, m := range d.Milestones {
		l.declare(reading{fact: ReachedFact(m.ID), variable: reachedVariable(string(m.ID)), kind: BoolFact, absent: false}, nil)
	}
	for i := range d.Steps {
		s := &d.Steps[i]
		l.declare(reading{fact: OutcomeFact(s.ID), variable: outcomeVariable(string(s.ID)), kind: TextFact, several: s.Kind == Choosing}, d.Outcomes(s))
	}

	options := []cel.EnvOption{
		cel.ClearMacros(),
		cel.CrossTypeNumericComparisons(true),
		cel.ParserExpressionSizeLimit(longestCondition),
		cel.ParserRecursionLimit(60),
		cel.Macros(
			cel.GlobalMacro("reached", 1, l.nameOf("reached", "milestone", reachedVariable, names(ids(d.Milestones, func(m Milestone) MilestoneID { return m.ID })))),
			cel.GlobalMacro("outcome", 1, l.nameOf("outcome", "step", outcomeVariable, names(ids(d.Steps, func(s Step) StepID { return s.ID })))),
			cel.GlobalMacro("date", 1, dateLiteral),
		),
	}
	for variable, r := range l.readings {
		options = append(options, cel.Variable(variable, celType(r)))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, fmt.Errorf("preparing the condition language: %w", err)
	}
	l.env = env
	return l, nil
}

func (l *language) declare(r reading, values []string) {
	l.readings[r.variable] = r
	if len(values) > 0 {
		l.values[r.variable] = values
	}
}

func ids[E, T any](list []E, id func(E) T) []T {
	out := make([]T, len(list))
	for i, e := range list {
		out[i] = id(e)
	}
	return out
}

func underscored(name string) string     { return strings.ReplaceAll(name, "-", "_") }
func hyphened(name string) string        { return strings.ReplaceAll(name, "_", "-") }
func reachedVariable(name string) string { return "reached__" + underscored(name) }
func outcomeVariable(name string) string { return "outcome__" + underscored(name) }

func celType(r reading) *cel.Type {
	if r.several {
		return cel.ListType(cel.StringType)
	}
	switch r.kind {
	case BoolFact:
		return cel.BoolType
	case IntFact:
		return cel.IntType
	case DateFact:
		return cel.TimestampType
	default:
		return cel.StringType
	}
}

// nameOf makes reached("x") and outcome("x") into plain variables, so that they
// are checked when read and can be not yet known like any fact.
func (l *language) nameOf(function, thing string, variable func(string) string, allowed []string) cel.MacroFactory {
	return func(h cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
		name, ok := textLiteral(args[0])
		if !ok {
			return nil, h.NewError(args[0].ID(), fmt.Sprintf("%s() takes the name of a %s in quotes", function, thing))
		}
		if !slices.Contains(allowed, name) {
			return nil, h.NewError(args[0].ID(), fmt.Sprintf("there is no %s %q%s", thing, name, allowedList(name, allowed)))
		}
		return h.NewIdent(variable(name)), nil
	}
}

func dateLiteral(h cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	text, ok := textLiteral(args[0])
	if !ok {
		return nil, h.NewError(args[0].ID(), `date() takes a date in quotes, such as date("2026-05-17")`)
	}
	if _, err := care.ParseDate(text); err != nil {
		return nil, h.NewError(args[0].ID(), plainError(err))
	}
	return h.NewCall("timestamp", h.NewLiteral(types.String(text+endOfDate))), nil
}

// endOfDate makes a date the timestamp that midnight makes of a fact.
const endOfDate = "T00:00:00Z"

func textLiteral(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

// compile checks a condition and makes it ready to run.
func (l *language) compile(source string) (*Condition, []problem) {
	if strings.TrimSpace(source) == "" {
		return nil, []problem{{0, "the condition is empty; leave the key out where there is none"}}
	}
	written, faults := hyphensToUnderscores(source)
	if len(faults) > 0 {
		return nil, faults
	}
	parsed, issues := l.env.Parse(written)
	if issues.Err() != nil {
		return nil, problems(written, issues)
	}
	l.rewriteSeveral(parsed.NativeRep())
	w := &walker{l: l, info: parsed.NativeRep().SourceInfo(), text: written}
	w.walk(parsed.NativeRep().Expr())
	if len(w.problems) > 0 {
		return nil, w.problems
	}
	checked, issues := l.env.Check(parsed)
	if issues.Err() != nil {
		return nil, problems(written, issues)
	}
	if checked.OutputType() != cel.BoolType {
		return nil, []problem{{0, "a condition must be a question with the answer yes or no; this gives " + typeName(checked.OutputType().String())}}
	}
	program, err := l.env.Program(checked,
		cel.EvalOptions(cel.OptOptimize, cel.OptPartialEval),
		cel.CostLimit(costLimit))
	if err != nil {
		return nil, []problem{{0, err.Error()}}
	}
	return &Condition{source: source, program: program, reads: w.reads, numbers: w.numbers, days: w.days}, nil
}

// walker looks through an expression for what is outside the language and for
// names that nobody declared, before CEL checks the types.
type walker struct {
	l        *language
	info     *ast.SourceInfo
	text     string
	reads    []reading
	numbers  []int64
	days     []care.Date
	problems []problem
}

func (w *walker) fault(e ast.Expr, format string, args ...any) {
	w.problems = append(w.problems, problem{offset(w.text, w.info.GetStartLocation(e.ID())), fmt.Sprintf(format, args...)})
}

func (w *walker) walk(e ast.Expr) {
	switch e.Kind() {
	case ast.LiteralKind:
		switch v := e.AsLiteral().(type) {
		case types.Int:
			w.numbers = append(w.numbers, int64(v))
		case types.Double:
			if math.Abs(float64(v)) < 1<<53 {
				w.numbers = append(w.numbers, int64(math.Floor(float64(v))))
			}
		}
	case ast.IdentKind:
		w.read(e)
	case ast.ListKind:
		for _, item := range e.AsList().Elements() {
			w.walk(item)
		}
	case ast.CallKind:
		call := e.AsCall()
		if _, ok := spelling[call.FunctionName()]; !ok || call.IsMemberFunction() {
			w.fault(e, "%q is not part of the condition language; it has && || ! == != < <= > >= + - in, reached(), outcome() and date()", hyphened(call.FunctionName()))
			return
		}
		if call.FunctionName() == "timestamp" {
			w.date(e)
			return
		}
		for _, arg := range call.Args() {
			w.walk(arg)
		}
		w.compareTexts(call)
	default:
		w.fault(e, "this is not part of the condition language; it has && || ! == != < <= > >= + - in, reached(), outcome() and date()")
	}
}

// date lets through only what the macro date() has made.
func (w *walker) date(e ast.Expr) {
	if args := e.AsCall().Args(); len(args) == 1 {
		text, ok := textLiteral(args[0])
		if day, made := strings.CutSuffix(text, endOfDate); ok && made {
			if d, err := care.ParseDate(day); err == nil {
				w.days = append(w.days, d)
				return
			}
		}
	}
	w.fault(e, `write a date as date("2026-05-17")`)
}

func (w *walker) read(e ast.Expr) {
	r, ok := w.l.readings[e.AsIdent()]
	if !ok {
		name := hyphened(e.AsIdent())
		w.fault(e, "no fact is called %q%s", name, allowedList(name, w.l.names))
		return
	}
	if !slices.ContainsFunc(w.reads, func(seen reading) bool { return seen.fact == r.fact }) {
		w.reads = append(w.reads, r)
	}
}

// compareTexts refuses a comparison with a text that the fact can never be: it
// would be false for ever, silently.
func (w *walker) compareTexts(call ast.CallExpr) {
	args := call.Args()
	switch call.FunctionName() {
	case operators.Equals, operators.NotEquals:
		for i := range args {
			w.compareText(args[i], args[1-i])
		}
	case operators.In:
		w.compareText(args[1], args[0])
		if args[1].Kind() == ast.ListKind {
			for _, item := range args[1].AsList().Elements() {
				w.compareText(args[0], item)
			}
		}
	}
}

func (w *walker) compareText(fact, text ast.Expr) {
	written, ok := textLiteral(text)
	if !ok || fact.Kind() != ast.IdentKind {
		return
	}
	allowed, ok := w.l.values[fact.AsIdent()]
	if ok && !slices.Contains(allowed, written) {
		w.fault(text, "%s is never %q%s", w.l.readings[fact.AsIdent()].fact, written, allowedList(written, allowed))
	}
}
