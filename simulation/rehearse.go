package simulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"go.yaml.in/yaml/v4"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
	"forlop/store/memory"
)

// exampleFile is where a pathway folder keeps its example journeys.
const exampleFile = "test.yaml"

// Sentences are what a patient with this plan reads, in a language, one by one.
type Sentences func(casework.Plan, care.Language) []string

// Rehearsal is what came of a folder's examples.
type Rehearsal struct {
	Pathway  pathway.Ref
	Outcomes []Outcome
	// Coverage is how much of the pathway the examples reach; nothing where none
	// was acted out.
	Coverage Coverage
	// Findings are about the file as a whole, and, as warnings, about steps,
	// answers, endings and table rows that no example reaches. Those about an example stand
	// in its Outcome.
	Findings []pathway.Finding
}

// Outcome is what came of one example.
type Outcome struct {
	Name string
	// Acts and Checks count what was done and what was compared.
	Acts, Checks int
	// Days is how much time passed in it.
	Days int
	// Left says that the example was not acted out, because it needs a pathway
	// that was not given.
	Left     bool
	Findings []pathway.Finding
}

// Failed reports whether anything was otherwise than the example says.
func (o Outcome) Failed() bool { return pathway.HasErrors(o.Findings) }

// All lists every finding as a reader of the file meets them.
func (r Rehearsal) All() []pathway.Finding {
	all := slices.Clone(r.Findings)
	for _, o := range r.Outcomes {
		all = append(all, o.Findings...)
	}
	slices.SortStableFunc(all, func(a, b pathway.Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	return all
}

// Rehearse acts out the examples in a pathway folder's test.yaml, each in a
// world of its own, through casework and under a virtual clock. others are the
// folders of pathways that a journey may move to. say gives the sentences the
// patient reads; without it, an example that expects some fails.
//
// What is wrong with the folder or its examples are findings. An error is our
// own fault.
func Rehearse(ctx context.Context, folder fs.FS, others []fs.FS, say Sentences) (Rehearsal, error) {
	s, examples, err := newStage(folder, others, say)
	if err != nil {
		return Rehearsal{}, err
	}
	r := Rehearsal{Findings: s.findings}
	if s.def == nil {
		return r, nil
	}
	r.Pathway = s.def.Ref
	for _, e := range examples {
		o, _, err := s.act(ctx, e)
		if err != nil {
			return r, fmt.Errorf("simulation: the example %q of %s: %w", e.name, s.def.Ref, err)
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	if len(r.Outcomes) > 0 {
		covered, never := s.cover.never(folder)
		r.Coverage, r.Findings = covered, append(r.Findings, never...)
	}
	return r, nil
}

// stage is what every example of a file shares.
type stage struct {
	*page
	def     *pathway.Definition
	folders []fs.FS
	defs    []*pathway.Definition
	usual   cast
	say     Sentences
	cover   *cover
}

// newStage reads a folder and its examples. Where there is nothing to act out, the
// stage has no definition, and its findings say why.
func newStage(folder fs.FS, others []fs.FS, say Sentences) (*stage, []*example, error) {
	def, findings := pathway.LoadOver(folder, among(others))
	if def == nil || pathway.HasErrors(findings) {
		return &stage{page: &page{file: exampleFile, findings: findings}}, nil, nil
	}
	if _, err := fs.Stat(folder, exampleFile); errors.Is(err, fs.ErrNotExist) {
		p := &page{file: exampleFile}
		p.faultAt(0, 0, codeNeverTried, "there is no %s, so no example was acted out", exampleFile)
		return &stage{page: p}, nil, nil
	}
	p, root := readPage(folder, exampleFile)
	usual, err := readUsualCast(def.Regime)
	if err != nil {
		return nil, nil, err
	}
	s := &stage{page: p, def: def, folders: []fs.FS{folder}, defs: []*pathway.Definition{def}, usual: usual, say: say, cover: newCover(def)}
	if root == nil {
		return s, nil, nil
	}
	// Reading every other pathway takes longer than acting out ten examples.
	if def.Extends == (pathway.Ref{}) && !movesOn(root) {
		others = nil
	}
	for _, other := range others {
		if d, _ := pathway.LoadOver(other, among(others)); d != nil && d.Ref.String() != def.Ref.String() {
			s.folders, s.defs = append(s.folders, other), append(s.defs, d)
		}
	}
	for _, d := range s.defs {
		if d.Ref == def.Extends {
			s.cover.below = d
		}
	}
	examples := s.read(root)
	return s, examples, nil
}

// movesOn reports whether a line anywhere below a node moves a journey.
func movesOn(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "move" || slices.ContainsFunc(n.Content, movesOn)
}

// among finds the version that a local layer lies over among folders.
func among(folders []fs.FS) func(id, version string) (fs.FS, bool) {
	return func(id, version string) (fs.FS, bool) {
		for _, folder := range folders {
			if d, _ := pathway.Load(folder); d != nil && d.ID == id && d.Version == version {
				return folder, true
			}
		}
		return nil, false
	}
}

// act acts out one example and answers the world it left behind.
func (s *stage) act(ctx context.Context, e *example) (Outcome, *world, error) {
	o := Outcome{Name: e.name, Findings: e.wrong}
	if missing := e.needs(s.defs); missing != nil {
		o.Left = true
		p := &page{file: s.file}
		p.fault(missing, codeNotGiven, "this example needs the pathway %s and was not acted out: give its folder too", missing.Value)
		o.Findings = append(o.Findings, p.findings...)
	}
	if o.Left || o.Failed() {
		return o, nil, nil
	}
	w, err := newWorld(ctx, memory.Open(), e.start, s.foldersFor(e)...)
	if err != nil {
		return o, nil, err
	}
	if err := w.enter(e.cast, s.def.Regime); err != nil {
		return o, w, err
	}
	play := &play{example: e, stage: s, world: w, page: &page{file: s.file}, labels: map[string]labelled{}}
	if err := play.run(); err != nil {
		return o, w, err
	}
	o.Acts, o.Checks, o.Findings = play.acts, play.checks, append(o.Findings, play.findings...)
	o.Days = int(w.clock.Now().Sub(e.start).Hours() / 24)
	return o, w, nil
}

// foldersFor are the pathways that an example needs published: the one it is
// about, those it moves to, and before each layer the version it lies over.
func (s *stage) foldersFor(e *example) []fs.FS {
	var below, needed []fs.FS
	for i, d := range s.defs {
		moves := slices.ContainsFunc(e.moves(), func(to *yaml.Node) bool { return refOf(to.Value).String() == d.Ref.String() })
		under := slices.ContainsFunc(s.defs, func(over *pathway.Definition) bool { return over.Extends.String() == d.Ref.String() })
		switch {
		case under:
			below = append(below, s.folders[i])
		case i == 0 || moves:
			needed = append(needed, s.folders[i])
		}
	}
	return append(below, needed...)
}
