package access

import (
	"iter"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/schema/resolved"

	"forlop/care"
)

// rules are the policies, each under every name it may speak of.
type rules struct {
	words *resolved.Schema
	// typical is one action of each sort, for the type-checker.
	typical []cedar.EntityUID
	names   map[string][]*rule
	ids     map[string]string // where each id stands
	turns   []care.Date       // dates on which a rule begins or ends
	bases   func() map[kindOf][]Basis
}

// A rule is one policy.
type rule struct {
	id     string
	policy *cedar.Policy
	needs  string
}

// A question is an ask in the policy's words. Two that are equal have the same
// answer for ever.
type question struct {
	actor                    care.ActorKind
	role                     care.Role
	what                     string
	basis                    Basis
	regime                   care.Regime
	on                       care.Date
	parts                    uint8
	block                    Strength
	lifted, protected, fresh bool
	level, prescriber        string
}

type kindOf struct {
	kind care.ActorKind
	what string
}

var rolesThatMatter = []care.Role{"coordinator", care.Lead, care.PrivacyOfficer, care.PathwayApprover, care.Desk}

var levels = []string{"link", "low", "substantial", "high"}

var principals = map[care.ActorKind]cedar.EntityType{
	care.Patient: "Patient", care.Relative: "Relative", care.Professional: "Professional", care.System: "Service", care.Guest: "Guest",
}

// add puts a policy under the names it speaks of, and keeps the dates it turns
// on.
func (r *rules) add(u *rule, text []byte) {
	switch scope := (*ast.Policy)(u.policy.AST()).Action.(type) {
	case ast.ScopeTypeEq:
		r.put(string(scope.Entity.ID), u)
	case ast.ScopeTypeInSet:
		for _, action := range scope.Entities {
			r.put(string(action.ID), u)
		}
	default: // all, or a group: whether it speaks of a name is the engine's to say
		for name := range r.names {
			r.put(name, u)
		}
	}
	for _, m := range dated.FindAllSubmatch(text, -1) {
		if d, err := care.ParseDate(string(m[1])); err == nil {
			r.turns = append(r.turns, d)
		}
	}
}

var dated = regexp.MustCompile(`datetime\("(\d{4}-\d\d-\d\d)`)

func (r *rules) put(name string, u *rule) {
	if !slices.Contains(r.names[name], u) {
		r.names[name] = append(r.names[name], u)
	}
}

// knows reports whether every word of a question is one of the policy's. A date
// must be given, since rules are dated.
func (r *rules) knows(q question) bool {
	_, name := r.names[q.what]
	_, kind := principals[q.actor]
	return name && kind && q.on != (care.Date{}) &&
		(q.basis == "" || slices.Contains(bases, q.basis)) &&
		(q.regime == "" || q.regime == care.Norway || q.regime == care.Sweden) &&
		(q.block == "" || slices.Contains(strengths, q.block)) &&
		(q.level == "" || slices.Contains(levels, q.level)) &&
		(q.prescriber == "" || q.prescriber == "claimed" || q.prescriber == "declared")
}

var strengths = []Strength{Closed, Shut, Inner, Outer}

// decide asks the engine. Where only what a login lacks stands between, it asks
// once more as if the login had it: then the answer says what to do.
func (r *rules) decide(q question) Answer {
	a, lacks := r.ask(q)
	if a.Allowed || len(lacks) == 0 {
		return a
	}
	had := q
	had.fresh, had.level = true, levels[len(levels)-1]
	if then, _ := r.ask(had); !then.Allowed {
		return a
	}
	a.Needs = "fresh"
	if slices.Contains(lacks, "level") {
		a.Needs = "level"
	}
	return a
}

// ask puts one question to the engine. lacks is what the denying policies ask of
// the login, where all of them ask for something.
func (r *rules) ask(q question) (a Answer, lacks []string) {
	of := r.speaking(q)
	decision, diagnostic := cedar.Authorize(of, nil, q.request())
	if len(diagnostic.Errors) > 0 {
		// The engine steps over a policy that fails, also one that forbids. So a
		// failure denies.
		for _, e := range diagnostic.Errors {
			a.By = append(a.By, string(e.PolicyID))
		}
		return a, nil
	}
	a.Allowed = decision == cedar.Allow
	all := true
	for _, reason := range diagnostic.Reasons {
		a.By = append(a.By, string(reason.PolicyID))
		if needs := of.find(string(reason.PolicyID)).needs; needs != "" {
			lacks = append(lacks, needs)
		} else {
			all = false
		}
	}
	slices.Sort(a.By)
	if a.Allowed || !all {
		return a, nil
	}
	return a, lacks
}

// speaking are the policies whose first line may fit a question. The engine
// would step over the others one by one.
func (r *rules) speaking(q question) speaking {
	var of speaking
	for _, u := range r.names[q.what] {
		if u.fits(q) {
			of = append(of, u)
		}
	}
	return of
}

// fits reports whether a policy's first line may fit the question's actor and
// basis. Where it is written in a way not read here, it may.
func (u *rule) fits(q question) bool {
	p := (*ast.Policy)(u.policy.AST())
	if is, ok := p.Principal.(ast.ScopeTypeIs); ok && is.Type != principals[q.actor] {
		return false
	}
	eq, ok := p.Resource.(ast.ScopeTypeEq)
	return !ok || eq.Entity == word("Basis", string(q.basis))
}

type speaking []*rule

// All gives them to the engine.
func (s speaking) All() iter.Seq2[cedar.PolicyID, *cedar.Policy] {
	return func(yield func(cedar.PolicyID, *cedar.Policy) bool) {
		for _, u := range s {
			if !yield(cedar.PolicyID(u.id), u.policy) {
				return
			}
		}
	}
}

func (s speaking) find(id string) *rule {
	return s[slices.IndexFunc(s, func(u *rule) bool { return u.id == id })]
}

// request is the question as the engine takes it.
func (q question) request() cedar.Request {
	var parts, reaches []cedar.Value
	for i, part := range Parts {
		if q.parts&(1<<i) != 0 {
			parts = append(parts, word("Part", string(part)))
		}
	}
	for _, level := range levels[:slices.Index(levels, q.level)+1] {
		reaches = append(reaches, word("Level", level))
	}
	return cedar.Request{
		Principal: cedar.NewEntityUID(principals[q.actor], ""),
		Action:    word("Action", q.what),
		Resource:  word("Basis", string(q.basis)),
		Context: cedar.NewRecord(cedar.RecordMap{
			"on":         cedar.NewDatetime(time.Date(q.on.Year, q.on.Month, q.on.Day, 0, 0, 0, 0, time.UTC)),
			"regime":     word("Regime", string(q.regime)),
			"role":       word("Role", string(q.role)),
			"parts":      cedar.NewSet(parts...),
			"block":      word("Strength", string(q.block)),
			"lifted":     cedar.Boolean(q.lifted),
			"protected":  cedar.Boolean(q.protected),
			"fresh":      cedar.Boolean(q.fresh),
			"reaches":    cedar.NewSet(reaches...),
			"prescriber": word("Prescriber", q.prescriber),
		}),
	}
}

// word is a value of one of the schema's lists; nothing is "none" there.
func word(list cedar.EntityType, value string) cedar.EntityUID {
	if value == "" {
		value = "none"
	}
	return cedar.NewEntityUID(list, cedar.String(value))
}

// findBases works out who could be allowed what, on which bases, when nothing
// stands between: on any side of the dates that rules turn on, under either law,
// from any post, with everything covered and the best of logins.
func (r *rules) findBases() map[kindOf][]Basis {
	days := []care.Date{{Year: 9999, Month: time.December, Day: 31}}
	for _, d := range r.turns {
		days = append(days, d, d.AddDays(-1))
	}
	found := map[kindOf][]Basis{}
	for name := range r.names {
		for kind := range principals {
			for _, b := range bases {
				if r.could(question{actor: kind, what: name, basis: b, parts: 1<<len(Parts) - 1, fresh: true, level: "high", prescriber: "claimed"}, days) {
					found[kindOf{kind, name}] = append(found[kindOf{kind, name}], b)
				}
			}
		}
	}
	return found
}

func (r *rules) could(q question, days []care.Date) bool {
	if !slices.ContainsFunc(r.speaking(q), func(u *rule) bool { return u.policy.Effect() == cedar.Permit }) {
		return false
	}
	for _, q.on = range days {
		for _, q.regime = range []care.Regime{care.Norway, care.Sweden} {
			for _, q.role = range append([]care.Role{"other"}, rolesThatMatter...) {
				if a, _ := r.ask(q); a.Allowed {
					return true
				}
			}
		}
	}
	return false
}

// memory keeps answers: policies never change and equal questions have equal
// answers. When it is full it starts again.
type memory struct {
	kept atomic.Pointer[sync.Map]
	size atomic.Int64
}

// mostKept bounds the memory. The questions of one day are a few thousand; the
// number is ours (assumed).
const mostKept = 1 << 16

func newMemory() *memory {
	m := &memory{}
	m.kept.Store(&sync.Map{})
	return m
}

// answer gives the kept answer, or works it out and keeps it.
func (m *memory) answer(q question, decide func(question) Answer) Answer {
	kept := m.kept.Load()
	if a, ok := kept.Load(q); ok {
		return a.(Answer).clone()
	}
	a := decide(q)
	if m.size.Add(1) > mostKept {
		m.kept.Store(&sync.Map{})
		m.size.Store(0)
	} else {
		kept.Store(q, a)
	}
	return a.clone()
}

// clone keeps a caller from writing into what is kept.
func (a Answer) clone() Answer {
	a.By = slices.Clone(a.By)
	return a
}
