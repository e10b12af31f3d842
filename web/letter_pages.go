package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/casework"
)

// lettersPage is the letters to print today.
type lettersPage struct {
	table table
	// which are those that can be marked, expected the day they are taken to arrive.
	which    choiceField
	expected field
	key      string
}

// sendingAddress is where a letter or a call stands.
func sendingAddress(list string, row casework.ToTellRow) string {
	return list + "/" + string(row.Person) + "/" + strconv.Itoa(row.Sending.Sending)
}

// showLetters is the list of letters to print and post.
func showLetters(c *call) error {
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	if n, err := strconv.Atoi(c.r.URL.Query().Get("posted")); err == nil && n > 0 {
		p.told = &told{title: p.T("letter.posted-done", "n", n)}
	}
	return c.letters(p, http.StatusOK)
}

func (c *call) letters(p page, status int) error {
	p.title = p.T("letter.nav")
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.ToTell{})
	if err != nil {
		return err
	}
	x := lettersPage{
		key: c.keyOf(),
		table: table{id: "letters", cards: true, caption: p.T("letter.nav"), path: lettersPath, empty: p.T("letter.none"), columns: []column{
			{name: p.T("staff.column.patient")}, {name: p.T("letter.what")}, {name: p.T("letter.by")}, {name: p.T("letter.language")}, {name: p.T("letter.do")},
		}},
		which:    choiceField{name: "letter", legend: p.T("letter.posted-which"), many: true},
		expected: field{name: "expected", label: p.T("letter.expected"), hint: p.T("letter.expected-hint"), kind: "date", value: c.r.PostFormValue("expected")},
	}
	cal := c.calendar()
	if x.expected.value == "" {
		x.expected.value = cal.Add(p.today, toArrive).String()
	}
	for _, row := range list.Letters {
		value := string(row.Person) + "/" + strconv.Itoa(row.Sending.Sending) + "/" + strconv.Itoa(row.Sending.Version)
		chosen := false
		for _, v := range c.r.PostForm["letter"] {
			chosen = chosen || v == value
		}
		name, what := c.toldName(p, row), toldAbout(p, row)
		x.table.rows = append(x.table.rows, []cell{
			{text: name, sub: hiddenWords(p, row.Identity, bornWords(p, row.Identity))}, {text: what}, {text: p.lang.ShortDate(cal.LastDay(row.By)), whole: true},
			{text: tonguesOf(c.r).speak(row.Language).T("language.name")},
			{body: doLink(p.T("letter.open"), name, sendingAddress(lettersPath, row))},
		})
		x.which.choices = append(x.which.choices, choice{value: value, label: name + ": " + lowerFirst(what), chosen: chosen})
	}
	return write(c.w, c.r, status, lettersBody(p, x))
}

func bornWords(p page, i casework.Identity) string {
	if i.Born.IsZero() {
		return ""
	}
	return p.T("staff.born", "date", p.lang.ShortDate(i.Born))
}

// toldName is whom a letter or a call goes to, and about whom.
func (c *call) toldName(p page, row casework.ToTellRow) string {
	name := orElse(row.Identity.Name, p.T("staff.nobody-named"))
	if row.Sending.To == "" {
		return name
	}
	return name + ". " + p.T("letter.relative", "name", orElse(row.Relative.Name, p.T("staff.nobody-named")))
}

// toldAbout is what a letter or a call is about, each thing once.
func toldAbout(p page, row casework.ToTellRow) string {
	var words []string
	for _, n := range row.Notices {
		if w := aboutWords(p, n.About); len(words) == 0 || words[len(words)-1] != w {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

// postLetters marks letters as handed to the post, each by itself: one that changed
// since it was printed stops none of the others.
func postLetters(c *call) error {
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	if err := c.r.ParseForm(); err != nil {
		return err
	}
	key := c.r.PostFormValue("key")
	if key == "" {
		return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	expected, err := care.ParseDate(c.r.PostFormValue("expected"))
	if err != nil {
		expected = care.Date{} // the refusal names the field
	}
	if len(c.r.PostForm["letter"]) == 0 {
		p.faults = []fault{{field: "letter", text: p.T("letter.pick")}}
		return c.letters(p, http.StatusUnprocessableEntity)
	}
	posted := 0
	for _, which := range c.r.PostForm["letter"] {
		parts := append(strings.Split(which, "/"), "", "", "")
		n, _ := strconv.Atoi(parts[1])       // a number that is none is of no letter
		version, _ := strconv.Atoi(parts[2]) // and of no version
		o := c.order(parts[0], messaging.PostLetter{Sending: n, Version: version, Expected: expected})
		o.Key = key + "/" + which
		_, err := c.s.service.Do(c.r.Context(), o)
		refusal, refused := care.AsRefusal(err)
		switch {
		case refused && refusal.Field != "":
			p.faults = append(p.faults, fault{field: refusal.Field, text: p.refusal(refusal)})
		case refused:
			p.faults = append(p.faults, fault{field: "letter", text: p.T("letter.not-posted", "name", c.called(parts[0]), "why", p.refusal(refusal))})
		case err != nil:
			return err
		default:
			posted++
		}
	}
	if len(p.faults) > 0 {
		p.faults = onlyOnce(p.faults)
		if posted > 0 {
			p.told = &told{title: p.T("letter.posted-done", "n", posted)}
		}
		return c.letters(p, http.StatusConflict)
	}
	http.Redirect(c.w, c.r, lettersPath+"?posted="+strconv.Itoa(posted), http.StatusSeeOther)
	return nil
}

func onlyOnce(faults []fault) []fault {
	var out []fault
	seen := map[fault]bool{}
	for _, f := range faults {
		if !seen[f] {
			seen[f], out = true, append(out, f)
		}
	}
	return out
}

// called is what a person on the list is called; empty for who is not on it.
func (c *call) called(person string) string {
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.ToTell{})
	if err != nil {
		return ""
	}
	for _, row := range append(list.Letters, list.Calls...) {
		if string(row.Person) == person {
			return row.Identity.Name
		}
	}
	return ""
}

const lettersPath, callsPath = "/letters", "/calls"

// letterView is the letter or the call that the address names.
func (c *call) letterView() (casework.LetterView, error) {
	n, err := strconv.Atoi(c.r.PathValue("sending"))
	if err != nil {
		n = 0 // which is none
	}
	return casework.View(c.r.Context(), c.s.service, c.who, casework.Letter{Person: care.PersonKey(c.r.PathValue("person")), Sending: n})
}

// showLetter is one letter as it is printed.
func showLetter(c *call) error {
	v, err := c.letterView()
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("letter.to", "name", orElse(v.To.Name, p.T("staff.nobody-named")))
	x := letterFrom(v, c.languageOf(v.Language))
	note := ""
	switch {
	case v.To.Protected != "" || v.Plan.Person.Identity.Protected != "":
		note = p.T("letter.hidden")
	case v.To.Address == "":
		note = p.T("letter.no-address")
	}
	return write(c.w, c.r, http.StatusOK, letterBody(p, x, note, c.r.URL.Path+"/pdf"))
}

// sendLetterFile is the letter as PDF.
func sendLetterFile(c *call) error {
	v, err := c.letterView()
	if err != nil {
		return err
	}
	x := letterFrom(v, c.languageOf(v.Language))
	file, _, err := x.pdf(v.Plan.Now)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/pdf")
	c.w.Header().Set("Content-Disposition", `inline; filename="letter-`+strconv.Itoa(v.Sending.Sending)+"-"+strconv.Itoa(x.version)+`.pdf"`)
	c.w.Header().Set("Content-Length", strconv.Itoa(len(file)))
	_, err = c.w.Write(file)
	return err
}

// showCalls is the list of whom to call.
func showCalls(c *call) error {
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("letter.calls")
	if c.r.URL.Query().Get("done") == "called" {
		p.told = &told{title: p.T("letter.called")}
	}
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.ToTell{})
	if err != nil {
		return err
	}
	t := table{id: "calls", cards: true, caption: p.T("letter.calls"), path: callsPath, empty: p.T("letter.no-calls"), columns: []column{
		{name: p.T("staff.column.patient")}, {name: p.T("letter.what")}, {name: p.T("letter.why")}, {name: p.T("letter.by")}, {name: p.T("letter.do")},
	}}
	for _, row := range list.Calls {
		name := c.toldName(p, row)
		t.rows = append(t.rows, []cell{
			{text: name, sub: hiddenWords(p, row.Identity, bornWords(p, row.Identity))}, {text: toldAbout(p, row)}, {text: whyCall(p, row.Sending), sub: triedWords(p, row.Sending)},
			{text: p.lang.ShortDate(c.calendar().LastDay(row.By)), whole: true}, {body: doLink(p.T("letter.call"), name, sendingAddress(callsPath, row))},
		})
	}
	return write(c.w, c.r, http.StatusOK, callsBody(p, t))
}

// whyCall is why somebody is called: they want to be, or nothing else got through.
func whyCall(p page, x messaging.Sending) string {
	if x.Status == messaging.Failed {
		return p.T("letter.why-" + string(x.Why))
	}
	return p.T("letter.why-wish")
}

func triedWords(p page, x messaging.Sending) string {
	if x.Calls == 0 {
		return ""
	}
	return p.T("letter.tried", "n", x.Calls)
}

// A callPage is one call: whom, what to say, and the note of two fields.
type callPage struct {
	phone, why, tried string
	letter            letter
	action, key       string
	said, next        string
}

func showCall(c *call) error { return c.drawCall(http.StatusOK, nil) }

func (c *call) drawCall(status int, faults []fault) error {
	v, err := c.letterView()
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.faults = faults
	p.title = p.T("letter.to", "name", orElse(v.To.Name, p.T("staff.nobody-named")))
	x := callPage{
		phone: v.To.Phone, why: whyCall(p, v.Sending), tried: triedWords(p, v.Sending), letter: letterFrom(v, c.languageOf(v.Language)),
		action: c.r.URL.Path, key: c.keyOf(), said: c.r.PostFormValue("words"), next: c.r.PostFormValue("next"),
	}
	switch {
	case v.To.Protected != "":
		x.phone = p.T("consents.strip.protected")
	case x.phone == "":
		x.phone = p.T("letter.no-phone")
	}
	return write(c.w, c.r, status, callBody(p, x))
}

// noteCallOf records a call and moves on to the next on the list: reached, nobody
// answered, or a letter instead.
func noteCallOf(c *call) error {
	person := c.r.PathValue("person")
	n, err := strconv.Atoi(c.r.PathValue("sending"))
	if err != nil {
		n = 0 // which is none
	}
	var command interface{ Name() string } = messaging.Call{
		Sending: n, Answered: true, Words: clean(c.r.PostFormValue("words")), Next: clean(c.r.PostFormValue("next")),
	}
	switch c.r.PostFormValue("then") {
	case "no-answer":
		command = messaging.Call{Sending: n, Words: clean(c.r.PostFormValue("words")), Next: clean(c.r.PostFormValue("next"))}
	case "letter":
		command = messaging.Redirect{Sending: n, Channel: messaging.ByLetter}
	}
	err = c.act(person, command)
	if refusal, refused := care.AsRefusal(err); refused && refusal.Field != "" {
		p, err := c.staffPage("")
		if err != nil {
			return err
		}
		return c.drawCall(statusOf(refusal), []fault{{field: refusal.Field, text: p.refusal(refusal)}})
	}
	if err != nil {
		return err
	}
	http.Redirect(c.w, c.r, c.nextCall(person, n), http.StatusSeeOther)
	return nil
}

// nextCall is the call after one that is noted, or the list where there is none.
func (c *call) nextCall(person string, sending int) string {
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.ToTell{})
	if err == nil {
		for _, row := range list.Calls {
			if string(row.Person) != person && row.Sending.Calls == 0 {
				return sendingAddress(callsPath, row)
			}
		}
	}
	return callsPath + "?" + url.Values{"done": {"called"}}.Encode()
}
