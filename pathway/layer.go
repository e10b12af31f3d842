package pathway

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"go.yaml.in/yaml/v4"

	"forlop/care"
)

// LoadOver reads a pathway folder as Load does. Where its pathway.yaml begins
// with extends, the folder is a local layer: it is laid over the version it
// names, which base finds, and what it would loosen or change is refused.
//
// The pathway that comes of it is called after both, no.pain+fjord, with the
// layer's own version; Extends names the version below. Ref.Hash is the SHA-256
// of the base's hash and the layer's bytes. Findings in the base's own files
// carry its name and version before the file.
func LoadOver(folder fs.FS, base func(id, version string) (fs.FS, bool)) (*Definition, []Finding) {
	d, findings := loadOver(folder, base)
	return d, sortFindings(findings)
}

// CheckOver is LoadOver, and lints the whole.
func CheckOver(folder fs.FS, base func(id, version string) (fs.FS, bool)) (*Definition, []Finding) {
	d, findings := loadOver(folder, base)
	if d != nil {
		findings = append(findings, lint(d)...)
	}
	return d, sortFindings(findings)
}

func loadOver(folder fs.FS, base func(id, version string) (fs.FS, bool)) (*Definition, []Finding) {
	src, err := fs.ReadFile(folder, structureFile)
	if err != nil || !isLayer(src) {
		return load(folder)
	}
	r := &reader{file: structureFile, src: src, where: positions{}}
	root := r.parse()
	if root == nil {
		return nil, r.findings
	}
	var extends Ref
	key, value := entry(root, "extends")
	r.under(key, value, "")
	version(&extends).read(r, value, "extends")
	if extends.ID == "" {
		return nil, r.findings
	}
	files, ok := base(extends.ID, extends.Version)
	if !ok {
		r.fault(value, "E800", "the pathway %s that the layer lies over is not here", extends)
		return nil, r.findings
	}
	below, findings := load(files)
	if below == nil || HasErrors(findings) {
		r.fault(value, "E800", "the pathway %s has errors of its own, so nothing can lie over it", extends)
		return nil, append(r.findings, from(extends, findings)...)
	}
	if below.Ref.String() != extends.String() {
		r.fault(value, "E800", "the pathway that was found is %s, not %s", below.Ref, extends)
		return nil, r.findings
	}
	return compose(below, folder, src)
}

// isLayer reports whether a pathway.yaml is that of a local layer.
func isLayer(src []byte) bool {
	for line := range bytes.Lines(src) {
		if bytes.HasPrefix(line, []byte("extends:")) {
			return true
		}
	}
	return false
}

// entry is a key of a mapping and its value; two empty nodes where it is not
// there.
func entry(n *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; n != nil && n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return &yaml.Node{}, &yaml.Node{}
}

// from puts a version's name before the files of its findings.
func from(v Ref, findings []Finding) []Finding {
	out := slices.Clone(findings)
	for i := range out {
		out[i].File = v.String() + "/" + out[i].File
	}
	return out
}

// compose lays a layer over a definition, which it leaves as it is.
func compose(below *Definition, folder fs.FS, src []byte) (*Definition, []Finding) {
	d := below.copied()
	d.Extends = below.Ref
	d.unread = map[care.Language]bool{}
	d.where = positions{}
	for path, at := range below.where {
		at.file = below.Ref.String() + "/" + at.file
		d.where[path] = at
	}
	r := &reader{file: structureFile, src: src, where: positions{}, tablesFrom: len(d.Tables)}
	root := r.parse()
	if root == nil {
		return nil, r.findings
	}
	l := &layer{d: d, below: below, r: r}
	l.shape().read(r, root, "")
	maps.Copy(d.where, r.where)
	r.tables(d)
	r.compile(d)
	d.ID = below.ID + "+" + d.Layer
	d.Hash = hexHash([]byte(below.Hash + "\n" + string(src)))
	d.clockBases()
	return d, slices.Concat(r.findings, references(d), l.texts(folder))
}

// copied is a copy that can be added to without touching d.
func (d *Definition) copied() *Definition {
	c := *d
	c.Sources, c.Facts, c.Roles, c.Milestones = slices.Clone(d.Sources), slices.Clone(d.Facts), slices.Clone(d.Roles), slices.Clone(d.Milestones)
	c.Clocks, c.Steps, c.Choices, c.Cautions = slices.Clone(d.Clocks), slices.Clone(d.Steps), slices.Clone(d.Choices), slices.Clone(d.Cautions)
	c.Tables = slices.Clone(d.Tables)
	for i := range c.Choices {
		c.Choices[i].Options = slices.Clone(c.Choices[i].Options)
	}
	return &c
}

// layer is a layer being read.
type layer struct {
	d, below *Definition
	r        *reader
}

// national are the keys of a pathway that a layer has no say in.
var national = []string{"pathway", "regime", "status", "for", "ends", "overdue", "keep-old-plan", "codes"}

// LayerSchema is the JSON Schema of a local layer's pathway.yaml.
func LayerSchema() []byte {
	l := &layer{d: &Definition{}, below: &Definition{}}
	return schemaOf("pathway.yaml of a local layer", "What a region adds to a national pathway, and where it is quicker.", l.shape())
}

func (l *layer) shape() shape {
	d := l.d
	var extends Ref
	s := object(
		must("extends", "The version that the layer lies over, such as no.pain@2025.04.", version(&extends)),
		must("layer", "The name of the layer: whose it is. The pathway is then called no.pain+fjord.", id(&d.Layer)),
		must("version", `The layer's own version in quotes, such as "2026.01". The same version never changes.`, pattern(&d.Version, versionForm, `"2026.01"`)),
		must("review", "When the layer must be looked at again, and by whom.", reviewShape(d)),
		may("sources", "The texts that what is added rests on.", added(l, "One text.", l.hasSource, d.sourceShape)),
		may("facts", "Further values that conditions may read.", added(l, "One fact.", l.hasFact, d.factShape)),
		may("tables", "Further decision tables.", added(l, "One table.", l.hasTable, d.tableShape)),
		may("roles", "Further roles.", added(l, "One role.", l.hasRole, d.roleShape)),
		may("milestones", "Further milestones.", added(l, "One milestone.", l.hasMilestone, d.milestoneShape)),
		may("clocks", "Clocks of the layer's own, and tighter limits for national ones: start: {within: 10 weeks, source: …}.", l.over("One clock.", l.hasClock, l.clock, l.tighterClock)),
		may("steps", "Further steps, and tighter dates for national ones: midway-talk: {by: {within: 8 weeks, tag: proposed}}.", l.over("One step.", l.hasStep, d.stepShape, l.tighterStep)),
		may("choices", "Further choices, and further options of national ones.", l.over("One choice.", l.hasChoice, d.choiceShape, l.options)),
		may("cautions", "Further cautions.", added(l, "One caution.", l.hasCaution, d.cautionShape)),
	)
	read := s.read
	s.read = func(r *reader, n *yaml.Node, path string) {
		kept := *n
		kept.Content = nil
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key := n.Content[i]; slices.Contains(national, key.Value) {
				r.fault(key, "E804", "%q is the national text's: a layer adds and tightens, and has no say in it", key.Value)
				continue
			}
			kept.Content = append(kept.Content, n.Content[i], n.Content[i+1])
		}
		read(r, &kept, path)
	}
	return s
}

func (l *layer) hasSource(id string) bool { _, ok := l.below.Source(SourceID(id)); return ok }
func (l *layer) hasFact(id string) bool {
	_, ok := find(l.below.Facts, func(f *Fact) FactID { return f.ID }, FactID(id))
	return ok
}
func (l *layer) hasTable(id string) bool {
	_, ok := find(l.below.Tables, func(t *Table) FactID { return t.ID }, FactID(id))
	return ok
}
func (l *layer) hasRole(id string) bool      { _, ok := l.below.Role(RoleID(id)); return ok }
func (l *layer) hasMilestone(id string) bool { _, ok := l.below.Milestone(MilestoneID(id)); return ok }
func (l *layer) hasClock(id string) bool     { _, ok := l.below.Clock(ClockID(id)); return ok }
func (l *layer) hasStep(id string) bool      { _, ok := l.below.Step(StepID(id)); return ok }
func (l *layer) hasChoice(id string) bool    { _, ok := l.below.Choice(ChoiceID(id)); return ok }
func (l *layer) hasCaution(id string) bool   { _, ok := l.below.Caution(id); return ok }

// added is a mapping to which a layer can only add names.
func added(l *layer, about string, has func(string) bool, entry func(string) shape) shape {
	return l.over(about, has, entry, func(id string) shape {
		return shape{
			read: func(r *reader, n *yaml.Node, path string) {
				at := r.where[path]
				r.faultAt(at.line, at.col, "E802", "%q is in %s already: a layer adds, and changes nothing; choose another name", id, l.below.Ref)
			},
			schema: func() map[string]any { return map[string]any{} },
		}
	})
}

// over is a mapping in which a new name is added and a national one may be
// tightened.
func (l *layer) over(about string, has func(string) bool, add, tighten func(string) shape) shape {
	s := table(about, func(id string) shape {
		if has(id) {
			return tighten(id)
		}
		return add(id)
	})
	whole := s.schema
	s.schema = func() map[string]any {
		m := whole()
		if tighter := tighten("name").schema(); len(tighter) > 0 {
			tighter["description"] = "A national name, made tighter or added to."
			m["additionalProperties"] = map[string]any{"description": about, "anyOf": []any{described(add("name"), "A new name."), tighter}}
		}
		return m
	}
	return s
}

// clock is a clock of the layer's own.
func (l *layer) clock(name string) shape {
	s := l.d.clockShape(name)
	read := s.read
	s.read = func(r *reader, n *yaml.Node, path string) {
		read(r, n, path)
		if kind := last(l.d.Clocks).Kind; kind != OwnClock && kind != "" {
			_, value := entry(n, "kind")
			r.fault(value, "E803", "a clock that a layer adds is of kind own; what is %s stands in the national text", kind)
		}
	}
	return s
}

// only is a mapping of the few keys that a layer can say of something national.
// Every other key would change it.
func (l *layer) only(section, id string, keys ...key) shape {
	s := object(keys...)
	read := s.read
	allowed := ids(keys, func(k key) string { return k.name })
	s.read = func(r *reader, n *yaml.Node, path string) {
		kept := *n
		kept.Content = nil
		for i := 0; i+1 < len(n.Content); i += 2 {
			name, value := n.Content[i], n.Content[i+1]
			if !slices.Contains(allowed, name.Value) {
				r.fault(name, "E802", "a layer cannot say %q of %q under %s, which is in %s: it may only say %s", name.Value, id, section, l.below.Ref, inWords(allowed))
				continue
			}
			kept.Content = append(kept.Content, name, value)
		}
		read(r, &kept, path)
	}
	return s
}

func (l *layer) tighterClock(name string) shape {
	var within care.Span
	var basis Basis
	s := l.only("clocks", name, append([]key{must("within", "The tighter limit.", span(&within))}, basisKeys(&basis)...)...)
	read := s.read
	s.read = func(r *reader, n *yaml.Node, path string) {
		read(r, n, path)
		c, _ := l.d.Clock(ClockID(name))
		if l.tighter(n, path, within, c.Within) {
			c.Within, c.Basis = within, basis
			l.d.Tightened = append(l.d.Tightened, "clocks/"+name)
		}
	}
	return s
}

func (l *layer) tighterStep(name string) shape {
	var by By
	s := l.only("steps", name, must("by", "The tighter date: {within: …} and where it comes from.", with(&by.Basis, must("within", "How long from the day the step opens.", span(&by.Within)))))
	read := s.read
	s.read = func(r *reader, n *yaml.Node, path string) {
		read(r, n, path)
		step, _ := l.d.Step(StepID(name))
		_, value := entry(n, "by")
		if step.By.Clock != "" {
			r.fault(value, "E802", "the step %q has its date from the clock %q in %s: tighten the clock", name, step.By.Clock, l.below.Ref)
			return
		}
		if l.tighter(value, path+"/by", by.Within, step.By.Within) {
			step.By = by
			l.d.Tightened = append(l.d.Tightened, "steps/"+name)
		}
	}
	return s
}

// tighter reports whether the layer's limit is shorter, and refuses one that is
// not for certain.
func (l *layer) tighter(n *yaml.Node, path string, local, nation care.Span) bool {
	_, value := entry(n, "within")
	switch {
	case local.IsZero():
		return false // refused when read
	case local == nation:
		l.r.findings = append(l.r.findings, Finding{File: l.r.file, Line: value.Line, Col: value.Column, Code: "W805", Severity: SeverityWarning,
			Message: fmt.Sprintf("the national limit is %s; the layer says the same, and would hold it when the national one becomes shorter", nation)})
		return false
	case local.Unit == nation.Unit && local.N < nation.N, local.Unit != nation.Unit && most(local) <= least(nation):
		return true
	case local.Unit != nation.Unit && least(local) < most(nation):
		l.r.fault(value, "E801", "the national limit is %s; the layer says %s, and which of them is shorter depends on the day: write it in %s", nation, local, nation.Unit)
	default:
		l.r.fault(value, "E801", "the national limit is %s; the layer says %s: a layer may tighten and not loosen", nation, local)
	}
	return false
}

// least and most bound a span in calendar days. A week of nothing but holidays
// comes once at the most while working days are counted, so twice as many days
// and two weeks are always enough.
func least(s care.Span) int { return shortest(s) }

func most(s care.Span) int {
	if s.Unit == care.WorkingDays {
		return 2*s.N + 14
	}
	return longest(s)
}

// options are further options of a national choice.
func (l *layer) options(name string) shape {
	c, ok := l.d.Choice(ChoiceID(name))
	if !ok {
		c = &Choice{} // the schema is of any choice
	}
	return l.only("choices", name, must("options", "Further options.", l.over("One option.",
		func(id string) bool {
			old, ok := l.below.Choice(ChoiceID(name))
			return ok && slices.ContainsFunc(old.Options, func(o Option) bool { return o.ID == id })
		},
		func(id string) shape { return optionShape(c, id) },
		func(id string) shape {
			return shape{
				read: func(r *reader, _ *yaml.Node, path string) {
					at := r.where[path]
					r.faultAt(at.line, at.col, "E802", "the option %q is in %s already: a layer adds, and changes nothing", id, l.below.Ref)
				},
				schema: func() map[string]any { return map[string]any{} },
			}
		})))
}

// texts adds the layer's words to the national ones.
func (l *layer) texts(folder fs.FS) []Finding {
	own := &Definition{Texts: map[care.Language]*Text{}, where: positions{}, unread: map[care.Language]bool{}}
	findings := loadTextsWith(folder, own, layerTextShape)
	d := l.d
	d.Texts = map[care.Language]*Text{}
	for lang, t := range l.below.Texts {
		d.Texts[lang] = t.copied()
	}
	c := &checker{d: &Definition{where: own.where}}
	for _, lang := range care.Languages {
		mine, theirs := own.Texts[lang], d.Texts[lang]
		switch {
		case mine == nil:
			d.unread[lang] = own.unread[lang]
			continue
		case theirs == nil:
			theirs = newText(lang)
			d.Texts[lang] = theirs
		}
		w := &wording{c, textFile(lang)}
		merge(w, "roles", theirs.Roles, mine.Roles)
		merge(w, "milestones", theirs.Milestones, mine.Milestones)
		merge(w, "clocks", theirs.Clocks, mine.Clocks)
		merge(w, "steps", theirs.Steps, mine.Steps)
		merge(w, "cautions", theirs.Cautions, mine.Cautions)
		merge(w, "agenda", theirs.Agenda, mine.Agenda)
		merge(w, "facts", theirs.Facts, mine.Facts)
		merge(w, "tables", theirs.Tables, mine.Tables)
		merge(w, "pauses", theirs.Pauses, mine.Pauses)
		merge(w, "phones", theirs.Phones, mine.Phones)
		mergeChoices(w, theirs.Choices, mine.Choices)
		theirs.Revision = mine.Revision
		if mine.Title != "" {
			theirs.Title += " – " + mine.Title
		}
	}
	maps.Copy(d.where, own.where)
	d.TextHash = hexHash([]byte(l.below.TextHash + "\n" + own.TextHash))
	return append(findings, c.findings...)
}

// merge adds words for new names and refuses those that would replace national
// ones.
func merge[K ~string, V any](w *wording, section string, theirs, mine map[K]V) {
	for _, id := range sortedKeys(mine) {
		if _, ok := theirs[id]; ok {
			w.fault(section+"/"+string(id), "E806", "there are national words for %q under %s: a layer has words for what it adds", id, section)
			continue
		}
		theirs[id] = mine[id]
	}
}

func mergeChoices(w *wording, theirs, mine map[ChoiceID]ChoiceText) {
	for _, id := range sortedKeys(mine) {
		c, ok := theirs[id]
		if !ok {
			theirs[id] = mine[id]
			continue
		}
		if mine[id].Title != "" {
			w.fault("choices/"+string(id)+"/title", "E806", "there are national words for %q under choices: a layer has words for what it adds", id)
		}
		merge(w, "choices/"+string(id)+"/options", c.Options, mine[id].Options)
	}
}

// copied is a copy that words can be added to.
func (t *Text) copied() *Text {
	c := *t
	c.Roles, c.Milestones, c.Clocks, c.Steps = maps.Clone(t.Roles), maps.Clone(t.Milestones), maps.Clone(t.Clocks), maps.Clone(t.Steps)
	c.Cautions, c.Agenda, c.Facts, c.Tables = maps.Clone(t.Cautions), maps.Clone(t.Agenda), maps.Clone(t.Facts), maps.Clone(t.Tables)
	c.Pauses, c.Phones, c.Choices = maps.Clone(t.Pauses), maps.Clone(t.Phones), map[ChoiceID]ChoiceText{}
	for id, choice := range t.Choices {
		choice.Options = maps.Clone(choice.Options)
		c.Choices[id] = choice
	}
	return &c
}
