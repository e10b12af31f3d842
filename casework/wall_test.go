package casework_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// swap is a patient of the swap suite. Whatever is said of them has their word in it.
type swap struct {
	word     string
	person   care.PersonKey
	journeys []string
	who      casework.Who // works at the unit that has them
	kin      care.PersonKey
}

// received refers a person to a unit, with a document and free text.
func (b *bundle) received(x *swap, unit care.UnitID) {
	b.t.Helper()
	r, err := b.s.Do(b.ctx, casework.Order{
		Who: x.who, Key: b.key(), Attachment: &casework.Attachment{Name: x.word + ".pdf", Type: "application/pdf", Content: []byte("%PDF-1.7 " + x.word)},
		Command: journey.Open{
			Person: x.person, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain", Version: "2025.04"}, Origin: journey.Registered,
			Sender: care.Party{Kind: care.PartyPatient}, Received: b.clock.Now().Add(-time.Hour), Desk: care.Post{Unit: unit, Role: care.Desk}, Reason: x.word + " har vondt.",
		},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	x.journeys = append(x.journeys, r.Target)
}

// swapped asks every question that can be about one person, about one patient, and
// counts what was asked, answered, and how many answers hold the patient's word.
func (b *bundle) swapped(who casework.Who, of, own *swap) (asked, answered, found int) {
	b.t.Helper()
	who = b.fresh(who)
	who.Reason = "Det trengs."
	take := func(a any, err error) {
		b.t.Helper()
		asked++
		if err != nil {
			if _, refused := care.AsRefusal(err); !refused {
				b.t.Errorf("not refused, but: %v", err)
			}
			return
		}
		answered++
		text, err := json.Marshal(a)
		if err != nil {
			b.t.Fatal(err)
		}
		if doc, is := a.(casework.Attachment); is {
			text = append(text, doc.Content...)
		}
		if strings.Contains(string(text), of.word) {
			found++
		}
	}
	view := func(q any) {
		switch q := q.(type) {
		case casework.GetJourney:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.GetAttachment:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.GetPerson:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.Consents:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.OpenedRecord:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.HiddenAddress:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.MergePreview:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.MakeLink:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.EndLink:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.MyPlan:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.MyRole:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.MyAccess:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.SharePreview:
			take(casework.View(b.ctx, b.s, who, q))
		case casework.Looks:
			take(casework.View(b.ctx, b.s, who, q))
		default:
			b.t.Fatalf("nobody asks %T", q)
		}
	}
	for _, id := range of.journeys {
		for _, q := range []any{casework.GetJourney{ID: id}, casework.GetAttachment{Journey: id}} {
			view(q)
		}
		for _, kind := range []casework.ItemKind{casework.QuestionItem, casework.TellingItem, casework.OfferItem} {
			view(casework.MakeLink{Item: casework.Item{Kind: kind, Target: id, Number: 1}})
			view(casework.EndLink{Item: casework.Item{Kind: kind, Target: id, Number: 1}})
		}
	}
	for _, q := range []any{
		casework.GetPerson{Key: of.person}, casework.Consents{Person: of.person}, casework.OpenedRecord{Person: of.person},
		casework.HiddenAddress{Person: of.person}, casework.MergePreview{From: of.person, Into: own.person}, casework.MergePreview{From: own.person, Into: of.person},
		casework.MakeLink{Item: casework.Item{Kind: casework.PageItem, Target: string(of.person), Number: 1}},
	} {
		view(q)
	}
	if who.Actor.Kind == care.Relative && who.Represents == of.person {
		for _, q := range []any{casework.MyPlan{}, casework.MyRole{}, casework.MyAccess{}, casework.SharePreview{}, casework.Looks{}} {
			view(q)
		}
	}
	return asked, answered, found
}

// TestSwappedIDs asks every question about one person about everybody else, and
// nothing is answered. A bug is planted under it that takes the program's own
// decision away: then in memory somebody else is shown, and on PostgreSQL the rules
// of the rows let nothing through all the same (decision 0013).
func TestSwappedIDs(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"postgres", "memory"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := setupOn(t, storeOf(t, kind))
			anna, berit := &swap{word: "Annakanari", who: kari}, &swap{word: "Beritkanari", who: nils}
			for _, x := range []*swap{anna, berit} {
				x.person = b.adult(x.word, "")
				x.kin = b.adult(x.word+"kin", "")
				b.received(x, x.who.Post.Unit)
				b.must(patient(x.person), string(x.person), person.TellStory{Words: x.word + " forteller."})
				b.do(patient(x.person), x.journeys[0], journey.GiveWords{Kind: "message", Text: x.word + " skriver."})
				b.proxy(x.person, x.kin, access.Parts...)
			}
			// Another journey of Anna's is another unit's: the unit sees that one.
			other := &swap{word: anna.word, person: anna.person, who: nils}
			b.received(other, "clinic-b")
			for _, x := range []*swap{anna, berit} {
				for _, who := range []casework.Who{x.who, patient(x.person), relative(x.kin, x.person)} {
					if _, _, n := b.swapped(who, x, x); n == 0 {
						t.Errorf("%s finds nothing of their own", who.Actor.ID)
					}
				}
			}
			if _, _, n := b.swapped(nils, &swap{word: anna.word, person: "nobody", journeys: other.journeys}, berit); n == 0 {
				t.Error("the unit of Anna's other journey does not find it")
			}
			asked, answered, found := 0, 0, 0
			for _, x := range []struct {
				who     casework.Who
				of, own *swap
			}{
				{kari, berit, anna}, {as("turid", "clinic", "team"), berit, anna}, {as("per", "practice", "gp"), berit, anna}, {as("per", "practice", "gp"), anna, berit},
				{nils, &swap{word: anna.word, person: "nobody", journeys: anna.journeys}, berit},
				{patient(anna.person), berit, anna}, {patient(berit.person), anna, berit},
				{relative(anna.kin, anna.person), berit, anna}, {relative(anna.kin, berit.person), berit, anna}, {relative(berit.kin, anna.person), anna, berit},
				{relative(anna.person, berit.person), berit, anna},
			} {
				n, yes, hits := b.swapped(x.who, x.of, x.own)
				asked, answered, found = asked+n, answered+yes, found+hits
				if yes > 0 {
					t.Errorf("%s %s of %s: %d of %d questions about %s are answered", x.who.Actor.Kind, x.who.Actor.ID, x.who.Represents, yes, n, x.of.word)
				}
			}
			if found > 0 {
				t.Errorf("on %s %d of %d questions show somebody else", kind, found, asked)
			}
			t.Logf("%s: swapped ids asked %d, answered %d, foreign rows %d", kind, asked, answered, found)
		})
	}
}

// TestListsShowWhatPagesShow: a unit that takes part in one of a person's journeys
// is shown that one by every list, and the other by none.
func TestListsShowWhatPagesShow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	x := &swap{word: "Pasient To", who: kari}
	x.person = b.adult(x.word, "")
	b.received(x, "clinic")
	x.who = nils
	b.received(x, "clinic-b")
	for _, c := range []struct {
		who  casework.Who
		want []string
	}{
		{kari, x.journeys}, // the first contact, across all journeys
		{nils, x.journeys[1:]},
	} {
		rows, err := casework.View(b.ctx, b.s, c.who, casework.Journeys{Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		found, err := casework.View(b.ctx, b.s, c.who, casework.FindPerson{Query: "pasient"})
		if err != nil || len(found) != 1 {
			t.Fatalf("%s finds %v, %v", c.who.Actor.ID, found, err)
		}
		var listed, of []string
		for _, r := range rows {
			listed = append(listed, r.Stream.ID())
		}
		for _, r := range found[0].Journeys {
			of = append(of, r.Stream.ID())
		}
		want := slices.Sorted(slices.Values(c.want))
		if !slices.Equal(listed, want) || !slices.Equal(of, want) {
			t.Errorf("%s: the lists show %v and %v, the pages %v", c.who.Actor.ID, listed, of, want)
		}
		for _, id := range x.journeys {
			_, err := casework.View(b.ctx, b.s, c.who, casework.GetJourney{ID: id})
			if (err == nil) != slices.Contains(want, id) {
				t.Errorf("%s opens %s: %v", c.who.Actor.ID, id, err)
			}
		}
		v, err := casework.View(b.ctx, b.s, c.who, casework.Consents{Person: x.person})
		if err != nil {
			t.Fatal(err)
		}
		var named []string
		for _, u := range v.Units {
			named = append(named, u.Journeys...)
		}
		slices.Sort(named)
		if named = slices.Compact(named); !slices.Equal(named, want) {
			t.Errorf("%s: who can see names the journeys %v, want %v", c.who.Actor.ID, named, want)
		}
	}
}
