package simulation

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
	"forlop/store/memory"
)

// Story is a synthetic journey that a pathway folder can be looked at through:
// one of its examples, or the plain course where it has none.
type Story struct {
	// Name is the example's name, empty for the plain course.
	Name string
	// Stops are the days on which something happens in it, counted from 0, the
	// day it begins, in rising order.
	Stops []int
}

// Last is the last day on which something happens.
func (s Story) Last() int {
	if len(s.Stops) == 0 {
		return 0
	}
	return s.Stops[len(s.Stops)-1]
}

// Scene is a story stopped on a day: a whole service with its own clock, at the
// end of that day. Nothing in it is about a real person.
type Scene struct {
	Day  int
	Date care.Date
	// Patient is the person the story is about; Parent reads in the place of a child
	// too young to log in, and is empty for everyone else.
	Patient, Parent care.PersonKey
	Service         *casework.Service
	// Findings say why the story went no further than it did.
	Findings []pathway.Finding
}

// Stories lists the stories of a pathway folder. A folder without examples has
// one, its plain course; examples that need a pathway that is not among others
// are left out. What is wrong with the folder are findings.
func Stories(ctx context.Context, folder fs.FS, others []fs.FS) ([]Story, []pathway.Finding, error) {
	s, examples, err := newStage(folder, others, nil)
	if err != nil {
		return nil, nil, err
	}
	if s.def == nil && !errors.Is(statExamples(folder), fs.ErrNotExist) {
		return nil, s.findings, nil
	}
	var all []Story
	for _, e := range examples {
		if e.needs(s.defs) == nil && !pathway.HasErrors(e.wrong) {
			all = append(all, Story{e.name, e.stops(s.def)})
		}
	}
	if len(all) > 0 {
		return all, s.findings, nil
	}
	c, findings, err := newPlain(ctx, folder, others, care.Bokmal)
	if err != nil || c == nil {
		return nil, findings, err
	}
	if err := c.live(time.Time{}); err != nil {
		return nil, nil, err
	}
	return []Story{{Stops: c.stops}}, c.findings, nil
}

func statExamples(folder fs.FS) error { _, err := fs.Stat(folder, exampleFile); return err }

// StopAt lives a story of a folder up to the end of a day, for a person who
// reads the given language, in a world of its own. A name that is no story is
// not found.
func StopAt(ctx context.Context, folder fs.FS, others []fs.FS, story string, day int, reads care.Language) (Scene, error) {
	if story == "" {
		return stopPlain(ctx, folder, others, day, reads)
	}
	s, examples, err := newStage(folder, others, nil)
	if err != nil {
		return Scene{}, err
	}
	i := slices.IndexFunc(examples, func(e *example) bool { return e.name == story })
	if i < 0 || examples[i].needs(s.defs) != nil || pathway.HasErrors(examples[i].wrong) {
		return Scene{}, noSuchStory(story)
	}
	e := examples[i]
	e.person.reads = reads
	cal := care.CalendarOf(s.def.Regime)
	date := cal.Date(e.start).AddDays(day)
	w, err := newWorld(ctx, memory.Open(), e.start, s.foldersFor(e)...)
	if err != nil {
		return Scene{}, err
	}
	if err := w.enter(e.cast, s.def.Regime); err != nil {
		return Scene{}, err
	}
	p := &play{example: e, stage: s, world: w, page: &page{file: s.file}, labels: map[string]labelled{}, until: endOf(cal, date)}
	if err := p.run(); err != nil {
		return Scene{}, fmt.Errorf("simulation: the example %q of %s until day %d: %w", story, s.def.Ref, day, err)
	}
	return Scene{Day: day, Date: date, Patient: p.who, Parent: parentAmong(p.reader), Service: w.service, Findings: p.findings}, nil
}

// parentAmong is the parent who reads in a child's place; empty where the patient
// does.
func parentAmong(reader casework.Who) care.PersonKey {
	if reader.Represents == "" {
		return ""
	}
	return care.PersonKey(reader.Actor.ID)
}

func noSuchStory(name string) error {
	return care.Missing("no-such-example", "The pathway has no example called {example}.", "example", name)
}

// endOf is the last moment of a day that a page can be looked at.
func endOf(cal *care.Calendar, d care.Date) time.Time { return cal.EndOf(d).Add(-time.Minute).UTC() }

// stops are the days on which an example has lines.
func (e *example) stops(def *pathway.Definition) []int {
	cal, at := care.CalendarOf(def.Regime), e.start
	first := cal.Date(e.start)
	p := &page{}
	var days []int
	for _, l := range e.lines {
		at = p.moment(l, at, cal)
		days = append(days, first.DaysUntil(cal.Date(at)))
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// moment is when a line happens, given when the one before it did.
func (p *page) moment(l line, at time.Time, cal *care.Calendar) time.Time {
	if l.on != nil {
		at = p.instant(l.on, cal)
	}
	if l.after != nil {
		at = p.later(l.after, at, cal)
	}
	return at
}
