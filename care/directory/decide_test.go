package directory

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"forlop/care"
)

var start = time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC)

func day(n int) time.Time { return start.AddDate(0, 0, n) }

// region is a small service that tests change: every unit under its commands
// alone, so that no state is made that no command could make.
type region struct {
	units  map[care.UnitID]State
	people map[string]Professional
	now    time.Time
}

func newRegion() *region {
	return &region{units: map[care.UnitID]State{}, people: map[string]Professional{}, now: start}
}

func (r *region) known() Known {
	return Known{Directory: New(r.units), Professional: func(id string) bool { return r.people[id].Active() }}
}

// do carries out one command and keeps the new state.
func (r *region) do(unit care.UnitID, c Command) error {
	act := care.Act{At: r.now}
	s := r.units[unit]
	made, err := Decide(s, c, act, r.known())
	if err != nil {
		return err
	}
	next := s.Clone()
	for _, m := range made {
		if err := Evolve(&next, care.Recorded{Version: next.Version + 1, Event: m.Event, Happened: act.When(), Learned: act.At}); err != nil {
			return err
		}
	}
	r.units[unit] = next
	return nil
}

func (r *region) professional(id string, c Command) error {
	made, err := DecideProfessional(r.people[id], c, care.Act{At: r.now}, r.known())
	if err != nil {
		return err
	}
	p := r.people[id]
	for _, m := range made {
		if err := EvolveProfessional(&p, care.Recorded{Version: p.Version + 1, Event: m.Event}); err != nil {
			return err
		}
	}
	r.people[id] = p
	return nil
}

// trust is a root with a clinic and a municipality beside it, each its own root.
func trust(t *testing.T) *region {
	t.Helper()
	r := newRegion()
	for _, id := range []string{"anna", "bo", "cecilie", "david", "eva"} {
		must(t, r.professional(id, Register{Professional: id, Profession: "physician", Reference: HPR}))
	}
	must(t, r.do("trust", OpenUnit{Unit: "trust", Kind: Trust, Regime: care.Norway, Contact: Contact{Name: "Helse Nord"}, Lead: "anna"}))
	must(t, r.do("clinic", OpenUnit{Unit: "clinic", Kind: PainClinic, Parent: "trust", Regime: care.Norway,
		Contact: Contact{Name: "Smerteklinikken"}, Roles: []care.Role{"coordinator", "team"}}))
	must(t, r.do("town", OpenUnit{Unit: "town", Kind: Municipality, Regime: care.Norway, Contact: Contact{Name: "Nordby"}, Lead: "eva"}))
	must(t, r.do("se", OpenUnit{Unit: "se", Kind: Region, Regime: care.Sweden, Contact: Contact{Name: "Region Norr"}, Lead: "david"}))
	must(t, r.do("clinic", Join{Professional: "bo", Role: "coordinator"}))
	must(t, r.do("clinic", Join{Professional: "cecilie", Role: care.Desk}))
	must(t, r.do("clinic", GoAway{Professional: "bo", From: day(10), Until: day(20), Substitute: "david"}))
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refusals has one case for every refusal code of this package, by name.
var refusals = []struct {
	code, field string
	unit        care.UnitID
	before      func(*region) error
	command     Command
}{
	{code: "unit-unknown", unit: "nowhere", command: OpenToNew{}},
	{code: "unit-known", field: "unit", unit: "clinic", command: OpenUnit{Unit: "clinic"}},
	{code: "id-form", field: "unit", unit: "x", command: OpenUnit{Unit: "a/b", Kind: Trust, Regime: care.Norway}},
	{code: "id-form", field: "kind", unit: "x", command: OpenUnit{Unit: "x", Kind: "Å", Regime: care.Norway}},
	{code: "id-form", field: "role", unit: "clinic", command: AddPost{Role: "-x"}},
	{code: "id-form", field: "profession", unit: "new", command: Register{Professional: "new", Profession: strings.Repeat("x", 1000)}},
	{code: "id-form", field: "professional", unit: "new", command: Register{Professional: "", Profession: "nurse"}},
	{code: "regime-unknown", field: "regime", unit: "x", command: OpenUnit{Unit: "x", Kind: Trust, Regime: "DK"}},
	{code: "name-needed", field: "name", unit: "clinic", command: ChangeDetails{}},
	{code: "text-long", field: "note", unit: "clinic", command: ChangeDetails{Contact{Name: "x", Note: strings.Repeat("x", 10<<20)}}},
	{code: "text-long", field: "name", unit: "clinic", command: ChangeDetails{Contact{Name: strings.Repeat("x", 121)}}},
	{code: "root-without-lead", field: "lead", unit: "x", command: OpenUnit{Unit: "x", Kind: Trust, Regime: care.Norway, Contact: Contact{Name: "x"}}},
	{code: "root-without-lead", unit: "trust", command: Leave{Member: 1}},
	{code: "root-without-lead", unit: "trust", command: Leave{Member: 1, Until: day(30)}},
	{code: "root-without-lead", unit: "trust", command: GoAway{Professional: "anna", From: day(3), Until: day(4)}},
	{code: "root-without-lead", unit: "clinic", command: Move{}},
	{code: "unit-closed", unit: "clinic", before: closeClinic, command: OpenToNew{}},
	{code: "unit-details-changed", unit: "clinic", command: ChangeDetails{Contact{Name: "stale"}}},
	{code: "nothing-changes", unit: "clinic", command: ChangeDetails{Contact{Name: "Smerteklinikken"}}},
	{code: "nothing-changes", unit: "clinic", command: OpenToNew{}},
	{code: "nothing-changes", unit: "clinic", command: Move{Parent: "trust"}},
	{code: "nothing-changes", unit: "clinic", command: NameFallback{}},
	{code: "nothing-changes", unit: "trust", command: NameLead{Professional: "anna"}},
	{code: "nothing-changes", unit: "clinic", before: fillClinic, command: CloseToNew{Redirect: "town"}},
	{code: "unit-in-circle", field: "parent", unit: "trust", command: Move{Parent: "clinic"}},
	{code: "unit-itself", field: "parent", unit: "trust", command: Move{Parent: "trust"}},
	{code: "other-unit-unknown", field: "parent", unit: "clinic", command: Move{Parent: "nowhere"}},
	{code: "other-unit-closed", field: "parent", unit: "town", before: closeClinic, command: Move{Parent: "clinic"}},
	{code: "regime-differs", field: "parent", unit: "clinic", command: Move{Parent: "se"}},
	{code: "post-known", field: "role", unit: "clinic", command: AddPost{Role: "team"}},
	{code: "post-known", field: "role", unit: "clinic", command: AddPost{Role: care.Desk}},
	{code: "post-stays", field: "role", unit: "clinic", command: RemovePost{Role: care.Lead}},
	{code: "post-unknown", field: "role", unit: "clinic", command: RemovePost{Role: "gp"}},
	{code: "post-unknown", field: "role", unit: "clinic", command: Join{Professional: "bo", Role: "gp"}},
	{code: "post-unknown", field: "role", unit: "clinic", command: NameFallback{care.Post{Unit: "town", Role: "gp"}}},
	{code: "post-unknown", field: "role", unit: "clinic", command: GoAway{Professional: "bo", Role: "gp", Until: day(3)}},
	{code: "post-held", field: "role", unit: "clinic", command: RemovePost{Role: "coordinator"}},
	{code: "professional-unknown", field: "professional", unit: "clinic", command: Join{Professional: "nobody", Role: "team"}},
	{code: "professional-unknown", field: "professional", unit: "clinic", command: NameLead{Professional: "nobody"}},
	{code: "professional-unknown", field: "substitute", unit: "clinic", command: GoAway{Professional: "cecilie", Until: day(3), Substitute: "nobody"}},
	{code: "professional-unknown", field: "lead", unit: "x", command: OpenUnit{Unit: "x", Kind: Trust, Regime: care.Norway, Contact: Contact{Name: "x"}, Lead: "nobody"}},
	{code: "lead-is-named", field: "role", unit: "clinic", command: Join{Professional: "bo", Role: care.Lead}},
	{code: "lead-is-named", field: "role", unit: "trust", before: func(r *region) error { return r.do("trust", NameLead{Professional: "bo"}) },
		command: Leave{Member: 1, Until: day(9)}},
	{code: "time-empty", field: "until", unit: "clinic", command: Join{Professional: "bo", Role: "team", Until: day(-1)}},
	{code: "time-empty", field: "until", unit: "clinic", command: Leave{Member: 1, Until: day(-1)}},
	{code: "time-empty", field: "until", unit: "clinic", command: GoAway{Professional: "bo"}},
	{code: "member-already", field: "from", unit: "clinic", command: Join{Professional: "bo", Role: "coordinator", From: day(100)}},
	{code: "member-already", field: "until", unit: "clinic", before: func(r *region) error {
		return errors.Join(r.do("clinic", Leave{Member: 1, Until: day(5)}), r.do("clinic", Join{Professional: "bo", Role: "coordinator", From: day(6)}))
	}, command: Leave{Member: 1, Until: day(7)}},
	{code: "member-unknown", unit: "clinic", command: Leave{Member: 9}},
	{code: "member-not-here", field: "professional", unit: "clinic", command: GoAway{Professional: "eva", Until: day(3)}},
	{code: "substitute-self", field: "substitute", unit: "clinic", command: GoAway{Professional: "bo", Until: day(3), Substitute: "bo"}},
	{code: "absence-already", field: "from", unit: "clinic", command: GoAway{Professional: "bo", From: day(12), Until: day(13)}},
	{code: "absence-unknown", unit: "clinic", command: ComeBack{Absence: 0}},
	{code: "absence-not-then", field: "at", unit: "clinic", command: ComeBack{Absence: 1, At: day(20)}},
	{code: "redirect-needed", field: "redirect", unit: "clinic", command: CloseToNew{}},
	{code: "redirect-full", field: "redirect", unit: "town", before: fillClinic, command: CloseToNew{Redirect: "clinic"}},
	{code: "id-form", field: "service", unit: "clinic", command: ReportService{Service{ID: "A"}}},
	{code: "service-option", field: "options", unit: "clinic", command: reported(func(s *Service) { s.Options = nil })},
	{code: "service-option", field: "options", unit: "clinic", command: reported(func(s *Service) { s.Options = []string{"movement"} })},
	{code: "service-incomplete", field: "where", unit: "clinic", command: reported(func(s *Service) { s.Where = "" })},
	{code: "service-incomplete", field: "source", unit: "clinic", command: reported(func(s *Service) { s.Source = "" })},
	{code: "text-long", field: "where", unit: "clinic", command: reported(func(s *Service) { s.Where = strings.Repeat("x", 2001) })},
	{code: "service-day", field: "seen", unit: "clinic", command: reported(func(s *Service) { s.Seen = care.Date{} })},
	{code: "service-day", field: "seen", unit: "clinic", command: reported(func(s *Service) { s.Seen = s.Seen.AddDays(1) })},
	{code: "service-number", field: "places", unit: "clinic", command: reported(func(s *Service) { s.Places = -1 })},
	{code: "service-number", field: "places", unit: "clinic", command: reported(func(s *Service) { s.Wait = &care.Span{N: -1, Unit: care.Weeks} })},
	{code: "nothing-changes", unit: "clinic", before: func(r *region) error { return r.do("clinic", reported(nil)) }, command: reported(nil)},
	{code: "service-unknown", field: "service", unit: "clinic", command: WithdrawService{"sauna"}},
	{code: "successor-needed", field: "successor", unit: "clinic", command: Close{}},
	{code: "successor-below", field: "successor", unit: "trust", command: Close{Successor: "clinic"}},
	{code: "professional-known", field: "professional", unit: "anna", command: Register{Professional: "anna", Profession: "nurse"}},
	{code: "professional-not-registered", unit: "nobody", command: EndRegistration{}},
	{code: "professional-still-holds", unit: "anna", command: EndRegistration{}},
	{code: "professional-still-holds", unit: "david", before: func(r *region) error {
		return errors.Join(r.do("se", NameLead{Professional: "eva"}))
	}, command: EndRegistration{}},
	{code: "reference-unknown", field: "reference", unit: "new", command: Register{Professional: "new", Profession: "nurse", Reference: "ssn"}},
	{code: "register-foreign", field: "hpr", unit: "clinic", command: GiveNumbers{[]Number{{care.HPR, "1"}}}},
	{code: "register-twice", field: "her", unit: "clinic", command: GiveNumbers{[]Number{{care.HER, "1"}, {care.HER, "2"}}}},
	{code: "unit-number-taken", field: "resh", unit: "clinic", before: func(r *region) error {
		return r.do("town", GiveNumbers{[]Number{{care.RESH, "1"}}})
	}, command: GiveNumbers{[]Number{{care.RESH, "01"}}}},
	{code: "run-by-unknown", field: "by", unit: "clinic", command: SayRun{Run{By: "me"}}},
	{code: "runner-needed", field: "runner", unit: "clinic", command: SayRun{Run{By: ByContract}}},
	{code: "capacity-number", field: "capacity", unit: "clinic", command: SayCapacity{Capacity{New: -1}}},
	{code: "capacity-source", field: "source", unit: "clinic", command: SayCapacity{Capacity{New: 1, Seen: oslo.Date(start)}}},
	{code: "happened-in-future", field: "happened", unit: "clinic", command: AddPost{Role: "gp"}},
	{code: "no-units", command: ready{}},
	{code: "unit-way-broken", command: ready{"a": {Unit: "a", Status: Open, Parent: "b"}, "b": {Unit: "b", Status: Open, Parent: "a"}}},
	{code: "unit-way-broken", command: ready{"a": {Unit: "a", Status: Closed, Successor: "b"}, "b": {Unit: "b", Status: Closed, Successor: "a"}}},
	{code: "root-without-lead", command: ready{"a": {Unit: "a", Status: Open}}},
}

// reported is a report of a service that is in order, but for one thing.
func reported(but func(*Service)) ReportService {
	s := Service{
		ID: "warm-water", Options: []string{"no.pain/treatment/movement"}, Where: "Bassenget", Wait: &care.Span{N: 6, Unit: care.Weeks}, Places: 12,
		Seen: care.CalendarOf(care.Norway).Date(start), Source: "Avdelingen",
	}
	if but != nil {
		but(&s)
	}
	return ReportService{s}
}

// TestServices: the shortest known wait stands first, a report replaces the one
// before, and a unit that takes nobody new is not offered.
func TestServices(t *testing.T) {
	t.Parallel()
	r := trust(t)
	must(t, r.do("town", reported(func(s *Service) { s.Wait = &care.Span{N: 2, Unit: care.Months} })))
	must(t, r.do("clinic", reported(func(s *Service) { s.Wait = nil })))
	must(t, r.do("se", reported(func(s *Service) {
		s.Wait = &care.Span{N: 10, Unit: care.WorkingDays}
		s.Options = []string{"se.pain/treatment/movement"}
	})))
	units := func() (all []care.UnitID) {
		for _, o := range New(r.units).Services("no.pain/treatment/movement") {
			all = append(all, o.Unit)
		}
		return all
	}
	if got := units(); !slices.Equal(got, []care.UnitID{"town", "clinic"}) {
		t.Errorf("offered by %v; want the known wait first", got)
	}
	must(t, r.do("clinic", reported(func(s *Service) { s.Wait = &care.Span{N: 8, Unit: care.Weeks} })))
	if got := units(); !slices.Equal(got, []care.UnitID{"clinic", "town"}) {
		t.Errorf("offered by %v; eight weeks are shorter than two months", got)
	}
	must(t, fillClinic(r))
	if got := units(); !slices.Equal(got, []care.UnitID{"town"}) {
		t.Errorf("offered by %v; the clinic takes nobody new", got)
	}
	must(t, r.do("town", WithdrawService{"warm-water"}))
	if got := units(); len(got) != 0 {
		t.Errorf("offered by %v after it was withdrawn", got)
	}
}

// ready stands in the table for a snapshot that is asked whether it is ready.
type ready map[care.UnitID]State

func (ready) Name() string { return "ready" }

func closeClinic(r *region) error { return r.do("clinic", Close{Successor: "town"}) }
func fillClinic(r *region) error  { return r.do("clinic", CloseToNew{Redirect: "town"}) }

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range refusals {
		t.Run(c.code+" "+c.command.Name(), func(t *testing.T) {
			t.Parallel()
			r := trust(t)
			if c.before != nil {
				must(t, c.before(r))
			}
			err := refuse(r, c.unit, c.command, c.code)
			got, ok := care.AsRefusal(err)
			if !ok {
				t.Fatalf("got %v, want the refusal %s", err, c.code)
			}
			if got.Code != c.code || got.Field != c.field {
				t.Errorf("got %s on %q, want %s on %q", got.Code, got.Field, c.code, c.field)
			}
			if strings.Contains(got.Error(), "{") {
				t.Errorf("a place was left unfilled: %s", got.Error())
			}
		})
	}
}

func refuse(r *region, unit care.UnitID, c Command, code string) error {
	switch c := c.(type) {
	case ready:
		return New(c).Ready(start)
	case Register, EndRegistration:
		return r.professional(string(unit), c)
	}
	act := care.Act{At: start}
	switch code {
	case "unit-details-changed":
		act.Seen = 99
	case "happened-in-future":
		act.Happened = day(1)
	default:
		return r.do(unit, c)
	}
	_, err := Decide(r.units[unit], c, act, r.known())
	return err
}

// TestEveryRefusalHasACase reads the code for its refusals.
func TestEveryRefusalHasACase(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, c := range refusals {
		tried[c.code] = true
	}
	found := 0
	for code, at := range refusalCodes(t) {
		found++
		if !tried[code] {
			t.Errorf("%s: the refusal %s has no case", at, code)
		}
		delete(tried, code)
	}
	for code := range tried {
		t.Errorf("the case %s is for a refusal that no code gives", code)
	}
	if found < 20 {
		t.Errorf("found only %d refusals: the reading must be broken", found)
	}
}

func refusalCodes(t *testing.T) map[string]string {
	t.Helper()
	codes := map[string]string{}
	files, err := os.ReadDir(".")
	must(t, err)
	fset := token.NewFileSet()
	for _, entry := range files {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, entry.Name(), nil, 0)
		must(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if ok && sel.Sel.Name == "Unchanged" { // care words it once for every package
				codes["nothing-changes"] = fset.Position(call.Pos()).String()
			}
			if !ok || !strings.Contains("Refuse Missing Deny Stale", sel.Sel.Name) || len(call.Args) < 2 {
				return true
			}
			lit, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: a refusal's code must be written out", fset.Position(call.Pos()))
				return true
			}
			code, err := strconv.Unquote(lit.Value)
			must(t, err)
			codes[code] = fset.Position(call.Pos()).String()
			return true
		})
	}
	return codes
}

func TestDecideRefusesForeignCommands(t *testing.T) {
	t.Parallel()
	r := trust(t)
	if _, err := Decide(r.units["clinic"], Register{}, care.Act{At: start}, r.known()); err == nil {
		t.Error("a unit took a professional's command")
	}
	if _, err := DecideProfessional(r.people["anna"], Wake{}, care.Act{At: start}, r.known()); err == nil {
		t.Error("a professional took a unit's command")
	}
}

// TestUndos lets every undo take back what it says, where holders and details
// are as before.
func TestUndos(t *testing.T) {
	t.Parallel()
	cases := []struct {
		unit     care.UnitID
		do, undo Command
	}{
		{"clinic", ChangeDetails{Contact{Name: "Annet"}}, ChangeDetails{Contact{Name: "Smerteklinikken"}}},
		{"clinic", Move{Parent: "town"}, Move{Parent: "trust"}},
		{"clinic", AddPost{"gp"}, RemovePost{"gp"}},
		{"clinic", RemovePost{"team"}, AddPost{"team"}},
		{"clinic", Join{Professional: "eva", Role: "team"}, Leave{Member: 3, Until: start}},
		{"clinic", Leave{Member: 2}, Join{Professional: "cecilie", Role: care.Desk}},
		{"clinic", GoAway{Professional: "cecilie", Until: day(3)}, ComeBack{Absence: 2, At: start}},
		{"clinic", ComeBack{Absence: 1, At: day(12)}, GoAway{Professional: "bo", From: day(12), Until: day(20), Substitute: "david"}},
		{"trust", NameLead{Professional: "bo"}, NameLead{Professional: "anna"}},
		{"clinic", NameFallback{care.Post{Unit: "town", Role: care.Desk}}, NameFallback{}},
		{"clinic", CloseToNew{"town"}, OpenToNew{}},
	}
	for _, c := range cases {
		t.Run(c.do.Name(), func(t *testing.T) {
			t.Parallel()
			r := trust(t)
			before := r.units[c.unit].Clone()
			must(t, r.do(c.unit, c.do))
			changed := r.units[c.unit]
			must(t, r.do(c.unit, c.undo))
			if got, want := who(r.units[c.unit]), who(before); !reflect.DeepEqual(got, want) {
				t.Errorf("holders are %v, were %v", got, want)
			}
			facts := func(s State) State {
				return State{Unit: s.Unit, Kind: s.Kind, Parent: s.Parent, Regime: s.Regime, Contact: s.Contact, Status: s.Status,
					Redirect: s.Redirect, Fallback: s.Fallback, Roles: s.Roles}
			}
			if got, want := facts(r.units[c.unit]), facts(before); !reflect.DeepEqual(got, want) {
				t.Errorf("the unit is %+v, was %+v", got, want)
			}
			if reflect.DeepEqual(who(changed), who(before)) && reflect.DeepEqual(facts(changed), facts(before)) {
				t.Errorf("%s changed nothing, so that nothing was undone", c.do.Name())
			}
		})
	}
}

// who is who holds what at a choice of instants.
func who(s State) map[string]bool {
	at := map[string]bool{}
	for n := range 40 {
		for _, h := range s.Holders() {
			if within(h.From, h.Until, day(n)) {
				at[day(n).Format("01-02 ")+string(h.Post.Role)+" "+h.Professional] = true
			}
		}
	}
	return at
}

func TestTables(t *testing.T) {
	t.Parallel()
	declared := map[string]bool{}
	for _, u := range Undos() {
		if declared[u.Event] {
			t.Errorf("%s declares its undo twice", u.Event)
		}
		declared[u.Event] = true
		if u.How == "" {
			t.Errorf("%s does not say how it is undone", u.Event)
		}
	}
	for _, typ := range Events.Types() {
		if !declared[typ] {
			t.Errorf("%s does not declare its undo", typ)
		}
		delete(declared, typ)
	}
	for typ := range declared {
		t.Errorf("%s declares an undo and is no event", typ)
	}
	for _, tr := range Lifecycle() {
		e, err := Events.Decode(tr.Event, []byte("{}"))
		if err != nil || e.Type() != tr.Event {
			t.Errorf("the life cycle names %s: %v", tr.Event, err)
		}
	}
}

func TestCommandNames(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, c := range Commands {
		stream, act, ok := strings.Cut(c.Name(), ".")
		if !ok || act == "" || stream != "unit" && stream != "professional" || names[c.Name()] {
			t.Errorf("%T is called %q", c, c.Name())
		}
		names[c.Name()] = true
	}
}
