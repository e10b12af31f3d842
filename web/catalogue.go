package web

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"forlop/care"

	"go.yaml.in/yaml/v4"
)

//go:embed texts/*.yaml
var textFiles embed.FS

// A message is one text of one language. A text that depends on a count has
// both forms; every other text has only the form for many.
type message struct {
	key        string
	one, other string
	file       string
	line, col  int
}

// plural reports whether the text depends on a count.
func (m message) plural() bool { return m.one != "" }

// forms are the written forms of the message.
func (m message) forms() []string {
	if m.plural() {
		return []string{m.one, m.other}
	}
	return []string{m.other}
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
	all := map[care.Language]catalogue{}
	for _, code := range care.Languages {
		c, err := readCatalogue(textFiles, code)
		if err != nil {
			return nil, err
		}
		all[code] = c
	}
	return all, nil
})

// readCatalogue reads the files of one language, texts/*.<code>.yaml: nested
// names with a text at each end, or with the two texts one and other. The error
// names file, line and column.
func readCatalogue(fsys fs.FS, code care.Language) (catalogue, error) {
	names, err := fs.Glob(fsys, "texts/*."+string(code)+".yaml")
	if err != nil {
		return nil, err
	}
	c := catalogue{}
	for _, name := range names {
		source, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(source, &doc); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if len(doc.Content) != 1 {
			return nil, fmt.Errorf("%s: no texts", name)
		}
		if err := c.add(name, nil, doc.Content[0]); err != nil {
			return nil, fmt.Errorf("%s:%w", name, err)
		}
	}
	return c, nil
}

func (c catalogue) add(file string, path []string, n *yaml.Node) error {
	switch n.Kind {
	case yaml.ScalarNode:
		return c.put(path, message{file: file, other: n.Value, line: n.Line, col: n.Column})
	case yaml.MappingNode:
		if m, ok, err := pluralMessage(n); ok || err != nil {
			if err != nil {
				return err
			}
			m.file = file
			return c.put(path, m)
		}
		seen := map[string]bool{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			name := n.Content[i].Value
			if seen[name] {
				return fmt.Errorf("%d:%d: %q stands here twice", n.Content[i].Line, n.Content[i].Column, name)
			}
			seen[name] = true
			if err := c.add(file, append(slices.Clone(path), name), n.Content[i+1]); err != nil {
				return err
			}
		}
		return nil
	default:
		return fmt.Errorf("%d:%d: a text, or names with texts under them, is expected here", n.Line, n.Column)
	}
}

func (c catalogue) put(path []string, m message) error {
	m.key = strings.Join(path, ".")
	if strings.TrimSpace(m.other) == "" {
		return fmt.Errorf("%d:%d: %s has no text", m.line, m.col, m.key)
	}
	if first, twice := c[m.key]; twice {
		return fmt.Errorf("%d:%d: %s stands in %s too", m.line, m.col, m.key, first.file)
	}
	c[m.key] = m
	return nil
}

// pluralMessage reads {one: …, other: …}; ok is false for any other mapping.
func pluralMessage(n *yaml.Node) (m message, ok bool, err error) {
	m = message{line: n.Line, col: n.Column}
	if len(n.Content) == 0 || n.Content[0].Value != "one" {
		return m, false, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch value := n.Content[i+1]; n.Content[i].Value {
		case "one":
			m.one = value.Value
		case "other":
			m.other = value.Value
		default:
			return m, false, fmt.Errorf("%d:%d: a text with a count has the forms one and other, not %q",
				n.Content[i].Line, n.Content[i].Column, n.Content[i].Value)
		}
	}
	if m.one == "" || m.other == "" {
		return m, false, fmt.Errorf("%d:%d: a text with a count needs both forms: one and other", n.Line, n.Column)
	}
	return m, true, nil
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
