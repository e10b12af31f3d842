package person

import "slices"

// Transition is one allowed change of the status of a thing. An empty From is
// before the first event.
type Transition struct{ Of, From, Event, To string }

var life = []Transition{
	{"person", "", "person.opened/1", "alive"},
	{"person", "alive", "person.died/1", "dead"},
	{"person", "dead", "person.death-retracted/1", "alive"},
	{"person", "dead", "person.settled/1", "settled"},
	{"person", "settled", "person.death-retracted/1", "alive"},

	{"offer", "", "person.contact-offered/1", string(OfferOpen)},
	{"offer", string(OfferOpen), "person.contact-offer-accepted/1", string(OfferTaken)},
	{"offer", string(OfferOpen), "person.contact-offer-declined/1", string(OfferRefused)},
	{"offer", string(OfferOpen), "person.contact-offer-lapsed/1", string(OfferForgotten)},
	{"offer", string(OfferOpen), "person.contact-offer-withdrawn/1", string(OfferRecalled)},

	{"first contact", "", "person.opened/1", "desk"},
	{"first contact", "desk", "person.contact-appointed/1", "named"},
	{"first contact", "desk", "person.contact-offer-accepted/1", "desk"},
	{"first contact", "desk", "person.contact-offer-accepted/1", "named"},
	{"first contact", "named", "person.contact-appointed/1", "named"},
	{"first contact", "named", "person.contact-offer-accepted/1", "named"},
	{"first contact", "named", "person.contact-offer-accepted/1", "desk"},
	{"first contact", "named", "person.contact-refused/1", "desk by wish"},
	{"first contact", "desk", "person.contact-refused/1", "desk by wish"},
	{"first contact", "desk by wish", "person.contact-offer-accepted/1", "desk by wish"},
	{"first contact", "desk by wish", "person.contact-wanted/1", "desk"},

	{"pause", "", "person.paused/1", "running"},
	{"pause", "running", "person.pause-reviewed/1", "reviewed"},
	{"pause", "running", "person.pause-ended/1", "ended"},
	{"pause", "reviewed", "person.pause-ended/1", "ended"},
	{"pause", "running", "person.died/1", "ended"},
	{"pause", "reviewed", "person.died/1", "ended"},

	{"finding", "", "person.finding-recorded/1", "recorded"},
	{"finding", "recorded", "person.finding-withdrawn/1", "withdrawn"},

	{"objection", "", "person.objected/1", "standing"},
	{"objection", "standing", "person.objection-withdrawn/1", "withdrawn"},
}

// Lifecycle lists the allowed changes of a person's life, of offers of the first
// contact, of the first contact itself, of pauses, findings and objections. An
// event that is not listed changes no status.
func Lifecycle() []Transition { return slices.Clone(life) }

// nextStatus is the status of a thing after an event, if its life has it.
func nextStatus(of, from, event string) (to string, ok bool) {
	for _, t := range life {
		if t.Of == of && t.From == from && t.Event == event {
			return t.To, true
		}
	}
	return "", false
}

// Undo says how an event is taken back: by an event of type By, or, where By is
// empty, not at all.
type Undo struct{ Event, By, How string }

// Undos lists every event type once.
func Undos() []Undo {
	return []Undo{
		{"person.opened/1", "", "none: a stream that was opened by mistake is merged into the right one"},
		{"person.contact-appointed/1", "person.contact-appointed/1", "appoint the earlier post again"},
		{"person.contact-offered/1", "person.contact-offer-withdrawn/1", "withdraw the offer while it is open"},
		{"person.contact-offer-accepted/1", "person.contact-offered/1", "give it back by a new offer"},
		{"person.contact-offer-declined/1", "person.contact-offered/1", "offer it again"},
		{"person.contact-offer-lapsed/1", "person.contact-offered/1", "offer it again"},
		{"person.contact-offer-withdrawn/1", "person.contact-offered/1", "offer it again"},
		{"person.contact-kept/1", "person.contact-offered/1", "offer it again"},
		{"person.contact-refused/1", "person.contact-wanted/1", "say that a named contact is wanted"},
		{"person.contact-wanted/1", "person.contact-refused/1", "say that none is wanted"},
		{"person.matters-said/1", "person.matters-said/1", "say it anew; the earlier words stay"},
		{"person.matters-confirmed/1", "person.matters-said/1", "say it anew"},
		{"person.story-told/1", "", "none: the story is only added to and objected to"},
		{"person.objected/1", "person.objection-withdrawn/1", "withdraw the objection; it stays readable"},
		{"person.objection-withdrawn/1", "person.objected/1", "object again"},
		{"person.energy-set/1", "person.energy-set/1", "give the earlier limits again, or lift them"},
		{"person.energy-lifted/1", "person.energy-set/1", "give the limits again"},
		{"person.adaptations-set/1", "person.adaptations-set/1", "give the earlier ones again"},
		{"person.languages-set/1", "person.languages-set/1", "give the earlier ones again"},
		{"person.channel-set/1", "person.channel-set/1", "give the earlier one again"},
		{"person.paused/1", "person.pause-ended/1", "end the pause where it begins"},
		{"person.pause-reviewed/1", "", "none: that somebody looked has happened"},
		{"person.pause-ended/1", "person.paused/1", "pause again"},
		{"person.finding-recorded/1", "person.finding-withdrawn/1", "withdraw the finding with a reason"},
		{"person.finding-withdrawn/1", "person.finding-recorded/1", "record it again"},
		{"person.examination-planned/1", "", "none: the order is cancelled where it was placed"},
		{"person.gp-changed/1", "person.gp-changed/1", "give the right one from the same date"},
		{"person.municipality-changed/1", "person.municipality-changed/1", "give the right one from the same date"},
		{"person.carrier-set/1", "person.carrier-set/1", "give the earlier one again, or end it"},
		{"person.carrier-ended/1", "person.carrier-set/1", "set the carrier again"},
		{"person.condition-reported/1", "person.condition-reported/1", "report anew; the earlier report stays"},
		{"person.died/1", "person.death-retracted/1", "retract the death with a reason"},
		{"person.death-retracted/1", "person.died/1", "record the death again"},
		{"person.settled/1", "person.death-retracted/1", "only by retracting the death itself"},
		{"person.merged-into/1", "person.unmerged/1", "unmerge"},
		{"person.alias-added/1", "person.unmerged/1", "unmerge"},
		{"person.unmerged/1", "person.merged-into/1", "merge again, from either side"},
		{"person.overdue/1", "", "none: that it was late stays seen"},
	}
}
