package casework_test

import (
	"strings"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/casework"
)

// mine are somebody's conversations as their page shows them.
func (b *bundle) mine(who casework.Who, thread string) casework.MyThreadsView {
	b.t.Helper()
	v, err := casework.View(b.ctx, b.s, who, casework.MyThreads{Thread: thread})
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// ours are the conversations about a journey, as those who work see them.
func (b *bundle) ours(who casework.Who, journey, thread string) casework.ThreadsView {
	b.t.Helper()
	v, err := casework.View(b.ctx, b.s, who, casework.Threads{Journey: journey, Thread: thread})
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// spoken is what a conversation says, one line for each message.
func spoken(v casework.ThreadView) string {
	var out []string
	for _, m := range v.State.Messages {
		out = append(out, string(m.Side)+" "+m.Status()+": "+v.Text[m.Version]["said"])
	}
	return strings.Join(out, "\n")
}

func writes(p care.PersonKey, journey, text string) messaging.BeginThread {
	return messaging.BeginThread{Person: p, Journey: journey, Say: messaging.Say{Text: text}}
}

// TestThreadIsAnswered goes the whole way: written once however often it is sent,
// on the coordinator's list, opened, answered, held back, nudged without a word of
// it, read, and nothing is open any more.
func TestThreadIsAnswered(t *testing.T) {
	t.Parallel()
	b := newPost(t, casework.Identity{Email: "ola@example.org"})
	b.round()
	if _, err := casework.View(b.ctx, b.s, patient(b.p), casework.MyPlan{}); err != nil { // what came before is read
		t.Fatal(err)
	}
	b.clock.pass(24 * time.Hour)
	b.round()
	b.carry()
	mails := len(b.mail.messages())
	if v := b.mine(patient(b.p), ""); v.Journey != b.id || len(v.Threads) != 0 {
		t.Fatalf("before anything is written: %+v", v)
	}
	order := casework.Order{Who: patient(b.p), Key: "first", Command: writes(b.p, b.id, "Når er timen? 🙂 שלום")}
	first, err := b.s.Do(b.ctx, order)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := b.s.Do(b.ctx, order); err != nil || !again.Repeated || again.Target != first.Target {
		t.Fatalf("sent twice with one key: %+v %v", again, err)
	}
	id := first.Target
	row, ok := b.itemsOf(kari)[messaging.AnswerRef]
	if !ok || row.Thread != id || row.Journey != b.id || row.Identity.Name != "Ola Nordmann" {
		t.Fatalf("on the coordinator's list it stands as %+v", row)
	}
	if page := b.worklist(kari); page.Unread != 1 {
		t.Errorf("%d are counted as unread", page.Unread)
	}
	if got := spoken(b.ours(kari, b.id, id).Threads[0]); got != "person shown: Når er timen? 🙂 שלום" {
		t.Errorf("the coordinator reads %q", got)
	}
	v := b.mine(patient(b.p), id)
	if m := v.Threads[0].State.Messages[0]; m.Read == nil || v.Name(m.Reader.ID) != "kari Hansen" {
		t.Errorf("the patient sees it read by %+v", m.Reader)
	}
	b.must(kari, id, messaging.Say{Text: "Fredag klokken ti."})
	if _, open := b.itemsOf(kari)[messaging.AnswerRef]; open {
		t.Error("answered, it stands on the list")
	}
	if got := spoken(b.mine(patient(b.p), id).Threads[0]); !strings.Contains(got, "held") {
		t.Errorf("the answer stands as %q", got)
	}
	b.round()
	if len(b.told().Notices) > 0 && b.told().Notices[len(b.told().Notices)-1].About == "thread" {
		t.Fatal("what is held back is told")
	}
	b.clock.pass(10 * time.Minute)
	b.round()
	b.carry()
	got := b.mail.messages()
	if len(got) != mails+1 || strings.Contains(got[mails], "Fredag") || strings.Contains(got[mails], id) {
		t.Fatalf("the nudge is %q", got)
	}
	if n := b.mine(patient(b.p), "").Threads[0].State.Unread(messaging.PersonSide); n != 1 {
		t.Errorf("%d are new to the patient", n)
	}
	b.mine(patient(b.p), id)
	b.round()
	notices := b.told().Notices
	if n := notices[len(notices)-1]; n.About != "thread" || n.Reached == nil || n.Reached.How != care.ByPage {
		t.Errorf("opened, the notice stands as %+v", n)
	}
	b.clean()
}

// TestThreadOnPaper: what staff write to somebody on paper is a letter with the
// words in it, and posting it is the receipt; what came by letter is written down
// and waits for an answer as any other word does.
func TestThreadOnPaper(t *testing.T) {
	t.Parallel()
	b := newPost(t, casework.Identity{Address: "Strandgata 1"})
	b.wish(person.SetChannel{Channel: care.ByLetter})
	heard := casework.Order{
		Who: kari, Key: b.key(), Command: writes(b.p, b.id, "Jeg kan ikke på mandag."),
		For: &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByLetter},
	}
	r, err := b.s.Do(b.ctx, heard)
	if err != nil {
		t.Fatal(err)
	}
	if _, open := b.itemsOf(kari)[messaging.AnswerRef]; !open {
		t.Error("what came by letter waits for nobody")
	}
	b.must(kari, r.Target, messaging.Say{Text: "Da blir det tirsdag."})
	b.clock.pass(10 * time.Minute)
	b.round()
	page, err := casework.View(b.ctx, b.s, kari, casework.ToTell{})
	if err != nil || len(page.Letters) != 1 || page.Letters[0].Journey != b.id {
		t.Fatalf("the letters are %+v, %v", page.Letters, err)
	}
	x := page.Letters[0].Sending
	v, err := casework.View(b.ctx, b.s, kari, casework.Letter{Person: b.p, Sending: x.Sending})
	if err != nil || len(v.Said) != 1 || v.Said[0].Text != "Da blir det tirsdag." {
		t.Fatalf("the letter says %+v, %v", v.Said, err)
	}
	b.must(kari, string(b.p), messaging.PostLetter{Sending: x.Sending, Version: x.Version, Expected: oslo.Date(b.clock.Now()).AddDays(3)})
	m := b.ours(kari, b.id, r.Target).Threads[0].State.Messages[1]
	if m.Read == nil || m.Read.How != care.ByLetter || !m.Read.Expected {
		t.Errorf("posted, it stands as %+v", m)
	}
	b.clean()
}

// TestThreadAccess: a relative needs the part, those who take no part see nothing,
// a block hides it, and what was taken back in time was never seen.
func TestThreadAccess(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, j := b.refer("Ola Nordmann")
	id := b.must(patient(p), "", writes(p, j, "Hei")).Target
	tore := b.adult("Tore Nordmann", "17912099997")
	b.proxy(p, tore, access.Plan)
	if _, err := casework.View(b.ctx, b.s, relative(tore, p), casework.MyThreads{}); err == nil {
		t.Error("a proxy for the plan reads messages")
	}
	if _, err := b.try(relative(tore, p), id, messaging.Say{Text: "Hei"}); err == nil {
		t.Error("a proxy for the plan writes messages")
	}
	siri := b.adult("Siri Nordmann", "29822099635")
	b.proxy(p, siri, access.Messages)
	b.must(relative(siri, p), id, messaging.Say{Text: "Fra Siri"})
	v := b.mine(patient(p), id)
	if m := v.Threads[0].State.Messages[1]; m.By.Party.Kind != care.PartyRelative || v.Name(m.By.ID) != "Siri Nordmann" {
		t.Errorf("a relative's words stand under %+v, %q", m.By, v.Name(m.By.ID))
	}
	if _, err := casework.View(b.ctx, b.s, nils, casework.Threads{Journey: j, Thread: id}); err == nil {
		t.Error("another clinic reads it")
	}
	if _, err := b.try(nils, id, messaging.Say{Text: "Hei"}); err == nil {
		t.Error("another clinic answers")
	}
	if _, err := b.try(patient(b.adult("Eva Lie", "17058130281")), "", writes(p, j, "Hei")); err == nil {
		t.Error("a stranger writes in somebody's name")
	}
	said := b.must(kari, id, messaging.Say{Text: "Feil person"})
	b.must(kari, id, messaging.TakeBack{Message: 3})
	b.clock.pass(time.Hour)
	if _, err := b.s.WakeDue(b.ctx, "test", nil); err != nil || said.Target != id {
		t.Fatal(err)
	}
	if b.mine(patient(p), id).Threads[0].State.Messages[2].To(messaging.PersonSide) {
		t.Error("what was taken back in time leaves a mark with the patient")
	}
	other, _ := b.refer("Eva Lie")
	if _, err := b.try(patient(other), "", writes(other, j, "Hei")); !isRefused(err, "no-journey") {
		t.Errorf("a conversation about somebody else's journey answers %v", err)
	}
	b.must(patient(p), string(p), access.Block{Strength: access.Closed, Against: access.Against{Unit: "clinic"}})
	if _, err := b.try(as("turid", "clinic", "team"), id, messaging.Say{Text: "Hei"}); err == nil {
		t.Error("a block does not hold in a conversation")
	}
}
