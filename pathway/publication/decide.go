package publication

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// LeastPersons is how many different persons stand behind a version at least:
// who publishes it and one who approves. A site or a publisher may ask for more.
const LeastPersons = 2

// longestWhy is how many bytes a reason may have. Ours, no source.
const longestWhy = 2000

// Known is what a decision may read beside the pathway itself.
type Known struct {
	// Definition reads a version from the shelf.
	Definition func(pathway.Ref) (*pathway.Definition, error)
	// Standing is where a version of another pathway is: what a layer lies over.
	Standing func(pathway.Ref) Standing
	// Units are a unit and those above it, nearest first; none where it does not
	// exist or is closed.
	Units func(care.UnitID) []care.UnitID
	// Regime is the law a unit works under.
	Regime func(care.UnitID) care.Regime
	// Holders are who holds a post themselves.
	Holders func(care.Post) []string
	// Persons is how many the site asks for behind a version.
	Persons int
}

// decision is one command being decided.
type decision struct {
	s   State
	act care.Act
	k   Known
}

// Decide answers the events that a command makes, or a *care.Refusal. It changes
// nothing.
func Decide(s State, c Command, act care.Act, k Known) ([]care.Made, error) {
	d := decision{s, act, k}
	if wake, ok := c.(Wake); ok {
		return d.wake(wake)
	}
	if act.For != nil {
		return nil, care.Refuse("pathway-on-behalf", "Each of the two persons acts for themselves: this cannot be recorded on behalf of another.")
	}
	if _, first := c.(Publish); !first && s.Version == 0 {
		return nil, care.Missing("pathway-not-published", "Nobody has published a version of this pathway yet.")
	}
	switch c := c.(type) {
	case Publish:
		return d.publish(c)
	case Approve:
		return d.approve(c)
	case ProposeUse:
		return d.proposeUse(c)
	case ProposeRetirement:
		return d.proposeRetirement(c)
	case ProposeRollback:
		return d.proposeRollback(c)
	case ProposeText:
		return d.proposeText(c)
	case Confirm:
		return d.confirm(c)
	case Withdraw:
		return d.withdraw(c)
	case Review:
		return d.review(c)
	case NoteSource:
		return d.noteSource(c)
	case NoteBase:
		return d.noteBase(c)
	case SettleNotice:
		return d.settle(c)
	}
	return nil, fmt.Errorf("publication: %T is not known here", c)
}

func made(events ...care.Event) []care.Made {
	out := make([]care.Made, len(events))
	for i, e := range events {
		out[i].Event = e
	}
	return out
}

func (d decision) publish(c Publish) ([]care.Made, error) {
	def, err := d.k.Definition(c.Ref)
	if err != nil {
		return nil, err
	}
	if had, ok := d.s.Edition(def.Version); ok {
		if had.Ref.Hash == def.Hash {
			return nil, care.Refuse("pathway-published-already", "{pathway} was published on {day} by {by}.",
				"pathway", def.Ref.String(), "day", care.CalendarOf(had.Regime).Date(had.At).String(), "by", had.By).On("version")
		}
		return nil, VersionTaken(def.Ref)
	}
	if d.s.Version > 0 && d.s.Regime != def.Regime {
		return nil, care.Refuse("wrong-regime", "The pathway {pathway} is for {regime}.", "pathway", d.s.ID, "regime", string(d.s.Regime))
	}
	if c.Persons != 0 && c.Persons < LeastPersons {
		return nil, care.Refuse("pathway-too-few-persons", "At least {least} different persons stand behind a version.",
			"least", fmt.Sprint(LeastPersons)).On("persons")
	}
	e := fromDefinition(def)
	e.Unit, e.Origin = d.act.Post.Unit, c.Origin
	e.Persons = max(LeastPersons, d.k.Persons, c.Persons)
	return made(e), nil
}

// VersionTaken says that an id and version were published with other bytes.
func VersionTaken(r pathway.Ref) *care.Refusal {
	return care.Refuse("pathway-version-taken",
		"{pathway} is published already with other content. Give the changed text a new version.", "pathway", r.String()).On("version")
}

func (d decision) approve(c Approve) ([]care.Made, error) {
	v, err := d.edition(c.Version)
	if err != nil {
		return nil, err
	}
	if v.Stands != StandsPublished {
		return nil, care.Refuse("pathway-approved-already", "{pathway} does not wait for an approval: it is {state}.",
			"pathway", v.Ref.String(), "state", string(v.Stands)).On("version")
	}
	if err := d.answersFor(v.Unit); err != nil {
		return nil, err
	}
	behind := v.behind()
	if slices.Contains(behind, d.act.Actor.ID) {
		return nil, d.secondPerson(care.Post{Unit: v.Unit, Role: care.PathwayApprover}, behind)
	}
	out := made(ApprovalGiven(c))
	if len(behind)+1 >= v.Persons {
		out = append(out, made(Approved(c))...)
	}
	return out, nil
}

// secondPerson refuses a second act by one person, and names who must do it.
func (d decision) secondPerson(post care.Post, behind []string) *care.Refusal {
	others := slices.DeleteFunc(slices.Clone(d.k.Holders(post)), func(who string) bool { return slices.Contains(behind, who) })
	if len(others) == 0 {
		return care.Refuse("pathway-no-second-person",
			"You have done your part. Another person must do this, and nobody else holds the post {post}. Let one more person fill it first.", "post", post.String())
	}
	return care.Refuse("pathway-second-person", "You have done your part. Another person must do this: whoever else holds the post {post}.", "post", post.String())
}

// answersFor refuses who acts from a unit that is neither this one nor above it.
// Without a unit it is the whole site, which a unit at the top speaks for.
func (d decision) answersFor(unit care.UnitID) error {
	own := d.act.Post.Unit
	if unit == "" {
		if len(d.k.Units(own)) != 1 {
			return care.Refuse("pathway-site-wide", "For the whole site two persons of a unit at the top must do this. {unit} has one above it; do it for {unit} alone.",
				"unit", string(own)).On("unit")
		}
		return nil
	}
	above := d.k.Units(unit)
	switch {
	case len(above) == 0:
		return care.Missing("unit-unknown", "There is no unit called {unit}.", "unit", string(unit)).On("unit")
	case !slices.Contains(above, own):
		return care.Refuse("pathway-other-unit", "{unit} is not yours to decide for. It takes somebody who holds {post}, or the same post in a unit above it.",
			"unit", string(unit), "post", care.Post{Unit: unit, Role: care.PathwayApprover}.String()).On("unit")
	}
	return nil
}

func (d decision) edition(version string) (Edition, error) {
	v, ok := d.s.Edition(version)
	if !ok {
		return v, care.Missing("pathway-version-unknown", "{pathway} has not been published: publish it first.",
			"pathway", pathway.Ref{ID: d.s.ID, Version: version}.String()).On("version")
	}
	return v, nil
}

// living finds a version that is not retired.
func (d decision) living(version string) (Edition, error) {
	v, err := d.edition(version)
	if err == nil && v.Stands == StandsRetired {
		return v, retired(v)
	}
	return v, err
}

func retired(v Edition) *care.Refusal {
	return care.Refuse("pathway-retired", "{pathway} is retired: no new journey opens on it. Publish a new version.", "pathway", v.Ref.String()).On("version")
}

func (d decision) review(c Review) ([]care.Made, error) {
	v, err := d.living(c.Version)
	if err != nil {
		return nil, err
	}
	if err := errorOf(d.answersFor(v.Unit), checkWhy(c.Why)); err != nil {
		return nil, err
	}
	if today := care.CalendarOf(v.Regime).Date(d.act.At); !c.Next.After(today) {
		return nil, care.Refuse("pathway-review-date", "Give a day after today for the next review.").On("next")
	}
	return made(Reviewed(c)), nil
}

func (d decision) noteSource(c NoteSource) ([]care.Made, error) {
	v, err := d.living(c.Version)
	if err != nil {
		return nil, err
	}
	def, err := d.k.Definition(v.Ref)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(def.Sources, func(s pathway.Source) bool { return s.ID == c.Source })
	if i < 0 {
		return nil, care.Missing("pathway-source-unknown", "{pathway} has no source {source}.", "pathway", v.Ref.String(), "source", string(c.Source)).On("source")
	}
	if !c.Changed.After(def.Sources[i].Changed) {
		return nil, care.Refuse("pathway-source-same", "The version rests on the text as changed on {day} already.", "day", def.Sources[i].Changed.String()).On("changed")
	}
	for _, n := range d.s.Notices {
		if n.Kind == OfSource && n.Version == c.Version && n.Source == c.Source && (!n.Changed.Before(c.Changed) || c.Page != "" && n.Page == c.Page) {
			return nil, care.Unchanged()
		}
	}
	return made(Noticed{Notice: len(d.s.Notices) + 1, Kind: OfSource, Version: c.Version, Source: c.Source, Changed: c.Changed, Page: c.Page, Why: c.Why}), nil
}

func (d decision) noteBase(c NoteBase) ([]care.Made, error) {
	v, err := d.living(c.Version)
	if err != nil {
		return nil, err
	}
	if v.Extends.ID != c.Base.ID || v.Extends.Version == c.Base.Version {
		return nil, care.Unchanged()
	}
	for _, n := range d.s.Notices {
		if n.Kind == OfBase && n.Version == c.Version && n.Base == c.Base {
			return nil, care.Unchanged()
		}
	}
	return made(Noticed{Notice: len(d.s.Notices) + 1, Kind: OfBase, Version: c.Version, Base: c.Base, Conflicts: c.Conflicts}), nil
}

func (d decision) settle(c SettleNotice) ([]care.Made, error) {
	if c.Notice < 1 || c.Notice > len(d.s.Notices) || !d.s.Notices[c.Notice-1].Open() {
		return nil, care.Missing("pathway-no-notice", "There is no open notice {notice}.", "notice", fmt.Sprint(c.Notice)).On("notice")
	}
	v, _ := d.s.Edition(d.s.Notices[c.Notice-1].Version)
	if err := errorOf(d.answersFor(v.Unit), checkWhy(c.Why)); err != nil {
		return nil, err
	}
	return made(NoticeSettled(c)), nil
}

func (d decision) wake(Wake) ([]care.Made, error) {
	var out []care.Made
	for _, v := range d.s.Versions {
		if due := v.reviewDue(); !due.IsZero() && !due.After(d.act.At) {
			out = append(out, made(ReviewFellDue{v.Ref.Version})...)
		}
	}
	return out, nil
}

func checkWhy(why string) error {
	switch {
	case why == "":
		return care.Refuse("pathway-why", "Say why. Everyone at work can read it; name no patient.").On("why")
	case len(why) > longestWhy:
		return care.Refuse("text-long", "The text is too long: at most {most} characters.", "most", fmt.Sprint(longestWhy)).On("why")
	}
	return nil
}

// errorOf is the first of several checks that failed.
func errorOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// exact is an instant as streams keep it: in UTC, to the microsecond.
func exact(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
