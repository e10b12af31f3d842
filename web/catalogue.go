package web

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"forlop/care"
	"forlop/pathway"

	"go.yaml.in/yaml/v4"
)

//go:embed texts/*.yaml
var textFiles embed.FS

// A message is one text of one language. A text that depends on a count has a
// form for each way in which its language counts; other is the form for many,
// and the only one of every other text.
type message struct {
	key       string
	other     string
	counted   map[string]string // by the form's name, other too; nil where nothing is counted
	file      string
	line, col int
}

// plural reports whether the text depends on a count.
func (m message) plural() bool { return m.counted != nil }

// forms are the written forms of the message.
func (m message) forms() []string {
	if !m.plural() {
		return []string{m.other}
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(m.counted)) {
		all = append(all, m.counted[name])
	}
	return all
}

// A catalogue is all texts of one language by key.
type catalogue map[string]message

// keys lists the keys in order.
func (c catalogue) keys() []string {
	all := make([]string, 0, len(c))
	for key := range c {
		all = append(all, key)
	}
	slices.Sort(all)
	return all
}

// catalogues are the embedded texts of all languages, read once.
var catalogues = sync.OnceValues(func() (map[care.Language]catalogue, error) {
	all, found := readCatalogues(textFiles)
	if len(found) > 0 {
		return nil, errors.New(found[0].String())
	}
	return all, nil
})

// readCatalogues reads the files of the four languages.
func readCatalogues(fsys fs.FS) (map[care.Language]catalogue, []pathway.Finding) {
	all := map[care.Language]catalogue{}
	var found []pathway.Finding
	for _, code := range care.Languages {
		c, faults := readCatalogue(fsys, "texts/*."+string(code)+".yaml")
		all[code], found = c, append(found, faults...)
	}
	return all, found
}

// readCatalogue reads the files that a pattern matches: nested names with a text
// at each end, or with the forms of a text that depends on a count.
func readCatalogue(fsys fs.FS, pattern string) (catalogue, []pathway.Finding) {
	names, err := fs.Glob(fsys, pattern)
	if err != nil {
		return nil, []pathway.Finding{unreadable(pattern, 0, 0, "%v", err)}
	}
	c := catalogue{}
	var found []pathway.Finding
	for _, name := range names {
		found = append(found, c.read(fsys, name)...)
	}
	return c, found
}

// read adds the texts of one file.
func (c catalogue) read(fsys fs.FS, name string) []pathway.Finding {
	source, err := fs.ReadFile(fsys, name)
	if err != nil {
		return []pathway.Finding{unreadable(name, 0, 0, "%v", err)}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		line := 0
		if at := yamlLine.FindStringSubmatch(err.Error()); at != nil {
			line, _ = strconv.Atoi(at[1]) // digits by the pattern
		}
		return []pathway.Finding{unreadable(name, line, 0, "%v", err)}
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return []pathway.Finding{unreadable(name, 1, 1, "no texts")}
	}
	return c.add(name, nil, doc.Content[0])
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

func unreadable(file string, line, col int, text string, args ...any) pathway.Finding {
	return pathway.Finding{File: file, Line: line, Col: col, Code: textUnreadable, Severity: pathway.SeverityError, Message: fmt.Sprintf(text, args...)}
}

// countForms are the names that a form of a counted text can have in any
// language, as CLDR names them.
var countForms = []string{"zero", "one", "two", "few", "many", "other"}

func (c catalogue) add(file string, path []string, n *yaml.Node) []pathway.Finding {
	switch n.Kind {
	case yaml.ScalarNode:
		return c.put(path, message{file: file, other: n.Value, line: n.Line, col: n.Column})
	case yaml.MappingNode:
	default:
		return []pathway.Finding{unreadable(file, n.Line, n.Column, "a text, or names with texts under them, is expected here")}
	}
	var found []pathway.Finding
	seen := map[string]bool{}
	counted := len(path) > 0 && len(n.Content) > 0
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i]
		if seen[name.Value] {
			found = append(found, unreadable(file, name.Line, name.Column, "%q stands here twice", name.Value))
		}
		seen[name.Value] = true
		counted = counted && slices.Contains(countForms, name.Value) && n.Content[i+1].Kind == yaml.ScalarNode
	}
	if counted {
		m := message{file: file, line: n.Line, col: n.Column, counted: map[string]string{}}
		if n.Style&yaml.FlowStyle == 0 {
			m.line-- // a mapping in block style begins on the line after its name
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m.counted[n.Content[i].Value] = n.Content[i+1].Value
			m.other = n.Content[i+1].Value // the last one, where there is no form for many
		}
		if other := m.counted["other"]; other != "" {
			m.other = other
		}
		return append(found, c.put(path, m)...)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		found = append(found, c.add(file, append(slices.Clone(path), n.Content[i].Value), n.Content[i+1])...)
	}
	return found
}

func (c catalogue) put(path []string, m message) []pathway.Finding {
	m.key = strings.Join(path, ".")
	for _, form := range m.forms() {
		if strings.TrimSpace(form) == "" {
			return []pathway.Finding{unreadable(m.file, m.line, m.col, "%s has no text", m.key)}
		}
	}
	if first, twice := c[m.key]; twice {
		return []pathway.Finding{unreadable(m.file, m.line, m.col, "%s stands in %s too", m.key, first.file)}
	}
	c[m.key] = m
	return nil
}

// template is a text cut at its {places}: text, place, text, place, … text.
type template []string

var errPlace = errors.New("a place is written {name} with small letters, and every { has its }")

// parseTemplate cuts a text at its places.
func parseTemplate(text string) (template, error) {
	var t template
	for {
		before, rest, found := strings.Cut(text, "{")
		if strings.Contains(before, "}") {
			return nil, errPlace
		}
		t = append(t, before)
		if !found {
			return t, nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || !isPlaceName(name) {
			return nil, errPlace
		}
		t = append(t, name)
		text = after
	}
}

func isPlaceName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// places lists the names in the text, in order and once each.
func (t template) places() []string {
	var names []string
	for i := 1; i < len(t); i += 2 {
		names = append(names, t[i])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// fill says the text with its places filled. A place that nobody filled stays
// as it is written, where a reader and a test see it.
func (t template) fill(values map[string]string) string {
	if len(t) == 1 {
		return t[0]
	}
	var b strings.Builder
	for i, part := range t {
		if i%2 == 0 {
			b.WriteString(part)
		} else if value, ok := values[part]; ok {
			b.WriteString(value)
		} else {
			b.WriteString("{" + part + "}")
		}
	}
	return b.String()
}
