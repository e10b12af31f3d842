package web_test

import (
	"bytes"
	"strings"
	"testing"

	"forlop/care"
)

// TestALetterAfterItsDate: a date that has passed is never told as if it were still to
// come; the letter says that it has passed and what happens now.
func TestALetterAfterItsDate(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		lang              care.Language
		latest, was, then string
	}{
		{care.Bokmal, "Senest ", "Siste dato var", "passert"}, {care.Nynorsk, "Seinast ", "Siste dato var", "passert"},
		{care.Swedish, "Senast ", "Sista datum var", "passerat"}, {care.English, "At latest ", "The latest date was", "has passed"},
	} {
		h := openHouse(t)
		p, id := h.onPaper("Ola Fjær", care.ByLetter, x.lang)
		w := &walk{visitor: h.visit(coordinator.Actor), id: id}
		at := "/letters/" + string(p) + "/1"
		for days := range 2 {
			w.pass(200 * days)
			h.wake()
			h.notified()
			text := w.get(at).text("article", "class", "letter")
			if late := days > 0; strings.Contains(text, x.was) != late || strings.Contains(text, x.latest) == late || late && !strings.Contains(text, x.then) {
				t.Errorf("%s, %d days on: %s", x.lang, 200*days, text)
			}
			resp, err := w.client.Get(h.url + at + "/pdf")
			if err != nil {
				t.Fatal(err)
			}
			var file bytes.Buffer
			if _, err := file.ReadFrom(resp.Body); err != nil || resp.Body.Close() != nil || !bytes.HasPrefix(file.Bytes(), []byte("%PDF-")) {
				t.Fatalf("the file is of %d bytes: %v", file.Len(), err)
			}
		}
	}
}
