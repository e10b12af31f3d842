package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
)

// The two pages of a secure link, and the cookie that holds the session of one. It
// is apart from the reader's own login, which a link leaves alone.
const (
	linkedPath  = "/linked"
	sharedPath  = "/shared"
	guestCookie = "guest"
)

// guestPath reports whether a page is for those who came by a secure link.
func guestPath(path string) bool { return path == linkedPath || path == sharedPath }

// linkAddress is the address that opens a secure link.
func (c *call) linkAddress(token string) string {
	base := c.s.base
	if base == "" {
		base = "http://" + c.r.Host
		if overTLS(c.r) {
			base = "https://" + c.r.Host
		}
	}
	return base + "/link?token=" + url.QueryEscape(token)
}

// guestPage is a page for who has no account.
func (c *call) guestPage(title string) page {
	p := newPage(c.r, forPatients, accountLanguage(c.r))
	p.title, p.help = p.T(title), c.s.help
	return p
}

// showSecureLink shows a button. Programs that look at links in messages before
// people do would use it up.
func showSecureLink(c *call) error {
	p := c.guestPage("guest.title")
	return c.draw(http.StatusOK, landingBody(p, c.r.URL.Query().Get("token")))
}

// openSecureLink opens the one thing that a link is bound to.
func openSecureLink(c *call) error {
	ctx := c.r.Context()
	session, err := c.s.service.OpenItem(ctx, c.r.PostFormValue("token"), secret(c.r, guestCookie))
	if err != nil {
		return c.deadLink(err)
	}
	setSecret(c.w, c.r, guestCookie, session, 0)
	who, err := c.s.service.SignedIn(ctx, session)
	if err != nil {
		return c.deadLink(err)
	}
	to := linkedPath
	if strings.HasPrefix(who.Login.Item, string(casework.PageItem)+"/") {
		to = sharedPath
	}
	http.Redirect(c.w, c.r, to, http.StatusSeeOther)
	return nil
}

// deadLink says that a link opens nothing any more, and whom to call. What was
// written is shown again.
func (c *call) deadLink(err error) error {
	if _, refused := care.AsRefusal(err); err != nil && !refused {
		return err
	}
	return c.draw(http.StatusForbidden, deadBody(c.guestPage("guest.dead-title"), wordsIn(c.r.PostForm)))
}

// A linkedPage is the one thing that a guest's link is bound to.
type linkedPage struct {
	lead, words, by, from string
	asks                  bool
	answer, key           string
}

func (c *call) linked() (page, linkedPage, casework.LinkedView, error) {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.LinkedItem{})
	if err != nil {
		return page{}, linkedPage{}, v, err
	}
	p := c.guestPage("guest." + string(v.Item.Kind) + "-title")
	unit := p.named(v.Regime, v.From.Unit.Name)
	p.help = help{name: unit, phone: v.From.Unit.Phone, hours: p.named(v.Regime, v.From.Unit.Hours)}
	calendar := care.CalendarOf(v.Regime)
	x := linkedPage{lead: p.T("guest."+string(v.Item.Kind), "unit", unit), words: v.Words, asks: v.Item.Kind == casework.QuestionItem || v.Item.Kind == casework.ConsultItem || v.Item.Kind == casework.ContributionItem, key: c.keyOf()}
	if x.words == "" {
		x.words = itemWords(p, string(v.Item.Kind), v.About, "")
	}
	if x.from = unit; v.Name != "" {
		x.from = v.Name + ", " + unit
	}
	if !v.By.IsZero() && x.asks {
		x.by = p.T("guest.by", "date", calendar.LastDay(v.By))
	}
	if known := c.knownAlong(p, v); known != "" {
		x.lead += " " + known
	}
	x.answer = clean(c.r.PostFormValue("words"))
	return p, x, v, nil
}

// knownAlong says what an e-consult brings along of the pathway's checklist.
func (c *call) knownAlong(p page, v casework.LinkedView) string {
	if len(v.Known) == 0 || v.Definition == nil {
		return ""
	}
	words := make([]string, len(v.Known))
	for i, id := range v.Known {
		words[i] = lowerFirst(orElse(textOf(p, v.Definition).Checklist[id], id))
	}
	return p.T("guest.known", "what", p.lang.List(words))
}

// showLinked shows what the link is about, and nothing else.
func showLinked(c *call) error {
	if asksTimes(c.who.Login.Item) {
		return c.linkedTimes()
	}
	p, x, _, err := c.linked()
	if err != nil {
		return c.deadLink(err)
	}
	return c.draw(http.StatusOK, linkedBody(p, x))
}

// answerLinked takes the answer to the question that the link is bound to. It is
// recorded for the party that was asked. After it the link is used up.
func answerLinked(c *call) error {
	if asksTimes(c.who.Login.Item) {
		return c.linkedTimes()
	}
	ctx := c.r.Context()
	words := clean(c.r.PostFormValue("words"))
	target, command, ok := answerOf(c.who.Login.Item, words)
	if ok && words != "" && c.r.PostFormValue("key") != "" {
		_, err := c.s.service.Do(ctx, c.order(target, command))
		refusal, refused := care.AsRefusal(err)
		switch {
		case err == nil:
			return c.draw(http.StatusOK, answeredBody(c.guestPage("guest.answered-title"), words))
		case refused && refusal.Kind != care.RefusedByRule:
			return c.deadLink(err)
		case !refused:
			return err
		}
		return c.linkedAgain(refusal)
	}
	refusal, _ := care.AsRefusal(care.Refuse("words-empty", "Write the message.").On("words"))
	return c.linkedAgain(refusal)
}

func (c *call) linkedAgain(refusal *care.Refusal) error {
	p, x, _, err := c.linked()
	if err != nil {
		return c.deadLink(err)
	}
	p.faults = []fault{{field: "words", text: p.refusal(refusal)}}
	return c.draw(http.StatusUnprocessableEntity, linkedBody(p, x))
}

// answerOf is the journey that a link is bound to, and the command that answers
// what it asks.
func answerOf(item, words string) (target string, c journey.Command, ok bool) {
	parts := strings.Split(item, "/")
	if len(parts) != 3 {
		return "", nil, false
	}
	n, err := strconv.Atoi(parts[2])
	if err != nil {
		return "", nil, false
	}
	switch casework.ItemKind(parts[0]) {
	case casework.QuestionItem:
		return parts[1], journey.AnswerQuestion{Question: n, Words: words}, true
	case casework.ConsultItem:
		return parts[1], journey.GiveAdvice{Consult: n, Words: words}, true
	case casework.ContributionItem:
		return parts[1], journey.Contribute{Contribution: n, Words: words}, true
	}
	return "", nil, false
}

// showShared shows the page that a patient approved, item by item.
func showShared(c *call) error {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.SharedPage{})
	if err != nil {
		return c.deadLink(err)
	}
	p := c.guestPage("share.page-title")
	calendar := care.CalendarOf(v.Regime)
	return c.draw(http.StatusOK, sharedBody(p, sharedPage{
		name: v.Name, to: v.For.Name, since: calendar.Date(v.Since), until: calendar.LastDay(v.Until), items: v.Items,
	}))
}

// A linkRow is one open thing that a link can be sent to, for staff.
type linkRow struct{ item, what, who, state, until string }

// showItemLinks lists what waits for somebody without an account, and the links
// that are out.
func showItemLinks(c *call) error { return c.itemLinks("", "") }

func (c *call) itemLinks(made, until string) error {
	s, list, err := sceneWith(c, func(v casework.JourneyView) casework.Question[[]casework.LinkedTo] {
		return casework.ItemLinks{Journey: v.ID}
	})
	if err != nil {
		return err
	}
	s.p.title = s.p.T("guest.links-title")
	if done := c.r.URL.Query().Get("done"); done == "ended" {
		s.p.told = &told{title: s.p.T("guest.links-ended")}
	}
	var rows []linkRow
	for _, l := range list {
		row := linkRow{
			item: string(l.Item.Kind) + "/" + strconv.Itoa(l.Item.Number), who: s.who(l.For),
			what: s.p.T("guest.links-" + string(l.Item.Kind)), state: s.p.T("guest.links-none"),
		}
		if !l.Until.IsZero() {
			row.until = s.p.T("guest.links-until", "moment", s.p.moment(l.Until.In(s.v.Calendar.Zone())))
			row.state = row.until
		}
		rows = append(rows, row)
	}
	return c.draw(http.StatusOK, linksBody(s.p, s.brief(), rows, s.address("/links"), s.address(""), made, until))
}

// makeItemLink makes a link and shows it once, or ends the one that is out.
func makeItemLink(c *call) error {
	if err := c.mayAuthor(); err != nil { // a patient's links lead to their own pages
		return err
	}
	kind, n, _ := strings.Cut(c.r.PostFormValue("item"), "/")
	number, _ := strconv.Atoi(n) // there is no item 0
	item := casework.Item{Kind: casework.ItemKind(kind), Target: c.r.PathValue("id"), Number: number}
	if item.Kind == casework.TimesItem {
		s, err := c.scene()
		if err != nil {
			return err
		}
		item.Target = string(s.v.Person.Key)
	}
	if item.Kind == casework.PageItem {
		return care.Missing("item-unknown", "There is nothing open there.")
	}
	if c.r.PostFormValue("do") == "end" {
		if _, err := casework.View(c.r.Context(), c.s.service, c.who, casework.EndLink{Item: item}); err != nil {
			return err
		}
		http.Redirect(c.w, c.r, "/journeys/"+c.r.PathValue("id")+"/links?done=ended", http.StatusSeeOther)
		return nil
	}
	link, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MakeLink{Item: item})
	if err != nil {
		return err
	}
	p := page{lang: languageFor(c.r, forStaff, accountLanguage(c.r)), face: forStaff}
	return c.itemLinks(c.linkAddress(link.Token), p.T("guest.links-until", "moment", p.moment(link.Until.In(c.calendar().Zone()))))
}

// outside reports whether a thing waits for somebody without an account, so that a
// link can be sent to them.
func (s *scene) outside(t thing) bool {
	st := s.v.State
	switch {
	case t.kind == "question" && t.n >= 1 && t.n <= len(st.Questions):
		return st.Questions[t.n-1].Open && s.noAccount(st.Questions[t.n-1].To)
	case t.kind == "consult" && t.n >= 1 && t.n <= len(st.Consults):
		c := st.Consults[t.n-1]
		return c.State == journey.ConsultOpen && !c.Shut && s.noAccount(c.To)
	case t.kind == "contribution" && t.n >= 1 && t.n <= len(st.Contributions):
		_, asked := st.Items[t.key()]
		return asked && s.noAccount(st.Contributions[t.n-1].Of)
	case t.kind == "times" && s.hasBooking(t):
		p := s.v.Bookings.State.Polls[t.n-1]
		return p.Open && slices.ContainsFunc(p.Silent(), func(who int) bool { return s.noAccount(p.People[who-1]) })
	case t.kind == "telling" && t.n >= 1 && t.n <= len(st.Tellings):
		return st.Tellings[t.n-1].Open() && s.noAccount(st.Tellings[t.n-1].To)
	}
	return false
}

func (s *scene) noAccount(to care.Party) bool {
	return to.Kind == care.PartyOther || to.Kind == care.PartyUnit && len(s.v.Post(to.Post).Holders) == 0
}
