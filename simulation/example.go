package simulation

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"forlop/care"
	"forlop/pathway"
)

// example is one example journey as it is written.
type example struct {
	name   string
	start  time.Time
	cast   cast
	person somebody
	by     *yaml.Node
	lines  []line
	wrong  []pathway.Finding
}

// somebody is the person an example is about.
type somebody struct {
	name         string
	age          int
	reads        care.Language
	channel      care.Channel
	gp           *yaml.Node
	municipality *yaml.Node
}

// line is what happens next in an example, or what must be so.
type line struct {
	on, after     *yaml.Node
	do, by, with  *yaml.Node
	behalf        *yaml.Node
	happened      *yaml.Node
	seen          *yaml.Node
	refused, unit *yaml.Node
	label         string
	expect        []expectation
}

// read reads the examples of a file. Everything that can be wrong before an
// example is acted out is found here.
func (s *stage) read(root *yaml.Node) []*example {
	var examples []*example
	s.keys(root, map[string]func(*yaml.Node){
		"about": func(v *yaml.Node) { s.text(v) },
		"cast":  func(v *yaml.Node) { s.usual = s.readCast(s.usual, v) },
		"examples": func(v *yaml.Node) {
			s.list(v, func(n *yaml.Node) {
				if e := s.example(n); e != nil {
					examples = append(examples, e)
				}
			})
		},
	})
	if len(examples) == 0 && len(s.findings) == 0 {
		s.fault(root, codeWrongForm, "there are no examples in the file")
	}
	return examples
}

func (s *stage) example(n *yaml.Node) *example {
	r := &exampleReader{page: &page{file: s.file}, stage: s, cal: care.CalendarOf(s.def.Regime)}
	e := &example{cast: s.usual, person: somebody{name: "Anna Eksempel", age: 40, reads: care.Bokmal, channel: care.ByPage}}
	r.keys(n, map[string]func(*yaml.Node){
		"name":   func(v *yaml.Node) { e.name = r.text(v) },
		"story":  func(v *yaml.Node) { r.text(v) },
		"person": func(v *yaml.Node) { r.person(v, &e.person) },
		"cast":   func(v *yaml.Node) { e.cast = r.readCast(s.usual, v) },
		"by":     func(v *yaml.Node) { e.by = v },
		"lines": func(v *yaml.Node) {
			r.cast = e.cast
			r.list(v, func(l *yaml.Node) { e.lines = append(e.lines, r.line(l)) })
		},
	})
	if e.name == "" {
		r.fault(n, codeWrongForm, "the example has no name")
	}
	if e.by != nil {
		r.actor(e.by)
	}
	if len(e.lines) == 0 || e.lines[0].on == nil {
		r.fault(n, codeWrongForm, `the example must begin with a line that says when: "on: 2026-01-05 09:00"`)
	} else {
		e.start = r.instant(e.lines[0].on, r.cal)
	}
	e.wrong = r.findings
	return e
}

// exampleReader reads one example.
type exampleReader struct {
	*page
	stage *stage
	cal   *care.Calendar
	cast  cast
}

func (r *exampleReader) person(n *yaml.Node, who *somebody) {
	r.keys(n, map[string]func(*yaml.Node){
		"name":         func(v *yaml.Node) { who.name = r.text(v) },
		"age":          func(v *yaml.Node) { r.plainInt(v, &who.age) },
		"reads":        func(v *yaml.Node) { who.reads = care.Language(r.oneOf(v, names(care.Languages))) },
		"channel":      func(v *yaml.Node) { who.channel = care.Channel(r.oneOf(v, []string{"page", "letter", "phone"})) },
		"gp":           func(v *yaml.Node) { who.gp = v },
		"municipality": func(v *yaml.Node) { who.municipality = v },
	})
}

func (r *exampleReader) line(n *yaml.Node) line {
	var l line
	keep := func(to **yaml.Node) func(*yaml.Node) { return func(v *yaml.Node) { *to = v } }
	r.keys(n, map[string]func(*yaml.Node){
		"on": keep(&l.on), "after": keep(&l.after), "do": keep(&l.do), "by": keep(&l.by), "with": keep(&l.with),
		"for": keep(&l.behalf), "happened": keep(&l.happened), "seen": keep(&l.seen), "refused": keep(&l.refused), "unit": keep(&l.unit),
		"name":   func(v *yaml.Node) { l.label = r.text(v) },
		"expect": func(v *yaml.Node) { l.expect = r.expectations(v) },
	})
	if l.on != nil {
		r.instant(l.on, r.cal)
	}
	if l.after != nil {
		r.later(l.after, time.Time{}.AddDate(2025, 0, 0), r.cal)
	}
	r.act(n, l)
	return l
}

// act checks how an act is written.
func (r *exampleReader) act(n *yaml.Node, l line) {
	if l.do == nil {
		for word, v := range map[string]*yaml.Node{"with": l.with, "by": l.by, "for": l.behalf, "happened": l.happened, "seen": l.seen, "refused": l.refused, "unit": l.unit} {
			if v != nil {
				r.fault(n, codeWrongForm, "%q needs a %q beside it", word, "do")
			}
		}
		return
	}
	if l.by != nil {
		r.actor(l.by)
	}
	if l.behalf != nil {
		r.behalf(l.behalf)
	}
	if l.happened != nil {
		r.instant(l.happened, r.cal)
	}
	if l.do.Value == readsPlan {
		return
	}
	typ, ok := commands[l.do.Value]
	if !ok {
		r.unknown(l.do, "act", append(sorted(commands), readsPlan))
		return
	}
	if l.with != nil {
		// Read once for its form; numbers are found when it is acted out.
		f := form{page: r.page, cal: r.cal, number: func(*yaml.Node, string) int { return 1 }}
		f.read(l.with, reflect.New(typ).Elem())
	}
	if strings.HasPrefix(l.do.Value, "unit.") && l.unit == nil && l.do.Value != "unit.open" {
		r.fault(l.do, codeWrongForm, `say which unit: "unit: clinic"`)
	}
}

// readsPlan is the act of a patient who opens their own page.
const readsPlan = "read-my-plan"

// actor checks who acts: the patient, or somebody in the cast at their post.
func (r *exampleReader) actor(n *yaml.Node) {
	who, post, given := strings.Cut(r.text(n), "@")
	if who == string(pathway.PatientRole) {
		return
	}
	if _, ok := r.stageCast().home(who); !ok && !given {
		r.unknown(n, "person", append(r.stageCast().people(), "patient"))
	}
	if given && !r.stageCast().has(partyOf(post).Post) {
		r.fault(n, codeUnknownKey, "there is no post %q in this cast", post)
	}
}

func (r *exampleReader) stageCast() cast {
	if r.cast != nil {
		return r.cast
	}
	return r.stage.usual
}

func (p *page) oneOf(n *yaml.Node, allowed []string) string {
	text := p.text(n)
	if !slices.Contains(allowed, text) {
		p.unknown(n, "value", allowed)
	}
	return text
}

func names[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// needs is the first pathway that an example moves to and that was not given.
func (e *example) needs(given []*pathway.Definition) *yaml.Node {
	for _, to := range e.moves() {
		if !slices.ContainsFunc(given, func(d *pathway.Definition) bool { return refOf(to.Value).String() == d.Ref.String() }) {
			return to
		}
	}
	return nil
}

// moves are the pathways that an example moves to, where they stand in it.
func (e *example) moves() []*yaml.Node {
	var all []*yaml.Node
	for _, l := range e.lines {
		if l.do == nil || l.do.Value != "move" || l.with == nil {
			continue
		}
		for i := 0; i+1 < len(l.with.Content); i += 2 {
			if l.with.Content[i].Value == "to" {
				all = append(all, l.with.Content[i+1])
			}
		}
	}
	return all
}
