package casework_test

import (
	"context"
	"encoding/base64"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/pathway/library"
)

// tokens are a service with one live token of every kind.
var tokens = sync.OnceValues(func() (*casework.Service, []string) {
	b := setup(new(testing.T)) // it lives as long as the process
	_, id := b.refer("Ola Nordmann")
	link, _, err := b.s.LoginLink(b.ctx, care.Actor{Kind: care.Professional, ID: "kari"})
	if err != nil {
		panic(err)
	}
	session, err := b.s.SignIn(b.ctx, care.Actor{Kind: care.Professional, ID: "kari"})
	if err != nil {
		panic(err)
	}
	b.do(kari, id, journey.AskParty{To: care.Party{Kind: care.PartyOther, Name: "Fysio AS"}, Question: "Hvilke øvelser?"})
	item, err := casework.View(b.ctx, b.s, kari, casework.MakeLink{Item: casework.Item{Kind: casework.QuestionItem, Target: id, Number: 1}})
	if err != nil {
		panic(err)
	}
	carried, err := b.s.SealCarried("login", []byte("underway"))
	if err != nil {
		panic(err)
	}
	return b.s, []string{session, link, item.Token, carried}
})

// FuzzTokens tries what strangers could send as a token, of every kind. Nothing
// but the token itself opens anything, and not even that opens another door.
func FuzzTokens(f *testing.F) {
	s, live := tokens()
	enc := base64.RawURLEncoding
	for _, token := range live {
		body, signature, _ := strings.Cut(token, ".")
		for _, x := range []string{token + "A", token[1:], token[:len(token)-1], body + ".", "." + signature, body + "." + body, token + "=", " " + token, strings.ToUpper(token), body + signature} {
			f.Add(x)
		}
	}
	for _, x := range []string{
		"", ".", "..", "null.null", enc.EncodeToString([]byte(`{"k":"professional","i":"kari","u":99999999999}`)) + ".", enc.EncodeToString(make([]byte, 32)),
		enc.EncodeToString([]byte(`{"i":"question/x/1","u":99999999999}`)) + "." + enc.EncodeToString(make([]byte, 32)), strings.Repeat("A", 100_000), "\x00", "é.é",
	} {
		f.Add(x)
	}
	ctx := context.Background()
	f.Fuzz(func(t *testing.T, token string) {
		for _, one := range live {
			if token == one {
				return
			}
		}
		if who, err := s.SignedIn(ctx, token); err == nil {
			t.Errorf("%q is a session of %v", token, who.Actor)
		} else {
			refused(t, err, "no-session")
		}
		if _, who, err := s.OpenLink(ctx, token, ""); err == nil {
			t.Errorf("%q opens a login as %v", token, who)
		} else {
			refused(t, err, "login-link-dead")
		}
		if _, err := s.OpenItem(ctx, token, token); err == nil {
			t.Errorf("%q opens an item", token)
		} else {
			refused(t, err, "login-link-dead")
		}
		if text, ok := s.OpenCarried("login", token); ok {
			t.Errorf("%q carries %q", token, text)
		}
	})
}

// FuzzSiteTables reads what an operator could give as a table or a file of a site.
// Whatever it is, it is understood or each fault has a place in it, and a dry run
// changes nothing.
func FuzzSiteTables(f *testing.F) {
	for _, x := range []string{
		"id,name,profession\nanna,Anna,nurse\n", "id,name,profession,hpr\nanna,Anna,nurse,12\n", "\ufeffid;name;profession\nanna;\"=1+1\";nurse\n", "id,nam\nx,y\n",
		"id,name,profession\nanna,\"Anna,nurse\n", "id,kind,regime,name\nvc,primary-care,SE,Vårdcentral\n", "", ",,,\n,,,\n", "id\n" + strings.Repeat("x", 10_000), "id,id\na,b\n", "\x00,\xff\n",
	} {
		f.Add(x)
	}
	var once sync.Once
	var b *bundle
	f.Fuzz(func(t *testing.T, text string) {
		once.Do(func() { b = bare(t) })
		before, err := b.store.Follow(b.ctx, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"table.csv", "site.yaml"} {
			r, err := b.s.ImportSite(b.ctx, true, casework.SiteText{Name: name, Text: []byte(text)})
			if err != nil {
				t.Errorf("%q: %v is no finding", text, err)
			}
			if r.Done > 0 {
				t.Errorf("%q: a dry run did %d things", text, r.Done)
			}
			for _, x := range r.Findings {
				if x.Severity == pathway.SeverityError && x.File != name {
					t.Errorf("%q: %s is about no file", text, x)
				}
			}
		}
		if after, err := b.store.Follow(b.ctx, 0, 0); err != nil || len(after) != len(before) {
			t.Errorf("%q wrote %d events in a dry run, %v", text, len(after)-len(before), err)
		}
	})
}

// FuzzImports reads what an operator could give as a file of running journeys or of
// another system's bookings, as a dry run and in earnest: each fault has its line, a
// row is taken wholly or not at all, and a dry run stores nothing.
func FuzzImports(f *testing.F) {
	row := "Anna Linerle,,1980-03-01,no.pain,2025-12-01,clinic/coordinator,practice,,2025-12-08,Brev,,,,,accept,practice"
	f.Add(importHead + row + "\n")
	f.Add(importHead + row + "\n" + row + "\n")
	f.Add(strings.ReplaceAll(importHead+row, ",", ";"))
	f.Add(importHead + "\"Anna\nLinerle" + row)
	f.Add("number,reference,date,time,journey,step,place,minutes,status\n17912099997,A-1,11.02.2026,10:00,x,start-assessment,Rom 3,45,\n")
	f.Add("number;reference;date;time;journey;step;place;minutes;status\n17912099997;A-1;29.03.2026;02:30;x;y;z;-1;cancelled\n,,\n")
	for _, s := range []string{"", "\xef\xbb\xbf", "name\n", "name,name\nx,y\n", "\"", "a\x00b,\xff\n", strings.Repeat(",", 2000) + "\n"} {
		f.Add(s)
	}
	var once sync.Once
	var b *bundle
	f.Fuzz(func(t *testing.T, text string) {
		once.Do(func() { b = setup(new(testing.T)) })
		before := b.stored(t)
		try := func(dry bool) {
			r, err := b.s.Import(b.ctx, []byte(text), dry)
			if err != nil {
				t.Errorf("%q: %v is no finding", text, err)
			}
			q, err := b.s.ImportBookings(b.ctx, []byte(text), casework.BookingFile{Source: "DIPS"}, dry)
			if err != nil {
				t.Errorf("%q: %v is no finding", text, err)
			}
			for _, x := range append(r.Findings, q.Findings...) {
				if x.Line < 0 || x.Code == "" || x.Message == "" {
					t.Errorf("%q: a finding that says too little: %+v", text, x)
				}
			}
			if r.Opened > r.Rows || q.Copied > q.Rows {
				t.Errorf("%q: of %d and %d rows %d and %d were taken", text, r.Rows, q.Rows, r.Opened, q.Copied)
			}
		}
		try(true)
		if after := b.stored(t); after != before {
			t.Errorf("%q wrote %d events in a dry run", text, after-before)
		}
		try(false)
		if r, err := b.s.Import(b.ctx, []byte(text), false); err != nil || r.Opened > 0 {
			t.Errorf("%q: the same file again opens %d journeys, %v", text, r.Opened, err)
		}
	})
}

// stored is how many events there are.
func (b *bundle) stored(t *testing.T) int64 {
	t.Helper()
	h, err := b.store.Check(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	return h.Events
}

// FuzzDefinitions gives a service what a site could bring as a pathway or as a
// questionnaire: it is refused with findings that say where, and a pathway that is
// only read is not kept.
func FuzzDefinitions(f *testing.F) {
	files, _ := library.Files("no.pain")
	text, err := fs.ReadFile(files, "pathway.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	for _, s := range []string{"extends: no.pain@2025.04\n", "extends: no.pain@2025.04\npathway: no.pain+x\nversion: \"1\"\nsteps: {a: {}}", "id: peg\nversion: \"1\"\n", "a: &a [*a]", ""} {
		f.Add([]byte(s))
	}
	var once sync.Once
	var b *bundle
	f.Fuzz(func(t *testing.T, text []byte) {
		once.Do(func() { b = setup(new(testing.T)) })
		before := b.stored(t)
		def, findings := b.s.ReadPathway(b.ctx, fstest.MapFS{"pathway.yaml": {Data: text}, "text.nb.yaml": {Data: text}})
		if def == nil && len(findings) == 0 {
			t.Errorf("%q: neither a pathway nor a finding", text)
		}
		if _, faults, err := b.s.ImportQuestionnaire(b.ctx, "x.yaml", text); err != nil {
			if _, refused := care.AsRefusal(err); !refused {
				t.Errorf("%q: %v is no refusal", text, err)
			}
		} else {
			for _, x := range faults {
				if x.File != "x.yaml" || x.Message == "" {
					t.Errorf("%q: a finding that says too little: %+v", text, x)
				}
			}
		}
		if after := b.stored(t); after != before {
			t.Errorf("%q wrote %d events", text, after-before)
		}
	})
}

// FuzzKeptSecrets: what a stranger sends as the secret of an unsent form, or as the
// link to an account, claims and opens nothing.
func FuzzKeptSecrets(f *testing.F) {
	_, live := tokens()
	for _, token := range append(live, "", ".", "a.b", strings.Repeat("A", 10_000), "e30.e30", "\x00.\xff") {
		f.Add(token)
	}
	s, _ := tokens()
	ctx := context.Background()
	f.Fuzz(func(t *testing.T, secret string) {
		if i, err := s.Invited(ctx, secret); err == nil {
			t.Errorf("%q invites %+v", secret, i)
		} else {
			refused(t, err, "login-link-dead")
		}
		if err := s.ClaimUnsent(ctx, kari, secret); err != nil {
			t.Errorf("%q: %v", secret, err)
		}
		if kept, err := s.UnsentForms(ctx, kari); err != nil || len(kept) > 0 {
			t.Errorf("%q claimed %d forms, %v", secret, len(kept), err)
		}
	})
}
