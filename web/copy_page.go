package web

import (
	"net/http"
	"strconv"

	"forlop/journey"
)

// copyActions are the receipts of what was copied to the record.
var copyActions = []action{
	{
		name: "copied", command: journey.CopyText{}.Name(), on: "copy",
		offered: func(s *scene, t thing) bool { return s.v.State.Copies[t.n-1].Done.IsZero() },
		asks:    func(*scene, thing) []ask { return nil },
		presses: func(*scene, thing) bool { return true },
		makes:   func(_ *scene, t thing, _ *filled) named { return journey.CopyText{Copy: t.n} },
	},
}

// copyText is the text that belongs in the record. Of a joint assessment it is
// the summary with the patient's answer to it, and what was seen otherwise.
func (s *scene) copyText(c journey.Copy) []said {
	if c.About == "joint-summary" {
		if e, ok := s.v.History[c.Of-1].Event.(journey.JointAnswered); ok {
			return s.jointSaid(e.Joint)
		}
	}
	return s.signed(s.v.History[c.Of-1])
}

// showCopies is a page to copy from: each text that belongs in the record, plain,
// what is not copied yet first, with one press for the receipt.
func showCopies(c *call) error {
	s, err := c.scene()
	if err != nil {
		return err
	}
	s.p.title = s.p.T("staff.copy.title")
	var open, done []thingView
	for _, x := range s.v.State.Copies {
		t := thing{kind: "copy", id: strconv.Itoa(x.Copy), n: x.Copy}
		v := thingView{anchor: "copy-" + t.id, title: itemWords(s.p, "copy", x.About, ""), lines: []string{s.day(s.v.History[x.Of-1].Happened)}, said: s.copyText(x)}
		if x.Done.IsZero() {
			v.due = s.p.T("staff.by", "date", s.last(x.By), "relative", s.p.lang.Until(s.today, s.last(x.By)))
			v.presses, _ = s.does(t, v.title)
			open = append(open, v)
			continue
		}
		v.state, v.tone = s.p.T("staff.copy.done", "date", s.v.Calendar.Date(x.Done)), "done"
		done = append(done, v)
	}
	return write(c.w, c.r, http.StatusOK, copiesBody(s.p, s.brief(), open, done, s.address("")))
}
