package casework_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/person"
	"forlop/care/questionnaire"
	"forlop/casework"
	"forlop/journey"
	"forlop/store"
)

// visited is a person whose first visit is over, and the days that pass until they
// are asked about it.
func (b *bundle) visited(days int) (care.PersonKey, string) {
	b.t.Helper()
	p, id := b.refer("Ola Nordmann")
	b.accept(id)
	b.do(kari, id, journey.CompleteStep{Step: b.step(id, "start-assessment").Step})
	b.days(0)
	b.days(days)
	return p, id
}

// days lets days pass, with what a worker does.
func (b *bundle) days(n int) {
	b.t.Helper()
	b.clock.pass(time.Duration(n) * 24 * time.Hour)
	_, err := b.s.WakeDue(b.ctx, "w", func(st store.Stream, err error) { b.t.Errorf("%s: %v", st, err) })
	if err := errors.Join(err, b.s.React(b.ctx), b.s.Notify(b.ctx)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) askedNow(p care.PersonKey) *casework.SentenceView {
	b.t.Helper()
	plan, err := casework.View(b.ctx, b.s, patient(p), casework.MyPlan{})
	if err != nil {
		b.t.Fatal(err)
	}
	return plan.Asked
}

// TestAskedAfterAVisit: some days after a visit the patient is asked whether they
// were believed. What they answer is sealed and shown to nobody else; it stands on
// no list, and the journey is as it was.
func TestAskedAfterAVisit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.visited(1)
	if x := b.askedNow(p); x != nil {
		t.Fatalf("asked the next day: %+v", x)
	}
	b.days(4)
	x := b.askedNow(p)
	if x == nil || x.Subject != questionnaire.WasBelieved || x.Unit != "clinic" || x.Step != "start-assessment" || x.Journey != id {
		t.Fatalf("they are asked %+v", x)
	}
	before := b.journey(kari, id)
	if before.Asked == nil || before.Asked.Sentence.Sentence != x.Sentence.Sentence {
		t.Fatalf("who works sees %+v", before.Asked)
	}
	b.must(patient(p), string(p), questionnaire.AnswerSentence{Sentence: 1, Answer: "no"})
	own, err := casework.View(b.ctx, b.s, patient(p), casework.MyAsked{Sentence: 1})
	if err != nil || own.Asked.Answer != "no" || own.Asked.About.Unit.Name != "Smerteklinikken" {
		t.Errorf("they see %+v, %v", own.Asked, err)
	}
	if b.askedNow(p) != nil {
		t.Error("asked again at once")
	}
	if _, err := casework.View(b.ctx, b.s, kari, casework.MyAsked{Sentence: 1}); err == nil {
		t.Error("who works can ask for what was answered")
	}
	after := b.journey(kari, id)
	if after.Asked != nil || after.State.Version != before.State.Version {
		t.Errorf("the answer moved something: %+v", after.Asked)
	}
	events, err := b.store.Load(b.ctx, store.StreamOf("sentence", string(p)), 0)
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for _, e := range events {
		if bytes.Contains(e.Body, []byte(`"no"`)) || e.Type == "sentence.answered/1" && len(e.Sealed) == 0 {
			t.Errorf("the answer lies in the open: %s", e.Body)
		}
	}
	for ref := range b.itemsOf(kari) {
		if ref == "believed" || ref == "sentence" {
			t.Errorf("it stands on a list as %s", ref)
		}
	}
	a, err := b.s.Verify(b.ctx)
	if err != nil || len(a.Findings) > 0 {
		t.Errorf("verify: %v %v", a.Findings, err)
	}
}

// TestAskedByPhoneAndNotInAPause: a coordinator writes down what was said by phone,
// and nobody reads it back but the patient; while reminders rest nothing is asked.
func TestAskedByPhoneAndNotInAPause(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, _ := b.visited(5)
	b.must(patient(p), string(p), person.Pause{Why: person.TooIll})
	if x := b.askedNow(p); x != nil {
		t.Errorf("asked in a pause: %+v", x)
	}
	b.days(4)
	if b.askedNow(p) == nil {
		t.Fatal("nothing is asked after the pause")
	}
	answer := questionnaire.AnswerSentence{Sentence: 1, Answer: "yes"}
	_, err := b.try(kari, string(p), answer)
	refusedAs(t, err, "form-whose")
	_, err = b.try(nils, string(p), answer)
	refusedAs(t, err, "no-basis")
	if _, err := b.s.Do(b.ctx, casework.Order{
		Who: kari, Key: b.key(), Target: string(p), Command: answer, For: &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByPhone},
	}); err != nil {
		t.Fatal(err)
	}
	own, err := casework.View(b.ctx, b.s, patient(p), casework.MyAsked{Sentence: 1})
	if err != nil || own.Asked.Answer != "yes" || own.Asked.By.Recorder != "kari" {
		t.Errorf("they see %+v, %v", own.Asked, err)
	}
	b.must(patient(p), string(p), questionnaire.LeaveSentence{Sentence: 1, Missing: questionnaire.Unwanted})
	b.days(40)
	_, err = b.try(patient(p), string(p), answer)
	refusedAs(t, err, "sentence-over")
}

// TestTooIllByPhonePauses: too ill, written down for the patient, lets reminders rest
// as it does when they press it.
func TestTooIllByPhonePauses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.refer("Ola Nordmann")
	b.accept(id)
	if _, err := b.s.Do(b.ctx, casework.Order{
		Who: kari, Key: b.key(), Target: id, Command: journey.TooIll{Words: "Orker ikke."}, For: &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByPhone},
	}); err != nil {
		t.Fatal(err)
	}
	who := b.journey(kari, id).Person.State
	if who.MayRemind(b.clock.Now()) || len(who.Pauses) != 1 || who.Pauses[0].By.How != care.ByPhone {
		t.Errorf("said by phone, reminders rest as %+v", who.Pauses)
	}
	if _, err := b.try(patient(p), string(p), person.Pause{Why: person.TooIll}); err == nil {
		t.Error("the pause is not the same")
	}
	a, err := b.s.Verify(b.ctx)
	if err != nil || len(a.Findings) > 0 {
		t.Errorf("verify: %v %v", a.Findings, err)
	}
}
