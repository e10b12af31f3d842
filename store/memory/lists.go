package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"forlop/care"
	"forlop/store"
)

// sees reports whether a person is in scope: a relation of one of the units with
// one of the bases at the instant, and no deny.
func (t *tables) sees(s store.Scope, p care.PersonKey) bool {
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
		named := d.Professional != "" && d.Professional == s.Professional
		if (named || slices.Contains(s.Units, d.Unit)) && holds(d.From, d.Until, s.At) {
			return false
		}
	}
	for k := range t.relations[p] {
		r := t.rows[store.TableRelation][k].(store.Relation)
		if slices.Contains(s.Units, r.Unit) && slices.Contains(s.Bases, r.Basis) && holds(r.From, r.Until, s.At) {
			return true
		}
	}
	return false
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
	seen := map[care.PersonKey]bool{} // asked once a person
	items := all(t, store.TableItem, t.itemKeys(q), func(r store.Item) bool {
		i := r.Item
		if q.Kinds != nil && !slices.Contains(q.Kinds, i.Kind) || q.Refs != nil && !slices.Contains(q.Refs, i.Ref) ||
			q.Pathways != nil && !slices.Contains(q.Pathways, r.Pathway) || q.Stream != "" && r.Stream != q.Stream ||
			slices.Contains(q.Except, i.Post) && !slices.Contains(q.Posts, i.Post) ||
			!q.DueAfter.IsZero() && i.Due.Before(q.DueAfter) || !q.DueBefore.IsZero() && !i.Due.Before(q.DueBefore) {
			return false
		}
		sees, asked := seen[r.Person]
		if !asked {
			sees = t.sees(q.Scope, r.Person)
			seen[r.Person] = sees
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
			t.sees(q.Scope, r.Person)
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
			found[p] = t.sees(scope, p)
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
	return s.rows.sees(scope, p), nil
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
