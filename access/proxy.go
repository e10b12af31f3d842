package access

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

func (s *State) applyProxy(r care.Recorded) error {
	switch e := r.Event.(type) {
	case ProxyOffered:
		return s.addProxy(ProxyState{Number: e.Proxy, To: e.To, Term: e.ProxyTerm, Lapses: e.Lapses}, r)
	case ProxyRecorded:
		return s.addProxy(ProxyState{Number: e.Proxy, To: e.To, Term: e.ProxyTerm, CannotConsent: e.CannotConsent, From: r.Learned}, r)
	case ProxyAccepted:
		p, err := s.changeProxy(e.Proxy, r)
		if err == nil {
			p.From = r.Learned
		}
		return err
	case ProxyDeclined:
		_, err := s.changeProxy(e.Proxy, r)
		return err
	case ProxyLapsed:
		_, err := s.changeProxy(e.Proxy, r)
		return err
	case ProxyLimited:
		p, err := s.changeProxy(e.Proxy, r)
		if err == nil {
			p.Term.Parts = slices.Clone(e.Parts)
		}
		return err
	case ProxyRenewed:
		p, err := s.changeProxy(e.Proxy, r)
		if err == nil {
			p.Term, p.Asking = e.ProxyTerm, Question{}
			p.Term.Parts = slices.Clone(e.Parts)
		}
		return err
	case ProxyEnding:
		p, err := s.changeProxy(e.Proxy, r)
		if err == nil {
			p.Asking = Question{e.Contact, r.Learned, e.AskBy, r.Version}
		}
		return err
	case ProxyEnded:
		p, err := s.changeProxy(e.Proxy, r)
		if err == nil {
			p.Why = e.Why
		}
		return err
	case ProxiesAskedAnew:
		for _, n := range e.Proxies {
			if _, err := s.changeProxy(n, r); err != nil {
				return err
			}
		}
		s.Asked = Question{e.Contact, r.Learned, e.AskBy, r.Version}
	case ProxiesRestored:
		for _, p := range s.Proxies {
			if p.Status == ProxyRests {
				if _, err := s.changeProxy(p.Number, r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *State) addProxy(p ProxyState, r care.Recorded) error {
	if err := follows("proxy", p.Number, len(s.Proxies)); err != nil {
		return err
	}
	p.Term.Parts = slices.Clone(p.Term.Parts)
	p.Since, p.Version = r.Learned, r.Version
	s.Proxies = append(s.Proxies, p)
	return change("proxy", &s.Proxies[len(s.Proxies)-1].Status, r)
}

func (s *State) changeProxy(n int, r care.Recorded) (*ProxyState, error) {
	p, err := numbered("proxy", s.Proxies, n)
	if err != nil {
		return nil, err
	}
	p.Version = r.Version
	return p, change("proxy", &p.Status, r)
}

// lasts reports whether a proxy is there or may come to be.
func (p ProxyState) lasts() bool {
	return p.Status == ProxyOpen || p.Status == ProxyActive || p.Status == ProxyRests
}

func (d decision) offerProxy(c OfferProxy) ([]care.Made, error) {
	if err := d.checkOwnWill(); err != nil {
		return nil, err
	}
	if err := d.checkSides(c.To, false); err != nil {
		return nil, err
	}
	term, err := d.term(c.Parts, c.Until)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(d.s.Proxies, func(p ProxyState) bool { return p.To == c.To && p.Status == ProxyOpen }) {
		return nil, care.Refuse("proxy-offered", "You have asked them already. Wait for their answer, or take the offer back first.").On("to")
	}
	lapses := care.Earlier(d.deadline(toAnswerProxy), term.Ends)
	return just(ProxyOffered{Proxy: len(d.s.Proxies) + 1, To: c.To, ProxyTerm: term, Lapses: lapses}), nil
}

func (d decision) acceptProxy(c AcceptProxy) ([]care.Made, error) {
	p, err := d.proxy(c.Proxy)
	if err != nil {
		return nil, err
	}
	if err := d.checkReceiver(p); err != nil {
		return nil, err
	}
	if p.Status != ProxyOpen {
		return nil, proxyClosed()
	}
	if err := d.checkSides(p.To, false); err != nil {
		return nil, err
	}
	return append(d.endOthers(p.To, p.Number), care.Made{Event: ProxyAccepted(c)}), nil
}

func (d decision) declineProxy(c DeclineProxy) ([]care.Made, error) {
	p, err := d.proxy(c.Proxy)
	if err != nil {
		return nil, err
	}
	if err := d.checkReceiver(p); err != nil {
		return nil, err
	}
	if p.Status != ProxyOpen {
		return nil, proxyClosed()
	}
	return just(ProxyDeclined(c)), nil
}

func (d decision) recordProxy(c RecordProxy) ([]care.Made, error) {
	who := d.speaks()
	switch {
	case c.CannotConsent:
		if err := d.checkProfessional(); err != nil {
			return nil, err
		}
	case d.act.Actor.Kind != care.Professional || who != thePerson && who != aGuardian:
		return nil, care.Refuse("proxy-by-phone", "A professional records this for the patient. Say that the patient said it, and how; ask the relative too.")
	}
	if err := care.CheckText(c.Words, "words", longestWords, c.CannotConsent); err != nil {
		return nil, err
	}
	if err := d.checkSides(c.To, c.CannotConsent); err != nil {
		return nil, err
	}
	term, err := d.term(c.Parts, c.Until)
	if err != nil {
		return nil, err
	}
	made := d.endOthers(c.To, 0)
	e := ProxyRecorded{Proxy: len(d.s.Proxies) + 1, To: c.To, ProxyTerm: term, CannotConsent: c.CannotConsent}
	return append(made, care.Made{Event: e, Sealed: sealed("words", c.Words)}), nil
}

func (d decision) limitProxy(c LimitProxy) ([]care.Made, error) {
	p, err := d.proxy(c.Proxy)
	if err != nil {
		return nil, err
	}
	if err := d.checkProxyWill(p); err != nil {
		return nil, err
	}
	if p.Status != ProxyActive {
		return nil, proxyClosed()
	}
	if err := d.unseen(p.Version); err != nil {
		return nil, err
	}
	parts, err := inOrder(c.Parts)
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		if !slices.Contains(p.Term.Parts, part) {
			return nil, care.Refuse("proxy-wider", "That is more than the relative said yes to. Offer them a new one.").On("parts")
		}
	}
	if len(parts) == len(p.Term.Parts) {
		return nil, care.Unchanged()
	}
	return just(ProxyLimited{c.Proxy, parts}), nil
}

func (d decision) renewProxy(c RenewProxy) ([]care.Made, error) {
	p, err := d.proxy(c.Proxy)
	if err != nil {
		return nil, err
	}
	if err := d.checkProxyWill(p); err != nil {
		return nil, err
	}
	if p.Status != ProxyActive && p.Status != ProxyRests {
		return nil, proxyClosed()
	}
	if err := d.unseen(p.Version); err != nil {
		return nil, err
	}
	if err := d.checkSides(p.To, p.CannotConsent); err != nil {
		return nil, err
	}
	term, err := d.term(p.Term.Parts, c.Until)
	if err != nil {
		return nil, err
	}
	return just(ProxyRenewed{c.Proxy, term}), nil
}

// revokeProxy needs no look at what changed meanwhile: an end is an end.
func (d decision) revokeProxy(c RevokeProxy) ([]care.Made, error) {
	p, err := d.proxy(c.Proxy)
	if err != nil {
		return nil, err
	}
	why := ByPatient
	if d.checkReceiver(p) == nil {
		why = ByRelative
	} else if err := d.checkProxyWill(p); err != nil {
		return nil, err
	}
	if !p.lasts() {
		return nil, care.Unchanged()
	}
	return just(ProxyEnded{c.Proxy, why}), nil
}

func (d decision) reattest() ([]care.Made, error) {
	if err := d.checkRegister(); err != nil {
		return nil, err
	}
	var active []int
	then := d.s.Asked.Post
	for _, p := range d.s.Proxies {
		if p.Status == ProxyActive {
			active, then = append(active, p.Number), p.Term.Contact
		}
	}
	if len(active) == 0 {
		return nil, care.Unchanged()
	}
	return just(ProxiesAskedAnew{active, d.contact(then), d.deadline(toAskAnew)}), nil
}

func (d decision) restoreProxies() ([]care.Made, error) {
	rests := slices.ContainsFunc(d.s.Proxies, func(p ProxyState) bool { return p.Status == ProxyRests })
	return d.turn(ProxiesRestored{}, rests)
}

// endFor ends everything a relative had, at once.
func (d decision) endFor(c EndFor) ([]care.Made, error) {
	if err := d.checkRegister(); err != nil {
		return nil, err
	}
	if c.Why != ByDeath && c.Why != ByProtectedAddress {
		return nil, care.Refuse("end-reason", "Say why it ends: their death, or their protected address.").On("why")
	}
	var made []care.Made
	for _, p := range d.s.Proxies {
		if p.To == c.Relative && p.lasts() {
			made = append(made, care.Made{Event: ProxyEnded{p.Number, c.Why}})
		}
	}
	for _, g := range d.s.Guardians {
		if g.Guardian == c.Relative && g.Status != GuardianshipEnd {
			made = append(made, care.Made{Event: GuardianEnded{g.Number, c.Why}})
		}
	}
	if len(made) == 0 {
		return nil, care.Unchanged()
	}
	return made, nil
}

// endOthers ends the relative's other proxy, which a new one replaces.
func (d decision) endOthers(to care.PersonKey, but int) []care.Made {
	var made []care.Made
	for _, p := range d.s.Proxies {
		if p.To == to && p.Number != but && p.lasts() {
			made = append(made, care.Made{Event: ProxyEnded{p.Number, ByNewProxy}})
		}
	}
	return made
}

func (d decision) proxy(n int) (ProxyState, error) {
	p, err := numbered("proxy", d.s.Proxies, n)
	if err != nil {
		return ProxyState{}, care.Missing("proxy-unknown", "There is no such proxy.").On("proxy")
	}
	return *p, nil
}

func proxyClosed() error {
	return care.Refuse("proxy-closed", "That proxy or offer is over. Offer a new one.").On("proxy")
}

// checkReceiver asks for the relative a proxy was offered to, themselves or
// through the professional who records their answer.
func (d decision) checkReceiver(p ProxyState) error {
	themselves := d.act.For == nil && d.act.Actor.Kind == care.Relative && d.act.Actor.ID == string(p.To)
	recorded := d.act.For != nil && d.act.Actor.Kind == care.Professional && d.act.For.Of.Kind == care.PartyRelative
	if !themselves && !recorded {
		return care.Refuse("proxy-not-yours", "Only the relative it was offered to answers.").On("proxy")
	}
	return nil
}

// checkProxyWill is checkOwnWill, but that a professional decides where the
// person is not able to.
func (d decision) checkProxyWill(p ProxyState) error {
	if p.CannotConsent && d.checkProfessional() == nil {
		return nil
	}
	return d.checkOwnWill()
}

// checkSides refuses a proxy that cannot be between these two: by age, or
// because one of them has a protected address (invariant 31), which is not said.
func (d decision) checkSides(to care.PersonKey, cannotConsent bool) error {
	rules := ageRules(d.s.Regime, d.today())
	giver := rules.ProxyGiver
	if cannotConsent {
		giver = rules.Nearest
	}
	young := func(born care.Date, age int) bool { return d.act.At.Before(birthday(born, age, d.s.Regime)) }
	switch {
	case to == "" || to == d.s.Person:
		return care.Refuse("proxy-other", "Choose another person than the patient.").On("to")
	case d.s.Protected() || d.k.Other.Protected || d.k.Other.Dead:
		return notPossible("to")
	case cannotConsent && giver == 0:
		return care.Refuse("proxy-nearest", "The law here knows no nearest relative who acts without the patient's consent. Write to the coordinator instead.").On("cannotConsent")
	case d.k.Born.IsZero():
		return care.Refuse("born-needed", "The date of birth is missing. Record it first.")
	case young(d.k.Born, giver):
		return care.Refuse("proxy-giver-young", "That is possible from the age of {age}. Until then the guardians act.", "age", fmt.Sprint(giver))
	case d.k.Other.Born.IsZero():
		return care.Refuse("born-needed", "The date of birth is missing. Record it first.").On("to")
	case young(d.k.Other.Born, rules.ProxyReceiver):
		return care.Refuse("proxy-receiver-young", "Whoever acts for somebody else must be {age}.", "age", fmt.Sprint(rules.ProxyReceiver)).On("to")
	}
	return nil
}

// notPossible says no without saying whose address is hidden, or who died.
func notPossible(field string) error {
	return care.Refuse("proxy-not-possible", "This person cannot act for the patient here. Ask the coordinator what is possible.").On(field)
}

// term computes how far and how long a proxy reaches.
func (d decision) term(parts []Part, until care.Date) (ProxyTerm, error) {
	if err := d.checkContact(); err != nil {
		return ProxyTerm{}, err
	}
	parts, err := inOrder(parts)
	if err != nil {
		return ProxyTerm{}, err
	}
	if until.IsZero() {
		until = d.cal.Add(d.today(), usualProxy)
	}
	if err := d.until(until, longestProxy); err != nil {
		return ProxyTerm{}, err
	}
	t := ProxyTerm{Parts: parts, Until: until, Ends: d.endOf(until), Contact: d.k.Contact, Rules: ageRules(d.s.Regime, d.today()).Version}
	if announce := d.cal.StartOf(until.AddDays(1 - announceDays)).UTC(); announce.After(d.act.At) {
		t.Announce = announce
	}
	return t, nil
}

// announced is when a proxy's end is announced, if it still is.
func (p ProxyState) announced() (time.Time, bool) {
	ask := p.Status == ProxyActive && !p.Term.Announce.IsZero() && p.Asking.Due.IsZero()
	return care.Later(p.Term.Announce, p.From), ask
}

// inOrder are parts in their usual order. Unknown or no parts are refused.
func inOrder(parts []Part) ([]Part, error) {
	for _, p := range parts {
		if !slices.Contains(Parts, p) {
			return nil, care.Refuse("part-unknown", "{part} is not a part that can be given. Choose from the list.", "part", care.Clip(string(p), longestName)).On("parts")
		}
	}
	if len(parts) == 0 {
		return nil, care.Refuse("parts-needed", "Choose at least one part.").On("parts")
	}
	return slices.DeleteFunc(slices.Clone(Parts), func(p Part) bool { return !slices.Contains(parts, p) }), nil
}
