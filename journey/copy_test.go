package journey_test

import (
	"testing"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// What belongs in the record stands on a worklist until somebody says that it is
// copied, also after the journey has ended; and on none where the site does not
// ask for it.
func TestCopyToRecord(t *testing.T) {
	t.Parallel()
	off := newLife(t)
	off.assess()
	if len(off.s.Copies) > 0 {
		t.Errorf("a site that does not ask for it has %d texts to copy", len(off.s.Copies))
	}
	l := newLife(t)
	l.k.CopyToRecord = true
	l.refer()
	l.do(l.answer(pathway.Ask))
	if len(l.s.Copies) > 0 {
		t.Error("a question to the sender belongs in the record")
	}
	l.accept()
	c := l.s.Copies[0]
	i, open := l.item("copy/1")
	if !open || i.Post != coordinator || !i.Due.Equal(oslo.Deadline(l.now, span(3, care.WorkingDays)).UTC()) || l.log[c.Of-1].Event.Type() != (journey.Answered{}).Type() {
		t.Fatalf("open %v with %s by %s, of event %d", open, i.Post, i.Due, c.Of)
	}
	l.do(journey.AskAdvice{To: party("clinic-b", "team"), Question: "Hva nå?"})
	l.do(journey.GiveAdvice{Consult: 1, Words: "Ro."}, by(teamB))
	l.refuse("no-such-copy", journey.CopyText{Copy: 9})
	l.do(journey.CopyText{Copy: 1})
	l.refuse("copied-already", journey.CopyText{Copy: 1})
	l.do(journey.EndJourney{End: "leaves", Reason: "Orker ikke."})
	if _, open := l.item("copy/2"); !open {
		t.Error("the ending took what is not copied off the list")
	}
	l.do(journey.CopyText{Copy: 2})
	if _, open := l.item("copy/2"); open {
		t.Error("what is copied is on a list")
	}
}
