package web

import (
	"strconv"
	"strings"

	"forlop/care"

	"github.com/a-h/templ"
)

// longestText is how many characters one field takes, unless the page says
// otherwise. Ours, no source: about six written pages.
const longestText = 20000

// A field asks for text, a date, a number. There are no placeholders: what a
// field is for stands above it and stays there.
type field struct {
	name, label, hint, value string
	kind                     string // the input's type, "text" when empty
	autocomplete             string // what the browser may fill in, such as "bday"
	optional                 bool
	rows                     int // more than one line when above 0
	max                      int // characters, 0 for no limit of its own
}

// labelIn is the label, which says so when the field can be left empty.
func (f field) labelIn(p page) string {
	if f.optional {
		return p.T("form.optional", "label", f.label)
	}
	return f.label
}

// short reports whether the field is as wide as what goes into it.
func (f field) short() bool {
	switch f.kind {
	case "date", "tel", "number", "month", "time":
		return true
	default:
		return false
	}
}

func (f field) attributes(p page) templ.Attributes {
	a := described(p, f.name, f.hint)
	switch {
	case f.rows > 0:
		a["rows"] = strconv.Itoa(f.rows)
	case f.kind != "":
		a["type"] = f.kind
	default:
		a["type"] = "text"
	}
	if f.autocomplete != "" {
		a["autocomplete"] = f.autocomplete
	}
	if f.max > 0 {
		a["maxlength"] = strconv.Itoa(f.max)
	}
	return a
}

// described ties a field to its hint and to what is wrong with it.
func described(p page, name, hint string) templ.Attributes {
	a := templ.Attributes{}
	var by []string
	if hint != "" {
		by = append(by, name+"-hint")
	}
	if p.fault(name) != "" {
		by = append(by, name+"-fault")
		a["aria-invalid"] = "true"
	}
	if len(by) > 0 {
		a["aria-describedby"] = strings.Join(by, " ")
	}
	return a
}

// describedGroup is described for a group of fields, which may not itself be
// called invalid.
func describedGroup(p page, name, hint string) templ.Attributes {
	a := described(p, name, hint)
	delete(a, "aria-invalid")
	return a
}

// A choice is one of the answers to choose from.
type choice struct {
	value, label, hint string
	lang               care.Language // of the label, when it is not the page's
	chosen             bool
}

func (c choice) labelAttributes() templ.Attributes {
	if c.lang == "" {
		return nil
	}
	return templ.Attributes{"lang": string(c.lang)}
}

func (c choice) attributes(id string) templ.Attributes {
	if c.hint == "" {
		return nil
	}
	return templ.Attributes{"aria-describedby": id + "-hint"}
}

// A choiceField asks for one of its choices, or for any of them when many.
type choiceField struct {
	name, legend, hint string
	choices            []choice
	many               bool
}

func (f choiceField) kind() string {
	if f.many {
		return "checkbox"
	}
	return "radio"
}

// choiceID is the id of the choice at i. The first has the field's own name, so
// that the error summary leads to it.
func (f choiceField) choiceID(i int) string {
	if i == 0 {
		return f.name
	}
	return f.name + "-" + strconv.Itoa(i+1)
}

// saving is the end of a form. next offers to save and go on to the next one in
// the list; back is where leaving without saving leads.
type saving struct {
	label string // on the button, "Save" when empty
	next  bool
	back  string
}

func (b saving) saveIn(p page) string {
	if b.label != "" {
		return b.label
	}
	return p.T("form.save")
}

// A phoneNote is what a call leaves behind. next are the steps that the engine
// proposes, the first of them chosen.
type phoneNote struct {
	action   string
	hidden   []pair
	said     string
	next     []choice
	who      []choice
	happened care.Date
	thenNext bool
}
