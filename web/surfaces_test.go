package web_test

import (
	"context"
	"encoding/csv"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/questionnaire"
	"forlop/casework"
	"forlop/web"
)

// surfacesFile is the decision table of every address, written by hand: what each
// visitor meets there. in: the page, or the act was done. login: they are led to
// log in. fresh: they are logged in and are led to show anew who they are. denied:
// a page that says no. absent: what is asked about does not exist for them. refused:
// a rule of the matter itself says no, such as that it is over.
const surfacesFile = "testdata/surfaces.csv"

// An arrival brings one visitor of the table to the door: into a terrain about
// whom, and with what has happened before they come.
type arrival struct {
	who   of
	comes func(w *terrain, name string) *caller
}

// stale is how long ago visitors showed who they are: too long for what asks for a
// fresh login.
const stale = 10 * time.Minute

func comesAs(a care.Actor) func(*terrain, string) *caller {
	return func(w *terrain, name string) *caller { return w.enter(name, a, stale) }
}

// arrivals are the columns of the table.
var arrivals = map[string]arrival{
	"anonymous": {grown, func(w *terrain, name string) *caller { return &caller{w: w, name: name} }},
	"patient":   {grown, func(w *terrain, name string) *caller { return w.enter(name, asPatient(w.person), stale) }},
	"another patient": {grown, func(w *terrain, name string) *caller {
		return w.enter(name, asPatient(w.neighbour(coordinator).person), stale)
	}},
	"relative all": {grown, func(w *terrain, name string) *caller {
		return w.enter(name, asPatient(w.relativeOf("Anna Svale", access.Parts...)), stale).represent()
	}},
	"relative plan": {grown, func(w *terrain, name string) *caller {
		return w.enter(name, asPatient(w.relativeOf("Bo Svale", access.Plan)), stale).represent()
	}},
	"relative revoked": {grown, func(w *terrain, name string) *caller {
		to := w.relativeOf("Carl Svale", access.Parts...)
		w.asks(casework.Who{Actor: asPatient(w.person)}, string(w.person), access.RevokeProxy{Proxy: 2})
		return w.enter(name, asPatient(to), stale).represent()
	}},
	"guardian of 11": {eleven, func(w *terrain, name string) *caller {
		return w.enter(name, asPatient(w.guardianOf(coordinator)), stale).represent()
	}},
	"guardian of 13": {thirteen, func(w *terrain, name string) *caller {
		to := w.guardianOf(coordinator)
		w.clock.set(birthday)
		return w.enter(name, asPatient(to), stale).represent()
	}},
	"guardian of 13 SE": {thirteenSE, func(w *terrain, name string) *caller {
		to := w.guardianOf(worker("malin", "vc", "coordinator"))
		w.clock.set(birthday)
		return w.enter(name, asPatient(to), stale).represent()
	}},
	"takes part":  {grown, comesAs(professional("turid"))},
	"coordinator": {grown, comesAs(professional("kari"))},
	"coordinator off": {grown, func(w *terrain, name string) *caller {
		w.leaves("kari", "clinic")
		return w.enter(name, professional("kari"), stale)
	}},
	"elsewhere":       {grown, comesAs(professional("nils"))},
	"elsewhere fresh": {grown, func(w *terrain, name string) *caller { return w.enter(name, professional("nils"), 0) }},
	"ended": {grown, func(w *terrain, name string) *caller {
		w.leaves("egil", "clinic")
		return w.enter(name, professional("egil"), stale)
	}},
	"closed": {grown, func(w *terrain, name string) *caller {
		w.asks(casework.Who{Actor: asPatient(w.person)}, string(w.person), access.Block{Against: access.Against{Professional: "per"}, Strength: access.Closed})
		return w.enter(name, professional("per"), stale)
	}},
	"shut": {grown, func(w *terrain, name string) *caller {
		w.asks(casework.Who{Actor: asPatient(w.person)}, string(w.person), access.Block{Against: access.Against{Professional: "turid"}, Strength: access.Shut})
		return w.enter(name, professional("turid"), stale)
	}},
	"opened": {grown, func(w *terrain, name string) *caller {
		w.opens()
		return w.enter(name, professional("nils"), stale)
	}},
	"opened before": {grown, func(w *terrain, name string) *caller {
		w.opens()
		w.clock.set(w.clock.Now().Add(access.LongestOpening * time.Hour))
		return w.enter(name, professional("nils"), stale)
	}},
	"approver": {grown, comesAs(professional("ada"))},
	"privacy officer": {grown, func(w *terrain, name string) *caller {
		w.opens() // what they judge
		return w.enter(name, professional("petra"), stale)
	}},
	"guest of a link": {grown, func(w *terrain, name string) *caller {
		return w.linked(name, coordinator, casework.Item{Kind: casework.QuestionItem, Target: w.held, Number: 1})
	}},
	"guest of a page": {grown, func(w *terrain, name string) *caller {
		return w.linked(name, casework.Who{Actor: asPatient(w.person)}, w.shared())
	}},
	"expired": {grown, func(w *terrain, name string) *caller {
		c := w.enter(name, asPatient(w.person), stale)
		w.clock.set(w.clock.Now().Add(casework.SessionVisitor + time.Minute))
		return c
	}},
}

// An aim is where a route is asked, and what is sent to it.
type aim struct {
	path func(w *terrain) string
	form func(c *caller) url.Values
	// last stands behind all others: it ends what the visitor came with.
	last bool
}

func at(path string) func(*terrain) string { return func(*terrain) string { return path } }

func to(before string, which func(*terrain) string, after string) func(*terrain) string {
	return func(w *terrain) string { return before + which(w) + after }
}

// styleSheet is the address that pages give theirs.
func styleSheet(w *terrain) string {
	_, rest, _ := strings.Cut(string((&caller{w: w}).ask(http.MethodGet, "/privacy", nil).body), `href="/assets/`)
	address, _, _ := strings.Cut(rest, `"`)
	return "/assets/" + address
}

func personOf(w *terrain) string   { return string(w.person) }
func heldOf(w *terrain) string     { return w.held }
func askedOf(w *terrain) string    { return w.asked }
func waitingOf(w *terrain) string  { return w.waiting }
func movedOf(w *terrain) string    { return w.moved }
func threadOf(w *terrain) string   { return w.thread }
func threadAtOf(w *terrain) string { return w.held + "/messages/" + w.thread }
func formOf(w *terrain) string     { return w.form }
func formAtOf(w *terrain) string   { return w.held + "/forms/" + w.form }

// sends is a form with a key, filled as given.
func sends(pairs ...string) func(*caller) url.Values {
	return func(c *caller) url.Values {
		f := url.Values{"key": {c.w.key()}}
		for i := 0; i+1 < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		return f
	}
}

// copied is the form of the route as its page proposes it, filled and with a key
// of its own. A small terrain has none: there it is only a key.
func copied(route string) func(*caller) url.Values {
	return func(c *caller) url.Values {
		f := maps.Clone(c.w.forms[route])
		if f == nil {
			f = url.Values{}
		}
		f.Set("key", c.w.key())
		return f
	}
}

func withPerson(pairs ...string) func(*caller) url.Values {
	return func(c *caller) url.Values {
		f := sends(pairs...)(c)
		f.Set("person", string(c.w.person))
		return f
	}
}

const inUse, preparing = "/pathways/no.pain/2025.04", "/pathways/no.pain/2031.01"

// aims are one request for every route. It is the request of somebody who may:
// what it answers is the decision, and nothing that is wrong with it.
var aims = map[string]aim{
	"GET /assets/": {path: styleSheet}, "GET /display": {path: at("/display")}, "GET /accessibility": {path: at("/accessibility")}, "GET /privacy": {path: at("/privacy")},
	"POST /display": {path: at("/display"), form: sends("palette", "dark")}, "POST /language": {path: at("/language"), form: sends("language", "nn")},

	"GET /{$}": {path: at("/")}, "GET /login": {path: at("/login")},
	"POST /login": {path: at("/login"), form: func(c *caller) url.Values {
		token, _, err := c.w.s.LoginLink(context.Background(), professional("astrid"))
		if err != nil {
			c.w.t.Fatal(err)
		}
		return url.Values{"token": {token}}
	}},
	"POST /logout":                 {path: at("/logout"), form: sends()},
	"GET /login/with/{provider}":   {path: at("/login/with/none")},
	"GET /login/back/{provider}":   {path: at("/login/back/none")},
	"POST /login/ended/{provider}": {path: at("/login/ended/none"), form: sends()},
	"GET /account":                 {path: at("/account")}, "GET /account/new": {path: at("/account/new")},
	"POST /account": {path: at("/account"), form: sends()}, "POST /account/new": {path: at("/account/new"), form: sends()},
	"GET /sessions": {path: at("/sessions")}, "POST /sessions": {path: at("/sessions"), form: sends()}, "GET /unsent": {path: at("/unsent")},
	"POST /unsent": {path: at("/unsent"), form: func(c *caller) url.Values {
		f := sends("do", "drop")(c)
		if c.token == "" {
			return f
		}
		_, err := c.w.s.KeepUnsent(context.Background(), c.token, casework.Unsent{Path: "/me/messages", Type: "application/x-www-form-urlencoded", Body: []byte("text=Hei")})
		if err != nil {
			c.w.t.Fatal(err)
		}
		if kept, err := c.w.s.UnsentForms(context.Background(), casework.Who{Actor: c.actor}); err == nil && len(kept) > 0 {
			f.Set("id", kept[0].ID)
		}
		return f
	}},

	"GET /me": {path: at("/me")}, "GET /me/short": {path: at("/me/short")}, "GET /me/looks": {path: at("/me/looks")},
	"GET /me/journeys/{journey}":             {path: to("/me/journeys/", heldOf, "")},
	"GET /me/steps/{journey}/{step}":         {path: to("/me/steps/", askedOf, "/assessment-and-draft-plan")},
	"POST /me/steps/{journey}/{step}":        {path: to("/me/steps/", askedOf, "/wishes-before-summary-meeting"), form: sends("words", "Jeg vil bli med.")},
	"GET /me/notices":                        {path: at("/me/notices")},
	"POST /me/notices":                       {path: at("/me/notices"), form: sends("channel", "page", "nudge", "page", "quietFrom", "22", "quietTo", "8")},
	"POST /me/notices/rest":                  {path: at("/me/notices/rest"), form: sends("until", "2026-03-12")},
	"POST /me/too-ill":                       {path: at("/me/too-ill"), form: sends()},
	"GET /me/message":                        {path: at("/me/message")},
	"POST /me/message":                       {path: at("/me/message"), form: sends("text", "Hei.")},
	"GET /me/messages":                       {path: at("/me/messages")},
	"POST /me/messages":                      {path: at("/me/messages"), form: sends("text", "Hei.")},
	"GET /me/messages/{thread}":              {path: to("/me/messages/", threadOf, "")},
	"POST /me/messages/{thread}":             {path: to("/me/messages/", threadOf, ""), form: sends("text", "Hei.")},
	"GET /journeys/{id}/messages":            {path: to("/journeys/", heldOf, "/messages")},
	"POST /journeys/{id}/messages":           {path: to("/journeys/", heldOf, "/messages"), form: sends("act", "begin", "text", "Hei.")},
	"GET /journeys/{id}/messages/{thread}":   {path: to("/journeys/", threadAtOf, "")},
	"POST /journeys/{id}/messages/{thread}":  {path: to("/journeys/", threadAtOf, ""), form: sends("act", "say", "text", "Hei.")},
	"GET /me/matters":                        {path: at("/me/matters")},
	"POST /me/matters":                       {path: at("/me/matters"), form: sends("words", "Ro.")},
	"GET /me/story":                          {path: at("/me/story")},
	"POST /me/story":                         {path: at("/me/story"), form: sends("words", "Mer.")},
	"GET /me/wait/{journey}/{step}":          {path: to("/me/wait/", askedOf, "/assessment-and-draft-plan")},
	"POST /me/wait/{journey}/{step}":         {path: to("/me/wait/", askedOf, "/assessment-and-draft-plan"), form: copied("/me/wait/{journey}/{step}")},
	"GET /me/decisions/{journey}/{meeting}":  {path: to("/me/decisions/", heldOf, "/1")},
	"POST /me/decisions/{journey}/{meeting}": {path: to("/me/decisions/", heldOf, "/1"), form: sends("answer", "agrees")},
	"GET /me/summary/{journey}/{joint}":      {path: to("/me/summary/", heldOf, "/1")},
	"POST /me/summary/{journey}/{joint}":     {path: to("/me/summary/", heldOf, "/1"), form: sends("answer", "approved")},
	"GET /me/findings":                       {path: at("/me/findings")},
	"POST /me/findings":                      {path: at("/me/findings"), form: sends("kind", "mri", "examined", "2025-11-03", "by", "Sykehuset", "showed", "Normalt.")},
	"GET /journeys/{id}/copy":                {path: to("/journeys/", heldOf, "/copy")},
	"GET /interventions":                     {path: at("/interventions")},
	"GET /me/written/{journey}":              {path: to("/me/written/", heldOf, "")},
	"GET /me/written/{journey}/{version}":    {path: to("/me/written/", heldOf, "/1")},
	"POST /me/written/{journey}/{version}":   {path: to("/me/written/", heldOf, "/1"), form: sends("sentence", "vondt", "text", "Det er ikke slik.")},
	"GET /me/what-if/{journey}":              {path: to("/me/what-if/", heldOf, "")},
	"GET /me/choices/{journey}/{choice}":     {path: to("/me/choices/", heldOf, "/1")},
	"POST /me/choices/{journey}/{choice}":    {path: to("/me/choices/", heldOf, "/1"), form: sends("chosen", "none", "lookAgain", "2026-06-20")},
	"GET /me/new-version/{journey}":          {path: to("/me/new-version/", movedOf, "")},
	"POST /me/new-version/{journey}":         {path: to("/me/new-version/", movedOf, ""), form: copied("/me/new-version/{journey}")},

	"GET /me/asked/{n}": {path: at("/me/asked/1")}, "POST /me/asked/{n}": {path: at("/me/asked/1"), form: sends("answer", "partly")},
	"GET /journeys/{id}/asked/{n}":  {path: to("/journeys/", heldOf, "/asked/1")},
	"POST /journeys/{id}/asked/{n}": {path: to("/journeys/", heldOf, "/asked/1"), form: sends("happened", "2026-03-05", "whose", "patient", "how", "phone", "answer", "yes")},
	"GET /me/forms":                 {path: at("/me/forms")}, "GET /me/forms/{form}": {path: to("/me/forms/", formOf, "")},
	"POST /me/forms/{form}":            {path: to("/me/forms/", formOf, ""), form: sends()},
	"GET /me/forms/{form}/{question}":  {path: to("/me/forms/", formOf, "/1")},
	"POST /me/forms/{form}/{question}": {path: to("/me/forms/", formOf, "/1"), form: sends("value", "1")},
	"GET /journeys/{id}/forms":         {path: to("/journeys/", heldOf, "/forms")},
	"POST /journeys/{id}/forms": {path: to("/journeys/", heldOf, "/forms"), form: func(c *caller) url.Values {
		d, _ := questionnaire.Find(questionnaire.Ref{ID: "peg"})
		return sends("questionnaire", d.Hash, "reader", "clinic/team", "by", "2026-03-20")(c)
	}},
	"GET /journeys/{id}/forms/{form}":                    {path: to("/journeys/", formAtOf, "")},
	"POST /journeys/{id}/forms/{form}":                   {path: to("/journeys/", formAtOf, ""), form: sends("act", "withdraw", "reason", "Feil skjema.")},
	"GET /journeys/{id}/forms/{form}/paper":              {path: to("/journeys/", formAtOf, "/paper")},
	"POST /journeys/{id}/forms/{form}/paper":             {path: to("/journeys/", formAtOf, "/paper"), form: sends("happened", "2026-03-05", "whose", "patient", "how", "letter", "answer-interest", "1")},
	"GET /me/appointments/{journey}/{step}":              {path: to("/me/appointments/", askedOf, "/summary-meeting")},
	"POST /me/appointments/{journey}/{step}":             {path: to("/me/appointments/", askedOf, "/summary-meeting"), form: copied("/me/appointments/{journey}/{step}")},
	"POST /me/appointments/{journey}/{step}/back":        {path: to("/me/appointments/", askedOf, "/summary-meeting/back"), form: func(c *caller) url.Values { return sends("number", c.w.wishing())(c) }},
	"GET /me/appointments/{journey}/{step}/calendar.ics": {path: to("/me/appointments/", askedOf, "/summary-meeting/calendar.ics")},
	"GET /me/times/{poll}":                               {path: at("/me/times/1")},
	"POST /me/times/{poll}":                              {path: at("/me/times/1"), form: sends("can", "2")},
	"GET /me/calendar":                                   {path: at("/me/calendar")}, "POST /me/calendar": {path: at("/me/calendar"), form: sends()},
	"POST /me/calendar/end": {path: at("/me/calendar/end"), form: sends()}, "GET /calendar/{file}": {path: at("/calendar/none.ics")},

	"GET /me/access": {path: at("/me/access")}, "GET /me/access/ages": {path: at("/me/access/ages")},
	"GET /me/access/stop":                       {path: at("/me/access/stop?person=kari")},
	"POST /me/access/stop":                      {path: at("/me/access/stop?person=kari"), form: sends("strength", string(access.Closed))},
	"GET /me/access/blocks/{block}":             {path: at("/me/access/blocks/1")},
	"POST /me/access/blocks/{block}":            {path: at("/me/access/blocks/1"), form: sends()},
	"POST /me/access/blocks/{block}/for-a-time": {path: at("/me/access/blocks/1/for-a-time"), form: sends("until", "2026-03-20")},
	"POST /me/access/consents/{consent}":        {path: at("/me/access/consents/1"), form: sends()},
	"GET /me/access/give":                       {path: at("/me/access/give")},
	"POST /me/access/give": {path: at("/me/access/give"), form: func(c *caller) url.Values {
		return sends("stage", "ask", "to", string(c.w.eva), "parts", string(access.Plan), "until", "2026-06-20")(c)
	}},
	"GET /me/access/people/{proxy}":         {path: at("/me/access/people/1")},
	"POST /me/access/people/{proxy}/limit":  {path: at("/me/access/people/1/limit"), form: sends("parts", string(access.Plan))},
	"POST /me/access/people/{proxy}/renew":  {path: at("/me/access/people/1/renew"), form: sends("until", "2026-06-20")},
	"POST /me/access/people/{proxy}/revoke": {path: at("/me/access/people/1/revoke"), form: sends()},
	"POST /me/access/pages/{page}":          {path: at("/me/access/pages/1"), form: sends()},
	"GET /me/access/notices":                {path: at("/me/access/notices")},
	"POST /me/access/notices":               {path: at("/me/access/notices"), form: sends("to", "me")},

	"GET /learn": {path: at("/learn")}, "GET /me/courses": {path: at("/me/courses")}, "GET /schedule": {path: at("/schedule")},
	"POST /me/courses/{slot}": {path: to("/me/courses/", slotOf, ""), form: sends("do", "take")},
	"GET /schedule/new":       {path: at("/schedule/new")}, "POST /schedule/new": {path: at("/schedule/new"), form: sends(slotAsks...)},
	"GET /schedule/{slot}": {path: to("/schedule/", slotOf, "")}, "GET /schedule/{slot}/change": {path: to("/schedule/", slotOf, "/change")},
	"POST /schedule/{slot}":        {path: to("/schedule/", slotOf, ""), form: sends("do", "cancel", "next", "new-date"), last: true},
	"POST /schedule/{slot}/change": {path: to("/schedule/", slotOf, "/change"), form: sends(slotAsks...)},

	"GET /link": {path: at("/link?token=none")}, "POST /link": {path: at("/link"), form: sends("token", "none")},
	"GET /linked": {path: at("/linked")}, "POST /linked": {path: at("/linked"), form: sends("words", "Knebøy."), last: true}, "GET /shared": {path: at("/shared")},
	"GET /me/share": {path: at("/me/share")}, "GET /me/share/new": {path: at("/me/share/new")},
	"POST /me/share/new":        {path: at("/me/share/new"), form: sends("do", "receiver", "kind", string(access.Welfare), "name", "Nav Fjord", "until", "2026-03-20")},
	"POST /me/share/link":       {path: at("/me/share/link"), form: sends("page", "1")},
	"POST /me/share/withdraw":   {path: at("/me/share/withdraw"), form: sends("page", "1")},
	"GET /journeys/{id}/links":  {path: to("/journeys/", heldOf, "/links")},
	"POST /journeys/{id}/links": {path: to("/journeys/", heldOf, "/links"), form: sends("item", "question/2")},

	"GET /for": {path: at("/for")}, "POST /for": {path: at("/for"), form: withPerson()},
	"GET /for/{person}/end": {path: to("/for/", personOf, "/end")},
	"POST /for/{answer}":    {path: at("/for/end"), form: withPerson("proxy", "2"), last: true},
	"GET /me/hidden":        {path: at("/me/hidden")}, "GET /me/relief": {path: at("/me/relief")},
	"POST /me/relief":    {path: at("/me/relief"), form: sends("phone", "00 00 00 44", "words", "Jeg er sliten.")},
	"GET /help-someone":  {path: at("/help-someone")},
	"POST /help-someone": {path: at("/help-someone"), form: sends("name", grown.name, "number", theirNumber, "own-name", "Anna", "phone", "00 00 00 44", "words", "Hun svarer ikke.")},

	"GET /work": {path: at("/work")}, "GET /referrals": {path: at("/referrals")}, "GET /meetings": {path: at("/meetings")}, "GET /find": {path: at("/find")}, "POST /find": {path: at("/find"), form: sends("q", "Kanarifugl")},
	"POST /work/post":       {path: at("/work/post"), form: sends("act-from", "clinic/coordinator")},
	"POST /work/views":      {path: at("/work/views"), form: sends("called", "Min", "address", "view=late")},
	"POST /work/views/drop": {path: at("/work/views/drop"), form: sends("view", "1")},
	"POST /work/sleep":      {path: at("/work/sleep"), form: sends("of", "journey/none!step/1", "unit", "clinic", "until", "2026-06-20")},
	"POST /work/wake":       {path: at("/work/wake"), form: sends("of", "journey/none!step/1", "unit", "clinic")},
	"GET /work/bulk":        {path: at("/work/bulk?act=asleep")}, "POST /work/bulk": {path: at("/work/bulk"), form: sends("act", "asleep", "until", "2026-06-20")},
	"POST /work/bulk/undo": {path: at("/work/bulk/undo"), form: sends()},
	"GET /work/posts":      {path: at("/work/posts")}, "GET /work/faults": {path: at("/work/faults")},
	"POST /work/posts/away":            {path: at("/work/posts/away"), form: sends("posts", "clinic/coordinator", "from", "2026-12-01", "until", "2026-12-10"), last: true},
	"POST /work/posts/back":            {path: at("/work/posts/back"), form: sends("unit", "clinic", "absence", "99")},
	"POST /work/posts/limit":           {path: at("/work/posts/limit"), form: sends("post", "clinic/coordinator", "most", "50")},
	"GET /work/late/{journey}":         {path: to("/work/late/", heldOf, "")},
	"GET /work/short-notice/{journey}": {path: to("/work/short-notice/", heldOf, "?step=1")},
	"GET /referrals/new":               {path: at("/referrals/new")},
	"POST /referrals/new":              {path: at("/referrals/new"), form: copied("/referrals/new")},
	"GET /journeys/{id}":               {path: to("/journeys/", heldOf, "")}, "GET /journeys/{id}/history": {path: to("/journeys/", heldOf, "/history")},
	"GET /journeys/{id}/summary":            {path: to("/journeys/", heldOf, "/summary")},
	"GET /journeys/{id}/attachment":         {path: to("/journeys/", waitingOf, "/attachment")},
	"GET /journeys/{id}/findings/{finding}": {path: to("/journeys/", waitingOf, "/findings/1")},
	"GET /journeys/{id}/meetings/{meeting}": {path: to("/journeys/", heldOf, "/meetings/1")},
	"GET /journeys/{id}/answer":             {path: to("/journeys/", waitingOf, "/answer")},
	"POST /journeys/{id}/answer":            {path: to("/journeys/", waitingOf, "/answer"), form: copied("/journeys/{id}/answer")},
	"GET /journeys/{id}/do/{action}":        {path: to("/journeys/", heldOf, "/do/words")},
	"POST /journeys/{id}/do/{action}":       {path: to("/journeys/", heldOf, "/do/words"), form: copied("/journeys/{id}/do/{action}")},
	"POST /journeys/{id}/note":              {path: to("/journeys/", heldOf, "/note"), form: sends("said", "Ringte.")},

	"GET /letters": {path: at("/letters")}, "GET /calls": {path: at("/calls")},
	"POST /letters":                       {path: at("/letters"), form: postsLetter, last: true},
	"GET /letters/{person}/{sending}":     {path: to("/letters/", personOf, "/1")},
	"GET /letters/{person}/{sending}/pdf": {path: to("/letters/", personOf, "/1/pdf")},
	"GET /calls/{person}/{sending}":       {path: to("/calls/", personOf, "/1")},
	"POST /calls/{person}/{sending}":      {path: to("/calls/", personOf, "/1"), form: sends("then", "no-answer")},

	"GET /admin/erasure": {path: at("/admin/erasure")}, "POST /admin/erasure": {path: at("/admin/erasure"), form: sends("number", theirNumber)},
	"GET /admin/erasure/{person}":         {path: to("/admin/erasure/", personOf, "")},
	"POST /admin/erasure/{person}":        {path: to("/admin/erasure/", personOf, ""), form: sends("do", "propose", "decision", string(access.ByController), "reference", "2026/17"), last: true},
	"GET /journeys/{id}/address":          {path: to("/journeys/", heldOf, "/address")},
	"POST /journeys/{id}/address":         {path: to("/journeys/", heldOf, "/address"), form: sends("reason", "Henter henne hjemme i dag.")},
	"GET /journeys/{id}/merge":            {path: to("/journeys/", heldOf, "/merge")},
	"POST /journeys/{id}/merge":           {path: to("/journeys/", heldOf, "/merge"), form: sends("do", "search", "q", "Kanari")},
	"GET /journeys/{id}/access":           {path: to("/journeys/", heldOf, "/access")},
	"GET /journeys/{id}/access/{action}":  {path: to("/journeys/", heldOf, "/access/protect-address")},
	"POST /journeys/{id}/access/{action}": {path: to("/journeys/", heldOf, "/access/protect-address"), form: sends("kind", string(access.Confidential), "words", "Hun er truet."), last: true},

	"GET /emergency":              {path: at("/emergency")},
	"POST /emergency":             {path: at("/emergency"), form: sends("number", theirNumber, "why", string(access.Emergency), "words", "Bevisstløs.", "hours", "1")},
	"GET /opened/{person}":        {path: to("/opened/", personOf, "")},
	"POST /opened/{person}/close": {path: to("/opened/", personOf, "/close"), form: sends("opening", "1"), last: true},

	"GET /admin/log": {path: at("/admin/log")}, "GET /admin/sample": {path: at("/admin/sample")},
	"POST /admin/log":                         {path: at("/admin/log"), form: sends("reason", "Et spørsmål fra pasienten.", "number", theirNumber)},
	"GET /admin/log/{unit}/{matter}":          {path: at("/admin/log/trust/1")},
	"POST /admin/log/{unit}/{matter}":         {path: at("/admin/log/trust/1"), form: sends("verdict", string(access.Justified), "words", "Avtalt."), last: true},
	"GET /admin/openings/{person}/{opening}":  {path: to("/admin/openings/", personOf, "/1")},
	"POST /admin/openings/{person}/{opening}": {path: to("/admin/openings/", personOf, "/1"), form: sends("verdict", string(access.Justified), "words", "Akutt.")},

	"GET /pathways": {path: at("/pathways")}, "GET /pathways/findings": {path: at("/pathways/findings?code=E301")},
	"GET /pathways/{id}/moves":                          {path: at("/pathways/no.pain/moves")},
	"POST /pathways/{id}/moves":                         {path: at("/pathways/no.pain/moves"), form: sends("act", "propose", "from", "2025.04", "to", "2031.01", "slice", "50", "mapping", "")},
	"GET /pathways/{id}/{version}":                      {path: at(inUse)},
	"GET /pathways/{id}/{version}/source":               {path: at(inUse + "/source")},
	"GET /pathways/{id}/{version}/tests":                {path: at(inUse + "/tests")},
	"GET /pathways/{id}/{version}/preview":              {path: at(inUse + "/preview")},
	"GET /pathways/{id}/{version}/preview/at/{rest...}": {path: at(inUse + "/preview/at/me?day=0&lang=nb")},
	"GET /pathways/{id}/{version}/diff":                 {path: at(inUse + "/diff")},
	"GET /pathways/{id}/{version}/publish":              {path: at(inUse + "/publish")},
	"GET /pathways/{id}/{version}/do/{act}":             {path: at(inUse + "/do/review")},
	"POST /pathways/{id}/{version}/do/{act}":            {path: at(inUse + "/do/review"), form: copied("/pathways/{id}/{version}/do/{act}")},
	"GET /professional":                                 {path: at("/professional")},
	"GET /professional/{id}":                            {path: at("/professional/no.pain")},
	"POST /professional/declare":                        {path: at("/professional/declare"), form: sends()},
}

// outcome is an answer in the words of the table.
func outcome(a reply) string {
	path, query, _ := strings.Cut(a.location, "?")
	switch {
	case a.status >= 500:
		return "fault"
	case path == "/login" && strings.Contains(query, "again="):
		return "fresh"
	case path == "/login" && strings.Contains(a.location, "?"):
		return "login"
	case path == "/me/hidden":
		return "denied" // the page that says to a relative what is not theirs
	case a.status == http.StatusForbidden:
		return "denied"
	case a.status == http.StatusNotFound:
		return "absent"
	case a.status < 400:
		return "in"
	}
	return "refused"
}

// readSurfaces reads the table: route, visitor, what they must meet.
func readSurfaces(t *testing.T) map[string]map[string]string {
	t.Helper()
	f, err := os.Open(surfacesFile)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	names := rows[0][2:]
	if want := slices.Sorted(maps.Keys(arrivals)); !slices.Equal(slices.Sorted(slices.Values(names)), want) {
		t.Fatalf("the table is about %v, and who comes are %v", names, want)
	}
	table := map[string]map[string]string{}
	for _, row := range rows[1:] {
		route := row[0] + " " + row[1]
		if table[route] != nil {
			t.Errorf("%s stands twice", route)
		}
		table[route] = map[string]string{}
		for i, cell := range row[2:] {
			if !slices.Contains([]string{"in", "login", "fresh", "denied", "absent", "refused"}, cell) {
				t.Errorf("%s for %s says %q", route, names[i], cell)
			}
			table[route][names[i]] = cell
		}
	}
	return table
}

// TestSurfaces asks every route as everybody, each visitor in a terrain of their
// own, and compares with the table.
func TestSurfaces(t *testing.T) {
	t.Parallel()
	table := readSurfaces(t)
	var routes []string
	for _, rt := range web.Routes() {
		routes = append(routes, rt.Method+" "+rt.Path)
	}
	for route := range table {
		if !slices.Contains(routes, route) {
			t.Errorf("the table has %s, which is no route", route)
		}
	}
	uncovered := 0
	for _, route := range routes {
		_, reached := aims[route]
		if table[route] == nil || !reached {
			t.Errorf("%s is not in the table, or is not asked", route)
			uncovered += len(arrivals)
		}
	}
	// What changes least stands first; what ends the visit last.
	slices.SortStableFunc(routes, func(a, b string) int {
		order := func(r string) int {
			switch {
			case r == "POST /login", r == "POST /logout":
				return 4
			case r == "POST /emergency":
				return 3
			case aims[r].last:
				return 2
			case strings.HasPrefix(r, "POST"):
				return 1
			}
			return 0
		}
		return order(a) - order(b)
	})
	var sum struct {
		sync.Mutex
		cells, allow, deny, other int
	}
	t.Cleanup(func() {
		t.Logf("routes %d, visitors %d, cells %d, unexpected allow %d, unexpected deny %d, other %d, uncovered %d",
			len(routes), len(arrivals), sum.cells, sum.allow, sum.deny, sum.other, uncovered)
		if sum.cells != len(routes)*len(arrivals)-uncovered {
			t.Errorf("only %d cells were asked", sum.cells)
		}
	})
	for _, name := range slices.Sorted(maps.Keys(arrivals)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := openTerrain(t, newStore(t), slog.New(slog.DiscardHandler), arrivals[name].who)
			c := arrivals[name].comes(w, name)
			for _, route := range routes {
				aim, reached := aims[route]
				want := table[route][name]
				if !reached || want == "" {
					continue
				}
				method, _, _ := strings.Cut(route, " ")
				var form url.Values
				if aim.form != nil {
					form = aim.form(c)
					if c.represents != "" && !strings.HasPrefix(route, "POST /for") {
						form.Set("for", string(c.represents))
					}
				}
				a := c.ask(method, aim.path(w), form)
				got := outcome(a)
				sum.Lock()
				sum.cells++
				switch {
				case got == want:
				case got == "in":
					sum.allow++
				case want == "in":
					sum.deny++
				default:
					sum.other++
				}
				sum.Unlock()
				if got != want {
					t.Errorf("%s for %s: %s (%d %s), want %s", route, name, got, a.status, a.location, want)
				}
			}
		})
	}
}
