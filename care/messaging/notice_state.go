package messaging

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

// State is what is known of the notices of one person: the fold of the stream.
type State struct {
	Version  int
	Regime   care.Regime
	Wishes   Wishes
	Wished   int // the version of the event that set them
	Notices  []Notice
	Sendings []Sending
	// Climb is how far the task of what could not be sent has climbed.
	Climb Climb
}

// Notice is one thing that somebody is told, from one cause.
type Notice struct {
	Raised
	Since time.Time
	// Sending is what carries it now.
	Sending   int
	Reached   *Receipt
	Withdrawn bool
	Version   int
}

// Open reports whether it has still to reach somebody.
func (n Notice) Open() bool { return n.Reached == nil && !n.Withdrawn }

// Status is where a sending stands.
type Status string

// The statuses of a sending.
const (
	Waiting Status = "waiting" // for its hour, for the next attempt, or for a person
	Out     Status = "out"     // an attempt is with its carrier
	Sent    Status = "sent"    // taken, and not opened yet
	Failed  Status = "failed"  // on the call list
	Done    Status = "done"    // nothing in it is open any more
)

// Sending is one word to somebody, by one channel.
type Sending struct {
	Planned
	Status Status
	// Level is the furthest it has come.
	Level    Level
	Attempts []Attempted
	// Next is when time alone does something with it: the next attempt, or the
	// call instead of what was not opened. Zero where only a person does.
	Next time.Time
	// SentAt is when its first attempt was handed over; OutAt is the version of the
	// event that handed the last one over.
	SentAt time.Time
	OutAt  int
	Since  time.Time
	Why    Why
	Code   string
	// By is set where it is a task of its own.
	By     time.Time
	Mender care.Post
	// Calls are those that nobody answered.
	Calls   int
	Version int
}

// Climb is how far an overdue task has climbed.
type Climb struct {
	Rung  int
	To    care.Post
	At    time.Time
	Again time.Time
}

// Clone is a copy that shares nothing with s.
func (s State) Clone() State {
	s.Notices = slices.Clone(s.Notices)
	s.Sendings = slices.Clone(s.Sendings)
	for i := range s.Sendings {
		s.Sendings[i].Notices = slices.Clone(s.Sendings[i].Notices)
		s.Sendings[i].Attempts = slices.Clone(s.Sendings[i].Attempts)
	}
	return s
}

// Of is the notice that a source caused.
func (s State) Of(src Source) (Notice, bool) {
	for _, n := range s.Notices {
		if n.Source == src {
			return n, true
		}
	}
	return Notice{}, false
}

// Carries lists the open notices that a sending carries now.
func (s State) Carries(sending int) []Notice {
	var out []Notice
	for _, n := range s.Notices {
		if n.Sending == sending && n.Open() {
			out = append(out, n)
		}
	}
	return out
}

// Sending is a sending by its number.
func (s State) Sending(n int) (Sending, bool) {
	if n < 1 || n > len(s.Sendings) {
		return Sending{}, false
	}
	return s.Sendings[n-1], true
}

// ForPeople lists the sendings that a person carries now: letters to print, and
// calls to make, which are those wished for and those where nothing else got
// through.
func (s State) ForPeople() []Sending {
	var out []Sending
	for _, x := range s.Sendings {
		if x.Status == Failed || x.Status == Waiting && (x.Channel == ByLetter || x.Channel == ByPhone) {
			out = append(out, x)
		}
	}
	return out
}

// mayReturn reports whether a sending could still come back: a letter that was
// posted, or what was taken and not opened.
func (x Sending) mayReturn() bool {
	return x.Status == Sent || x.Channel == ByLetter && x.Status == Done && x.Level == HasReached
}

// MayReturn lists what could still come back, the newest first.
func (s State) MayReturn() []Sending {
	var out []Sending
	for _, x := range slices.Backward(s.Sendings) {
		if x.mayReturn() {
			out = append(out, x)
		}
	}
	return out
}

// Undelivered reports whether something could not be sent, and waits for somebody
// who mends it.
func (s State) Undelivered() bool {
	_, task := s.task()
	return task
}

// Nudges counts what was handed to a carrier on a local day, each sending once.
func (s State) Nudges(on care.Date) int {
	n := 0
	cal := care.CalendarOf(s.Regime)
	for _, x := range s.Sendings {
		if !x.SentAt.IsZero() && cal.Date(x.SentAt) == on {
			n++
		}
	}
	return n
}

// Evolve folds one event. An event that cannot follow is an error.
func Evolve(s *State, r care.Recorded) error {
	if r.Version != s.Version+1 {
		return fmt.Errorf("messaging: event %d cannot follow %d", r.Version, s.Version)
	}
	if err := s.take(r); err != nil {
		return fmt.Errorf("messaging: %s: %w", r.Event.Type(), err)
	}
	s.Version = r.Version
	s.settle()
	return nil
}

func (s *State) take(r care.Recorded) error {
	switch e := r.Event.(type) {
	case Raised:
		if e.Notice != len(s.Notices)+1 {
			return fmt.Errorf("notice %d cannot follow %d", e.Notice, len(s.Notices))
		}
		s.Regime = e.Regime
		s.Notices = append(s.Notices, Notice{Raised: e, Since: r.Learned, Version: r.Version})
	case Planned:
		if e.Sending != len(s.Sendings)+1 {
			return fmt.Errorf("sending %d cannot follow %d", e.Sending, len(s.Sendings))
		}
		x := Sending{Planned: e, Status: Waiting, Since: r.Learned, Version: r.Version}
		switch {
		case e.Channel.Carried():
			x.Next = e.At
		case e.Channel == OnPage:
			x.Next = e.OpenBy
		}
		s.Sendings = append(s.Sendings, x)
		for _, n := range e.Notices {
			if err := s.carry(n, e.Sending, r.Version); err != nil {
				return err
			}
		}
	case Joined:
		x, err := s.sending(e.Sending)
		if err != nil {
			return err
		}
		x.Notices = append(x.Notices, e.Notice)
		x.Version = r.Version
		return s.carry(e.Notice, e.Sending, r.Version)
	case Reached:
		n, err := s.notice(e.Notice)
		if err != nil {
			return err
		}
		receipt := e.Receipt
		n.Reached, n.Version = &receipt, r.Version
		if x, err := s.sending(n.Sending); err == nil {
			x.Level = HasReached
		}
	case Withdrawn:
		n, err := s.notice(e.Notice)
		if err != nil {
			return err
		}
		n.Withdrawn, n.Version = true, r.Version
		if x, err := s.sending(n.Sending); err == nil {
			x.Version = r.Version // a printed letter says it still
		}
	case WishesSet:
		s.Wishes, s.Wished = e.Wishes, r.Version
	case Overdue:
		s.Climb = Climb{Rung: e.Rung, To: e.To, At: r.Learned, Again: e.Again}
	default:
		return s.takeSending(r)
	}
	return nil
}

// takeSending folds what happens to one sending.
func (s *State) takeSending(r care.Recorded) error {
	of := func(n int) (*Sending, error) {
		x, err := s.sending(n)
		if err == nil {
			x.Version = r.Version
		}
		return x, err
	}
	switch e := r.Event.(type) {
	case Dispatched:
		x, err := of(e.Sending)
		if err != nil {
			return err
		}
		if e.Attempt != len(x.Attempts)+1 {
			return fmt.Errorf("attempt %d cannot follow %d", e.Attempt, len(x.Attempts))
		}
		x.Attempts = append(x.Attempts, Attempted{Sending: e.Sending, Attempt: e.Attempt})
		x.Status, x.Next, x.OutAt = Out, time.Time{}, r.Version
		if x.SentAt.IsZero() {
			x.SentAt, x.Level = r.Learned, HandedOver
		}
	case Attempted:
		x, err := of(e.Sending)
		if err != nil {
			return err
		}
		if e.Attempt != len(x.Attempts) || x.Attempts[e.Attempt-1].Outcome != "" {
			return fmt.Errorf("attempt %d has no outcome to come", e.Attempt)
		}
		x.Attempts[e.Attempt-1] = e
		if x.Status == Done {
			return nil // it reached them meanwhile
		}
		x.Status, x.Next = Sent, e.OpenBy
		switch e.Outcome {
		case Taken:
			x.Level = Accepted
		case Later:
			x.Status, x.Next = Waiting, e.Again
		}
	case Undelivered:
		x, err := of(e.Sending)
		if err != nil {
			return err
		}
		x.Status, x.Why, x.Code, x.Mender, x.By, x.Next = Failed, e.Why, e.Code, e.Owner, e.By, time.Time{}
		if e.Why == Bounced {
			s.reopen(x)
		}
	case Posted:
		_, err := of(e.Sending)
		return err
	case Called:
		x, err := of(e.Sending)
		if err != nil {
			return err
		}
		if !e.Answered {
			x.Calls++
		}
	default:
		return fmt.Errorf("it is not an event of notices")
	}
	return nil
}

// reopen takes back what a letter that came back was believed to have done.
func (s *State) reopen(x *Sending) {
	for i := range s.Notices {
		n := &s.Notices[i]
		if n.Sending == x.Sending && n.Reached != nil && n.Reached.Expected {
			n.Reached = nil
			x.Level = HandedOver
		}
	}
}

// settle closes sendings with nothing open in them, and the climb of a task that
// is no more.
func (s *State) settle() {
	task := false
	for i := range s.Sendings {
		x := &s.Sendings[i]
		if x.Status != Done && len(s.Carries(x.Sending)) == 0 {
			x.Status, x.Next = Done, time.Time{}
		}
		task = task || x.task()
	}
	if !task {
		s.Climb = Climb{}
	}
}

// task reports whether the sending is a fault that somebody has to mend.
func (x Sending) task() bool { return x.Status == Failed && !x.By.IsZero() }

func (s *State) carry(notice, sending, version int) error {
	n, err := s.notice(notice)
	if err != nil {
		return err
	}
	if !n.Open() {
		return fmt.Errorf("notice %d is not open", notice)
	}
	n.Sending, n.Version = sending, version
	return nil
}

func (s *State) notice(n int) (*Notice, error) {
	if n < 1 || n > len(s.Notices) {
		return nil, fmt.Errorf("there is no notice %d", n)
	}
	return &s.Notices[n-1], nil
}

func (s *State) sending(n int) (*Sending, error) {
	if n < 1 || n > len(s.Sendings) {
		return nil, fmt.Errorf("there is no sending %d", n)
	}
	return &s.Sendings[n-1], nil
}
