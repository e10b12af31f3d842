package messaging

import "slices"

var threadLife = []Transition{
	{"thread", "", "thread.begun/1", string(Quiet)},
	{"thread", string(Quiet), "thread.said/1", string(AwaitsReply)},
	{"thread", string(Quiet), "thread.taken-back/1", string(AwaitsReply)},
	{"thread", string(Quiet), "thread.taken-back/1", string(Concluded)},
	{"thread", string(Quiet), "thread.closed/1", string(Concluded)},
	{"thread", string(AwaitsReply), "thread.said/1", string(Quiet)},
	{"thread", string(AwaitsReply), "thread.taken-back/1", string(Quiet)},
	{"thread", string(AwaitsReply), "thread.taken-back/1", string(Concluded)},
	{"thread", string(AwaitsReply), "thread.closed/1", string(Concluded)},
	{"thread", string(Concluded), "thread.said/1", string(AwaitsReply)},
	{"thread", string(Concluded), "thread.said/1", string(Quiet)},

	{"message", "", "thread.said/1", "held"},
	{"message", "", "thread.said/1", "shown"},
	{"message", "held", "thread.shown/1", "shown"},
	{"message", "held", "thread.taken-back/1", "taken-back"},
	{"message", "shown", "thread.taken-back/1", "taken-back"},
	{"message", "shown", "thread.opened/1", "read"},
}

// ThreadLifecycle lists the allowed changes of conversations and of the messages in
// them. An event that is not listed changes no status.
func ThreadLifecycle() []Transition { return slices.Clone(threadLife) }

// ThreadUndo says how an event is taken back: by an event of type By, or, where By
// is empty, not at all.
type ThreadUndo struct{ Event, By, How string }

// ThreadUndos lists every event type of a conversation once.
func ThreadUndos() []ThreadUndo {
	return []ThreadUndo{
		{"thread.begun/1", "thread.taken-back/1", "take back its one message; the place of it stays"},
		{"thread.said/1", "thread.taken-back/1", "take it back within a day, while nobody on the other side has read it"},
		{"thread.shown/1", "thread.taken-back/1", "take it back within a day, while nobody on the other side has read it"},
		{"thread.opened/1", "", "none: that it was read has happened"},
		{"thread.taken-over/1", "thread.taken-over/1", "take it over again"},
		{"thread.taken-back/1", "thread.said/1", "write it again"},
		{"thread.closed/1", "thread.said/1", "write again, which opens it"},
		{"thread.overdue/1", "", "none: that it was late stays seen"},
	}
}
