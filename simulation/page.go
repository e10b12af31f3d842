package simulation

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"forlop/pathway"
)

// page is a YAML file being read, and what is wrong with it. A finding has the
// place of the word it is about.
type page struct {
	file     string
	findings []pathway.Finding
}

// Codes of findings about examples. The first are about how the file is
// written, the others about what happened when it was acted out.
const (
	codeUnreadable  = "T100" // the file cannot be read
	codeUnknownKey  = "T101" // a key, command, step or post that is not there
	codeWrongForm   = "T102" // a date, a number, a list that is none
	codeNotGiven    = "T103" // a pathway the example needs was not given
	codeRefused     = "T200" // an act was refused, or refused for another reason
	codeNotRefused  = "T201" // an act was carried out that must be refused
	codeFault       = "T202" // the program itself failed
	codeOther       = "T210" // something is otherwise than expected
	codeNotSaid     = "T211" // the patient does not read a sentence
	codeNeverTried  = "T300" // no example reaches a step, an answer or an ending
	severityError   = pathway.SeverityError
	severityWarning = pathway.SeverityWarning
)

// readPage reads a file; nil where there is nothing to read in it.
func readPage(folder fs.FS, file string) (*page, *yaml.Node) {
	p := &page{file: file}
	text, err := fs.ReadFile(folder, file)
	if err != nil {
		p.faultAt(0, 0, codeUnreadable, "the file cannot be read: %s", err)
		return p, nil
	}
	root := p.parse(text)
	return p, root
}

func (p *page) parse(text []byte) *yaml.Node {
	loader, err := yaml.NewLoader(bytes.NewReader(text))
	if err != nil {
		p.faultAt(0, 0, codeUnreadable, "%s", err)
		return nil
	}
	var document yaml.Node
	if err := loader.Load(&document); err != nil {
		p.faultAt(1, 1, codeUnreadable, "this is not YAML: %s", err)
		return nil
	}
	root := &document
	if root.Kind == yaml.DocumentNode && len(root.Content) > 0 {
		root = root.Content[0]
	}
	return root
}

func (p *page) fault(n *yaml.Node, code, format string, args ...any) {
	if n == nil {
		n = &yaml.Node{}
	}
	p.faultAt(n.Line, n.Column, code, format, args...)
}

func (p *page) faultAt(line, col int, code, format string, args ...any) {
	severity := severityError
	if code == codeNeverTried || code == codeNotGiven {
		severity = severityWarning
	}
	p.findings = append(p.findings, pathway.Finding{
		File: p.file, Line: line, Col: col, Code: code, Severity: severity, Message: fmt.Sprintf(format, args...),
	})
}

// pairs visits a mapping's keys and values in the order of the file.
func (p *page) pairs(n *yaml.Node, visit func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		p.fault(n, codeWrongForm, "expected keys with values, found %s", what(n))
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		visit(n.Content[i], n.Content[i+1])
	}
}

// keys visits a mapping whose keys are known: an unknown one is a finding that
// lists the allowed ones.
func (p *page) keys(n *yaml.Node, known map[string]func(*yaml.Node)) {
	p.pairs(n, func(key, value *yaml.Node) {
		if read, ok := known[key.Value]; ok {
			read(value)
			return
		}
		p.unknown(key, "key", sorted(known))
	})
}

func (p *page) unknown(n *yaml.Node, sort string, allowed []string) {
	p.fault(n, codeUnknownKey, "there is no %s %q here; there are: %s", sort, n.Value, strings.Join(allowed, ", "))
}

// list visits the elements of a list; a single value is a list of one.
func (p *page) list(n *yaml.Node, visit func(*yaml.Node)) {
	switch n.Kind {
	case yaml.SequenceNode:
		for _, c := range n.Content {
			visit(c)
		}
	case yaml.ScalarNode:
		if n.Value != "none" && n.ShortTag() != "!!null" {
			visit(n)
		}
	default:
		p.fault(n, codeWrongForm, "expected a list, found %s", what(n))
	}
}

// words reads a list of words; none is the empty list.
func (p *page) words(n *yaml.Node) []string {
	out := []string{}
	p.list(n, func(c *yaml.Node) { out = append(out, p.text(c)) })
	return out
}

func (p *page) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		p.fault(n, codeWrongForm, "expected a text, found %s", what(n))
		return ""
	}
	return strings.TrimSpace(n.Value)
}

func what(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys with values"
	case yaml.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("%q", n.Value)
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (p *page) plainInt(n *yaml.Node, into *int) {
	i, err := strconv.Atoi(n.Value)
	if err != nil {
		p.fault(n, codeWrongForm, "expected a number, found %s", what(n))
	}
	*into = i
}
