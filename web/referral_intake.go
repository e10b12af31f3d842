package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// referralsPath is the list of referrals.
const referralsPath = "/referrals"

// showReferrals is what has come in and waits for an answer.
func showReferrals(c *call) error {
	steps, err := c.steps()
	if err != nil {
		return err
	}
	a := workAddressOf(url.Values{"view": {"referrals"}})
	q := casework.WorkQuery{Size: workPageSize}
	a.view.narrow(&q, c.s.service.Now(), steps)
	list, err := casework.View(c.r.Context(), c.s.service, c.who, q)
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("staff.nav.referrals")
	if p.told, err = c.doneElsewhere(); err != nil {
		return err
	}
	t, err := c.workTable(p, a, list, steps, -1)
	if err != nil {
		return err
	}
	return write(c.w, c.r, http.StatusOK, referralsBody(p, t))
}

// An intake is the form that registers a referral.
type intake struct {
	c      *call
	p      page
	def    *pathway.Definition
	text   *pathway.Text
	cal    *care.Calendar
	regime care.Regime
	all    []*pathway.Definition
	now    time.Time
}

// intake reads which pathway the referral is for: the one in the address, or the
// first there is in the unit's country.
func (c *call) intake() (*intake, error) {
	p, err := c.staffPage("")
	if err != nil {
		return nil, err
	}
	p.title = p.T("staff.do.open")
	inUse, err := c.s.service.InUse(c.r.Context())
	if err != nil {
		return nil, err
	}
	i := &intake{c: c, p: p, cal: c.calendar(), regime: care.Norway, now: c.s.service.Now()}
	if u, ok := c.s.service.Directory().Unit(c.who.Post.Unit); ok {
		i.regime = u.Regime
	}
	for _, def := range inUse {
		if def.Regime == i.regime {
			i.all = append(i.all, def)
		}
	}
	if len(i.all) == 0 {
		return nil, care.Refuse("pathway-none-in-use", "No pathway is in use yet, so no journey can be opened. Two persons who hold the post {post} bring one into use.",
			"post", care.Post{Unit: c.who.Post.Unit, Role: care.PathwayApprover}.String())
	}
	chosen := c.r.FormValue("pathway")
	if i.def = i.choose(chosen); i.def == nil {
		return nil, care.Missing("no-such-pathway", "There is no published pathway {pathway}.", "pathway", chosen)
	}
	i.text = textOf(p, i.def)
	return i, nil
}

// choose is the pathway that was asked for; else one that the reader's own unit
// receives referrals to, else one with a national text behind it, else any.
func (i *intake) choose(asked string) *pathway.Definition {
	var best *pathway.Definition
	most := -1
	for _, def := range i.all {
		rank := 0
		if def.Status == pathway.Published {
			rank = 1
		}
		if u, ok := i.dir().Unit(i.c.who.Post.Unit); ok && slices.Contains(receiverKinds(def), string(u.Kind)) {
			rank += 2
		}
		if def.Ref.String() == asked {
			rank = 10
		}
		if rank > most {
			best, most = def, rank
		}
	}
	return best
}

// receiverKinds are the kinds of unit that answer a pathway's referrals.
func receiverKinds(def *pathway.Definition) []string {
	var kinds []string
	for _, st := range def.Steps {
		for _, r := range def.Roles {
			if st.Kind == pathway.Answer && r.ID == st.Who {
				kinds = append(kinds, r.At...)
			}
		}
	}
	return kinds
}

// dir is the units there are.
func (i *intake) dir() *directory.Directory { return i.c.s.service.Directory() }

// receivers are the desks that can take the referral: of the kinds of unit that
// answer it, where this version is in use.
func (i *intake) receivers() []choice {
	units := slices.DeleteFunc(openUnits(i.p, i.dir(), i.regime, receiverKinds(i.def)...), func(u directory.State) bool {
		now, err := i.c.s.service.Active(i.c.r.Context(), i.def.ID, u.Unit)
		return err != nil || now.Version != i.def.Version
	})
	return postChoices(i.p, units, care.Desk)
}

// senders are the units that can have sent it, the patient or a relative who
// asks, and anyone outside.
func (i *intake) senders() []choice {
	all := postChoices(i.p, openUnits(i.p, i.dir(), i.regime))
	for _, kind := range []care.PartyKind{care.PartyPatient, care.PartyRelative, care.PartyOther} {
		all = append(all, choice{value: string(kind), label: i.p.T("staff.party." + string(kind))})
	}
	return all
}

// asks are what the form asks for, in three parts.
func (i *intake) asks() (person, referral, known []ask) {
	person = []ask{lineOf("name").as("person-name").needed(), dayOf("born"), lineOf("number").as("national-number").with("national-number"), lineOf("phone").as("phone"), lineOf("address"), lineOf("email")}
	referral = []ask{
		momentOf("received").needed().with("received"),
		partyOf("sender", i.senders()...).needed(),
		oneOf("desk", i.receivers()...).needed(),
		wordsOf("reason").as("referral-reason").with("referral-reason"),
	}
	if list := i.reasons(); len(list) > 0 {
		referral = append(referral, someOf("opens-for", list...).with("opens-for"))
	}
	if list := i.checklist(); len(list) > 0 {
		referral = append(referral, someOf("holds", list...).with("holds"))
	}
	referral = append(referral, documentAsk)
	for _, f := range i.def.Facts {
		known = append(known, factAsk(i.p, i.text, f, "fact-"+string(f.ID)))
	}
	return person, referral, known
}

// reasons are those the pathway names for opening it. They stop nothing either.
func (i *intake) reasons() []choice {
	var out []choice
	for _, o := range i.def.For.Opens {
		out = append(out, choice{value: o.ID, label: orElse(i.text.Opens[o.ID], o.ID)})
	}
	return out
}

// checklist is what a good referral holds. It informs; it never stops one.
func (i *intake) checklist() []choice {
	var out []choice
	for _, id := range i.def.For.Checklist {
		out = append(out, choice{value: id, label: orElse(i.text.Checklist[id], id)})
	}
	return out
}

// start is the form as it is first shown.
func (i *intake) start() url.Values {
	local := i.now.In(i.cal.Zone())
	v := url.Values{"received": {care.DateOf(local, local.Location()).String()}, "received-time": {local.Format("15:04")}}
	own := i.c.who.Post
	desk := care.Post{Unit: own.Unit, Role: care.Desk}.String()
	if hasChoice(i.receivers(), desk) {
		v.Set("desk", desk)
	} else if hasChoice(i.senders(), own.String()) {
		v.Set("sender", own.String())
	}
	v.Set("opened", v.Get("received")+" "+v.Get("received-time"))
	v.Set("person-key", formKey())
	return v
}

func newReferral(c *call) error {
	i, err := c.intake()
	if err != nil {
		return err
	}
	return i.form(i.start(), http.StatusOK)
}

func (i *intake) form(v url.Values, status int) error {
	person, referral, known := i.asks()
	ways := choiceField{name: "pathway", legend: i.p.T("staff.field.pathway")}
	for _, def := range i.all {
		ways.choices = append(ways.choices, choice{value: def.Ref.String(), label: i.p.T("staff.version-of", "what", textOf(i.p, def).Title, "version", def.Version), chosen: def == i.def})
	}
	x := intakePage{
		ways: ways, person: person, referral: referral, known: known, values: v,
		hidden: []pair{{"pathway", i.def.Ref.String()}, {"key", formKey()}, {"person-key", v.Get("person-key")}, {"opened", v.Get("opened")}},
	}
	if i.def.Status == pathway.Draft {
		x.draft = i.p.T("staff.draft")
	}
	return write(i.c.w, i.c.r, status, intakeBody(i.p, x))
}

// An intakePage is the form as it is drawn.
type intakePage struct {
	ways                    choiceField
	draft                   string
	person, referral, known []ask
	values                  url.Values
	hidden                  []pair
}

// receiveReferral registers the person and opens the journey, or shows the form
// again. The person's own key keeps a form that is sent again after a fault from
// making a second person.
func receiveReferral(c *call) error {
	i, err := c.intake()
	if err != nil {
		return err
	}
	person, referral, known := i.asks()
	f := readForm(i.p, slices.Concat(person, referral, known), c.r.PostForm, i.cal)
	a := i.c.attached(i.p, f)
	if len(f.faults) > 0 {
		return i.again(f, http.StatusUnprocessableEntity)
	}
	key, err := c.s.service.RegisterPerson(c.r.Context(), c.who, orElse(f.text("person-key"), f.text("key")), i.regime, casework.Identity{
		Name: f.text("name"), Number: f.text("number"), Born: f.date("born"), Phone: f.text("phone"), Address: f.text("address"), Email: f.text("email"),
	})
	if err == nil {
		o := c.order("", i.open(f, key))
		o.Attachment = a
		var receipt casework.Receipt
		if receipt, err = c.s.service.Do(c.r.Context(), o); err == nil {
			http.Redirect(c.w, c.r, doneAddress("/journeys/"+receipt.Target, "open", "", receipt.First), http.StatusSeeOther)
			return nil
		}
	}
	r, ok := care.AsRefusal(err)
	if !ok || r.Kind == care.Denied {
		return err
	}
	if strings.HasPrefix(r.Code, "number-") && r.Field == "" {
		r = r.On("number")
	}
	f.refused(r)
	return i.again(f, statusOf(err))
}

func (i *intake) again(f *filled, status int) error {
	i.p.faults = f.faults
	return i.form(i.c.r.PostForm, status)
}

// open is the journey that the form describes. What the checklist misses is
// noted, never a reason to refuse.
func (i *intake) open(f *filled, key care.PersonKey) journey.Open {
	o := journey.Open{
		Person: key, Regime: i.regime, Pathway: i.def.Ref, Origin: journey.Registered, Sender: f.party("sender"),
		Received: i.now, Desk: f.post("desk"), Reason: f.text("reason"), Facts: map[pathway.FactID]journey.FactValue{},
	}
	if f.text("received")+" "+f.text("received-time") != f.text("opened") {
		o.Received = f.moment("received")
	}
	if o.Sender.Kind == care.PartyUnit && o.Sender.Post.Unit == i.c.who.Post.Unit {
		o.Origin = journey.Referred
	}
	o.OpensFor = f.several("opens-for")
	holds := f.several("holds")
	for _, id := range i.def.For.Checklist {
		if !slices.Contains(holds, id) {
			o.Missing = append(o.Missing, id)
		}
	}
	for _, fact := range i.def.Facts {
		if text := f.text("fact-" + string(fact.ID)); text != "" {
			o.Facts[fact.ID] = factValue(fact, text)
		}
	}
	return o
}
