package rollout

// Transition is one allowed change of status: of a campaign, or of a journey
// within it. An empty From is before the first event.
type Transition struct{ Of, From, Event, To string }

// Status is where a campaign is in its life.
type Status string

// The statuses. A campaign that Finished can still settle what failed.
const (
	IsProposed  Status = "proposed"
	IsWithdrawn Status = "withdrawn"
	IsRunning   Status = "running"
	IsStopped   Status = "stopped"
	IsFinished  Status = "finished"
)

// campaignLife is the whole life of a campaign. A slice that was begun is
// recorded although the campaign was stopped in the middle of it.
var campaignLife = []Transition{
	{"campaign", "", "campaign.proposed/1", string(IsProposed)},
	{"campaign", string(IsProposed), "campaign.previewed/1", string(IsProposed)},
	{"campaign", string(IsProposed), "campaign.withdrawn/1", string(IsWithdrawn)},
	{"campaign", string(IsProposed), "campaign.confirmed/1", string(IsRunning)},
	{"campaign", string(IsRunning), "campaign.listed/1", string(IsRunning)},
	{"campaign", string(IsRunning), "campaign.slice-moved/1", string(IsRunning)},
	{"campaign", string(IsStopped), "campaign.slice-moved/1", string(IsStopped)},
	{"campaign", string(IsRunning), "campaign.stopped/1", string(IsStopped)},
	{"campaign", string(IsStopped), "campaign.resumed/1", string(IsRunning)},
	{"campaign", string(IsRunning), "campaign.finished/1", string(IsFinished)},
}

// journeyLife is what becomes of one journey on the list. Only a failure is
// tried again, and a patient may keep the old plan after the move.
var journeyLife = []Transition{
	{"journey", "", "campaign.listed/1", string(Waiting)},
	{"journey", string(Waiting), "campaign.slice-moved/1", string(Moved)},
	{"journey", string(Waiting), "campaign.slice-moved/1", string(Kept)},
	{"journey", string(Waiting), "campaign.slice-moved/1", string(Failed)},
	{"journey", string(Waiting), "campaign.slice-moved/1", string(Ended)},
	{"journey", string(Waiting), "campaign.slice-moved/1", string(Left)},
	{"journey", string(Moved), "campaign.outcome-changed/1", string(Kept)},
	{"journey", string(Failed), "campaign.outcome-changed/1", string(Moved)},
	{"journey", string(Failed), "campaign.outcome-changed/1", string(Kept)},
	{"journey", string(Failed), "campaign.outcome-changed/1", string(Failed)},
	{"journey", string(Failed), "campaign.outcome-changed/1", string(Ended)},
	{"journey", string(Failed), "campaign.outcome-changed/1", string(Left)},
}

// Lifecycle is the life of a campaign followed by that of a journey within it.
func Lifecycle() []Transition {
	return append(append([]Transition(nil), campaignLife...), journeyLife...)
}

// next is the status after an event, if the life has it.
func next(from Status, event string) (to Status, ok bool) {
	for _, t := range campaignLife {
		if t.From == string(from) && t.Event == event {
			return Status(t.To), true
		}
	}
	return "", false
}

// inLife reports whether an event changes or needs a campaign's status.
func inLife(event string) bool {
	for _, t := range campaignLife {
		if t.Event == event {
			return true
		}
	}
	return false
}

// becomes reports whether a journey may go from one outcome to another by an
// event.
func becomes(from, to Outcome, event string) bool {
	for _, t := range journeyLife {
		if t.From == string(from) && t.To == string(to) && t.Event == event {
			return true
		}
	}
	return false
}

// Undo says how an event is taken back: by an event of type By, or, where By is
// empty, not at all.
type Undo struct{ Event, By, How string }

// Undos lists every event type once.
func Undos() []Undo {
	return []Undo{
		{"campaign.proposed/1", "campaign.withdrawn/1", "withdraw it before it is confirmed"},
		{"campaign.previewed/1", "campaign.previewed/1", "compute it again"},
		{"campaign.confirmed/1", "campaign.stopped/1", "stop it; what was moved stays moved"},
		{"campaign.withdrawn/1", "campaign.proposed/1", "propose a new one"},
		{"campaign.stopped/1", "campaign.resumed/1", "resume it"},
		{"campaign.resumed/1", "campaign.stopped/1", "stop it again"},
		{"campaign.finished/1", "", "none: a campaign back is a new one"},
		{"campaign.listed/1", "", "none: who was on the list stays there"},
		{"campaign.slice-moved/1", "", "none: a campaign back is a new one"},
		{"campaign.retry-asked/1", "campaign.outcome-changed/1", "let the journey be"},
		{"campaign.outcome-changed/1", "", "none: it says what happened to the journey"},
		{"campaign.escalated/1", "", "none: what climbed has climbed"},
	}
}
