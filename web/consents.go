package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// A consentAction is one thing that a unit records about who may see and act. n
// is the number of what it is about, 0 where it is about nothing yet.
type consentAction struct {
	name string
	// own says that it is the professional's own act, and nobody's words.
	own bool
	// names says that the form names a relative.
	names bool
	asks  func(s *scene, v casework.AccessView) []ask
	makes func(f *filled, relative care.PersonKey, n int) nameable
}

// nameable is a command.
type nameable interface{ Name() string }

// consentActions are all of them, in the order in which they are offered.
var consentActions = []consentAction{
	{"record-proxy", false, true, func(s *scene, _ casework.AccessView) []ask {
		return append(s.relativeAsks(), s.partAsk(access.Parts), dayOf("until").called(s.p.T("consents.until")).with("consents-proxy-until"))
	}, func(f *filled, to care.PersonKey, _ int) nameable {
		return access.RecordProxy{To: to, Parts: chosenParts(f), Until: f.date("until")}
	}},
	{"limit-proxy", false, false, func(s *scene, _ casework.AccessView) []ask { return []ask{s.partAsk(access.Parts)} },
		func(f *filled, _ care.PersonKey, n int) nameable {
			return access.LimitProxy{Proxy: n, Parts: chosenParts(f)}
		}},
	{"renew-proxy", false, false, func(s *scene, _ casework.AccessView) []ask {
		return []ask{dayOf("until").called(s.p.T("consents.until")).with("consents-proxy-until")}
	}, func(f *filled, _ care.PersonKey, n int) nameable {
		return access.RenewProxy{Proxy: n, Until: f.date("until")}
	}},
	{"revoke-proxy", false, false, nothingAsked, func(_ *filled, _ care.PersonKey, n int) nameable { return access.RevokeProxy{Proxy: n} }},
	{"record-guardian", true, true, func(s *scene, _ casework.AccessView) []ask {
		return append(s.relativeAsks(),
			radioOf("source", s.consentPicks("source", string(access.FromRegister), string(access.FromCourt), string(access.FromDocument))...).called(s.p.T("consents.source-label")).needed(),
			dayOf("from").called(s.p.T("consents.from")))
	}, func(f *filled, to care.PersonKey, _ int) nameable {
		return access.RecordGuardian{Guardian: to, Source: access.GuardianSource(f.text("source")), From: f.date("from")}
	}},
	{"end-guardian", true, false, wordsAsked, func(f *filled, _ care.PersonKey, n int) nameable {
		return access.EndGuardian{Guardian: n, Why: f.text("words")}
	}},
	{"block-guardian", true, false, wordsAsked, func(f *filled, _ care.PersonKey, n int) nameable {
		return access.BlockGuardian{Guardian: n, Words: f.text("words")}
	}},
	{"unblock-guardian", true, false, wordsAsked, func(f *filled, _ care.PersonKey, n int) nameable {
		return access.UnblockGuardian{Guardian: n, Words: f.text("words")}
	}},
	{"block", false, false, func(s *scene, _ casework.AccessView) []ask {
		strengths := []string{string(access.Closed)}
		if s.v.State.Regime == care.Sweden {
			strengths = []string{string(access.Inner), string(access.Outer)}
		}
		return []ask{
			oneOf("unit", s.unitPicks()...).called(s.p.T("consents.unit")).needed(),
			radioOf("strength", s.consentPicks("strength", strengths...)...).called(s.p.T("consents.strength-label")).needed(),
			wordsOf("words").called(s.p.T("consents.words")),
		}
	}, func(f *filled, _ care.PersonKey, _ int) nameable {
		return access.Block{Against: access.Against{Unit: care.UnitID(f.text("unit"))}, Strength: access.Strength(f.text("strength")), Words: f.text("words")}
	}},
	{"block-person", false, false, func(s *scene, v casework.AccessView) []ask {
		// In Sweden a block is against units; access refuses a person there.
		strengths := []string{string(access.Closed), string(access.Shut)}
		if s.v.State.Regime == care.Sweden {
			strengths = nil
		}
		var staff []choice
		for _, id := range v.Staff {
			staff = append(staff, choice{value: id, label: orElse(v.Name(id), id)})
		}
		return []ask{
			oneOf("professional", staff...).called(s.p.T("consents.professional")).needed(),
			radioOf("strength", s.consentPicks("strength", strengths...)...).called(s.p.T("consents.strength-label")).needed(),
			wordsOf("words").called(s.p.T("consents.words")),
		}
	}, func(f *filled, _ care.PersonKey, _ int) nameable {
		return access.Block{Against: access.Against{Professional: f.text("professional")}, Strength: access.Strength(f.text("strength")), Words: f.text("words")}
	}},
	{"allow-login", false, false, nothingAsked, func(*filled, care.PersonKey, int) nameable { return access.AllowLogin{} }},
	{"stop-login", false, false, nothingAsked, func(*filled, care.PersonKey, int) nameable { return access.StopLogin{} }},
	{"lift-block", false, false, nothingAsked, func(_ *filled, _ care.PersonKey, n int) nameable { return access.LiftBlock{Block: n} }},
	{"give-consent", false, false, func(s *scene, _ casework.AccessView) []ask {
		return []ask{oneOf("unit", s.unitPicks()...).called(s.p.T("consents.unit")).needed(), dayOf("until").called(s.p.T("consents.until")).needed()}
	}, func(f *filled, _ care.PersonKey, _ int) nameable {
		return access.GiveConsent{Unit: care.UnitID(f.text("unit")), Until: f.date("until")}
	}},
	{"withdraw-consent", false, false, nothingAsked, func(_ *filled, _ care.PersonKey, n int) nameable { return access.WithdrawConsent{Consent: n} }},
	{"direct-notices", false, false, func(s *scene, v casework.AccessView) []ask {
		to := []choice{{value: "self", label: s.p.T("consents.to-self")}}
		for _, r := range v.Relatives {
			to = append(to, choice{value: string(r.Person), label: s.relative(r)})
		}
		return []ask{radioOf("to", to...).called(s.p.T("consents.notices-to")).needed()}
	}, func(f *filled, _ care.PersonKey, _ int) nameable {
		if f.text("to") == "self" {
			return access.DirectNotices{}
		}
		return access.DirectNotices{To: care.PersonKey(f.text("to"))}
	}},
	{"protect-address", true, false, func(s *scene, _ casework.AccessView) []ask {
		kinds := []string{string(access.Strict), string(access.Confidential)}
		if s.v.State.Regime == care.Sweden {
			kinds = []string{string(access.Confidential), string(access.ProtectedRegistration)}
		}
		return append([]ask{radioOf("kind", s.consentPicks("protection", kinds...)...).called(s.p.T("consents.protection-label")).needed()}, wordsAsked(s, casework.AccessView{})...)
	}, func(f *filled, _ care.PersonKey, _ int) nameable {
		return access.ProtectAddress{Kind: access.Protection(f.text("kind")), Words: f.text("words")}
	}},
	{"unprotect-address", true, false, wordsAsked, func(f *filled, _ care.PersonKey, _ int) nameable {
		return access.UnprotectAddress{Words: f.text("words")}
	}},
}

func nothingAsked(*scene, casework.AccessView) []ask { return nil }

func wordsAsked(s *scene, _ casework.AccessView) []ask {
	return []ask{wordsOf("words").called(s.p.T("consents.words-why")).needed()}
}

func chosenParts(f *filled) []access.Part {
	var parts []access.Part
	for _, p := range f.several("parts") {
		parts = append(parts, access.Part(p))
	}
	return parts
}

// relativeAsks name a relative: their number finds them where they are known.
func (s *scene) relativeAsks() []ask {
	return []ask{
		lineOf("name").called(s.p.T("consents.name")).needed(),
		lineOf("number").called(s.p.T("consents.number")).with("consents-number"),
		dayOf("born").called(s.p.T("consents.born")).with("consents-born"),
	}
}

func (s *scene) partAsk(parts []access.Part) ask {
	ids := make([]string, 0, len(parts))
	for _, p := range parts {
		ids = append(ids, string(p))
	}
	return someOf("parts", s.consentPicks("part", ids...)...).called(s.p.T("consents.parts")).needed()
}

func (s *scene) consentPicks(group string, ids ...string) []choice {
	list := make([]choice, 0, len(ids))
	for _, id := range ids {
		list = append(list, choice{value: id, label: s.p.T("consents." + group + "." + id)})
	}
	return list
}

// unitPicks are the open units of the journey's country.
func (s *scene) unitPicks() []choice {
	var list []choice
	for _, u := range openUnits(s.p, s.v.Directory(), s.v.State.Regime) {
		list = append(list, choice{value: string(u.Unit), label: u.Contact.Name})
	}
	return list
}

// relative is what a relative is called here.
func (s *scene) relative(r casework.RelativeView) string {
	if r.Name == "" {
		return s.p.T("consents.unnamed")
	}
	return r.Name
}

// consents opens a journey together with what its person allows and forbids.
func (c *call) consents() (*scene, casework.AccessView, error) {
	return sceneWith(c, func(v casework.JourneyView) casework.Question[casework.AccessView] {
		return casework.Consents{Person: v.Person.Key}
	})
}

// showConsents is who can see and act for the person, and what can be recorded.
func showConsents(c *call) error {
	s, v, err := c.consents()
	if err != nil {
		return err
	}
	s.p.title = s.p.T("consents.title-of", "name", s.patient())
	if done := findConsentAction(c.r.URL.Query().Get("done")); done != nil {
		s.p.told = &told{title: s.p.T("consents.done", "what", s.p.T("consents.do."+done.name)), text: s.p.T("consents.back-" + undoneBy(done.name))}
	}
	return write(c.w, c.r, http.StatusOK, consentsBody(s.p, s.brief(), s.consentParts(v), s.address("")))
}

// undoneBy says which way there is back from an act.
func undoneBy(name string) string {
	switch name {
	case "revoke-proxy", "limit-proxy", "end-guardian":
		return "anew"
	case "protect-address":
		return "ended"
	}
	return "there"
}

func findConsentAction(name string) *consentAction {
	if i := slices.IndexFunc(consentActions, func(a consentAction) bool { return a.name == name }); i >= 0 {
		return &consentActions[i]
	}
	return nil
}

// consentParts are the sections of the page.
func (s *scene) consentParts(v casework.AccessView) []pagePart {
	to := func(name string, n int) link {
		return link{text: s.p.T("consents.do." + name), href: s.consentAddress(name, n)}
	}
	part := func(id string, links ...link) pagePart {
		return pagePart{id: id, title: s.p.T("consents.section." + id), links: links}
	}
	relatives := part("relatives", to("record-proxy", 0), to("record-guardian", 0))
	for _, r := range v.Relatives {
		relatives.things = append(relatives.things, s.relativeThing(v, r, to))
	}
	if access.OwnLogin(s.v.Person.Identity.Born, s.v.State.Regime, s.v.Now).Consent {
		if v.State.Login {
			relatives.links = append(relatives.links, to("stop-login", 0))
		} else {
			relatives.links = append(relatives.links, to("allow-login", 0))
		}
	}
	units := part("units")
	for _, u := range v.Units {
		t := thingView{title: orElse(u.Unit.Unit.Name, string(u.Unit.Post.Unit)), lines: []string{s.p.T("consents.since", "date", s.day(u.Since))}}
		for _, why := range u.Why {
			t.lines = append(t.lines, s.p.T("consents.why."+string(why)))
		}
		if !u.Until.IsZero() {
			t.due = s.p.T("consents.until-line", "date", s.day(u.Until))
		}
		units.things = append(units.things, t)
	}
	blocks := part("blocks", to("block", 0))
	if s.v.State.Regime == care.Norway && len(v.Staff) > 0 {
		blocks.links = append(blocks.links, to("block-person", 0))
	}
	for _, b := range v.State.Blocks {
		if b.Status == access.BlockStands {
			blocks.things = append(blocks.things, thingView{
				title: s.against(v, b.Against), state: s.p.T("consents.strength." + string(b.Strength)),
				lines: []string{s.p.T("consents.since", "date", s.day(b.From))}, links: []link{to("lift-block", b.Number)},
			})
		}
	}
	consents := part("consents", to("give-consent", 0))
	for _, c := range v.State.Consents {
		if c.Status == access.ConsentHolds {
			consents.things = append(consents.things, thingView{
				title: s.unit(c.Unit), due: s.p.T("consents.until-line", "date", s.day(c.Ends)), links: []link{to("withdraw-consent", c.Number)},
			})
		}
	}
	notices := s.p.T("consents.to-self")
	if v.Notices != "" {
		notices = orElse(v.NoticesName, s.p.T("consents.unnamed"))
	}
	other := part("other", to("direct-notices", 0))
	other.facts = []fact{{name: s.p.T("consents.notices-to"), value: notices}, {name: s.p.T("consents.address"), value: s.p.T("consents.address-open")}}
	if v.State.Protected() {
		other.facts[1].value = s.p.T("consents.protection." + string(v.State.Protection))
		other.facts = append(other.facts, s.hiddenFacts(v)...)
		other.links = append(other.links, link{text: s.p.T("person.address.see"), href: s.address("/address")}, to("unprotect-address", 0))
	} else {
		other.links = append(other.links, to("protect-address", 0))
	}
	return []pagePart{relatives, units, blocks, consents, other}
}

func (s *scene) consentAddress(name string, n int) string {
	to := s.address("/access/" + name)
	if n > 0 {
		to += "?n=" + strconv.Itoa(n)
	}
	return to
}

// relativeThing is one relative: what they may, until when, and what can be done.
func (s *scene) relativeThing(v casework.AccessView, r casework.RelativeView, to func(string, int) link) thingView {
	t := thingView{title: s.relative(r), state: s.p.T("consents.status." + standingOf(r))}
	may := make([]string, 0, len(r.Parts))
	for _, p := range r.Parts {
		may = append(may, lowerFirst(s.p.T("consents.part."+string(p))))
	}
	t.lines = append(t.lines, s.p.T("consents.may", "what", s.p.lang.List(may)))
	if !r.Until.IsZero() {
		t.due = s.p.T("consents.until-line", "date", s.day(r.Until))
	}
	if r.Basis == access.Proxy {
		t.links = append(t.links, to("renew-proxy", r.Number), to("limit-proxy", r.Number), to("revoke-proxy", r.Number))
		return t
	}
	for _, g := range v.State.Guardians {
		if g.Number != r.Number {
			continue
		}
		t.lines = append(t.lines, s.p.T("consents.source."+string(g.Source)))
		if !g.Narrows.IsZero() {
			t.lines = append(t.lines, s.p.T("consents.narrows", "date", s.day(g.Narrows)))
		}
		if g.Status == access.GuardianBarred {
			t.links = append(t.links, to("unblock-guardian", g.Number))
		} else {
			t.links = append(t.links, to("block-guardian", g.Number))
		}
	}
	t.links = append(t.links, to("end-guardian", r.Number))
	return t
}

// standingOf is how a relative's access stands, as the texts name it.
func standingOf(r casework.RelativeView) string {
	switch {
	case r.Guardian == access.GuardianBarred:
		return "guardian-blocked"
	case r.Guardian != "":
		return "guardian"
	case r.Proxy == access.ProxyOpen:
		return "offered"
	case r.Proxy == access.ProxyRests:
		return "rests"
	}
	return "proxy"
}

func (s *scene) unit(id care.UnitID) string {
	return orElse(s.v.Post(care.Post{Unit: id, Role: care.Desk}).Unit.Name, string(id))
}

// against is whom a block holds back.
func (s *scene) against(v casework.AccessView, a access.Against) string {
	switch {
	case a.But != "":
		return s.p.T("consents.all-but", "who", s.unit(a.But))
	case a.Professional != "":
		return orElse(v.Name(a.Professional), a.Professional)
	}
	return s.unit(a.Unit)
}

// consentForm is the form of one of them, and what comes of it.
func consentForm(c *call) error {
	s, view, err := c.consents()
	if err != nil {
		return err
	}
	a := findConsentAction(c.r.PathValue("action"))
	n, _ := strconv.Atoi(c.r.FormValue("n"))
	if a == nil || n < 0 {
		return care.Missing("no-such-action", "There is no such thing to do here.")
	}
	asks := a.asks(s, view)
	x := actionPage{
		action: s.address("/access/" + a.name), about: s.brief(), asks: asks, save: s.p.T("consents.do." + a.name), back: s.address("/access"),
		danger: s.p.T("consents.lead." + a.name),
	}
	s.p.title = x.save
	if !a.own {
		x.behalf = s.behalfAsks()
	}
	if t := s.consentThing(view, a.name, n); t != "" {
		x.title = t
	}
	draw := func(v url.Values, status int) error {
		x.values = v
		x.hidden = []pair{{"key", c.keyOf()}, {"n", strconv.Itoa(n)}, {"opened", v.Get("opened")}}
		return write(c.w, c.r, status, actionBody(s.p, x))
	}
	if c.r.Method != http.MethodPost {
		v := url.Values{"behalf": {string(care.PartyPatient)}, "how": {string(care.ByPhone)}}
		s.nowIn(v)
		return draw(v, http.StatusOK)
	}
	if c.r.PostFormValue("key") == "" {
		return keyless()
	}
	v := c.r.PostForm
	f := readForm(s.p, slices.Concat(asks, x.behalf), v, s.v.Calendar)
	f.checkBehalf()
	o := c.order(string(s.v.Person.Key), nil)
	if !a.own {
		o.For, o.Happened = f.onBehalf(), f.happened()
		if o.For == nil {
			f.fault("behalf", s.p.T("consents.who-said"))
		}
	}
	if len(f.faults) == 0 {
		err = s.recordConsent(a, f, o, n)
		refusal, refused := care.AsRefusal(err)
		switch {
		case err == nil:
			http.Redirect(c.w, c.r, s.address("/access?done="+a.name), http.StatusSeeOther)
			return nil
		case !refused || refusal.Kind == care.Denied:
			return err
		}
		f.refused(s.inWords(refusal))
		s.p.faults = f.faults
		return draw(v, statusOf(err))
	}
	s.p.faults = f.faults
	return draw(v, http.StatusUnprocessableEntity)
}

// recordConsent carries it out; who is named is found by their number, or becomes
// known here.
func (s *scene) recordConsent(a *consentAction, f *filled, o casework.Order, n int) error {
	var relative care.PersonKey
	if a.names {
		var err error
		relative, err = s.c.s.service.RegisterPerson(s.c.r.Context(), s.c.who, o.Key+"/relative", s.v.State.Regime,
			casework.Identity{Name: f.text("name"), Number: f.text("number"), Born: f.date("born")})
		if err != nil {
			return err
		}
	}
	o.Command = a.makes(f, relative, n)
	_, err := s.c.s.service.Do(s.c.r.Context(), o)
	return err
}

// consentThing names what a form is about.
func (s *scene) consentThing(v casework.AccessView, name string, n int) string {
	for _, r := range v.Relatives {
		proxy := r.Basis == access.Proxy
		if r.Number == n && (proxy && slices.Contains([]string{"limit-proxy", "renew-proxy", "revoke-proxy"}, name) ||
			!proxy && slices.Contains([]string{"end-guardian", "block-guardian", "unblock-guardian"}, name)) {
			return s.relative(r)
		}
	}
	if name == "lift-block" && n >= 1 && n <= len(v.State.Blocks) {
		return s.against(v, v.State.Blocks[n-1].Against)
	}
	if name == "withdraw-consent" && n >= 1 && n <= len(v.State.Consents) {
		return s.unit(v.State.Consents[n-1].Unit)
	}
	return ""
}
