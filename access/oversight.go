package access

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"iter"
	"slices"
	"time"

	"forlop/care"
)

// Looked is one entry of the log, as those who oversee it read it: who looked at
// whom, when, from where and by what right.
type Looked struct {
	// Entry is the entry's number in the log.
	Entry    int64
	Actor    string
	Unit     care.UnitID
	At       time.Time
	Question string
	Basis    Basis
	Persons  []care.PersonKey
}

// Around is what is known around a look. The caller answers each from its own
// rows; nothing here knows a name.
type Around struct {
	// SameSurname: the one who looked and the person have the same surname.
	SameSurname func(actor string, p care.PersonKey) bool
	// Colleague: the person works at a unit where the one who looked works.
	Colleague func(actor string, p care.PersonKey) bool
	// OpenTask: the unit had something open for the person then.
	OpenTask func(unit care.UnitID, p care.PersonKey, at time.Time) bool
	// Acted: the one who looked did something for the person in that time.
	Acted func(actor string, p care.PersonKey, from, until time.Time) bool
	// Ended is when the unit's part in the person's last journey ended, if it has.
	Ended func(unit care.UnitID, p care.PersonKey, at time.Time) (time.Time, bool)
}

// Pattern is a way of looking that somebody should ask about. It proves nothing.
type Pattern string

// The patterns.
const (
	// OwnSurname: at somebody with the same surname, without a task, or again and
	// again without doing anything for them.
	OwnSurname Pattern = "own-surname"
	// AColleague: at somebody one works with, in the same way.
	AColleague Pattern = "colleague"
	// Browsing: at many different persons within an hour, doing nothing for any.
	Browsing Pattern = "browsing"
	// NoTask: at somebody the unit had nothing open for, doing nothing for them.
	NoTask Pattern = "no-task"
	// AfterTheEnd: long after the unit's part had ended.
	AfterTheEnd Pattern = "after-the-end"
	// BreakGlassRepeat: the same person opened the same record, or many records,
	// again and again.
	BreakGlassRepeat Pattern = "break-glass-repeat"
)

// Where each pattern begins. All are ours (assumed), chosen on generated looks;
// a site's own figures are better.
const (
	near        = 24 * time.Hour      // an act this close to a look explains it
	quietDays   = 3                   // so many days of looks without an act are asked about
	browsedHour = 15                  // so many different persons in an hour
	afterEnd    = 14 * 24 * time.Hour // what is written up after the end takes no longer
	openedSame  = 2                   // openings of one record within the month
	openedMany  = 4                   // openings of any records within the month
	openedIn    = 30 * 24 * time.Hour
)

// Finding is what the search found: who looked, at whom (empty where it is about
// many), and in which entries, oldest first. Somebody owns it and decides.
type Finding struct {
	Pattern Pattern        `json:"pattern"`
	Actor   string         `json:"actor"`
	Person  care.PersonKey `json:"person,omitempty"`
	Looks   []int64        `json:"looks"`
}

// oneRecord are the questions that open one person's record. The others are
// lists, which show whom a unit has and are no choice of whom to look at.
var oneRecord = []string{"journey", "person", "attachment", "finding-file", "opened-record", "hidden-address"}

// OpensOneRecord reports whether a question opens one person's record. Only such
// looks stand in a finding.
func OpensOneRecord(question string) bool { return slices.Contains(oneRecord, question) }

// FindPatterns reads looks, oldest first, and gives what somebody should ask
// about, in a fixed order. One look stands in one finding of each pattern at
// most.
func FindPatterns(looks iter.Seq[Looked], around Around) []Finding {
	s := search{around: around, found: map[found][]int64{}, quiet: map[pair]*quietLooks{}, hours: map[string]*hour{}, opened: map[string][]opening{}}
	for l := range looks {
		if !OpensOneRecord(l.Question) {
			continue
		}
		for _, p := range l.Persons {
			s.look(l, p)
		}
	}
	var all []Finding
	for f, entries := range s.found {
		slices.Sort(entries)
		all = append(all, Finding{Pattern: f.pattern, Actor: f.actor, Person: f.person, Looks: slices.Compact(entries)})
	}
	slices.SortFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Looks[0], b.Looks[0]), cmp.Compare(a.Pattern, b.Pattern), cmp.Compare(a.Person, b.Person))
	})
	return all
}

type found struct {
	pattern Pattern
	pair
}

type pair struct {
	actor  string
	person care.PersonKey
}

// search is one pass over the log.
type search struct {
	around Around
	found  map[found][]int64
	quiet  map[pair]*quietLooks
	hours  map[string]*hour
	opened map[string][]opening
}

// quietLooks are looks at somebody close without an act, day by day.
type quietLooks struct {
	days    int
	last    time.Time
	entries []int64
}

// hour is what somebody looked at within the last hour without doing anything.
type hour struct {
	looks []quietLook
}

type quietLook struct {
	at     time.Time
	person care.PersonKey
	entry  int64
}

// opening is one break-glass opening: looks at one person on one day.
type opening struct {
	day     time.Time
	person  care.PersonKey
	entries []int64
}

func (s *search) add(p Pattern, of pair, entries ...int64) {
	s.found[found{p, of}] = append(s.found[found{p, of}], entries...)
}

// look holds one look at one person against every pattern.
func (s *search) look(l Looked, p care.PersonKey) {
	of := pair{l.Actor, p}
	if l.Basis == BreakGlass {
		s.broken(l, of)
		return // whether there was a task is what the review of the opening asks
	}
	if s.around.Acted(l.Actor, p, l.At.Add(-near), l.At.Add(near)) {
		return
	}
	s.browsed(l, of)
	task := s.around.OpenTask(l.Unit, p, l.At)
	surname, colleague := s.around.SameSurname(l.Actor, p), s.around.Colleague(l.Actor, p)
	if surname || colleague {
		if entries := s.unexplained(l, of, task); len(entries) > 0 {
			if surname {
				s.add(OwnSurname, of, entries...)
			}
			if colleague {
				s.add(AColleague, of, entries...)
			}
		}
	}
	if task {
		return
	}
	if end, ended := s.around.Ended(l.Unit, p, l.At); ended {
		if l.At.Sub(end) > afterEnd {
			s.add(AfterTheEnd, of, l.Entry)
		}
		return
	}
	s.add(NoTask, of, l.Entry)
}

// unexplained gives the looks at somebody close that nothing explains: at once
// where there is no task, otherwise when they go on for days without an act.
func (s *search) unexplained(l Looked, of pair, task bool) []int64 {
	if !task {
		return []int64{l.Entry}
	}
	q := s.quiet[of]
	if q == nil {
		q = &quietLooks{}
		s.quiet[of] = q
	}
	if day := l.At.Truncate(near); !day.Equal(q.last) {
		q.days++
		q.last = day
	}
	q.entries = append(q.entries, l.Entry)
	if q.days < quietDays {
		return nil
	}
	return q.entries
}

// browsed counts the different persons of the last hour.
func (s *search) browsed(l Looked, of pair) {
	h := s.hours[l.Actor]
	if h == nil {
		h = &hour{}
		s.hours[l.Actor] = h
	}
	h.looks = slices.DeleteFunc(h.looks, func(q quietLook) bool { return l.At.Sub(q.at) > time.Hour })
	h.looks = append(h.looks, quietLook{l.At, of.person, l.Entry})
	persons := map[care.PersonKey]bool{}
	for _, q := range h.looks {
		persons[q.person] = true
	}
	if len(persons) < browsedHour {
		return
	}
	for _, q := range h.looks {
		s.add(Browsing, pair{actor: l.Actor}, q.entry)
	}
}

// broken counts openings: looks on the basis of break-glass at one person on one
// day are one.
func (s *search) broken(l Looked, of pair) {
	day := l.At.Truncate(near)
	mine := slices.DeleteFunc(s.opened[l.Actor], func(o opening) bool { return l.At.Sub(o.day) > openedIn })
	at := slices.IndexFunc(mine, func(o opening) bool { return o.person == of.person && o.day.Equal(day) })
	if at < 0 {
		mine = append(mine, opening{day: day, person: of.person})
		at = len(mine) - 1
	}
	mine[at].entries = append(mine[at].entries, l.Entry)
	s.opened[l.Actor] = mine
	var same []int64
	times := 0
	for _, o := range mine {
		if o.person == of.person {
			times++
			same = append(same, o.entries...)
		}
	}
	if times >= openedSame {
		s.add(BreakGlassRepeat, of, same...)
	}
	if len(mine) >= openedMany {
		for _, o := range mine {
			s.add(BreakGlassRepeat, pair{actor: l.Actor}, o.entries...)
		}
	}
}

// Sample draws n looks for somebody to read through, each as likely as the other,
// oldest first. The seed is kept with the sample: whoever has it draws the same
// again, and sees that nobody chose.
// Source: recurring systematic checks, HSLF-FS 2016:40 ch. 4 § 9 [V].
func Sample(looks iter.Seq[Looked], n int, seed uint64) []Looked {
	type drawn struct {
		rank [sha256.Size]byte
		look Looked
	}
	var kept []drawn
	byRank := func(a, b drawn) int { return slices.Compare(a.rank[:], b.rank[:]) }
	for l := range looks {
		var lot [16]byte
		binary.BigEndian.PutUint64(lot[:8], seed)
		binary.BigEndian.PutUint64(lot[8:], uint64(l.Entry))
		d := drawn{sha256.Sum256(lot[:]), l}
		at, _ := slices.BinarySearchFunc(kept, d, byRank)
		if at >= n {
			continue
		}
		kept = slices.Insert(kept, at, d)
		if len(kept) > n {
			kept = kept[:n]
		}
	}
	slices.SortFunc(kept, func(a, b drawn) int { return cmp.Compare(a.look.Entry, b.look.Entry) })
	var sample []Looked
	for _, d := range kept {
		sample = append(sample, d.look)
	}
	return sample
}
