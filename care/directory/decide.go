package directory

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

// Known is what a decision about a unit or a professional must know of others.
// The streams it was read from must be guarded in the same append, or two
// changes at once may break together what each kept alone.
type Known struct {
	// Directory is every unit. The state being decided is not read from it.
	Directory *Directory
	// Professional reports whether an id is registered and active.
	Professional func(id string) bool
}

func (k Known) directory() *Directory {
	if k.Directory == nil {
		return New(nil)
	}
	return k.Directory
}

// Decide decides a command on a unit. It never changes s. What it answers keeps
// L1: after the events every root has a lead at every instant from now on.
func Decide(s State, c Command, act care.Act, k Known) ([]care.Made, error) {
	made, err := decide(s, c, act, k)
	if err != nil || len(made) == 0 {
		return nil, err
	}
	after := s.Clone()
	for _, m := range made {
		if err := Evolve(&after, care.Recorded{Version: after.Version + 1, Event: m.Event, Happened: act.When(), Learned: act.At}); err != nil {
			return nil, fmt.Errorf("directory: %s made an event that does not fold: %w", c.Name(), err)
		}
	}
	if after.Status != Closed && after.isRoot() {
		if from, bare := after.bareFrom(care.Lead, act.At); bare {
			return nil, withoutLead(after.Unit, from)
		}
	}
	return made, nil
}

func decide(s State, c Command, act care.Act, k Known) ([]care.Made, error) {
	d := decision{s, act, k}
	if act.When().After(act.At) {
		return nil, care.Refuse("happened-in-future", "What has not happened yet cannot be recorded.").On("happened")
	}
	if c, ok := c.(OpenUnit); ok {
		return d.open(c)
	}
	switch s.Status {
	case "":
		return nil, care.Missing("unit-unknown", "There is no such unit.")
	case Closed:
		if _, ok := c.(Wake); !ok {
			return nil, care.Refuse("unit-closed", "The unit {unit} is closed for good; {successor} stands in its place.",
				"unit", string(s.Unit), "successor", string(s.Successor))
		}
	}
	switch c := c.(type) {
	case Wake:
		return nil, nil
	case ChangeDetails:
		return d.changeDetails(c)
	case Move:
		return d.move(c)
	case AddPost:
		return d.addPost(c)
	case RemovePost:
		return d.removePost(c)
	case Join:
		return d.join(c)
	case Leave:
		return d.leave(c)
	case GoAway:
		return d.goAway(c)
	case ComeBack:
		return d.comeBack(c)
	case NameLead:
		return d.nameLead(c)
	case NameFallback:
		return d.nameFallback(c)
	case CloseToNew:
		return d.closeToNew(c)
	case OpenToNew:
		if s.Status != Full {
			return nil, care.Unchanged()
		}
		return one(OpenedToNew{}), nil
	case ReportService:
		return d.reportService(c)
	case WithdrawService:
		return d.withdrawService(c)
	case GiveNumbers:
		return d.giveNumbers(c)
	case SayRun:
		return d.sayRun(c)
	case SayCapacity:
		return d.sayCapacity(c)
	case Close:
		return d.close(c)
	}
	return nil, fmt.Errorf("directory: %s is not a command for a unit", c.Name())
}

// decision is what one command is decided from.
type decision struct {
	s   State
	act care.Act
	k   Known
}

func one(e care.Event) []care.Made { return []care.Made{{Event: e}} }

func (d decision) open(c OpenUnit) ([]care.Made, error) {
	if d.s.Status != "" {
		return nil, care.Refuse("unit-known", "There is a unit called {unit} already.", "unit", string(d.s.Unit)).On("unit")
	}
	if !isID(string(c.Unit)) {
		return nil, badID("unit", string(c.Unit))
	}
	if !isID(string(c.Kind)) {
		return nil, badID("kind", string(c.Kind))
	}
	if !isRegime(c.Regime) {
		return nil, care.Refuse("regime-unknown", "{regime} is no regime: use NO or SE.", "regime", string(c.Regime)).On("regime")
	}
	if err := checkContact(c.Contact); err != nil {
		return nil, err
	}
	made := one(Opened{c.Unit, c.Kind, c.Parent, c.Regime, c.Contact})
	if c.Parent != "" {
		if err := d.checkPartner(c.Parent, c.Unit, c.Regime, "parent"); err != nil {
			return nil, err
		}
	} else if c.Lead == "" {
		return nil, withoutLead(c.Unit, d.act.When()).On("lead")
	}
	for i, role := range c.Roles {
		if err := checkNewRole(State{Roles: c.Roles[:i]}, role); err != nil {
			return nil, err
		}
		made = append(made, care.Made{Event: PostAdded{role}})
	}
	if c.Lead != "" {
		if err := d.checkProfessional(c.Lead, "lead"); err != nil {
			return nil, err
		}
		made = append(made, care.Made{Event: LeadNamed{1, c.Lead, d.instant(time.Time{})}})
	}
	return made, nil
}

func (d decision) changeDetails(c ChangeDetails) ([]care.Made, error) {
	if d.act.Seen != 0 && int(d.act.Seen) != d.s.ContactVersion {
		return nil, care.Stale("unit-details-changed", "Someone else changed the details of {unit} meanwhile.", "unit", string(d.s.Unit))
	}
	if err := checkContact(c.Contact); err != nil {
		return nil, err
	}
	if c.Contact == d.s.Contact {
		return nil, care.Unchanged()
	}
	return one(DetailsChanged(c)), nil
}

func (d decision) move(c Move) ([]care.Made, error) {
	if c.Parent == d.s.Parent {
		return nil, care.Unchanged()
	}
	if c.Parent != "" {
		if err := d.checkPartner(c.Parent, d.s.Unit, d.s.Regime, "parent"); err != nil {
			return nil, err
		}
		if d.isBelow(c.Parent) {
			return nil, care.Refuse("unit-in-circle", "{other} stands below {unit}: the tree would run in a circle.",
				"unit", string(d.s.Unit), "other", string(c.Parent)).On("parent")
		}
	}
	return one(Moved(c)), nil
}

func (d decision) addPost(c AddPost) ([]care.Made, error) {
	if err := checkNewRole(d.s, c.Role); err != nil {
		return nil, err
	}
	return one(PostAdded(c)), nil
}

func (d decision) removePost(c RemovePost) ([]care.Made, error) {
	if c.Role == care.Desk || c.Role == care.Lead {
		return nil, care.Refuse("post-stays", "Every unit has a {role}: it cannot be removed.", "role", string(c.Role)).On("role")
	}
	if !d.s.HasRole(c.Role) {
		return nil, noSuchPost(d.s.Unit, c.Role)
	}
	for _, m := range d.s.Members {
		if m.Role == c.Role && !over(m.From, m.Until, d.act.At) {
			return nil, care.Refuse("post-held", "{professional} holds {role} now or later: let the membership end first.",
				"professional", m.Professional, "role", string(c.Role)).On("role")
		}
	}
	return one(PostRemoved(c)), nil
}

func (d decision) join(c Join) ([]care.Made, error) {
	if err := d.checkProfessional(c.Professional, "professional"); err != nil {
		return nil, err
	}
	if c.Role == care.Lead {
		return nil, leadIsNamed()
	}
	if !d.s.HasRole(c.Role) {
		return nil, noSuchPost(d.s.Unit, c.Role)
	}
	m := Member{len(d.s.Members) + 1, c.Professional, c.Role, d.instant(c.From), exact(c.Until)}
	if !m.Until.IsZero() && !m.Until.After(m.From) {
		return nil, emptySpan("until")
	}
	for _, o := range d.s.Members {
		if o.Professional == m.Professional && o.Role == m.Role && overlap(o.From, o.Until, m.From, m.Until) {
			return nil, care.Refuse("member-already", "{professional} holds {role} in that time already.",
				"professional", c.Professional, "role", string(c.Role)).On("from")
		}
	}
	return one(MemberJoined{m.Number, m.Professional, m.Role, m.From, m.Until}), nil
}

func (d decision) leave(c Leave) ([]care.Made, error) {
	m, ok := d.s.member(c.Member)
	if !ok {
		return nil, care.Missing("member-unknown", "The unit {unit} has no member {member}.", "unit", string(d.s.Unit), "member", fmt.Sprint(c.Member))
	}
	until := d.instant(c.Until)
	switch {
	case c.Until.IsZero() && over(m.From, m.Until, until):
		return nil, care.Unchanged()
	case until.Before(m.From):
		return nil, emptySpan("until")
	case m.Role == care.Lead && !m.Until.IsZero() && until.After(m.Until):
		return nil, leadIsNamed()
	}
	if until.Equal(m.Until) {
		return nil, care.Unchanged()
	}
	for _, o := range d.s.Members {
		if o.Number != m.Number && o.Professional == m.Professional && o.Role == m.Role && overlap(o.From, o.Until, m.From, until) {
			return nil, care.Refuse("member-already", "{professional} holds {role} in that time already.",
				"professional", m.Professional, "role", string(m.Role)).On("until")
		}
	}
	return one(MemberLeft{c.Member, until}), nil
}

func (d decision) goAway(c GoAway) ([]care.Made, error) {
	a := Absence{len(d.s.Absences) + 1, c.Professional, c.Role, d.instant(c.From), exact(c.Until), c.Substitute}
	switch {
	case !a.Until.After(a.From):
		return nil, emptySpan("until")
	case a.Role != "" && !d.s.HasRole(a.Role):
		return nil, noSuchPost(d.s.Unit, a.Role)
	case a.Substitute == a.Professional:
		return nil, care.Refuse("substitute-self", "{professional} cannot be their own substitute.", "professional", a.Professional).On("substitute")
	case !d.s.worksHere(a):
		return nil, care.Refuse("member-not-here", "{professional} holds nothing in {unit} in that time.",
			"professional", a.Professional, "unit", string(d.s.Unit)).On("professional")
	}
	if a.Substitute != "" {
		if err := d.checkProfessional(a.Substitute, "substitute"); err != nil {
			return nil, err
		}
	}
	for _, o := range d.s.Absences {
		if o.Professional == a.Professional && o.Role == a.Role && overlap(o.From, o.Until, a.From, a.Until) {
			return nil, care.Refuse("absence-already", "{professional} is away in that time already: change that absence instead.",
				"professional", a.Professional).On("from")
		}
	}
	return one(MemberAway{a.Number, a.Professional, a.Role, a.From, a.Until, a.Substitute}), nil
}

// worksHere reports whether the one who goes away would hold anything in that
// time, as a member or as a substitute.
func (s State) worksHere(a Absence) bool {
	for _, m := range s.Members {
		if m.Professional == a.Professional && (a.Role == "" || a.Role == m.Role) && overlap(m.From, m.Until, a.From, a.Until) {
			return true
		}
	}
	return slices.ContainsFunc(s.Absences, func(o Absence) bool {
		return o.Substitute == a.Professional && overlap(o.From, o.Until, a.From, a.Until)
	})
}

func (d decision) comeBack(c ComeBack) ([]care.Made, error) {
	a, ok := d.s.absence(c.Absence)
	if !ok {
		return nil, care.Missing("absence-unknown", "The unit {unit} has no absence {absence}.", "unit", string(d.s.Unit), "absence", fmt.Sprint(c.Absence))
	}
	at := d.instant(c.At)
	if at.Before(a.From) || !at.Before(a.Until) {
		return nil, care.Refuse("absence-not-then", "The absence is not running at that time.").On("at")
	}
	return one(MemberBack{c.Absence, at}), nil
}

func (d decision) nameLead(c NameLead) ([]care.Made, error) {
	if err := d.checkProfessional(c.Professional, "professional"); err != nil {
		return nil, err
	}
	from := d.instant(c.From)
	for _, m := range d.s.Members {
		if m.Role == care.Lead && m.Professional == c.Professional && m.Until.IsZero() && !m.From.After(from) {
			return nil, care.Unchanged()
		}
	}
	return one(LeadNamed{len(d.s.Members) + 1, c.Professional, from}), nil
}

func (d decision) nameFallback(c NameFallback) ([]care.Made, error) {
	if c.Post == d.s.Fallback {
		return nil, care.Unchanged()
	}
	if !c.Post.IsZero() {
		if err := d.checkPartner(c.Post.Unit, d.s.Unit, d.s.Regime, "post"); err != nil {
			return nil, err
		}
		if !d.k.directory().Exists(c.Post) {
			return nil, noSuchPost(c.Post.Unit, c.Post.Role)
		}
	}
	return one(FallbackNamed(c)), nil
}

func (d decision) closeToNew(c CloseToNew) ([]care.Made, error) {
	if d.s.Status == Full && d.s.Redirect == c.Redirect {
		return nil, care.Unchanged()
	}
	if c.Redirect == "" {
		return nil, care.Refuse("redirect-needed", "Say where new patients go instead: nobody is turned away empty-handed.").On("redirect")
	}
	if err := d.checkPartner(c.Redirect, d.s.Unit, d.s.Regime, "redirect"); err != nil {
		return nil, err
	}
	if other, _ := d.k.directory().Unit(c.Redirect); other.Status != Open {
		return nil, care.Refuse("redirect-full", "{other} takes no new patients itself.", "other", string(c.Redirect)).On("redirect")
	}
	return one(ClosedToNew(c)), nil
}

func (d decision) close(c Close) ([]care.Made, error) {
	if c.Successor == "" {
		return nil, care.Refuse("successor-needed", "A unit closes only with a successor: say who takes over its patients.").On("successor")
	}
	if err := d.checkPartner(c.Successor, d.s.Unit, d.s.Regime, "successor"); err != nil {
		return nil, err
	}
	if d.isBelow(c.Successor) {
		return nil, care.Refuse("successor-below", "{other} stands below {unit}: move it out first, or what falls back would run in a circle.",
			"unit", string(d.s.Unit), "other", string(c.Successor)).On("successor")
	}
	return one(ClosedForGood(c)), nil
}

// isBelow reports whether the way up from another unit passes this one.
func (d decision) isBelow(other care.UnitID) bool {
	way, _ := d.k.directory().climb(other)
	return slices.Contains(way, d.s.Unit)
}

// checkPartner refuses a unit that this one cannot lean on.
func (d decision) checkPartner(other, self care.UnitID, regime care.Regime, field string) error {
	u, ok := d.k.directory().Unit(other)
	switch {
	case other == self:
		return care.Refuse("unit-itself", "{unit} cannot lean on itself.", "unit", string(self)).On(field)
	case !ok:
		return care.Missing("other-unit-unknown", "There is no unit called {other}.", "other", string(other)).On(field)
	case u.Status == Closed:
		return care.Refuse("other-unit-closed", "{other} is closed for good; {successor} stands in its place.",
			"other", string(other), "successor", string(u.Successor)).On(field)
	case u.Regime != regime:
		return care.Refuse("regime-differs", "{other} runs under another country's law.", "other", string(other)).On(field)
	}
	return nil
}

func (d decision) checkProfessional(id, field string) error {
	if d.k.Professional == nil || !d.k.Professional(id) {
		return care.Missing("professional-unknown", "There is no registered professional {professional}: register them first.", "professional", id).On(field)
	}
	return nil
}

// instant is the given one, or when the act happened, as it is kept.
func (d decision) instant(t time.Time) time.Time {
	if t.IsZero() {
		t = d.act.When()
	}
	return exact(t)
}

// exact is an instant as streams keep it: in UTC, to the microsecond.
func exact(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

// over reports whether a stretch of time holds nothing from now on.
func over(from, until, now time.Time) bool {
	return !until.IsZero() && (!until.After(now) || !until.After(from))
}

// overlap reports whether two stretches share an instant. A stretch that ends
// where it starts has none.
func overlap(from, until, from2, until2 time.Time) bool {
	start, end := latest(from, from2), until
	if end.IsZero() || !until2.IsZero() && until2.Before(end) {
		end = until2
	}
	return end.IsZero() || start.Before(end)
}

func checkContact(c Contact) error {
	switch {
	case c.Name == "":
		return care.Refuse("name-needed", "The unit needs a name.").On("name")
	case care.Longer(c.Name, longestName):
		return care.Refuse("text-long", "The text is too long: at most {most} characters.", "most", fmt.Sprint(longestName)).On("name")
	}
	for _, t := range []struct{ field, text string }{{"phone", c.Phone}, {"hours", c.Hours}, {"note", c.Note}} {
		if care.Longer(t.text, longestText) {
			return care.Refuse("text-long", "The text is too long: at most {most} characters.", "most", fmt.Sprint(longestText)).On(t.field)
		}
	}
	return nil
}

func checkNewRole(s State, role care.Role) error {
	if !isID(string(role)) {
		return badID("role", string(role))
	}
	if s.HasRole(role) {
		return care.Refuse("post-known", "The unit has a post {role} already.", "role", string(role)).On("role")
	}
	return nil
}

func badID(field, given string) *care.Refusal {
	return care.Refuse("id-form", "{given} cannot be a name here: use the letters a–z, digits and hyphens.", "given", care.Clip(given, longestName)).On(field)
}

func noSuchPost(unit care.UnitID, role care.Role) *care.Refusal {
	return care.Missing("post-unknown", "The unit {unit} has no post {role}: add the post first.", "unit", string(unit), "role", string(role)).On("role")
}

func leadIsNamed() *care.Refusal {
	return care.Refuse("lead-is-named", "A unit has one lead at a time: name the lead, and the one until then ends.").On("role")
}

func emptySpan(field string) *care.Refusal {
	return care.Refuse("time-empty", "The end must come after the start.").On(field)
}
