package access

import (
	"time"

	"forlop/care"
)

// Events is the closed vocabulary of a person's consent stream.
var Events = care.NewVocabulary(
	Opened{},
	Blocked{}, BlockLifted{},
	ProxyOffered{}, ProxyAccepted{}, ProxyDeclined{}, ProxyLapsed{}, ProxyRecorded{}, ProxyLimited{}, ProxyRenewed{},
	ProxyEnding{}, ProxyEnded{}, ProxiesAskedAnew{}, ProxiesRestored{}, RecordJoined{}, RecordParted{},
	GuardianRecorded{}, GuardianEnded{}, GuardianBlocked{}, GuardianUnblocked{}, LoginAllowed{}, LoginStopped{},
	NoticesDirected{}, Written{}, Settled{},
	RecordOpened{}, OpeningTold{}, OpeningClosed{}, OpeningEnded{}, OpeningReviewed{}, NoticesDelayed{}, DelayEnded{},
	ConsentGiven{}, ConsentWithdrawn{}, ConsentEnded{}, PageShared{}, PageWithdrawn{}, PageEnded{},
	AddressProtected{}, AddressUnprotected{},
	RecordHeld{}, HoldReleased{}, ErasureProposed{}, ErasureApproved{}, ErasureWithdrawn{},
	AllEnded{}, Reopened{},
	Overdue{},
)

// Opened starts a person's consent stream, in the same act as its first other
// event. The regime never changes.
type Opened struct {
	Person care.PersonKey `json:"person"`
	Regime care.Regime    `json:"regime"`
}

// Against is whom a block keeps away. Exactly one field is set.
type Against struct {
	// Unit is a unit and those under it.
	Unit care.UnitID `json:"unit,omitempty"`
	// Professional is one named professional, wherever they work.
	Professional string `json:"professional,omitempty"`
	// But is everyone outside this unit and those under it.
	But care.UnitID `json:"but,omitempty"`
}

// Blocked sets a block. Words are sealed as "words".
type Blocked struct {
	Block    int      `json:"block"`
	Against  Against  `json:"against"`
	Journey  string   `json:"journey,omitempty"`
	Strength Strength `json:"strength"`
	// Provider is the provider that Against.But belongs to, for an inner block:
	// outside the provider it holds as an outer one.
	Provider care.UnitID `json:"provider,omitempty"`
	// TakeOver are the posts that only the blocked professional holds. The lead of
	// each one's unit names somebody else by TakeOverBy.
	TakeOver   []care.Post `json:"takeOver,omitempty"`
	TakeOverBy time.Time   `json:"takeOverBy,omitzero"`
}

// BlockLifted takes a block away.
type BlockLifted struct {
	Block int `json:"block"`
}

// ProxyTerm is how far and how long a proxy reaches. The instants are computed
// once, here: Ends is the local midnight after the last day, Announce when the
// coordinator asks whether it shall go on (zero where it is too short for that).
type ProxyTerm struct {
	Parts    []Part    `json:"parts"`
	Until    care.Date `json:"until"`
	Ends     time.Time `json:"ends"`
	Announce time.Time `json:"announce,omitzero"`
	// Contact is the person's first contact when it was decided.
	Contact care.Post `json:"contact"`
	// Rules are the dated age rules that it was decided by.
	Rules string `json:"rules"`
}

// ProxyOffered offers a relative to act for the person. Nothing is given until
// they accept; at Lapses the offer is gone.
type ProxyOffered struct {
	Proxy int            `json:"proxy"`
	To    care.PersonKey `json:"to"`
	ProxyTerm
	Lapses time.Time `json:"lapses"`
}

// ProxyAccepted is the relative's yes: from now on they may act.
type ProxyAccepted struct {
	Proxy int `json:"proxy"`
}

// ProxyDeclined is the relative's no.
type ProxyDeclined struct {
	Proxy int `json:"proxy"`
}

// ProxyLapsed says that the relative did not answer in time.
type ProxyLapsed struct {
	Proxy int `json:"proxy"`
}

// ProxyRecorded records a proxy that both have agreed to. With CannotConsent it
// is the nearest relative's, for a person who is not able to consent; the
// professional's words are sealed as "words".
type ProxyRecorded struct {
	Proxy int            `json:"proxy"`
	To    care.PersonKey `json:"to"`
	ProxyTerm
	CannotConsent bool `json:"cannotConsent,omitempty"`
}

// ProxyLimited takes parts out; Parts are those that stay.
type ProxyLimited struct {
	Proxy int    `json:"proxy"`
	Parts []Part `json:"parts"`
}

// ProxyRenewed lets a proxy go on.
type ProxyRenewed struct {
	Proxy int `json:"proxy"`
	ProxyTerm
}

// ProxyEnding says that a proxy is about to run out. The first contact asks
// whether it shall go on, by AskBy.
type ProxyEnding struct {
	Proxy   int       `json:"proxy"`
	Contact care.Post `json:"contact"`
	AskBy   time.Time `json:"askBy"`
}

// EndReason is why a proxy or a custody ended.
type EndReason string

// The reasons.
const (
	ByItsDate          EndReason = "its-date"
	ByPatient          EndReason = "revoked"
	ByRelative         EndReason = "given-up"
	ByNewProxy         EndReason = "replaced"
	ByProtectedAddress EndReason = "protected-address"
	ByDeath            EndReason = "death"
	ByAge              EndReason = "age"
	ByCustody          EndReason = "custody"
)

// ProxyEnded ends a proxy or an offer of one, at once.
type ProxyEnded struct {
	Proxy int       `json:"proxy"`
	Why   EndReason `json:"why"`
}

// ProxiesAskedAnew lets every proxy rest until it is renewed. Proxies are those
// that held until now.
type ProxiesAskedAnew struct {
	Proxies []int     `json:"proxies"`
	Contact care.Post `json:"contact"`
	AskBy   time.Time `json:"askBy"`
}

// ProxiesRestored takes that back for those that still rest.
type ProxiesRestored struct{}

// GuardianSource is who says that somebody has custody.
type GuardianSource string

// The sources.
const (
	FromRegister GuardianSource = "population-register"
	FromCourt    GuardianSource = "court"
	FromDocument GuardianSource = "document-shown"
)

// GuardianRecorded records one guardian of a child. The instants follow the
// country's ages: full access from Starts until Narrows (until Ends where it is
// zero), Parts of it from Narrows until Ends.
type GuardianRecorded struct {
	Number   int            `json:"number"`
	Guardian care.PersonKey `json:"guardian"`
	Source   GuardianSource `json:"source"`
	Starts   time.Time      `json:"starts"`
	Narrows  time.Time      `json:"narrows,omitzero"`
	Parts    []Part         `json:"parts,omitempty"`
	Ends     time.Time      `json:"ends"`
	Rules    string         `json:"rules"`
}

// GuardianEnded ends one guardian's access; a person's reason is sealed as
// "why".
type GuardianEnded struct {
	Number int       `json:"number"`
	Why    EndReason `json:"why"`
}

// GuardianBlocked keeps a guardian from everything, for the child's protection.
// Nothing of it reaches the guardian.
type GuardianBlocked struct {
	Number int `json:"number"`
}

// GuardianUnblocked takes that back.
type GuardianUnblocked struct {
	Number int `json:"number"`
}

// LoginAllowed is a guardian's consent to the child's own login.
type LoginAllowed struct{}

// LoginStopped takes it back.
type LoginStopped struct{}

// NoticesDirected sends all notices to a relative, or with an empty key to the
// person.
type NoticesDirected struct {
	To care.PersonKey `json:"to,omitempty"`
}

// Written holds what a relative wrote to the coordinator, sealed as "words".
// The first contact answers by AnswerBy.
type Written struct {
	Message  int       `json:"message"`
	Contact  care.Post `json:"contact"`
	AnswerBy time.Time `json:"answerBy"`
}

// Settled says that an item has been seen to. Words are sealed as "words".
type Settled struct {
	Item string `json:"item"`
}

// OpeningReason is why somebody opens a record without another basis.
type OpeningReason string

// The reasons. The two national ones are the bases of the Norwegian summary
// record, consent and emergency, and of lag (2022:913) om sammanhållen vård- och omsorgsdokumentation.
const (
	// Emergency: life or health is in danger now.
	Emergency OpeningReason = "emergency"
	// WithConsent: the patient is here and says yes.
	WithConsent OpeningReason = "patient-consents"
	// CannotConsent: care is needed now and the patient cannot be asked.
	CannotConsent OpeningReason = "cannot-consent"
)

// OpeningReasons lists the reasons in the order in which they are shown.
var OpeningReasons = []OpeningReason{Emergency, CannotConsent, WithConsent}

// RecordOpened opens the record to one professional until Ends. Words are sealed
// as "words". Somebody else judges it by ReviewBy; the person is told from Tell
// on, at once unless a recorded ground delays it.
type RecordOpened struct {
	Opening      int           `json:"opening"`
	Professional string        `json:"professional"`
	Unit         care.UnitID   `json:"unit"`
	Why          OpeningReason `json:"why"`
	Ends         time.Time     `json:"ends"`
	Review       care.Post     `json:"review"`
	ReviewBy     time.Time     `json:"reviewBy"`
	Tell         time.Time     `json:"tell"`
	// Contact sees to it that the person is reached.
	Contact care.Post `json:"contact"`
}

// OpeningTold says that the person is to be told now: what is sent, is sent on
// this event. TellBy is when they must have been reached.
type OpeningTold struct {
	Opening int       `json:"opening"`
	TellBy  time.Time `json:"tellBy"`
}

// OpeningClosed closes an opening before its time.
type OpeningClosed struct {
	Opening int `json:"opening"`
}

// OpeningEnded says that an opening's time is over.
type OpeningEnded struct {
	Opening int `json:"opening"`
}

// Verdict is what a review found.
type Verdict string

// The verdicts.
const (
	Justified    Verdict = "justified"
	NotJustified Verdict = "not-justified"
)

// OpeningReviewed is somebody else's judgement; the words are sealed as "words".
type OpeningReviewed struct {
	Opening int     `json:"opening"`
	Verdict Verdict `json:"verdict"`
}

// NoticesDelayed records a ground on which the person is told of openings first
// at Ends. The ground is sealed as "words".
type NoticesDelayed struct {
	Ends time.Time `json:"ends"`
}

// DelayEnded ends the ground.
type DelayEnded struct{}

// ConsentGiven lets a unit see what a block that opens by consent holds back,
// until Ends.
type ConsentGiven struct {
	Consent int         `json:"consent"`
	Unit    care.UnitID `json:"unit"`
	Until   care.Date   `json:"until"`
	Ends    time.Time   `json:"ends"`
}

// ConsentWithdrawn takes a consent back at once.
type ConsentWithdrawn struct {
	Consent int `json:"consent"`
}

// ConsentEnded says that a consent's time is over.
type ConsentEnded struct {
	Consent int `json:"consent"`
}

// ReceiverKind is what sort of receiver a page is shared with.
type ReceiverKind string

// The kinds.
const (
	Welfare       ReceiverKind = "welfare"
	Employer      ReceiverKind = "employer"
	School        ReceiverKind = "school"
	OtherReceiver ReceiverKind = "other"
)

// Receiver is an organisation outside health care. Name is the organisation's,
// never a patient's.
type Receiver struct {
	Kind ReceiverKind `json:"kind"`
	Name string       `json:"name"`
}

// SharedItem is one item of a page as the person previewed it. Title and Text
// are sealed.
type SharedItem struct {
	// Key says what the item is, as "kind/number".
	Key   string `json:"key"`
	Title string `json:"title"`
	Text  string `json:"text"`
	// Chosen is true where the person picked the item themselves. What must never
	// be preselected is refused without it.
	Chosen bool `json:"chosen,omitempty"`
}

// PageShared shares a page. Item n of Items has its words sealed as "title-n"
// and "text-n", counted from 1.
type PageShared struct {
	Page  int       `json:"page"`
	To    Receiver  `json:"to"`
	Items []string  `json:"items"`
	Until care.Date `json:"until"`
	Ends  time.Time `json:"ends"`
}

// PageWithdrawn takes a page back at once.
type PageWithdrawn struct {
	Page int `json:"page"`
}

// PageEnded says that a page's time is over.
type PageEnded struct {
	Page int `json:"page"`
}

// Protection is how an address is hidden by law.
type Protection string

// The kinds: Norway's code 6 and 7, Sweden's skyddad folkbokföring and
// sekretessmarkering (Confidential in both countries).
const (
	Strict                Protection = "strict"
	Confidential          Protection = "confidential"
	ProtectedRegistration Protection = "protected-registration"
)

// AddressProtected says that the address is hidden.
type AddressProtected struct {
	Kind Protection `json:"kind"`
}

// AddressUnprotected says that it is hidden no more.
type AddressUnprotected struct{}

// RecordHeld records a legal hold; its ground is sealed as "words".
type RecordHeld struct{}

// HoldReleased ends it; why is sealed as "words".
type HoldReleased struct{}

// ErasureDecision is the kind of lawful decision that lets a record be erased.
type ErasureDecision string

// The decisions.
const (
	// ByIVO: Sweden, decided by Inspektionen för vård och omsorg.
	ByIVO ErasureDecision = "ivo"
	// ByController: Norway, decided by who answers for the record. Assumed: the
	// sources say what must be kept, not who decides.
	ByController ErasureDecision = "controller"
)

// ErasureProposed proposes to erase everything on a lawful decision. A second
// professional decides by DecideBy, from Post.
type ErasureProposed struct {
	Decision  ErasureDecision `json:"decision"`
	Reference string          `json:"reference"`
	Post      care.Post       `json:"post"`
	DecideBy  time.Time       `json:"decideBy"`
}

// ErasureApproved is the second person's yes: the key is destroyed, and nothing
// follows in this stream. Gone is the last day on which a backup may still hold a
// copy of the key; zero where the operator has not said how long those are kept.
type ErasureApproved struct {
	Gone care.Date `json:"gone,omitzero"`
}

// ErasureWithdrawn takes the proposal back.
type ErasureWithdrawn struct{}

// AllEnded says that the person died: nothing rests on their word any more.
type AllEnded struct{}

// Reopened takes it back; what had time left goes on.
type Reopened struct{}

// Overdue says that an open item passed its date and climbed to a rung. Again is
// when it climbs further; zero on the last rung.
type Overdue struct {
	Item  string    `json:"item"`
	Rung  int       `json:"rung"`
	To    care.Post `json:"to"`
	Again time.Time `json:"again,omitzero"`
}

// The types never change, whatever the Go names do.

func (Opened) Type() string             { return "consent.opened/1" }
func (Blocked) Type() string            { return "consent.blocked/1" }
func (BlockLifted) Type() string        { return "consent.block-lifted/1" }
func (ProxyOffered) Type() string       { return "consent.proxy-offered/1" }
func (ProxyAccepted) Type() string      { return "consent.proxy-accepted/1" }
func (ProxyDeclined) Type() string      { return "consent.proxy-declined/1" }
func (ProxyLapsed) Type() string        { return "consent.proxy-lapsed/1" }
func (ProxyRecorded) Type() string      { return "consent.proxy-recorded/1" }
func (ProxyLimited) Type() string       { return "consent.proxy-limited/1" }
func (ProxyRenewed) Type() string       { return "consent.proxy-renewed/1" }
func (ProxyEnding) Type() string        { return "consent.proxy-ending/1" }
func (ProxyEnded) Type() string         { return "consent.proxy-ended/1" }
func (ProxiesAskedAnew) Type() string   { return "consent.proxies-asked-anew/1" }
func (ProxiesRestored) Type() string    { return "consent.proxies-restored/1" }
func (GuardianRecorded) Type() string   { return "consent.guardian-recorded/1" }
func (GuardianEnded) Type() string      { return "consent.guardian-ended/1" }
func (GuardianBlocked) Type() string    { return "consent.guardian-blocked/1" }
func (GuardianUnblocked) Type() string  { return "consent.guardian-unblocked/1" }
func (LoginAllowed) Type() string       { return "consent.login-allowed/1" }
func (LoginStopped) Type() string       { return "consent.login-stopped/1" }
func (NoticesDirected) Type() string    { return "consent.notices-directed/1" }
func (Written) Type() string            { return "consent.written/1" }
func (Settled) Type() string            { return "consent.settled/1" }
func (RecordOpened) Type() string       { return "consent.record-opened/1" }
func (OpeningTold) Type() string        { return "consent.opening-told/1" }
func (OpeningClosed) Type() string      { return "consent.opening-closed/1" }
func (OpeningEnded) Type() string       { return "consent.opening-ended/1" }
func (OpeningReviewed) Type() string    { return "consent.opening-reviewed/1" }
func (NoticesDelayed) Type() string     { return "consent.notices-delayed/1" }
func (DelayEnded) Type() string         { return "consent.delay-ended/1" }
func (ConsentGiven) Type() string       { return "consent.given/1" }
func (ConsentWithdrawn) Type() string   { return "consent.withdrawn/1" }
func (ConsentEnded) Type() string       { return "consent.ended/1" }
func (PageShared) Type() string         { return "consent.page-shared/1" }
func (PageWithdrawn) Type() string      { return "consent.page-withdrawn/1" }
func (PageEnded) Type() string          { return "consent.page-ended/1" }
func (AddressProtected) Type() string   { return "consent.address-protected/1" }
func (AddressUnprotected) Type() string { return "consent.address-unprotected/1" }
func (RecordHeld) Type() string         { return "consent.record-held/1" }
func (HoldReleased) Type() string       { return "consent.hold-released/1" }
func (ErasureProposed) Type() string    { return "consent.erasure-proposed/1" }
func (ErasureApproved) Type() string    { return "consent.erasure-approved/1" }
func (ErasureWithdrawn) Type() string   { return "consent.erasure-withdrawn/1" }
func (AllEnded) Type() string           { return "consent.all-ended/1" }
func (Reopened) Type() string           { return "consent.reopened/1" }
func (Overdue) Type() string            { return "consent.overdue/1" }
