package access

import "slices"

// Transition is one allowed change of the status of a thing. An empty From is
// before the first event.
type Transition struct{ Of, From, Event, To string }

var life = []Transition{
	{"block", "", "consent.blocked/1", string(BlockStands)},
	{"block", string(BlockStands), "consent.block-lifted/1", string(BlockGone)},

	{"proxy", "", "consent.proxy-offered/1", string(ProxyOpen)},
	{"proxy", "", "consent.proxy-recorded/1", string(ProxyActive)},
	{"proxy", string(ProxyOpen), "consent.proxy-accepted/1", string(ProxyActive)},
	{"proxy", string(ProxyOpen), "consent.proxy-declined/1", string(ProxyRefused)},
	{"proxy", string(ProxyOpen), "consent.proxy-lapsed/1", string(ProxyGone)},
	{"proxy", string(ProxyOpen), "consent.proxy-ended/1", string(ProxyOver)},
	{"proxy", string(ProxyActive), "consent.proxy-limited/1", string(ProxyActive)},
	{"proxy", string(ProxyActive), "consent.proxy-ending/1", string(ProxyActive)},
	{"proxy", string(ProxyActive), "consent.proxy-renewed/1", string(ProxyActive)},
	{"proxy", string(ProxyActive), "consent.proxy-ended/1", string(ProxyOver)},
	{"proxy", string(ProxyActive), "consent.proxies-asked-anew/1", string(ProxyRests)},
	{"proxy", string(ProxyRests), "consent.proxies-restored/1", string(ProxyActive)},
	{"proxy", string(ProxyRests), "consent.proxy-renewed/1", string(ProxyActive)},
	{"proxy", string(ProxyRests), "consent.proxy-ended/1", string(ProxyOver)},

	{"guardian", "", "consent.guardian-recorded/1", string(GuardianStands)},
	{"guardian", string(GuardianStands), "consent.guardian-blocked/1", string(GuardianBarred)},
	{"guardian", string(GuardianBarred), "consent.guardian-unblocked/1", string(GuardianStands)},
	{"guardian", string(GuardianStands), "consent.guardian-ended/1", string(GuardianshipEnd)},
	{"guardian", string(GuardianBarred), "consent.guardian-ended/1", string(GuardianshipEnd)},

	{"consent", "", "consent.given/1", string(ConsentHolds)},
	{"consent", string(ConsentHolds), "consent.withdrawn/1", string(ConsentTakenBack)},
	{"consent", string(ConsentHolds), "consent.ended/1", string(ConsentOver)},

	{"page", "", "consent.page-shared/1", string(ConsentHolds)},
	{"page", string(ConsentHolds), "consent.page-withdrawn/1", string(ConsentTakenBack)},
	{"page", string(ConsentHolds), "consent.page-ended/1", string(ConsentOver)},

	{"opening", "", "consent.record-opened/1", string(OpeningOpen)},
	{"opening", string(OpeningOpen), "consent.opening-closed/1", string(OpeningShut)},
	{"opening", string(OpeningOpen), "consent.opening-ended/1", string(OpeningOver)},

	{"review", "", "consent.record-opened/1", "waiting"},
	{"review", "waiting", "consent.opening-reviewed/1", "judged"},

	{"notice", "", "consent.record-opened/1", "held back"},
	{"notice", "held back", "consent.opening-told/1", "told"},

	{"address", "open", "consent.address-protected/1", "protected"},
	{"address", "protected", "consent.address-protected/1", "protected"}, // by another kind
	{"address", "protected", "consent.address-unprotected/1", "open"},

	{"hold", "none", "consent.record-held/1", "held"},
	{"hold", "held", "consent.hold-released/1", "none"},

	{"erasure", "", "consent.erasure-proposed/1", string(ErasureOpen)},
	{"erasure", string(ErasureOpen), "consent.erasure-approved/1", string(ErasureDone)},
	{"erasure", string(ErasureOpen), "consent.erasure-withdrawn/1", string(ErasureDropped)},
	{"erasure", string(ErasureDropped), "consent.erasure-proposed/1", string(ErasureOpen)},

	{"person", "alive", "consent.all-ended/1", "dead"},
	{"person", "dead", "consent.reopened/1", "alive"},
}

// Lifecycle lists the allowed changes of everything in the stream that has a
// life. An event that is not listed changes no status.
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

// Undos lists every event type of both streams once.
func Undos() []Undo {
	return []Undo{
		{"consent.opened/1", "", "none: an empty stream says nothing"},
		{"consent.blocked/1", "consent.block-lifted/1", "lift the block"},
		{"consent.block-lifted/1", "consent.blocked/1", "block again"},
		{"consent.proxy-offered/1", "consent.proxy-ended/1", "revoke the offer"},
		{"consent.proxy-accepted/1", "consent.proxy-ended/1", "give it up"},
		{"consent.proxy-declined/1", "consent.proxy-offered/1", "offer it again"},
		{"consent.proxy-lapsed/1", "consent.proxy-offered/1", "offer it again"},
		{"consent.proxy-recorded/1", "consent.proxy-ended/1", "revoke the proxy"},
		{"consent.proxy-limited/1", "consent.proxy-offered/1", "offer the wider one; the relative accepts"},
		{"consent.proxy-renewed/1", "consent.proxy-ended/1", "revoke the proxy"},
		{"consent.proxy-ending/1", "", "none: that it was announced has happened"},
		{"consent.proxy-ended/1", "consent.proxy-offered/1", "offer it again"},
		{"consent.proxies-asked-anew/1", "consent.proxies-restored/1", "part the two records again"},
		{"consent.proxies-restored/1", "consent.proxies-asked-anew/1", "ask for them anew"},
		{"consent.record-joined/1", "consent.record-parted/1", "part the two records again"},
		{"consent.record-parted/1", "consent.record-joined/1", "join the two records again"},
		{"consent.guardian-recorded/1", "consent.guardian-ended/1", "end the custody that was recorded"},
		{"consent.guardian-ended/1", "consent.guardian-recorded/1", "record the custody again"},
		{"consent.guardian-blocked/1", "consent.guardian-unblocked/1", "unblock the guardian"},
		{"consent.guardian-unblocked/1", "consent.guardian-blocked/1", "block the guardian again"},
		{"consent.login-allowed/1", "consent.login-stopped/1", "take the consent back"},
		{"consent.login-stopped/1", "consent.login-allowed/1", "consent again"},
		{"consent.notices-directed/1", "consent.notices-directed/1", "direct them back"},
		{"consent.written/1", "", "none: what was written is not unwritten (L9)"},
		{"consent.settled/1", "", "none: that somebody saw to it has happened"},
		{"consent.record-opened/1", "consent.opening-closed/1", "close it; that it was open stays seen"},
		{"consent.opening-told/1", "", "none: what was told is told"},
		{"consent.opening-closed/1", "consent.record-opened/1", "open again, with a reason"},
		{"consent.opening-ended/1", "consent.record-opened/1", "open again, with a reason"},
		{"consent.opening-reviewed/1", "", "none: the judgement stands with its name"},
		{"consent.notices-delayed/1", "consent.delay-ended/1", "end the ground; the person is told at once"},
		{"consent.delay-ended/1", "consent.notices-delayed/1", "record the ground again"},
		{"consent.given/1", "consent.withdrawn/1", "withdraw the consent"},
		{"consent.withdrawn/1", "consent.given/1", "consent again"},
		{"consent.ended/1", "consent.given/1", "consent again"},
		{"consent.page-shared/1", "consent.page-withdrawn/1", "withdraw the page; what was read is read"},
		{"consent.page-withdrawn/1", "consent.page-shared/1", "share it again"},
		{"consent.page-ended/1", "consent.page-shared/1", "share it again"},
		{"consent.address-protected/1", "consent.address-unprotected/1", "say that it is hidden no more; proxies are offered anew"},
		{"consent.address-unprotected/1", "consent.address-protected/1", "protect it again"},
		{"consent.record-held/1", "consent.hold-released/1", "release the hold"},
		{"consent.hold-released/1", "consent.record-held/1", "hold it again"},
		{"consent.erasure-proposed/1", "consent.erasure-withdrawn/1", "withdraw the proposal"},
		{"consent.erasure-approved/1", "", "none: what is erased is gone"},
		{"consent.erasure-withdrawn/1", "consent.erasure-proposed/1", "propose it again"},
		{"consent.all-ended/1", "consent.reopened/1", "retract the death"},
		{"consent.reopened/1", "consent.all-ended/1", "record the death again"},
		{"consent.overdue/1", "", "none: that it was late stays seen"},

		{"oversight.opened/1", "", "none: an empty stream says nothing"},
		{"oversight.finding-raised/1", "", "none: somebody decides that there was a reason"},
		{"oversight.finding-grew/1", "", "none: what was looked at was looked at"},
		{"oversight.sample-drawn/1", "", "none: a draw that can be taken back is no draw"},
		{"oversight.decided/1", "", "none: the decision stands with its name"},
		{"oversight.overdue/1", "", "none: that it was late stays seen"},
	}
}
