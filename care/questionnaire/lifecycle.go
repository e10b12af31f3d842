package questionnaire

import "slices"

// Transition is one allowed change of the status of a thing. An empty From is
// before the first event.
type Transition struct{ Of, From, Event, To string }

var life = []Transition{
	{"form", "", "form.asked/1", string(Open)},
	{"form", string(Open), "form.sent/1", string(HandedIn)},
	{"form", string(Open), "form.declined/1", string(NotWanted)},
	{"form", string(Open), "form.withdrawn/1", string(TakenBack)},
	{"form", string(NotWanted), "form.answered/1", string(Open)},
	{"form", string(NotWanted), "form.left-out/1", string(Open)},

	{"sentence", "", "sentence.meant/1", string(SentenceIsMeant)},
	{"sentence", string(SentenceIsMeant), "sentence.asked/1", string(SentenceIsAsked)},
	{"sentence", string(SentenceIsMeant), "sentence.let-go/1", string(SentenceIsGone)},
	{"sentence", string(SentenceIsAsked), "sentence.answered/1", string(SentenceIsDone)},
	{"sentence", string(SentenceIsAsked), "sentence.left/1", string(SentenceIsLeft)},
	{"sentence", string(SentenceIsAsked), "sentence.let-go/1", string(SentenceIsGone)},
	{"sentence", string(SentenceIsDone), "sentence.left/1", string(SentenceIsLeft)},
	{"sentence", string(SentenceIsLeft), "sentence.answered/1", string(SentenceIsDone)},
}

// Lifecycle lists the allowed changes of a form, and of a question in a sentence. An event that is not listed
// changes no status.
func Lifecycle() []Transition { return slices.Clone(life) }

func nextStatus(of, from, event string) (to string, ok bool) {
	for _, t := range life {
		if t.Of == of && t.From == from && t.Event == event {
			return t.To, true
		}
	}
	return "", false
}

// Undo says how an event is taken back: by an event of type By, or, where By is
// empty, not at all.
type Undo struct{ Event, By, How string }

// Undos lists every event type once.
func Undos() []Undo {
	return []Undo{
		{"form.asked/1", "form.withdrawn/1", "withdraw it while it is open"},
		{"form.answered/1", "form.answered/1", "answer again until it is sent"},
		{"form.left-out/1", "form.answered/1", "answer it until it is sent"},
		{"form.alerted/1", "", "none: somebody sees to it, whatever is answered later"},
		{"form.seen-to/1", "", "none: that somebody acted has happened"},
		{"form.sent/1", "", "none: a new form is asked for, and both stay"},
		{"form.declined/1", "form.answered/1", "begin after all"},
		{"form.withdrawn/1", "form.asked/1", "ask again"},
		{"form.read/1", "", "none: that somebody read it has happened"},
		{"form.quiet/1", "", "none: that nothing came by the day has happened"},
		{"form.let/1", "", "none: the form is open all the same"},
		{"form.overdue/1", "", "none: that it was late stays seen"},
		{"sentence.meant/1", "", "none: what it asks about has happened"},
		{"sentence.put-off/1", "", "none: it comes when the pause is over"},
		{"sentence.asked/1", "sentence.left/1", "leave it: nothing depends on an answer"},
		{"sentence.answered/1", "sentence.left/1", "take the answer back while its time lasts"},
		{"sentence.left/1", "sentence.answered/1", "answer after all while its time lasts"},
		{"sentence.let-go/1", "", "none: its time is over"},
	}
}
