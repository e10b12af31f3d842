package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/store"
)

// sees reports whether a person, or a stream about them, is in scope: a relation
// of one of the units or of the asker with one of the bases at the instant, and
// no deny.
func (t *tables) sees(s store.Scope, p care.PersonKey, of store.Stream) bool {
	if s.All {
		return s.Person == "" || s.Person == p
	}
	if s.Person != "" && s.Person != p {
		return false
	}
	if s.Own() {
		return true
	}
	for k := range t.denies[p] {
		d := t.rows[store.TableDeny][k].(store.Deny)
		if meets(d, s) && (d.Journey == "" || d.Journey == of) && !slices.Contains(s.Lifted(), d.Strength) && holds(d.From, d.Until, s.At) {
			return false
		}
	}
	for k := range t.relations[p] {
		r := t.rows[store.TableRelation][k].(store.Relation)
		given := r.Unit != "" && slices.Contains(s.Units, r.Unit) || r.Actor != "" && r.Actor == s.Asker()
		if given && r.Reaches(of) && slices.Contains(s.Bases, r.Basis) && holds(r.From, r.Until, s.At) {
			return true
		}
	}
	return false
}

// meets reports whether a deny is about who asks.
func meets(d store.Deny, s store.Scope) bool {
	switch around := s.Around(); {
	case d.Unit != "" && slices.Contains(around, d.Unit):
		return true
	case d.But != "" && len(s.Units) > 0 && !slices.Contains(around, d.But):
		return true
	}
	return d.Professional != "" && d.Professional == s.Professional
}

// holds reports whether at lies in the period from (included) until (not).
func holds(from, until, at time.Time) bool {
	return !at.Before(from) && (until.IsZero() || at.Before(until))
}

// Items answers a page of the worklist.
func (s *Store) Items(ctx context.Context, q store.ItemQuery) ([]store.Item, int, error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	t := s.rows
	type asked struct {
		person care.PersonKey
		stream store.Stream
	}
	seen := map[asked]bool{} // once a stream
	items := all(t, store.TableItem, t.itemKeys(q), func(r store.Item) bool {
		i := r.Item
		if q.Kinds != nil && !slices.Contains(q.Kinds, i.Kind) || q.Refs != nil && !slices.Contains(q.Refs, i.Ref) ||
			q.Pathways != nil && !slices.Contains(q.Pathways, r.Pathway) || q.Stream != "" && r.Stream != q.Stream ||
			slices.Contains(q.Except, i.Post) && !slices.Contains(q.Posts, i.Post) ||
			!q.DueAfter.IsZero() && i.Due.Before(q.DueAfter) || !q.DueBefore.IsZero() && !i.Due.Before(q.DueBefore) ||
			described(q.Leave, r) || q.Only != nil && !described(q.Only, r) || q.Once && t.below(q, r) {
			return false
		}
		k := asked{r.Person, r.Stream}
		sees, known := seen[k]
		if !known {
			sees = t.sees(q.Scope, r.Person, r.Stream)
			seen[k] = sees
		}
		return sees
	})
	var by func(a, b store.Item) int
	switch q.Order {
	case store.ByDue, "":
		by = func(a, b store.Item) int { return a.Item.Due.Compare(b.Item.Due) }
	case store.BySince:
		by = func(a, b store.Item) int { return a.Item.Since.Compare(b.Item.Since) }
	case store.ByLatest:
		by = func(a, b store.Item) int {
			x, y := a.Item.Latest, b.Item.Latest
			return cmp.Or(cmp.Compare(zero(x), zero(y)), x.Compare(y))
		}
	case store.ByBreach:
		by = func(a, b store.Item) int { return breach(q, a.Item, b.Item) }
	default:
		return nil, 0, fmt.Errorf("%w: order %q", store.ErrMalformed, q.Order)
	}
	slices.SortStableFunc(items, by) // ties keep stream and key order
	total := len(items)
	items = items[min(max(q.Offset, 0), total):]
	if limited(len(items), q.Limit) {
		items = items[:q.Limit]
	}
	if q.NoTotal {
		total = 0
	}
	return items, total, nil
}

// CountItems counts what matches and is due before each instant.
func (s *Store) CountItems(ctx context.Context, q store.ItemQuery, before []time.Time) ([]int, error) {
	q.Limit, q.Offset = 0, 0
	items, _, err := s.Items(ctx, q)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(before))
	for n, at := range before {
		for _, i := range items {
			if at.IsZero() || i.Item.Due.Before(at) {
				counts[n]++
			}
		}
	}
	return counts, nil
}

// breach puts what is over its latest date first.
func breach(q store.ItemQuery, a, b care.Item) int {
	over := func(i care.Item) bool { return !i.Latest.IsZero() && i.Latest.Before(q.Now) }
	switch {
	case over(a) && over(b):
		first := func(i care.Item) int {
			if slices.Contains(q.First, i.Ref) {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(first(a), first(b)), a.Latest.Compare(b.Latest))
	case over(a):
		return -1
	case over(b):
		return 1
	}
	return a.Due.Compare(b.Due)
}

func described(asides []store.Aside, i store.Item) bool {
	return slices.ContainsFunc(asides, func(a store.Aside) bool { return a.Describes(i) })
}

// below reports whether an item has climbed from a post that is asked for, too.
func (t *tables) below(q store.ItemQuery, up store.Item) bool {
	base, _, climbed := strings.Cut(up.Item.Key, "!")
	if !climbed || up.Item.Kind != care.EscalationItem {
		return false
	}
	posts, every := q.AskedPosts()
	asked := func(p care.Post) bool {
		return every || slices.Contains(posts, p) || slices.Contains(posts, care.Post{Unit: p.Unit}) && !slices.Contains(q.Except, p)
	}
	for _, r := range t.rows[store.TableItem] {
		i := r.(store.Item)
		of, _, _ := strings.Cut(i.Item.Key, "!")
		if i.Stream == up.Stream && of == base && i.Item.Key < up.Item.Key && asked(i.Item.Post) {
			return true
		}
	}
	return false
}

// GroupItems answers what waits by its cause.
func (s *Store) GroupItems(ctx context.Context, q store.ItemQuery, persons int) ([]store.ItemGroup, error) {
	q.Limit, q.Offset, q.Order = 0, 0, ""
	items, _, err := s.Items(ctx, q)
	if err != nil {
		return nil, err
	}
	type cause struct {
		post care.Post
		kind care.ItemKind
		ref  string
	}
	found := map[cause]*store.ItemGroup{}
	of := map[cause]map[care.PersonKey]bool{}
	for _, i := range items {
		c := cause{i.Item.Post, i.Item.Kind, i.Item.Ref}
		if found[c] == nil {
			found[c] = &store.ItemGroup{Post: c.post, Kind: c.kind, Ref: c.ref}
			of[c] = map[care.PersonKey]bool{}
		}
		found[c].Items++
		of[c][i.Person] = true
		found[c].Persons = len(of[c])
	}
	var out []store.ItemGroup
	for _, g := range found {
		if g.Persons >= persons {
			out = append(out, *g)
		}
	}
	slices.SortFunc(out, func(a, b store.ItemGroup) int {
		return cmp.Or(cmp.Compare(b.Persons, a.Persons), cmp.Compare(a.Post.Unit, b.Post.Unit), cmp.Compare(a.Post.Role, b.Post.Role),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Ref, b.Ref))
	})
	return out, nil
}

func zero(t time.Time) int {
	if t.IsZero() {
		return 1
	}
	return 0
}

// itemKeys picks the narrowest way in; nil is every row.
func (t *tables) itemKeys(q store.ItemQuery) []keys {
	var from []keys
	switch {
	case !q.AnyPost && q.Posts != nil:
		from = []keys{}
		for _, p := range q.Posts {
			if p.Role == "" {
				from = append(from, t.units[p.Unit])
			} else {
				from = append(from, t.items[p])
			}
		}
	case !q.AnyPost && !q.Scope.All && !q.Scope.Own():
		from = []keys{}
		for _, u := range q.Scope.Units {
			from = append(from, t.units[u])
		}
	case q.Scope.Person != "":
		from = []keys{t.person[q.Scope.Person]}
	}
	return from
}

// Journeys answers a page of journeys.
func (s *Store) Journeys(ctx context.Context, q store.JourneyQuery) ([]store.Journey, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	t := s.rows
	var from []keys
	switch {
	case q.Person != "":
		from = []keys{t.person[q.Person]}
	case q.Scope.Person != "":
		from = []keys{t.person[q.Scope.Person]}
	case q.Responsible != nil && q.Responsible.Role != "":
		from = []keys{t.journeys[*q.Responsible]}
	}
	out := all(t, store.TableJourney, from, func(r store.Journey) bool {
		post := q.Responsible
		return r.Stream > q.After && (q.Person == "" || r.Person == q.Person) && (q.Status == "" || r.Status == q.Status) &&
			(q.Pathway == "" || r.Pathway == q.Pathway) &&
			(post == nil || r.Responsible.Unit == post.Unit && (post.Role == "" || r.Responsible.Role == post.Role)) &&
			t.sees(q.Scope, r.Person, r.Stream)
	})
	if limited(len(out), q.Limit) {
		out = out[:q.Limit]
	}
	return out, nil
}

// Persons lists persons in scope.
func (s *Store) Persons(ctx context.Context, scope store.Scope, after care.PersonKey, limit int) ([]care.PersonKey, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	t := s.rows
	found := map[care.PersonKey]bool{}
	add := func(p care.PersonKey) {
		if _, asked := found[p]; !asked && p > after {
			found[p] = t.sees(scope, p, "")
		}
	}
	switch {
	case scope.All:
		for p := range t.relations {
			if len(t.relations[p]) > 0 {
				add(p)
			}
		}
		for _, r := range t.rows[store.TableJourney] {
			add(r.(store.Journey).Person)
		}
	case scope.Own():
		add(scope.Person)
	default:
		add(scope.Person)
		for _, u := range scope.Units {
			for k := range t.related[u] {
				add(t.rows[store.TableRelation][k].(store.Relation).Person)
			}
		}
	}
	var out []care.PersonKey
	for p, sees := range found {
		if sees {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	if limited(len(out), limit) {
		out = out[:limit]
	}
	return out, nil
}

// MaySee reports whether a person is in scope.
func (s *Store) MaySee(ctx context.Context, scope store.Scope, p care.PersonKey) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.rows.sees(scope, p, scope.Stream), nil
}

// Relations lists a person's relations.
func (s *Store) Relations(ctx context.Context, p care.PersonKey) ([]store.Relation, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return all(s.rows, store.TableRelation, []keys{s.rows.relations[p]}, func(store.Relation) bool { return true }), nil
}

// RelationsOf lists the relations that name an actor.
func (s *Store) RelationsOf(ctx context.Context, actor string, at time.Time) ([]store.Relation, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return all(s.rows, store.TableRelation, []keys{s.rows.actors[actor]}, func(r store.Relation) bool {
		return at.IsZero() || holds(r.From, r.Until, at)
	}), nil
}

// Holders lists who holds which posts.
func (s *Store) Holders(ctx context.Context, at time.Time, unit care.UnitID, professional string) ([]store.Holder, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var from []keys
	if unit != "" {
		from = []keys{s.rows.holders[unit]}
	}
	return all(s.rows, store.TableHolder, from, func(r store.Holder) bool {
		return (unit == "" || r.Post.Unit == unit) && (professional == "" || r.Professional == professional) &&
			(at.IsZero() || holds(r.From, r.Until, at))
	}), nil
}

// Units lists all units.
func (s *Store) Units(ctx context.Context) ([]store.Unit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return all(s.rows, store.TableUnit, nil, func(store.Unit) bool { return true }), nil
}

// Slots lists slots.
func (s *Store) Slots(ctx context.Context, q store.SlotQuery) ([]store.Slot, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := all(s.rows, store.TableSlot, nil, func(r store.Slot) bool {
		return (q.Units == nil || slices.Contains(q.Units, r.Unit)) && (q.Kind == "" || r.Kind == q.Kind) && (q.Status == "" || r.Status == q.Status) &&
			(q.EndsAfter.IsZero() || r.Ends.After(q.EndsAfter))
	})
	slices.SortStableFunc(out, func(a, b store.Slot) int { return a.Starts.Compare(b.Starts) })
	if limited(len(out), q.Limit) {
		out = out[:q.Limit]
	}
	return out, nil
}

// Rows reads a table in order.
func (s *Store) Rows(ctx context.Context, table string, each func(store.RowKey, []any) error) error {
	if _, ok := store.Columns[table]; !ok {
		return fmt.Errorf("%w: there is no table %q", store.ErrMalformed, table)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.RLock()
	rows := all(s.rows, table, nil, func(store.Row) bool { return true })
	s.mu.RUnlock()
	for _, r := range rows {
		if err := each(r.RowKey(), r.Values()); err != nil {
			return err
		}
	}
	return nil
}

// Replace fills new tables while the log stands still, then swaps them in.
func (s *Store) Replace(ctx context.Context, fill func(put func(store.Row) error, timer func(store.Timer) error) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	rows, timers := newTables(), newTimerQueue()
	put := func(r store.Row) error {
		if err := store.ValidateRow(r); err != nil {
			return err
		}
		rows.put(r)
		return nil
	}
	timer := func(t store.Timer) error { timers.set(t); return nil }
	if err := fill(put, timer); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows, s.timers = rows, timers
	for _, d := range s.deliveries {
		d.Held = true
	}
	return nil
}
