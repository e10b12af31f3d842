package simulation

import (
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
)

// expectation is one thing that must be so. Its check compares and writes down
// what is otherwise, in plain words; an error is our own fault.
type expectation struct {
	check func(p *play) error
}

// seen makes an expectation about the journey as it stands.
func seen(compare func(p *play, v casework.JourneyView)) expectation {
	return expectation{func(p *play) error {
		v, err := p.look()
		if err != nil {
			return err
		}
		compare(p, v)
		return nil
	}}
}

// compare writes down a difference.
func (p *play) compare(n *yaml.Node, about, want, got string) {
	if want != got {
		if got == "" {
			got = "nothing"
		}
		p.fault(n, codeOther, "%s: expected %s, found %s", about, want, got)
	}
}

// expectations reads everything under one "expect".
func (r *exampleReader) expectations(n *yaml.Node) []expectation {
	var all []expectation
	is := func(about string, got func(p *play, v casework.JourneyView) string) func(*yaml.Node) {
		return func(n *yaml.Node) {
			want := r.text(n)
			all = append(all, seen(func(p *play, v casework.JourneyView) { p.compare(n, about, want, got(p, v)) }))
		}
	}
	post := func(about string, got func(v casework.JourneyView) care.Post) func(*yaml.Node) {
		return func(n *yaml.Node) {
			r.knownPost(n)
			all = append(all, seen(func(p *play, v casework.JourneyView) { p.comparePost(n, about, v, got(v)) }))
		}
	}
	each := func(sort string, known []string, one func(name string, n *yaml.Node) expectation) func(*yaml.Node) {
		return func(n *yaml.Node) {
			r.pairs(n, func(key, value *yaml.Node) {
				if !slices.Contains(known, key.Value) {
					r.unknown(key, sort, known)
					return
				}
				all = append(all, one(key.Value, value))
			})
		}
	}
	r.keys(n, map[string]func(*yaml.Node){
		"responsible": post("the responsible post", func(v casework.JourneyView) care.Post { return v.State.Responsible }),
		"coordinator": post("the first contact", func(v casework.JourneyView) care.Post { return v.Person.Contact }),
		"status":      is("the status", func(_ *play, v casework.JourneyView) string { return string(v.State.Status) }),
		"pathway":     is("the pathway", func(_ *play, v casework.JourneyView) string { return v.State.Pathway.String() }),
		"end": is("the ending", func(_ *play, v casework.JourneyView) string {
			if v.State.End == nil {
				return ""
			}
			return string(v.State.End.End)
		}),
		"steps":      each("step", r.stage.stepIDs(), r.expectStep),
		"clocks":     each("clock", r.stage.clockIDs(), r.expectClock),
		"milestones": each("milestone", r.stage.milestoneIDs(), r.expectMilestone),
		"worklist": func(n *yaml.Node) {
			r.pairs(n, func(key, value *yaml.Node) { all = append(all, r.expectWorklist(key, value)) })
		},
		"waits":         r.openThings(&all, "waits", waitsNow),
		"offers":        r.openThings(&all, "offers", offersNow),
		"decisions":     r.openThings(&all, "decisions", decisionsNow),
		"interventions": r.openThings(&all, "interventions", interventionsNow),
		"owed":          r.tellings(&all, false),
		"told":          r.tellings(&all, true),
		"patient":       r.sentences(&all),
	})
	return all
}

// knownPost refuses a post that is not in the cast. "kari@clinic/coordinator"
// says who must stand behind it as well.
func (r *exampleReader) knownPost(n *yaml.Node) {
	_, post := whoAt(r.text(n))
	if !r.stageCast().has(post) {
		r.fault(n, codeUnknownKey, "there is no post %q in this cast", n.Value)
	}
}

func whoAt(text string) (who string, post care.Post) {
	who, at, found := strings.Cut(text, "@")
	if !found {
		who, at = "", text
	}
	unit, role, found := strings.Cut(at, "/")
	if !found {
		role = string(care.Desk)
	}
	return who, care.Post{Unit: care.UnitID(unit), Role: care.Role(role)}
}

// comparePost compares a post, and who stands behind it where the example says.
func (p *play) comparePost(n *yaml.Node, about string, v casework.JourneyView, got care.Post) {
	who, want := whoAt(n.Value)
	p.compare(n, about, want.String(), got.String())
	holders, where, ok := p.world.service.Directory().Resolve(got, v.Now)
	if !ok {
		p.fault(n, codeOther, "%s: nobody stands behind %s", about, got)
		return
	}
	if who != "" && !slices.Contains(holders, who) {
		p.fault(n, codeOther, "%s: expected %s behind %s, found %s at %s", about, who, got, strings.Join(holders, " and "), where)
	}
}

// expectWorklist compares who has what before them: at a post, or, by a name, in
// everything that this person answers for.
func (r *exampleReader) expectWorklist(key, n *yaml.Node) expectation {
	want, not, only := []string{}, []string{}, false
	if n.Kind == yaml.MappingNode {
		r.keys(n, map[string]func(*yaml.Node){
			"has":  func(v *yaml.Node) { want = r.words(v) },
			"not":  func(v *yaml.Node) { not = r.words(v) },
			"only": func(v *yaml.Node) { want, only = r.words(v), true },
		})
	} else {
		want = r.words(n)
		only = len(want) == 0
	}
	if _, ok := r.stageCast().home(key.Value); !ok && !strings.Contains(key.Value, "/") {
		r.unknown(key, "person", r.stageCast().people())
	}
	return expectation{func(p *play) error {
		got, err := p.worklist(key.Value)
		if err != nil {
			return err
		}
		for _, ref := range want {
			if !slices.Contains(got, ref) {
				p.fault(n, codeOther, "the worklist of %s: expected %s on it, found %s", key.Value, ref, listed(got))
			}
		}
		for _, ref := range not {
			if slices.Contains(got, ref) {
				p.fault(n, codeOther, "the worklist of %s: %s must not be on it, found %s", key.Value, ref, listed(got))
			}
		}
		for _, ref := range got {
			if only && !slices.Contains(want, ref) {
				p.fault(n, codeOther, "the worklist of %s: expected only %s, found %s as well", key.Value, listed(want), ref)
			}
		}
		return nil
	}}
}

func listed(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}

// worklist lists what stands on a worklist now, by what each row is about. What
// is late is marked, and so is what climbed there.
func (p *play) worklist(of string) ([]string, error) {
	var items []care.Item
	if strings.Contains(of, "/") {
		_, post := whoAt(of)
		rows, err := p.world.itemsAt(post)
		if err != nil {
			return nil, err
		}
		items = rows
	} else {
		home, _ := p.cast.home(of)
		page, err := casework.View(p.world.ctx, p.world.service, professional(of, home), casework.WorkQuery{Size: 200})
		if r, refused := care.AsRefusal(err); refused && r.Kind == care.Denied {
			return nil, nil // somebody who holds no post today has no worklist
		}
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			items = append(items, row.Item)
		}
	}
	var refs []string
	for _, i := range items {
		refs = append(refs, i.Ref)
		if !i.Due.After(p.world.clock.Now()) {
			refs = append(refs, i.Ref+" late")
		}
		if i.Kind == care.EscalationItem {
			refs = append(refs, i.Ref+" climbed")
		}
	}
	slices.Sort(refs)
	return slices.Compact(refs), nil
}

// sentences compares what the patient reads. To look, the patient opens the
// page; what must reach them there has then reached them.
func (r *exampleReader) sentences(all *[]expectation) func(*yaml.Node) {
	return func(n *yaml.Node) {
		r.list(n, func(sentence *yaml.Node) { r.text(sentence) })
		*all = append(*all, expectation{func(p *play) error {
			if p.stage.say == nil {
				p.fault(n, codeNotSaid, "nobody here says what the patient reads, so it cannot be compared")
				return nil
			}
			plan, err := casework.View(p.world.ctx, p.world.service, p.reader, casework.MyPlan{})
			if err != nil {
				return err
			}
			said := p.stage.say(plan, p.person.reads)
			p.list(n, func(want *yaml.Node) {
				if !slices.Contains(said, p.text(want)) {
					p.fault(want, codeNotSaid, "the patient does not read %q; they read:\n  %s", p.text(want), strings.Join(said, "\n  "))
				}
			})
			return nil
		}})
	}
}

// lastDay is the date people are shown for a deadline.
func (p *play) lastDay(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return p.cal().LastDay(t).String()
}

func (p *play) day(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return p.cal().Date(t).String()
}

func (s *stage) stepIDs() []string {
	return s.idsOf(func(d *pathway.Definition, add func(string)) {
		for _, x := range d.Steps {
			add(string(x.ID))
		}
	})
}

func (s *stage) clockIDs() []string {
	return s.idsOf(func(d *pathway.Definition, add func(string)) {
		for _, x := range d.Clocks {
			add(string(x.ID))
		}
	})
}

func (s *stage) milestoneIDs() []string {
	return s.idsOf(func(d *pathway.Definition, add func(string)) {
		for _, x := range d.Milestones {
			add(string(x.ID))
		}
	})
}

// idsOf lists the names in every pathway that was given: a journey may move.
func (s *stage) idsOf(collect func(*pathway.Definition, func(string))) []string {
	var ids []string
	for _, d := range s.defs {
		collect(d, func(id string) { ids = append(ids, id) })
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
