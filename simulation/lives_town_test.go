package simulation

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/pathway/library"
)

// lifePathways are the pathways of random lives: those that are shipped, the
// made-up newer version of one, and a made-up one that uses every part of the
// format, in which limits may stand still.
func lifePathways(t testing.TB) []fs.FS {
	t.Helper()
	var all []fs.FS
	for _, name := range library.All() {
		folder, _ := library.Files(name)
		all = append(all, folder)
	}
	all = append(all, os.DirFS("../pathway/library/testdata/no.pain-2026"))
	made := fstest.MapFS{}
	good := os.DirFS("../pathway/testdata/good")
	names, err := fs.Glob(good, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(good, name)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.ReplaceAll(string(text), "patient-asked", "patient-wish")
		changed = strings.Replace(changed, "within: 12 weeks, share: 80, source: plan}", "within: 40 working days, share: 80, pauses: {patient-wish: {source: plan}, missing-papers: {tag: proposed}}, source: plan}", 1)
		made[name] = &fstest.MapFile{Data: []byte(changed)}
	}
	return append(all, made)
}

// town is what is known of the units, folded from their own streams and asked in
// the most literal way: it shares no index and no shortcut with the directory.
type town struct {
	units map[care.UnitID]*directory.State
}

func (t *town) standing(u care.UnitID) (*directory.State, bool) {
	for range len(t.units) + 1 {
		s, ok := t.units[u]
		if !ok || s.Status == "" {
			return nil, false
		}
		if s.Status != directory.Closed {
			return s, true
		}
		u = s.Successor
	}
	return nil, false
}

func during(from, until, at time.Time) bool {
	return !at.Before(from) && (until.IsZero() || at.Before(until))
}

// at lists who holds a role in a unit: its members, with substitutes in place of
// those who are away.
func (t *town) at(s *directory.State, role care.Role, at time.Time) []string {
	var out []string
	var stand func(who string, asked []string)
	stand = func(who string, asked []string) {
		if who == "" || slices.Contains(asked, who) {
			return
		}
		away := false
		for _, a := range s.Absences {
			if a.Professional == who && (a.Role == "" || a.Role == role) && during(a.From, a.Until, at) {
				away = true
				stand(a.Substitute, append(slices.Clone(asked), who))
			}
		}
		if !away && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	for _, m := range s.Members {
		if m.Role == role && during(m.From, m.Until, at) {
			stand(m.Professional, nil)
		}
	}
	slices.Sort(out)
	return out
}

// behind says who answers for a post: the post, the unit's desk, its fallback,
// and so on upwards, at last the lead of the root.
func (t *town) behind(p care.Post, at time.Time) ([]string, care.Post) {
	s, ok := t.standing(p.Unit)
	if !ok {
		return nil, care.Post{}
	}
	if p.Role == care.Lead {
		return t.leading(s, at)
	}
	role := p.Role
	for range len(t.units) + 1 {
		for _, r := range []care.Role{role, care.Desk} {
			if who := t.at(s, r, at); len(who) > 0 {
				return who, care.Post{Unit: s.Unit, Role: r}
			}
		}
		if f := s.Fallback; !f.IsZero() {
			if to, ok := t.standing(f.Unit); ok {
				for _, r := range []care.Role{f.Role, care.Desk} {
					if who := t.at(to, r, at); len(who) > 0 {
						return who, care.Post{Unit: to.Unit, Role: r}
					}
				}
			}
		}
		role = care.Desk
		if s.Parent == "" {
			return t.at(s, care.Lead, at), care.Post{Unit: s.Unit, Role: care.Lead}
		}
		if s, ok = t.standing(s.Parent); !ok {
			return nil, care.Post{}
		}
	}
	return nil, care.Post{}
}

// leading is the nearest lead upwards: an overdue item never falls back to a
// desk.
func (t *town) leading(s *directory.State, at time.Time) ([]string, care.Post) {
	for range len(t.units) + 1 {
		if who := t.at(s, care.Lead, at); len(who) > 0 || s.Parent == "" {
			return who, care.Post{Unit: s.Unit, Role: care.Lead}
		}
		up, ok := t.standing(s.Parent)
		if !ok {
			break
		}
		s = up
	}
	return nil, care.Post{}
}

// posts are those that somebody holds themselves, in a unit that is open.
func (t *town) posts(who string, at time.Time) []care.Post {
	var all []care.Post
	for _, u := range slices.Sorted(maps.Keys(t.units)) {
		s := t.units[u]
		if s.Status == directory.Closed || s.Status == "" {
			continue
		}
		for _, role := range rolesOf(s) {
			if slices.Contains(t.at(s, role, at), who) {
				all = append(all, care.Post{Unit: u, Role: role})
			}
		}
	}
	return all
}

// answersFor are the units that somebody stands behind a post of.
func (t *town) answersFor(who string, at time.Time) []care.UnitID {
	var all []care.UnitID
	for _, u := range slices.Sorted(maps.Keys(t.units)) {
		s, ok := t.standing(u)
		if !ok {
			continue
		}
		for _, role := range rolesOf(s) {
			if behind, _ := t.behind(care.Post{Unit: u, Role: role}, at); slices.Contains(behind, who) {
				all = append(all, u)
				break
			}
		}
	}
	return all
}

// rolesOf are the roles that a unit has, and the two that every unit has.
func rolesOf(s *directory.State) []care.Role {
	roles := append([]care.Role{care.Desk, care.Lead}, s.Roles...)
	slices.Sort(roles)
	return slices.Compact(roles)
}
