package questionnaire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"forlop/care"

	"go.yaml.in/yaml/v4"
)

// Finding is one thing that is wrong in a questionnaire's file, at one place.
type Finding struct {
	File      string
	Line, Col int
	Code      string
	Message   string
}

// String is the finding as a compiler would print it.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: error: %s: %s", f.File, f.Line, f.Col, f.Code, f.Message)
}

// Limits of one file, so that a file from elsewhere cannot tie us up. Ours; the
// longest shipped file is far below them.
const (
	longestFile = 1 << 18 // bytes
	mostItems   = 200
	longestText = 2000 // bytes of one sentence
	mostValues  = 100
)

var validID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Parse reads a questionnaire's file, strictly: an unknown or missing key, a wrong
// type, a sum of questions that are not there, a wording without all its words is
// a finding with its place. There is no definition where there is a finding.
func Parse(file string, src []byte) (*Definition, []Finding) {
	r := &reader{file: file}
	root := r.parse(src)
	if root == nil {
		return nil, r.findings
	}
	d := &Definition{Texts: map[care.Language]*Text{}, Absent: map[care.Language]Absence{}}
	r.definition(d, root)
	if len(r.findings) > 0 {
		slices.SortStableFunc(r.findings, func(a, b Finding) int { return a.Line*10000 + a.Col - b.Line*10000 - b.Col })
		return nil, r.findings
	}
	d.Hash, d.Bytes = hashOf(src), bytes.Clone(src)
	return d, nil
}

type reader struct {
	file     string
	findings []Finding
	// answers and points are the lists that questions name.
	answers map[string][]int
	points  map[string]map[int]int
	used    map[string]bool
}

func (r *reader) parse(src []byte) *yaml.Node {
	if len(src) > longestFile {
		r.faultAt(1, 1, "Q100", "the file is larger than %d bytes", longestFile)
		return nil
	}
	if !utf8.Valid(src) {
		r.faultAt(1, 1, "Q100", "the file is not UTF-8")
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(src))
	if err != nil {
		r.faultAt(1, 1, "Q100", "%s", err)
		return nil
	}
	var document, more yaml.Node
	if err := loader.Load(&document); err != nil {
		line, said := 1, err.Error()
		var all *yaml.LoadErrors
		var one *yaml.LoadError
		if errors.As(err, &all) && len(all.Errors) > 0 {
			line, said = all.Errors[0].Mark.Line, all.Errors[0].Message
		} else if errors.As(err, &one) {
			line, said = one.Mark.Line, one.Message
		}
		if errors.Is(err, io.EOF) {
			said = "the file is empty"
		}
		r.faultAt(max(line, 1), 1, "Q100", "this cannot be read: %s", said)
		return nil
	}
	if err := loader.Load(&more); !errors.Is(err, io.EOF) {
		r.faultAt(max(more.Line, 1), 1, "Q100", "a file holds one document")
		return nil
	}
	root := &document
	if root.Kind == yaml.DocumentNode && len(root.Content) > 0 {
		root = root.Content[0]
	}
	if !r.plain(root, 0) {
		return nil
	}
	return root
}

// plain refuses what a reader cannot see on the page.
func (r *reader) plain(n *yaml.Node, depth int) bool {
	switch {
	case depth > 12:
		r.fault(n, "Q100", "the file is nested too deep")
		return false
	case n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 || n.ShortTag() == "!!merge":
		r.fault(n, "Q100", "anchors, aliases, merges and tags are not used here: write the value out")
		return false
	}
	for _, c := range n.Content {
		if !r.plain(c, depth+1) {
			return false
		}
	}
	return true
}

func (r *reader) fault(n *yaml.Node, code, format string, args ...any) {
	r.faultAt(n.Line, n.Column, code, format, args...)
}

func (r *reader) faultAt(line, col int, code, format string, args ...any) {
	r.findings = append(r.findings, Finding{r.file, line, col, code, fmt.Sprintf(format, args...)})
}

// A key is one that a mapping may have, and how its value is read.
type key struct {
	name   string
	needed bool
	read   func(n *yaml.Node)
}

// keys reads a mapping of known keys.
func (r *reader) keys(n *yaml.Node, what string, known ...key) {
	if n.Kind != yaml.MappingNode {
		r.fault(n, "Q103", "%s is a mapping of keys and values", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		at := slices.IndexFunc(known, func(k key) bool { return k.name == name.Value })
		switch {
		case seen[name.Value]:
			r.fault(name, "Q102", "%q stands twice", name.Value)
		case at < 0:
			names := make([]string, 0, len(known))
			for _, k := range known {
				names = append(names, k.name)
			}
			r.fault(name, "Q101", "%s has no %q; it has %s", what, name.Value, strings.Join(names, ", "))
		default:
			known[at].read(value)
		}
		seen[name.Value] = true
	}
	for _, k := range known {
		if k.needed && !seen[k.name] {
			r.fault(n, "Q104", "%s needs %q", what, k.name)
		}
	}
}

// each reads a mapping whose keys are names of the author's.
func (r *reader) each(n *yaml.Node, what string, read func(name, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.fault(n, "Q103", "%s is a mapping of names and values", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if name := n.Content[i]; seen[name.Value] {
			r.fault(name, "Q102", "%q stands twice", name.Value)
			continue
		}
		seen[n.Content[i].Value] = true
		read(n.Content[i], n.Content[i+1])
	}
}

func (r *reader) list(n *yaml.Node, what string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		r.fault(n, "Q103", "%s is a list with something in it", what)
		return nil
	}
	return n.Content
}

func (r *reader) text(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		switch {
		case n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str":
			r.fault(n, "Q103", "text is needed here; put a number or a date in quotes")
		case strings.TrimSpace(n.Value) == "":
			r.fault(n, "Q103", "text is needed here, and this is empty")
		case len(n.Value) > longestText:
			r.fault(n, "Q103", "the text is longer than %d bytes", longestText)
		default:
			*to = strings.TrimSpace(n.Value)
		}
	}
}

func (r *reader) name(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || !validID.MatchString(n.Value) {
			r.fault(n, "Q105", "%q is not a name: small letters a to z, digits and hyphens, at most 40", n.Value)
			return
		}
		*to = n.Value
	}
}

func (r *reader) number(to *int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v, err := strconv.Atoi(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || v < -1_000_000 || v > 1_000_000 {
			r.fault(n, "Q103", "a whole number is needed here")
			return
		}
		*to = v
	}
}

func (r *reader) truth(to *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Value != "true" && n.Value != "false" {
			r.fault(n, "Q103", "true or false is needed here")
		}
		*to = n.Value == "true"
	}
}
