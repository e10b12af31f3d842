package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
)

// TestProxySeesOnlyItsParts lets a relative read messages and nothing else.
func TestProxySeesOnlyItsParts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.refer("Pasient Tre")
	anna, other := b.adult("Anna Relative", ""), b.adult("Bo Relative", "")
	b.do(patient(p), id, journey.GiveWords{Kind: "message", Text: "Ring meg etter klokka ett."})
	b.do(patient(p), id, journey.GiveWords{Kind: "story", Text: "Det begynte i fjor."})
	b.must(patient(p), string(p), person.SayWhatMatters{Topic: person.Topics[0], Words: "Ro om morgenen."})
	b.proxy(p, anna, access.Messages)
	plan, err := casework.View(b.ctx, b.s, relative(anna, p), casework.MyPlan{})
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, j := range plan.Journeys {
		for _, words := range j.Text {
			for _, w := range words {
				text = append(text, w)
			}
		}
		if len(j.State.Steps) > 0 || len(j.State.Clocks) > 0 || len(j.Ahead) > 0 {
			t.Error("the plan is shown without being covered")
		}
	}
	if !slices.Contains(text, "Ring meg etter klokka ett.") || slices.Contains(text, "Det begynte i fjor.") || len(plan.Person.Text) > 0 {
		t.Errorf("shown: %v and %v", text, plan.Person.Text)
	}
	if len(plan.Withheld) != len(access.Parts)-1 || plan.Withheld[0].Why != casework.ByChoice {
		t.Errorf("withheld: %v", plan.Withheld)
	}
	b.do(relative(anna, p), id, journey.GiveWords{Kind: "message", Text: "Jeg kjører henne."})
	last := b.journey(patient(p), id).History
	if e := last[len(last)-1]; e.Actor.Kind != care.Relative || e.Actor.ID != string(anna) {
		t.Errorf("the words stand as %v's", e.Actor)
	}
	for _, c := range []interface{ Name() string }{journey.WishToWait{Until: oslo.Date(b.clock.Now()).AddDays(30)}, journey.EndJourney{}} {
		_, err := b.try(relative(anna, p), id, c)
		refused(t, err, "no-basis")
	}
	// Without access there is nothing, and nothing to tell from nobody.
	for _, who := range []casework.Who{relative(other, p), relative(anna, other), relative(anna, "nobody"), relative(anna, "")} {
		_, err := casework.View(b.ctx, b.s, who, casework.MyPlan{})
		refused(t, err, "no-person")
		_, err = casework.View(b.ctx, b.s, who, casework.MyRole{})
		refused(t, err, "no-person")
	}
	if v := b.access(p); len(v.Relatives) != 1 || v.Relatives[0].Name != "Anna Relative" || len(v.Units) == 0 {
		t.Errorf("who can see: %v and %v", v.Relatives, v.Units)
	}
	// A death ends it, in the same append.
	b.must(kari, string(p), person.RecordDeath{On: oslo.Date(b.clock.Now())})
	_, err = casework.View(b.ctx, b.s, relative(anna, p), casework.MyPlan{})
	refused(t, err, "no-person")
}

// TestGuardianEndsAtMidnight lets a guardian see a child until the local midnight
// that begins the birthday on which it ends.
func TestGuardianEndsAtMidnight(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mother := b.adult("Mor", "")
	p, err := b.s.RegisterPerson(b.ctx, kari, b.key(), care.Norway, casework.Identity{Name: "Barn", Born: care.Date{Year: 2014, Month: time.February, Day: 10}})
	if err != nil {
		t.Fatal(err)
	}
	b.do(kari, "", b.referral(p))
	b.must(kari, string(p), access.RecordGuardian{Guardian: mother, Source: access.FromRegister})
	see := func() error {
		_, err := casework.View(b.ctx, b.s, relative(mother, p), casework.MyPlan{})
		return err
	}
	if err := see(); err != nil {
		t.Error(err)
	}
	_, err = casework.View(b.ctx, b.s, patient(p), casework.MyPlan{})
	refused(t, err, "no-person")
	midnight := oslo.StartOf(care.Date{Year: 2026, Month: time.February, Day: 10})
	b.clock.set(midnight.Add(-time.Microsecond))
	if err := see(); err != nil {
		t.Errorf("on the last evening: %v", err)
	}
	b.clock.set(midnight)
	refused(t, see(), "no-person")
}

// TestOpeningIsShortSeenAndJudged opens a record in an emergency.
func TestOpeningIsShortSeenAndJudged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.setUp("trust", directory.AddPost{Role: care.PrivacyOfficer})
	b.setUp("trust", directory.Join{Professional: "ada", Role: care.PrivacyOfficer})
	p := b.adult("Pasient Fire", "17912099997")
	id := b.do(kari, "", b.referral(p)).Target
	why := access.OpenRecord{Why: access.Emergency, Words: "Bevisstløs i mottak."}
	_, err := b.s.OpenRecord(b.ctx, nils, b.key(), "17912099997", why)
	refused(t, err, "login-again")
	_, err = b.s.OpenRecord(b.ctx, b.fresh(nils), b.key(), "29822099635", why)
	refused(t, err, "no-person")
	if _, err := b.s.OpenRecord(b.ctx, b.fresh(nils), b.key(), "17912099997", why); err != nil {
		t.Fatal(err)
	}
	v := b.journey(nils, id)
	if got := v.OpenedUntil.Sub(b.clock.Now()); got <= 0 || got > 4*time.Hour {
		t.Errorf("open for %s", got)
	}
	opened, err := casework.View(b.ctx, b.s, nils, casework.OpenedRecord{Person: p})
	if err != nil || len(opened.Journeys) != 1 {
		t.Errorf("the opened record: %v %v", opened.Journeys, err)
	}
	_, err = b.try(nils, id, journey.GiveWords{Kind: "message", Text: "Hei."})
	refused(t, err, "no-basis")
	// The patient sees it at once, in words.
	mine := b.access(p)
	if len(mine.Openings) != 1 || mine.Openings[0].Name != "nils Hansen" || mine.Openings[0].Words != "Bevisstløs i mottak." || !mine.Openings[0].Running {
		t.Errorf("the patient sees %v", mine.Openings)
	}
	looks, err := casework.View(b.ctx, b.s, patient(p), casework.Looks{})
	if err != nil || !slices.ContainsFunc(looks, func(l casework.LookView) bool {
		return l.Actor.ID == "nils" && l.Basis == string(access.BreakGlass) && l.Opened == 1 && slices.Contains(l.What, "journey/"+id)
	}) {
		t.Errorf("the log says %v, %v", looks, err)
	}
	// Somebody else judges it, from their own list.
	officer := as("ada", "trust", care.PrivacyOfficer)
	page := b.worklist(officer)
	if !slices.ContainsFunc(page.Rows, func(r casework.WorkRow) bool { return r.Stream == "consent" && r.Item.Post.Role == care.PrivacyOfficer }) {
		t.Errorf("the privacy officer's list is %v", page.Rows)
	}
	_, err = b.try(nils, string(p), access.ReviewOpening{Opening: 1, Verdict: access.Justified, Words: "Ja."})
	refused(t, err, "no-basis")
	b.must(officer, string(p), access.ReviewOpening{Opening: 1, Verdict: access.Justified, Words: "Akutt."})
	// It ends by itself, whoever forgets to look.
	b.clock.set(v.OpenedUntil)
	_, err = casework.View(b.ctx, b.s, nils, casework.GetJourney{ID: id})
	refused(t, err, "no-journey")
	_, err = casework.View(b.ctx, b.s, nils, casework.OpenedRecord{Person: p})
	refused(t, err, "no-person")
}

// TestWordsReachTheCoordinator sends a relative's words, and answers the same
// whether the person is known or not.
func TestWordsReachTheCoordinator(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.adult("Pasient Fem", "17912099997")
	b.do(kari, "", b.referral(p))
	anna := relative(b.adult("Anna Relative", ""), "")
	for _, to := range []struct{ number, name string }{{"17912099997", "Pasient Fem"}, {"17912099997", "En Annen"}, {"29822099635", "Pasient Fem"}, {"1", "Pasient Fem"}} {
		if err := b.s.WriteToCoordinator(b.ctx, anna, b.key(), to.number, to.name, "Hun svarer ikke."); err != nil {
			t.Errorf("%v: %v", to, err)
		}
	}
	v, err := casework.View(b.ctx, b.s, patient(p), casework.MyAccess{})
	if err != nil || len(v.State.Messages) != 1 {
		t.Errorf("%d messages arrived: %v", len(v.State.Messages), err)
	}
}

// TestLinkOpensOneThing lets somebody without an account answer one question.
func TestLinkOpensOneThing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, id := b.refer("Pasient Seks")
	b.do(kari, id, journey.AskParty{To: care.Party{Kind: care.PartyOther, Name: "Legene på Torget"}, Question: "Hvilke medisiner?"})
	b.do(kari, id, journey.AskParty{To: care.Party{Kind: care.PartyOther, Name: "Fysio AS"}, Question: "Hvilke øvelser?"})
	item := casework.Item{Kind: casework.QuestionItem, Target: id, Number: 1}
	link := func(who casework.Who, i casework.Item) (casework.ItemLink, error) {
		return casework.View(b.ctx, b.s, who, casework.MakeLink{Item: i})
	}
	_, err := link(nils, item)
	refused(t, err, "item-unknown")
	first, err := link(kari, item)
	if err != nil {
		t.Fatal(err)
	}
	made, err := link(kari, item)
	if err != nil {
		t.Fatal(err)
	}
	for _, dead := range []string{"", first.Token, made.Token + "A", strings.Replace(made.Token, ".", "", 1)} {
		_, err := b.s.OpenItem(b.ctx, dead, "")
		refused(t, err, "login-link-dead")
	}
	session, err := b.s.OpenItem(b.ctx, made.Token, "")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := b.s.OpenItem(b.ctx, made.Token, session); err != nil || again != session {
		t.Errorf("the same browser does not go on: %v", err)
	}
	_, err = b.s.OpenItem(b.ctx, made.Token, "")
	refused(t, err, "login-link-dead")
	guest := b.guestOf(session)
	v, err := casework.View(b.ctx, b.s, guest, casework.LinkedItem{})
	if err != nil || v.Words != "Hvilke medisiner?" || v.For.Name != "Legene på Torget" {
		t.Errorf("the guest reads %v, %v", v, err)
	}
	_, err = b.try(guest, id, journey.AnswerQuestion{Question: 2, Words: "Knebøy."})
	refused(t, err, "no-basis")
	_, err = casework.View(b.ctx, b.s, guest, casework.GetJourney{ID: id})
	refused(t, err, "no-basis")
	b.do(guest, id, journey.AnswerQuestion{Question: 1, Words: "Paracet."})
	h := b.journey(kari, id).History
	answered := slices.IndexFunc(h, func(r care.Recorded) bool { _, is := r.Event.(journey.QuestionAnswered); return is })
	if answered < 0 || h[answered].For == nil || h[answered].For.Of.Name != "Legene på Torget" || h[answered].Actor.Kind != care.Guest {
		t.Errorf("the answer stands as %v", h[answered])
	}
	_, err = casework.View(b.ctx, b.s, guest, casework.LinkedItem{})
	refused(t, err, "login-link-dead")
}

// guestOf is who a guest's session is.
func (b *bundle) guestOf(token string) casework.Who {
	b.t.Helper()
	who, err := b.s.SignedIn(b.ctx, token)
	if err != nil {
		b.t.Fatal(err)
	}
	return who
}

// TestSharedPageHoldsWhatWasApproved shows a welfare agency two items and no more.
func TestSharedPageHoldsWhatWasApproved(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.refer("Pasient Sju")
	b.do(patient(p), id, journey.TooIll{})
	preview, err := casework.View(b.ctx, b.s, patient(p), casework.SharePreview{})
	if err != nil || len(preview.Candidates) < 2 {
		t.Fatalf("%v %v", preview.Candidates, err)
	}
	var items []access.SharedItem
	for _, c := range preview.Candidates {
		if c.Own != slices.Contains([]casework.ShareKind{casework.ShareTooIll, casework.ShareAnswers, casework.ShareMessages, casework.ShareDeclined}, c.Kind) {
			t.Errorf("%s: own is %v", c.Key, c.Own)
		}
		if len(items) < 2 && !c.Own {
			items = append(items, access.SharedItem{Key: c.Key, Title: "Tittel " + c.Key, Text: "Tekst " + c.Key})
		}
	}
	b.must(b.fresh(patient(p)), string(p), access.SharePage{To: access.Receiver{Kind: access.Welfare, Name: "Nav Fjord"}, Items: items, Until: oslo.Date(b.clock.Now()).AddDays(14)})
	made, err := casework.View(b.ctx, b.s, patient(p), casework.MakeLink{Item: casework.Item{Kind: casework.PageItem, Target: string(p), Number: 1}})
	if err != nil {
		t.Fatal(err)
	}
	session, err := b.s.OpenItem(b.ctx, made.Token, "")
	if err != nil {
		t.Fatal(err)
	}
	v, err := casework.View(b.ctx, b.s, b.guestOf(session), casework.SharedPage{})
	if err != nil || len(v.Items) != 2 || v.Items[0].Text != items[0].Text || v.For.Name != "Nav Fjord" {
		t.Errorf("the page holds %v, %v", v, err)
	}
	b.must(patient(p), string(p), access.WithdrawPage{Page: 1})
	_, err = casework.View(b.ctx, b.s, b.guestOf(session), casework.SharedPage{})
	refused(t, err, "login-link-dead")
}
