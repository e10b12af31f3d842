package simulation

import (
	"math/rand/v2"
	"slices"
	"time"

	"forlop/care"
	"forlop/journey"
)

// scene is something that happens, some working days after the one before.
type scene struct {
	after int
	act   func(*life) error
}

// story is a way a journey can go, up to the point where it stands now.
type story struct {
	name    string
	pathway string
	// often is how many of a hundred lives go this way; the rest of them are
	// drawn from the same table. The shares are made up to show every point, and
	// say nothing about real patients.
	often int
	// since is how many working days ago the last scene was.
	since  int
	scenes []scene
	// leaves names what the story means to be late, by what it is or by its key, at
	// the first ones who live it: slow of them, and one where that is zero. All else
	// that falls due after the last scene is done in time.
	leaves []string
	slow   int
	// in is where the referral arrives; the land's first choice where empty.
	in care.UnitID
	// by is how somebody is reached who reads no pages.
	by care.Channel
	// outside means that the practice has never logged in; inside, that it has.
	outside, inside bool
	// age is how old the first one is who lives the story; an adult where zero.
	age int
	// trust is what happens to who may see and act, to the first one.
	trust []moment
	// day is what happens to the first one on the demo's own day.
	day []func(*life) error
	// shows says what a patient who logs in to the demo with this story sees.
	shows string
}

// after glues stretches of stories together.
func after(stretches ...[]scene) []scene {
	var all []scene
	for _, s := range stretches {
		all = append(all, s...)
	}
	return all
}

var (
	referred = []scene{{0, refer}}
	accepted = after(referred, []scene{{3, helped}, {2, accept}})
	dated    = after(accepted, []scene{{1, giveDate(25)}})
	started  = after(dated, []scene{{26, assess}, {4, invited}})
	planned  = after(started, []scene{{16, wishes("wishes-before-summary-meeting")}, {14, draftPlan}, {4, chooses}})
	summoned = after(planned, []scene{{1, call("summary-meeting", 14)}})
	agreed   = []journey.NewIntervention{
		forPost("Fysioterapi i vannbasseng, rolig og i eget tempo", "", "municipality"),
		forPost("Samtale hver tredje uke om hverdag og søvn", "", "gp"),
		forPost("Møte med arbeidsgiver om gradvis tilbakekomst", navOffice, "nav"),
	}
	held     = after(summoned, []scene{{15, all(hold(true, agreed...), takeOn)}, {2, share}})
	midways  = after(held, []scene{{55, midway}, {40, wishes("wishes-before-follow-up-meeting")}})
	followed = after(midways, []scene{{3, call("follow-up-meeting", 10)}, {11, hold(true)}, {1, finishAgreed}})
	handed   = after(followed, []scene{{2, handOver}, {3, gpAccepts}})
	ended    = after(handed, []scene{{1, end("follow-up-held")}})
)

// plots are every point at which a journey of the demo stands. The first three
// are those that the demo's patients log in to.
var plots = []*story{
	{name: "waits for the first appointment, with a date", shows: "a page with a date, an owner and her own words", often: 10, since: 4, inside: true,
		trust:  trustedHusband,
		day:    []func(*life) error{copied("start-assessment", "T-1001", ""), halfway("pain-nrs", "now", "6")},
		scenes: after(accepted, []scene{{0, all(tellOwn, examined, homeIs)}, {1, giveDate(25)}})},
	{name: "too ill today", shows: "on a bad day: too ill, and nothing is lost by it", often: 3, since: 1, day: []func(*life) error{tooIll},
		scenes: after(accepted, []scene{{1, all(giveDate(3), tellOwn, limits)}})},
	{name: "on paper", shows: "on paper: letters and telephone", often: 5, since: 1, by: care.ByLetter, outside: true,
		scenes: after(accepted, []scene{{2, giveDate(20)}})},

	{name: "referral just received", often: 8, since: 1, trust: twice, scenes: referred},
	{name: "referral by letter from a practice that never logs in", often: 4, since: 3, outside: true, scenes: referred},
	{name: "the sender was asked", often: 2, since: 2, outside: true, trust: []moment{{1, asksOutside}}, scenes: after(referred, []scene{{3, ask}})},
	{name: "redirected, not yet taken", often: 1, since: 2, scenes: after(referred, []scene{{4, redirect}})},
	{name: "redirected and taken on elsewhere", often: 3, since: 5,
		scenes: after(referred, []scene{{3, redirect}, {2, takeOver}, {2, accept}, {1, giveDate(20)}})},
	{name: "advice that the practice has not taken", often: 2, since: 2, outside: true, scenes: after(referred, []scene{{6, advise}})},
	{name: "advice that nobody answered", leaves: []string{"offer-lapsed"}, often: 2, since: 14, outside: true, scenes: after(referred, []scene{{6, advise}})},
	{name: "advice that the practice declined", often: 1, since: 1, inside: true, scenes: after(referred, []scene{{6, advise}, {2, decline}})},
	{name: "advice taken and followed", often: 2, since: 3, inside: true, day: []func(*life) error{asksAdvice},
		scenes: after(referred, []scene{{6, advise}, {2, gpAccepts}})},
	{name: "the answer is late", leaves: []string{"assess-referral", "latest-passed"}, often: 4, since: 13, scenes: referred},
	{name: "taken on, no date yet", leaves: []string{"start-date"}, often: 4, since: 2, trust: hidden, scenes: accepted},
	{name: "the assessment is late", leaves: []string{"start-date", "start-assessment"}, often: 3, since: 62, scenes: accepted},
	{name: "the assessment is late soon", leaves: []string{"start-assessment"}, often: 3, since: 50, trust: keepsTwoOut, day: []func(*life) error{halfway("pain-nrs", "", "")}, scenes: after(accepted, []scene{{1, tellOwn}})},
	{name: "a delay with its cause", shows: "whose first appointment is moved today, with the reason", often: 2, since: 4, day: []func(*life) error{later("start-assessment", 45, journey.IllHere)}, scenes: dated},
	{name: "wants to wait", often: 3, since: 5, scenes: after(dated, []scene{{3, wishToWait}})},
	{name: "too ill three times", often: 2, since: 2,
		scenes: after(accepted, []scene{{1, giveDate(8)}, {9, missed}, {1, planAgain}, {10, tooIll}, {1, all(planAgain, askedAfter)}, {11, missed}})},
	{name: "by telephone", leaves: []string{"help-while-waiting"}, often: 3, since: 8, age: 10, trust: isTen, by: care.ByPhone,
		day: []func(*life) error{later("start-assessment", 35, journey.NoRoom)}, scenes: dated},
	{name: "imported", often: 5, since: 6, scenes: []scene{{0, bringIn}}},
	{name: "nobody in the municipality yet", often: 4, since: 4, outside: true, scenes: after(dated, []scene{{1, needsMore}})},
	{name: "the municipality is in", often: 3, since: 4, inside: true, day: []func(*life) error{advised}, scenes: after(dated, []scene{{1, all(needsMore, bindMunicipality)}})},
	{name: "being assessed", often: 7, since: 8, trust: openedYesterday, day: []func(*life) error{together, laysOut}, scenes: after(started, []scene{{3, note("Første dag gikk greit. Trenger pause etter en halv time.")}})},
	{name: "the summary meeting is called", often: 7, since: 3, scenes: summoned},
	{name: "the summary meeting is late", leaves: []string{"summary-meeting"}, often: 2, since: 40, day: []func(*life) error{proposesTimes("summary-meeting")}, scenes: planned},
	{name: "met without the patient, decisions open", often: 3, since: 3, scenes: after(summoned, []scene{{15, all(hold(false, agreed[1]), takeOn)}})},
	{name: "agreed measures are running", often: 10, since: 12, trust: endsSoon, scenes: after(held, []scene{{12, reportAgreed("on-its-way", "Har begynt.")}})},
	{name: "an agreed measure is stuck", leaves: []string{"intervention-needs-help"}, often: 3, since: 2, trust: openedAndJudged, scenes: after(held, []scene{{20, reportAgreed("needs-help", "Ingen ledig plass før til høsten.")}})},
	{name: "the patient wrote", leaves: []string{"words-to-read"}, often: 2, since: 1, scenes: after(held, []scene{{15, write("Jeg har fått vondt av øvelsene. Skal jeg fortsette?")}})},
	{name: "the follow-up meeting is late", leaves: []string{"follow-up-meeting", "intervention/1"}, often: 3, since: 6, scenes: after(held, []scene{{50, midway}, {80, note("Prøvde å ringe om møtet.")}})},
	{name: "the follow-up meeting is called", often: 3, since: 3, scenes: after(midways, []scene{{3, call("follow-up-meeting", 10)}})},
	{name: "offered to the practice", often: 2, since: 2, scenes: after(followed, []scene{{2, handOver}})},
	{name: "ended, the practice carries on", often: 8, since: 20, scenes: ended},
	{name: "came back", often: 1, since: 3, scenes: after(ended, []scene{{60, comeBack}})},
	{name: "died", often: 1, since: 4, scenes: after(dated, []scene{{6, die}})},
	{name: "it was fatigue", leaves: []string{"ask-about-effort"}, often: 2, since: 6, scenes: after(started, []scene{{8, toFatigue}})},

	{name: "fatigue: referral just received", pathway: fatigue, in: fjordFatigue, often: 2, since: 2, scenes: referred},
	{name: "fatigue: waits with a date", pathway: fatigue, in: fjordFatigue, often: 4, since: 3, day: []func(*life) error{wishesMove("start-assessment", "Helst etter klokken 13. Formiddagene er verst.")},
		scenes: after(accepted, []scene{{1, all(giveDate(15), limits, tellOwn)}})},
	{name: "fatigue: very ill, by telephone", pathway: fatigue, in: fjordFatigue, by: care.ByPhone, often: 2, since: 1,
		age: 13, trust: isThirteen,
		scenes: after(accepted, []scene{{1, all(giveDate(4), limits)}, {3, tooIll}})},
	{name: "north: referral just received", in: nordPain, often: 3, since: 2, scenes: referred},
	{name: "north: waits with a date", in: nordPain, often: 4, since: 6, day: []func(*life) error{speaks("ti", "start-assessment"), copied("start-assessment", "T-2001", "not-booked")}, scenes: dated},
	{name: "north: the answer is late", leaves: []string{"assess-referral", "latest-passed"}, in: nordPain, often: 2, since: 12, scenes: referred},
}

// castLives gives every person a story, in the order of the tables first, so that
// even a small population has one of each, and then as often as the tables say.
func castLives(p Population, regions []*region) []*life {
	type place struct {
		r *region
		s *story
	}
	var first, more []place
	for _, r := range regions {
		for _, s := range r.land.plots {
			first = append(first, place{r, s})
			for range s.often - 1 {
				more = append(more, place{r, s})
			}
		}
	}
	lived := map[*story]int{}
	rng := rand.New(rand.NewPCG(p.Seed, 0))
	rng.Shuffle(len(more), func(i, j int) { more[i], more[j] = more[j], more[i] })
	lives := make([]*life, p.People)
	for i := range lives {
		x := first[i%len(first)]
		if i >= len(first) {
			x = more[(i-len(first))%len(more)]
		}
		lives[i] = newLife(x.r, x.s, i, i < len(first), p.Now, rand.New(rand.NewPCG(p.Seed, uint64(i+1))))
		lives[i].nth = lived[x.s]
		lived[x.s]++
	}
	return lives
}

func newLife(r *region, s *story, number int, first bool, now time.Time, rng *rand.Rand) *life {
	l := &life{number: number, story: s, rng: rng, region: r, paper: s.by, pathway: s.pathway, first: first, now: now}
	r.land.settle(l, rng)
	born := care.Date{}
	if first && s.age > 0 {
		born = l.aged(s.age)
	}
	l.identity = newIdentity(r.land, rng, number, s.pathway == fatigue, born)
	return l
}

func settleInNorway(l *life, rng *rand.Rand) {
	s := l.story
	l.clinic, l.home = s.in, "fjordvik-koordinering"
	if l.clinic == "" {
		l.clinic = fjordPain
	}
	inside, outside := []care.UnitID{"torget-legesenter"}, []care.UnitID{"brygga-legekontor", "holmen-legekontor"}
	if l.clinic == nordPain {
		inside, outside = []care.UnitID{"nordby-legesenter"}, []care.UnitID{"elva-legekontor"}
	}
	choose := slices.Concat(inside, outside)
	switch {
	case s.inside:
		choose = inside
	case s.outside:
		choose = outside
	}
	l.practice = oneOf(rng, choose)
	if l.practice == "holmen-legekontor" {
		l.home = "holmen-koordinering"
	}
	if l.pathway == "" {
		l.pathway = pain
	}
}

// residents are those the demo offers to log in as: patients first.
func residents(regions []*region, lives []*life) []Resident {
	var all []Resident
	shown := map[*story]bool{}
	for _, l := range lives {
		if l.story.shows != "" && !shown[l.story] {
			shown[l.story] = true
			all = append(all, Resident{
				Role: "patient", Name: l.identity.Name, About: l.story.shows,
				Actor: care.Actor{Kind: care.Patient, ID: string(l.person)},
			})
		}
	}
	for _, l := range lives {
		all = append(all, l.logins...)
	}
	for _, r := range regions {
		physicians := map[string]bool{}
		for _, w := range r.land.workers {
			physicians[w.id] = w.profession == "physician"
		}
		for _, w := range r.land.residents {
			all = append(all, Resident{
				Role: w.role, Name: r.names[w.id], About: w.about, Opens: w.opens, Prescriber: physicians[w.id],
				Actor: care.Actor{Kind: care.Professional, ID: w.id, Unit: w.unit},
			})
		}
	}
	return all
}
