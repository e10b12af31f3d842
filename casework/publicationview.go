package casework

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
	"forlop/pathway/publication"
	"forlop/store"
)

// PathwayLibrary asks for every pathway on the shelf and every version of it: who
// stands behind it, where it is in use, and what its authors must do.
type PathwayLibrary struct{}

// LibraryView is the library as its authors and approvers see it.
type LibraryView struct {
	// Pathways stand in the order of their ids.
	Pathways []LibraryPathway
	// Items are everything open, what is due first first. Own says which of them
	// stand with a post that the asker answers for.
	Items []LibraryItem
	// MayAct says that the asker acts from a post for pathways, which publishes,
	// approves and takes back.
	MayAct bool
	Now    time.Time
	people
}

// LibraryPathway is one pathway.
type LibraryPathway struct {
	ID     string
	Regime care.Regime
	// Versions stand newest first: by when they were published, drafts on top.
	Versions []LibraryVersion
	// Uses are what is in use now, and from a day to come, by unit; the empty unit
	// is the whole site.
	Uses []publication.Use
	// Proposals wait for their second person.
	Proposals []publication.Proposal
	// Notices are open: sources that changed, layers whose base did.
	Notices []publication.Notice
}

// LibraryVersion is one version.
type LibraryVersion struct {
	Ref pathway.Ref
	// Definition has the words it is shown with now.
	Definition *pathway.Definition
	Standing   publication.Standing
	// Edition says who published it and who approved it, what it extends, its
	// review and its rewordings. It is empty for a draft that nobody published.
	Edition publication.Edition
	// Uses are where it is in use now, or from a day to come.
	Uses []publication.Use
	// Adopters are the units that made it their own.
	Adopters []care.UnitID
	// Journeys counts the running journeys that follow it.
	Journeys int
	// Missing is how many persons more must approve it.
	Missing int
	// order is the place in the order of publication; 0 for a draft.
	order int
}

// LibraryItem is one open thing, and what it is about.
type LibraryItem struct {
	care.Item
	Pathway string
	Version string
	// Proposal and Notice are numbers in the pathway's stream; 0 for neither.
	Proposal, Notice int
	// Own says that the asker answers for the item's post.
	Own bool
	// Yours says that the asker themselves may do it: they hold the post and have
	// not done the first half.
	Yours bool
}

// Name of the question.
func (PathwayLibrary) Name() string { return "pathway-library" }

func (PathwayLibrary) answer(r *reading) (LibraryView, []care.PersonKey, error) {
	v := LibraryView{Now: r.now, MayAct: r.who.Post.Role == care.PathwayApprover}
	defs, err := r.s.Pathways(r.ctx)
	if err != nil {
		return v, nil, err
	}
	counts, err := r.s.running(r.ctx)
	if err != nil {
		return v, nil, err
	}
	by := map[string]*LibraryPathway{}
	for _, def := range defs {
		p := by[def.ID]
		if p == nil {
			p = &LibraryPathway{ID: def.ID, Regime: def.Regime}
			by[def.ID] = p
		}
		p.Versions = append(p.Versions, r.version(def, counts))
	}
	var ids []string
	var posts []care.Post
	for id, p := range by {
		s := r.s.issued.of(id)
		slices.SortStableFunc(p.Versions, newestFirst)
		for _, version := range p.Versions {
			p.Uses = append(p.Uses, version.Uses...)
			ids = append(ids, version.persons()...)
		}
		slices.SortStableFunc(p.Uses, func(a, b publication.Use) int { return strings.Compare(string(a.Unit), string(b.Unit)) })
		p.Proposals, p.Notices = openOf(s)
		for _, o := range p.Proposals {
			ids = append(ids, o.By.By)
		}
		for _, i := range r.itemsOf(s) {
			v.Items = append(v.Items, i)
			posts = append(posts, i.Post)
		}
		v.Pathways = append(v.Pathways, *p)
	}
	slices.SortFunc(v.Pathways, func(a, b LibraryPathway) int { return strings.Compare(a.ID, b.ID) })
	slices.SortStableFunc(v.Items, func(a, b LibraryItem) int {
		return cmp.Or(a.Due.Compare(b.Due), strings.Compare(a.Pathway, b.Pathway), strings.Compare(a.Key, b.Key))
	})
	v.people, err = r.people(posts, ids...)
	return v, nil, err
}

func newestFirst(a, b LibraryVersion) int {
	switch {
	case a.order == 0 && b.order == 0:
		return strings.Compare(b.Ref.Version, a.Ref.Version)
	case a.order == 0:
		return -1
	case b.order == 0:
		return 1
	}
	return b.order - a.order
}

// persons are everybody who had a hand in a version.
func (v LibraryVersion) persons() []string {
	ids := []string{v.Edition.By}
	for _, a := range v.Edition.Approvals {
		ids = append(ids, a.By)
	}
	for _, u := range v.Uses {
		ids = append(ids, u.By.By, u.Confirmed.By)
	}
	for _, t := range v.Edition.Texts {
		ids = append(ids, t.By.By, t.Confirmed.By)
	}
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}

// version says how a version stands now.
func (r *reading) version(def *pathway.Definition, counts map[string]int) LibraryVersion {
	s := r.s.issued.of(def.ID)
	v := LibraryVersion{
		Ref: def.Ref, Definition: def, Standing: s.Standing(def.Version, r.now), Uses: s.Running(def.Version, r.now), Journeys: counts[def.Ref.String()],
	}
	edition, ok := s.Edition(def.Version)
	if !ok {
		return v
	}
	v.Edition = edition
	v.order = 1 + slices.IndexFunc(s.Versions, func(e publication.Edition) bool { return e.Ref.Version == def.Version })
	v.Missing = edition.Lacks()
	for _, u := range v.Uses {
		if u.Adopted {
			v.Adopters = append(v.Adopters, u.Unit)
		}
	}
	return v
}

func openOf(s publication.State) (proposals []publication.Proposal, notices []publication.Notice) {
	for _, p := range s.Proposals {
		if p.Open() {
			proposals = append(proposals, p)
		}
	}
	for _, n := range s.Notices {
		if n.Open() {
			notices = append(notices, n)
		}
	}
	return proposals, notices
}

// itemsOf are the open things of one pathway, and whether the asker can do them.
func (r *reading) itemsOf(s publication.State) []LibraryItem {
	covers := r.dir.Covers(r.who.Actor.ID, r.now)
	var out []LibraryItem
	for _, i := range s.Items() {
		item := LibraryItem{Item: i, Pathway: s.ID}
		item.Version, item.Proposal, item.Notice = s.About(i)
		for _, c := range covers {
			item.Own = item.Own || c.Has(i.Post)
		}
		above := r.dir.Above(i.Post.Unit)
		item.Yours = r.who.Post.Role == care.PathwayApprover && slices.Contains(above, r.who.Post.Unit) &&
			slices.Contains(r.dir.Holders(r.who.Post, r.now), r.who.Actor.ID) && !s.DidFirst(i, r.who.Actor.ID)
		out = append(out, item)
	}
	return out
}

// PathwayVersion asks for one version in full. Without a version it is the one
// that was published last, or lies on the shelf last.
type PathwayVersion struct{ Ref pathway.Ref }

// VersionView is one version as its authors and approvers see it.
type VersionView struct {
	LibraryVersion
	// Files are the kept bytes by file name, with the words shown now.
	Files map[string][]byte
	// Findings are what Check finds in them; an error stands in the way of
	// publishing.
	Findings []pathway.Finding
	// Stale is what its owner must look at: a review whose day has passed, sources
	// that changed.
	Stale []pathway.Finding
	// Before is the version that was published before this one, nil where none
	// was; Others are all the other versions on the shelf, newest first.
	Before *pathway.Definition
	Others []LibraryVersion
	// History is everything that happened to this version, oldest first.
	History []HistoryLine
	// Items, Proposals and Notices are the open ones about this version.
	Items     []LibraryItem
	Proposals []publication.Proposal
	Notices   []publication.Notice
	// MayAct says that the asker acts from a post for pathways.
	MayAct bool
	Now    time.Time
	people
}

// HistoryLine is one event of the pathway's stream.
type HistoryLine struct {
	Version int
	Event   care.Event
	By      string
	Post    care.Post
	At      time.Time
}

// Name of the question.
func (PathwayVersion) Name() string { return "pathway-version" }

func (q PathwayVersion) answer(r *reading) (VersionView, []care.PersonKey, error) {
	v := VersionView{Now: r.now, MayAct: r.who.Post.Role == care.PathwayApprover}
	s := r.s.issued.of(q.Ref.ID)
	if q.Ref.Version == "" && q.Ref.Hash == "" && len(s.Versions) > 0 {
		q.Ref = s.Versions[len(s.Versions)-1].Ref
	}
	def, err := r.s.shelf.find(r.ctx, q.Ref)
	if err != nil {
		return v, nil, err
	}
	counts, err := r.s.running(r.ctx)
	if err != nil {
		return v, nil, err
	}
	v.LibraryVersion = r.version(def, counts)
	if v.Files, err = r.s.shelf.files(r.ctx, def); err != nil {
		return v, nil, err
	}
	_, v.Findings = r.s.shelf.check(r.ctx, v.Files)
	if err := r.neighbours(&v, s, counts); err != nil {
		return v, nil, err
	}
	if err := r.history(&v); err != nil {
		return v, nil, err
	}
	ids := v.persons()
	for _, l := range v.History {
		ids = append(ids, l.By)
	}
	posts := []care.Post{{Unit: v.Edition.Unit, Role: care.PathwayApprover}}
	for _, i := range r.itemsOf(s) {
		if i.Version == def.Version {
			v.Items = append(v.Items, i)
			posts = append(posts, i.Post)
		}
	}
	proposals, notices := openOf(s)
	v.Proposals = slices.DeleteFunc(proposals, func(p publication.Proposal) bool { return p.Version != def.Version })
	v.Notices = slices.DeleteFunc(notices, func(n publication.Notice) bool { return n.Version != def.Version })
	v.Stale = stale(def, v, r.now)
	v.people, err = r.people(posts, slices.DeleteFunc(ids, func(id string) bool { return id == "" })...)
	return v, nil, err
}

// adopter is the unit that made a journey's draft its own.
func (r *reading) adopter(j *journey.State) care.UnitID {
	s := r.s.issued.of(j.Pathway.ID)
	for _, unit := range r.dir.Above(j.Desk.Unit) {
		if s.AdoptedBy(j.Pathway.Version, []care.UnitID{unit}, r.now) {
			return unit
		}
	}
	return ""
}

// stale judges a version by the review date it has now and the notices that are
// open.
func stale(def *pathway.Definition, v VersionView, now time.Time) []pathway.Finding {
	judged := *def
	if v.Edition.Event > 0 {
		judged.Review.By = v.Edition.ReviewBy
	}
	var noticed []pathway.SourceChange
	for _, n := range v.Notices {
		if n.Kind == publication.OfSource {
			noticed = append(noticed, pathway.SourceChange{Source: n.Source, Changed: n.Changed, Hash: n.Page})
		}
	}
	return pathway.Stale(&judged, care.CalendarOf(def.Regime).Date(now), noticed)
}

// neighbours are the other versions of the same pathway.
func (r *reading) neighbours(v *VersionView, s publication.State, counts map[string]int) error {
	defs, err := r.s.Pathways(r.ctx)
	if err != nil {
		return err
	}
	for _, other := range defs {
		if other.ID == v.Ref.ID && other.Hash != v.Ref.Hash {
			v.Others = append(v.Others, r.version(other, counts))
		}
	}
	slices.SortStableFunc(v.Others, newestFirst)
	var before pathway.Ref
	for _, e := range s.Versions {
		if e.Ref.Version == v.Ref.Version {
			break
		}
		before = e.Ref
	}
	if before.ID == "" {
		return nil
	}
	v.Before, err = r.s.shelf.find(r.ctx, before)
	return err
}

// history reads what happened to one version.
func (r *reading) history(v *VersionView) error {
	events, err := r.store.Load(r.ctx, store.StreamOf("pathway", v.Ref.ID), 0)
	if err != nil {
		return err
	}
	s := r.s.issued.of(v.Ref.ID)
	for _, e := range events {
		rec, err := recorded(publicationKind{}, e)
		if err != nil {
			return err
		}
		if s.Concerns(rec.Event, v.Ref.Version) {
			v.History = append(v.History, HistoryLine{e.Version, rec.Event, e.Actor.ID, e.Post, e.Learned})
		}
	}
	return nil
}

// manyJourneys is from how many on the running journeys are not counted anew at
// every look. Ours, no source.
const (
	manyJourneys = 10_000
	countedFor   = 10 * time.Minute
)

// counted are the running journeys by id@version.
type counted struct {
	mu sync.Mutex
	at time.Time
	n  map[string]int
}

// running counts the running journeys of every version. Where there are many, it
// may be ten minutes old.
func (s *Service) running(ctx context.Context) (map[string]int, error) {
	s.counted.mu.Lock()
	defer s.counted.mu.Unlock()
	now := s.clock.Now()
	if s.counted.n != nil && now.Sub(s.counted.at) < countedFor && !now.Before(s.counted.at) {
		return s.counted.n, nil
	}
	n, total := map[string]int{}, 0
	var after store.Stream
	for {
		rows, err := s.store.Journeys(ctx, store.JourneyQuery{Scope: store.Scope{All: true}, Status: string(journey.Running), After: after, Limit: 5000})
		if err != nil {
			return nil, errors.Join(errors.New("counting the running journeys"), err)
		}
		for _, row := range rows {
			n[pathway.Ref{ID: row.Pathway, Version: row.PathwayVersion}.String()]++
			after = row.Stream
		}
		if total += len(rows); len(rows) < 5000 {
			break
		}
	}
	s.counted.n = nil
	if total >= manyJourneys {
		s.counted.n, s.counted.at = n, now
	}
	return n, nil
}
