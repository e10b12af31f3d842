package web

import (
	"net/http"
	"slices"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
)

// showInterventions is the page of those who have agreed to do something, such as
// in a municipality: only what is theirs, each with one press for done, hindered
// and needs help. A desk sees what stands on the unit's desk.
func showInterventions(c *call) error {
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("staff.mine.title")
	p.told, err = c.doneElsewhere()
	if err != nil {
		return err
	}
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.WorkQuery{Kinds: []care.ItemKind{care.InterventionItem, care.OfferItem}, Order: casework.ByDue, Size: 50})
	if err != nil {
		return err
	}
	var things []thingView
	for _, row := range list.Rows {
		if row.Stream != "journey" || row.Item.Kind == care.OfferItem && row.Item.Ref != string(journey.OfIntervention) {
			continue
		}
		c.r.SetPathValue("id", row.Journey)
		s, err := c.scene()
		if err != nil {
			if _, refused := care.AsRefusal(err); refused {
				continue // handed over since the list was read
			}
			return err
		}
		things = append(things, s.mineToDo(row))
	}
	return write(c.w, c.r, http.StatusOK, interventionsBody(p, things))
}

// mineToDo is one intervention, or the offer of one, as who does it reads it.
func (s *scene) mineToDo(row casework.WorkRow) thingView {
	t := parseThing(row.Item.Key)
	v := thingView{
		title: s.patient(), due: s.by(row.Item), late: row.Item.Due.Before(s.v.Now), owner: s.p.T("plan.responsible", "who", s.owner(row.Item.Post)),
	}
	n := t.n
	if t.kind == "offer" {
		n = s.v.State.Offers[t.n-1].Intervention
	}
	v.lines = append([]string{s.interventionText(n)}, s.handOverKnown()...)
	if r := s.v.State.Interventions[n-1].Report; r != "" {
		v.state, v.tone = s.p.T("staff.report."+r), "waiting"
	}
	back := pair{"to-page", interventionsPath}
	add := func(name string, with ...pair) {
		a := findAction(name)
		if !s.can(a, t) {
			return
		}
		b := s.press(a, t, v.title)
		b.hidden = append(slices.DeleteFunc(b.hidden, func(h pair) bool {
			return slices.ContainsFunc(with, func(w pair) bool { return w.name == h.name })
		}), append(with, back, pair{"as", row.Item.Post.String()})...)
		v.presses = append(v.presses, b)
	}
	if t.kind == "offer" {
		add("accept")
		v.links = append(v.links, link{text: s.p.T("staff.do.decline"), href: withBack(actionAddress(s.v.ID, "decline", t.key()), interventionsPath)})
		return v
	}
	add("end-intervention", pair{"outcome", "done"})
	for _, state := range []string{"hindered", "needs-help"} {
		add("report", pair{"state", state})
		if k := len(v.presses) - 1; k >= 0 && v.presses[k].label == s.p.T("staff.do.report") {
			v.presses[k].label = s.p.T("staff.report." + state)
		}
	}
	v.links = append(v.links,
		link{text: s.p.T("staff.mine.with-words"), href: withBack(actionAddress(s.v.ID, "report", t.key()), interventionsPath)},
		link{text: s.p.T("staff.open-journey"), href: s.address("#" + anchor(row.Item.Key))})
	return v
}

// interventionsPath is where who has agreed to do something finds it.
const interventionsPath = "/interventions"
