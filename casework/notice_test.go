package casework_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/store"
)

// fewWords are templates as a test needs them; those that people read are tested
// where they are kept.
type fewWords struct{}

func (fewWords) When(_ care.Language, at time.Time) (day, clock string) {
	return at.In(oslo.Zone()).Format("2. January"), at.In(oslo.Zone()).Format("15.04")
}

func (fewWords) Say(_ care.Language, _ messaging.Channel, t messaging.Template, s messaging.Slots) (subject, text string, err error) {
	words := strings.Fields(strings.Join([]string{string(t), s.Name, s.Day, s.Time, s.Link, s.Sender}, " "))
	return "Nytt", strings.Join(words, " "), nil
}

// A post is a clinic that sends: with a mail server and an SMS gateway that answer.
type post struct {
	*bundle
	mail *mailServer
	sms  *gateway
	p    care.PersonKey
	id   string // of the journey
}

func newPost(t *testing.T, i casework.Identity) *post { return newPostOn(t, newStore(t), i) }

func newPostOn(t *testing.T, st store.Store, i casework.Identity) *post {
	t.Helper()
	b := &post{bundle: setupOn(t, st), mail: newMailServer(t), sms: newGateway(t)}
	b.out = &casework.Outgoing{
		Words: fewWords{}, Sender: "Fjord", Link: "https://forlop.example.org/me",
		Carriers: map[messaging.Channel]casework.Carrier{
			messaging.ByEmail: casework.MailServer{Host: "127.0.0.1", Port: b.mail.port(), From: "ikke-svar@example.org", Plain: true, Dial: anywhere},
			messaging.BySMS:   casework.SMSGateway{URL: b.sms.URL, From: "Fjord", Client: b.sms.Client()},
		},
	}
	b.s = b.service()
	i.Name, i.Born = "Ola Nordmann", care.Date{Year: 1980, Month: 3, Day: 1}
	var err error
	if b.p, err = b.s.RegisterPerson(b.ctx, kari, b.key(), care.Norway, i); err != nil {
		t.Fatal(err)
	}
	b.id = b.do(kari, "", opening(b.p, b.clock.Now().Add(-time.Hour))).Target
	return b
}

// round is what a worker does in a round.
func (b *post) round() {
	b.t.Helper()
	report := func(st store.Stream, err error) { b.t.Errorf("%s: %v", st, err) }
	if _, err := b.s.WakeDue(b.ctx, "w", report); err != nil {
		b.t.Fatal(err)
	}
	if err := errors.Join(b.s.React(b.ctx), b.s.Notify(b.ctx)); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.s.WakeDue(b.ctx, "w", report); err != nil {
		b.t.Fatal(err)
	}
}

// carry carries what is due, and what the operator was told of it.
func (b *post) carry() (said []string) {
	b.t.Helper()
	if _, err := b.s.Deliver(b.ctx, "w", func(_ string, err error) { said = append(said, err.Error()) }); err != nil {
		b.t.Fatal(err)
	}
	return said
}

// told is the person's notices as they are stored.
func (b *post) told() messaging.State {
	b.t.Helper()
	events, err := b.store.Load(b.ctx, store.StreamOf("notice", string(b.p)), 0)
	if err != nil {
		b.t.Fatal(err)
	}
	var s messaging.State
	for _, e := range events {
		event, err := messaging.Events.Decode(e.Type, e.Body)
		if err != nil {
			b.t.Fatal(err)
		}
		if err := messaging.Evolve(&s, care.Recorded{Version: e.Version, Event: event, Happened: e.Happened, Learned: e.Learned}); err != nil {
			b.t.Fatal(err)
		}
	}
	return s
}

func (b *post) sending(n int) messaging.Sending {
	b.t.Helper()
	x, ok := b.told().Sending(n)
	if !ok {
		b.t.Fatalf("there is no sending %d: %+v", n, b.told())
	}
	return x
}

func (b *post) clean() {
	b.t.Helper()
	a, err := b.s.Verify(b.ctx)
	if err != nil || len(a.Findings) > 0 {
		b.t.Errorf("verify: %v %v", a.Findings, err)
	}
}

// wish records for the patient how they are told things.
func (b *post) wish(c interface{ Name() string }) {
	b.t.Helper()
	if _, err := b.try(kari, string(b.p), c); err != nil {
		b.t.Fatalf("%s: %v", c.Name(), err)
	}
}

// TestNoticeOfATelling: what a journey owes its patient is nudged by e-mail once,
// whose bytes are the template's; opening the page is the receipt.
func TestNoticeOfATelling(t *testing.T) {
	t.Parallel()
	b := newPost(t, casework.Identity{Email: "ola@example.org"})
	b.round()
	b.round()
	if said := b.carry(); len(said) > 0 {
		t.Fatal(said)
	}
	x := b.sending(1)
	if x.Channel != messaging.ByEmail || x.Level != messaging.Accepted || len(b.told().Notices) == 0 {
		t.Fatalf("the telling is carried as %+v", x)
	}
	got := b.mail.messages()
	if len(got) != 1 || !strings.Contains(got[0], "news https://forlop.example.org/me Fjord") || strings.Contains(got[0], "Nordmann") {
		t.Fatalf("the mail is %q", got)
	}
	if strings.Contains(got[0], string(b.p)) {
		t.Error("the mail names the person's key")
	}
	if _, err := casework.View(b.ctx, b.s, patient(b.p), casework.MyPlan{}); err != nil {
		t.Fatal(err)
	}
	b.round()
	for _, n := range b.told().Notices {
		if n.Reached == nil || n.Reached.How != care.ByPage {
			t.Errorf("opened, notice %d has the receipt %+v", n.Notice, n.Reached)
		}
	}
	b.carry()
	if n := len(b.mail.messages()); n != 1 {
		t.Errorf("%d mails for one day's news", n)
	}
	b.clean()
}

// TestLettersTheSameDay: for a patient on paper every change puts one letter on
// the list the same day; posting it gives the journey its receipts.
func TestLettersTheSameDay(t *testing.T) {
	t.Parallel()
	b := newPost(t, casework.Identity{Address: "Strandgata 1"})
	b.wish(person.SetChannel{Channel: care.ByLetter})
	b.accept(b.id)
	b.round()
	list := func() casework.ToTellPage {
		page, err := casework.View(b.ctx, b.s, kari, casework.ToTell{})
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	page := list()
	if len(page.Letters) != 1 || page.Letters[0].Identity.Name != "Ola Nordmann" || len(page.Calls) != 0 {
		t.Fatalf("the list is %+v", page.Letters)
	}
	before := page.Letters[0]
	b.do(kari, b.id, journey.PlanStep{Step: b.step(b.id, "start-assessment").Step, At: b.clock.Now().AddDate(0, 0, 20)})
	b.round()
	row := list().Letters
	if len(row) != 1 || len(row[0].Notices) != len(before.Notices)+1 {
		t.Fatalf("a change the same day gives %+v", row)
	}
	v, err := casework.View(b.ctx, b.s, kari, casework.Letter{Person: b.p, Sending: row[0].Sending.Sending})
	if err != nil || v.To.Address != "Strandgata 1" || len(v.Plan.Journeys) != 1 {
		t.Fatalf("the letter is %+v, %v", v.To, err)
	}
	expected := oslo.Date(b.clock.Now()).AddDays(4)
	_, err = b.try(kari, string(b.p), messaging.PostLetter{Sending: row[0].Sending.Sending, Version: before.Sending.Version, Expected: expected})
	refusedAs(t, err, "letter-changed")
	if _, err := b.try(nils, string(b.p), messaging.PostLetter{Sending: row[0].Sending.Sending, Version: row[0].Sending.Version, Expected: expected}); err == nil {
		t.Error("another unit posts it")
	}
	b.wish(messaging.PostLetter{Sending: row[0].Sending.Sending, Version: row[0].Sending.Version, Expected: expected})
	for _, tell := range b.journey(kari, b.id).State.Tellings {
		if tell.To.Kind == care.PartyPatient && (tell.Told == nil || tell.Told.How != care.ByLetter || !tell.Told.Expected) {
			t.Errorf("posted, telling %d of the journey has %+v", tell.Telling, tell.Told)
		}
	}
	b.round()
	if page := list(); len(page.Letters)+len(page.Calls) != 0 {
		t.Errorf("posted, there is still %+v", page)
	}
	b.clean()
}

// TestFarEnd: whatever the far end does, nothing counts as told, nothing is sent
// twice, and what could not be sent is one task.
func TestFarEnd(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		does    []string
		answers []int
		sms     bool
		outcome messaging.Outcome
		status  messaging.Status
		mails   int // the far end holds, after all
	}{
		"mail taken":            {does: []string{"take"}, outcome: messaging.Taken, status: messaging.Sent, mails: 1},
		"mail taken, then cut":  {does: []string{"cut at the end"}, outcome: messaging.Taken, status: messaging.Sent, mails: 1},
		"mail busy":             {does: []string{"busy"}, outcome: messaging.Later, status: messaging.Waiting, mails: 1},
		"mail refused":          {does: []string{"no"}, outcome: messaging.Never, status: messaging.Failed},
		"mail cut before":       {does: []string{"cut before"}, outcome: messaging.Later, status: messaging.Waiting, mails: 1},
		"mail whole, then cut":  {does: []string{"cut after"}, outcome: messaging.Uncertain, status: messaging.Sent, mails: 1},
		"SMS taken":             {sms: true, outcome: messaging.Taken, status: messaging.Sent, mails: 1},
		"SMS down":              {sms: true, answers: []int{503}, outcome: messaging.Later, status: messaging.Waiting, mails: 1},
		"SMS too many":          {sms: true, answers: []int{429}, outcome: messaging.Later, status: messaging.Waiting, mails: 1},
		"SMS no such number":    {sms: true, answers: []int{422}, outcome: messaging.Never, status: messaging.Failed},
		"SMS taken, answer cut": {sms: true, answers: []int{cutOff}, outcome: messaging.Later, status: messaging.Waiting, mails: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPost(t, casework.Identity{Email: "ola@example.org", Phone: "+4790000000"})
			if test.sms {
				b.wish(person.SetChannel{Channel: care.ByPage, SMS: true})
			}
			b.mail.will(test.does...)
			b.sms.answers = test.answers
			b.round()
			b.carry()
			x := b.sending(1)
			if x.Status != test.status || len(x.Attempts) != 1 || x.Attempts[0].Outcome != test.outcome {
				t.Fatalf("it stands as %s: %+v", x.Status, x.Attempts)
			}
			if b.told().Notices[0].Reached != nil {
				t.Error("it counts as told")
			}
			body, err := json.Marshal(x.Attempts)
			if err != nil || strings.Contains(string(body), "example.org") || strings.Contains(string(body), "9000") {
				t.Errorf("an event holds an address: %s", body)
			}
			// The far end is well again.
			b.clock.pass(2 * time.Minute)
			b.round()
			b.carry()
			sent := len(b.mail.messages())
			if test.sms {
				_, sent = b.sms.figures()
			}
			if sent != test.mails {
				t.Errorf("the far end holds %d messages, want %d", sent, test.mails)
			}
			if faults := b.faults(); test.status == messaging.Failed != (faults == 1) {
				t.Errorf("%d tasks", faults)
			}
			b.clean()
		})
	}
}

// faults counts the tasks of what could not be sent on the coordinator's list.
func (b *post) faults() int {
	b.t.Helper()
	page, err := casework.View(b.ctx, b.s, kari, casework.WorkQuery{Refs: []string{messaging.UndeliveredItem}, Size: 50})
	if err != nil {
		b.t.Fatal(err)
	}
	return len(page.Rows)
}

// TestFarEndDown: a far end that is not there is tried ever later, then it is one
// task; nothing falls between.
func TestFarEndDown(t *testing.T) {
	t.Parallel()
	b := newPost(t, casework.Identity{Email: "ola@example.org"})
	if err := b.mail.listen.Close(); err != nil {
		t.Fatal(err)
	}
	b.round()
	tries := 0
	for ; b.sending(1).Status != messaging.Failed && tries < 20; tries++ {
		if said := b.carry(); len(said) != 1 || strings.Contains(said[0], "example.org") {
			t.Fatalf("the operator is told %q", said)
		}
		b.clock.pass(24 * time.Hour)
		b.round()
	}
	if tries != 6 || b.faults() != 1 {
		t.Errorf("after %d attempts there are %d tasks", tries, b.faults())
	}
	b.clean()
}

// dies is a store whose process dies when an outcome is to be stored.
type dies struct {
	store.Store
	dead bool
}

func (d *dies) Append(ctx context.Context, a store.Append) (store.Done, error) {
	if d.dead && a.Command != nil && strings.HasPrefix(a.Command.Key, "notice/outcome/") {
		return store.Done{}, context.Canceled
	}
	return d.Store.Append(ctx, a)
}

// TestKilledBetween: a process that dies between sending and storing leaves the
// attempt where it was. Another carries it again with the same key, so that the
// far end can send it once.
func TestKilledBetween(t *testing.T) {
	t.Parallel()
	st := &dies{Store: newStore(t)}
	b := newPostOn(t, st, casework.Identity{Phone: "+4790000000"})
	b.wish(person.SetChannel{Channel: care.ByPage, SMS: true})
	b.round()
	st.dead = true
	if said := b.carry(); len(said) != 1 {
		t.Fatalf("the operator is told %q", said)
	}
	st.dead = false
	b.s = b.service()
	if b.carry(); b.sending(1).Status != messaging.Out {
		t.Error("another process carries what the first still has")
	}
	b.clock.pass(2 * time.Minute)
	b.round()
	b.carry()
	if asked, sent := b.sms.figures(); asked != 2 || sent != 1 || b.sending(1).Status != messaging.Sent {
		t.Errorf("asked %d times it sent %d messages, and stands as %s", asked, sent, b.sending(1).Status)
	}
	b.clean()
}

// TestRebuildHolds: rebuilt, the outbox holds what has no outcome and nothing
// else, and lets nothing go by itself.
func TestRebuildHolds(t *testing.T) {
	t.Parallel()
	b := newPost(t, casework.Identity{Email: "ola@example.org"})
	b.round()
	if b.sending(1).Status != messaging.Out {
		t.Fatal("nothing is out")
	}
	// As a restored database, whose outbox was lost.
	for _, p := range b.told().Pending() {
		id := "notice/" + string(b.p) + "/1/1"
		if p.Sending != 1 || p.Attempt != 1 {
			t.Fatalf("out is %+v", p)
		}
		if _, err := b.store.Append(b.ctx, store.Append{Finish: []string{id}}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if _, err := b.s.Rebuild(b.ctx); err != nil {
			t.Fatal(err)
		}
	}
	if b.carry(); len(b.mail.messages()) != 0 {
		t.Fatal("a rebuild sends")
	}
	if n, err := b.store.Release(b.ctx); n != 1 || err != nil {
		t.Fatalf("%d were held, %v", n, err)
	}
	if b.carry(); len(b.mail.messages()) != 1 || b.sending(1).Status != messaging.Sent {
		t.Error("what was let go is not sent")
	}
	b.clean()
}

// TestAtTheLastMoment: what changes between handing over and sending is seen: a
// death, a hidden address, a proxy that ended, an address that is gone.
func TestAtTheLastMoment(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*post){
		"death":          func(b *post) { b.wish(person.RecordDeath{On: oslo.Date(b.clock.Now())}) },
		"hidden address": func(b *post) { b.wish(access.ProtectAddress{Kind: access.Confidential}) },
		"on paper":       func(b *post) { b.wish(person.SetChannel{Channel: care.ByLetter}) },
		"told by phone": func(b *post) {
			for _, x := range b.journey(kari, b.id).State.Tellings {
				if x.Open() && x.To.Kind == care.PartyPatient {
					b.do(kari, b.id, journey.Tell{Telling: x.Telling, How: care.ByPhone})
				}
			}
			if err := b.s.Notify(b.ctx); err != nil {
				b.t.Fatal(err)
			}
		},
		"night": func(b *post) { b.clock.set(instant("2026-01-05 23:30")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPost(t, casework.Identity{Email: "ola@example.org"})
			b.round()
			if b.sending(1).Status != messaging.Out {
				t.Fatal("nothing is out")
			}
			change(b)
			b.carry()
			if got := b.mail.messages(); len(got) != 0 {
				t.Errorf("it was sent all the same: %q", got)
			}
			b.round()
			b.carry()
			if got := b.mail.messages(); len(got) != 0 {
				t.Errorf("it was sent afterwards: %q", got)
			}
			b.clean()
		})
	}
}

// TestNeutralSender: a sender that gives health away does not start.
func TestNeutralSender(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, sender := range []string{"Smerteklinikken", "Fjord sykehus", "Vårdcentralen", ""} {
		_, err := casework.New(b.ctx, casework.Config{Store: b.store, Clock: b.clock, Out: &casework.Outgoing{Sender: sender, Link: "https://forlop.example.org/me"}})
		if err == nil {
			t.Errorf("the sender %q is taken", sender)
		}
	}
}
