package access

import (
	"fmt"
	"slices"
	"strings"

	"forlop/care"
)

func (s *State) applyShared(r care.Recorded) error {
	switch e := r.Event.(type) {
	case ConsentGiven:
		if err := follows("consent", e.Consent, len(s.Consents)); err != nil {
			return err
		}
		s.Consents = append(s.Consents, ConsentState{e.Consent, e.Unit, e.Until, r.Learned, e.Ends, ConsentHolds, r.Version})
	case ConsentWithdrawn:
		return s.changeConsent(e.Consent, r)
	case ConsentEnded:
		return s.changeConsent(e.Consent, r)
	case PageShared:
		if err := follows("page", e.Page, len(s.Pages)); err != nil {
			return err
		}
		s.Pages = append(s.Pages, PageState{e.Page, e.To, slices.Clone(e.Items), e.Until, r.Learned, e.Ends, ConsentHolds, r.Version})
	case PageWithdrawn:
		return s.changePage(e.Page, r)
	case PageEnded:
		return s.changePage(e.Page, r)
	}
	return nil
}

func (s *State) changeConsent(n int, r care.Recorded) error {
	c, err := numbered("consent", s.Consents, n)
	if err != nil {
		return err
	}
	return change("consent", &c.Status, r)
}

func (s *State) changePage(n int, r care.Recorded) error {
	p, err := numbered("page", s.Pages, n)
	if err != nil {
		return err
	}
	return change("page", &p.Status, r)
}

func (d decision) giveConsent(c GiveConsent) ([]care.Made, error) {
	if err := d.checkOwnWill(); err != nil {
		return nil, err
	}
	if !d.unitExists(c.Unit) {
		return nil, unitUnknown(c.Unit, "unit")
	}
	if err := d.until(c.Until, longestConsent); err != nil {
		return nil, err
	}
	same := func(o ConsentState) bool {
		return o.Status == ConsentHolds && o.Unit == c.Unit && o.Until == c.Until
	}
	if slices.ContainsFunc(d.s.Consents, same) {
		return nil, care.Unchanged()
	}
	return just(ConsentGiven{len(d.s.Consents) + 1, c.Unit, c.Until, d.endOf(c.Until)}), nil
}

func (d decision) withdrawConsent(c WithdrawConsent) ([]care.Made, error) {
	o, err := numbered("consent", d.s.Consents, c.Consent)
	if err != nil {
		return nil, care.Missing("consent-unknown", "There is no such consent.").On("consent")
	}
	if err := d.checkOwnWill(); err != nil {
		return nil, err
	}
	if o.Status != ConsentHolds {
		return nil, care.Unchanged()
	}
	return just(ConsentWithdrawn(c)), nil
}

// onlyChosen are the kinds of items that nobody shares without having picked
// them.
var onlyChosen = []string{"declined", "too-ill", "answers", "messages"}

func (d decision) sharePage(c SharePage) ([]care.Made, error) {
	if err := d.checkOwnWill(); err != nil {
		return nil, err
	}
	kinds := []ReceiverKind{Welfare, Employer, School, OtherReceiver}
	switch {
	case !slices.Contains(kinds, c.To.Kind):
		return nil, care.Refuse("receiver-unknown", "Say who shall read the page. Choose from the list.").On("to")
	case strings.TrimSpace(c.To.Name) == "" || care.Longer(c.To.Name, longestName):
		return nil, care.Refuse("party-name", "Name them, in at most {most} characters.", "most", fmt.Sprint(longestName)).On("to")
	case len(c.Items) < 1 || len(c.Items) > mostItems:
		return nil, care.Refuse("page-items", "A page holds from 1 to {most} items. Choose which.", "most", fmt.Sprint(mostItems)).On("items")
	}
	if err := care.CheckText(c.To.Name, "to", longestWords, true); err != nil {
		return nil, err
	}
	if err := d.until(c.Until, longestPage); err != nil {
		return nil, err
	}
	e := PageShared{Page: len(d.s.Pages) + 1, To: c.To, Until: c.Until, Ends: d.endOf(c.Until)}
	words := care.Sealed{}
	for n, i := range c.Items {
		kind, _, _ := strings.Cut(i.Key, "/")
		switch {
		case !isKey(i.Key) || slices.Contains(e.Items, i.Key):
			return nil, care.Refuse("page-item-unknown", "One item is not one that can be shared. Choose the items anew.").On("items")
		case slices.Contains(onlyChosen, kind) && !i.Chosen:
			return nil, care.Refuse("page-item-unchosen", "What you declined, that you were too ill, your answers and your messages are shared only if you pick them yourself.").On("items")
		}
		if err := care.CheckText(i.Title, "items", longestWords, true); err != nil {
			return nil, err
		}
		if err := care.CheckText(i.Text, "items", longestWords, true); err != nil {
			return nil, err
		}
		e.Items = append(e.Items, i.Key)
		words[fmt.Sprintf("title-%d", n+1)], words[fmt.Sprintf("text-%d", n+1)] = i.Title, i.Text
	}
	return []care.Made{{Event: e, Sealed: words}}, nil
}

func (d decision) withdrawPage(c WithdrawPage) ([]care.Made, error) {
	p, err := numbered("page", d.s.Pages, c.Page)
	if err != nil {
		return nil, care.Missing("page-unknown", "There is no such page.").On("page")
	}
	if err := d.checkOwnWill(); err != nil {
		return nil, err
	}
	if p.Status != ConsentHolds {
		return nil, care.Unchanged()
	}
	return just(PageWithdrawn(c)), nil
}

// isKey reports whether a key is one of ours, so that nobody's words reach a
// body through it.
func isKey(key string) bool {
	for _, r := range key {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '/' {
			return false
		}
	}
	return key != "" && len(key) <= 64
}
