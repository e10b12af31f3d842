package journey

import (
	"slices"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// CopyText says that a text which belongs in the record was copied there.
type CopyText struct {
	Copy int `json:"copy"`
}

// CopyOwed says that the text of event Of belongs in the record, and that nobody
// has copied it there yet. It is made only where the site asks for it: the record
// stays the legal record, and nothing shall have to be typed twice.
type CopyOwed struct {
	Copy int `json:"copy"`
	Of   int `json:"of"`
	// About is what it is: answer, meeting, advice or joint-summary.
	About string    `json:"about"`
	Owner care.Post `json:"owner"`
	By    time.Time `json:"by"`
}

// Copied is the receipt: who copied it and when stands on the event.
type Copied struct {
	Copy int `json:"copy"`
}

// The types and the name never change, whatever the Go names do.

func (CopyText) Name() string { return "journey.copy" }
func (CopyOwed) Type() string { return "journey.copy-owed/1" }
func (Copied) Type() string   { return "journey.copied/1" }

// Copy is a text that belongs in the record.
type Copy struct {
	CopyOwed
	Done time.Time
	// Version is the last event about it; Begun the one that opened it.
	Version, Begun int
}

// forCopy is how soon a text is copied. Ours (proposed).
var forCopy = care.Span{N: 3, Unit: care.WorkingDays}

// belongs says what a text that belongs in the record is about; empty for every
// other event.
func belongs(e care.Event) string {
	switch e := e.(type) {
	case Answered:
		if e.Answer == pathway.Accept || e.Answer == pathway.Advise {
			return "answer"
		}
	case MeetingHeld:
		return "meeting"
	case ConsultAdvised:
		return "advice"
	case JointAnswered:
		if e.Answer != SummaryChanges {
			return "joint-summary"
		}
	}
	return ""
}

// oweCopies opens a copy for each text of the act that belongs in the record, with
// the unit that is responsible then.
func (d *draft) oweCopies() {
	if !d.k.CopyToRecord {
		return
	}
	for i, m := range slices.Clone(d.made) {
		about := belongs(m.Event)
		if about == "" {
			continue
		}
		d.add(CopyOwed{Copy: len(d.s.Copies) + 1, Of: d.was.Version + i + 1, About: about, Owner: d.s.Responsible, By: d.deadline(forCopy)})
	}
}

func (d *draft) copyText(c CopyText) error {
	x, err := at(d.s.Copies, c.Copy, "copy")
	if err != nil {
		return care.Missing("no-such-copy", "There is no such text to copy.")
	}
	if !x.Done.IsZero() {
		return care.Stale("copied-already", "That text is copied already.")
	}
	if err := d.seen(x.Version); err != nil {
		return err
	}
	d.add(Copied{Copy: x.Copy})
	return nil
}

func (s *State) foldCopy(r care.Recorded) error {
	switch e := r.Event.(type) {
	case CopyOwed:
		if err := next(s.Copies, e.Copy, "copy"); err != nil {
			return err
		}
		s.Copies = append(s.Copies, Copy{CopyOwed: e, Version: r.Version, Begun: r.Version})
		s.open(r, "copy", e.Copy, care.TellItem, e.About, e.Owner, e.By, time.Time{})
	case Copied:
		c, err := at(s.Copies, e.Copy, "copy")
		if err != nil {
			return err
		}
		c.Done, c.Version = r.Happened, r.Version
		s.shut("copy", e.Copy)
	}
	return nil
}
