package casework_test

import (
	"errors"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/store"
)

var decisions = flag.Int("decisions", 20_000, "how many random decisions are compared with the reference")

// fresh is somebody who has just logged in for certain.
func (b *bundle) fresh(w casework.Who) casework.Who {
	w.Login = casework.Login{At: b.clock.Now(), Level: "high"}
	return w
}

func relative(own, of care.PersonKey) casework.Who {
	return casework.Who{Actor: care.Actor{Kind: care.Relative, ID: string(own)}, Represents: of}
}

// adult registers somebody with a number of their own.
func (b *bundle) adult(name, number string) care.PersonKey {
	b.t.Helper()
	p, err := b.s.RegisterPerson(b.ctx, kari, b.key(), care.Norway, casework.Identity{Name: name, Number: number, Born: care.Date{Year: 1975, Month: 5, Day: 2}})
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (b *bundle) must(who casework.Who, target string, c interface{ Name() string }) casework.Receipt {
	b.t.Helper()
	r, err := b.try(who, target, c)
	if err != nil {
		b.t.Fatalf("%s: %v", c.Name(), err)
	}
	return r
}

// proxy lets a relative act for a person, in two steps.
func (b *bundle) proxy(p, to care.PersonKey, parts ...access.Part) {
	b.t.Helper()
	b.must(b.fresh(patient(p)), string(p), access.OfferProxy{To: to, Parts: parts})
	views, err := casework.View(b.ctx, b.s, relative(to, ""), casework.Represented{})
	if err != nil || len(views) == 0 || !views[len(views)-1].Offered {
		b.t.Fatalf("the offer is not found: %v %v", views, err)
	}
	b.must(b.fresh(relative(to, "")), string(p), access.AcceptProxy{Proxy: views[len(views)-1].Proxy})
}

// surfaces are the ways in which one professional can meet one person.
var surfaces = []struct {
	name string
	sees func(b *bundle, who casework.Who, p care.PersonKey, id string) (bool, error)
}{
	{"journey", func(b *bundle, who casework.Who, _ care.PersonKey, id string) (bool, error) {
		_, err := casework.View(b.ctx, b.s, who, casework.GetJourney{ID: id})
		return err == nil, absent(err, "no-journey")
	}},
	{"person", func(b *bundle, who casework.Who, p care.PersonKey, _ string) (bool, error) {
		_, err := casework.View(b.ctx, b.s, who, casework.GetPerson{Key: p})
		return err == nil, absent(err, "no-person")
	}},
	{"consents", func(b *bundle, who casework.Who, p care.PersonKey, _ string) (bool, error) {
		_, err := casework.View(b.ctx, b.s, who, casework.Consents{Person: p})
		return err == nil, absent(err, "no-person")
	}},
	{"list", func(b *bundle, who casework.Who, p care.PersonKey, _ string) (bool, error) {
		rows, err := casework.View(b.ctx, b.s, who, casework.Journeys{Limit: 500})
		return slices.ContainsFunc(rows, func(r store.Journey) bool { return r.Person == p }), err
	}},
	{"find", func(b *bundle, who casework.Who, p care.PersonKey, _ string) (bool, error) {
		found, err := casework.View(b.ctx, b.s, who, casework.FindPerson{Query: "pasient"})
		return slices.ContainsFunc(found, func(f casework.Found) bool { return f.Person == p }), err
	}},
	{"note", func(b *bundle, who casework.Who, _ care.PersonKey, id string) (bool, error) {
		_, err := b.try(who, id, journey.NoteContact{Words: "Sett."})
		return err == nil, absent(err, "no-basis")
	}},
}

// absent lets pass the one answer that says nothing.
func absent(err error, code string) error {
	if r, ok := care.AsRefusal(err); ok && r.Code == code && len(r.Args) == 0 {
		return nil
	}
	return err
}

// TestBlockHoldsOnEverySurface sets each block that a Norwegian patient can set
// against each kind of party, and asks on every surface.
func TestBlockHoldsOnEverySurface(t *testing.T) {
	t.Parallel()
	per := as("per", "practice", "gp")
	turid := as("turid", "clinic", "team")
	cells := 0
	for _, c := range []struct {
		block   access.Block
		who     casework.Who
		holds   bool
		lifting bool
	}{
		{access.Block{Against: access.Against{Professional: "turid"}, Strength: access.Shut}, turid, true, false},
		{access.Block{Against: access.Against{Professional: "turid"}, Strength: access.Closed}, turid, true, true},
		{access.Block{Against: access.Against{Professional: "turid"}, Strength: access.Shut}, kari, false, false},
		{access.Block{Against: access.Against{Unit: "practice"}, Strength: access.Closed}, per, true, true},
		{access.Block{Against: access.Against{But: "clinic"}, Strength: access.Closed}, per, true, true},
		{access.Block{Against: access.Against{But: "clinic"}, Strength: access.Closed}, kari, false, false},
	} {
		b := setup(t)
		p := b.adult("Pasient En", "17912099997")
		r := b.do(kari, "", b.referral(p))
		b.accept(r.Target)
		before := b.worklist(c.who)
		for _, s := range surfaces {
			if sees, err := s.sees(b, c.who, p, r.Target); err != nil || !sees {
				t.Fatalf("%s sees nothing on %s before the block: %v", c.who.Actor.ID, s.name, err)
			}
		}
		b.must(patient(p), string(p), c.block)
		for _, s := range surfaces {
			sees, err := s.sees(b, c.who, p, r.Target)
			if err != nil || sees == c.holds {
				t.Errorf("%v: %s on %s: sees %v, %v", c.block, c.who.Actor.ID, s.name, sees, err)
			}
			cells++
		}
		if after := b.worklist(c.who); c.holds && before.All > 0 && after.All != 0 {
			t.Errorf("%v: the worklist counts %d", c.block, after.All)
		}
		if !c.holds {
			continue
		}
		// An emergency opens what an emergency may open, and nothing else.
		_, err := b.s.OpenRecord(b.ctx, b.fresh(c.who), b.key(), "17912099997", access.OpenRecord{Why: access.Emergency, Words: "Bevisstløs."})
		if !c.lifting {
			refused(t, err, "no-person")
			continue
		}
		if err != nil {
			t.Errorf("%v: an emergency does not open it: %v", c.block, err)
		}
		if v := b.journey(c.who, r.Target); v.OpenedUntil.IsZero() && len(v.History) == 0 {
			t.Error("the opened journey is empty")
		}
	}
	t.Logf("block × surface: %d cells", cells)
}

func (b *bundle) referral(p care.PersonKey) journey.Open {
	return opening(p, b.clock.Now().Add(-time.Hour))
}

func (b *bundle) worklist(who casework.Who) casework.WorkPage {
	b.t.Helper()
	page, err := casework.View(b.ctx, b.s, who, casework.WorkQuery{})
	if err != nil {
		b.t.Fatal(err)
	}
	return page
}

// TestDecisionsAgree asks the same at random on every surface, while blocks come
// and go, and compares with a reference that was written from the words of the
// law alone.
func TestDecisionsAgree(t *testing.T) {
	t.Parallel()
	b := setup(t)
	rnd := rand.New(rand.NewPCG(4, 26))
	type someone struct {
		key    care.PersonKey
		id     string
		blocks map[int]access.Block
		n      int
	}
	var people []*someone
	for i := range 5 {
		p, err := b.s.RegisterPerson(b.ctx, kari, b.key(), care.Norway, casework.Identity{Name: "Pasient " + strconv.Itoa(i), Born: care.Date{Year: 1970, Month: 1, Day: 1 + i}})
		if err != nil {
			t.Fatal(err)
		}
		id := b.do(kari, "", b.referral(p)).Target
		b.accept(id)
		people = append(people, &someone{p, id, map[int]access.Block{}, 0})
	}
	askers := []struct {
		who   casework.Who
		units []care.UnitID
	}{
		{kari, []care.UnitID{"clinic", "trust"}}, {as("turid", "clinic", "team"), []care.UnitID{"clinic", "trust"}},
		{as("per", "practice", "gp"), []care.UnitID{"practice", "trust"}}, {nils, []care.UnitID{"clinic-b", "trust"}},
	}
	// reference: a unit of theirs received or sent the referral, and no block that
	// stands names them, one of their units, or everyone outside another.
	reference := func(who string, units []care.UnitID, of *someone) bool {
		if !slices.Contains(units, "clinic") && !slices.Contains(units, "practice") {
			return false
		}
		for _, x := range of.blocks {
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
		{Against: access.Against{But: "clinic"}, Strength: access.Closed}, {Against: access.Against{Unit: "clinic-b"}, Strength: access.Closed},
	}
	asked, yes, wrong := 0, 0, 0
	for asked < *decisions {
		x := people[rnd.IntN(len(people))]
		if rnd.IntN(20) == 0 {
			change := against[rnd.IntN(len(against))]
			had := 0
			for n, y := range x.blocks {
				if y == change {
					had = n
				}
			}
			if had > 0 {
				b.must(b.fresh(patient(x.key)), string(x.key), access.LiftBlock{Block: had})
				delete(x.blocks, had)
			} else {
				b.must(patient(x.key), string(x.key), change)
				x.n++
				x.blocks[x.n] = change
			}
		}
		who := askers[rnd.IntN(len(askers))]
		want := reference(who.who.Actor.ID, who.units, x)
		for _, s := range surfaces {
			if s.name == "note" && rnd.IntN(20) > 0 {
				continue // what is written grows
			}
			got, err := s.sees(b, who.who, x.key, x.id)
			if asked++; got {
				yes++
			}
			if err != nil || got != want {
				if wrong++; wrong < 10 {
					t.Errorf("%s on %s: %v, want %v: %v (blocks %v)", who.who.Actor.ID, s.name, got, want, err, x.blocks)
				}
			}
		}
	}
	if yes == 0 || yes == asked {
		t.Errorf("%d of %d were allowed: nothing was compared", yes, asked)
	}
	t.Logf("decisions %d, allowed %d, disagreements %d", asked, yes, wrong)
}

// TestWithdrawalWins lets a relative write while the patient takes the proxy back.
// Nothing of theirs is in the log after it.
func TestWithdrawalWins(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.refer("Pasient To")
	anna := b.adult("Anna Relative", "")
	const races = 500
	written := 0
	for range races {
		b.proxy(p, anna, access.Messages)
		state := b.access(p)
		proxy := len(state.State.Proxies)
		keys := [3]string{b.key(), b.key(), b.key()}
		var all sync.WaitGroup
		for _, key := range keys[:2] {
			all.Go(func() {
				_, err := b.s.Do(b.ctx, casework.Order{Who: relative(anna, p), Key: key, Target: id, Command: journey.GiveWords{Kind: "message", Text: "Hei."}})
				if _, refused := care.AsRefusal(err); err != nil && !refused {
					t.Error(err)
				}
			})
		}
		all.Go(func() {
			_, err := b.s.Do(b.ctx, casework.Order{Who: patient(p), Key: keys[2], Target: string(p), Command: access.RevokeProxy{Proxy: proxy}})
			if err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		_, err := b.try(relative(anna, p), id, journey.GiveWords{Kind: "message", Text: "Etterpå."})
		refused(t, err, "no-basis")
	}
	may := false
	events, err := b.store.Follow(b.ctx, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		switch e.Type {
		case access.ProxyAccepted{}.Type():
			may = true
		case access.ProxyEnded{}.Type():
			may = false
		case journey.WordsGiven{}.Type():
			if written++; !may {
				t.Errorf("event %d of %s was written after the proxy had ended", e.Version, e.Stream)
			}
		}
	}
	if written == 0 || written == 2*races {
		t.Errorf("%d of %d were written: there was no race", written, 2*races)
	}
	t.Logf("races %d, written before the end %d, after it 0", races, written)
}

func (b *bundle) access(p care.PersonKey) casework.AccessView {
	b.t.Helper()
	v, err := casework.View(b.ctx, b.s, patient(p), casework.MyAccess{})
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// TestEveryQuestionIsPoliced reads the package: what can be asked must stand in
// the list that is checked before the service starts.
func TestEveryQuestionIsPoliced(t *testing.T) {
	t.Parallel()
	var asked []string
	var list string
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if d.Name.Name == "answer" && d.Recv != nil {
						asked = append(asked, d.Recv.List[0].Type.(*ast.Ident).Name)
					}
				case *ast.GenDecl:
					list += questionsIn(d)
				}
			}
		}
	}
	if len(asked) < 20 {
		t.Fatalf("only %d questions were found", len(asked))
	}
	for _, q := range asked {
		if !strings.Contains(list, " "+q+" ") {
			t.Errorf("%s can be asked, and is not in the list of questions in policed.go", q)
		}
	}
}

// questionsIn reads the list of questions.
func questionsIn(d *ast.GenDecl) string {
	out := ""
	for _, s := range d.Specs {
		v, ok := s.(*ast.ValueSpec)
		if !ok || v.Names[0].Name != "questions" || len(v.Values) == 0 {
			continue
		}
		for _, e := range v.Values[0].(*ast.CompositeLit).Elts {
			out += " " + e.(*ast.CompositeLit).Type.(*ast.Ident).Name + " "
		}
	}
	return out
}

// TestServiceNeedsAPolicyForEverything asks the check of the start with a policy
// that has forgotten one word, for each word.
func TestServiceNeedsAPolicyForEverything(t *testing.T) {
	t.Parallel()
	var names []string
	if err := casework.Policed(func(name string) error { names = append(names, name); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"represented", "journey.open", "person.wake", "unit.join", "pathway.publish", "campaign.list", "consent.break-glass"} {
		if !slices.Contains(names, want) {
			t.Errorf("the start does not ask after %s", want)
		}
	}
	for _, forgotten := range names {
		err := casework.Policed(func(name string) error {
			if name == forgotten {
				return errors.New("forgotten")
			}
			return nil
		})
		if err == nil {
			t.Errorf("a service whose policy has forgotten %s starts", forgotten)
		}
	}
}
