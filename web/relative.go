package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
	"forlop/journey"

	"github.com/a-h/templ"
)

// whomField is the field of every form on a patient's pages that says whose page
// it was: empty is the reader's own. Two tabs share one login, and must not mix
// two people.
const whomField = "for"

// A standing is what a relative may see and do on the page that is drawn.
type standing struct {
	person   care.PersonKey
	withheld []casework.Withheld
}

// may reports whether a part of the page is for the reader. Everything is for a
// patient.
func (p page) may(part access.Part) bool {
	return p.standing == nil || !slices.ContainsFunc(p.standing.withheld, func(w casework.Withheld) bool { return w.Part == part })
}

// whom is the hidden field that says whose page a form is on.
func (p page) whom() []pair {
	if p.standing == nil {
		return nil
	}
	return []pair{{whomField, string(p.standing.person)}}
}

// partNames are parts in the order that a sentence names them.
func (p page) partNames(parts []access.Part) []string {
	var names []string
	for _, part := range access.Parts {
		if slices.Contains(parts, part) {
			names = append(names, p.T("relative.part."+string(part)))
		}
	}
	return names
}

// standFor marks a page as one that a relative reads: whose it is and what they
// may there, on every page.
func (c *call) standFor(p *page, name string, withheld []casework.Withheld) error {
	if c.who.Actor.Kind != care.Relative {
		return nil
	}
	own, err := c.s.service.Called(c.r.Context(), c.who.Actor)
	if err != nil {
		return err
	}
	p.standing = &standing{person: c.who.Represents, withheld: withheld}
	var parts []access.Part
	for _, part := range access.Parts {
		if p.may(part) {
			parts = append(parts, part)
		}
	}
	p.signedIn = own
	if p.title == p.T("me.title") {
		p.title = p.T("relative.plan-of", "name", name)
	}
	does := p.partNames(slices.DeleteFunc(parts, func(x access.Part) bool { return x == access.Plan }))
	switch sees := p.may(access.Plan); {
	case sees && len(does) > 0:
		p.banner = p.T("relative.banner", "name", name, "parts", p.lang.List(does))
	case sees:
		p.banner = p.T("relative.banner-read", "name", name)
	case len(does) > 0:
		p.banner = p.T("relative.banner-other", "name", name, "parts", p.lang.List(does))
	default:
		p.banner = p.T("relative.banner-none", "name", name)
	}
	p.help.write = ""
	if p.may(access.Messages) {
		p.help.write = threadsPath
	}
	if part := partOfPage(c.r.URL.Path); part != "" && !p.may(part) {
		return notGiven()
	}
	return nil
}

// partOfPage is the part of a person's matter that a page belongs to, "" for what
// says itself what it leaves out.
func partOfPage(path string) access.Part {
	for _, x := range []struct {
		page string
		part access.Part
	}{
		{"/me/short", access.Plan}, {"/me/journeys", access.Plan}, {"/me/steps", access.Plan}, {"/me/message", access.Messages}, {threadsPath, access.Messages},
		{"/me/matters", access.Story}, {"/me/story", access.Story}, {"/me/too-ill", access.Acts}, {"/me/wait", access.Acts},
		{"/me/decisions", access.Acts}, {"/me/summary", access.Acts}, {"/me/choices", access.Acts}, {"/me/written", access.Messages}, {"/me/what-if", access.Plan}, {"/me/new-version", access.Acts}, {"/me/looks", access.Looks},
		{"/me/forms", access.Acts}, {noticesPath, access.Acts},
	} {
		if path == x.page || strings.HasPrefix(path, x.page+"/") {
			return x.part
		}
	}
	return ""
}

func notGiven() error {
	return care.Deny("relative-part", "You have not been given this part.")
}

// asRelative is the reader as the relative they are, whomever they look at now.
func (c *call) asRelative() casework.Who {
	who := c.who
	who.Actor.Kind, who.Represents = care.Relative, ""
	return who
}

// aside answers what stands before every page of a patient: a relative who has
// not chosen whom to look at chooses first, and a form from the page of one
// person is never taken for another. It reports whether it has answered.
func (c *call) aside(rt route) (bool, error) {
	if rt.path != "/me" && !strings.HasPrefix(rt.path, "/me/") || c.who.Actor.Kind != care.Patient && c.who.Actor.Kind != care.Relative {
		return false, nil
	}
	if c.who.Actor.Kind == care.Relative && c.who.Represents == "" {
		http.Redirect(c.w, c.r, "/for", http.StatusSeeOther)
		return true, nil
	}
	if whom := c.r.PostFormValue(whomField); c.r.Method == http.MethodPost && whom != string(c.who.Represents) {
		return true, c.mixedUp(whom)
	}
	return false, nil
}

// mixedUp is the page for a form that was sent from the page of another person
// than the one that is chosen now. Nothing was sent, and every word is kept.
func (c *call) mixedUp(whom string) error {
	kept, err := c.keep()
	if err != nil {
		return err
	}
	p, err := c.relativePage("relative.mixed-title")
	if err != nil {
		return err
	}
	to := "/me"
	if kept {
		to = "/unsent"
	}
	return c.draw(http.StatusConflict, mixedBody(p, wordsIn(c.r.PostForm), whom, to, kept))
}

// relativePage is a page about the reader as a relative: it opens nothing of
// anybody's.
func (c *call) relativePage(title string) (page, error) {
	p := newPage(c.r, forPatients, accountLanguage(c.r))
	name, err := c.s.service.Called(c.r.Context(), c.who.Actor)
	p.title, p.home, p.signedIn, p.help = p.T(title), "/for", name, c.s.help
	p.today = care.CalendarOf(care.Norway).Date(c.s.service.Now())
	return p, err
}

// refusedRelative explains a no to a relative: whether they have no access any
// more, or only not to this. Every other error stays as it is.
func (c *call) refusedRelative(err error) error {
	refusal, no := care.AsRefusal(err)
	if !no || c.who.Actor.Kind != care.Relative || c.who.Represents == "" || refusal.Kind != care.Denied && refusal.Kind != care.NotFound {
		return err
	}
	_, roleErr := casework.View(c.r.Context(), c.s.service, c.who, casework.MyRole{})
	title, given := "relative.not-given-title", true
	if other, gone := care.AsRefusal(roleErr); gone {
		if other.Code == "login-again" {
			return err
		}
		title, given = "relative.over-title", false
	} else if roleErr != nil {
		return roleErr
	} else if refusal.Kind == care.NotFound && refusal.Code != "no-person" {
		return err // they may look, and there is no such thing
	}
	if given && c.r.URL.Path == "/me" {
		http.Redirect(c.w, c.r, "/me/hidden", http.StatusSeeOther)
		return nil
	}
	p, pageErr := c.relativePage(title)
	if pageErr != nil {
		return pageErr
	}
	return c.draw(http.StatusForbidden, overBody(p, given, wordsIn(c.r.PostForm)))
}

// A represented is one person that a relative may act for, or is asked to.
type represented struct {
	person, name string
	offered      bool
	proxy        int
	can, cannot  []string
	until        string
	byAge        bool
}

// showFor lists whom the reader may act for, and what they are asked.
func showFor(c *call) error {
	list, err := casework.View(c.r.Context(), c.s.service, c.asRelative(), casework.Represented{})
	if err != nil {
		return err
	}
	p, err := c.relativePage("relative.title")
	if err != nil {
		return err
	}
	if done := c.r.URL.Query().Get("done"); slices.Contains([]string{"yes", "no", "ended"}, done) {
		p.told = &told{title: p.T("relative.done-" + done)}
	}
	now := c.who.Represents
	var offers, can []represented
	for _, v := range list {
		r := represented{person: string(v.Person), name: v.Name, offered: v.Offered, proxy: v.Proxy, can: p.partNames(v.Parts), byAge: v.Basis == access.Guardian}
		for _, w := range v.Withheld {
			r.cannot = append(r.cannot, p.T("relative.part."+string(w.Part)))
		}
		if !v.Until.IsZero() {
			r.until = p.T("relative.until", "date", care.CalendarOf(care.Norway).LastDay(v.Until))
		}
		if v.Offered {
			offers = append(offers, r)
		} else {
			can = append(can, r)
		}
	}
	return c.draw(http.StatusOK, forBody(p, offers, can, string(now), formKey()))
}

// chooseFor looks at a person from now on, or at the reader's own page again.
// Whether they may is decided at each question.
func chooseFor(c *call) error {
	person := care.PersonKey(c.r.PostFormValue("person"))
	if person != "" {
		list, err := casework.View(c.r.Context(), c.s.service, c.asRelative(), casework.Represented{})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(list, func(v casework.RepresentedView) bool { return v.Person == person && !v.Offered }) {
			return care.Missing("relative-no-page", "You have no access to that person's page now.")
		}
	}
	if err := c.s.service.Represent(c.r.Context(), c.token(), person); err != nil {
		return err
	}
	to := localPath(c.r.PostFormValue("to"))
	if to == "/" {
		to = "/me"
	}
	http.Redirect(c.w, c.r, to, http.StatusSeeOther)
	return nil
}

// answerOffer says yes or no to what was offered, or gives up what is held.
func answerOffer(c *call) error {
	proxy, _ := strconv.Atoi(c.r.PostFormValue("proxy")) // there is no proxy 0
	answers := map[string]struct {
		command named
		done    string
	}{
		"accept": {access.AcceptProxy{Proxy: proxy}, "yes"}, "decline": {access.DeclineProxy{Proxy: proxy}, "no"}, "end": {access.RevokeProxy{Proxy: proxy}, "ended"},
	}
	answer, known := answers[c.r.PathValue("answer")]
	person := c.r.PostFormValue("person")
	if !known || person == "" {
		return care.Missing("proxy-unknown", "There is no such proxy.")
	}
	if c.r.PostFormValue("key") == "" {
		return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	o := c.order(person, answer.command)
	o.Who = c.asRelative()
	if _, err := c.s.service.Do(c.r.Context(), o); err != nil {
		return err
	}
	if answer.done == "ended" && c.who.Represents == care.PersonKey(person) {
		if err := c.s.service.Represent(c.r.Context(), c.token(), ""); err != nil {
			return err
		}
	}
	http.Redirect(c.w, c.r, "/for?done="+url.QueryEscape(answer.done), http.StatusSeeOther)
	return nil
}

// showGivingUp asks once before a relative gives up what they hold.
func showGivingUp(c *call) error {
	list, err := casework.View(c.r.Context(), c.s.service, c.asRelative(), casework.Represented{})
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(v casework.RepresentedView) bool {
		return string(v.Person) == c.r.PathValue("person") && v.Proxy > 0 && !v.Offered
	})
	if i < 0 {
		return care.Missing("relative-no-page", "You have no access to that person's page now.")
	}
	p, err := c.relativePage("relative.give-up")
	if err != nil {
		return err
	}
	return c.draw(http.StatusOK, givingUpBody(p, represented{person: string(list[i].Person), name: list[i].Name, proxy: list[i].Proxy}, formKey()))
}

// role asks what the reader may for the person they look at, and opens nothing.
func (c *call) role(title string) (page, casework.RoleView, error) {
	if c.who.Actor.Kind != care.Relative || c.who.Represents == "" {
		return page{}, casework.RoleView{}, care.Missing("relative-nobody", "Choose first whose page you want to see.")
	}
	role, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MyRole{})
	if err != nil {
		return page{}, role, err
	}
	p, err := c.relativePage(title)
	if err != nil {
		return p, role, err
	}
	p.home = "/me"
	regime := c.regimeOf(role.Contact)
	p.help = help{name: p.lang.List(role.Contact.Holders), role: p.named(regime, role.Contact.Unit.Name), phone: role.Contact.Unit.Phone, hours: p.named(regime, role.Contact.Unit.Hours), contact: true}
	if p.help.name == "" {
		p.help.name, p.help.role = p.help.role, ""
	}
	err = c.standFor(&p, role.Name, role.Withheld)
	return p, role, err
}

// regimeOf is the law of the country that a post is in.
func (c *call) regimeOf(post casework.PostView) care.Regime {
	if u, ok := c.s.service.Directory().Unit(post.Post.Unit); ok {
		return u.Regime
	}
	return care.Norway
}

// A hiddenPart is one part that a relative does not see, and why.
type hiddenPart struct{ what, why string }

// showHidden says what a relative does not see, why, and the lawful way to it.
func showHidden(c *call) error {
	p, role, err := c.role("relative.hidden-title")
	if err != nil {
		return err
	}
	regime := c.regimeOf(role.Contact)
	var parts []hiddenPart
	for _, w := range role.Withheld {
		parts = append(parts, hiddenPart{p.T("relative.hides." + string(w.Part)), p.T("relative.because-"+string(w.Why), "name", role.Name)})
	}
	// Nobody but the person and those who help sees these here.
	parts = append(parts, hiddenPart{p.T("relative.hides.number"), p.T("relative.because-rule")})
	ways := []string{p.T("relative.way-choice", "name", role.Name)}
	if role.Basis == access.Guardian {
		ways = []string{p.T("relative.way-age-" + strings.ToLower(string(regime))), p.T("relative.way-talk", "name", role.Name)}
	}
	return c.draw(http.StatusOK, hiddenBody(p, parts, ways))
}

// reliefForm is the relative's own contact, and a call for help, without opening
// anything of the patient's.
func reliefForm(c *call) error {
	p, role, err := c.role("relative.relief")
	if err != nil {
		return err
	}
	phone, words := clean(c.r.PostFormValue("phone")), clean(c.r.PostFormValue("words"))
	if c.r.Method == http.MethodPost {
		switch {
		case phone == "":
			err = care.Refuse("phone-missing", "Write a number that we can call you on.").On("phone")
		default:
			own, named := c.s.service.Called(c.r.Context(), c.who.Actor)
			if named != nil {
				return named
			}
			said := p.T("relative.relief-letter", "name", own, "phone", phone)
			if words != "" {
				said += "\n\n" + words
			}
			err = c.act(string(c.who.Represents), access.WriteToCoordinator{Words: said})
		}
		if err == nil {
			http.Redirect(c.w, c.r, "/me/relief?done=sent", http.StatusSeeOther)
			return nil
		}
	}
	if c.r.URL.Query().Get("done") == "sent" {
		p.told = &told{title: p.T("relative.relief-sent"), text: p.T("relative.relief-sent-text")}
	}
	urgent := afterHours(p, c.regimeOf(role.Contact))
	return c.showSheet(p, err, func(p page) templ.Component {
		return reliefBody(p, urgent, phone, words, c.keyOf())
	})
}

// helpSomeone carries a relative's words to whoever helps somebody, without an
// access, an account or an answer about the person: it says the same whether they
// are known here or not.
func helpSomeone(c *call) error {
	form := func(name string) string { return clean(c.r.PostFormValue(name)) }
	p := newPage(c.r, forPatients, accountLanguage(c.r))
	p.title, p.help = p.T("relative.write-title"), c.s.help
	var err error
	if c.r.Method == http.MethodPost {
		who := casework.Who{Actor: care.Actor{Kind: care.Relative, ID: "unknown"}}
		if c.signIn() == nil && c.who.Actor.Kind != care.Professional && c.who.Actor.Kind != care.Guest {
			who = c.asRelative()
		}
		switch {
		case form("name") == "":
			err = care.Refuse("name-missing", "Give the person's name.").On("name")
		case form("number") == "":
			err = care.Refuse("number-missing", "Write the person's national number.").On("number")
		case form("words") == "":
			err = care.Refuse("words-empty", "Write the message.").On("words")
		case form("own-name") == "":
			err = care.Refuse("own-name-missing", "Write your own name, so that we know who it is from.").On("own-name")
		case form("phone") == "":
			err = care.Refuse("phone-missing", "Write a number that we can call you on.").On("phone")
		case form("key") == "":
			err = care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
		default:
			said := p.T("relative.letter", "name", form("own-name"), "phone", form("phone")) + "\n\n" + form("words")
			err = c.s.service.WriteToCoordinator(c.r.Context(), who, form("key"), form("number"), form("name"), said)
		}
		if err == nil {
			http.Redirect(c.w, c.r, "/help-someone?done=sent", http.StatusSeeOther)
			return nil
		}
	}
	if c.r.URL.Query().Get("done") == "sent" {
		p.told = &told{title: p.T("relative.write-sent"), text: p.T("relative.write-sent-text")}
	}
	fields := []field{
		{name: "name", label: p.T("relative.write-name"), value: form("name"), max: 200},
		{name: "number", label: p.T("relative.write-number"), hint: p.T("relative.write-number-hint"), value: form("number"), max: 20},
		{name: "own-name", label: p.T("relative.write-own-name"), value: form("own-name"), autocomplete: "name", max: 200},
		{name: "phone", label: p.T("relative.phone"), kind: "tel", value: form("phone"), autocomplete: "tel", max: 40},
		{name: "words", label: p.T("relative.write-words"), value: form("words"), rows: 6, max: 5000},
	}
	return c.showSheet(p, err, func(p page) templ.Component {
		return writeBody(p, fields, c.keyOf())
	})
}

// showSheet draws a page with a form; with a refusal it says what is wrong.
func (c *call) showSheet(p page, err error, body func(page) templ.Component) error {
	status := http.StatusOK
	if err != nil {
		refusal, ok := care.AsRefusal(err)
		if !ok || refusal.Kind == care.Denied || refusal.Kind == care.NotFound {
			return err
		}
		status = statusOf(err)
		p.faults = []fault{{field: refusal.Field, text: p.refusal(refusal)}}
	}
	return c.draw(status, body(p))
}

func proxyNumber(r represented) string { return strconv.Itoa(r.proxy) }

// writer is the party that words come from; a relative who wrote them is named.
func (s *scene) writer(from care.Party, version int) string {
	for _, rec := range s.v.History {
		if rec.Version == version && rec.Actor.Kind == care.Relative {
			return s.actor(rec.Actor, care.Post{})
		}
	}
	return s.who(from)
}

// writerWords names who wrote: a relative by their name, and everybody else as the
// party they speak for.
func writerWords(p page, v casework.JourneyView, w journey.Words) string {
	for _, rec := range v.History {
		if rec.Version != w.Version || rec.Actor.Kind != care.Relative {
			continue
		}
		if name := v.Name(rec.Actor.ID); name != "" {
			return p.T("relative.by", "name", name)
		}
	}
	return partyWords(p, v, w.From)
}
