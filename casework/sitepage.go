package casework

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"forlop/care"
	"forlop/pathway"
)

// sitePage is a site file being read, and what is found in it. A finding has the
// place of the word it is about.
type sitePage struct {
	file string
	// files are all that are read together, in the order in which they are given.
	files []string
	found []pathway.Finding
}

func (p *sitePage) order(f pathway.Finding) int { return slices.Index(p.files, f.File) }

// siteKey is a key that may stand in a mapping, and what reads its value.
type siteKey struct {
	name string
	read func(*yaml.Node)
}

func (p *sitePage) fault(at spot, code, format string, args ...any) {
	p.add(at, pathway.SeverityError, code, format, args...)
}

func (p *sitePage) warn(at spot, code, format string, args ...any) {
	p.add(at, pathway.SeverityWarning, code, format, args...)
}

func (p *sitePage) add(at spot, severity, code, format string, args ...any) {
	p.found = append(p.found, pathway.Finding{
		File: cmp.Or(at.file, p.file), Line: at.line, Col: at.col, Code: code, Severity: severity, Message: fmt.Sprintf(format, args...),
	})
}

// sorted are the findings from top to bottom; those about the database alone
// come last.
func (p *sitePage) sorted() []pathway.Finding {
	slices.SortStableFunc(p.found, func(a, b pathway.Finding) int {
		if (a.Line == 0) != (b.Line == 0) {
			return cmp.Compare(b.Line, a.Line)
		}
		return cmp.Or(cmp.Compare(p.order(a), p.order(b)), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	return p.found
}

// keys reads a mapping, and reports whether it is one. An unknown key and one
// that stands twice are refused.
func (p *sitePage) keys(n *yaml.Node, known []siteKey) bool {
	if n.Kind != yaml.MappingNode {
		p.fault(spot{n.Line, n.Column, p.file}, "wrong-type", "expected keys with values, found %s", whatStands(n))
		return false
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = k.name
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := spot{key.Line, key.Column, p.file}
		k := slices.IndexFunc(known, func(k siteKey) bool { return k.name == key.Value })
		switch line, twice := seen[key.Value]; {
		case k < 0 || key.Kind != yaml.ScalarNode:
			p.fault(at, "key-unknown", "there is no key %s here%s", whatStands(key), expected(key.Value, names))
		case twice:
			p.fault(at, "key-twice", "%q stands twice; the first is on line %d", key.Value, line)
		default:
			seen[key.Value] = key.Line
			known[k].read(value)
		}
	}
	return true
}

func (p *sitePage) list(n *yaml.Node, what string, each func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		p.fault(spot{n.Line, n.Column, p.file}, "wrong-type", "expected %s, found %s", what, whatStands(n))
		return
	}
	for _, c := range n.Content {
		each(c)
	}
}

// public reads a text that may be empty: written so, what was said before is
// taken away.
func (p *sitePage) public(into *word) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
			p.fault(spot{n.Line, n.Column, p.file}, "wrong-type", `expected a text, found %s; write "" to say nothing`, whatStands(n))
			return
		}
		*into = word{strings.TrimSpace(n.Value), true, spot{n.Line, n.Column, p.file}}
	}
}

// into reads a text that may not be empty.
func (p *sitePage) into(w *word) func(*yaml.Node) {
	return func(n *yaml.Node) {
		// given also where it is wrong, so that it is not missed as well.
		*w = word{"", true, spot{n.Line, n.Column, p.file}}
		if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" || strings.TrimSpace(n.Value) == "" {
			p.fault(w.at, "wrong-type", "expected a text, found %s", whatStands(n))
			return
		}
		w.text = strings.TrimSpace(n.Value)
	}
}

func (p *sitePage) regime(n *yaml.Node) word {
	var w word
	p.into(&w)(n)
	if w.text != "" && w.text != string(care.Norway) && w.text != string(care.Sweden) {
		p.fault(w.at, "regime-unknown", "%q is no regime: write NO or SE", w.text)
		w.text = ""
	}
	return w
}

func (p *sitePage) day(n *yaml.Node) siteDay {
	var d siteDay
	p.into(&d.word)(n)
	if d.text == "" {
		return siteDay{}
	}
	date, err := care.ParseDate(d.text)
	if err != nil {
		p.fault(d.at, "date", "%q is not a date: write it as 2026-01-31", d.text)
		return siteDay{}
	}
	d.date = date
	return d
}

// need refuses a value that is not there.
func (p *sitePage) need(w word, at spot, key, why string) {
	if !w.given {
		p.fault(at, "missing", "%s is missing: %s", key, why)
	}
}

// known warns of a word that is not among those that mean something.
func (p *sitePage) known(w word, code, what string, allowed []string) {
	if !slices.Contains(allowed, w.text) {
		p.warn(w.at, code, "%s %q%s", what, w.text, expected(w.text, allowed))
	}
}

// expected is the end of a message: the nearest name, and all there are.
func expected(written string, allowed []string) string {
	if len(allowed) == 0 {
		return "; there is none"
	}
	const most = 24
	all := strings.Join(allowed[:min(len(allowed), most)], ", ")
	if len(allowed) > most {
		all += fmt.Sprintf(" and %d more", len(allowed)-most)
	}
	if near := pathway.Nearest(written, allowed); near != "" {
		return fmt.Sprintf("; did you mean %q? Expected one of: %s", near, all)
	}
	return ". Expected one of: " + all
}

func whatStands(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys with values"
	case yaml.SequenceNode:
		return "a list"
	}
	if n.Value == "" || n.ShortTag() == "!!null" {
		return "nothing"
	}
	return fmt.Sprintf("%q", n.Value)
}
