package web

import (
	"net/http"
	"net/url"

	"forlop/care"
	"forlop/casework"
)

// hiddenFacts are who marked the address as hidden, when and why, and what is
// hidden by it.
func (s *scene) hiddenFacts(v casework.AccessView) []fact {
	by := orElse(v.Name(v.Hidden.By), orElse(v.Hidden.By, s.p.T("person.address.none")))
	return []fact{
		{name: s.p.T("person.address.by"), value: by + ", " + s.day(v.Hidden.At)},
		{name: s.p.T("person.address.why"), value: orElse(v.Hidden.Words, s.p.T("person.address.why-not-given"))},
	}
}

// hides is what a hidden address hides, line by line.
func (s *scene) hides() []string {
	return []string{
		s.p.T("person.address.hides-address"), s.p.T("person.address.hides-gp"), s.p.T("person.address.hides-units"), s.p.T("person.address.hides-relatives"),
		s.p.T("person.address.limit"),
	}
}

// An addressPage is what a hidden address hides, and the way to see it.
type addressPage struct {
	facts []fact
	hides []string
	form  *actionPage
	back  string
}

// addressScene is a journey's page about a hidden address.
func (c *call) addressScene() (*scene, addressPage, error) {
	s, v, err := c.consents()
	if err != nil {
		return nil, addressPage{}, err
	}
	s.p.title = s.p.T("person.address.title", "name", s.patient())
	x := addressPage{back: s.address("/access"), hides: s.hides()}
	if !v.State.Protected() {
		x.facts = []fact{{name: s.p.T("consents.address"), value: s.p.T("person.address.open")}}
		return s, x, nil
	}
	x.facts = append([]fact{{name: s.p.T("consents.address"), value: s.p.T("consents.protection." + string(v.State.Protection))}}, s.hiddenFacts(v)...)
	return s, x, nil
}

func addressAsks(p page) []ask {
	return []ask{wordsOf("reason").called(p.T("person.address.reason")).with("address-reason").needed()}
}

func (s *scene) addressForm(v url.Values) *actionPage {
	return &actionPage{action: s.address("/address"), asks: addressAsks(s.p), values: v, save: s.p.T("person.address.save"), back: s.address("/access"), danger: s.p.T("person.address.lead")}
}

// showAddress says what is hidden, and asks why somebody must see it.
func showAddress(c *call) error {
	s, x, err := c.addressScene()
	if err != nil {
		return err
	}
	x.form = s.addressForm(url.Values{})
	return write(c.w, c.r, http.StatusOK, addressBody(s.p, x))
}

// seeAddress shows the address for a reason, which the log keeps.
func seeAddress(c *call) error {
	s, x, err := c.addressScene()
	if err != nil {
		return err
	}
	v := c.r.PostForm
	f := readForm(s.p, addressAsks(s.p), v, s.v.Calendar)
	if len(f.faults) > 0 {
		s.p.faults = f.faults
		x.form = s.addressForm(v)
		return write(c.w, c.r, http.StatusUnprocessableEntity, addressBody(s.p, x))
	}
	who := c.who
	who.Reason = f.text("reason")
	a, err := casework.View(c.r.Context(), c.s.service, who, casework.HiddenAddress{Person: s.v.Person.Key})
	if err != nil {
		return err
	}
	none := s.p.T("person.address.none")
	party := func(p care.Party) string {
		if p.Kind == care.PartyUnit {
			if u, ok := c.s.service.Directory().Unit(p.Post.Unit); ok {
				return u.Contact.Name
			}
		}
		return orElse(p.Name, none)
	}
	x.facts = append(x.facts,
		fact{name: s.p.T("person.address.address"), value: orElse(a.Identity.Address, none)},
		fact{name: s.p.T("person.address.phone"), value: orElse(a.Identity.Phone, none)},
		fact{name: s.p.T("person.address.email"), value: orElse(a.Identity.Email, none)},
		fact{name: s.p.T("person.address.gp"), value: party(a.GP)},
		fact{name: s.p.T("person.address.municipality"), value: party(a.Municipality)},
	)
	return write(c.w, c.r, http.StatusOK, addressBody(s.p, x))
}
