package simulation

import (
	"context"
	"io/fs"
	"os"
	"slices"
	"testing"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway/library"
)

// plan is what the patient of a scene sees.
func plan(t *testing.T, s Scene) casework.Plan {
	t.Helper()
	p, err := casework.View(context.Background(), s.Service, casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(s.Patient)}}, casework.MyPlan{})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Journeys) != 1 {
		t.Fatalf("the patient has %d journeys", len(p.Journeys))
	}
	return p
}

// A story stops on the day that is asked for, and no act of a later day has
// happened.
func TestAStoryStopsOnADay(t *testing.T) {
	t.Parallel()
	folder, _ := library.Files("no.pain")
	stories, findings, err := Stories(context.Background(), folder, others(t))
	if err != nil || len(stories) < 10 {
		t.Fatalf("%d stories, %v, %v", len(stories), findings, err)
	}
	first := stories[0]
	if first.Stops[0] != 0 || first.Last() < 200 || !slices.IsSorted(first.Stops) {
		t.Fatalf("%q happens on the days %v", first.Name, first.Stops)
	}
	for _, day := range []int{0, 30, first.Last()} {
		s, err := StopAt(context.Background(), folder, others(t), first.Name, day, care.Swedish)
		if err != nil {
			t.Fatal(err)
		}
		p := plan(t, s)
		v := p.Journeys[0]
		if got := v.Calendar.Date(v.Now); got != s.Date || p.Person.State.Languages.Reading != care.Swedish {
			t.Errorf("day %d: it is %s, not %s; she reads %s", day, got, s.Date, p.Person.State.Languages.Reading)
		}
		if answered := v.State.Reached("referral-answered"); answered != (day > 0) {
			t.Errorf("day %d: the referral is answered: %v", day, answered)
		}
		if ended := v.State.Status == journey.Closed; ended != (day == first.Last()) {
			t.Errorf("day %d: it is %s", day, v.State.Status)
		}
	}
	if _, err := StopAt(context.Background(), folder, nil, "no such example", 0, care.Bokmal); err == nil {
		t.Error("an example that is not there was acted out")
	}
}

// Every shipped pathway has a plain course that comes to its end.
func TestPlainCourses(t *testing.T) {
	t.Parallel()
	for _, id := range library.All() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			folder, _ := library.Files(id)
			c, findings, err := newPlain(context.Background(), folder, others(t), care.Nynorsk)
			if err != nil || c == nil {
				t.Fatal(err, findings)
			}
			if err := c.live(c.until); err != nil {
				t.Fatal(err)
			}
			for _, f := range c.findings {
				t.Error(f)
			}
			v := plan(t, Scene{Service: c.world.service, Patient: c.who}).Journeys[0]
			if v.State.Status != journey.Closed || len(c.stops) < 4 {
				t.Errorf("after %d acts on the days %v it is %s", c.acts, c.stops, v.State.Status)
				for _, i := range v.State.List() {
					t.Logf("%s %s %s", i.Key, i.Ref, i.Due)
				}
			}
		})
	}
}

// A local layer is lived over the version that it names.
func TestALayerHasItsCourse(t *testing.T) {
	t.Parallel()
	layer, below := os.DirFS("../pathway/testdata/layer"), os.DirFS("../pathway/testdata/good")
	stories, findings, err := Stories(context.Background(), layer, []fs.FS{below})
	if err != nil || len(stories) != 1 || stories[0].Name != "" || len(stories[0].Stops) < 3 {
		t.Fatalf("%v %v %v", stories, findings, err)
	}
	s, err := StopAt(context.Background(), layer, []fs.FS{below}, "", 30, care.English)
	if err != nil {
		t.Fatal(err)
	}
	if got := plan(t, s).Journeys[0].Definition; got.Extends.ID == "" || got.ID == got.Extends.ID {
		t.Errorf("the journey follows %s", got.Ref)
	}
	if stories, findings, err := Stories(context.Background(), layer, nil); err != nil || len(stories) > 0 || len(findings) == 0 {
		t.Errorf("without the version below: %v %v %v", stories, findings, err)
	}
}
