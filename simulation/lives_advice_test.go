package simulation

import (
	"forlop/care"
	"forlop/casework"
	"forlop/journey"
)

// carriers say who carries prescriptions and sick notes from now on; mostly they
// say it, now and then nobody does.
func (t *trial) carriers() journey.Carriers {
	post := care.Party{Kind: care.PartyUnit, Post: t.anyPost()}
	switch t.what.IntN(8) {
	case 0:
		return journey.Carriers{}
	case 1, 2:
		return journey.Carriers{NoPrescriptions: true, NoSickNotes: true}
	}
	return journey.Carriers{Prescriptions: post, SickNotes: post, SickNotesUntil: t.soon()}
}

// advice takes an e-consult or a joint assessment one step further.
func (t *trial) advice(s *journey.State, o *casework.Order, as func(care.UnitID)) []func() {
	var options []func()
	may := func(f func()) { options = append(options, f) }
	for _, x := range s.Consults {
		switch x.State {
		case journey.ConsultOpen:
			may(func() {
				as(x.To.Post.Unit)
				o.Command = pick[journey.Command](t,
					journey.GiveAdvice{Consult: x.Consult, Words: "Ro først.", Suggests: pick(t, "", journey.SuggestJoint, journey.SuggestTake)},
					journey.CloseAdvice{Consult: x.Consult, Outcome: "withdrawn", Words: pick(t, "", "Trengs ikke.")})
			})
		case journey.ConsultAnswered:
			may(func() {
				as(x.Owner.Unit)
				o.Command = pick[journey.Command](t,
					journey.UseAdvice{Consult: x.Consult, Did: pick(t, journey.Followed, journey.FollowedPartly, journey.NotFollowed), LookAgain: t.soon(), Words: pick(t, "", "Slik.")},
					journey.OfferTo{Kind: journey.OfResponsibility, To: t.anyPost(), Carriers: t.carriers(), Consult: x.Consult})
			})
		case journey.ConsultInUse:
			may(func() {
				as(x.Owner.Unit)
				o.Command = journey.CloseAdvice{Consult: x.Consult, Outcome: pick(t, "helped", "no-change", "not-known", "cured"), Words: "Bedre."}
			})
		case journey.ConsultOver:
		}
	}
	for _, x := range s.Contributions {
		if x.State == journey.ContributionOpen {
			may(func() {
				as(x.Of.Post.Unit)
				o.Command = journey.Contribute{Contribution: x.Contribution, Words: "Normalt.", Kind: pick(t, "", "mri-lumbar"), Examined: pick(t, care.Date{}, t.today())}
			})
		}
	}
	for _, x := range s.Joints {
		switch x.State {
		case journey.JointOpen:
			may(func() {
				o.Command = pick[journey.Command](t, journey.Summarise{Joint: x.Joint, Words: "Samlet.", Without: pick(t, "", "Ferie.")},
					journey.Disagree{Joint: x.Joint, Words: "Ser det annerledes."}, journey.CallOffJoint{Joint: x.Joint, Reason: pick(t, "", "Orker ikke.")})
			})
		case journey.JointSummed:
			may(func() {
				t.fromPatient(s, o)
				o.Command = journey.AnswerSummary{Joint: x.Joint, Answer: pick(t, journey.SummaryApproved, journey.SummaryChanges, journey.SummaryNotApproved), Words: "Slik sa jeg det."}
			})
		case journey.JointApproved, journey.JointNotApproved, journey.JointOff:
		}
	}
	return options
}
