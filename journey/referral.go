package journey

import (
	"slices"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// Default spans where a pathway gives none. They are ours, not sourced.
var (
	// forAnswer is how long a party has for an offer or a question.
	forAnswer = care.Span{N: 5, Unit: care.WorkingDays}
	// forTelling is how soon people are told.
	forTelling = care.Span{N: 2, Unit: care.WorkingDays}
	// forDecision is how soon a person decides what came back.
	forDecision = care.Span{N: 2, Unit: care.WorkingDays}
	// forReplan is how soon a missed time is planned anew: the same day or the
	// next working day.
	forReplan = care.Span{N: 1, Unit: care.WorkingDays}
	// forRecord is how soon after a planned time it is recorded how it went.
	forRecord = care.Span{N: 1, Unit: care.WorkingDays}
)

// openJourney opens a journey at its first receipt. The sender stays
// responsible until the receiver takes it on, where the sender is staffed here;
// otherwise the receiving desk is (L1).
func (d *draft) openJourney(c Open) error {
	if c.Person == "" {
		return care.Refuse("person-missing", "A journey belongs to a person. Say whose it is.").On("person")
	}
	if c.Desk.IsZero() || !d.k.Posts.Exists(c.Desk) {
		return care.Refuse("desk-missing", "The receiving desk {post} does not exist or is closed. Choose a unit that is open.", "post", c.Desk.String()).On("desk")
	}
	if c.Received.IsZero() || c.Received.After(d.act.At) {
		return care.Refuse("received-date", "Give the date the referral was received: today or earlier.").On("received")
	}
	if d.def.Regime != c.Regime {
		return care.Refuse("wrong-regime", "The pathway {pathway} is for {regime}.", "pathway", d.def.Ref.String(), "regime", string(d.def.Regime)).On("pathway")
	}
	responsible := c.Desk
	switch {
	case c.Origin == Imported && !c.Responsible.IsZero():
		if !d.k.Posts.Exists(c.Responsible) {
			return care.Refuse("post-missing", "The post {post} does not exist or is closed.", "post", c.Responsible.String()).On("responsible")
		}
		responsible = c.Responsible
	case c.Sender.Kind == care.PartyUnit && d.k.Posts.Staffed(c.Sender.Post, d.act.At):
		responsible = c.Sender.Post
	}
	for _, id := range c.OpensFor {
		if !slices.ContainsFunc(d.def.For.Opens, func(o pathway.Opening) bool { return o.ID == id }) {
			return care.Refuse("no-such-opening", "The pathway names no reason to open it called {reason}. Write it in your own words instead.", "reason", id).On("opensFor")
		}
	}
	d.addWith(Opened{
		Person: c.Person, Regime: c.Regime, Pathway: d.def.Ref, Origin: c.Origin, Sender: c.Sender,
		Received: care.Instant(c.Received), Desk: c.Desk, Responsible: responsible, Missing: c.Missing, Attachment: c.Attachment,
		OpensFor: c.OpensFor,
	}, sealed("reason", c.Reason))
	d.add(MilestoneReached{ID: pathway.Received, At: care.Instant(c.Received)})
	for _, id := range sortedKeys(c.Facts) {
		if err := d.recordFact(RecordFact{Fact: id, Value: c.Facts[id]}); err != nil {
			return err
		}
	}
	if err := d.bringIn(c); err != nil {
		return err
	}
	if err := d.bindAtOpening(c); err != nil {
		return err
	}
	if responsible != c.Desk && c.Origin != Imported {
		d.add(Offered{Offer: 1, Kind: OfReferral, From: responsible, To: c.Desk, By: d.answerLimit()})
	}
	if c.Origin != Imported {
		d.owe(patient, "received")
		d.oweSender("received")
	}
	return nil
}

// bindAtOpening binds the roles that are known: those given, the general
// practice, the municipality, and for an import the responsible unit's own. What
// the receiving unit does itself is not the sender's to do: a health centre that
// asks another does not become the other one's team.
func (d *draft) bindAtOpening(c Open) error {
	for _, id := range sortedKeys(c.Roles) {
		if err := d.bindable(id, c.Roles[id]); err != nil {
			return err
		}
	}
	for _, r := range d.def.Roles {
		if p, given := c.Roles[r.ID]; given {
			d.add(RoleBound{Role: r.ID, Post: p})
			continue
		}
		for i, p := range []care.Post{c.Sender.Post, d.k.Person.GP, d.k.Person.Municipality} {
			if !r.Contact && d.fills(r, p.Unit) && (!d.fills(r, c.Desk.Unit) || i > 0 && string(p.Role) == string(r.ID)) {
				d.add(RoleBound{Role: r.ID, Post: p})
				break
			}
		}
	}
	if c.Origin == Imported {
		d.bindUnit(d.s.Responsible.Unit)
	}
	return nil
}

// bindUnit binds every role that a unit can fill and nobody fills yet.
func (d *draft) bindUnit(u care.UnitID) {
	for _, r := range d.def.Roles {
		if bound := d.s.Roles[r.ID]; !bound.IsZero() || !slices.Contains(r.At, d.k.Posts.Kind(u)) {
			continue
		}
		if p := d.postAt(u, r.ID); !p.IsZero() {
			d.add(RoleBound{Role: r.ID, Post: p})
		}
	}
}

// postAt is a unit's post for a role, or its desk.
func (d *draft) postAt(u care.UnitID, r pathway.RoleID) care.Post {
	for _, p := range []care.Post{{Unit: u, Role: care.Role(r)}, {Unit: u, Role: care.Desk}} {
		if d.k.Posts.Exists(p) {
			return p
		}
	}
	return care.Post{}
}

// contactRole is the role that is the person's first contact.
func (d *draft) contactRole() pathway.RoleID {
	for _, r := range d.def.Roles {
		if r.Contact {
			return r.ID
		}
	}
	return ""
}

// answerLimit is when the referral must be answered at the latest.
func (d *draft) answerLimit() time.Time {
	for _, st := range d.def.Steps {
		if st.Kind == pathway.Answer && st.By.Clock != "" {
			for _, c := range d.def.Clocks {
				if c.ID == st.By.Clock {
					return limitEnd(d.k.Calendar, d.s.Milestones[c.From].At, c.Within, nil)
				}
			}
		}
	}
	return d.deadline(forAnswer)
}

// answer answers the referral in one of four ways. None of them ends the
// journey, and each names what happens next and who owns it (L4).
func (d *draft) answer(c Answer) error {
	st, err := d.liveStep(c.Step, pathway.Answer)
	if err != nil {
		return err
	}
	if err := d.seen(st.Version); err != nil {
		return err
	}
	if err := d.forUnit(st.Owner.Unit); err != nil {
		return err
	}
	def := d.stepDef(st.ID)
	var rule *pathway.AnswerRule
	for i := range def.Answers {
		if def.Answers[i].Kind == c.Answer {
			rule = &def.Answers[i]
		}
	}
	if rule == nil {
		return care.Refuse("no-such-answer", "A referral is answered by accept, advise, redirect or ask.").On("answer")
	}
	if err := d.answerAsks(c, rule.Asks); err != nil {
		return err
	}
	within := rule.AnswerWithin
	if within.IsZero() {
		within = forAnswer
	}
	switch c.Answer {
	case pathway.Ask:
		if c.Question == "" {
			return care.Refuse("question-missing", "Write what you ask for.").On("question")
		}
		d.askOf(d.s.Sender, st.Step, st.Owner, c.Question, d.deadline(within))
	case pathway.Redirect:
		if err := d.receiver(c.To, st.Owner.Unit); err != nil {
			return err
		}
		carriers, err := d.carriers(c.Carriers)
		if err != nil {
			return err
		}
		d.addWith(Offered{
			Offer: len(d.s.Offers) + 1, Kind: OfReferral, From: d.s.Desk, To: c.To, By: d.deadline(within),
			Step: st.Step, Carriers: carriers, Refusals: d.refusals(OfReferral, 0),
		}, sealed("message", c.Message, "reason", c.Reasons))
		d.owe(patient, "redirected")
	case pathway.Advise:
		if c.To.IsZero() || !d.k.Posts.Exists(c.To) {
			return care.Refuse("plan-owner", "Advice needs a plan and someone to offer it to. Until they accept, you own it. A practice that is not here yet is added as a unit first.").On("to")
		}
		carriers, err := d.carriers(c.Carriers)
		if err != nil {
			return err
		}
		d.answered(c, st, rule)
		d.takeOn(d.authorOf(st), st.Step)
		d.addWith(Offered{
			Offer: len(d.s.Offers) + 1, Kind: OfPlan, From: d.s.Responsible, To: c.To, By: d.deadline(within),
			Carriers: carriers, Refusals: d.refusals(OfPlan, 0),
		}, sealed("plan", c.Plan, "message", c.Message))
	case pathway.Accept:
		takes := c.Takes
		if takes.IsZero() {
			takes = d.postAt(st.Owner.Unit, d.contactRole())
		}
		if takes.IsZero() || !d.k.Posts.Exists(takes) {
			return care.Refuse("post-missing", "The post {post} does not exist or is closed.", "post", takes.String()).On("takes")
		}
		if takes.Unit != st.Owner.Unit {
			// Nobody is made responsible by somebody else's yes (L1).
			return onlyReceiver(takes.Unit).On("takes")
		}
		d.answered(c, st, rule)
		d.takeOn(takes, st.Step)
	}
	return nil
}

// answerAsks refuses an answer that lacks what its rule asks for.
func (d *draft) answerAsks(c Answer, asks []string) error {
	for _, a := range asks {
		var missing bool
		switch a {
		case "right":
			missing = c.Right != HasRight && c.Right != NoRight
		case "latest-legal-date":
			missing = c.Right == HasRight && c.LatestLegal.IsZero()
		case "reasons":
			missing = c.Reasons == ""
		case "how-to-complain":
			missing = c.HowToComplain == ""
		case "plan":
			missing = c.Plan == ""
		case "owner":
			missing = c.To.IsZero()
		case "message":
			missing = c.Message == ""
		case "receiver":
			missing = c.To.IsZero()
		case "question":
			missing = c.Question == ""
		}
		if missing {
			return care.Refuse("answer-lacks-"+a, "This answer must also hold: "+a+".").On(a)
		}
	}
	if !c.LatestLegal.IsZero() {
		return d.future(c.LatestLegal, "latest-legal-date")
	}
	return nil
}

func (d *draft) answered(c Answer, st Step, rule *pathway.AnswerRule) {
	d.addWith(Answered{Step: st.Step, Answer: c.Answer, Right: c.Right, LatestLegal: c.LatestLegal},
		sealed("reasons", c.Reasons, "complain", c.HowToComplain, "message", c.Message))
	d.closeStep(st, string(c.Answer))
	if rule.Sets != "" && !d.s.Reached(rule.Sets) {
		d.add(MilestoneReached{ID: rule.Sets, At: d.act.When(), Step: st.Step})
	}
	d.withdrawAll(func(o Offer) bool { return o.Kind == OfReferral && o.Step > 0 })
}

// authorOf is the post that owns a plan until someone accepts it: it answers for
// the journey meanwhile (L4).
func (d *draft) authorOf(st Step) care.Post {
	if p := d.postAt(st.Owner.Unit, d.contactRole()); !p.IsZero() {
		return p
	}
	return st.Owner
}

// takeOn moves responsibility to the unit that answered, by accepting the
// sender's own offer or, inside the unit, by an offer that is accepted at once.
// Then the answer is told, by that unit.
func (d *draft) takeOn(takes care.Post, step int) {
	for _, o := range d.s.Offers {
		if o.State != OfferOpen || !o.CarriedByStep() {
			continue
		}
		if o.To.Unit == takes.Unit {
			d.add(OfferAccepted{Offer: o.Offer})
		} else {
			// The referral was assessed elsewhere than it was sent: nobody accepts
			// what was offered to another (L1).
			d.add(OfferWithdrawn{Offer: o.Offer})
		}
	}
	if d.s.Responsible != takes {
		n := len(d.s.Offers) + 1
		d.add(Offered{Offer: n, Kind: OfResponsibility, From: d.s.Responsible, To: takes, By: d.act.At, Step: step})
		d.add(OfferAccepted{Offer: n})
	}
	d.withdrawStale()
	d.bindUnit(takes.Unit)
	d.owe(patient, "answered")
	d.oweSender("answered")
}

// ask asks a party a question; the clock runs on.
func (d *draft) ask(c AskParty) error {
	if c.Question == "" {
		return care.Refuse("question-missing", "Write what you ask for.").On("question")
	}
	if err := d.future(c.By, "by"); err != nil && !c.By.IsZero() {
		return err
	}
	d.askOf(c.To, 0, d.s.Responsible, c.Question, d.by(c.By, forAnswer))
	return nil
}

func (d *draft) askOf(to care.Party, step int, owner care.Post, text string, by time.Time) {
	d.addWith(QuestionAsked{Question: len(d.s.Questions) + 1, Step: step, To: to, Owner: owner, By: by}, sealed("question", text))
}

func (d *draft) answerQuestion(c AnswerQuestion) error {
	q, err := at(d.s.Questions, c.Question, "question")
	if err != nil || !q.Open {
		return care.Missing("question-not-open", "That question is not open.")
	}
	if c.Words == "" {
		return care.Refuse("answer-empty", "Write the answer.").On("words")
	}
	d.addWith(QuestionAnswered{Question: c.Question}, sealed("answer", c.Words))
	return nil
}
