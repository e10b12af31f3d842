package questionnaire

// SumRule is how a sum is made of points.
type SumRule string

// The rules.
const (
	AddUp SumRule = "sum"
	Mean  SumRule = "mean"
)

// Sum is one declared sum: of which questions, by which rule, and how many must
// be answered before there is one.
type Sum struct {
	ID   string
	Rule SumRule
	Of   []string
	// Answered is the least number of answers; those of questions that do not
	// concern everybody are not counted in it.
	Answered int
}

// Total is a sum as it came out. It is exactly what was entered: nothing is
// filled in for what was not answered.
type Total struct {
	Sum
	// Points are those of the answers, added up; Counted is how many.
	Points, Counted int
	// Enough says that as many were answered as the rule asks for; where it does
	// not, there is no sum to show.
	Enough bool
}

// Totals are the declared sums of what was answered.
func (d *Definition) Totals(answers map[string]int) []Total {
	out := make([]Total, 0, len(d.Sums))
	for _, s := range d.Sums {
		t := Total{Sum: s}
		needed := 0
		for _, id := range s.Of {
			i, _ := d.Item(id)
			v, answered := answers[id]
			if !answered {
				continue
			}
			if p, ok := i.Points[v]; ok {
				v = p
			}
			t.Points += v
			t.Counted++
			if !i.Concerns {
				needed++
			}
		}
		t.Enough = needed >= s.Answered && t.Counted > 0
		out = append(out, t)
	}
	return out
}

// Tenths is the sum in tenths: a mean is rounded to the nearest tenth, halves up.
func (t Total) Tenths() int {
	if t.Rule == Mean && t.Counted > 0 {
		return (20*t.Points + t.Counted) / (2 * t.Counted)
	}
	return 10 * t.Points
}
