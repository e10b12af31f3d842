package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"forlop/care"
)

// sendFile sends a form as a browser does, with a document in it.
func (v *visitor) sendFile(path string, fields map[string]string, name string, content []byte) *sheet {
	v.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for field, value := range fields {
		if err := m.WriteField(field, value); err != nil {
			v.t.Fatal(err)
		}
	}
	part, err := m.CreateFormFile("attachment", name)
	if err != nil {
		v.t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		v.t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		v.t.Fatal(err)
	}
	return v.page(v.client.Post(v.h.url+path, m.FormDataContentType(), &body))
}

// The patient hands in a document, staff another; each downloads what the other
// gave, as a file to save, and what runs is refused with the words kept.
func TestFindingsWithDocuments(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	w := h.visit(coordinator.Actor).register("Solveig Dokument")
	me := h.visit(care.Actor{Kind: care.Patient, ID: string(h.state(w.id).Person)})
	fields := map[string]string{"kind": "mri", "examined": "2025-11-03", "by": "Sykehuset"}
	fields["key"] = me.get("/me/findings").form("/me/findings").Get("key")
	if p := me.sendFile("/me/findings", fields, "mr.pdf", []byte("<html><script>alert(1)</script>")); p.status != http.StatusUnprocessableEntity || p.form("/me/findings").Get("by") != "Sykehuset" {
		t.Errorf("a page instead of a document answers %d", p.status)
	}
	pdf := []byte("%PDF-1.7\nSkive L5.")
	if p := me.sendFile("/me/findings", fields, "../mr\"svar.pdf", pdf); p.status != http.StatusOK {
		t.Fatalf("the patient's document answers %d: %s", p.status, p.text("main"))
	}
	page := w.get(w.at("/do/record-finding"))
	form := page.form(w.at("/do/record-finding"))
	staff := map[string]string{"kind": "ct", "examined": "2025-10-01", "by": "other", "by-name": "Sykehuset"}
	for name := range form {
		if _, set := staff[name]; !set {
			staff[name] = form.Get(name)
		}
	}
	if p := w.sendFile(w.at("/do/record-finding"), staff, "ct.txt", []byte("Ingen funn.")); p.status != http.StatusOK {
		t.Fatalf("staff's document answers %d: %s", p.status, p.text("main"))
	}
	for _, n := range []string{"1", "2"} {
		if !w.get(w.at("")).has("a", "href", w.at("/findings/"+n)) || !me.get("/me/findings").has("a", "href", w.at("/findings/"+n)) {
			t.Errorf("a page does not lead to document %s", n)
		}
	}
	for path, want := range map[string][]byte{w.at("/findings/1"): pdf, w.at("/findings/2"): []byte("Ingen funn.")} {
		for _, v := range []*visitor{w.visitor, me} {
			resp, err := v.client.Get(h.url + path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s reads %q, %v", path, got, err)
			}
			if x := resp.Header; !strings.HasPrefix(x.Get("Content-Disposition"), "attachment") || x.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(x.Get("Content-Security-Policy"), "sandbox") || strings.Contains(x.Get("Content-Type"), "html") {
				t.Errorf("%s is sent as %v", path, x)
			}
		}
	}
}
