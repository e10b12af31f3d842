package casework_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// open is a referral from the practice to the clinic.
func (b *bundle) open(name string) casework.Order {
	b.t.Helper()
	p, err := b.s.RegisterPerson(b.ctx, kari, b.key(), care.Norway, casework.Identity{Name: name})
	if err != nil {
		b.t.Fatal(err)
	}
	return casework.Order{Who: kari, Key: b.key(), Command: journey.Open{
		Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain", Version: "2025.04"}, Origin: journey.Registered,
		Sender:   care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}},
		Received: b.clock.Now().Add(-time.Hour), Desk: care.Post{Unit: "clinic", Role: care.Desk},
	}}
}

func TestDocumentComesWithItsReferral(t *testing.T) {
	t.Parallel()
	b := setup(t)
	content := []byte("%PDF-1.7 Ryggen er vond.")
	o := b.open("Ola Nordmann")
	o.Attachment = &casework.Attachment{Name: "henvisning.pdf", Type: "application/pdf", Content: content}
	first, err := b.s.Do(b.ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	got, err := casework.View(b.ctx, b.s, kari, casework.GetAttachment{Journey: first.Target})
	if err != nil || got.Name != "henvisning.pdf" || got.Type != "application/pdf" || !bytes.Equal(got.Content, content) {
		t.Errorf("got %q %q %q, %v", got.Name, got.Type, got.Content, err)
	}
	sealed, err := b.store.Blob(b.ctx, b.journey(kari, first.Target).State.Attachment)
	if err != nil || bytes.Contains(sealed.Sealed, []byte("Ryggen")) || bytes.Contains(sealed.Sealed, []byte("henvisning")) {
		t.Errorf("the document lies open in the store: %v", err)
	}
	if again, err := b.s.Do(b.ctx, o); err != nil || !again.Repeated {
		t.Errorf("sent again: %+v, %v", again, err)
	}
	o.Attachment = &casework.Attachment{Name: "annet.pdf", Type: "application/pdf", Content: []byte("%PDF-1.7 annet")}
	if _, err := b.s.Do(b.ctx, o); err == nil {
		t.Error("the same key with another document was taken")
	}
	if _, err := casework.View(b.ctx, b.s, nils, casework.GetAttachment{Journey: first.Target}); err == nil {
		t.Error("a unit that takes no part reads the document")
	}
	looks, err := b.store.Looks(b.ctx, b.journey(kari, first.Target).State.Person, 50)
	if err != nil {
		t.Fatal(err)
	}
	logged := 0
	for _, l := range looks {
		if l.Question == "attachment" {
			logged++
		}
	}
	if logged != 1 {
		t.Errorf("one reading of the document was logged %d times", logged)
	}
}

func TestDocumentIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for code, a := range map[string]casework.Attachment{
		"attachment-size": {Name: "stor.pdf", Type: "application/pdf", Content: make([]byte, casework.LargestAttachment+1)},
		"attachment-type": {Name: "side.html", Type: "text/html", Content: []byte("<script>")},
	} {
		o := b.open("Ola Nordmann")
		o.Attachment = &a
		_, err := b.s.Do(b.ctx, o)
		if r, ok := care.AsRefusal(err); !ok || r.Code != code {
			t.Errorf("want %s, got %v", code, err)
		}
	}
}

// A document comes with what was examined before: from the patient too, sealed,
// without words where it says all, and each reading of it is logged.
func TestDocumentComesWithAFinding(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.refer("Ola Nordmann")
	mri := person.RecordFinding{Kind: "mri", Examined: oslo.Date(b.clock.Now()).AddDays(-30), By: care.Party{Kind: care.PartyOther, Name: "Sykehuset"}}
	order := func(who casework.Who, c person.RecordFinding, a *casework.Attachment) casework.Order {
		return casework.Order{Who: who, Key: b.key(), Target: string(p), Command: c, Attachment: a}
	}
	pdf := &casework.Attachment{Name: "mr.pdf", Type: "application/pdf", Content: []byte("%PDF-1.7 Skive L5.")}
	if _, err := b.s.Do(b.ctx, order(kari, mri, nil)); !refusedWith(err, "words-needed") {
		t.Errorf("neither words nor document: %v", err)
	}
	named := mri
	named.File = "somebody-elses"
	if _, err := b.s.Do(b.ctx, order(kari, named, nil)); !refusedWith(err, "attachment-misplaced") {
		t.Errorf("a document was named instead of sent: %v", err)
	}
	if _, err := b.s.Do(b.ctx, casework.Order{Who: kari, Key: b.key(), Target: string(p), Command: person.EndPause{Pause: 1}, Attachment: pdf}); !refusedWith(err, "attachment-misplaced") {
		t.Errorf("a document came with what takes none: %v", err)
	}
	if _, err := b.s.Do(b.ctx, order(patient(p), mri, &casework.Attachment{Name: "mr.pdf", Type: "application/pdf", Content: []byte("<html><script>")})); !refusedWith(err, "attachment-content") {
		t.Errorf("a page was taken as a PDF: %v", err)
	}
	o := order(patient(p), mri, pdf)
	if _, err := b.s.Do(b.ctx, o); err != nil {
		t.Fatal(err)
	}
	if again, err := b.s.Do(b.ctx, o); err != nil || !again.Repeated {
		t.Errorf("sent again: %+v, %v", again, err)
	}
	b.must(kari, string(p), person.RecordFinding{Kind: "ct", Examined: mri.Examined, By: mri.By, Showed: "Normalt."})
	for _, who := range []casework.Who{kari, patient(p)} {
		got, err := casework.View(b.ctx, b.s, who, casework.GetFindingFile{Journey: id, Finding: 1})
		if err != nil || got.Name != "mr.pdf" || !bytes.Equal(got.Content, pdf.Content) {
			t.Errorf("%s reads %q %q, %v", who.Actor.Kind, got.Name, got.Content, err)
		}
	}
	for _, n := range []int{0, 2, 3} {
		if _, err := casework.View(b.ctx, b.s, kari, casework.GetFindingFile{Journey: id, Finding: n}); !refusedWith(err, "no-finding-file") {
			t.Errorf("finding %d has a document: %v", n, err)
		}
	}
	if _, err := casework.View(b.ctx, b.s, nils, casework.GetFindingFile{Journey: id, Finding: 1}); !refusedWith(err, "no-journey") {
		t.Errorf("a unit that takes no part reads it: %v", err)
	}
	v := b.journey(kari, id)
	sealed, err := b.store.Blob(b.ctx, v.Person.State.Findings[0].File)
	if err != nil || bytes.Contains(sealed.Sealed, []byte("Skive")) || bytes.Contains(sealed.Sealed, []byte("mr.pdf")) {
		t.Errorf("the document lies open in the store: %v", err)
	}
	looks, err := b.store.Looks(b.ctx, p, 50)
	if err != nil {
		t.Fatal(err)
	}
	logged := 0
	for _, l := range looks {
		if l.Question == "finding-file" && l.Actor.ID == kari.Actor.ID {
			logged++
		}
	}
	if logged != 1 {
		t.Errorf("one reading of the document was logged %d times", logged)
	}
}

func TestMeetingsThatAreToBeHeld(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, id := b.refer("Ola Nordmann")
	b.accept(id)
	b.do(kari, id, journey.CompleteStep{Step: b.step(id, "start-assessment").Step})
	page, err := casework.View(b.ctx, b.s, kari, casework.Meetings{})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Rows) != 1 || page.Rows[0].Meeting != nil || !strings.Contains(page.Rows[0].Identity.Name, "Ola") {
		t.Fatalf("before the call: %+v", page.Rows)
	}
	step := page.Rows[0].Step.Step
	b.do(kari, id, journey.CallMeeting{Step: step, At: b.clock.Now().AddDate(0, 0, 20)})
	if page, err = casework.View(b.ctx, b.s, kari, casework.Meetings{}); err != nil || len(page.Rows) != 1 || page.Rows[0].Meeting == nil {
		t.Errorf("after the call: %+v, %v", page.Rows, err)
	}
	if page, err = casework.View(b.ctx, b.s, nils, casework.Meetings{}); err != nil || len(page.Rows) != 0 {
		t.Errorf("a unit that takes no part sees %d meetings, %v", len(page.Rows), err)
	}
}

func TestCountsHoldWhateverTheListNarrowsTo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.refer("Ola Nordmann")
	b.refer("Kari Nordmann")
	whole, err := casework.View(b.ctx, b.s, kari, casework.WorkQuery{Size: 50})
	if err != nil {
		t.Fatal(err)
	}
	narrow, err := casework.View(b.ctx, b.s, kari, casework.WorkQuery{Size: 50, Kinds: []care.ItemKind{care.WaitItem}})
	if err != nil {
		t.Fatal(err)
	}
	if whole.All == 0 || whole.All != whole.Total || narrow.Total != 0 || narrow.All != whole.All || narrow.Late != whole.Late || narrow.Week != whole.Week {
		t.Errorf("whole %d of %d (%d late, %d this week), narrow %d of %d (%d, %d)",
			whole.Total, whole.All, whole.Late, whole.Week, narrow.Total, narrow.All, narrow.Late, narrow.Week)
	}
	for _, row := range whole.Rows {
		if row.Stream == "person" && row.Journey == "" {
			t.Errorf("%s of a person has no journey to be read in", row.Item.Key)
		}
	}
}
