package pathway

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// reader holds what is found while one file is read.
type reader struct {
	file       string
	src        []byte
	where      positions
	findings   []Finding
	conditions []pendingCondition
	cells      []pendingCell
	rows       []pendingCell
	// tablesFrom is the first table that this file holds.
	tablesFrom int
}

// pendingCondition is a condition that waits for the rest of the file to be
// read. Until it is compiled it can answer nothing, so a faulty one is never
// taken for a step without a condition.
type pendingCondition struct {
	condition *Condition
	node      *yaml.Node
}

// Limits of one file, so that a file from elsewhere cannot tie us up. Ours; the
// largest shipped file is far below them.
const (
	longestFile = 1 << 20 // bytes
	deepest     = 20      // mappings and lists inside each other
)

// ParseYAML reads another YAML file of ours as strictly as a pathway's own, so
// that whoever writes one knows both. The root is a mapping; it is nil where
// there is nothing that could be read further, and the findings say why.
func ParseYAML(file string, src []byte) (*yaml.Node, []Finding) {
	r := &reader{file: file, src: src}
	root := r.parse()
	return root, sortFindings(r.findings)
}

// parse reads the bytes into a node tree and refuses what a reader cannot see
// on the page: anchors, aliases, merges, tags and further documents.
func (r *reader) parse() *yaml.Node {
	if len(r.src) > longestFile {
		r.faultAt(0, 0, "E100", "the file is larger than %d bytes", longestFile)
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(r.src))
	if err != nil {
		r.faultAt(0, 0, "E100", "%s", err)
		return nil
	}
	var document yaml.Node
	if err := loader.Load(&document); err != nil {
		if errors.Is(err, io.EOF) {
			r.faultAt(1, 1, "E100", "the file is empty")
			return nil
		}
		r.loadError(err)
		return nil
	}
	var more yaml.Node
	if err := loader.Load(&more); err == nil {
		r.faultAt(max(more.Line, 1), 1, "E110", "a file holds one document: remove this \"---\" and what follows")
	} else if !errors.Is(err, io.EOF) {
		r.loadError(err)
		return nil
	}
	root := &document
	if root.Kind == yaml.DocumentNode {
		if len(root.Content) == 0 {
			r.faultAt(1, 1, "E100", "the file is empty")
			return nil
		}
		root = root.Content[0]
	}
	if !r.plain(root, 0) {
		return nil
	}
	if root.Kind != yaml.MappingNode {
		r.wrongType(root, "a mapping of keys and values")
		return nil
	}
	return root
}

func (r *reader) loadError(err error) {
	var all *yaml.LoadErrors
	if errors.As(err, &all) && len(all.Errors) > 0 {
		for _, e := range all.Errors {
			r.faultAt(e.Mark.Line, e.Mark.Column, "E100", "this is not YAML: %s", e.Message)
		}
		return
	}
	var one *yaml.LoadError
	if errors.As(err, &one) {
		r.faultAt(one.Mark.Line, one.Mark.Column, "E100", "this is not YAML: %s", one.Message)
		return
	}
	r.faultAt(1, 1, "E100", "this is not YAML: %s", firstLine(err.Error()))
}

// plain refuses what hides meaning. It reports false where the tree is not safe
// to walk.
func (r *reader) plain(n *yaml.Node, depth int) bool {
	if depth > deepest {
		r.fault(n, "E100", "the file is nested deeper than %d levels", deepest)
		return false
	}
	ok := true
	if n.Kind == yaml.AliasNode {
		r.fault(n, "E104", "aliases (*%s) are not used here: write the value out, so that the file reads from top to bottom", n.Value)
		return false
	}
	if n.Anchor != "" {
		r.fault(n, "E104", "anchors (&%s) are not used here: write the value out where it is needed", n.Anchor)
		ok = false
	}
	if n.Style&yaml.TaggedStyle != 0 {
		r.fault(n, "E104", "tags (%s) are not used here", n.Tag)
		ok = false
	}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && (c.ShortTag() == "!!merge" || c.Value == "<<") {
			r.fault(c, "E104", "merge keys (<<) are not used here: write the values out")
			ok = false
		}
		ok = r.plain(c, depth+1) && ok
	}
	return ok
}

// pairs visits the keys of a mapping in the order of the file; a key that
// stands twice is refused and visited once.
func (r *reader) pairs(n *yaml.Node, _ string, visit func(name, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.wrongType(n, "a mapping of keys and values")
		return
	}
	first := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		if name.Kind != yaml.ScalarNode {
			r.fault(name, "E103", "a key must be a plain word")
			continue
		}
		if before, twice := first[name.Value]; twice {
			r.fault(name, "E102", "%q stands twice; the first is on line %d", name.Value, before.Line)
			continue
		}
		first[name.Value] = name
		visit(name, value)
	}
}

// under marks where a key and its value stand and gives their path.
func (r *reader) under(name, value *yaml.Node, path string) string {
	p := join(path, name.Value)
	r.mark(name, p)
	r.mark(value, p+"=")
	return p
}

func (r *reader) mark(n *yaml.Node, path string) {
	if r.file != structureFile {
		path = r.file + ":" + path
	}
	r.where[path] = place{r.file, n.Line, n.Column}
}

func (r *reader) fault(n *yaml.Node, code, format string, args ...any) {
	r.faultAt(n.Line, n.Column, code, format, args...)
}

func (r *reader) faultAt(line, col int, code, format string, args ...any) {
	r.findings = append(r.findings, Finding{
		File: r.file, Line: line, Col: col, Code: code, Severity: SeverityError, Message: fmt.Sprintf(format, args...),
	})
}

func (r *reader) wrongType(n *yaml.Node, wanted string) {
	hint := ""
	if n.Kind == yaml.ScalarNode && n.ShortTag() != "!!str" && n.ShortTag() != "!!null" && strings.HasPrefix(wanted, "text") {
		hint = "; put it in quotes: \"" + n.Value + "\""
	}
	r.fault(n, "E103", "expected %s, found %s%s", wanted, whatItIs(n), hint)
}

func whatItIs(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!bool":
		return n.Value
	case "!!int", "!!float":
		return "the number " + n.Value
	case "!!timestamp":
		return "the date " + n.Value
	}
	return fmt.Sprintf("%q", n.Value)
}

func (r *reader) checkID(n *yaml.Node) bool {
	if n.Kind != yaml.ScalarNode || !validID.MatchString(n.Value) || len(n.Value) > longestID {
		r.fault(n, "E107", "%s is not a name: use small letters a to z, digits and hyphens, starting with a letter, at most %d characters", whatItIs(n), longestID)
		return false
	}
	return true
}

// compile compiles the conditions that were met, once everything they can name
// is known.
func (r *reader) compile(d *Definition) {
	if len(r.conditions) == 0 {
		return
	}
	l, err := newLanguage(d)
	if err != nil {
		first := r.conditions[0].node
		r.fault(first, "E111", "%s", err)
		return
	}
	for _, p := range r.conditions {
		c, problems := l.compile(p.node.Value)
		for _, problem := range problems {
			line, col := r.inside(p.node, problem.offset)
			r.faultAt(line, col, "E111", "%s", problem.message)
		}
		if len(problems) == 0 {
			*p.condition = *c
		}
	}
}

// inside finds the line and column of the character at offset in a scalar's
// value. Folding and quoting only change white space and a few marks, so the
// characters that are neither are counted in the file.
func (r *reader) inside(n *yaml.Node, offset int) (line, col int) {
	value := []rune(n.Value)
	solid := 0
	for _, c := range value[:min(offset, len(value))] {
		if !isBlank(c) {
			solid++
		}
	}
	atEnd := strings.TrimSpace(string(value[min(offset, len(value)):])) == ""
	line, col = n.Line, n.Column
	lines := strings.Split(string(r.src), "\n")
	if line < 1 || line > len(lines) {
		return line, col
	}
	rest := []rune(lines[line-1])
	at := min(max(col-1, 0), len(rest))
	block := n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if block {
		at = len(rest)
	} else if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		at++
	}
	for {
		for ; at < len(rest); at++ {
			if isBlank(rest[at]) {
				continue
			}
			if solid == 0 {
				return line, at + 1
			}
			if rest[at] == '\\' && n.Style&yaml.DoubleQuotedStyle != 0 {
				continue
			}
			if solid--; solid == 0 && atEnd {
				return line, at + 2
			}
		}
		if line >= len(lines) {
			return line, at + 1
		}
		line++
		rest, at = []rune(lines[line-1]), 0
	}
}

func isBlank(c rune) bool { return slices.Contains([]rune{' ', '\t', '\n', '\r'}, c) }
