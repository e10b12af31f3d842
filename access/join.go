package access

import (
	"slices"

	"forlop/care"
)

// JoinRecord says that another key is the same person: what blocks hold back
// from one record, they hold back from the other.
type JoinRecord struct {
	With care.PersonKey `json:"with"`
}

// PartRecord takes JoinRecord back.
type PartRecord struct {
	With care.PersonKey `json:"with"`
}

// Name of the command.
func (JoinRecord) Name() string { return "consent.join-record" }

// Name of the command.
func (PartRecord) Name() string { return "consent.part-record" }

// RecordJoined says that another key is the same person.
type RecordJoined struct {
	With care.PersonKey `json:"with"`
}

// RecordParted says that it is not.
type RecordParted struct {
	With care.PersonKey `json:"with"`
}

// Type of the event.
func (RecordJoined) Type() string { return "consent.record-joined/1" }

// Type of the event.
func (RecordParted) Type() string { return "consent.record-parted/1" }

func (s *State) applyJoin(r care.Recorded) {
	switch e := r.Event.(type) {
	case RecordJoined:
		s.With = append(s.With, e.With)
	case RecordParted:
		s.With = slices.DeleteFunc(s.With, func(k care.PersonKey) bool { return k == e.With })
	}
}

func (d decision) joinRecord(c JoinRecord) ([]care.Made, error) {
	return d.turn(RecordJoined(c), c.With != "" && c.With != d.s.Person && !slices.Contains(d.s.With, c.With))
}

func (d decision) partRecord(c PartRecord) ([]care.Made, error) {
	return d.turn(RecordParted(c), slices.Contains(d.s.With, c.With))
}
