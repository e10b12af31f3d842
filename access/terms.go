package access

import "forlop/care"

// The times this package uses. Only the four hours of an opening are asked for
// by our own bar (P5); no other has a national source. Each is proposed by us.
var (
	// usualProxy is how long a proxy holds where nobody says.
	usualProxy = care.Span{N: 12, Unit: care.Months}
	// longestProxy is the latest end of a proxy.
	longestProxy = care.Span{N: 24, Unit: care.Months}
	// toAnswerProxy: an offered proxy is accepted, or the offer is gone.
	toAnswerProxy = care.Span{N: 30, Unit: care.Days}
	// toAskRenewal: the first contact has asked whether a proxy shall go on.
	toAskRenewal = care.Span{N: 10, Unit: care.WorkingDays}
	// toAskAnew: the first contact has asked for proxies anew after a merge.
	toAskAnew = care.Span{N: 10, Unit: care.WorkingDays}
	// toTakeOver: a lead has named somebody in the place of a blocked professional.
	toTakeOver = care.Span{N: 2, Unit: care.WorkingDays}
	// toAnswerRelative: a relative's words are answered.
	toAnswerRelative = care.Span{N: 3, Unit: care.WorkingDays}
	// toReview: an opening is judged.
	toReview = care.Span{N: 3, Unit: care.WorkingDays}
	// toTell: the person has been reached about an opening.
	toTell = care.Span{N: 2, Unit: care.WorkingDays}
	// longestDelay: a ground to tell later is looked at again.
	longestDelay = care.Span{N: 90, Unit: care.Days}
	// longestConsent: a consent is asked for again.
	longestConsent = care.Span{N: 12, Unit: care.Months}
	// longestPage: a shared page is approved again.
	longestPage = care.Span{N: 90, Unit: care.Days}
	// toDecideErasure: a second person approves an erasure, or it is withdrawn.
	toDecideErasure = care.Span{N: 5, Unit: care.WorkingDays}
	// toClimb: an overdue item climbs one more rung.
	toClimb = care.Span{N: 2, Unit: care.WorkingDays}
)

const (
	// announceDays is how many days before its end a proxy's end is announced.
	announceDays = 30
	// LongestOpening is the longest opening, in hours.
	LongestOpening = 4
	// mostItems is how many items one shared page may have.
	mostItems = 40
	// longestWords is the length of one text in characters, some ten pages.
	longestWords = 40_000
	// longestName is the length of a name or a title, in characters.
	longestName = 200
)
