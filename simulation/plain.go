package simulation

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store/memory"
)

// The plain course is the journey of a pathway that nobody has written an
// example for: the referral is taken on, nothing is known of the person beyond
// it, each step is done on its last day, the first option is chosen, and the
// journey ends in the first way that it can. It shows what a page says when;
// it says nothing about real people.
type plain struct {
	world *world
	def   *pathway.Definition
	cal   *care.Calendar
	start time.Time
	until time.Time
	who   care.PersonKey
	born  care.Date
	// reader opens the patient's page.
	reader casework.Who
	id     string
	acts   int
	// stops are the days on which something was done.
	stops    []int
	findings []pathway.Finding
}

// plainStart is the morning on which a plain course begins: a Monday without
// holidays around it.
var plainStart = care.Date{Year: 2026, Month: time.January, Day: 12}

// mostActs bounds a plain course; a national pathway needs some twenty.
const mostActs = 80

// newPlain opens the units that the pathway's roles name, and registers a
// person. Without a definition that can run it answers nil and why.
func newPlain(ctx context.Context, folder fs.FS, others []fs.FS, reads care.Language) (*plain, []pathway.Finding, error) {
	def, findings := pathway.LoadOver(folder, among(others))
	if def == nil || pathway.HasErrors(findings) {
		return nil, findings, nil
	}
	c := &plain{def: def, cal: care.CalendarOf(def.Regime)}
	c.start = c.cal.StartOf(plainStart).Add(9 * time.Hour).UTC()
	var err error
	folders := []fs.FS{folder}
	if below, ok := among(others)(def.Extends.ID, def.Extends.Version); ok && def.Extends.ID != "" {
		folders = []fs.FS{below, folder}
	}
	if c.world, err = newWorld(ctx, memory.Open(), c.start, folders...); err != nil {
		return nil, nil, err
	}
	if err := c.world.enter(castOf(def), def.Regime); err != nil {
		return nil, nil, err
	}
	c.born = care.Date{Year: plainStart.Year - ageFor(def.For), Month: time.March, Day: 3}
	c.who, err = c.world.service.RegisterPerson(ctx, operator, c.world.key(), def.Regime, casework.Identity{Name: "Anna Eksempel", Born: c.born})
	if err != nil {
		return nil, nil, err
	}
	if err := c.open(reads); err != nil {
		return nil, nil, err
	}
	return c, nil, nil
}

// ageFor is an age that the pathway is for.
func ageFor(a pathway.Audience) int {
	switch {
	case a.MaxAge > 0:
		return a.MaxAge
	case a.MinAge > 40:
		return a.MinAge
	}
	return 40
}

func stopPlain(ctx context.Context, folder fs.FS, others []fs.FS, day int, reads care.Language) (Scene, error) {
	c, findings, err := newPlain(ctx, folder, others, reads)
	if err != nil {
		return Scene{}, err
	}
	if c == nil {
		return Scene{Day: day, Findings: findings}, care.Refuse("pathway-has-errors", "The pathway has errors and is not published. Lint it, mend it, and publish again.")
	}
	date := plainStart.AddDays(day)
	if err := c.live(endOf(c.cal, date)); err != nil {
		return Scene{}, err
	}
	return Scene{Day: day, Date: date, Patient: c.who, Parent: parentAmong(c.reader), Service: c.world.service, Findings: c.findings}, nil
}

// live carries the course on until an instant, or to its end where it is zero.
func (c *plain) live(until time.Time) error {
	c.until = until
	for c.acts < mostActs {
		v, err := c.world.look(c.who, c.id)
		if err != nil {
			return err
		}
		if v.State.Status == journey.Closed {
			break
		}
		if going, err := c.next(v); err != nil || !going {
			return err
		}
	}
	return c.rest()
}

// rest lets the rest of the time pass.
func (c *plain) rest() error {
	if c.until.IsZero() {
		return nil
	}
	return c.world.until(c.until)
}

// next does the next thing; false when the course goes no further.
func (c *plain) next(v casework.JourneyView) (bool, error) {
	for _, st := range v.State.Steps {
		if done, err := c.arrange(v, st); done || err != nil {
			return done, err
		}
	}
	var first *journey.Step
	for i := range v.State.Steps {
		if st := &v.State.Steps[i]; st.Live() && st.Round < 3 && (first == nil || st.Latest.Before(first.Latest)) {
			first = st
		}
	}
	if first == nil {
		return c.end(v)
	}
	at := c.cal.StartOf(c.workday(c.cal.LastDay(first.Latest))).Add(14 * time.Hour)
	if ok, err := c.passTo(at); !ok || err != nil {
		return false, err
	}
	return c.do(v, *first)
}

// workday is a day, or the last working day before it.
func (c *plain) workday(d care.Date) care.Date {
	for !c.cal.IsWorkingDay(d) {
		d = d.AddDays(-1)
	}
	return d
}

// passTo lets time pass to an instant; false where the course stops before it.
func (c *plain) passTo(at time.Time) (bool, error) {
	if now := c.world.clock.Now(); !at.After(now) {
		at = now.Add(10 * time.Minute)
	}
	if !c.until.IsZero() && at.After(c.until) {
		return false, c.rest()
	}
	return true, c.world.until(at)
}

// arrange gives a visit its time and calls a meeting, as soon as they are open.
func (c *plain) arrange(v casework.JourneyView, st journey.Step) (bool, error) {
	if !st.Live() || !st.Planned.IsZero() || st.Kind != pathway.Visit && st.Kind != pathway.Meeting {
		return false, nil
	}
	def, _ := c.def.Step(st.ID)
	at := c.cal.StartOf(c.workday(c.cal.LastDay(st.Latest))).Add(10 * time.Hour)
	if !at.After(c.world.clock.Now()) || len(def.Ways) == 0 {
		return false, nil
	}
	if st.Kind == pathway.Visit {
		return true, c.act(v, st.Owner, journey.PlanStep{Step: st.Step, At: at, Way: def.Ways[0]})
	}
	people := []journey.Participant{{Party: care.Party{Kind: care.PartyPatient}}}
	for _, r := range c.def.Roles {
		if post := v.State.Roles[r.ID]; !post.IsZero() {
			people = append(people, journey.Participant{Party: care.Party{Kind: care.PartyUnit, Post: post}, Role: r.ID})
		}
	}
	return true, c.act(v, st.Owner, journey.CallMeeting{Step: st.Step, At: at, Way: def.Ways[0], Participants: people})
}

// do carries out a step by what it is.
func (c *plain) do(v casework.JourneyView, st journey.Step) (bool, error) {
	def, _ := c.def.Step(st.ID)
	switch st.Kind {
	case pathway.Answer:
		return c.try(v, st.Owner, journey.Answer{
			Step: st.Step, Answer: pathway.Accept, Right: journey.HasRight, LatestLegal: c.cal.Date(c.world.clock.Now()).AddDays(70),
			Reasons: plainWords, HowToComplain: plainWords, Message: plainWords,
		})
	case pathway.Meeting:
		return c.hold(v, st, def)
	case pathway.Choosing:
		return c.choose(v, st, def)
	case pathway.HandOver:
		return c.handOver(v, st)
	case pathway.Task, pathway.Visit, pathway.Form:
	}
	return c.try(v, st.Owner, journey.CompleteStep{Step: st.Step, Words: plainWords})
}

// noneCarried says that the person of a plain course has neither prescriptions
// nor a sick note: nothing is known of them beyond the referral.
var noneCarried = journey.Carriers{NoPrescriptions: true, NoSickNotes: true}

// plainWords stand where somebody would write something.
const plainWords = "Eksempel."

func (c *plain) hold(v casework.JourneyView, st journey.Step, def *pathway.Step) (bool, error) {
	for _, m := range v.State.Meetings {
		if m.Step != st.Step || m.State != journey.MeetingPlanned {
			continue
		}
		held := journey.HoldMeeting{Meeting: m.Meeting, PatientPresent: true, Minutes: plainWords, Summary: plainWords}
		for _, item := range def.Agenda {
			held.Items = append(held.Items, journey.ItemProtocol{Item: item.ID, PatientFirst: true})
		}
		return c.try(v, st.Owner, held)
	}
	return false, c.stuck(st, "no meeting was called")
}

func (c *plain) choose(v casework.JourneyView, st journey.Step, def *pathway.Step) (bool, error) {
	for _, x := range v.State.Choices {
		if x.Step == st.Step && x.Made == nil {
			return c.try(v, st.Owner, journey.Choose{
				Choice: x.Choice, Chosen: x.Options[:1], LookAgain: c.cal.Date(c.world.clock.Now()).AddDays(60), Words: plainWords, Despite: plainWords,
			})
		}
	}
	return c.try(v, st.Owner, journey.LayOut{Choice: def.Choice, Step: st.Step})
}

func (c *plain) handOver(v casework.JourneyView, st journey.Step) (bool, error) {
	for _, o := range v.State.Offers {
		if o.State == journey.OfferOpen && o.Step == st.Step {
			return c.try(v, o.To, journey.AcceptOffer{Offer: o.Offer, Words: plainWords})
		}
	}
	return c.try(v, st.Owner, journey.OfferTo{Kind: journey.OfResponsibility, Step: st.Step, Words: plainWords, Carriers: noneCarried})
}

// end ends the journey in the first way that it can.
func (c *plain) end(v casework.JourneyView) (bool, error) {
	now := c.world.clock.Now()
	if ok, err := c.passTo(now.Add(time.Hour)); !ok || err != nil {
		return false, err
	}
	gp := care.Party{Kind: care.PartyUnit, Post: v.State.Responsible}
	for _, e := range c.def.Ends {
		if len(e.After) == 0 {
			continue // what can happen at any time is not the plain course
		}
		err := c.act(v, v.State.Responsible, journey.EndJourney{
			End: e.ID, CarriesOn: gp, Carriers: noneCarried, NextCheck: c.cal.Date(now).AddDays(90),
			ComeBack: c.def.Texts[care.Bokmal].Ends[e.ID].ComeBack, Reason: plainWords, SafetyNet: plainWords,
		})
		if _, refused := care.AsRefusal(err); !refused {
			return false, cmp.Or(err, c.rest())
		}
	}
	return false, c.rest()
}

// try acts, and stops the course where it is refused.
func (c *plain) try(v casework.JourneyView, by care.Post, command journey.Command) (bool, error) {
	err := c.act(v, by, command)
	if r, refused := care.AsRefusal(err); refused {
		c.findings = append(c.findings, pathway.Finding{
			File: "pathway.yaml", Code: codeRefused, Severity: severityWarning,
			Message: fmt.Sprintf("the plain course stops here, because %s was refused: %s", command.Name(), r),
		})
		return false, c.rest()
	}
	return err == nil, err
}

func (c *plain) stuck(st journey.Step, why string) error {
	c.findings = append(c.findings, pathway.Finding{
		File: "pathway.yaml", Code: codeRefused, Severity: severityWarning, Message: fmt.Sprintf("the plain course stops at the step %s: %s", st.ID, why),
	})
	return c.rest()
}

// act lets whoever stands behind a post act on the journey.
func (c *plain) act(v casework.JourneyView, by care.Post, command journey.Command) error {
	c.acts++
	if day := plainStart.DaysUntil(c.cal.Date(c.world.clock.Now())); !slices.Contains(c.stops, day) {
		c.stops = append(c.stops, day)
	}
	holders, where, ok := c.world.service.Directory().Resolve(by, c.world.clock.Now())
	if !ok {
		return fmt.Errorf("simulation: nobody stands behind %s", by)
	}
	_, err := c.world.do(casework.Order{Who: professional(holders[0], where), Target: v.ID, Command: command})
	return err
}

// open registers the referral at the unit that answers it, and says which
// language the person reads.
func (c *plain) open(reads care.Language) error {
	contact, _ := c.def.Contact()
	desk := care.Post{Unit: unitOf(contact), Role: care.Desk}
	roles := map[pathway.RoleID]care.Post{}
	for i := range c.def.Roles {
		r := &c.def.Roles[i]
		if unit := unitOf(r); unit != desk.Unit {
			roles[r.ID] = care.Post{Unit: unit, Role: care.Role(r.ID)}
		}
	}
	by := professional(personAt(desk.Unit), desk)
	receipt, err := c.world.do(casework.Order{Who: by, Command: journey.Open{
		Person: c.who, Regime: c.def.Regime, Pathway: pathway.Ref{ID: c.def.ID, Version: c.def.Version}, Origin: journey.Registered,
		Sender: care.Party{Kind: care.PartyOther, Name: "Eksempel"}, Received: c.start, Desk: desk, Reason: plainWords, Roles: roles,
	}})
	if err != nil {
		return fmt.Errorf("simulation: opening the plain course of %s: %w", c.def.Ref, err)
	}
	c.id, c.stops = receipt.Target, []int{0}
	if c.reader, err = c.world.family(c.who, c.born, c.def.Regime, by); err != nil {
		return err
	}
	_, err = c.world.do(casework.Order{Who: by, Target: string(c.who), Command: person.SetLanguages{Reading: reads}})
	if r, refused := care.AsRefusal(err); refused && r.Code == "nothing-changes" {
		return nil
	}
	return err
}

// castOf is one unit for each kind that the pathway's roles name first, with one
// person who fills every post there.
func castOf(def *pathway.Definition) cast {
	c := cast{{id: "trust", kind: directory.Trust, name: "Eksempel", lead: "lead"}}
	for i := range def.Roles {
		r := &def.Roles[i]
		id := unitOf(r)
		at := slices.IndexFunc(c, func(u castUnit) bool { return u.id == id })
		if at < 0 {
			who := personAt(id)
			at, c = len(c), append(c, castUnit{
				id: id, kind: directory.Kind(r.At[0]), under: "trust", name: unitNames.of(def.Regime, r.At[0]), posts: []castPost{{care.Desk, []string{who}}},
			})
		}
		c[at].posts = append(c[at].posts, castPost{care.Role(r.ID), []string{personAt(id)}})
	}
	return c
}

// unitOf is the made-up unit that fills a role.
func unitOf(r *pathway.Role) care.UnitID { return care.UnitID("some-" + r.At[0]) }

// personAt is who works alone in a made-up unit.
func personAt(unit care.UnitID) string { return "kim-" + string(unit)[len("some-"):] }

// names of made-up units by kind, in the language of the country.
type kindNames map[string][2]string

func (n kindNames) of(regime care.Regime, kind string) string {
	names, ok := n[kind]
	if !ok {
		return kind
	}
	if regime == care.Sweden {
		return names[1]
	}
	return names[0]
}

var unitNames = kindNames{
	"primary-care":           {"Legekontoret", "Vårdcentralen"},
	"municipal-service":      {"Kommunen", "Kommunen"},
	"municipal-coordination": {"Koordinerende enhet i kommunen", "Samordningen i kommunen"},
	"pain-clinic":            {"Smerteklinikken", "Smärtkliniken"},
	"fatigue-clinic":         {"Poliklinikken for utmattelse", "Mottagningen för utmattning"},
	"hospital-unit":          {"Sykehuset", "Sjukhuset"},
	"rehabilitation":         {"Rehabiliteringen", "Rehabiliteringen"},
	"psychiatry":             {"Psykisk helsevern", "Psykiatrin"},
	"child-services":         {"Barneavdelingen", "Barnmottagningen"},
	"school-health":          {"Skolehelsetjenesten", "Elevhälsan"},
	"work-and-welfare":       {"NAV-kontoret", "Arbetsförmedlingen"},
	"social-insurance":       {"Trygdekontoret", "Försäkringskassan"},
	"occupational-health":    {"Bedriftshelsetjenesten", "Företagshälsovården"},
	"learning-centre":        {"Lærings- og mestringssenteret", "Patientskolan"},
	"patient-organisation":   {"Pasientforeningen", "Patientföreningen"},
}
