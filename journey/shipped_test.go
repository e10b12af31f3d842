package journey_test

import (
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
	"forlop/pathway/library"

	"pgregory.net/rapid"
)

// Every shipped pathway can be lived to an end, whatever is answered and in
// whatever order things are done, with a way on at every moment.
func TestShippedPathways(t *testing.T) {
	t.Parallel()
	ids := library.All()
	if len(ids) == 0 {
		t.Fatal("no pathway is shipped")
	}
	for _, id := range ids {
		d, findings := library.Load(id)
		if d == nil {
			t.Fatalf("%s: %v", id, findings)
		}
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(r *rapid.T) { live(r, d) })
		})
	}
}

// live lives one life in a pathway: a unit of its own for each kind that its
// roles name, and each step done by whoever has it.
func live(r *rapid.T, d *pathway.Definition) {
	l := newLife(r)
	l.light = true
	l.k.Definition, l.k.Calendar = oneDefinition(d), care.CalendarOf(d.Regime)
	l.town.kinds = map[care.UnitID]string{"sender": "elsewhere", "trust": "trust"}
	var takes care.Post
	for _, role := range d.Roles {
		unit := care.UnitID(role.At[0])
		l.town.kinds[unit] = role.At[0]
		if role.Contact {
			takes = care.Post{Unit: unit, Role: care.Role(role.ID)}
		}
	}
	roles := map[pathway.RoleID]care.Post{}
	for _, role := range d.Roles {
		if unit := care.UnitID(role.At[0]); unit != takes.Unit {
			roles[role.ID] = care.Post{Unit: unit, Role: care.Role(role.ID)}
		}
	}
	l.k.Person.FirstContact, l.k.Person.GP = takes, care.Post{}
	l.do(journey.Open{
		Person: "ola", Regime: d.Regime, Pathway: d.Ref, Origin: journey.Registered, Sender: care.Party{Kind: care.PartyOther, Name: "Legevakta"},
		Received: l.now, Desk: care.Post{Unit: takes.Unit, Role: care.Desk}, Roles: roles,
	})
	answer := rapid.SampledFrom([]pathway.AnswerKind{pathway.Accept, pathway.Accept, pathway.Advise}).Draw(r, "answer")
	for range 200 {
		open := l.unfinished(d)
		l.now = l.now.Add(time.Duration(rapid.IntRange(1, 100).Draw(r, "hours")) * time.Hour)
		if len(open) == 0 {
			break
		}
		pick := rapid.IntRange(0, 4).Draw(r, "option")
		l.finish(d, open[rapid.IntRange(0, len(open)-1).Draw(r, "step")], answer, pick)
	}
	if open := l.unfinished(d); len(open) > 0 {
		r.Fatalf("%s is still open after two hundred acts", open[0].ID)
	}
	for _, e := range d.Ends {
		if len(e.After) == 0 && e.CarriesOn == "" {
			l.do(journey.EndJourney{
				End: e.ID, Reason: "Ferdig.", Carriers: journey.Carriers{Prescriptions: thePatient, SickNotes: thePatient},
				NextCheck: l.k.Calendar.Date(l.now).AddDays(90), ComeBack: "Ring.", SafetyNet: "Ring legevakta.",
			})
			return
		}
	}
	r.Fatalf("%s has no ending that a patient can choose", d.ID)
}

// unfinished are the open steps, without those that come back until a milestone
// and have been done: they wait for nobody.
func (l *life) unfinished(d *pathway.Definition) (open []journey.Step) {
	for _, st := range l.s.Steps {
		def, _ := d.Step(st.ID)
		if st.Live() && (st.Round == 1 || def.Repeat == nil || def.Repeat.Until == "") {
			open = append(open, st)
		}
	}
	return open
}

// finish does a step the way its kind asks for; pick is the option of a choice,
// none where there are fewer.
func (l *life) finish(d *pathway.Definition, st journey.Step, answer pathway.AnswerKind, pick int) {
	l.t.Helper()
	owner := by(st.Owner)
	date := l.k.Calendar.Date(l.now).AddDays(30)
	def, _ := d.Step(st.ID)
	switch st.Kind {
	case pathway.Answer:
		a := l.answerAt(st.Step, answer)
		for _, role := range d.Roles {
			if !role.Contact && role.At[0] != string(st.Owner.Unit) {
				a.To = care.Post{Unit: care.UnitID(role.At[0]), Role: care.Role(role.ID)}
			}
		}
		l.do(a, owner)
		for _, o := range l.s.Offers {
			if o.Kind == journey.OfPlan && o.State == journey.OfferOpen {
				l.do(journey.AcceptOffer{Offer: o.Offer}, by(o.To))
			}
		}
	case pathway.Meeting:
		l.do(journey.CallMeeting{Step: st.Step, At: l.now.Add(time.Hour)}, owner)
		l.now = l.now.Add(2 * time.Hour)
		var items []journey.ItemProtocol
		for _, a := range def.Agenda {
			items = append(items, journey.ItemProtocol{Item: a.ID, PatientFirst: true})
		}
		l.do(journey.HoldMeeting{Meeting: len(l.s.Meetings), PatientPresent: true, Items: items}, owner)
	case pathway.HandOver:
		if l.s.Roles[def.To] == l.s.Responsible {
			l.do(journey.DropStep{Step: st.Step, Reason: "Har det alt."}, owner)
			return
		}
		l.do(journey.OfferTo{Kind: journey.OfResponsibility, Step: st.Step}, owner)
		o := l.s.Offers[len(l.s.Offers)-1]
		l.do(journey.AcceptOffer{Offer: o.Offer}, by(o.To))
	case pathway.Choosing:
		l.do(journey.LayOut{Choice: def.Choice}, owner)
		x := l.s.Choices[len(l.s.Choices)-1]
		var chosen []string
		if pick < len(x.Options) {
			chosen = x.Options[pick : pick+1]
		}
		l.do(journey.Choose{Choice: x.Choice, Chosen: chosen, LookAgain: date}, owner)
	default:
		l.do(journey.CompleteStep{Step: st.Step}, owner)
	}
}
