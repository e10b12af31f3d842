package web

import (
	"strconv"

	"forlop/care"

	"github.com/a-h/templ"
)

// A now is where a journey stands: one sentence that says what is waited for
// and who has the ball, and since when.
type now struct {
	sentence string
	since    care.Date
}

// A latest is the date by which something shall have happened.
type latest struct {
	what   string // what shall have happened, such as "svar"
	sum    string // the whole in one sentence, when what is not enough
	date   care.Date
	today  care.Date
	passed string // what happens now that the date has passed; the common text when empty
	advice []link // what the reader can do, each a place to go or plain words
}

// gone reports whether the date has passed.
func (d latest) gone() bool { return d.date.Before(d.today) }

// A task is something the reader is asked to do.
type task struct {
	title, href, hint string
	status            taskStatus
}

type taskStatus string

// What can be said of a task. What is done has only its word, what is open a
// tag as well.
const (
	taskOpen  taskStatus = "open"
	taskBegun taskStatus = "begun"
	taskDone  taskStatus = "done"
)

// stepState is what a step is, as people are told it.
type stepState string

// The states of a step. Each has a word of its own in texts under state.
const (
	stepDone      stepState = "done"
	stepNow       stepState = "now"
	stepPlanned   stepState = "planned"
	stepWaiting   stepState = "waiting"
	stepUndecided stepState = "undecided"
	stepPostponed stepState = "postponed"
	stepDropped   stepState = "dropped"
	stepPast      stepState = "past"
)

// A stepLine is one step as it stands in a list of steps.
type stepLine struct {
	title, href, purpose string
	state                stepState
	waitsFor             string // who an answer is waited for from, when waiting
	when                 string // the date, or the latest date, in words
	who                  string // who is responsible
	effort               string // what it takes of the patient
	current              bool   // the step where the journey is now
}

// mark is how the step is drawn; several states look alike and differ in words.
func (s stepLine) mark() string {
	switch {
	case s.state == stepDone, s.state == stepDropped, s.state == stepUndecided:
		return string(s.state)
	case s.state == stepWaiting && !s.current:
		return "waiting"
	case s.current:
		return "now"
	default:
		return "ahead"
	}
}

// tone is the colour of the step's word.
func (s stepLine) tone() string {
	switch s.state {
	case stepDone:
		return "done"
	case stepNow:
		return "now"
	case stepWaiting, stepPast:
		return "waiting"
	default:
		return "ahead"
	}
}

// word is the state in words.
func (s stepLine) word(p page) string {
	if s.state == stepWaiting && s.waitsFor != "" {
		return p.T("state.waiting-for", "who", s.waitsFor)
	}
	return p.T("state." + string(s.state))
}

func (s stepLine) attributes() templ.Attributes {
	if s.current {
		return templ.Attributes{"aria-current": "step"}
	}
	return nil
}

// A fact is a name and what it is: one row of a list of facts. body is drawn
// after value. change is where it can be changed.
type fact struct {
	name, value string
	body        templ.Component
	change      string
}

// A visit is an appointment: when, how, where, who, why and what it takes.
type visit struct {
	when, relative string
	facts          []fact
	source         string // where a copied appointment comes from and when it was copied
	actions        []link
	calendar       string // address of the calendar file
}

func taskID(i int) string { return "task-" + strconv.Itoa(i+1) }

func (t task) tone() string {
	if t.status == taskBegun {
		return "waiting"
	}
	return "ahead"
}
