package journey

import (
	"slices"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// offer offers responsibility, an intervention, or the plan of an advice that
// came back, to a post. Nothing moves until it is accepted (L1).
func (d *draft) offer(c OfferTo) error {
	o := Offered{
		Offer: len(d.s.Offers) + 1, Kind: c.Kind, From: d.s.Responsible, To: c.To,
		By: d.by(c.By, forAnswer), Step: c.Step, Intervention: c.Intervention, Carriers: c.Carriers,
		Refusals: d.refusals(c.Kind, c.Intervention),
	}
	if !c.By.IsZero() {
		if err := d.future(c.By, "by"); err != nil {
			return err
		}
	}
	switch c.Kind {
	case OfResponsibility:
		if c.To == d.s.Responsible {
			return care.Refuse("already-responsible", "{post} is responsible already.", "post", c.To.String()).On("to")
		}
		if c.Step > 0 {
			st, err := d.liveStep(c.Step, pathway.HandOver)
			if err != nil {
				return err
			}
			def := d.stepDef(st.ID)
			if o.To.IsZero() {
				o.To = d.s.Roles[def.To]
			}
		}
		if d.pending(func(x Offer) bool { return x.Kind == OfResponsibility }) {
			return care.Refuse("offer-pending", "Responsibility is offered already. Wait for the answer, or take the offer back.")
		}
	case OfPlan:
		if d.s.Answer == nil || d.s.Answer.Answer != pathway.Advise {
			return care.Refuse("offer-kind", "Offer responsibility or an intervention.").On("kind")
		}
		if c.To == d.s.Responsible {
			return care.Refuse("already-responsible", "{post} is responsible already.", "post", c.To.String()).On("to")
		}
		if d.pending(func(x Offer) bool { return x.Kind == OfPlan }) {
			return care.Refuse("offer-pending", "It is offered already. Wait for the answer, or take the offer back.")
		}
	case OfIntervention:
		i, err := at(d.s.Interventions, c.Intervention, "intervention")
		if err != nil || i.State != InterventionRunning {
			return care.Missing("intervention-not-running", "That intervention is not running.")
		}
		o.From = i.Owner
		if d.pending(func(x Offer) bool { return x.Intervention == c.Intervention && x.Kind == OfIntervention }) {
			return care.Refuse("offer-pending", "It is offered already. Wait for the answer, or take the offer back.")
		}
	default:
		return care.Refuse("offer-kind", "Offer responsibility or an intervention.").On("kind")
	}
	if c.Kind != OfIntervention {
		stated, err := d.carriers(c.Carriers)
		if err != nil {
			return err
		}
		o.Carriers = stated
	}
	if o.To.IsZero() || !d.k.Posts.Exists(o.To) {
		return care.Refuse("post-missing", "The post {post} does not exist or is closed.", "post", o.To.String()).On("to")
	}
	d.addWith(o, sealed("message", c.Words))
	d.settleAbout(func(x Decision) bool { return d.cameBack(x, Offer{Offered: o}) })
	return d.ledTo(c.Consult, WasOffered, o.By)
}

// accept is where things move. Only the receiving unit can accept, itself or
// recorded on its behalf.
func (d *draft) accept(c AcceptOffer) error {
	o, err := d.openOffer(c.Offer)
	if err != nil {
		return err
	}
	if err := d.answerable(o); err != nil {
		return err
	}
	if !d.k.Posts.Exists(o.To) {
		return care.Refuse("post-missing", "The post {post} does not exist or is closed.", "post", o.To.String())
	}
	d.addWith(OfferAccepted{Offer: o.Offer}, sealed("message", c.Words))
	switch o.Kind {
	case OfIntervention:
		d.add(InterventionOwned{Intervention: o.Intervention, Owner: o.To})
	case OfReferral:
		if o.Step > 0 {
			d.rebindFrom(o.From.Unit, o.To.Unit)
			d.readdress(o.To)
		}
	case OfResponsibility, OfPlan:
		d.withdrawStale()
		d.takeRoles(o.From.Unit, o.To.Unit)
		d.bindUnit(o.To.Unit)
		if o.Step > 0 {
			if st, _ := at(d.s.Steps, o.Step, "step"); st != nil && st.Live() {
				d.closeStep(*st, plainOutcome)
				d.reach(st.Sets, st.Step)
			}
		}
	}
	d.settleAbout(func(x Decision) bool { return x.Offer > 0 && d.sameNeed(x.Offer, o) })
	d.owe(patient, "owner-changed")
	return nil
}

// readdress makes the sender's own offer one to the unit that took the referral
// over: the sender stays responsible until that unit takes it on.
func (d *draft) readdress(to care.Post) {
	for _, o := range d.s.Offers {
		if o.State == OfferOpen && o.CarriedByStep() {
			d.add(OfferWithdrawn{Offer: o.Offer})
			d.offered(Offered{Kind: OfReferral, From: o.From, To: to, By: o.By})
		}
	}
}

// rebindFrom moves the roles a redirecting unit filled to the unit that took
// the referral over; the steps follow.
func (d *draft) rebindFrom(from, to care.UnitID) {
	for _, r := range d.def.Roles {
		if p := d.s.Roles[r.ID]; p.Unit == from {
			if q := d.postAt(to, r.ID); !q.IsZero() && d.fills(r, to) {
				d.add(RoleBound{Role: r.ID, Post: q, Before: p})
			} else {
				d.add(RoleBound{Role: r.ID, Before: p})
			}
		}
	}
	d.bindUnit(to)
}

// decline gives the need back. After two refusals of the same need a named
// person decides; it never goes round a third time by itself.
func (d *draft) decline(c DeclineOffer) error {
	o, err := d.openOffer(c.Offer)
	if err != nil {
		return err
	}
	if err := d.answerable(o); err != nil {
		return err
	}
	if c.Reason == "" {
		return care.Refuse("reason-missing", "Say why, and what you advise instead. The giver has it until someone accepts.").On("reason")
	}
	d.addWith(OfferDeclined{Offer: o.Offer}, sealed("reason", c.Reason, "advice", c.Advice))
	d.backToGiver(o, "offer-refused", o.Refusals+1)
	return nil
}

// backToGiver opens the giver's decision after a refusal or a silence.
func (d *draft) backToGiver(o Offer, about string, refusals int) {
	owner := o.From
	if refusals >= 2 {
		about, owner = "refused-twice", d.k.Posts.Lead(o.From.Unit, d.act.At)
	}
	if o.CarriedByStep() {
		return
	}
	d.need(about, owner, d.deadline(forDecision), o.Offer, o.Step)
}

// need opens a decision that only a person ends.
func (d *draft) need(about string, owner care.Post, by time.Time, offer, step int) {
	d.add(DecisionNeeded{Decision: len(d.s.Decisions) + 1, About: about, Owner: owner, By: by, Offer: offer, Step: step})
}

func (d *draft) withdraw(c WithdrawOffer) error {
	o, err := d.openOffer(c.Offer)
	if err != nil {
		return err
	}
	if o.CarriedByStep() {
		return care.Refuse("referral-not-withdrawn", "A referral is not taken back by withdrawing the offer. End the journey with its reason, or let it be answered.")
	}
	d.add(OfferWithdrawn{Offer: o.Offer})
	i := slices.IndexFunc(d.s.Acts, func(a Act) bool { return a.holds(o.Begun) })
	for _, x := range slices.Clone(d.s.Decisions) {
		if !x.Open && i >= 0 && d.s.Acts[i].holds(x.Version) && d.cameBack(x, o) {
			d.need(x.About, x.Owner, d.deadline(forDecision), x.Offer, x.Step)
		}
	}
	return nil
}

// cameBack reports whether a decision is about the need of an offer that came to
// nothing: to offer it again is to have decided. What was refused twice is the
// named person's, until somebody says yes.
func (d *draft) cameBack(x Decision, o Offer) bool {
	return x.Offer > 0 && (x.About == "offer-refused" || x.About == "offer-lapsed") && d.sameNeed(x.Offer, o)
}

func (d *draft) openOffer(n int) (Offer, error) {
	o, err := at(d.s.Offers, n, "offer")
	if err != nil {
		return Offer{}, care.Missing("no-such-offer", "There is no such offer.")
	}
	if o.State != OfferOpen {
		return Offer{}, care.Stale("offer-not-open", "That offer is {state} already.", "state", string(o.State))
	}
	return *o, d.seen(o.Version)
}

// answerable refuses an answer to an offer from anyone but its receiver. The
// sender's own offer is answered by answering the referral: the decision on the
// right cannot be passed over (L4).
func (d *draft) answerable(o Offer) error {
	if o.CarriedByStep() {
		return care.Refuse("answer-the-referral", "A referral is completed by answering it: accept, advise, redirect or ask.")
	}
	return d.forUnit(o.To.Unit)
}

// forUnit refuses an answer from anyone but the unit that was asked: itself, or
// recorded on its behalf.
func (d *draft) forUnit(u care.UnitID) error {
	if d.act.For != nil {
		if d.act.For.Of.Kind == care.PartyUnit && d.act.For.Of.Post.Unit == u {
			return nil
		}
	} else if d.act.Post.Unit == u {
		return nil
	}
	return onlyReceiver(u)
}

func onlyReceiver(u care.UnitID) *care.Refusal {
	return care.Refuse("only-receiver-answers",
		"Only {unit} can answer this. If they have answered by phone, letter or message, record it on their behalf.", "unit", string(u))
}

// receiver refuses a redirect that leads nowhere.
func (d *draft) receiver(to care.Post, from care.UnitID) error {
	if to.IsZero() || !d.k.Posts.Exists(to) {
		return care.Refuse("post-missing", "The post {post} does not exist or is closed.", "post", to.String()).On("to")
	}
	if to.Unit == from {
		return care.Refuse("redirect-to-self", "Choose another unit than your own.").On("to")
	}
	if d.pending(func(o Offer) bool { return o.Kind == OfReferral && o.Step > 0 }) {
		return care.Refuse("offer-pending", "The referral is offered to another unit already. Wait for the answer, or take the offer back.")
	}
	return nil
}

func (d *draft) pending(match func(Offer) bool) bool {
	for _, o := range d.s.Offers {
		if o.State == OfferOpen && match(o) {
			return true
		}
	}
	return false
}

func (d *draft) withdrawAll(match func(Offer) bool) {
	for _, o := range d.s.Offers {
		if o.State == OfferOpen && match(o) {
			d.add(OfferWithdrawn{Offer: o.Offer})
		}
	}
}

// refusals counts how often the same need was refused since it was last taken.
func (d *draft) refusals(k OfferKind, intervention int) int {
	n := 0
	for _, o := range d.s.Offers {
		switch {
		case o.Kind != k || o.Intervention != intervention:
		case o.State == OfferTaken:
			n = 0
		case o.State == OfferRefused:
			n++
		}
	}
	return n
}

// offered adds an offer with its number and with how often its need was refused
// before, whoever offers it this time.
func (d *draft) offered(o Offered) {
	o.Offer, o.Refusals = len(d.s.Offers)+1, d.refusals(o.Kind, o.Intervention)
	d.add(o)
}

// sameNeed reports whether an earlier offer was about what o is about.
func (d *draft) sameNeed(n int, o Offer) bool {
	x, err := at(d.s.Offers, n, "offer")
	return err == nil && x.Kind == o.Kind && x.Intervention == o.Intervention
}

func (d *draft) settleAbout(match func(Decision) bool) {
	for _, x := range d.s.Decisions {
		if x.Open && match(x) {
			d.add(DecisionMade{Decision: x.Decision})
		}
	}
}

// settle ends a decision task with what was decided.
func (d *draft) settle(c Settle) error {
	x, err := at(d.s.Decisions, c.Decision, "decision")
	if err != nil || !x.Open {
		return care.Missing("decision-not-open", "That decision is not open.")
	}
	if c.Words == "" {
		return care.Refuse("decision-empty", "Write what was decided and what happens next.").On("words")
	}
	if def, unknown := d.unanswered(); x.About == answerUnknown && unknown {
		if c.Outcome != string(pathway.Accept) && c.Outcome != string(pathway.Advise) {
			return care.Refuse("answer-unknown", "Say how the referral was answered: accept or advise.").On("outcome")
		}
		d.add(StepBroughtIn{ID: def.ID, Outcome: c.Outcome})
	}
	d.addWith(DecisionMade{Decision: c.Decision}, sealed("decision", c.Words))
	return nil
}

// bind binds a role to a post. What the old post owns by itself – an
// intervention – is offered to the new one; until it accepts, nothing moves.
func (d *draft) bind(c BindRole) error {
	if err := d.bindable(c.Role, c.Post); err != nil {
		return err
	}
	before := d.s.Roles[c.Role]
	if before == c.Post {
		return nil
	}
	d.add(RoleBound{Role: c.Role, Post: c.Post, Before: before})
	if before.IsZero() || c.Post.IsZero() {
		return nil
	}
	d.offerOver(before, c.Post)
	if d.s.Responsible == before && !d.pending(func(o Offer) bool { return o.Kind == OfResponsibility }) {
		d.offered(Offered{Kind: OfResponsibility, From: before, To: c.Post, By: d.deadline(forAnswer), Carriers: d.k.Person.Carriers})
	}
	return nil
}

// bindable refuses a role the pathway does not have and a post that cannot fill
// it. No post at all unbinds the role.
func (d *draft) bindable(id pathway.RoleID, p care.Post) error {
	i := slices.IndexFunc(d.def.Roles, func(r pathway.Role) bool { return r.ID == id })
	switch {
	case i < 0:
		return care.Refuse("no-such-role", "The pathway has no role {role}.", "role", string(id)).On("role")
	case p.IsZero():
	case !d.k.Posts.Exists(p):
		return care.Refuse("post-missing", "The post {post} does not exist or is closed.", "post", p.String()).On("post")
	case !d.fills(d.def.Roles[i], p.Unit):
		return care.Refuse("unit-cannot-fill", "{unit} cannot fill the role {role}.", "unit", string(p.Unit), "role", string(id)).On("post")
	}
	return nil
}

// withdrawStale takes back what those who were responsible still offer: it is
// not theirs to give any more (L1).
func (d *draft) withdrawStale() {
	d.withdrawAll(func(x Offer) bool { return x.Kind == OfResponsibility && x.From != d.s.Responsible })
}

// offerOver offers the interventions that one post owns to another. Until it
// accepts, nothing moves.
func (d *draft) offerOver(from, to care.Post) {
	for _, iv := range slices.Clone(d.s.Interventions) {
		if iv.State == InterventionRunning && iv.Owner == from &&
			!d.pending(func(o Offer) bool { return o.Kind == OfIntervention && o.Intervention == iv.Intervention }) {
			d.offered(Offered{Kind: OfIntervention, From: from, To: to, By: d.deadline(forAnswer), Intervention: iv.Intervention})
		}
	}
}

// takeRoles moves the roles that the unit which was responsible filled, and that
// the unit which took over can fill, to the latter; the steps follow. What was
// agreed with the old posts is offered to the new ones.
func (d *draft) takeRoles(from, to care.UnitID) {
	if from == to {
		return
	}
	for _, r := range d.def.Roles {
		before := d.s.Roles[r.ID]
		if before.Unit != from || !d.fills(r, to) {
			continue
		}
		if p := d.postAt(to, r.ID); !p.IsZero() {
			d.add(RoleBound{Role: r.ID, Post: p, Before: before})
			d.offerOver(before, p)
		}
	}
}

func (d *draft) fills(r pathway.Role, u care.UnitID) bool {
	kind := d.k.Posts.Kind(u)
	for _, at := range r.At {
		if at == kind {
			return true
		}
	}
	return false
}
