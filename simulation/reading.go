package simulation

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
	"forlop/journey"
	"forlop/pathway"
)

// post reads unit/role; a unit alone is its desk.
func (p *page) post(n *yaml.Node) care.Post {
	unit, role, found := strings.Cut(p.text(n), "/")
	if !found {
		role = string(care.Desk)
	}
	return care.Post{Unit: care.UnitID(unit), Role: care.Role(role)}
}

// party reads who somebody is: patient, relative, unit/role, or anyone outside
// by name.
func (p *page) party(n *yaml.Node) care.Party { return partyOf(p.text(n)) }

func partyOf(text string) care.Party {
	switch {
	case text == "patient":
		return care.Party{Kind: care.PartyPatient}
	case text == "relative":
		return care.Party{Kind: care.PartyRelative}
	case strings.Contains(text, "/"):
		unit, role, _ := strings.Cut(text, "/")
		return care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: care.UnitID(unit), Role: care.Role(role)}}
	}
	return care.Party{Kind: care.PartyOther, Name: text}
}

// partyText writes a party as examples do.
func partyText(a care.Party) string {
	switch a.Kind {
	case care.PartyUnit:
		return a.Post.String()
	case care.PartyOther:
		return a.Name
	}
	return string(a.Kind)
}

// behalf reads "practice/gp by phone".
func (p *page) behalf(n *yaml.Node) *care.OnBehalf {
	of, how, found := strings.Cut(p.text(n), " by ")
	channels := []string{"phone", "letter", "message", "meeting", "page"}
	if !found || !slices.Contains(channels, how) {
		p.fault(n, codeWrongForm, `say for whom and how it reached us, such as "practice/gp by phone"; the ways are %s`, strings.Join(channels, ", "))
	}
	return &care.OnBehalf{Of: partyOf(of), How: care.Channel(how)}
}

// instant reads a local date and time; a date alone is the start of its day.
func (p *page) instant(n *yaml.Node, cal *care.Calendar) time.Time {
	text := p.text(n)
	for _, form := range []string{"2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(form, text, cal.Zone()); err == nil {
			return t.UTC()
		}
	}
	p.fault(n, codeWrongForm, "%q is not a date with a time: write it as 2026-01-05 09:00", text)
	return time.Time{}
}

func (p *page) date(n *yaml.Node) care.Date {
	d, err := care.ParseDate(p.text(n))
	if err != nil {
		p.fault(n, codeWrongForm, "%q is not a date: write it as 2026-01-05", n.Value)
	}
	return d
}

// span reads a span of time; hours and minutes are for the clock of the example
// alone.
func (p *page) later(n *yaml.Node, now time.Time, cal *care.Calendar) time.Time {
	text := p.text(n)
	if d, err := time.ParseDuration(strings.NewReplacer(" hours", "h", " hour", "h", " minutes", "m", " minute", "m").Replace(text)); err == nil {
		return now.Add(d)
	}
	s, err := care.ParseSpan(text)
	if err != nil {
		p.fault(n, codeWrongForm, "%q is not a span of time: write it as 3 weeks, 10 working days or 2 hours", text)
		return now
	}
	// The same time of day, also when the clocks change.
	local := now.In(cal.Zone())
	day := cal.Add(cal.Date(now), s)
	return time.Date(day.Year, day.Month, day.Day, local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), cal.Zone()).UTC()
}

// ref reads id@version.
func refOf(text string) pathway.Ref {
	id, version, _ := strings.Cut(text, "@")
	return pathway.Ref{ID: id, Version: version}
}

// commands are every command an example can name. Those of a journey stand
// without their prefix.
var commands = func() map[string]reflect.Type {
	all := map[string]reflect.Type{}
	add := func(c interface{ Name() string }) {
		if name := strings.TrimPrefix(c.Name(), "journey."); !strings.HasSuffix(name, "wake") {
			all[name] = reflect.TypeOf(c)
		}
	}
	for _, c := range journey.Commands {
		add(c)
	}
	for _, c := range person.Commands {
		add(c)
	}
	for _, c := range directory.Commands {
		add(c)
	}
	return all
}()

// form reads the fields of a command. Keys are the names of its JSON form in
// kebab-case. number finds what a name stands for where a field wants the number
// of a step, an offer and so on.
type form struct {
	*page
	cal    *care.Calendar
	number func(n *yaml.Node, field string) int
}

func (f form) read(n *yaml.Node, into reflect.Value) {
	known := map[string]func(*yaml.Node){}
	f.fields(into, known)
	f.keys(n, known)
}

func (f form) fields(into reflect.Value, known map[string]func(*yaml.Node)) {
	for i := range into.NumField() {
		field := into.Type().Field(i)
		if field.Anonymous {
			f.fields(into.Field(i), known)
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		known[kebab(name)] = func(v *yaml.Node) { f.value(v, into.Field(i), kebab(name)) }
	}
}

func kebab(s string) string {
	var b strings.Builder
	for _, c := range s {
		if c >= 'A' && c <= 'Z' {
			b.WriteByte('-')
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}

func (f form) value(n *yaml.Node, into reflect.Value, field string) {
	switch into.Interface().(type) {
	case time.Time:
		into.Set(reflect.ValueOf(f.instant(n, f.cal)))
		return
	case care.Date:
		into.Set(reflect.ValueOf(f.date(n)))
		return
	case care.Span:
		s, err := care.ParseSpan(f.text(n))
		if err != nil {
			f.fault(n, codeWrongForm, "%s", err)
		}
		into.Set(reflect.ValueOf(s))
		return
	case care.Post:
		into.Set(reflect.ValueOf(f.post(n)))
		return
	case care.Party:
		into.Set(reflect.ValueOf(f.party(n)))
		return
	case pathway.Ref:
		into.Set(reflect.ValueOf(refOf(f.text(n))))
		return
	case journey.FactValue:
		into.Set(reflect.ValueOf(factValue(n)))
		return
	case journey.Participant:
		who, role, _ := strings.Cut(f.text(n), " as ")
		into.Set(reflect.ValueOf(journey.Participant{Party: partyOf(who), Role: pathway.RoleID(role)}))
		return
	case []journey.ItemProtocol:
		into.Set(reflect.ValueOf(f.protocol(n)))
		return
	}
	f.plain(n, into, field)
}

func (f form) plain(n *yaml.Node, into reflect.Value, field string) {
	switch into.Kind() {
	case reflect.String:
		into.SetString(f.text(n))
	case reflect.Bool:
		into.SetBool(f.text(n) == "true")
		if n.Value != "true" && n.Value != "false" {
			f.fault(n, codeWrongForm, "expected true or false, found %s", what(n))
		}
	case reflect.Int:
		if i, err := strconv.Atoi(n.Value); err == nil {
			into.SetInt(int64(i))
			return
		}
		into.SetInt(int64(f.number(n, field)))
	case reflect.Slice:
		f.list(n, func(c *yaml.Node) {
			e := reflect.New(into.Type().Elem()).Elem()
			f.value(c, e, field)
			into.Set(reflect.Append(into, e))
		})
	case reflect.Map:
		into.Set(reflect.MakeMap(into.Type()))
		f.pairs(n, func(key, value *yaml.Node) {
			e := reflect.New(into.Type().Elem()).Elem()
			f.value(value, e, field)
			into.SetMapIndex(reflect.ValueOf(key.Value).Convert(into.Type().Key()), e)
		})
	case reflect.Struct:
		f.read(n, into)
	default:
		f.fault(n, codeWrongForm, "%s cannot be written in an example", field)
	}
}

// protocol reads a meeting's record: who was present for each item, in the
// order in which they spoke. The patient, present or by words read out, is
// named first.
func (f form) protocol(n *yaml.Node) []journey.ItemProtocol {
	var items []journey.ItemProtocol
	f.pairs(n, func(item, who *yaml.Node) {
		i := journey.ItemProtocol{Item: item.Value}
		for at, name := range f.words(who) {
			if name != string(pathway.PatientRole) {
				i.Present = append(i.Present, pathway.RoleID(name))
			} else if at == 0 {
				i.PatientFirst = true
			}
		}
		items = append(items, i)
	})
	return items
}

func factValue(n *yaml.Node) journey.FactValue {
	types := map[string]pathway.FactType{"!!bool": pathway.BoolFact, "!!int": pathway.IntFact, "!!timestamp": pathway.DateFact}
	if t, ok := types[n.ShortTag()]; ok {
		return journey.FactValue{Type: t, Text: n.Value}
	}
	return journey.FactValue{Type: pathway.TextFact, Text: n.Value}
}
