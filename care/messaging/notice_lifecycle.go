package messaging

import "slices"

// Transition is one allowed change of the status of a thing. An empty From is
// before the first event.
type Transition struct{ Of, From, Event, To string }

var life = []Transition{
	{"notice", "", "notice.raised/1", "open"},
	{"notice", "open", "notice.reached/1", "reached"},
	{"notice", "open", "notice.withdrawn/1", "withdrawn"},
	{"notice", "reached", "notice.undelivered/1", "open"},

	{"sending", "", "notice.planned/1", string(Waiting)},
	{"sending", string(Waiting), "notice.dispatched/1", string(Out)},
	{"sending", string(Out), "notice.attempted/1", string(Waiting)},
	{"sending", string(Out), "notice.attempted/1", string(Sent)},
	{"sending", string(Sent), "notice.undelivered/1", string(Failed)},
	{"sending", string(Waiting), "notice.undelivered/1", string(Failed)},
	{"sending", string(Done), "notice.undelivered/1", string(Failed)},
	{"sending", string(Waiting), "notice.planned/1", string(Done)},
	{"sending", string(Waiting), "notice.joined/1", string(Done)},
	{"sending", string(Sent), "notice.planned/1", string(Done)},
	{"sending", string(Sent), "notice.joined/1", string(Done)},
	{"sending", string(Out), "notice.planned/1", string(Done)},
	{"sending", string(Out), "notice.joined/1", string(Done)},
	{"sending", string(Failed), "notice.planned/1", string(Done)},
	{"sending", string(Failed), "notice.joined/1", string(Done)},
	{"sending", string(Waiting), "notice.reached/1", string(Done)},
	{"sending", string(Out), "notice.reached/1", string(Done)},
	{"sending", string(Sent), "notice.reached/1", string(Done)},
	{"sending", string(Failed), "notice.reached/1", string(Done)},
	{"sending", string(Waiting), "notice.withdrawn/1", string(Done)},
	{"sending", string(Out), "notice.withdrawn/1", string(Done)},
	{"sending", string(Sent), "notice.withdrawn/1", string(Done)},
	{"sending", string(Failed), "notice.withdrawn/1", string(Done)},
}

// Lifecycle lists the allowed changes of notices and of what carries them. An
// event that is not listed changes no status.
func Lifecycle() []Transition { return slices.Clone(life) }
