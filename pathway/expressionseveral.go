package pathway

import (
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// A choice can end with several options at once. In a condition its outcome is
// the list of what was chosen, and outcome("choose") == "a" asks whether a is
// among them. several rewrites such comparisons before the types are checked.
type several struct {
	l    *language
	make ast.ExprFactory
	next int64
}

// rewriteSeveral rewrites a parsed expression in place.
func (l *language) rewriteSeveral(a *ast.AST) {
	s := &several{l: l, make: ast.NewExprFactory(), next: ast.MaxID(a)}
	s.rewrite(a.Expr())
}

func (s *several) id() int64 { s.next++; return s.next }

// chosen reports whether an expression is the outcome of a choice.
func (s *several) chosen(e ast.Expr) bool {
	return e.Kind() == ast.IdentKind && s.l.readings[e.AsIdent()].several
}

func (s *several) rewrite(e ast.Expr) {
	if e.Kind() != ast.CallKind {
		return
	}
	call := e.AsCall()
	for _, arg := range call.Args() {
		s.rewrite(arg)
	}
	if len(call.Args()) != 2 {
		return
	}
	left, right := call.Args()[0], call.Args()[1]
	switch call.FunctionName() {
	case operators.Equals, operators.NotEquals:
		if s.chosen(right) {
			left, right = right, left
		}
		if _, text := textLiteral(right); !text || !s.chosen(left) {
			return
		}
		among := s.make.NewCall(e.ID(), operators.In, right, left)
		if call.FunctionName() == operators.NotEquals {
			among = s.make.NewCall(e.ID(), operators.LogicalNot, s.make.NewCall(s.id(), operators.In, right, left))
		}
		e.SetKindCase(among)
	case operators.In:
		if !s.chosen(left) || right.Kind() != ast.ListKind || right.AsList().Size() == 0 {
			return
		}
		var any ast.Expr
		for i, option := range right.AsList().Elements() {
			among := s.make.NewCall(s.id(), operators.In, option, s.make.NewIdent(s.id(), left.AsIdent()))
			if i == 0 {
				any = among
				continue
			}
			any = s.make.NewCall(s.id(), operators.LogicalOr, any, among)
		}
		e.SetKindCase(any)
	}
}

// options are the options a choice ended with.
func options(outcome string) []string {
	if outcome == "" {
		return []string{}
	}
	return strings.Split(outcome, ",")
}
