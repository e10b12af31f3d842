package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"forlop/care"
	"forlop/care/worklist"
	"forlop/casework"
	"forlop/pathway"
)

// FuzzTexts reads what a site could bring as its own language: a text that is good is
// said with its places filled and no other, and each finding has its place.
func FuzzTexts(f *testing.F) {
	for _, s := range []string{
		"language: {name: Soomaali, falls: nb}\nme: {hello: \"Hei {name}\"}\n", "a: {one: x, other: \"{count} y\"}", "a: &a [*a]", "a: {b: }", "a: \"{\"", "a: \"}{\"", "a: \"{{x}}\"", "- x", "", "a: !!binary aGk=", "? [a]\n: b",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		folder := fstest.MapFS{"text.so.yaml": {Data: text}, "texts/any.nb.yaml": {Data: text}}
		_, found := ReadSiteTexts(folder, nil)
		_, more := readCatalogues(folder)
		for _, x := range append(found, more...) {
			if x.File == "" || x.Message == "" || x.Line < 0 || x.Severity != pathway.SeverityError && x.Severity != pathway.SeverityWarning {
				t.Errorf("a finding that says too little: %#v", x)
			}
		}
		of, err := places{}.Parse(string(text), "", "")
		if cut, err2 := parseTemplate(string(text)); (err == nil) != (err2 == nil) {
			t.Errorf("%q is %v and %v", text, of, cut)
		} else if err == nil && len(cut.places()) == 0 && cut.fill(nil) != string(text) {
			t.Errorf("%q is said as %q", text, cut.fill(nil))
		}
	})
}

// FuzzAddresses reads what could stand in an address, a cookie or a hidden field of
// ours: whatever it is, it is a way of ours or none, and never somebody else's site.
func FuzzAddresses(f *testing.F) {
	for _, s := range []string{
		"/me", "//evil.example", "/\\evil.example", "https://evil.example", "/me?to=//x", "javascript:alert(1)", "/%2F%2Fevil", "step/3!", "step/-1", "no.pain@2025.04", "@", "dark.4.wide.brief", "....", "a=1&b=%zz", "/\t/evil.example", "/work?saved=own.1", "/..//evil.example",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, to := range []string{localPath(s), savedHref(casework.SavedView{View: worklist.View{Number: 1, Address: s}})} {
			u, err := url.Parse(to)
			if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
				t.Errorf("%q leads to %q", s, to)
			}
			// A browser resolves it against our own page.
			base, _ := url.Parse("https://ours.example/me/page")
			if u != nil && base.ResolveReference(u).Host != "ours.example" {
				t.Errorf("%q leads to %q", s, base.ResolveReference(u))
			}
		}
		if d := readDisplay(s); readDisplay(d.String()) != d {
			t.Errorf("%q is the display %q, which is read as %q", s, d, readDisplay(d.String()))
		}
		if r := parseRef(s); r.ID+"@"+r.Version != s && r.ID != s {
			t.Errorf("%q is the version %+v", s, r)
		}
		if x := parseThing(s); x.n < 0 || x.kind != "" && parseThing(x.key()) != x {
			t.Errorf("%q is the thing %+v, whose key %q is another", s, x, x.key())
		}
		if q := parsed(s); len(q) > 0 && parsed(q.Encode()).Encode() != q.Encode() {
			t.Errorf("%q is %v", s, q)
		}
		_ = readByPatients(s)
	})
}

// FuzzForms reads what a browser could send as a form of staff's, and what was kept of
// one that could not be sent. What is read is what the form may hold, or a fault
// beside a field that is there.
func FuzzForms(f *testing.F) {
	for _, s := range []string{"words=Hei&number=3&date=2026-02-28&moment-date=2026-02-30&moment-time=25:61&one=a", "one=zzz&any=a&any=b", "number=-1", "number=９", "words=%00%ff", "moment=2026-03-29T02:30", "%", "party=other", strings.Repeat("a=b&", 500)} {
		f.Add("application/x-www-form-urlencoded", []byte(s))
	}
	var many bytes.Buffer
	w := multipart.NewWriter(&many)
	part, err := w.CreateFormFile(documentField, "..\\..\\epikrise.pdf")
	if err != nil {
		f.Fatal(err)
	}
	if _, err := part.Write([]byte("%PDF-1.4")); err != nil {
		f.Fatal(err)
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(w.FormDataContentType(), many.Bytes())
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"document\"; filename=\"\"\r\n\r\n"))
	f.Add("multipart/form-data", []byte("--x--"))
	asks := []ask{
		{name: "words", kind: askWords, must: true}, {name: "line", kind: askLine}, {name: "number", kind: askNumber}, {name: "date", kind: askDate, must: true},
		{name: "moment", kind: askMoment}, {name: "one", kind: askOne, choices: []choice{{value: "a"}, {value: "b"}}}, {name: "any", kind: askAny, choices: []choice{{value: "a"}}},
		{name: "party", kind: askParty, choices: []choice{{value: string(care.PartyOther)}}}, documentAsk,
	}
	p := newPage(httptest.NewRequest(http.MethodGet, "/", nil), forStaff, care.Bokmal)
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		values, files := readKept(casework.Unsent{Type: kind, Body: body})
		for _, name := range files {
			if name == "" {
				t.Error("a document without a name")
			}
		}
		form := readForm(p, asks, values, care.CalendarOf(care.Norway))
		for _, x := range form.faults {
			if x.text == "" || x.field == "" {
				t.Errorf("%q: a fault that says too little: %+v", body, x)
			}
		}
		if len(form.faults) == 0 && (form.text("words") == "" || form.text("date") == "" || utf8.RuneCountInString(form.text("words")) > longestText) {
			t.Errorf("%q was taken", body)
		}
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		if r.ParseMultipartForm(mostUpload) != nil {
			return
		}
		c := &call{r: r}
		a, ok := c.document()
		if a != nil && (!ok || strings.ContainsAny(a.Name, "/\\") || utf8.RuneCountInString(a.Name) > longestLine || strings.ContainsAny(a.Type, "; ")) {
			t.Errorf("the document is called %q and of the kind %q", a.Name, a.Type)
		}
	})
}
