package questionnaire

import (
	"slices"
	"strings"

	"forlop/care"

	"go.yaml.in/yaml/v4"
)

func (r *reader) definition(d *Definition, root *yaml.Node) {
	r.answers, r.points, r.used = map[string][]int{}, map[string]map[int]int{}, map[string]bool{}
	var items, sums, languages *yaml.Node
	later := func(to **yaml.Node) func(*yaml.Node) { return func(n *yaml.Node) { *to = n } }
	r.keys(root, "a questionnaire",
		key{"questionnaire", true, r.name(&d.ID)},
		key{"version", true, r.text(&d.Version)},
		key{"title", true, r.text(&d.Title)},
		key{"short", true, r.text(&d.Short)},
		key{"source", true, func(n *yaml.Node) {
			r.keys(n, "a source", key{"publisher", true, r.text(&d.Source.Publisher)}, key{"title", true, r.text(&d.Source.Title)}, key{"url", false, r.text(&d.Source.URL)})
		}},
		key{"licence", true, r.text(&d.Licence)},
		key{"attribution", true, r.text(&d.Attribution)},
		key{"for", true, r.text(&d.For)},
		key{"minutes", false, func(n *yaml.Node) {
			r.keys(n, "minutes", key{"n", true, r.number(&d.Minutes)}, key{"source", true, r.text(&d.MinutesSource)})
		}},
		key{"answers", false, r.readAnswers},
		key{"points", false, r.readPoints},
		key{"items", true, later(&items)},
		key{"sums", false, later(&sums)},
		key{"languages", true, later(&languages)},
	)
	if items == nil || languages == nil || len(r.findings) > 0 {
		return
	}
	r.readItems(d, items)
	if sums != nil && len(r.findings) == 0 {
		r.readSums(d, sums)
	}
	if len(r.findings) == 0 {
		r.readLanguages(d, languages)
	}
}

func (r *reader) readAnswers(n *yaml.Node) {
	r.each(n, "answers", func(name, value *yaml.Node) {
		var id string
		r.name(&id)(name)
		var values []int
		for _, v := range r.list(value, "a list of values") {
			var x int
			r.number(&x)(v)
			if slices.Contains(values, x) {
				r.fault(v, "Q102", "the value %d stands twice", x)
			}
			values = append(values, x)
		}
		if len(values) > mostValues || len(values) == 1 {
			r.fault(value, "Q106", "a list has two to %d values", mostValues)
		}
		r.answers[id] = values
	})
}

func (r *reader) readPoints(n *yaml.Node) {
	r.each(n, "points", func(name, value *yaml.Node) {
		var id string
		r.name(&id)(name)
		table := map[int]int{}
		r.each(value, "points of each value", func(from, to *yaml.Node) {
			var x, y int
			r.number(&x)(from)
			r.number(&y)(to)
			table[x] = y
		})
		r.points[id] = table
	})
}

func (r *reader) readItems(d *Definition, n *yaml.Node) {
	list := r.list(n, "items")
	if len(list) > mostItems {
		r.fault(n, "Q106", "a questionnaire has at most %d questions", mostItems)
		return
	}
	for _, x := range list {
		var i Item
		var kind, points string
		from, to := false, false
		r.keys(x, "a question",
			key{"id", true, r.name(&i.ID)},
			key{"kind", true, r.text(&kind)},
			key{"from", false, func(n *yaml.Node) { from = true; r.number(&i.From)(n) }},
			key{"to", false, func(n *yaml.Node) { to = true; r.number(&i.To)(n) }},
			key{"answers", false, r.name(&i.Answers)},
			key{"stem", false, r.name(&i.Stem)},
			key{"alert", false, r.number(&i.Alert)},
			key{"concerns-some", false, r.truth(&i.Concerns)},
			key{"points", false, r.name(&points)},
		)
		i.Kind = Kind(kind)
		if _, twice := d.Item(i.ID); twice {
			r.fault(x, "Q102", "the question %q stands twice", i.ID)
		}
		ranged := i.Kind == Scale || i.Kind == Number
		switch {
		case !slices.Contains(kinds, i.Kind):
			r.fault(x, "Q107", "%q is no kind of question: use scale, choice, number or yes-no", kind)
		case ranged != (from && to) || !ranged && (from || to):
			r.fault(x, "Q107", "a scale and a number have from and to, and nothing else has")
		case ranged && (i.From >= i.To || i.Kind == Scale && i.To-i.From > mostValues):
			r.fault(x, "Q107", "from is below to, and a scale has at most %d steps", mostValues)
		case (i.Kind == Choice) != (i.Answers != ""):
			r.fault(x, "Q107", "a choice names its answers, and nothing else does")
		}
		if i.Answers != "" {
			if i.Values = r.answers[i.Answers]; i.Values == nil {
				r.fault(x, "Q108", "there are no answers called %q", i.Answers)
			}
			r.used[i.Answers] = true
		}
		if points != "" {
			if i.Points = r.points[points]; i.Points == nil {
				r.fault(x, "Q108", "there are no points called %q", points)
			}
			for _, v := range i.Values {
				if _, ok := i.Points[v]; !ok && i.Points != nil {
					r.fault(x, "Q108", "the points %q say nothing of the value %d", points, v)
				}
			}
		}
		d.Items = append(d.Items, i)
	}
}

func (r *reader) readSums(d *Definition, n *yaml.Node) {
	for _, x := range r.list(n, "sums") {
		var s Sum
		var rule string
		r.keys(x, "a sum",
			key{"id", true, r.name(&s.ID)},
			key{"rule", true, r.text(&rule)},
			key{"of", true, func(n *yaml.Node) {
				for _, v := range r.list(n, "of") {
					var id string
					r.name(&id)(v)
					if _, ok := d.Item(id); !ok {
						r.fault(v, "Q108", "there is no question called %q", id)
					}
					if slices.Contains(s.Of, id) {
						r.fault(v, "Q102", "%q stands twice", id)
					}
					s.Of = append(s.Of, id)
				}
			}},
			key{"answered", true, r.number(&s.Answered)},
		)
		s.Rule = SumRule(rule)
		if s.Rule != AddUp && s.Rule != Mean {
			r.fault(x, "Q107", "%q is no rule: use sum or mean", rule)
		}
		if s.Answered < 1 || s.Answered > len(s.Of) {
			r.fault(x, "Q107", "answered is from 1 to the number of questions")
		}
		if slices.ContainsFunc(d.Sums, func(o Sum) bool { return o.ID == s.ID }) {
			r.fault(x, "Q102", "the sum %q stands twice", s.ID)
		}
		d.Sums = append(d.Sums, s)
	}
}

func (r *reader) readLanguages(d *Definition, n *yaml.Node) {
	r.each(n, "languages", func(name, value *yaml.Node) {
		code := care.Language(name.Value)
		if !slices.Contains(care.Languages, code) {
			r.fault(name, "Q109", "%q is not one of the languages nb, nn, sv and en", name.Value)
			return
		}
		if value.Kind == yaml.MappingNode && len(value.Content) > 0 && value.Content[0].Value == "absent" {
			var a Absence
			r.keys(value, "an absent language", key{"absent", true, r.text(&a.Why)}, key{"find", true, r.text(&a.Find)})
			d.Absent[code] = a
			return
		}
		d.Texts[code] = r.readText(d, value)
	})
	for _, code := range care.Languages {
		if _, absent := d.Absent[code]; d.Texts[code] == nil && !absent {
			r.fault(n, "Q109", "say what holds in %q: its wording, or absent and where to find it", string(code))
		}
	}
	if len(d.Texts) == 0 {
		r.fault(n, "Q109", "there is no wording in any language")
	}
}

func (r *reader) readText(d *Definition, n *yaml.Node) *Text {
	t := &Text{Stems: map[string]string{}, Items: map[string]string{}, Answers: map[string][]string{}, Ends: map[string][2]string{}, Sums: map[string]string{}}
	words := func(to map[string]string) func(*yaml.Node) {
		return func(n *yaml.Node) {
			r.each(n, "words", func(name, value *yaml.Node) {
				var s string
				r.text(&s)(value)
				to[name.Value] = s
			})
		}
	}
	lists := func(value *yaml.Node) []string {
		var out []string
		for _, v := range r.list(value, "a list of words") {
			var s string
			r.text(&s)(v)
			out = append(out, s)
		}
		return out
	}
	r.keys(n, "a wording",
		key{"source", true, r.text(&t.Source)},
		key{"name", true, r.text(&t.Name)},
		key{"stems", false, words(t.Stems)},
		key{"items", true, words(t.Items)},
		key{"answers", false, func(n *yaml.Node) {
			r.each(n, "answers", func(name, value *yaml.Node) { t.Answers[name.Value] = lists(value) })
		}},
		key{"ends", false, func(n *yaml.Node) {
			r.each(n, "ends", func(name, value *yaml.Node) {
				ends := lists(value)
				if len(ends) != 2 {
					r.fault(value, "Q110", "a scale has a word for its lowest and one for its highest value")
					return
				}
				t.Ends[name.Value] = [2]string{ends[0], ends[1]}
			})
		}},
		key{"sums", false, words(t.Sums)},
	)
	r.whole(d, t, n)
	return t
}

// whole refuses a wording that lacks a word, and one for what is not there.
func (r *reader) whole(d *Definition, t *Text, n *yaml.Node) {
	var need, have []string
	for _, i := range d.Items {
		need = append(need, "items."+i.ID)
		if i.Stem != "" {
			need = append(need, "stems."+i.Stem)
		}
		if i.Kind == Scale {
			need = append(need, "ends."+i.ID)
		}
		if i.Kind == Choice {
			need = append(need, "answers."+i.Answers)
			if words, ok := t.Answers[i.Answers]; ok && len(words) != len(i.Values) {
				r.fault(n, "Q110", "answers.%s has %d words for %d values", i.Answers, len(words), len(i.Values))
			}
		}
	}
	for _, s := range d.Sums {
		need = append(need, "sums."+s.ID)
	}
	for of, m := range map[string]map[string]string{"items.": t.Items, "stems.": t.Stems, "sums.": t.Sums} {
		for name := range m {
			have = append(have, of+name)
		}
	}
	for name := range t.Answers {
		have = append(have, "answers."+name)
	}
	for name := range t.Ends {
		have = append(have, "ends."+name)
	}
	slices.Sort(need)
	slices.Sort(have)
	need = slices.Compact(need)
	var missing, spare []string
	for _, x := range need {
		if !slices.Contains(have, x) {
			missing = append(missing, x)
		}
	}
	for _, x := range have {
		if !slices.Contains(need, x) {
			spare = append(spare, x)
		}
	}
	if len(missing) > 0 {
		r.fault(n, "Q110", "the wording lacks %s", strings.Join(missing, ", "))
	}
	if len(spare) > 0 {
		r.fault(n, "Q110", "the wording has %s, which the questionnaire has not", strings.Join(spare, ", "))
	}
}
