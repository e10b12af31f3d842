package casework_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/care/questionnaire"
	"forlop/casework"
	"forlop/journey"
)

// asks asks the person of a journey for a form, and answers its id.
func (b *bundle) asks(p care.PersonKey, id, form string) string {
	b.t.Helper()
	return b.must(kari, "", questionnaire.Ask{
		Person: p, Journey: id, Questionnaire: questionnaire.Ref{ID: form}, Reader: care.Post{Unit: "clinic", Role: "team"},
		By: oslo.Date(b.clock.Now()).AddDays(10),
	}).Target
}

func (b *bundle) form(p care.PersonKey, id string) casework.FormView {
	b.t.Helper()
	v, err := casework.View(b.ctx, b.s, patient(p), casework.MyForms{Form: id})
	if err != nil {
		b.t.Fatal(err)
	}
	return v.Forms[0]
}

// itemsOf are what stands on somebody's list, by ref.
func (b *bundle) itemsOf(who casework.Who) map[string]casework.WorkRow {
	b.t.Helper()
	page, err := casework.View(b.ctx, b.s, who, casework.WorkQuery{Size: 100})
	if err != nil {
		b.t.Fatal(err)
	}
	rows := map[string]casework.WorkRow{}
	for _, r := range page.Rows {
		rows[r.Item.Ref] = r
	}
	return rows
}

// TestFormIsFilledIn goes the whole way: asked, answered one by one across a
// restart and half a year of silence, sent twice, read, and the journey is as it
// was without any of it.
func TestFormIsFilledIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.refer("Ola Nordmann")
	b.accept(id)
	before := b.journey(kari, id).State
	form := b.asks(p, id, "peg")
	for n, item := range []string{"pain", "enjoyment"} {
		b.must(patient(p), form, questionnaire.Answer{Item: item, Value: []string{"7", "6"}[n], Language: care.English})
	}
	b.s = b.service() // the process was killed
	b.clock.pass(24 * time.Hour * 120)
	if _, err := b.s.WakeDue(b.ctx, "test", nil); err != nil {
		t.Fatal(err)
	}
	f := b.form(p, form)
	if f.State.Status != questionnaire.Open || f.State.Next() != 2 || f.Values["pain"] != 7 || f.Totals[0].Enough {
		t.Fatalf("after 120 days: %s, question %d, %v", f.State.Status, f.State.Next(), f.Values)
	}
	if rows := b.itemsOf(as("turid", "clinic", "team")); rows["form-quiet"].Form != form || rows["form-quiet"].Journey != id {
		t.Errorf("nobody is told once that nothing came: %v", rows)
	}
	b.must(patient(p), form, questionnaire.Answer{Item: "activity", Value: "7", Language: care.English})
	send := casework.Order{Who: patient(p), Key: "send", Target: form, Command: questionnaire.Send{}}
	if _, err := b.s.Do(b.ctx, send); err != nil {
		t.Fatal(err)
	}
	if again, err := b.s.Do(b.ctx, send); err != nil || !again.Repeated {
		t.Errorf("sent twice with one key: %+v %v", again, err)
	}
	_, err := b.try(patient(p), form, questionnaire.Send{})
	refusedAs(t, err, "form-sent")
	_, err = b.try(patient(p), form, questionnaire.Answer{Item: "pain", Value: strings.Repeat("ni ", 13_334)})
	refusedAs(t, err, "form-sent")
	turid := as("turid", "clinic", "team")
	if rows := b.itemsOf(turid); rows["form-sent"].Form != form {
		t.Errorf("nobody is to read it: %v", rows)
	}
	seen, err := casework.View(b.ctx, b.s, turid, casework.Forms{Journey: id, Form: form})
	if err != nil {
		t.Fatal(err)
	}
	if total := seen.Forms[0].Totals[0]; total.Tenths() != 67 || total.Counted != 3 || !total.Enough {
		t.Errorf("the mean is %+v", total)
	}
	b.must(turid, form, questionnaire.Read{})
	if rows := b.itemsOf(turid); rows["form-sent"].Form != "" {
		t.Error("it is to be read although it has been")
	}
	// Nothing waited for the form: the journey is what it is without it.
	b2 := setup(t)
	_, id2 := b2.refer("Ola Nordmann")
	b2.accept(id2)
	if len(before.Steps) == 0 || len(b2.journey(kari, id2).State.Steps) != len(before.Steps) {
		t.Error("the two journeys differ")
	}
	b2.clock.pass(24 * time.Hour * 120)
	for _, s := range []*bundle{b, b2} {
		if _, err := s.s.WakeDue(s.ctx, "test", nil); err != nil {
			t.Fatal(err)
		}
	}
	if with, without := b.journey(kari, id).State.Steps, b2.journey(kari, id2).State.Steps; !reflect.DeepEqual(with, without) {
		t.Errorf("a form that was asked for changed a step:\n%+v\n%+v", with, without)
	}
	audit, err := b.s.Verify(b.ctx)
	if err != nil || len(audit.Findings) > 0 {
		t.Errorf("verify: %v %v", audit.Findings, err)
	}
}

// TestFormAlertReachesTheDutyPost: the lead while nobody holds the duty, who holds
// it when somebody does, and the lead again when it lies too long.
func TestFormAlertReachesTheDutyPost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.refer("Ola Nordmann")
	b.accept(id)
	first := b.asks(p, id, "phq-9")
	b.must(patient(p), first, questionnaire.Answer{Item: "harm", Value: "1"})
	astrid := as("astrid", "trust", care.Lead)
	if rows := b.itemsOf(astrid); rows["form-alert"].Form != first {
		t.Fatalf("with nobody on duty the lead has %v", rows)
	}
	b.must(astrid, first, questionnaire.SeeTo{Item: "harm", Words: "Ringte pasienten."})
	b.setUp("clinic", directory.AddPost{Role: care.Duty})
	b.setUp("clinic", directory.Join{Professional: "turid", Role: care.Duty})
	second := b.asks(p, id, "phq-9")
	if _, err := b.s.Do(b.ctx, casework.Order{
		Who: kari, Key: b.key(), Target: second, Command: questionnaire.Answer{Item: "harm", Value: "2"},
		For: &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByPhone},
	}); err != nil {
		t.Fatal(err)
	}
	turid := as("turid", "clinic", care.Duty)
	if rows := b.itemsOf(turid); rows["form-alert"].Form != second {
		t.Fatalf("who is on duty has %v", rows)
	}
	b.clock.pass(3 * time.Hour)
	if _, err := b.s.WakeDue(b.ctx, "test", nil); err != nil {
		t.Fatal(err)
	}
	if rows := b.itemsOf(astrid); rows["form-alert"].Form != second {
		t.Errorf("it did not climb to the lead: %v", rows)
	}
	b.must(turid, second, questionnaire.SeeTo{Item: "harm", Words: "Ringte pasienten."})
	if rows := b.itemsOf(turid); rows["form-alert"].Form != "" {
		t.Error("it stands although somebody acted")
	}
}

// TestWhoMayFillIn: a relative with the part for it, until it ends; nobody who
// takes no part; a professional only for somebody.
func TestWhoMayFillIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.adult("Pasient En", "17912099997")
	id := b.do(kari, "", opening(p, b.clock.Now().Add(-time.Hour))).Target
	b.accept(id)
	form := b.asks(p, id, "peg")
	eva, bo := b.adult("Eva To", ""), b.adult("Bo Tre", "")
	b.proxy(p, eva, access.Plan, access.Acts)
	b.proxy(p, bo, access.Plan)
	b.must(relative(eva, p), form, questionnaire.Answer{Item: "pain", Value: "5"})
	if by := b.form(p, form).State.Answers["pain"].By; by.Party.Kind != care.PartyRelative || by.ID != string(eva) {
		t.Errorf("the answer stands as given by %+v", by)
	}
	for name, who := range map[string]casework.Who{"a relative who may only see": relative(bo, p), "another patient": patient(bo), "a unit that takes no part": nils} {
		if _, err := b.try(who, form, questionnaire.Answer{Item: "activity", Value: "1"}); err == nil {
			t.Errorf("%s can answer", name)
		}
		if _, err := casework.View(b.ctx, b.s, who, casework.Forms{Journey: id}); err == nil {
			t.Errorf("%s can list the forms", name)
		}
		if v, err := casework.View(b.ctx, b.s, who, casework.MyForms{Form: form}); err == nil {
			t.Errorf("%s can open the form: %+v", name, v.Forms)
		}
	}
	_, err := b.try(kari, form, questionnaire.Answer{Item: "activity", Value: "1"})
	refusedAs(t, err, "form-whose")
	b.must(patient(p), string(p), access.RevokeProxy{Proxy: 1})
	if _, err := b.try(relative(eva, p), form, questionnaire.Answer{Item: "enjoyment", Value: "9"}); err == nil {
		t.Error("a relative whose access ended can answer")
	}
	if f := b.form(p, form); f.Values["pain"] != 5 || len(f.State.Answers) != 1 {
		t.Errorf("after the access ended: %v", f.Values)
	}
	_, err = b.try(kari, "", questionnaire.Ask{
		Person: bo, Journey: id, Questionnaire: questionnaire.Ref{ID: "peg"}, Reader: care.Post{Unit: "clinic", Role: "team"}, By: oslo.Date(b.clock.Now()),
	})
	if err == nil {
		t.Error("a form was asked of somebody whose journey it is not")
	}
	_, err = b.try(kari, "", questionnaire.Ask{
		Person: p, Journey: id, Questionnaire: questionnaire.Ref{ID: "peg"}, Reader: care.Post{Unit: "clinic-b", Role: "team"}, By: oslo.Date(b.clock.Now()),
	})
	refusedAs(t, err, "form-reader-outside")
}

// TestImportedQuestionnaire: a site brings its own, which goes before what ships;
// the same version with other bytes is refused, and what was asked before is read
// in its own words.
func TestImportedQuestionnaire(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.refer("Ola Nordmann")
	b.accept(id)
	old := b.asks(p, id, "gad-7")
	shipped, _ := questionnaire.Find(questionnaire.Ref{ID: "gad-7"})
	own := strings.Replace(string(shipped.Bytes), `version: "1"`, `version: "1-klinikk"`, 1)
	if _, findings, err := b.s.ImportQuestionnaire(b.ctx, "own.yaml", []byte(own)); err != nil || len(findings) > 0 {
		t.Fatalf("%v %v", findings, err)
	}
	_, _, err := b.s.ImportQuestionnaire(b.ctx, "own.yaml", []byte(own+"# annet\n"))
	refusedAs(t, err, "form-version-taken")
	_, _, err = b.s.ImportQuestionnaire(b.ctx, "own.yaml", []byte(string(shipped.Bytes)+"# annet\n"))
	refusedAs(t, err, "form-version-taken")
	if _, findings, _ := b.s.ImportQuestionnaire(b.ctx, "own.yaml", []byte(strings.Replace(own, "licence:", "licens:", 1))); len(findings) == 0 {
		t.Error("a questionnaire without a licence was taken")
	}
	b.s = b.service()
	if f := b.form(p, b.asks(p, id, "gad-7")); f.Definition.Version != "1-klinikk" {
		t.Errorf("asked with %s", f.Definition.Version)
	}
	if f := b.form(p, old); f.Definition.Version != "1" {
		t.Errorf("the old one reads as %s", f.Definition.Version)
	}
	refs, err := b.s.OnShelf(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range refs {
		if strings.Contains(r.ID, "gad") {
			t.Errorf("a questionnaire stands among the pathways: %s", r)
		}
	}
	if _, err := b.try(kari, id, journey.NoteContact{How: care.ByPhone, Words: "Ringte."}); err != nil {
		t.Error(err)
	}
}
