package person

import (
	"fmt"
	"strings"

	"forlop/care"
)

func (d decision) recordFinding(c RecordFinding) ([]care.Made, error) {
	if err := checkKind(c.Kind); err != nil {
		return nil, err
	}
	switch {
	case c.Examined.IsZero():
		return nil, care.Refuse("date-needed", "Give the date.").On("examined")
	case c.Examined.After(d.today()):
		return nil, dateFuture("examined")
	}
	if err := d.checkParty(c.By, "by"); err != nil {
		return nil, err
	}
	if err := care.CheckText(c.Showed, "showed", longestWords, c.File == ""); err != nil {
		return nil, err
	}
	f := FindingRecorded{len(d.s.Findings) + 1, c.Kind, c.Examined, c.By, c.File}
	return []care.Made{{Event: f, Sealed: sealed("showed", c.Showed)}}, nil
}

func (d decision) withdrawFinding(c WithdrawFinding) ([]care.Made, error) {
	f, err := at("finding", d.s.Findings, c.Finding)
	if err != nil {
		return nil, care.Missing("finding-unknown", "There is no finding {finding}.", "finding", fmt.Sprint(c.Finding)).On("finding")
	}
	if f.Withdrawn {
		return nil, care.Unchanged()
	}
	if err := care.CheckText(c.Reason, "reason", longestWords, true); err != nil {
		return nil, err
	}
	return []care.Made{{Event: FindingWithdrawn{c.Finding}, Sealed: sealed("reason", c.Reason)}}, nil
}

// planExamination asks for a reason where the same was examined a short while
// ago: people with these illnesses are examined over and over, and each time
// costs them days.
func (d decision) planExamination(c PlanExamination) ([]care.Made, error) {
	if err := checkKind(c.Kind); err != nil {
		return nil, err
	}
	if err := care.CheckText(c.Reason, "reason", longestWords, false); err != nil {
		return nil, err
	}
	e := ExaminationPlanned{Examination: len(d.s.Examinations) + 1, Kind: c.Kind}
	if f, ok := d.freshFinding(c); ok {
		if strings.TrimSpace(c.Reason) == "" {
			return nil, care.Refuse("examined-already", "{kind} was examined on {date}. A repeat needs a reason.",
				"kind", c.Kind, "date", f.Examined.String()).On("reason")
		}
		e.Repeats = f.Number
	}
	return []care.Made{{Event: e, Sealed: sealed("reason", c.Reason)}}, nil
}

func (d decision) freshFinding(c PlanExamination) (Finding, bool) {
	span := c.FreshFor
	if span.IsZero() {
		span = fresh
	}
	f, ok := d.s.LatestFinding(c.Kind)
	return f, ok && !d.cal.Add(f.Examined, span).Before(d.today())
}

// checkKind refuses what cannot name a kind of examination: letters a–z, digits
// and hyphens. A kind is compared, so it is never free text.
func checkKind(kind string) error {
	ok := kind != "" && len(kind) <= longestName
	for _, r := range kind {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-')
	}
	if !ok {
		return care.Refuse("kind-form", "Name the kind by letters a–z, digits and hyphens, such as mri-lumbar.").On("kind")
	}
	return nil
}
