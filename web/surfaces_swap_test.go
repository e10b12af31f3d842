package web_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
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
	"forlop/web"
)

// canaries are what stands on pages about the person of a terrain and on no
// other.
var canaries = []string{"Kanarifugl", canaryReason, canaryMessage, canaryGoal, canaryStory, theirNumber}

// leaked are the canaries in an answer, but for what the visitor has sent along.
func leaked(a reply, sent ...string) []string {
	var out []string
	for _, c := range canaries {
		if bytes.Contains(a.body, []byte(c)) && !slices.ContainsFunc(sent, func(s string) bool { return strings.Contains(s, c) }) {
			out = append(out, c)
		}
	}
	return out
}

// neighbour gives a terrain a second person, with a journey in the unit of who
// helps them.
func (w *terrain) neighbour(by casework.Who) *terrain {
	w.t.Helper()
	p, err := w.s.RegisterPerson(context.Background(), by, w.key(), care.Norway, casework.Identity{Name: "Torbjørn Svane", Born: care.Date{Year: 1970, Month: time.May, Day: 17}})
	if err != nil {
		w.t.Fatal(err)
	}
	n := *w
	n.person = p
	n.held = w.asks(by, "", journey.Open{
		Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain", Version: "2031.01"}, Origin: journey.Registered,
		Sender: care.Party{Kind: care.PartyPatient}, Received: w.clock.Now().Add(-time.Hour), Desk: care.Post{Unit: by.Post.Unit, Role: care.Desk}, Reason: "Egen grunn.",
	})
	n.asked, n.waiting, n.moved = n.held, n.held, n.held
	return &n
}

// written are the events in the streams of a terrain's person.
func (w *terrain) written() []string {
	w.t.Helper()
	all, err := w.store.Follow(context.Background(), 0, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	theirs := []string{"person/" + string(w.person), "consent/" + string(w.person), "journey/" + w.held, "journey/" + w.asked, "journey/" + w.waiting, "journey/" + w.moved}
	var out []string
	for _, e := range all {
		if slices.Contains(theirs, string(e.Stream)) {
			out = append(out, fmt.Sprint(e.Stream, " ", e.Version, " ", e.Type, " ", e.Actor.Kind))
		}
	}
	return out
}

// smuggled are fields that name somebody else's things, whatever a form is for.
func smuggled(w *terrain, session string) url.Values {
	return url.Values{
		"person": {string(w.person)}, "journey": {w.held}, "target": {w.held}, "for": {string(w.person)}, "represents": {string(w.person)},
		"id": {session}, "move": {w.held}, "q": {"Egen"}, "to": {"/journeys/" + w.held}, "attachment": {w.waiting}, "page": {"1"}, "link": {"question/" + w.held + "/1"},
	}
}

// TestSwappedIDs lets people of one unit ask with the ids of a person of another:
// in the address, in the query, in every field of a form. Nothing of the other
// person comes out, and nothing is written about them.
func TestSwappedIDs(t *testing.T) {
	t.Parallel()
	w := openTerrain(t, newStore(t), slog.New(slog.DiscardHandler), grown)
	own := w.neighbour(worker("nils", "north", "coordinator"))
	relative := own.relativeOf("Dag Svale", access.Parts...)
	theirs := w.enter("them", asPatient(w.person), stale)
	sessions, err := casework.View(context.Background(), w.s, casework.Who{Actor: asPatient(w.person)}, casework.Sessions{})
	if err != nil || len(sessions) == 0 {
		t.Fatal(sessions, err)
	}
	bytesOut, asked, answers := 0, 0, 0
	before := w.written()
	for _, visitor := range []func() *caller{
		func() *caller { return w.enter("patient", asPatient(own.person), 0) },
		func() *caller { return w.enter("professional", professional("nils"), 0) },
		func() *caller {
			c := w.enter("relative", asPatient(relative), 0)
			c.w = own
			c.represent()
			c.w = w
			return c
		},
		func() *caller { return w.enter("officer", professional("petra"), 0) },
	} {
		for _, rt := range web.Routes() {
			route := rt.Method + " " + rt.Path
			aim, ok := aims[route]
			// Anybody can write to a person's coordinator, whoever works opens a record
			// in an emergency, and the privacy officer searches the log: they name the
			// person by their number. The officer of this tree of units decides about
			// looks at the person and about their erasure.
			if !ok || slices.Contains([]string{"/help-someone", "/emergency", "/admin/log"}, rt.Path) {
				continue
			}
			if c := visitor(); c.name == "officer" && (strings.HasPrefix(rt.Path, "/admin/log/") || strings.HasPrefix(rt.Path, "/admin/erasure/")) {
				continue
			}
			extra := smuggled(w, sessions[0].ID)
			for _, swap := range []struct {
				path string
				form url.Values
			}{
				{aim.path(w), nil},            // in the address
				{aim.path(own), nil},          // in the query
				{aim.path(own), url.Values{}}, // in the form
			} {
				c := visitor()
				form := url.Values{}
				if aim.form != nil {
					form = aim.form(c)
				} else if swap.form != nil {
					continue
				}
				if swap.form != nil {
					for name, v := range extra {
						form[name] = v
					}
				}
				path := swap.path
				if swap.form == nil && rt.Method == http.MethodGet {
					join := "?"
					if strings.Contains(path, "?") {
						join = "&"
					}
					path += join + extra.Encode()
				}
				if rt.Method == http.MethodGet {
					form = nil
				}
				a := c.ask(rt.Method, path, form)
				if asked++; a.status < 400 {
					answers++
				}
				for _, x := range leaked(a, path, form.Encode(), strings.Join(flat(form), " ")) {
					bytesOut += len(x)
					t.Errorf("%s %s shows %q to the %s: %d", rt.Method, path, x, c.name, a.status)
				}
			}
		}
	}
	after := w.written()
	if len(after) != len(before) {
		t.Errorf("%d events were written about somebody else: %v", len(after)-len(before), after[len(before):])
	}
	if a := theirs.ask(http.MethodGet, "/me", nil); a.status != http.StatusOK || len(leaked(a)) == 0 {
		t.Errorf("their own page answers %d %s: nothing was there to be shown", a.status, a.location)
	}
	if answers < 50 || len(before) < 30 {
		t.Errorf("%d of %d were answered, and %d events stood: nothing was asked", answers, asked, len(before))
	}
	t.Logf("swapped requests %d, answered %d, foreign bytes %d, foreign writes %d", asked, answers, bytesOut, len(after)-len(before))
}

func flat(form url.Values) []string {
	var out []string
	for _, v := range form {
		out = append(out, v...)
	}
	return out
}

// nonce is what differs between two answers to the same question.
var nonce = regexp.MustCompile(`(name="key" value=")[^"]*|[A-Z2-9]{4}-[A-Z2-9]{4}`)

// bare is an answer without what names the thing that was asked about.
func (a reply) bare(ids ...string) string {
	said := nonce.ReplaceAllString(string(a.body), "$1")
	location := a.location
	for _, id := range ids {
		said = strings.ReplaceAll(said, id, "ID")
		said = strings.ReplaceAll(said, url.QueryEscape(id), "ID")
		location = strings.ReplaceAll(location, id, "ID")
	}
	header := a.header.Clone()
	for _, name := range []string{"Date", "Content-Length", "Location", "Set-Cookie"} {
		header.Del(name)
	}
	return fmt.Sprintf("%d %v %s\n%s", a.status, header, location, said)
}

// other is an id of the same form that nobody has.
func other(id string) string {
	last := byte('0')
	if id[len(id)-1] == last {
		last = '1'
	}
	return id[:len(id)-1] + string(last)
}

// TestHiddenLooksLikeAbsent asks for what is hidden and for what does not exist,
// on every route that takes an id, and in the search: the answers are the same,
// byte for byte.
func TestHiddenLooksLikeAbsent(t *testing.T) {
	t.Parallel()
	w := openTerrain(t, newStore(t), slog.New(slog.DiscardHandler), grown)
	someone := w.neighbour(worker("nils", "north", "coordinator"))
	w.asks(casework.Who{Actor: asPatient(w.person)}, string(w.person), access.Block{Against: access.Against{Professional: "turid"}, Strength: access.Shut})
	w.asks(casework.Who{Actor: asPatient(w.person)}, string(w.person), access.Block{Against: access.Against{Professional: "per"}, Strength: access.Closed})
	none := *w
	none.person, none.held, none.asked, none.waiting, none.moved = care.PersonKey(other(string(w.person))), other(w.held), other(w.asked), other(w.waiting), other(w.moved)
	ids := []string{string(w.person), w.held, w.asked, w.waiting, w.moved, string(none.person), none.held, none.asked, none.waiting, none.moved}
	compared, differ := 0, 0
	for name, actor := range map[string]care.Actor{
		"shut out": professional("turid"), "closed out": professional("per"), "elsewhere": professional("nils"), "approver": professional("ada"), "another patient": asPatient(someone.person),
	} {
		for _, rt := range web.Routes() {
			aim, ok := aims[rt.Method+" "+rt.Path]
			// A unit's courses and times are announced to everybody: that one is there is no secret.
			if !ok || aim.path(w) == aim.path(&none) || strings.Contains(rt.Path, "{slot}") {
				continue
			}
			ask := func(x *terrain) string {
				c := w.enter(name, actor, 0)
				var form url.Values
				if aim.form != nil {
					form = aim.form(c)
				}
				return c.ask(rt.Method, aim.path(x), form).bare(ids...)
			}
			hidden, absent := ask(w), ask(&none)
			if compared++; hidden != absent {
				differ++
				t.Errorf("%s %s tells the %s apart:\n%.600s\n---\n%.600s", rt.Method, rt.Path, name, hidden, absent)
			}
		}
		// The search finds nobody of that name, whether there is one or not.
		if actor.Kind == care.Professional {
			for _, words := range [][2]string{{"Sigrid", "Sigyrd"}, {theirNumber, "29822099635"}, {"Kanarifugl", "Kanarifogl"}} {
				find := func(q string) string {
					return w.enter(name, actor, 0).ask(http.MethodPost, "/find", url.Values{"q": {q}}).bare(q)
				}
				hidden, absent := find(words[0]), find(words[1])
				if compared++; hidden != absent {
					differ++
					t.Errorf("the search tells the %s apart:\n%.900s\n---\n%.900s", name, hidden, absent)
				}
			}
		}
	}
	if compared < 60 {
		t.Errorf("only %d pairs were compared", compared)
	}
	t.Logf("pairs of hidden and absent %d, told apart %d", compared, differ)
}

// webSurfaces are the ways in which one who works meets one person on pages.
var webSurfaces = []struct {
	name string
	path func(w *meeting) string
	// search is what is looked for there, where it is a search.
	search func(m *meeting) string
	// sees is what stands there of the person.
	sees func(w *meeting) string
}{
	{"journey", func(m *meeting) string { return "/journeys/" + m.id }, nil, nameOf},
	{"history", func(m *meeting) string { return "/journeys/" + m.id + "/history" }, nil, nameOf},
	{"summary", func(m *meeting) string { return "/journeys/" + m.id + "/summary" }, nil, nameOf},
	{"form", func(m *meeting) string { return "/journeys/" + m.id + "/do/words" }, nil, nameOf},
	{"attachment", func(m *meeting) string { return "/journeys/" + m.id + "/attachment" }, nil, nameOf},
	{"finding", func(m *meeting) string { return "/journeys/" + m.id + "/findings/1" }, nil, nameOf},
	{"search", func(*meeting) string { return "/find" }, func(*meeting) string { return "Treff" }, nameOf},
	{"search by name", func(*meeting) string { return "/find" }, nameOf, func(m *meeting) string { return "/journeys/" + m.id }},
}

// A meeting is one person whom those who work may meet.
type meeting struct {
	name, id string
	key      care.PersonKey
	blocks   map[int]access.Block
	n        int
}

func nameOf(m *meeting) string { return m.name }

// TestPagesAgree asks for the same persons at random on every page where those who
// work meet them, while blocks come and go, and compares with what the words of
// the law say.
func TestPagesAgree(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.north()
	w := &terrain{house: h}
	var people []*meeting
	for i := range 4 {
		name := "Treff " + []string{"Alfa", "Beta", "Gamma", "Delta"}[i]
		p, err := h.s.RegisterPerson(context.Background(), coordinator, h.key(), care.Norway, casework.Identity{Name: name, Born: care.Date{Year: 1970, Month: 1, Day: 1 + i}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := h.s.Do(context.Background(), casework.Order{Who: coordinator, Key: h.key(), Command: journey.Open{
			Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain", Version: "2025.04"}, Origin: journey.Registered,
			Sender: care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}}, Received: h.clock.Now().Add(-time.Hour),
			Desk: care.Post{Unit: "clinic", Role: care.Desk}, Reason: "Vondt.",
		}, Attachment: &casework.Attachment{Name: "henvisning.txt", Type: "text/plain", Content: []byte("Henvisning av " + name)}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.s.Do(context.Background(), casework.Order{
			Who: coordinator, Key: h.key(), Target: string(p),
			Command:    person.RecordFinding{Kind: "mri", Examined: norway.Date(h.clock.Now()).AddDays(-90), By: care.Party{Kind: care.PartyOther, Name: "Sykehuset"}},
			Attachment: &casework.Attachment{Name: "mr.txt", Type: "text/plain", Content: []byte("MR av " + name)},
		}); err != nil {
			t.Fatal(err)
		}
		h.accept(r.Target)
		people = append(people, &meeting{name: name, id: r.Target, key: p, blocks: map[int]access.Block{}})
	}
	askers := []struct {
		*caller
		units []care.UnitID
	}{
		{w.enter("kari", professional("kari"), 0), []care.UnitID{"clinic", "trust"}}, {w.enter("turid", professional("turid"), 0), []care.UnitID{"clinic", "trust"}},
		{w.enter("per", professional("per"), 0), []care.UnitID{"practice", "trust"}}, {w.enter("nils", professional("nils"), 0), []care.UnitID{"north", "trust"}},
	}
	// reference: the unit received or sent the referral, and no block that stands
	// names the asker, one of their units, or everyone outside another.
	reference := func(who string, units []care.UnitID, m *meeting) bool {
		if !slices.Contains(units, "clinic") && !slices.Contains(units, "practice") {
			return false
		}
		for _, x := range m.blocks {
			a := x.Against
			if a.Professional == who || a.Unit != "" && slices.Contains(units, a.Unit) || a.But != "" && !slices.Contains(units, a.But) {
				return false
			}
		}
		return true
	}
	against := []access.Block{
		{Against: access.Against{Professional: "turid"}, Strength: access.Shut}, {Against: access.Against{Professional: "per"}, Strength: access.Closed},
		{Against: access.Against{Professional: "kari"}, Strength: access.Closed}, {Against: access.Against{Unit: "practice"}, Strength: access.Closed},
		{Against: access.Against{But: "clinic"}, Strength: access.Closed}, {Against: access.Against{Unit: "north"}, Strength: access.Closed},
	}
	rnd := rand.New(rand.NewPCG(4, 27))
	asked, yes, wrong := 0, 0, 0
	for asked < 1500 {
		m := people[rnd.IntN(len(people))]
		if rnd.IntN(4) == 0 {
			change, had := against[rnd.IntN(len(against))], 0
			for n, y := range m.blocks {
				if y == change {
					had = n
				}
			}
			if had > 0 {
				h.asks(casework.Who{Actor: asPatient(m.key)}, string(m.key), access.LiftBlock{Block: had})
				delete(m.blocks, had)
			} else {
				h.asks(casework.Who{Actor: asPatient(m.key)}, string(m.key), change)
				m.n++
				m.blocks[m.n] = change
			}
		}
		who := askers[rnd.IntN(len(askers))]
		check := func(what string, got, want bool) {
			if asked++; got {
				yes++
			}
			if got != want {
				if wrong++; wrong < 10 {
					t.Errorf("%s meets %s on the %s: %v, want %v (blocks %v)", who.name, m.name, what, got, want, m.blocks)
				}
			}
		}
		want := reference(who.name, who.units, m)
		for _, s := range webSurfaces {
			method, form := http.MethodGet, url.Values(nil)
			if s.search != nil {
				method, form = http.MethodPost, url.Values{"q": {s.search(m)}}
			}
			check(s.name, strings.Contains(string(who.ask(method, s.path(m), form).body), s.sees(m)), want)
		}
		check("summary as text", strings.Contains(string(who.ask(http.MethodGet, "/journeys/"+m.id+"/summary?as=text", nil, "Accept", "text/plain").body), m.name), want)
		// The search shows as many as there are for the asker, and the worklist of
		// who coordinates those and no others.
		n, shown := 0, 0
		found := string(who.ask(http.MethodPost, "/find", url.Values{"q": {"Treff"}}).body)
		for _, x := range people {
			if reference(who.name, who.units, x) {
				n++
			}
			if strings.Contains(found, x.name) {
				shown++
			}
		}
		check("search's count", shown == n, true)
		if who.name == "kari" {
			check("worklist", strings.Contains(string(who.ask(http.MethodGet, "/work", nil).body), m.name), want)
		}
	}
	if yes == 0 || yes == asked {
		t.Errorf("%d of %d were allowed: nothing was compared", yes, asked)
	}
	t.Logf("questions on pages %d, allowed %d, disagreements %d", asked, yes, wrong)
}
