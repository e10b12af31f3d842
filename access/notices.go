package access

import (
	"slices"
	"strings"

	"forlop/care"
)

// directNotices sends all notices to a relative who may have them.
func (d decision) directNotices(c DirectNotices) ([]care.Made, error) {
	if err := d.checkOwnWill(); err != nil {
		return nil, err
	}
	switch {
	case c.To == d.s.Notices:
		return nil, care.Unchanged()
	case c.To != "" && !d.s.takesNotices(c.To, d.act.At):
		return nil, care.Refuse("notices-no-proxy", "Notices can go to somebody who may read your messages. Give them a proxy for messages first.").On("to")
	}
	return just(NoticesDirected(c)), nil
}

// writeToCoordinator is open to every relative, with access or without, and also
// to a blocked guardian. It says nothing about the person.
func (d decision) writeToCoordinator(c WriteToCoordinator) ([]care.Made, error) {
	if v := d.speaks(); v != aRelative && v != aGuardian {
		return nil, care.Refuse("write-relative", "This is for relatives. The patient writes a message; a professional says whose words they are.")
	}
	if err := care.CheckText(c.Words, "words", longestWords, true); err != nil {
		return nil, err
	}
	if err := d.checkContact(); err != nil {
		return nil, err
	}
	return said(Written{len(d.s.Messages) + 1, d.k.Contact, d.deadline(toAnswerRelative)}, c.Words)
}

// settle closes an item that somebody has seen to. That the person was told of
// an opening, they can say themselves, and the service when it has shown them.
func (d decision) settle(c Settle) ([]care.Made, error) {
	items := d.s.open()
	n := slices.IndexFunc(items, func(i care.Item) bool { return i.Key == c.Item && settles(i) })
	if n < 0 {
		return nil, care.Missing("settle-unknown", "That is done already, or it is closed in another way.").On("item")
	}
	told := items[n].Kind == care.TellItem && (d.speaks() == thePerson || d.act.Actor.Kind == care.System)
	if err := d.checkProfessional(); err != nil && !told {
		return nil, err
	}
	if err := d.unseen(items[n].Version); err != nil {
		return nil, err
	}
	if err := care.CheckText(c.Words, "words", longestWords, false); err != nil {
		return nil, err
	}
	return []care.Made{{Event: Settled{c.Item}, Sealed: sealed("words", c.Words)}}, nil
}

// settles reports whether an item is closed by saying that it is done.
func settles(i care.Item) bool {
	kind, _, _ := strings.Cut(i.Key, "/")
	return slices.Contains([]string{"take-over", "proxy-ending", "proxies-anew", "message", "tell"}, kind)
}

// protectAddress ends in the same decision what a protected address does not
// allow: proxies, offers of them, and notices to others. Guardians see nothing
// while it stands.
func (d decision) protectAddress(c ProtectAddress) ([]care.Made, error) {
	own := map[care.Regime][]Protection{care.Norway: {Strict, Confidential}, care.Sweden: {ProtectedRegistration, Confidential}}
	if err := d.checkRegister(); err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains(own[d.s.Regime], c.Kind):
		return nil, care.Refuse("protection-unknown", "{kind} is not a kind of protection that the law here has.", "kind", care.Clip(string(c.Kind), longestName)).On("kind")
	case c.Kind == d.s.Protection:
		return nil, care.Unchanged()
	}
	made, err := saidOrNot(AddressProtected{c.Kind}, c.Words)
	if err != nil {
		return nil, err
	}
	for _, p := range d.s.Proxies {
		if p.lasts() {
			made = append(made, care.Made{Event: ProxyEnded{p.Number, ByProtectedAddress}})
		}
	}
	// The end of the proxy may have sent them back already; a guardian's has not.
	if d.s.Notices != "" {
		made = append(made, care.Made{Event: NoticesDirected{}})
	}
	return made, nil
}

func (d decision) unprotectAddress(c UnprotectAddress) ([]care.Made, error) {
	if made, err := d.turn(AddressUnprotected{}, d.s.Protected()); err != nil {
		return made, err
	}
	return saidOrNot(AddressUnprotected{}, c.Words)
}

// saidOrNot is said where there are words, and the event alone where there are
// none: a register that marks an address gives no reason.
func saidOrNot(e care.Event, words string) ([]care.Made, error) {
	if strings.TrimSpace(words) == "" {
		return just(e), nil
	}
	return said(e, words)
}
