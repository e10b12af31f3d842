package pathway

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"forlop/care"
)

// shape is what a value of the file may look like: how it is read into a
// definition, and how the JSON Schema describes it. The two come from one place
// so that they cannot differ.
type shape struct {
	// read takes over a node; path is where it stands, for positions.
	read func(r *reader, n *yaml.Node, path string)
	// schema is the JSON Schema of the value, without its description.
	schema func() map[string]any
}

// key is one key of a mapping, with what it means, for people and editors.
type key struct {
	name, about string
	must        bool
	shape       shape
	// missing is the code of the finding when a must is not there.
	missing string
}

// must is a key that has to be there.
func must(name, about string, s shape) key { return key{name, about, true, s, "E105"} }

// may is a key that can be left out.
func may(name, about string, s shape) key { return key{name, about, false, s, ""} }

// coded gives a missing key a code of its own.
func (k key) coded(code string) key { k.missing = code; return k }

// object is a mapping with known keys.
func object(keys ...key) shape {
	allowed := ids(keys, func(k key) string { return k.name })
	return shape{
		read: func(r *reader, n *yaml.Node, path string) {
			seen := map[string]bool{}
			r.pairs(n, path, func(name, value *yaml.Node) {
				i := slices.Index(allowed, name.Value)
				if i < 0 {
					r.unknownKey(name, path, allowed)
					return
				}
				seen[name.Value] = true
				keys[i].shape.read(r, value, r.under(name, value, path))
			})
			if n.Kind != yaml.MappingNode {
				return
			}
			for _, k := range keys {
				if k.must && !seen[k.name] {
					r.fault(n, k.missing, "%q is missing: %s", k.name, k.about)
				}
			}
		},
		schema: func() map[string]any {
			properties, required := map[string]any{}, []string{}
			for _, k := range keys {
				properties[k.name] = described(k.shape, k.about)
				if k.must {
					required = append(required, k.name)
				}
			}
			m := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
			if len(required) > 0 {
				m["required"] = required
			}
			return m
		},
	}
}

// timeInAnEnd are keys that would bring time or silence into an ending (L5).
var timeInAnEnd = []string{"by", "within", "if", "when", "no-show", "silence", "after-silence", "unanswered", "automatic", "overdue"}

func (r *reader) unknownKey(name *yaml.Node, path string, allowed []string) {
	if strings.HasPrefix(path, "ends/") && slices.Contains(timeInAnEnd, name.Value) {
		r.fault(name, "E341", "%q is not a key of an ending: a person ends a journey, never time or silence%s", name.Value, allowedList(name.Value, allowed))
		return
	}
	r.fault(name, "E101", "%q is not a key here%s", name.Value, allowedList(name.Value, allowed))
}

func described(s shape, about string) map[string]any {
	m := s.schema()
	m["description"] = about
	return m
}

const idPattern = `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`

var validID = regexp.MustCompile(idPattern)

// longestID is in characters.
const longestID = 60

// table is a mapping whose keys are names the author makes up.
func table(about string, entry func(id string) shape) shape {
	return shape{
		read: func(r *reader, n *yaml.Node, path string) {
			r.pairs(n, path, func(name, value *yaml.Node) {
				if !r.checkID(name) {
					return
				}
				entry(name.Value).read(r, value, r.under(name, value, path))
			})
		},
		schema: func() map[string]any {
			return map[string]any{
				"type":                 "object",
				"propertyNames":        map[string]any{"pattern": idPattern, "maxLength": longestID, "description": "A name: small letters, digits and hyphens."},
				"additionalProperties": described(entry("name"), about),
			}
		},
	}
}

// choices is a mapping whose keys are taken from a list.
func choices[T ~string](about string, allowed []T, entry func(T) shape) shape {
	return shape{
		read: func(r *reader, n *yaml.Node, path string) {
			r.pairs(n, path, func(name, value *yaml.Node) {
				if !slices.Contains(allowed, T(name.Value)) {
					r.fault(name, "E106", "%q is not allowed here%s", name.Value, allowedList(name.Value, names(allowed)))
					return
				}
				entry(T(name.Value)).read(r, value, r.under(name, value, path))
			})
		},
		schema: func() map[string]any {
			properties := map[string]any{}
			for _, a := range allowed {
				properties[string(a)] = described(entry(a), about)
			}
			return map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
		},
	}
}

// list is a sequence; item is asked for the shape of each entry.
func list(about string, item func() shape) shape {
	return shape{
		read: func(r *reader, n *yaml.Node, path string) {
			if n.Kind != yaml.SequenceNode {
				r.wrongType(n, "a list, such as [one, two]")
				return
			}
			for i, entry := range n.Content {
				at := join(path, strconv.Itoa(i))
				r.mark(entry, at)
				item().read(r, entry, at)
			}
		},
		schema: func() map[string]any {
			return map[string]any{"type": "array", "items": described(item(), about)}
		},
	}
}

// either reads a plain word with one shape and a mapping or list with another.
func either(plain, full shape) shape {
	return shape{
		read: func(r *reader, n *yaml.Node, path string) {
			if n.Kind == yaml.ScalarNode {
				plain.read(r, n, path)
				return
			}
			full.read(r, n, path)
		},
		schema: func() map[string]any {
			return map[string]any{"anyOf": []any{
				described(plain, "The short form."), described(full, "The long form."),
			}}
		},
	}
}

// scalar reads one plain value. wanted says in words what it is.
func scalar(wanted string, tags []string, schema map[string]any, set func(r *reader, n *yaml.Node)) shape {
	return shape{
		read: func(r *reader, n *yaml.Node, _ string) {
			if n.Kind != yaml.ScalarNode || !slices.Contains(tags, n.ShortTag()) {
				r.wrongType(n, wanted)
				return
			}
			set(r, n)
		},
		schema: func() map[string]any {
			m := map[string]any{}
			for k, v := range schema {
				m[k] = v
			}
			return m
		},
	}
}

var onlyText = []string{"!!str"}

// text is free text, never empty.
func text[T ~string](dst *T) shape {
	return scalar("text", onlyText, map[string]any{"type": "string", "minLength": 1}, func(r *reader, n *yaml.Node) {
		s := strings.TrimSpace(n.Value)
		if s == "" {
			r.fault(n, "E106", "the text is empty")
			return
		}
		*dst = T(s)
	})
}

// id is the name of something in the same file.
func id[T ~string](dst *T) shape {
	return scalar("a name", onlyText, map[string]any{"type": "string", "pattern": idPattern}, func(r *reader, n *yaml.Node) {
		if r.checkID(n) {
			*dst = T(n.Value)
		}
	})
}

// oneOf is a word from a list.
func oneOf[T ~string](dst *T, allowed ...T) shape {
	return scalar("one of "+strings.Join(names(allowed), ", "), onlyText, map[string]any{"type": "string", "enum": names(allowed)}, func(r *reader, n *yaml.Node) {
		if !slices.Contains(allowed, T(n.Value)) {
			r.fault(n, "E106", "%q is not allowed here%s", n.Value, allowedList(n.Value, names(allowed)))
			return
		}
		*dst = T(n.Value)
	})
}

// pattern is a text of a known form.
func pattern[T ~string](dst *T, form *regexp.Regexp, example string) shape {
	return scalar("text such as "+example, onlyText, map[string]any{"type": "string", "pattern": form.String()}, func(r *reader, n *yaml.Node) {
		if !form.MatchString(n.Value) {
			r.fault(n, "E106", "%q is not of the form %s", n.Value, example)
			return
		}
		*dst = T(n.Value)
	})
}

// whole is a whole number within limits.
func whole(dst *int, least, most int) shape {
	return scalar("a whole number", []string{"!!int"}, map[string]any{"type": "integer", "minimum": least, "maximum": most}, func(r *reader, n *yaml.Node) {
		v, err := strconv.Atoi(n.Value)
		if err != nil || v < least || v > most {
			r.fault(n, "E106", "%s is out of range: %d to %d", n.Value, least, most)
			return
		}
		*dst = v
	})
}

// yesNo is true or false.
func yesNo(dst *bool) shape {
	return scalar("true or false", []string{"!!bool"}, map[string]any{"type": "boolean"}, func(r *reader, n *yaml.Node) {
		*dst = n.Value == "true"
	})
}

const datePattern = `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`

// date is a date such as 2026-05-17.
func date(dst *care.Date) shape {
	return scalar("a date, such as 2026-05-17", []string{"!!str", "!!timestamp"}, map[string]any{"type": "string", "pattern": datePattern}, func(r *reader, n *yaml.Node) {
		d, err := care.ParseDate(n.Value)
		if err != nil {
			r.fault(n, "E109", "%s", plainError(err))
			return
		}
		*dst = d
	})
}

const spanPattern = `^(0|[1-9][0-9]{0,3}) (days?|working days?|weeks?|months?)$`

// span is a length of time such as 12 weeks or 10 working days.
func span(dst *care.Span) shape {
	return scalar("a span, such as 12 weeks or 10 working days", onlyText, map[string]any{"type": "string", "pattern": spanPattern}, func(r *reader, n *yaml.Node) {
		s, err := care.ParseSpan(n.Value)
		if err != nil {
			r.fault(n, "E108", "%s", plainError(err))
			return
		}
		*dst = s
	})
}

// condition is a question in the condition language. It is compiled when the
// whole file has been read.
func condition(dst **Condition) shape {
	return scalar(`a condition in quotes, such as "age >= 18"`, []string{"!!str", "!!bool"}, map[string]any{"type": "string", "minLength": 1, "maxLength": longestCondition}, func(r *reader, n *yaml.Node) {
		*dst = &Condition{source: n.Value}
		r.conditions = append(r.conditions, pendingCondition{*dst, n})
	})
}

// nameList is a list of names.
func nameList[T ~string](about string, dst *[]T) shape {
	return list(about, func() shape {
		return scalar("a name", onlyText, map[string]any{"type": "string", "pattern": idPattern}, func(r *reader, n *yaml.Node) {
			if !r.checkID(n) {
				return
			}
			if slices.Contains(*dst, T(n.Value)) {
				r.fault(n, "E102", "%q stands twice in the list", n.Value)
				return
			}
			*dst = append(*dst, T(n.Value))
		})
	})
}

// wordList is a list of words from a closed list.
func wordList[T ~string](about string, dst *[]T, allowed ...T) shape {
	return list(about, func() shape {
		var word T
		s := oneOf(&word, allowed...)
		return shape{schema: s.schema, read: func(r *reader, n *yaml.Node, path string) {
			s.read(r, n, path)
			switch {
			case word == "":
			case slices.Contains(*dst, word):
				r.fault(n, "E102", "%q stands twice in the list", n.Value)
			default:
				*dst = append(*dst, word)
			}
		}}
	})
}

func plainError(err error) string {
	if no, ok := care.AsRefusal(err); ok {
		s, _ := strings.CutSuffix(no.Error(), fmt.Sprintf(" (%s)", no.Code))
		return s
	}
	return err.Error()
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}
