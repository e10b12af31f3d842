package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/casework"
)

// TestALetterComesBack: a letter that was posted and comes back stands on the call
// list as one task with an owner, counts as not read, and is told by phone or sent
// again once the address is right.
func TestALetterComesBack(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p, id := h.onPaper("Ola Fjær", care.ByLetter, care.Bokmal)
	v := h.visit(coordinator.Actor)
	w := &walk{visitor: v, id: id}
	if page := w.get(w.at("/do/came-back")); page.status == http.StatusOK {
		t.Error("a letter that nobody posted can come back")
	}
	list := v.get("/letters")
	if !list.has("a", "href", "/find") {
		t.Error("the list of letters does not say what to do with one that came back")
	}
	form := list.form("/letters")
	form["letter"] = nil
	for _, box := range list.nodes("input", "name", "letter") {
		for _, a := range box.Attr {
			if a.Key == "value" {
				form.Add("letter", a.Val)
			}
		}
	}
	if posted := v.post("/letters", form); posted.status != http.StatusOK {
		t.Fatalf("marking it posted answers %d", posted.status)
	}
	told := func() []casework.ToTellRow {
		page, err := casework.View(context.Background(), h.s, coordinator, casework.ToTell{})
		if err != nil {
			t.Fatal(err)
		}
		return append(page.Letters, page.Calls...)
	}
	if rows := told(); len(rows) != 0 {
		t.Fatalf("posted, %+v is left", rows)
	}
	w.does("came-back", "", "sending", "1")
	rows := told()
	if len(rows) != 1 || rows[0].Sending.Why != messaging.Bounced || rows[0].Sending.Mender.IsZero() || rows[0].By.IsZero() {
		t.Fatalf("a letter that came back leaves %+v", rows)
	}
	if calls := v.get("/calls").text("main"); !strings.Contains(calls, "Ola Fjær") || !strings.Contains(calls, "Det kom i retur") {
		t.Errorf("the call list says %s", calls)
	}
	if page := w.get(w.at("/do/came-back")); page.status == http.StatusOK {
		t.Error("the same letter can come back twice")
	}
	// Again by letter, since the address is put right.
	w.does("try-again", "")
	if rows := told(); len(rows) != 1 || rows[0].Sending.Channel != messaging.ByLetter || rows[0].Sending.Status != messaging.Waiting || rows[0].Person != p {
		t.Errorf("sent again, the lists hold %+v", rows)
	}
}
