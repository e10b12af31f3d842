package worklist

// Undo says how an event is taken back: by which command, or in words.
type Undo struct{ Event, By, How string }

// Undos lists every event.
func Undos() []Undo {
	return []Undo{
		{"worklist.view-saved/1", DropView{}.Name(), ""},
		{"worklist.view-dropped/1", SaveView{}.Name(), ""},
		{"worklist.slept/1", WakeUp{}.Name(), ""},
		{"worklist.woken/1", Sleep{}.Name(), ""},
		{"worklist.caseload-limited/1", LimitCaseload{}.Name(), ""},
	}
}
