package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"forlop/simulation"
)

// testsPage is the examples of a version: what came of each, and what none of
// them reaches.
type testsPage struct {
	tabs      []link
	nothing   string
	counts    []count
	table     table
	failed    []testedExample
	coverage  []fact
	unreached []findingLine
	findings  []findingLine
}

// testedExample is an example that did not come out as it says.
type testedExample struct {
	name     string
	findings []findingLine
}

// neverReached is the code of a finding about what no example reaches.
const neverReached = "T300"

// rehearsals remembers what came of a folder's examples, by content.
type rehearsals struct {
	mu   sync.Mutex
	kept map[string]*rehearsal
}

type rehearsal struct {
	once sync.Once
	came simulation.Rehearsal
	err  error
}

func newRehearsals() *rehearsals { return &rehearsals{kept: map[string]*rehearsal{}} }

func (g *rehearsals) of(ctx context.Context, w *workshop, s *source) (simulation.Rehearsal, error) {
	g.mu.Lock()
	r := g.kept[s.hash]
	if r == nil {
		if len(g.kept) >= mostChecked {
			clear(g.kept)
		}
		r = &rehearsal{}
		g.kept[s.hash] = r
	}
	g.mu.Unlock()
	r.once.Do(func() {
		r.came, r.err = simulation.Rehearse(context.WithoutCancel(ctx), s.files, w.others(s), Sentences)
	})
	return r.came, r.err
}

func showTests(c *call) error {
	p, s, err := c.author("staff.author.title.tests")
	if err != nil {
		return err
	}
	x := testsPage{tabs: authorTabs(p, s, "tests")}
	if !s.runs() || !slices.Contains(s.fileNames(), "test.yaml") {
		x.nothing = p.T("staff.author.tests.nothing")
		return write(c.w, c.r, http.StatusOK, testsBody(p, x))
	}
	r, err := c.s.rehearsals.of(c.r.Context(), c.s.workshop, s)
	if err != nil {
		return err
	}
	x.table = table{id: "examples", caption: p.T("staff.author.tests.examples"), columns: []column{
		{name: p.T("staff.author.tests.example")}, {name: p.T("staff.author.tests.came")}, {name: p.T("staff.author.tests.acts"), number: true},
		{name: p.T("staff.author.tests.checks"), number: true}, {name: p.T("staff.author.tests.days"), number: true},
	}}
	passed, failed := 0, 0
	for _, o := range r.Outcomes {
		word, tone := p.T("staff.author.tests.passed"), "done"
		switch {
		case o.Failed():
			word, tone = p.T("staff.author.tests.failed"), "past"
			failed++
			x.failed = append(x.failed, testedExample{o.Name, findingLines(p, s, o.Findings)})
		case o.Left:
			word, tone = p.T("staff.author.tests.left"), "waiting"
			x.findings = append(x.findings, findingLines(p, s, o.Findings)...)
		default:
			passed++
		}
		name := cell{text: o.Name}
		if !o.Left {
			name.href = pathwayAddress(s.ref(), "/preview?"+url.Values{"example": {o.Name}}.Encode())
		}
		x.table.rows = append(x.table.rows, []cell{
			name, {text: word, tone: tone}, {text: p.lang.Number(o.Acts), number: true},
			{text: p.lang.Number(o.Checks), number: true}, {text: p.lang.Number(o.Days), number: true},
		})
	}
	x.coverage = coverage(p, r.Coverage)
	for _, f := range r.Findings {
		if f.Code == neverReached {
			x.unreached = append(x.unreached, findingLineOf(p, s, f))
		} else {
			x.findings = append(x.findings, findingLineOf(p, s, f))
		}
	}
	x.counts = []count{
		{passed, p.T("staff.author.tests.passed"), "#examples-caption", false},
		{failed, p.T("staff.author.tests.failed"), "#failed", false},
		{len(x.unreached), p.T("staff.author.tests.unreached"), "#unreached", false},
	}
	return write(c.w, c.r, http.StatusOK, testsBody(p, x))
}

// coverage says how much of the pathway the examples reach.
func coverage(p page, c simulation.Coverage) []fact {
	var rows []fact
	for _, part := range []struct {
		key   string
		reach simulation.Reach
	}{{"steps", c.Steps}, {"answers", c.Answers}, {"ends", c.Ends}, {"rows", c.Rows}} {
		if part.reach.All > 0 {
			rows = append(rows, fact{name: p.T("staff.author.tests.of-" + part.key), value: p.T("staff.author.tests.reached", "n", part.reach.Reached, "all", part.reach.All)})
		}
	}
	return rows
}
