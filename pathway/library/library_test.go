package library_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"forlop/pathway"
	"forlop/pathway/library"
)

// load gives a shipped pathway and fails on any finding.
func load(t *testing.T, id string) *pathway.Definition {
	t.Helper()
	d, findings := library.Load(id)
	for _, f := range findings {
		t.Errorf("%s: %s", id, f)
	}
	if d == nil {
		t.Fatalf("%s: no definition", id)
	}
	return d
}

func TestShippedPathwaysAreWhole(t *testing.T) {
	t.Parallel()
	if !slices.Contains(library.All(), "no.pain") {
		t.Fatalf("shipped are %v", library.All())
	}
	for _, id := range library.All() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			d := load(t, id)
			if d.ID != id {
				t.Errorf("the folder %s holds the pathway %s", id, d.ID)
			}
			if len(d.Texts) != 4 {
				t.Errorf("it speaks %d languages, want nb, nn, sv and en", len(d.Texts))
			}
		})
	}
}

// Every folder with a pathway is shipped, and test data never is.
func TestNothingElseIsShipped(t *testing.T) {
	t.Parallel()
	folders, err := fs.Glob(os.DirFS("."), "*/pathway.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, f := range folders {
		want = append(want, f[:len(f)-len("/pathway.yaml")])
	}
	if got := library.All(); !slices.Equal(got, want) {
		t.Errorf("shipped are %v, the folders are %v", got, want)
	}
	if _, ok := library.Files("no.pain-2026"); ok {
		t.Error("test data is shipped")
	}
	if d, findings := library.Load("no.such"); d != nil || len(findings) != 1 {
		t.Errorf("an unknown id gives %v and %v", d, findings)
	}
}

// The limits of the national text and of the law, as printed beside their
// sources. A change here is a change of care and needs a new version.
func TestLimitsOfPain(t *testing.T) {
	t.Parallel()
	limits(t, load(t, "no.pain"), map[pathway.ClockID]string{
		"answer": "10 working days", "start": "12 weeks", "assessment": "12 weeks", "follow-up": "26 weeks",
	})
}

func limits(t *testing.T, d *pathway.Definition, want map[pathway.ClockID]string) {
	t.Helper()
	if len(d.Clocks) != len(want) {
		t.Errorf("%s has %d clocks, want %d", d.ID, len(d.Clocks), len(want))
	}
	for _, c := range d.Clocks {
		if got := c.Within.String(); got != want[c.ID] {
			t.Errorf("%s: the clock %s is %s, want %s", d.ID, c.ID, got, want[c.ID])
		}
		if c.Basis.Source == "" {
			t.Errorf("%s: the clock %s has no source", d.ID, c.ID)
		}
		if len(c.Pauses) > 0 {
			t.Errorf("%s: the clock %s pauses; no source gives a reason", d.ID, c.ID)
		}
	}
}

// The limits of the draft for fatigue.
func TestLimitsOfFatigue(t *testing.T) {
	t.Parallel()
	limits(t, load(t, "no.fatigue"), map[pathway.ClockID]string{
		"answer": "10 working days", "start": "8 weeks", "assessment": "4 weeks", "follow-up": "26 weeks",
	})
}

// Only the pathway for pain has a national text in force behind it. The others
// say to everyone that they are drafts.
func TestDraftsSayThatTheyAreDrafts(t *testing.T) {
	t.Parallel()
	draft := map[string]string{"nb": "utkast", "nn": "utkast", "sv": "utkast", "en": "draft"}
	drafts := 0
	for _, id := range library.All() {
		if !strings.HasPrefix(id, "no.") || id == "no.pain" {
			continue
		}
		drafts++
		d := load(t, id)
		if d.Status != pathway.Draft {
			t.Errorf("the status of %s is %s", id, d.Status)
		}
		for l, text := range d.Texts {
			word := draft[string(l)]
			if word == "" {
				t.Errorf("%s: no word for draft is listed", l)
			}
			if !strings.Contains(text.Title, word) || !strings.Contains(text.Summary, word) {
				t.Errorf("%s, %s: title and summary do not both say %q", id, l, word)
			}
		}
	}
	if drafts < 2 {
		t.Errorf("only %d drafts are shipped", drafts)
	}
}

// Whoever chooses sees at least three options that a published text stands
// behind.
func TestOptionsHaveSources(t *testing.T) {
	t.Parallel()
	for _, id := range library.All() {
		d := load(t, id)
		sourced := 0
		for _, c := range d.Choices {
			for _, o := range c.Options {
				if o.Basis.Source != "" {
					sourced++
				}
			}
		}
		if strings.HasPrefix(id, "no.") && sourced < 3 {
			t.Errorf("%s lays out %d options with a source, want three", id, sourced)
		}
	}
}

// A school comes to an item of a meeting and does nothing else, so that nothing
// of a journey is open to it.
func TestTeachersDoNoStep(t *testing.T) {
	t.Parallel()
	teachers := 0
	for _, id := range library.All() {
		d := load(t, id)
		for _, r := range d.Roles {
			if !slices.Contains(r.Professions, "teacher") {
				continue
			}
			teachers++
			for _, s := range d.Steps {
				if s.Who == r.ID || s.Follower == r.ID || s.To == r.ID {
					t.Errorf("%s: %s has something to do in %s", id, r.ID, s.ID)
				}
				if s.Kind == pathway.Meeting && !slices.ContainsFunc(s.Agenda, func(a pathway.AgendaItem) bool { return slices.Contains(a.Without, r.ID) }) {
					t.Errorf("%s: %s is there for all of %s", id, r.ID, s.ID)
				}
			}
		}
	}
	if teachers == 0 {
		t.Error("no pathway has a teacher")
	}
}

// A journey that turns out to be fatigue moves from one to the other. What bears
// the same name is the same thing, so what is done stays done.
func TestPainAndFatigueShareNames(t *testing.T) {
	t.Parallel()
	pain, fatigue := load(t, "no.pain"), load(t, "no.fatigue")
	for _, s := range pain.Steps {
		other, ok := fatigue.Step(s.ID)
		if !ok {
			t.Errorf("fatigue has no step %s", s.ID)
			continue
		}
		if other.Kind != s.Kind || other.Who != s.Who || other.Sets != s.Sets || other.To != s.To {
			t.Errorf("the step %s means another thing in fatigue", s.ID)
		}
	}
	for _, m := range pain.Milestones {
		if _, ok := fatigue.Milestone(m.ID); !ok {
			t.Errorf("fatigue has no milestone %s", m.ID)
		}
	}
	for _, r := range pain.Roles {
		if _, ok := fatigue.Role(r.ID); !ok {
			t.Errorf("fatigue has no role %s", r.ID)
		}
	}
	for _, c := range pain.Clocks {
		if other, ok := fatigue.Clock(c.ID); !ok || other.From != c.From || other.To != c.To {
			t.Errorf("fatigue has no clock %s between the same milestones", c.ID)
		}
	}
}

// Whoever turns eighteen moves to the pathway for adults: what bears the same
// name is the same thing there, and every milestone that was reached is known.
func TestYouthAndAdultsShareNames(t *testing.T) {
	t.Parallel()
	for youth, adults := range map[string]string{"no.fatigue-youth": "no.fatigue", "no.crps-youth": "no.pain"} {
		young, grown := load(t, youth), load(t, adults)
		if young.For.MaxAge != grown.For.MinAge-1 {
			t.Errorf("%s is for those up to %d, %s for those from %d", youth, young.For.MaxAge, adults, grown.For.MinAge)
		}
		shared := 0
		for _, s := range young.Steps {
			other, ok := grown.Step(s.ID)
			if !ok {
				continue
			}
			shared++
			if other.Kind != s.Kind || other.Who != s.Who || other.Sets != s.Sets || other.To != s.To || other.Choice != s.Choice {
				t.Errorf("the step %s means another thing in %s than in %s", s.ID, youth, adults)
			}
		}
		if shared < 10 {
			t.Errorf("%s and %s share %d steps", youth, adults, shared)
		}
		for _, m := range young.Milestones {
			if _, ok := grown.Milestone(m.ID); !ok {
				t.Errorf("%s has no milestone %s", adults, m.ID)
			}
		}
		for _, c := range young.Clocks {
			if other, ok := grown.Clock(c.ID); !ok || other.From != c.From || other.To != c.To {
				t.Errorf("%s has no clock %s between the same milestones", adults, c.ID)
			}
		}
	}
}

// Words that put the blame on the patient or shut a door are not used.
func TestWordsThatAreNotUsed(t *testing.T) {
	t.Parallel()
	banned := map[string][]string{
		"nb": {"avvist", "avvis", "avslag", "ikke møtt", "mislykket", "avbrutt", "møtte ikke"},
		"nn": {"avvist", "avvis", "avslag", "ikkje møtt", "mislukka", "avbroten", "avbrote", "møtte ikkje"},
		"sv": {"avvisad", "avvisas", "avslag", "uteblev", "uteblivit", "misslyckad", "misslyckats", "avbruten", "avbrutits"},
		"en": {"reject", "no-show", "did not attend", "failed", "failure", "aborted", "interrupted", "non-complian"},
	}
	for _, id := range library.All() {
		folder, ok := library.Files(id)
		if !ok {
			t.Fatalf("%s has no files", id)
		}
		for l, words := range banned {
			text, err := fs.ReadFile(folder, "text."+l+".yaml")
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range words {
				if strings.Contains(strings.ToLower(string(text)), word) {
					t.Errorf("%s says %q in %s", id, word, l)
				}
			}
		}
	}
}

// The made-up new version that tests move journeys to is whole, is a draft, and
// is another version of the same pathway.
func TestMadeUpVersion(t *testing.T) {
	t.Parallel()
	d, findings := pathway.Check(os.DirFS("testdata/no.pain-2026"))
	for _, f := range findings {
		t.Errorf("%s", f)
	}
	if d == nil {
		t.Fatal("no definition")
	}
	shipped := load(t, "no.pain")
	if d.ID != shipped.ID || d.Version <= shipped.Version || d.Status != pathway.Draft {
		t.Errorf("it is %s, %s; shipped is %s", d.String(), d.Status, shipped.String())
	}
	for _, s := range shipped.Steps {
		if _, ok := d.Step(s.ID); !ok {
			t.Errorf("it has no step %s", s.ID)
		}
	}
}
