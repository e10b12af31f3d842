package publication

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"forlop/care"
)

// TestNobodyAlone lives random lives and asks after each act, of the events
// alone, whether two different persons stand behind every approval and every act
// that takes two.
func TestNobodyAlone(t *testing.T) {
	t.Parallel()
	carried := map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		x := newSite(t)
		published, given, proposed := map[string]string{}, map[string]map[string]bool{}, map[int]string{}
		one := func(of ...string) string { return rapid.SampledFrom(of).Draw(r, "one") }
		for range 40 {
			x.now = x.now.Add(time.Duration(rapid.IntRange(1, 72).Draw(r, "hours")) * time.Hour)
			unit := care.UnitID(one("trust", "trust", "clinic", "ward"))
			act := x.as(one("ane", "bo", "eli") + "@" + string(unit))
			version, number := one("1", "2", "3", "own"), rapid.IntRange(1, 12).Draw(r, "number")
			var c Command
			switch rapid.IntRange(0, 8).Draw(r, "act") {
			case 0:
				c = Publish{Ref: ref(version)}
			case 1, 2:
				c = Approve{version}
			case 3:
				c = ProposeUse{Version: version, Unit: care.UnitID(one("", "trust", string(unit))), Adopt: version == "own"}
			case 4:
				c = ProposeRollback{care.UnitID(one("", string(unit))), "Feil."}
			case 5:
				c = ProposeText{version, one("a", "b"), []care.Language{care.Bokmal}}
			case 6:
				c = ProposeRetirement{version, "Feil."}
			default:
				c = Confirm{number}
			}
			made, err := Decide(x.s, c, act, x.known())
			if err != nil {
				if _, ok := care.AsRefusal(err); !ok {
					r.Fatalf("%s: %v", c.Name(), err)
				}
				continue
			}
			who := act.Actor.ID
			second := func(n int) {
				if proposed[n] == "" || proposed[n] == who {
					r.Fatalf("%s did what takes two alone: %+v", who, c)
				}
			}
			for _, m := range made {
				carried[m.Event.Type()]++
				switch e := m.Event.(type) {
				case Published:
					published[e.Ref.Version], given[e.Ref.Version] = who, map[string]bool{}
				case ApprovalGiven:
					given[e.Version][who] = true
				case Approved:
					delete(given[e.Version], published[e.Version])
					if len(given[e.Version]) == 0 {
						r.Fatalf("%s stands alone behind version %s", who, e.Version)
					}
				case Proposed:
					proposed[e.Proposal] = who
				case Activated:
					second(e.Proposal)
				case RolledBack:
					second(e.Proposal)
				case Retired:
					second(e.Proposal)
				case Reworded:
					second(e.Proposal)
				}
				if err := Evolve(&x.s, care.Recorded{Version: x.s.Version + 1, Event: m.Event, Learned: act.At, Actor: act.Actor, Post: act.Post}); err != nil {
					r.Fatal(err)
				}
			}
			for _, u := range []care.UnitID{"", "trust", "clinic", "ward"} {
				if in, ok := x.s.InUse(u, x.now); ok && x.s.Standing(in.Version, x.now) != StandsActive {
					r.Fatalf("version %s is in use at %q and stands as %s", in.Version, u, x.s.Standing(in.Version, x.now))
				}
			}
		}
	})
	for _, typ := range []string{"pathway.approved/1", "pathway.activated/1", "pathway.retired/1", "pathway.reworded/1"} {
		if carried[typ] == 0 {
			t.Errorf("no life had a %s: %v", typ, carried)
		}
	}
}
