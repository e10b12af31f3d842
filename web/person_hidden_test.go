package web_test

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
)

// crawl reads every page that somebody can reach by links, and answers those
// that say the word.
func (v *visitor) crawl(from []string, most int, word string) (read int, found []string) {
	v.t.Helper()
	seen, queue := map[string]bool{}, slices.Clone(from)
	for len(queue) > 0 && read < most {
		path := queue[0]
		queue = queue[1:]
		if path, _, _ = strings.Cut(path, "#"); seen[path] || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "/assets") || strings.HasPrefix(path, "/pathways") || strings.HasPrefix(path, "/professional") {
			continue
		}
		seen[path] = true
		resp, err := v.client.Get(v.h.url + path)
		if err != nil {
			v.t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			v.t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			v.t.Fatal(err)
		}
		read++
		body := string(b)
		for rest, at := strings.ToLower(body), 0; ; {
			i := strings.Index(rest[at:], word)
			if i < 0 {
				break
			}
			at += i
			around := body[max(0, at-90):min(len(body), at+60)]
			// Lists to choose from name every unit; what must not be there is that
			// one is this person's.
			if open := strings.LastIndex(body[:at], "<option"); open < 0 || strings.Contains(body[open:at], "</option>") || strings.Contains(body[open:at], "selected") {
				found = append(found, path+": "+around)
			}
			at += len(word)
		}
		for _, part := range strings.Split(body, `href="`)[1:] {
			href, _, _ := strings.Cut(part, `"`)
			queue = append(queue, strings.ReplaceAll(href, "&amp;", "&"))
		}
	}
	return read, found
}

// What tells where somebody with a hidden address lives is on no page of anybody
// who need not know: not the address, not the GP, not the units in the plan that
// serve those who live there. Who is responsible sees those units, and nobody sees
// the address without asking for it with a reason.
func TestHiddenIsOnNoPage(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.north()
	for _, u := range []directory.OpenUnit{
		{Unit: "gpfugl", Kind: directory.PrimaryCare, Parent: "trust", Regime: care.Norway, Roles: []care.Role{"gp"}, Contact: directory.Contact{Name: "Kanarifugl legesenter"}},
		{Unit: "kommunefugl", Kind: directory.Municipality, Parent: "trust", Regime: care.Norway, Roles: []care.Role{"municipality"}, Contact: directory.Contact{Name: "Kanarifugl kommune"}},
	} {
		h.setUp(string(u.Unit), u)
	}
	p, id := h.referred(casework.Identity{
		Name: "Bodil Storlom", Number: someNumber, Phone: "99 kanarifugl", Address: "Kanarifuglveien 1", Email: "kanarifugl@example.no",
	})
	gp, municipality := care.Post{Unit: "gpfugl", Role: "gp"}, care.Post{Unit: "kommunefugl", Role: "municipality"}
	h.act(string(p), person.ChangeGP{GP: care.Party{Kind: care.PartyUnit, Post: gp}})
	h.act(string(p), person.ChangeMunicipality{Municipality: care.Party{Kind: care.PartyOther, Name: "Kanarifugl kommune"}})
	h.accept(id)
	h.act(id, journey.AskParty{To: care.Party{Kind: care.PartyUnit, Post: gp}, Question: "Hvilke medisiner?"})
	h.act(id, journey.AskParty{To: care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "north", Role: "team"}}, Question: "Kan dere hjelpe?"})
	h.act(id, journey.AskParty{To: care.Party{Kind: care.PartyOther, Name: "Kanarifugl fysioterapi"}, Question: "Hvilke øvelser?"})
	h.act(id, journey.OpenWait{For: care.Party{Kind: care.PartyUnit, Post: municipality}, Reason: "result", Review: norway.Date(h.clock.Now()).AddDays(20)})
	if err := h.s.React(context.Background()); err != nil {
		t.Fatal(err)
	}
	const word = "kanarifugl"
	page := "/journeys/" + id
	who := map[string]struct {
		v    *visitor
		from []string
	}{
		"who is responsible": {h.visit(coordinator.Actor), []string{page, "/work", "/meetings"}},
		"who helps":          {h.visit(professional("nils")), []string{page, "/work", "/meetings"}},
		"the patient":        {h.visit(asPatient(p)), []string{"/me"}},
	}
	for name, w := range who {
		if name == "the patient" {
			continue
		}
		if _, found := w.v.crawl(w.from[:1], 1, word); len(found) == 0 {
			t.Fatalf("%s: unprotected, nothing is on the page: the crawl looks in the wrong place", name)
		}
	}
	h.as(coordinator, string(p), access.ProtectAddress{Kind: access.Strict, Words: "Oppgitt av Folkeregisteret."})
	who["who is responsible"].v.logIn()
	for name, w := range who {
		read, found := w.v.crawl(w.from, 90, word)
		if name == "who is responsible" {
			// They must know whom to reach; the address and who is named as GP stay hidden.
			found = slices.DeleteFunc(found, func(s string) bool {
				return !strings.Contains(strings.ToLower(s), "kanarifuglveien") && !strings.Contains(s, "99 ") && !strings.Contains(s, "@example")
			})
		}
		if read < 10 || len(found) > 0 {
			t.Errorf("%s: %d pages read, %d give the place away: %.1500q", name, read, len(found), found)
		}
		t.Logf("%s: %d pages read, hits %d", name, read, len(found))
	}
	kari := who["who is responsible"].v
	if text := kari.get(page + "/access").text("main"); !strings.Contains(text, "Folkeregisteret") {
		t.Errorf("the page does not say why: %.900s", text)
	}
	at := page + "/address"
	form := kari.get(at).form(at)
	if wrong := kari.post(at, form); !strings.Contains(wrong.text("main"), "Dette er skjult") || strings.Contains(wrong.text("main"), "Kanarifuglveien") {
		t.Errorf("without a reason: %.600s", wrong.text("main"))
	}
	form.Set("reason", "Henter henne hjemme i dag.")
	if text := kari.post(at, form).text("main"); !strings.Contains(text, "Kanarifuglveien 1") || !strings.Contains(text, "Kanarifugl legesenter") {
		t.Errorf("with a reason: %.900s", text)
	}
}
