package casework

import (
	"context"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/improvement/rollout"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// Campaigns asks for the moves of running journeys, newest first; of one pathway
// where it is named.
type Campaigns struct{ Pathway string }

// CampaignLine is one move of running journeys.
type CampaignLine struct {
	ID       string
	From, To pathway.Ref
	Status   rollout.Status
	// Start of the journeys were on the list when it began, Joined opened on the
	// old version afterwards; Counts says where they all are now.
	Start, Joined int
	Counts        map[rollout.Outcome]int
	// ProposedBy and ConfirmedBy are what the two persons are called.
	ProposedBy, ConfirmedBy           string
	ProposedAt, ConfirmedAt, ClosedAt time.Time
	Version                           int
}

// CampaignList is what Campaigns answers.
type CampaignList struct {
	Lines []CampaignLine
	// MayAct says that the asker acts from a post for pathways.
	MayAct bool
	Now    time.Time
}

// Name of the question.
func (Campaigns) Name() string { return "campaigns" }

func (q Campaigns) answer(r *reading) (CampaignList, []care.PersonKey, error) {
	out := CampaignList{Now: r.now, MayAct: r.who.Post.Role == care.PathwayApprover}
	all, err := r.s.campaigns(r.ctx)
	if err != nil {
		return out, nil, err
	}
	var ids []string
	for _, c := range all {
		if q.Pathway == "" || c.From.ID == q.Pathway || c.To.ID == q.Pathway {
			out.Lines = append(out.Lines, campaignLine(c))
			ids = append(ids, c.Proposer, c.Confirmer)
		}
	}
	people, err := r.people(nil, ids...)
	for i := range out.Lines {
		out.Lines[i].called(people)
	}
	slices.SortFunc(out.Lines, func(a, b CampaignLine) int { return b.ProposedAt.Compare(a.ProposedAt) })
	return out, nil, err
}

func campaignLine(c *rollout.State) CampaignLine {
	return CampaignLine{
		ID: c.ID, From: c.From, To: c.To, Status: c.Status, Start: c.Start, Joined: len(c.List) - c.Start, Counts: c.Counts,
		ProposedBy: c.Proposer, ConfirmedBy: c.Confirmer,
		ProposedAt: c.ProposedAt, ConfirmedAt: c.ConfirmedAt, ClosedAt: c.ClosedAt, Version: c.Version,
	}
}

// called gives the two persons their names.
func (l *CampaignLine) called(p people) {
	for _, who := range []*string{&l.ProposedBy, &l.ConfirmedBy} {
		if name := p.Name(*who); name != "" {
			*who = name
		}
	}
}

// CampaignPage asks for one move of running journeys.
type CampaignPage struct{ ID string }

// CampaignView is one move of running journeys. It names journeys, never
// persons.
type CampaignView struct {
	CampaignLine
	Mapping rollout.Mapping
	Units   []care.UnitID
	Slice   int
	// Keep is how long patients may keep the old plan; zero where they may not.
	Keep care.Span
	// Preview is nil until it has been computed.
	Preview *rollout.Preview
	// Stopped says why the move stopped, where it did.
	Stopped rollout.StopReason
	Slices  int
	// Failures are the journeys that could not be moved and are not settled.
	Failures []CampaignFailure
	// MayAct says that the asker acts from a post for pathways over these units;
	// MayConfirm that they are not the one who proposed it, too.
	MayAct, MayConfirm bool
	Now                time.Time
	people
}

// CampaignFailure is a journey that could not be moved: the code of the rule that
// hindered it, and who must see to it by when.
type CampaignFailure struct {
	Journey, Reason string
	Owner           care.Post
	Since, Due      time.Time
	Retry, Climbed  bool
}

// Name of the question.
func (CampaignPage) Name() string { return "campaign" }

func (q CampaignPage) answer(r *reading) (CampaignView, []care.PersonKey, error) {
	c, err := r.s.campaign(r.ctx, q.ID)
	if err != nil {
		return CampaignView{}, nil, err
	}
	v := CampaignView{
		CampaignLine: campaignLine(c), Mapping: c.Mapping, Units: c.Units, Slice: c.Slice, Keep: c.Keep,
		Preview: c.Preview, Stopped: c.StoppedBecause, Slices: c.Slices, Now: r.now,
	}
	var posts []care.Post
	for _, f := range c.Failures {
		v.Failures = append(v.Failures, CampaignFailure{f.Journey, f.Reason, f.Owner, f.Since, f.By, f.Retry, f.Climbed})
		posts = append(posts, f.Owner)
	}
	v.MayAct = r.who.Post.Role == care.PathwayApprover && !slices.ContainsFunc(c.Units, func(u care.UnitID) bool {
		return !slices.Contains(r.dir.Above(u), r.who.Post.Unit)
	})
	v.MayConfirm = v.MayAct && c.Status == rollout.IsProposed && c.Preview != nil && r.who.Actor.ID != c.Proposer
	v.people, err = r.people(posts, c.Proposer, c.Confirmer)
	v.called(v.people)
	return v, nil, err
}

// campaigns reads every campaign. There are few.
func (s *Service) campaigns(ctx context.Context) ([]*rollout.State, error) {
	var out []*rollout.State
	var after store.Stream
	for {
		page, err := s.store.Streams(ctx, "campaign", after, 500)
		if err != nil {
			return nil, err
		}
		for _, g := range page {
			state, _, err := s.load(ctx, g.Stream)
			if err != nil {
				return nil, err
			}
			out, after = append(out, state.(*rollout.State)), g.Stream
		}
		if len(page) < 500 {
			return out, nil
		}
	}
}

// campaign reads one campaign.
func (s *Service) campaign(ctx context.Context, id string) (*rollout.State, error) {
	state, version, err := s.load(ctx, store.StreamOf("campaign", id))
	if err != nil {
		return nil, err
	}
	if version == 0 {
		return nil, care.Missing("campaign-unknown", "There is no such move of journeys.")
	}
	return state.(*rollout.State), nil
}

// movingFrom is a campaign that moves journeys of a version and is not over.
func (s *Service) movingFrom(ctx context.Context, from pathway.Ref) (string, error) {
	all, err := s.campaigns(ctx)
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if c.From.ID == from.ID && c.From.Version == from.Version && c.Status != rollout.IsFinished && c.Status != rollout.IsWithdrawn {
			return c.ID, nil
		}
	}
	return "", nil
}

// MovePreview asks what a campaign would do for each journey in the asker's
// relations that it has not moved yet, in stream order. Nothing is appended: the
// engine decides in memory.
type MovePreview struct {
	ID    string
	After string
	Limit int
}

// MovePreviewPage is a page of what would happen.
type MovePreviewPage struct {
	Lines []MovePreviewLine
	// From and To are the two versions, for their words.
	From, To *pathway.Definition
	// Next is what to ask after for the next page; empty at the end.
	Next string
	Now  time.Time
	people
}

// MovePreviewLine is what the move would do for one person: what changes, or the
// rule that hinders it.
type MovePreviewLine struct {
	Journey  string
	Person   care.PersonKey
	Identity Identity
	Changes  []journey.Change
	// Refused is nil where the journey would move.
	Refused *care.Refusal
}

// Name of the question.
func (MovePreview) Name() string { return "campaign-preview" }

func (q MovePreview) answer(r *reading) (MovePreviewPage, []care.PersonKey, error) {
	page := MovePreviewPage{Now: r.now}
	c, err := r.s.campaign(r.ctx, q.ID)
	if err != nil {
		return page, nil, err
	}
	if page.From, err = r.s.shelf.find(r.ctx, c.From); err != nil {
		return page, nil, err
	}
	if page.To, err = r.s.shelf.find(r.ctx, c.To); err != nil {
		return page, nil, err
	}
	limit := min(max(q.Limit, 1), 200)
	m := r.s.mover(r.ctx, c)
	var persons []care.PersonKey
	var subjects []string
	jq := store.JourneyQuery{Scope: r.s.scope(r.who, r.now), Status: string(journey.Running), Pathway: c.From.ID, Limit: 200}
	if q.After != "" {
		jq.After = store.StreamOf("journey", q.After)
	}
	for len(page.Lines) < limit {
		rows, err := r.store.Journeys(r.ctx, jq)
		if err != nil {
			return page, nil, err
		}
		for _, row := range rows {
			if len(page.Lines) == limit {
				break
			}
			jq.After, page.Next = row.Stream, row.Stream.ID()
			if !m.takes(row) {
				continue
			}
			w, err := m.would(row.Stream)
			if err != nil {
				return page, nil, err
			}
			line := MovePreviewLine{Journey: row.Stream.ID(), Person: row.Person, Refused: w.refused}
			if w.refused == nil {
				line.Changes = journey.Changes(w.before, w.after)
			}
			page.Lines = append(page.Lines, line)
			r.shows(row.Stream)
			persons, subjects = append(persons, row.Person), append(subjects, string(row.Person))
		}
		if len(rows) < jq.Limit {
			page.Next = ""
			break
		}
	}
	who, err := r.s.identities(r.ctx, subjects)
	if err != nil {
		return page, nil, err
	}
	for i := range page.Lines {
		page.Lines[i].Identity = who[string(page.Lines[i].Person)]
	}
	slices.Sort(persons)
	r.basis = access.TakesPart
	page.people, err = r.people(nil)
	return page, slices.Compact(persons), err
}
