package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// sharePlace is what a sealed preview is sealed for: what is approved is what was
// shown, letter by letter.
const sharePlace = "share-preview"

// shareDays is for how long a shared page is proposed (proposed).
const shareDays = 30

// shareReceivers are those a page can be shared with, in the order offered.
var shareReceivers = []access.ReceiverKind{access.Welfare, access.Employer, access.School, access.OtherReceiver}

// A sharedPage is a page as its receiver reads it.
type sharedPage struct {
	name, to     string
	since, until care.Date
	items        []access.SharedItem
}

// A sharing is a page on its way: for whom, until when, and what stands on it.
type sharing struct {
	Person, Kind, Name string
	Until              care.Date
	Items              []access.SharedItem
}

// A shareRow is one page that was shared.
type shareRow struct {
	number            int
	title, until      string
	what, opened      []string
	open              bool
	key, withdrawsKey string
}

// showShares lists the pages that the reader has shared, and who opened them when.
func showShares(c *call) error { return c.shares("", "") }

func (c *call) shares(link, until string) error {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MyAccess{})
	if err != nil {
		return err
	}
	looks, err := casework.View(c.r.Context(), c.s.service, c.who, casework.Looks{})
	if err != nil {
		return err
	}
	p, plan, err := c.plan("share.title")
	if err != nil {
		return err
	}
	zone := c.zone(plan)
	if done := c.r.URL.Query().Get("done"); done == "withdrawn" {
		p.told = &told{title: p.T("share.withdrawn")}
	}
	var rows []shareRow
	for _, page := range slices.Backward(v.Pages) {
		r := shareRow{
			number: page.Number, title: p.T("share.to-"+string(page.To.Kind)) + ": " + page.To.Name, open: page.Open,
			until: p.T("share.until", "date", care.DateOf(page.Ends.Add(-1), zone)), key: formKey(), withdrawsKey: formKey(),
		}
		if !page.Open {
			r.until = p.T("share.over")
		}
		for _, i := range page.Words {
			r.what = append(r.what, i.Title)
		}
		item := casework.Item{Kind: casework.PageItem, Target: string(v.Person.Key), Number: page.Number}.String()
		for _, l := range looks {
			if l.Actor.Kind == care.Guest && l.Question == (casework.SharedPage{}).Name() && slices.Contains(l.What, item) {
				r.opened = append(r.opened, p.moment(l.At.In(zone)))
			}
		}
		rows = append(rows, r)
	}
	return c.draw(http.StatusOK, sharesBody(p, rows, link, until))
}

// sharePage goes from the receiver by the choice of items to the preview, and
// from there to the approval. Each step has everything of the one before.
func sharePage(c *call) error {
	view, err := casework.View(c.r.Context(), c.s.service, c.who, casework.SharePreview{})
	if err != nil {
		return err
	}
	p, plan, err := c.plan("share.new")
	if err != nil {
		return err
	}
	form := func(name string) string { return clean(c.r.PostFormValue(name)) }
	x := sharing{Person: string(view.Person.Key), Kind: form("kind"), Name: form("name")}
	today := care.DateOf(view.Now, c.zone(plan))
	until := form("until")
	if c.r.Method == http.MethodGet {
		return c.draw(http.StatusOK, receiverBody(p, x, today.AddDays(shareDays).String(), kindChoices(p, x)))
	}
	step := form("do")
	if step == "approve" {
		return c.approve(p, x, form("page"))
	}
	x.Until, err = care.ParseDate(until)
	switch {
	case !slices.Contains(shareReceivers, access.ReceiverKind(x.Kind)):
		p.faults = append(p.faults, fault{"kind", p.T("refusal.receiver-unknown")})
	case x.Name == "":
		p.faults = append(p.faults, fault{"name", p.T("share.name-missing")})
	case err != nil || x.Until.Before(today):
		p.faults = append(p.faults, fault{"until", p.T("share.until-missing")})
	}
	if len(p.faults) > 0 || step == "receiver" {
		status := http.StatusOK
		if len(p.faults) > 0 {
			status = http.StatusUnprocessableEntity
		}
		return c.draw(status, receiverBody(p, x, until, kindChoices(p, x)))
	}
	own := step == "own" || form("own") != ""
	chosen := c.r.PostForm["item"]
	var offered []shareChoice
	for _, candidate := range view.Candidates {
		if candidate.Own && !own {
			continue
		}
		item := shareItem(p, view, candidate)
		offered = append(offered, shareChoice{item: item, chosen: slices.Contains(chosen, item.Key)})
		if slices.Contains(chosen, item.Key) {
			x.Items = append(x.Items, item)
		}
	}
	if step == "preview" && len(x.Items) == 0 {
		p.faults = []fault{{"item", p.T("share.items-missing")}}
	}
	if step != "preview" || len(p.faults) > 0 {
		status := http.StatusOK
		if len(p.faults) > 0 {
			status = http.StatusUnprocessableEntity
		}
		p.title = p.T("share.choose")
		return c.draw(status, chooseItemsBody(p, x, offered, own))
	}
	text, err := json.Marshal(x)
	if err != nil {
		return err
	}
	sealed, err := c.s.service.SealCarried(sharePlace, text)
	if err != nil {
		return err
	}
	p.title = p.T("share.preview")
	return c.draw(http.StatusOK, previewShareBody(p, sharedPage{
		name: view.Person.Identity.Name, to: x.Name, since: today, until: x.Until, items: x.Items,
	}, x, sealed, own, formKey()))
}

// approve shares exactly what the preview showed, and shows its link once.
func (c *call) approve(p page, now sharing, sealed string) error {
	var x sharing
	text, ok := c.s.service.OpenCarried(sharePlace, sealed)
	if !ok || json.Unmarshal(text, &x) != nil || x.Person != now.Person {
		return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	err := c.act(x.Person, access.SharePage{To: access.Receiver{Kind: access.ReceiverKind(x.Kind), Name: x.Name}, Items: x.Items, Until: x.Until})
	if refusal, refused := care.AsRefusal(err); refused && refusal.Kind == care.RefusedByRule {
		field := map[string]string{"to": "name", "until": "until"}[refusal.Field]
		p.faults = []fault{{field, p.refusal(refusal)}}
		return c.draw(http.StatusUnprocessableEntity, receiverBody(p, x, x.Until.String(), kindChoices(p, x)))
	}
	if err != nil {
		return err
	}
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MyAccess{})
	if err != nil {
		return err
	}
	if len(v.Pages) == 0 {
		return care.Missing("page-unknown", "There is no such page.")
	}
	return c.linkTo(x.Person, v.Pages[len(v.Pages)-1].Number)
}

// linkTo makes the link of a page, which ends the one before, and shows it once.
func (c *call) linkTo(person string, number int) error {
	link, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MakeLink{Item: casework.Item{Kind: casework.PageItem, Target: person, Number: number}})
	if err != nil {
		return err
	}
	p := newPage(c.r, forPatients, accountLanguage(c.r))
	return c.shares(c.linkAddress(link.Token), p.T("share.until", "date", care.DateOf(link.Until.Add(-1), care.CalendarOf(care.Norway).Zone())))
}

// linkShare makes a new link to a page that is shared already.
func linkShare(c *call) error {
	number, _ := strconv.Atoi(c.r.PostFormValue("page")) // there is no page 0
	return c.linkTo(c.who.Actor.ID, number)
}

// withdrawShare takes a page back at once.
func withdrawShare(c *call) error {
	number, _ := strconv.Atoi(c.r.PostFormValue("page"))
	if err := c.act(c.who.Actor.ID, access.WithdrawPage{Page: number}); err != nil {
		return err
	}
	http.Redirect(c.w, c.r, "/me/share?done="+url.QueryEscape("withdrawn"), http.StatusSeeOther)
	return nil
}

func kindChoices(p page, x sharing) []choice {
	var out []choice
	for _, k := range shareReceivers {
		out = append(out, choice{value: string(k), label: p.T("share.to-" + string(k)), chosen: x.Kind == string(k)})
	}
	return out
}

// A shareChoice is one thing that could stand on a page.
type shareChoice struct {
	item   access.SharedItem
	chosen bool
}

// shareItem is one thing in the words that the patient reads before saying yes,
// and that are kept: plain, without the marks of a page.
func shareItem(p page, view casework.ShareView, c casework.ShareCandidate) access.SharedItem {
	p.face = ""
	zone := care.CalendarOf(care.Norway).Zone() // the clocks of both countries show the same
	post := func(v casework.PostView) string {
		return strings.Join(slices.DeleteFunc([]string{p.lang.List(v.Holders), v.Unit.Name, v.Unit.Phone}, func(s string) bool { return s == "" }), ", ")
	}
	title, step := "", ""
	if c.Pathway != nil {
		t := textOf(p, c.Pathway)
		title, step = t.Title, t.Steps[c.Step.ID].Title
	}
	date := care.Date{}
	if !c.At.IsZero() {
		date = care.DateOf(c.At, zone)
	}
	item := access.SharedItem{Key: c.Key, Title: p.T("share.item." + string(c.Kind)), Chosen: true}
	key := "share.says." + string(c.Kind)
	switch c.Kind {
	case casework.SharePathway:
		item.Text = p.T(key, "what", title, "date", p.lang.Date(date))
	case casework.ShareResponsible, casework.ShareCoordinator:
		item.Text = post(c.Post)
	case casework.ShareStep, casework.ShareDone, casework.ShareDeclined:
		if date.IsZero() {
			item.Text = p.T(key+"-undated", "what", step)
			break
		}
		item.Text = p.T(key, "what", step, "date", p.lang.Date(date))
	case casework.ShareCarrier:
		who := c.Carrier.Name
		if c.Carrier.Kind == care.PartyUnit {
			who = view.Post(c.Carrier.Post).Unit.Name
		}
		item.Title = p.T("staff.carried." + string(c.Carried))
		item.Text = who
		if !c.Until.IsZero() {
			item.Text = p.T(key, "who", who, "date", p.lang.Date(c.Until))
		}
	case casework.ShareAdaptations:
		var list []string
		for _, a := range c.Adapted {
			list = append(list, lowerFirst(p.T("staff.adaptation."+string(a))))
		}
		item.Text = p.T(key, "list", p.lang.List(list))
	case casework.ShareTooIll, casework.ShareMessages:
		item.Text = p.T(key, "date", p.lang.Date(date))
	case casework.ShareAnswers:
		item.Text = p.T(key, "what", title)
	}
	return item
}
