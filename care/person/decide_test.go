package person

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"forlop/care"
)

var (
	fromClinic  = care.Act{Actor: aWorker, Post: coordinator}
	fromTown    = care.Act{Actor: care.Actor{Kind: care.Professional, ID: "eva", Unit: "town"}, Post: townDesk}
	fromPatient = care.Act{Actor: thePatient}
	byPhone     = care.Act{Actor: aWorker, Post: coordinator, For: &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByPhone}}
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// after carries a new person through commands from the clinic, the patient's
// own words by phone.
func after(commands ...Command) func(*patient) error {
	return func(p *patient) error {
		for _, c := range commands {
			act := fromClinic
			switch c.(type) {
			case RefuseContact, SayWhatMatters, TellStory, Object, WithdrawObjection:
				act = byPhone
			}
			if err := p.do(c, act); err != nil {
				return err
			}
		}
		return nil
	}
}

var (
	today   = on("2026-03-02")
	mri     = RecordFinding{"mri", on("2025-09-01"), gp, "hemmelig", ""}
	dead    = RecordDeath{today}
	tooLong = strings.Repeat("x", 10<<20)
	byGoals = SayWhatMatters{Goals, "hemmelig", care.Date{}}
	toTown  = OfferContact{To: townDesk}
)

// refusals has one case for every refusal code of this package, by name.
var refusals = []struct {
	code, field string
	before      func(*patient) error
	act         care.Act
	command     Command
}{
	{code: "person-known", command: Open{"p1", care.Norway, clinicDesk}},
	{code: "happened-in-future", field: "happened", act: care.Act{Happened: start.Add(time.Hour)}, command: Wake{}},
	{code: "nothing-changes", command: KeepContact{}, before: after(AppointContact{coordinator})},
	{code: "nothing-changes", command: WantContact{}},
	{code: "nothing-changes", command: AppointContact{clinicDesk}},
	{code: "nothing-changes", command: OfferContact{To: clinicDesk}},
	{code: "nothing-changes", act: byPhone, command: RefuseContact{}, before: after(RefuseContact{})},
	{code: "nothing-changes", command: LiftEnergy{}},
	{code: "nothing-changes", command: SetAdaptations{}},
	{code: "nothing-changes", command: SetLanguages{Reading: care.Swedish}, before: after(SetLanguages{Reading: care.Swedish})},
	{code: "nothing-changes", command: SetChannel{Channel: care.ByLetter}, before: after(SetChannel{Channel: care.ByLetter})},
	{code: "nothing-changes", command: ReviewPause{1, ""}, before: after(Pause{Why: TooIll}, ReviewPause{1, ""})},
	{code: "nothing-changes", command: EndPause{1}, before: after(Pause{Why: TooIll}, EndPause{1})},
	{code: "nothing-changes", command: WithdrawFinding{1, "x"}, before: after(mri, WithdrawFinding{1, "x"})},
	{code: "nothing-changes", command: ChangeGP{GP: gp}, before: after(ChangeGP{GP: gp})},
	{code: "nothing-changes", command: ChangeMunicipality{Municipality: gp}, before: after(ChangeMunicipality{Municipality: gp})},
	{code: "nothing-changes", command: EndCarrier{SickNote, "x"}},
	{code: "nothing-changes", command: dead, before: after(dead)},
	{code: "nothing-changes", command: RetractDeath{"x"}},
	{code: "nothing-changes", act: fromClinic, command: Settle{}},
	{code: "nothing-changes", command: AddAlias{"p9"}, before: after(AddAlias{"p9"})},
	{code: "nothing-changes", act: byPhone, command: WithdrawObjection{3}, before: after(TellStory{"x"}, Object{2, "x", "y"}, WithdrawObjection{3})},
	{code: "changed-meanwhile", act: care.Act{Seen: 1}, command: LiftEnergy{}, before: after(SetEnergy{PerWeek: 1})},
	{code: "changed-meanwhile", act: care.Act{Seen: 1}, command: SetEnergy{PerWeek: 1}, before: after(SetEnergy{PerWeek: 2})},
	{code: "changed-meanwhile", act: care.Act{Seen: 1}, command: SetAdaptations{}, before: after(SetAdaptations{[]Adaptation{Short}, ""})},
	{code: "changed-meanwhile", act: care.Act{Seen: 1}, command: SetLanguages{Reading: care.English}, before: after(SetLanguages{Reading: care.Swedish})},
	{code: "changed-meanwhile", act: care.Act{Seen: 1}, command: SetChannel{Channel: care.ByPage}, before: after(SetChannel{Channel: care.ByLetter})},
	{code: "changed-meanwhile", act: care.Act{Seen: 1}, command: ConfirmWhatMatters{Topic: Goals}, before: after(byGoals)},
	{code: "changed-meanwhile", act: care.Act{Seen: 1, Actor: thePatient}, command: byGoals, before: after(byGoals)},
	{code: "changed-meanwhile", act: care.Act{Seen: 1}, command: SetCarrier{What: Prescriptions, By: gp}, before: after(SetCarrier{What: Prescriptions, By: gp})},
	{code: "changed-meanwhile", act: care.Act{Seen: 1}, command: EndCarrier{Prescriptions, "x"}, before: after(SetCarrier{What: Prescriptions, By: gp})},
	{code: "changed-meanwhile", act: care.Act{Seen: 1}, command: WithdrawContact{1}, before: after(toTown)},
	{code: "changed-meanwhile", act: care.Act{Seen: 1}, command: ReviewPause{1, ""}, before: after(Pause{Why: TooIll})},
	{code: "changed-meanwhile", act: care.Act{Seen: 1}, command: EndPause{1}, before: after(Pause{Why: TooIll})},
	{code: "changed-meanwhile", act: care.Act{Seen: 1, Actor: aWorker}, command: Settle{}, before: after(dead)},
	{code: "changed-meanwhile", act: care.Act{Seen: 1, Post: townDesk}, command: KeepContact{}, before: func(p *patient) error {
		return errors.Join(after(AppointContact{coordinator}, toTown)(p), p.do(DeclineContact{1, "x"}, fromTown))
	}},
	{code: "post-unknown", field: "post", command: AppointContact{care.Post{Unit: "clinic", Role: "gp"}}},
	{code: "post-unknown", field: "to", command: OfferContact{To: care.Post{Unit: "gone", Role: care.Desk}}},
	{code: "post-unknown", field: "owner", command: SetCarrier{What: SickNote, By: gp, Until: today, Owner: care.Post{Unit: "gone", Role: care.Desk}}},
	{code: "post-unknown", field: "gp", command: ChangeGP{GP: care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "gone"}}}},
	{code: "contact-elsewhere", field: "post", act: fromTown, command: AppointContact{townWorker}},
	{code: "contact-not-accepted", act: fromTown, command: AppointContact{coordinator}},
	{code: "contact-not-accepted", act: fromClinic, command: AcceptContact{1}, before: after(toTown)},
	{code: "contact-not-accepted", act: byPhone, command: AcceptContact{1}, before: after(toTown)},
	{code: "contact-not-accepted", act: fromClinic, command: DeclineContact{1, "x"}, before: after(toTown)},
	{code: "contact-is-desk", field: "post", act: fromClinic, command: AppointContact{clinicDesk}, before: after(AppointContact{coordinator})},
	{code: "contact-unwanted", act: fromClinic, command: AppointContact{coordinator}, before: after(RefuseContact{})},
	{code: "contact-unwanted", command: OfferContact{To: townWorker}, before: after(RefuseContact{})},
	{code: "contact-unnamed", command: KeepContact{}},
	{code: "offer-open", command: OfferContact{To: townWorker}, before: after(toTown)},
	{code: "offer-open", act: fromClinic, command: AppointContact{coordinator}, before: after(toTown)},
	{code: "offer-unknown", field: "offer", command: AcceptContact{1}},
	{code: "offer-closed", field: "offer", act: fromTown, command: DeclineContact{1, "x"}, before: after(toTown, WithdrawContact{1})},
	{code: "patient-decides", act: care.Act{Actor: aRelative}, command: RefuseContact{}},
	{code: "patient-decides", act: fromClinic, command: RefuseContact{}},
	{code: "topic-unknown", field: "topic", act: fromPatient, command: SayWhatMatters{Topic: "weather", Words: "x"}},
	{code: "matters-unsaid", field: "topic", command: ConfirmWhatMatters{Topic: Goals}},
	{code: "words-not-own", act: fromClinic, command: byGoals},
	{code: "words-not-own", act: fromClinic, command: TellStory{"x"}},
	{code: "words-not-own", act: care.Act{Actor: care.Service}, command: TellStory{"x"}},
	{code: "words-not-own", act: fromClinic, command: Object{2, "x", "y"}, before: after(TellStory{"x"})},
	{code: "words-not-own", act: fromClinic, command: WithdrawObjection{3}, before: after(TellStory{"x"}, Object{2, "x", "y"})},
	{code: "words-needed", field: "words", act: fromPatient, command: TellStory{" \n"}},
	{code: "words-needed", field: "words", act: fromPatient, command: SayWhatMatters{Topic: Goals}},
	{code: "words-needed", field: "sentence", act: fromPatient, command: Object{2, "", "y"}, before: after(TellStory{"x"})},
	{code: "words-needed", field: "objection", act: fromPatient, command: Object{2, "x", ""}, before: after(TellStory{"x"})},
	{code: "words-needed", field: "reason", act: fromTown, command: DeclineContact{1, ""}, before: after(toTown)},
	{code: "words-needed", field: "showed", command: RecordFinding{"mri", today, gp, "", ""}},
	{code: "words-needed", field: "reason", command: WithdrawFinding{1, ""}, before: after(mri)},
	{code: "words-needed", field: "reason", command: EndCarrier{Prescriptions, ""}, before: after(SetCarrier{What: Prescriptions, By: gp})},
	{code: "words-needed", field: "reason", command: RetractDeath{""}, before: after(dead)},
	{code: "text-long", field: "words", act: fromPatient, command: TellStory{tooLong}},
	{code: "text-long", field: "message", command: OfferContact{To: townDesk, Message: tooLong}},
	{code: "text-long", field: "note", command: SetAdaptations{nil, tooLong}},
	{code: "text-long", field: "reason", command: PlanExamination{Kind: "mri", Reason: tooLong}},
	{code: "text-long", field: "reason", act: fromPatient, command: RefuseContact{tooLong}},
	{code: "text-long", field: "note", command: ReviewPause{1, tooLong}, before: after(Pause{Why: TooIll})},
	{code: "text-broken", field: "words", act: fromPatient, command: TellStory{"\xff"}},
	{code: "words-unknown", field: "to", act: fromPatient, command: Object{1, "x", "y"}},
	{code: "objection-unknown", field: "objection", act: fromPatient, command: WithdrawObjection{1}},
	{code: "limit-range", field: "minutes", command: SetEnergy{Minutes: 1441}},
	{code: "limit-range", field: "ahead", command: SetCarrier{What: SickNote, By: gp, Until: today, Ahead: 61}},
	{code: "limit-range", field: "perWeek", command: SetEnergy{PerWeek: -1}},
	{code: "limit-needed", field: "perWeek", command: SetEnergy{}},
	{code: "adaptation-unknown", field: "adaptations", command: SetAdaptations{[]Adaptation{"yoga"}, ""}},
	{code: "language-unknown", field: "reading", command: SetLanguages{Reading: "da"}},
	{code: "interpreter-form", field: "interpreter", command: SetLanguages{Reading: care.Bokmal, Interpreter: "Somali"}},
	{code: "interpreter-form", field: "interpreter", command: SetLanguages{Reading: care.Bokmal, Interpreter: "so1"}},
	{code: "interpreter-both", field: "interpreter", command: SetLanguages{Reading: care.Bokmal, Interpreter: "so", NoInterpreter: true}},
	{code: "channel-unknown", field: "channel", command: SetChannel{Channel: "pigeon"}},
	{code: "pause-why", field: "why", command: Pause{}},
	{code: "pause-long", field: "until", command: Pause{Why: ByWish, Until: on("2026-06-02")}},
	{code: "pause-already", field: "until", command: Pause{Why: TooIll}, before: after(Pause{Why: TooIll})},
	{code: "pause-unknown", field: "pause", command: EndPause{1}},
	{code: "pause-unknown", field: "pause", command: ReviewPause{0, ""}},
	{code: "time-empty", field: "until", command: Pause{Why: TooIll, From: on("2026-03-09"), Until: on("2026-03-08")}},
	{code: "date-past", field: "until", command: Pause{Why: TooIll, From: on("2026-02-01"), Until: on("2026-03-01")}},
	{code: "date-past", field: "by", command: OfferContact{To: townDesk, By: on("2026-03-01")}},
	{code: "date-past", field: "reviewBy", command: SetEnergy{PerWeek: 1, ReviewBy: on("2026-03-01")}},
	{code: "date-past", field: "reviewBy", act: fromPatient, command: SayWhatMatters{Goals, "x", on("2026-03-01")}},
	{code: "date-past", field: "reviewBy", command: ConfirmWhatMatters{Goals, on("2026-03-01")}, before: after(byGoals)},
	{code: "date-future", field: "examined", command: RecordFinding{"mri", on("2026-03-03"), gp, "x", ""}},
	{code: "date-future", field: "on", command: RecordDeath{on("2026-03-03")}},
	{code: "date-needed", field: "examined", command: RecordFinding{"mri", care.Date{}, gp, "x", ""}},
	{code: "date-needed", field: "on", command: RecordDeath{}},
	{code: "kind-form", field: "kind", command: RecordFinding{"MR av rygg", today, gp, "x", ""}},
	{code: "kind-form", field: "kind", command: PlanExamination{}},
	{code: "finding-unknown", field: "finding", command: WithdrawFinding{1, "x"}},
	{code: "examined-already", field: "reason", command: PlanExamination{Kind: "mri", Reason: "  "}, before: after(mri)},
	{code: "examined-already", field: "reason", command: PlanExamination{Kind: "mri", FreshFor: care.Span{N: 6, Unit: care.Months}},
		before: after(RecordFinding{"mri", on("2025-09-02"), gp, "x", ""})},
	{code: "party-kind", field: "by", command: RecordFinding{"mri", today, care.Party{Kind: care.PartyPatient}, "x", ""}},
	{code: "party-kind", field: "by", command: SetCarrier{What: Prescriptions, By: care.Party{Kind: care.PartyRelative}}},
	{code: "party-kind", field: "municipality", command: ChangeMunicipality{}},
	{code: "party-name", field: "gp", command: ChangeGP{GP: care.Party{Kind: care.PartyOther}}},
	{code: "carried-unknown", field: "what", command: SetCarrier{What: "luggage", By: gp}},
	{code: "carried-unknown", field: "what", command: EndCarrier{What: "luggage"}},
	{code: "until-needed", field: "until", command: SetCarrier{What: SickNote, By: gp}},
	{code: "malaise-unknown", field: "malaise", command: ReportCondition{Malaise: "maybe"}},
	{code: "severity-unknown", field: "severity", command: ReportCondition{Severity: "bad"}},
	{code: "report-empty", field: "malaise", command: ReportCondition{}},
	{code: "person-died", command: Pause{Why: TooIll}, before: after(dead)},
	{code: "person-died", act: fromTown, command: AcceptContact{1}, before: after(toTown, dead)},
	{code: "person-decides", act: care.Act{Actor: care.Service}, command: Settle{}, before: after(dead)},
	{code: "person-decides", act: care.Act{Actor: aRelative}, command: Settle{}, before: after(dead)},
	{code: "merge-itself", field: "into", command: MergeInto{"p1"}},
	{code: "merge-itself", field: "alias", command: AddAlias{}},
	{code: "merged-already", field: "into", command: MergeInto{"p8"}, before: after(MergeInto{"p9"})},
	{code: "merge-unknown", field: "other", command: Unmerge{"p9"}},
	{code: "merge-unknown", field: "other", command: Unmerge{}},

	{code: "person-unknown", before: unopened, command: Wake{}},
	{code: "person-needed", field: "person", before: unopened, command: Open{"", care.Norway, clinicDesk}},
	{code: "regime-unknown", field: "regime", before: unopened, command: Open{"p1", "DK", clinicDesk}},
	{code: "desk-needed", field: "desk", before: unopened, command: Open{"p1", care.Norway, coordinator}},
	{code: "post-unknown", field: "desk", before: unopened, command: Open{"p1", care.Norway, care.Post{Unit: "gone", Role: care.Desk}}},
}

// unopened makes the person one nobody has opened yet.
func unopened(p *patient) error {
	p.s, p.stored = State{}, State{}
	return nil
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for i, c := range refusals {
		t.Run(fmt.Sprint(c.code, " ", c.command.Name(), " ", i), func(t *testing.T) {
			t.Parallel()
			p := newPatient()
			if c.before != nil {
				must(t, c.before(p))
			}
			got, ok := care.AsRefusal(p.do(c.command, c.act))
			if !ok {
				t.Fatalf("it was not refused: %+v", p.made)
			}
			if got.Code != c.code || got.Field != c.field {
				t.Errorf("got %s on %q, want %s on %q", got.Code, got.Field, c.code, c.field)
			}
			if text := got.Error(); strings.Contains(text, "{") || len(text) > 500 {
				t.Errorf("a place was left unfilled, or all was echoed: %.500s", text)
			}
		})
	}
}

// TestEveryRefusalHasACase reads the code for its refusals.
func TestEveryRefusalHasACase(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, c := range refusals {
		tried[c.code] = true
	}
	codes := refusalCodes(t)
	for code, at := range codes {
		if !tried[code] {
			t.Errorf("%s: the refusal %s has no case", at, code)
		}
		delete(tried, code)
	}
	for code := range tried {
		t.Errorf("the case %s is for a refusal that no code gives", code)
	}
	if len(codes) < 40 {
		t.Errorf("found only %d refusals: the reading must be broken", len(codes))
	}
}

// shared are the refusals that care words once for every package.
var shared = map[string][]string{"Unchanged": {"nothing-changes"}, "CheckText": {"words-needed", "text-long", "text-broken"}}

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
			if !ok {
				return true
			}
			for _, code := range shared[sel.Sel.Name] {
				codes[code] = fset.Position(call.Pos()).String()
			}
			if !slices.Contains([]string{"Refuse", "Missing", "Deny", "Stale"}, sel.Sel.Name) {
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

// TestWholeLife tells one story that goes through every line of Lifecycle and
// has every kind of item.
func TestWholeLife(t *testing.T) {
	t.Parallel()
	p := &patient{now: start}
	seen, items := map[Transition]bool{}, map[string]bool{}
	step := func(c Command, act care.Act) {
		t.Helper()
		before := p.s.Clone()
		must(t, p.do(c, act))
		lines, wrong := follow(before, p.made, p.s)
		if wrong != "" {
			t.Fatal(wrong)
		}
		for _, l := range lines {
			seen[l] = true
		}
		for _, i := range p.s.Items() {
			items[string(i.Kind)+" "+i.Ref] = true
		}
	}
	sleep := func() {
		t.Helper()
		due, ok := Due(p.s)
		if !ok {
			t.Fatal("time has nothing to do")
		}
		p.now = care.Later(p.now, due)
		step(Wake{}, care.Act{Actor: care.Service})
	}
	offers := 0
	offer := func(to care.Post) int {
		t.Helper()
		step(OfferContact{To: to}, fromClinic)
		offers++
		return offers
	}

	step(Open{"p1", care.Norway, clinicDesk}, fromClinic)
	step(AppointContact{coordinator}, fromClinic)
	step(AppointContact{nurse}, fromClinic)
	step(WithdrawContact{offer(townDesk)}, fromClinic)
	step(DeclineContact{offer(townDesk), "hemmelig"}, fromTown)
	step(KeepContact{}, fromClinic)
	offer(townDesk)
	sleep() // it lapses
	sleep() // the task is late
	step(DeclineContact{offer(townDesk), "hemmelig"}, fromTown)
	step(AcceptContact{offer(townWorker)}, fromTown)
	step(AcceptContact{offer(coordinator)}, fromClinic)
	step(AcceptContact{offer(townDesk)}, fromTown)
	step(AcceptContact{offer(clinicDesk)}, fromClinic)
	step(AcceptContact{offer(townWorker)}, fromTown)
	step(RefuseContact{}, byPhone)
	step(AcceptContact{offer(clinicDesk)}, fromClinic)
	step(WantContact{}, byPhone)
	step(RefuseContact{}, byPhone)
	step(WantContact{}, byPhone)
	step(AcceptContact{offer(townWorker)}, fromTown)
	step(AcceptContact{offer(clinicDesk)}, fromClinic)
	step(TellStory{"hemmelig"}, fromPatient)
	step(Object{p.s.Version, "hemmelig", "hemmelig"}, care.Act{Actor: aRelative})
	step(WithdrawObjection{p.s.Version}, care.Act{Actor: aRelative})
	step(mri, fromClinic)
	step(WithdrawFinding{1, "hemmelig"}, fromClinic)
	for _, topic := range Topics {
		step(SayWhatMatters{topic, "hemmelig", care.Date{}}, fromPatient)
	}
	step(SetEnergy{PerWeek: 2, RestDays: 3}, fromPatient)
	step(Pause{Why: TooIll}, fromPatient)
	step(SetCarrier{What: SickNote, By: gp, Until: on("2026-06-01")}, fromClinic)
	step(SetCarrier{What: Prescriptions, By: gp, Until: on("2026-06-01"), Owner: nurse}, fromClinic)
	sleep()
	step(dead, fromClinic)
	step(RetractDeath{"hemmelig"}, fromClinic)
	step(dead, fromClinic)
	step(Settle{}, fromClinic)
	step(RetractDeath{"hemmelig"}, fromClinic)

	for _, tr := range Lifecycle() {
		if tr.Of != "pause" && !seen[tr] {
			t.Errorf("the story does not go through %+v", tr)
		}
	}
	for _, want := range []string{
		"offer first-contact-offer", "contact name-first-contact", "decision first-contact-declined", "decision first-contact-unanswered",
		"decision first-contact-refused-twice", "review matters-goals", "review matters-how-to-reach", "review matters-sensitivities",
		"review matters-worsening", "review energy", "review pause", "review sick-note-ends", "review prescriptions-ends", "decision died",
	} {
		if !items[want] {
			t.Errorf("the story has no item %q", want)
		}
		delete(items, want)
	}
	for kind := range items {
		if !strings.HasPrefix(kind, string(care.EscalationItem)) {
			t.Errorf("there is an item nobody expected: %s", kind)
		}
	}
}

// TestDates fixes by example which day counts.
func TestDates(t *testing.T) {
	t.Parallel()
	p := newPatient()
	must(t, p.do(Pause{Why: TooIll}, fromPatient))
	must(t, p.do(SetCarrier{What: SickNote, By: gp, Until: on("2026-04-10"), Owner: nurse}, fromClinic))
	must(t, p.do(SetCarrier{What: Prescriptions, By: gp, Until: on("2026-03-03"), Owner: nurse}, fromClinic))
	cal := care.CalendarOf(care.Norway)
	want := map[string]care.Date{
		"pause":              on("2026-03-04"), // today and two more
		"name-first-contact": on("2026-03-09"), // five working days
		"sick-note-ends":     on("2026-03-31"), // Easter takes Thursday, Friday and Monday
		"prescriptions-ends": on("2026-03-02"), // too late for five days: today
	}
	for _, i := range p.s.Items() {
		if day := cal.LastDay(i.Due); day != want[i.Ref] {
			t.Errorf("%s is due on %s, want %s", i.Ref, day, want[i.Ref])
		}
		delete(want, i.Ref)
		if i.Ref == "sick-note-ends" && (cal.LastDay(i.Latest) != on("2026-04-10") || i.Post != nurse) {
			t.Errorf("the sick note ends %s and is %s's", i.Latest, i.Post)
		}
	}
	if len(want) > 0 {
		t.Errorf("no items for %v", want)
	}
	if p.s.MayRemind(start) || !p.s.MayRemind(cal.EndOf(on("2026-03-04"))) {
		t.Error("reminders rest at the wrong time")
	}
	// On the third day it is still no better.
	p.now = start.AddDate(0, 0, 2)
	must(t, p.do(Pause{Why: TooIll}, fromPatient))
	if p.s.MayRemind(cal.StartOf(on("2026-03-06"))) || !p.s.MayRemind(cal.EndOf(on("2026-03-06"))) {
		t.Errorf("the second pause is %+v", p.s.Pauses[1])
	}
	if open := slices.DeleteFunc(p.s.Items(), func(i care.Item) bool { return i.Ref != "pause" }); len(open) != 1 {
		t.Errorf("the coordinator is told %d times", len(open))
	}
}

// TestClimbing: an item nobody sees to is shown to the desk, then to the lead,
// and stays there.
func TestClimbing(t *testing.T) {
	t.Parallel()
	lead := care.Post{Unit: "clinic", Role: care.Lead}
	for _, c := range []struct {
		owner care.Post
		up    []care.Post
	}{{nurse, []care.Post{clinicDesk, lead}}, {clinicDesk, []care.Post{lead}}} {
		p := newPatient()
		must(t, p.do(AppointContact{coordinator}, fromClinic))
		must(t, p.do(SetCarrier{What: Prescriptions, By: gp, Until: on("2026-02-20"), Owner: c.owner}, fromClinic))
		cal := care.CalendarOf(care.Norway)
		for n, up := range c.up {
			due, ok := Due(p.s)
			if want := cal.EndOf(on([]string{"2026-03-02", "2026-03-05"}[n])); !ok || !due.Equal(want) {
				t.Fatalf("rung %d is at %v, want %v", n+1, due, want)
			}
			p.now = due
			must(t, p.do(Wake{}, care.Act{Actor: care.Service}))
			items := p.s.Items()
			if e, ok := p.made[0].Event.(Overdue); !ok || e.To != up || e.Rung != n+1 {
				t.Errorf("rung %d: %+v", n+1, p.made)
			}
			if len(items) != 2 || items[0].Post != c.owner || items[0].Overdue != n+1 || items[1].Post != up || items[1].Kind != care.EscalationItem {
				t.Errorf("rung %d: %+v", n+1, items)
			}
		}
		if due, ok := Due(p.s); ok {
			t.Errorf("it climbs on at %v", due)
		}
	}
}

// TestExaminedOnce: a fresh finding needs a reason, an old or withdrawn one does
// not, and the reason stands with the finding it repeats.
func TestExaminedOnce(t *testing.T) {
	t.Parallel()
	p := newPatient()
	must(t, p.do(mri, fromClinic))
	must(t, p.do(PlanExamination{Kind: "x-ray"}, fromClinic))
	must(t, p.do(PlanExamination{Kind: "mri", FreshFor: care.Span{N: 3, Unit: care.Months}}, fromClinic))
	must(t, p.do(PlanExamination{Kind: "mri", Reason: "hemmelig"}, fromClinic))
	if e := p.made[0]; e.Event != (ExaminationPlanned{3, "mri", 1}) || e.Sealed["reason"] != "hemmelig" {
		t.Errorf("the repeat is %+v", e)
	}
	must(t, p.do(WithdrawFinding{1, "hemmelig"}, fromClinic))
	must(t, p.do(PlanExamination{Kind: "mri"}, fromClinic))
}

// TestBelongsOnDates: the GP on a date, with a change that is announced and one
// that is put right.
func TestBelongsOnDates(t *testing.T) {
	t.Parallel()
	p := newPatient()
	town := care.Party{Kind: care.PartyUnit, Post: townDesk}
	must(t, p.do(ChangeGP{GP: gp, Since: on("2025-01-01")}, fromClinic))
	must(t, p.do(ChangeGP{GP: gp, Since: on("2026-04-01")}, fromClinic))
	must(t, p.do(ChangeGP{GP: town, Since: on("2026-04-01")}, fromClinic))
	must(t, p.do(ChangeGP{Since: on("2026-03-01")}, fromClinic))
	for day, want := range map[string]care.Party{"2024-12-31": {}, "2025-01-01": gp, "2026-03-01": {}, "2026-04-01": town, "2027-01-01": town} {
		if got := p.s.GP(on(day)); got != want {
			t.Errorf("on %s the GP is %+v, want %+v", day, got, want)
		}
	}
	must(t, p.do(ChangeMunicipality{Municipality: town}, fromClinic))
	if p.s.Municipality(today) != town || len(p.s.GPs) != 4 {
		t.Errorf("%+v, %+v", p.s.Municipalities, p.s.GPs)
	}
}

// TestReports: a fact stands with who said it, and one does not wipe the other.
func TestReports(t *testing.T) {
	t.Parallel()
	p := newPatient()
	must(t, p.do(ReportCondition{Malaise: MalaiseYes}, byPhone))
	must(t, p.do(ReportCondition{Severity: Severe}, fromClinic))
	c := p.s.Condition
	if c.Malaise != MalaiseYes || c.MalaiseBy.Party.Kind != care.PartyPatient || c.MalaiseBy.How != care.ByPhone ||
		c.Severity != Severe || c.SeverityBy.ID != "bo" {
		t.Errorf("got %+v", c)
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	declared := map[string]bool{}
	for _, u := range Undos() {
		if declared[u.Event] {
			t.Errorf("%s declares its undo twice", u.Event)
		}
		declared[u.Event] = true
		if u.How == "" || u.By == "" && !strings.HasPrefix(u.How, "none: ") {
			t.Errorf("%s does not say how it is undone, or why not", u.Event)
		}
		if u.By != "" && !slices.Contains(Events.Types(), u.By) {
			t.Errorf("%s is undone by %s, which is no event", u.Event, u.By)
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
		if !slices.Contains(Events.Types(), tr.Event) {
			t.Errorf("the life cycle names %s, which is no event", tr.Event)
		}
	}
	names := map[string]bool{}
	for _, c := range Commands {
		stream, act, ok := strings.Cut(c.Name(), ".")
		if !ok || act == "" || stream != "person" || names[c.Name()] {
			t.Errorf("%T is called %q", c, c.Name())
		}
		names[c.Name()] = true
	}
}

func TestEvolveRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		skip  int
		event care.Event
	}{
		{"a gap", 1, EnergyLifted{}},
		{"a second opening", 0, Opened{}},
		{"an offer out of turn", 0, ContactOffered{Offer: 2}},
		{"an answer to no offer", 0, OfferAccepted{Offer: 1}},
		{"words that were not said", 0, MattersConfirmed{Topic: Goals}},
		{"an objection to nothing", 0, Objected{To: 1}},
		{"no objection", 0, ObjectionWithdrawn{Objection: 1}},
		{"a pause out of turn", 0, Paused{Pause: 2}},
		{"no pause", 0, PauseEnded{Pause: 1}},
		{"a finding out of turn", 0, FindingRecorded{Finding: 2}},
		{"no finding", 0, FindingWithdrawn{Finding: 1}},
		{"an examination out of turn", 0, ExaminationPlanned{Examination: 2}},
		{"settling for the living", 0, Settled{}},
		{"coming back without having died", 0, DeathRetracted{}},
		{"a stranger's event", 0, strange{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newPatient().s
			version := s.Version
			if err := Evolve(&s, care.Recorded{Version: version + 1 + c.skip, Event: c.event}); err == nil {
				t.Errorf("%s was folded", c.event.Type())
			} else if !strings.Contains(err.Error(), "p1") {
				t.Errorf("the error does not say whose stream it is: %v", err)
			}
			if s.Version != version {
				t.Errorf("the version moved to %d", s.Version)
			}
		})
	}
	var s State
	if err := Evolve(&s, care.Recorded{Version: 1, Event: EnergyLifted{}}); err == nil {
		t.Error("something happened before the opening")
	}
	if _, err := Decide(newPatient().s, strange{}, care.Act{At: start}, known); err == nil {
		t.Error("a stranger's command was taken")
	}
}

type strange struct{}

func (strange) Type() string { return "journey.opened/1" }
func (strange) Name() string { return "journey.open" }
