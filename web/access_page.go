package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/casework"

	"github.com/a-h/templ"
)

// accessPath is where the patient's pages about who can see and act begin.
const accessPath = "/me/access"

// An accessLine is one who can see or act, or one thing that was decided about
// it: a name, what it means, and what can be done.
type accessLine struct {
	title string
	lines []string
	links []link
	press *oneButton
}

// A oneButton is a form of one button.
type oneButton struct {
	action, label, about string
	hidden               []pair
}

// An accessPart is one part of the page: those who help, those who act, what is
// shut. A part without lines says so, or is left out.
type accessPart struct {
	id, title, none string
	lines           []accessLine
	links           []link
}

// shown reports whether there is anything to say.
func (a accessPart) shown() bool { return len(a.lines) > 0 || a.none != "" || len(a.links) > 0 }

// An accessReader reads who can see and act into words.
type accessReader struct {
	p page
	v casework.AccessView
}

// accessPage asks who can see and act for the reader, and makes the page it
// stands on. It is the one question of these pages, so that the log has one entry
// for each.
func (c *call) accessPage(title string) (accessReader, error) {
	return c.accessPageOf(title, casework.Looks{})
}

// accessPageOf is accessPage with the part of the log that is asked for.
func (c *call) accessPageOf(title string, log casework.Looks) (accessReader, error) {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MyAccess{Log: log})
	if err != nil {
		return accessReader{}, err
	}
	account := care.Language("")
	if v.Person.State != nil {
		account = v.Person.State.Languages.Reading
	}
	c.r = withAccountLanguage(c.r, account)
	a := accessReader{newPage(c.r, forPatients, account), v}
	a.p.title, a.p.home, a.p.signedIn, a.p.called = a.p.T(title), "/me", v.Person.Identity.Name, c.s.calls(c.r, a.p.lang)
	a.p.help, a.p.today = a.contact(), a.day(v.Now)
	return a, nil
}

// regime is the law that the reader's matter is under; Norway's where there is
// none yet.
func (a accessReader) regime() care.Regime {
	if s := a.v.Person.State; s != nil && s.Regime != "" {
		return s.Regime
	}
	if a.v.State != nil && a.v.State.Regime != "" {
		return a.v.State.Regime
	}
	return care.Norway
}

func (a accessReader) calendar() *care.Calendar { return care.CalendarOf(a.regime()) }

func (a accessReader) day(t time.Time) care.Date { return a.calendar().Date(t) }

func (a accessReader) date(t time.Time) string { return a.p.date(a.day(t)) }

// lastDay is the last whole day before an end.
func (a accessReader) lastDay(t time.Time) string { return a.p.date(a.calendar().LastDay(t)) }

func (a accessReader) moment(t time.Time) string { return a.p.moment(t.In(a.calendar().Zone())) }

// contact is the reader's first contact as the help block shows it.
func (a accessReader) contact() help {
	v := a.v.Post(a.v.Person.Contact)
	unit := a.p.named(a.regime(), v.Unit.Name)
	h := help{name: a.p.lang.List(v.Holders), role: a.p.T("word.coordinator"), phone: v.Unit.Phone, hours: a.p.named(a.regime(), v.Unit.Hours), contact: true, write: threadsPath}
	if s := a.v.Person.State; s == nil || s.Contact.Unwanted || !s.Contact.Named || h.name == "" {
		h.name, h.role = unit, ""
	} else {
		h.role += ", " + unit
	}
	return h
}

// unit is what a unit is called.
func (a accessReader) unit(id care.UnitID) string {
	u, ok := a.v.Directory().Unit(id)
	if !ok || u.Contact.Name == "" {
		return string(id)
	}
	return a.p.named(u.Regime, u.Contact.Name)
}

// relative is what somebody is called who acts for the reader.
func (a accessReader) relative(p care.PersonKey) string {
	if name := a.v.NameOf(p); name != "" {
		return name
	}
	return a.p.T("access.unnamed")
}

// parts are what a relative may, in words.
func (a accessReader) parts(parts []access.Part) string {
	names := make([]string, 0, len(parts))
	for _, x := range access.Parts {
		if slices.Contains(parts, x) {
			names = append(names, a.p.T("access.part."+string(x)))
		}
	}
	return a.p.lang.List(names)
}

// against is whom a block is against, in words.
func (a accessReader) against(x access.Against) string {
	switch {
	case x.Professional != "":
		if name := a.professional(x.Professional); name != "" {
			return name
		}
		return a.p.T("access.log.unnamed")
	case x.But != "":
		return a.p.T("access.blocks.all-but", "who", a.unit(x.But))
	}
	return a.unit(x.Unit)
}

// inside is against as it stands inside a sentence.
func (a accessReader) inside(x access.Against) string {
	if x.But != "" {
		return lowerFirst(a.against(x))
	}
	return a.against(x)
}

// professional is the name of somebody who has looked, or whom the page names.
func (a accessReader) professional(id string) string {
	if name := a.v.Name(id); name != "" {
		return name
	}
	for _, l := range a.v.Looks {
		if l.Actor.Kind == care.Professional && l.Actor.ID == id && l.Name != "" {
			return l.Name
		}
	}
	return ""
}

// helps are the units that can see the reader, and why.
func (a accessReader) helps() accessPart {
	part := accessPart{id: "helps", title: a.p.T("access.helps.title")}
	for _, u := range a.v.Units {
		id := u.Unit.Post.Unit
		line := accessLine{title: a.unit(id)}
		for _, why := range u.Why {
			line.lines = append(line.lines, a.p.T("access.why."+string(why)))
		}
		switch {
		case u.Block > 0:
			line.lines = append(line.lines, a.p.T("access.closed-by-you"))
		case !u.Until.IsZero():
			line.lines = append(line.lines, a.p.T("access.until", "date", a.calendar().LastDay(u.Until)))
		default:
			line.lines = append(line.lines, a.p.T("access.since", "date", a.day(u.Since)))
		}
		if u.Block == 0 {
			line.links = append(line.links, link{text: a.p.T("access.stop-who", "who", line.title), href: stopAddress("unit", string(id))})
		}
		part.lines = append(part.lines, line)
	}
	if len(part.lines) == 0 {
		part.none = a.p.T("access.helps.none")
	}
	return part
}

// relatives are those who act for the reader, and those who are asked to.
func (a accessReader) relatives() accessPart {
	part := accessPart{id: "relatives", title: a.p.T("access.relatives.title")}
	for _, r := range a.v.Relatives {
		name := a.relative(r.Person)
		line := accessLine{title: name}
		if r.Basis == access.Guardian {
			line.lines = []string{a.p.T("access.relatives.guardian")}
			if r.Guardian == access.GuardianBarred {
				line.lines = append(line.lines, a.p.T("access.relatives.blocked"))
			} else {
				line.lines = append(line.lines, a.p.T("access.relatives.may", "what", a.parts(r.Parts)), a.p.T("access.until", "date", a.calendar().LastDay(r.Until)))
			}
			part.lines = append(part.lines, line)
			continue
		}
		line.lines = []string{a.p.T("access.relatives.may", "what", a.parts(r.Parts))}
		switch r.Proxy {
		case access.ProxyOpen:
			line.lines = append(line.lines, a.p.T("access.relatives.offered"))
		case access.ProxyRests:
			line.lines = []string{a.p.T("access.relatives.rests")}
		default:
			line.lines = append(line.lines, a.p.T("access.until", "date", a.calendar().LastDay(r.Until)))
			if a.ending(r.Number) {
				line.lines = append(line.lines, a.p.T("access.relatives.ending"))
			}
		}
		line.links = []link{{text: a.p.T("access.relatives.change", "who", name), href: proxyAddress(r.Number)}}
		part.lines = append(part.lines, line)
	}
	switch {
	case a.v.State.Protected():
		part.none = a.p.T("access.relatives.protected")
	case len(part.lines) == 0:
		part.none = a.p.T("access.relatives.none")
	}
	return part
}

// ending reports whether the reader is asked if a proxy shall go on.
func (a accessReader) ending(n int) bool {
	return n >= 1 && n <= len(a.v.State.Proxies) && !a.v.State.Proxies[n-1].Asking.Due.IsZero()
}

// blocks are those that stand.
func (a accessReader) blocks() accessPart {
	part := accessPart{id: "blocks", title: a.p.T("access.blocks.title")}
	for _, b := range a.v.State.Blocks {
		if b.Status != access.BlockStands {
			continue
		}
		who := a.against(b.Against)
		line := accessLine{title: who, lines: []string{a.p.T("access.strength." + string(b.Strength))}}
		if b.Journey != "" {
			line.lines = append(line.lines, a.p.T("access.blocks.one-plan"))
		}
		line.lines = append(line.lines, a.p.T("access.since", "date", a.day(b.From)))
		line.links = []link{{text: a.p.T("access.blocks.open", "who", a.inside(b.Against)), href: blockPath(b.Number)}}
		part.lines = append(part.lines, line)
	}
	return part
}

// openings are those that were opened without asking, newest first: who, when,
// why, and what came of the judgement.
func (a accessReader) openings() accessPart {
	part := accessPart{id: "openings", title: a.p.T("access.openings.title")}
	for _, o := range slices.Backward(a.v.Openings) {
		who := o.Name
		if who == "" {
			who = a.p.T("access.log.unnamed")
		}
		if o.Unit.Unit.Name != "" {
			who += ", " + a.unit(o.OpeningState.Unit)
		}
		line := accessLine{title: who, lines: []string{
			a.p.T("access.openings.line", "from", a.moment(o.From)), a.p.T("access.openings.why." + string(o.Why)),
		}}
		if o.Running {
			line.lines = append(line.lines, a.p.T("access.openings.running", "until", a.moment(o.Ends)))
		}
		if o.Words != "" {
			line.lines = append(line.lines, a.p.T("access.openings.said", "words", o.Words))
		}
		switch {
		case o.Verdict != "":
			line.lines = append(line.lines, a.p.T("access.openings.verdict."+string(o.Verdict)))
			if o.Judged != "" {
				line.lines = append(line.lines, a.p.T("access.openings.said", "words", o.Judged))
			}
		case o.Review.Due.IsZero():
			line.lines = append(line.lines, a.p.T("access.openings.waits-undated"))
		default:
			line.lines = append(line.lines, a.p.T("access.openings.waits", "date", a.calendar().LastDay(o.Review.Due)))
		}
		part.lines = append(part.lines, line)
	}
	return part
}

// consents are those that hold: what somebody may see though it is shut.
func (a accessReader) consents() accessPart {
	part := accessPart{id: "consents", title: a.p.T("access.consents.title")}
	for _, x := range a.v.State.Consents {
		if x.Status != access.ConsentHolds || !a.v.Now.Before(x.Ends) {
			continue
		}
		who := a.unit(x.Unit)
		part.lines = append(part.lines, accessLine{
			title: who, lines: []string{a.p.T("access.consents.line", "who", who), a.p.T("access.until", "date", a.calendar().LastDay(x.Ends))},
			press: &oneButton{action: accessPath + "/consents/" + strconv.Itoa(x.Number), label: a.p.T("access.consents.stop"), about: who, hidden: []pair{{"key", formKey()}}},
		})
	}
	return part
}

// pages are those that are shared and open.
func (a accessReader) pages() accessPart {
	part := accessPart{id: "pages", title: a.p.T("access.pages.title")}
	for _, x := range a.v.Pages {
		if x.Open {
			part.lines = append(part.lines, accessLine{title: x.To.Name, lines: []string{
				a.p.T("access.pages.line", "who", x.To.Name), a.p.T("access.until", "date", a.calendar().LastDay(x.Ends)),
			}, press: &oneButton{action: accessPath + "/pages/" + strconv.Itoa(x.Number), label: a.p.T("access.consents.stop"), about: x.To.Name, hidden: []pair{{"key", formKey()}}}})
		}
	}
	return part
}

// notices is whom notices go to.
func (a accessReader) notices() accessPart {
	part := accessPart{id: "notices", title: a.p.T("access.notices.title")}
	if a.v.Notices != "" {
		part.none = a.p.T("access.notices.to", "who", a.relative(a.v.Notices))
		part.links = []link{{text: a.p.T("access.notices.change"), href: accessPath + "/notices"}}
	}
	return part
}

// links lead on from the page.
func (a accessReader) links() []link {
	var all []link
	if !a.v.State.Protected() {
		all = append(all, link{text: a.p.T("access.relatives.give"), href: accessPath + "/give"})
	}
	if len(a.v.Relatives) > 0 && a.v.Notices == "" {
		all = append(all, link{text: a.p.T("access.notices.change"), href: accessPath + "/notices"})
	}
	if _, young := a.birthdays(); young {
		all = append(all, link{text: a.p.T("access.relatives.ages"), href: accessPath + "/ages"})
	}
	return append(all, link{text: a.p.T("access.log.all"), href: "/me/looks"}, link{text: a.p.T("access.sessions"), href: "/sessions"})
}

// showAccess is one page where a patient sees who can see and act, who has
// looked and why, and how to stop them.
func showAccess(c *call) error {
	a, err := c.accessPage("access.title")
	if err != nil {
		return err
	}
	a.p.told = a.told(c.r)
	urgent := []accessPart{a.openings()}
	calm := []accessPart{a.helps(), a.relatives(), a.blocks(), a.consents(), a.pages(), a.notices()}
	log := accessPart{id: "log", title: a.p.T("access.log.title")}
	log.lines = a.logLines(a.lookLines(a.v.Looks, false), mostOnPage)
	if len(log.lines) == 0 {
		log.none = a.p.T("access.log.none")
	}
	return c.draw(http.StatusOK, accessBody(a.p, urgent, calm, a.links(), log))
}

// told is the confirmation of what was just done, named in the address by number.
func (a accessReader) told(r *http.Request) *told {
	done := r.URL.Query().Get("done")
	if !slices.Contains([]string{"blocked", "lifted", "offered", "limited", "renewed", "revoked", "notices", "consented", "withdrawn", "page-back"}, done) {
		return nil
	}
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	s, who := a.v.State, ""
	if slices.Contains([]string{"offered", "limited", "renewed", "revoked"}, done) {
		if n < 1 || n > len(s.Proxies) {
			return nil
		}
		who = a.relative(s.Proxies[n-1].To)
	}
	t := &told{title: a.p.T("access.done."+done+".title", "who", who), text: a.p.T("access.done."+done+".text", "who", who)}
	switch {
	case done == "blocked" && n >= 1 && n <= len(s.Blocks) && s.Blocks[n-1].Status == access.BlockStands:
		t.undo = &undo{action: blockPath(n), hidden: []pair{{"key", formKey()}}}
	case done == "revoked" && s.Proxies[n-1].Why == access.ByPatient:
		// The relative has to say yes anew: what ended stays ended.
		x := s.Proxies[n-1]
		t.undo = &undo{action: accessPath + "/give", hidden: []pair{{"key", formKey()}, {"stage", "ask"}, {"to", string(x.To)}, {"until", x.Term.Until.String()}}}
		for _, part := range x.Term.Parts {
			t.undo.hidden = append(t.undo.hidden, pair{"parts", string(part)})
		}
	}
	return t
}

// doneAccess leads back to the page with a confirmation. n is the number of what
// it is about, 0 for none; names are in no address.
func (c *call) doneAccess(what string, n int) error {
	to := accessPath + "?done=" + what
	if n > 0 {
		to += "&n=" + strconv.Itoa(n)
	}
	http.Redirect(c.w, c.r, to, http.StatusSeeOther)
	return nil
}

// refusedForm says what is wrong above a form, or passes on what is no matter of
// the form: a denial, a fresh login, a thing that is not there.
func (a *accessReader) refusedForm(err error) (int, error) {
	if err == nil {
		return http.StatusOK, nil
	}
	refusal, ok := care.AsRefusal(err)
	if !ok || refusal.Kind == care.Denied || refusal.Kind == care.NotFound {
		return 0, err
	}
	a.p.faults = []fault{{field: refusal.Field, text: a.p.refusal(refusal)}}
	return statusOf(err), nil
}

// onePress carries out a form of one button and leads back; a refusal is said on
// the page it came from.
func (c *call) onePress(a accessReader, command interface{ Name() string }, done string, n int, again func(accessReader, int) error) error {
	if err := c.act(string(a.v.Person.Key), command); err != nil {
		status, err := a.refusedForm(err)
		if err != nil {
			return err
		}
		return again(a, status)
	}
	return c.doneAccess(done, n)
}

// again draws the whole page with what is wrong above it.
func (c *call) accessAgain(a accessReader, status int) error {
	return c.draw(status, accessBody(a.p, []accessPart{a.openings()}, []accessPart{a.helps(), a.relatives(), a.blocks(), a.consents(), a.pages(), a.notices()}, a.links(), accessPart{}))
}

func withdrawConsent(c *call) error {
	a, err := c.accessPage("access.title")
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.r.PathValue("consent"))
	if err != nil || n < 1 || n > len(a.v.State.Consents) {
		return care.Missing("consent-unknown", "There is no such consent.")
	}
	return c.onePress(a, access.WithdrawConsent{Consent: n}, "withdrawn", n, c.accessAgain)
}

// withdrawPage takes a shared page back at once.
func withdrawPage(c *call) error {
	a, err := c.accessPage("access.title")
	if err != nil {
		return err
	}
	n, ok := ordinal(c.r.PathValue("page"))
	if !ok || n > len(a.v.State.Pages) {
		return care.Missing("page-unknown", "There is no such page.")
	}
	return c.onePress(a, access.WithdrawPage{Page: n}, "page-back", n, c.accessAgain)
}

func blockPath(n int) string { return accessPath + "/blocks/" + strconv.Itoa(n) }

func proxyAddress(n int) string { return accessPath + "/people/" + strconv.Itoa(n) }

func accessURL(path string) templ.SafeURL { return templ.URL(path) }
