package casework_test

import (
	"bytes"
	"testing"

	"forlop/care"
	"forlop/casework"
	"forlop/store"
)

// Everything about a person comes out: every event of every stream that is theirs
// alone, the words as they were said, the document and who has looked; it is logged,
// and it comes out to nobody whom the person has nothing to do with.
func TestExportPersonIsWhole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	content := []byte("%PDF-1.7 Ryggen er vond.")
	o := b.open("Ola Nordmann")
	o.Attachment = &casework.Attachment{Name: "epikrise", Type: "application/pdf", Content: content}
	receipt, err := b.s.Do(b.ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	id := receipt.Target
	other, _ := b.refer("Eva Berg")
	b.accept(id)
	p := b.journey(kari, id).State.Person
	operator := casework.Operator("drift", care.Post{Unit: "clinic", Role: "coordinator"}, "Vi slutter")
	got, err := casework.View(b.ctx, b.s, operator, casework.ExportPerson{Person: p})
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, kind := range []string{"person", "consent", "booking", "notice", "sentence"} {
		events, err := b.store.Load(b.ctx, store.StreamOf(kind, string(p)), 0)
		if err != nil {
			t.Fatal(err)
		}
		want += len(events)
	}
	journey, err := b.store.Load(b.ctx, store.StreamOf("journey", id), 0)
	if err != nil {
		t.Fatal(err)
	}
	want += len(journey)
	have, words := 0, 0
	for _, st := range got.Streams {
		have += len(st.Events)
		for _, e := range st.Events {
			words += len(e.Words)
		}
		if store.Stream(st.Stream).ID() == string(other) {
			t.Errorf("%s is of somebody else", st.Stream)
		}
	}
	if have != want || want < 4 || words == 0 {
		t.Errorf("%d events of %d came out, with %d words", have, want, words)
	}
	if got.Identity.Name != "Ola Nordmann" || len(got.Documents) != 1 || !bytes.Equal(got.Documents[0].Content, content) {
		t.Errorf("%+v with %d documents", got.Identity, len(got.Documents))
	}
	again, err := casework.View(b.ctx, b.s, operator, casework.ExportPerson{Person: p})
	if err != nil || len(again.Looks) == 0 || again.Looks[len(again.Looks)-1].Question != "export-person" {
		t.Errorf("%d looks came out, %v", len(again.Looks), err)
	}
	stranger := casework.Operator("drift", care.Post{Unit: "clinic-b", Role: "coordinator"}, "Vi slutter")
	if x, err := casework.View(b.ctx, b.s, stranger, casework.ExportPerson{Person: p}); err == nil {
		t.Errorf("a unit without a part took out %d streams", len(x.Streams))
	}
}
