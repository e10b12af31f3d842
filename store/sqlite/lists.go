package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/store"
)

// query gathers conditions and their arguments.
type query struct {
	where []string
	args  []any
}

// arg adds an argument and answers its place.
func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return fmt.Sprintf("$%d", len(q.args))
}

func (q *query) and(cond string) { q.where = append(q.where, cond) }

// eq narrows a column where a value is given.
func (q *query) eq(column, value string) {
	if value != "" {
		q.and(column + " = " + q.arg(value))
	}
}

// in answers a condition that is false for an empty list.
func in[T ~string](q *query, column string, values []T) string {
	if len(values) == 0 {
		return "false"
	}
	places := make([]string, len(values))
	for i, v := range values {
		places[i] = q.arg(string(v))
	}
	return column + " in (" + strings.Join(places, ", ") + ")"
}

func (q *query) text() string {
	if len(q.where) == 0 {
		return "true"
	}
	return strings.Join(q.where, " and ")
}

// holds is true of a row of t whose period an instant lies in.
func (q *query) holds(t string, at time.Time) string {
	place := q.arg(store.Micros(at))
	return t + ".from_at <= " + place + " and (" + t + ".until_at = 0 or " + t + ".until_at > " + place + ")"
}

// scope narrows to the persons and streams a scope sees, named by two columns:
// joined to a relation that gives a basis, and to no deny. Where few rows are
// asked about, each is looked up (exists); where they are many (few is false),
// the related persons are listed first.
func (q *query) scope(s store.Scope, person, stream string, few bool) {
	q.eq(person, string(s.Person))
	if s.All || s.Own() {
		return
	}
	few = few || s.Person != ""
	// Adding '' keeps a column out of the choice of an index: a person has a few
	// relations, while units times bases are as many searches.
	unit, basis := "r.unit", "r.basis"
	if few {
		unit, basis = "r.unit || ''", "r.basis || ''"
	}
	given := in(q, unit, s.Units) + " and r.unit <> ''"
	if s.Asker() != "" {
		given = "(" + given + " or r.actor = " + q.arg(s.Asker()) + ")"
	}
	related := " from relation r where " + given + " and " + in(q, basis, s.Bases) + " and " + q.holds("r", s.At)
	if few {
		q.and("exists (select 1" + related + " and r.person = " + person + reaches(stream) + ")")
	} else {
		q.and(person + " in (select r.person" + related + ")")
		if stream != noStream {
			q.and("(" + notJourney(stream) + " or (" + person + ", " + stream + ") in (select r.person, r.stream" + related + ")" +
				" or " + person + " in (select r.person" + related + " and " + notJourney("r.stream") + "))")
		}
	}
	q.and("not exists (select 1 from deny d where d.person = " + person + " and " + q.denied(s, stream) + ")")
}

// noStream is the place of a stream where the person is asked about.
const noStream = "''"

func notJourney(stream string) string { return "substr(" + stream + ", 1, 8) <> 'journey/'" }

// reaches is store.Relation.Reaches of a relation r.
func reaches(stream string) string {
	if stream == noStream {
		return ""
	}
	return " and (r.stream = " + stream + " or " + notJourney("r.stream") + " or " + notJourney(stream) + ")"
}

// denied is true of a deny d that meets a scope and hides a stream.
func (q *query) denied(s store.Scope, stream string) string {
	around := in(q, "d.unit", s.Around())
	whom := []string{around + " and d.unit <> ''"}
	if len(s.Units) > 0 {
		whom = append(whom, "d.but <> '' and not "+strings.Replace(around, "d.unit", "d.but", 1))
	}
	if s.Professional != "" {
		whom = append(whom, "d.professional = "+q.arg(s.Professional))
	}
	cond := "(" + strings.Join(whom, " or ") + ") and d.journey in ('', " + stream + ") and " + q.holds("d", s.At)
	if lifted := s.Lifted(); len(lifted) > 0 {
		cond += " and not " + in(q, "d.strength", lifted)
	}
	return cond
}

// Items answers a page of the worklist and the number of rows that match, both
// as of one instant.
func (s *Store) Items(ctx context.Context, q store.ItemQuery) (out []store.Item, total int, err error) {
	page, count, err := itemTexts(q, []time.Time{{}})
	if err != nil || page.text == "" {
		return nil, 0, err
	}
	if q.NoTotal {
		err := s.each(ctx, page.text, page.args, func(rows *sql.Rows) error {
			r, err := scanAs[store.Item](rows, store.TableItem)
			out = append(out, r)
			return err
		})
		return out, 0, err
	}
	// Both are prepared before the snapshot takes a connection: readers that held
	// one each and waited for a second would wait for each other for ever.
	pageText, err := s.prepared(ctx, page.text)
	if err != nil {
		return nil, 0, err
	}
	defer pageText.release()
	countText, err := s.prepared(ctx, count.text)
	if err != nil {
		return nil, 0, err
	}
	defer countText.release()
	snapshot, err := s.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, 0, fmt.Errorf("store/sqlite: items: %w", err)
	}
	err = eachIn(ctx, snapshot, pageText, page.args, func(rows *sql.Rows) error {
		r, err := scanAs[store.Item](rows, store.TableItem)
		out = append(out, r)
		return err
	})
	if err == nil {
		err = eachIn(ctx, snapshot, countText, count.args, func(rows *sql.Rows) error { return rows.Scan(&total) })
	}
	if err = errors.Join(err, snapshot.Rollback()); err != nil {
		return nil, 0, fmt.Errorf("store/sqlite: items: %w", err)
	}
	return out, total, nil
}

// CountItems counts what matches and is due before each instant, in one pass.
func (s *Store) CountItems(ctx context.Context, q store.ItemQuery, before []time.Time) ([]int, error) {
	counts := make([]int, len(before))
	_, count, err := itemTexts(q, before)
	if err != nil || count.text == "" || len(before) == 0 {
		return counts, err
	}
	err = s.each(ctx, count.text, count.args, func(rows *sql.Rows) error {
		into := make([]any, len(counts))
		for i := range counts {
			into[i] = &counts[i]
		}
		return rows.Scan(into...)
	})
	return counts, err
}

// GroupItems answers what waits by its cause.
func (s *Store) GroupItems(ctx context.Context, q store.ItemQuery, persons int) (out []store.ItemGroup, err error) {
	text := groupText(q, persons)
	if text.text == "" {
		return nil, nil
	}
	err = s.each(ctx, text.text, text.args, func(rows *sql.Rows) error {
		var g store.ItemGroup
		err := rows.Scan(&g.Post.Unit, &g.Post.Role, &g.Kind, &g.Ref, &g.Items, &g.Persons)
		out = append(out, g)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: group items: %w", err)
	}
	return out, nil
}

// statement is a text with its arguments.
type statement struct {
	text string
	args []any
}

// itemTexts writes the page and the count of a worklist; both are empty where
// the answer is.
//
// Each post is a range of its own in the index. They are read one by one, at
// most a page from each, and merged: an "or" over posts would read and sort them
// all.
func itemTexts(iq store.ItemQuery, before []time.Time) (page, count statement, err error) {
	posts, every := iq.AskedPosts()
	q := itemConditions(iq)
	order, err := q.order(iq)
	if err != nil || len(posts) == 0 && !every {
		return page, count, err
	}
	columns := rowTexts[store.TableItem].columns
	count = countText(itemConditions(iq), iq, posts, every, before)
	var pages []string
	ranges := q.perPost(iq.Scope, posts, iq.Except, every, iq.Order == store.ByBreach)
	offset := int64(max(iq.Offset, 0))
	if len(ranges) == 1 {
		page.text = "select " + columns + " from item i where " + ranges[0] + " order by " + order + " limit " + q.arg(bound(iq.Limit)) + " offset " + q.arg(offset)
		page.args = q.args
		return page, count, nil
	}
	end := ""
	if iq.Limit > 0 {
		end = " limit " + q.arg(int64(iq.Limit)+offset)
	}
	for _, where := range ranges {
		pages = append(pages, "select * from (select "+columns+" from item i where "+where+" order by "+order+end+")")
	}
	page.text = "select " + columns + " from (" + strings.Join(pages, " union all ") + ") order by " + order +
		" limit " + q.arg(bound(iq.Limit)) + " offset " + q.arg(offset)
	page.args = q.args
	return page, count, nil
}

// itemConditions are what narrows a worklist, beside its posts and its scope.
func itemConditions(iq store.ItemQuery) *query {
	q := &query{}
	if iq.Kinds != nil {
		q.and(in(q, "i.kind", iq.Kinds))
	}
	if iq.Refs != nil {
		q.and(in(q, "i.ref", iq.Refs))
	}
	if iq.Pathways != nil {
		q.and(in(q, "i.pathway", iq.Pathways))
	}
	q.eq("i.stream", string(iq.Stream))
	if !iq.DueAfter.IsZero() {
		q.and("i.due >= " + q.arg(store.Micros(iq.DueAfter)))
	}
	if !iq.DueBefore.IsZero() {
		q.and("i.due < " + q.arg(store.Micros(iq.DueBefore)))
	}
	if len(iq.Leave) > 0 {
		q.and("not " + q.described(iq.Leave))
	}
	if iq.Only != nil {
		q.and(q.described(iq.Only))
	}
	if iq.Once {
		q.and("not " + q.climbedFrom(iq))
	}
	return q
}

// described is true of an item that any of the asides describes.
func (q *query) described(asides []store.Aside) string {
	each := []string{"false"}
	for _, a := range asides {
		one := &query{args: q.args}
		one.eq("i.stream", string(a.Stream))
		one.eq("i.key", a.Key)
		if a.Version > 0 {
			one.and("i.version = " + one.arg(int64(a.Version)))
		}
		if !a.Post.IsZero() {
			one.and("i.unit = " + one.arg(string(a.Post.Unit)) + " and i.role = " + one.arg(string(a.Post.Role)))
		}
		one.eq("i.kind", string(a.Kind))
		one.eq("i.ref", a.Ref)
		if !a.DueBefore.IsZero() {
			one.and("i.due < " + one.arg(store.Micros(a.DueBefore)))
		}
		q.args = one.args
		each = append(each, one.text())
	}
	return "(" + strings.Join(each, " or ") + ")"
}

// climbedFrom is true of an item that climbed from a post that is asked for, too.
func (q *query) climbedFrom(iq store.ItemQuery) string {
	posts, every := iq.AskedPosts()
	held := []string{"false"}
	if every {
		held = []string{"true"}
	}
	for _, p := range posts {
		one := "b.unit = " + q.arg(string(p.Unit))
		if p.Role != "" {
			one += " and b.role = " + q.arg(string(p.Role))
		}
		for _, e := range iq.Except {
			if p.Role == "" && e.Unit == p.Unit {
				one += " and b.role <> " + q.arg(string(e.Role))
			}
		}
		held = append(held, one)
	}
	base := "substr(i.key, 1, instr(i.key, '!') - 1)"
	return "(i.kind = 'escalation' and exists (select 1 from item b where b.stream = i.stream and b.key < i.key" +
		" and (b.key = " + base + " or substr(b.key, 1, instr(i.key, '!')) = " + base + " || '!') and (" + strings.Join(held, " or ") + ")))"
}

// countText counts the rows of each range that are due before each instant.
func countText(q *query, iq store.ItemQuery, posts []care.Post, every bool, before []time.Time) statement {
	ranges := q.perPost(iq.Scope, posts, iq.Except, every, true)
	sums := make([]string, len(before))
	for n, at := range before {
		sums[n] = "count(*)"
		if !at.IsZero() {
			sums[n] = "count(case when due < " + q.arg(store.Micros(at)) + " then 1 end)"
		}
	}
	parts := make([]string, len(ranges))
	for i, where := range ranges {
		parts[i] = "select i.due from item i where " + where
	}
	return statement{"select " + strings.Join(sums, ", ") + " from (" + strings.Join(parts, " union all ") + ") r", q.args}
}

// eachIn runs a prepared query in a snapshot, on the snapshot's own connection.
func eachIn(ctx context.Context, snapshot *sql.Tx, p prepared, args []any, row func(*sql.Rows) error) error {
	rows, err := snapshot.StmtContext(ctx, p.Stmt).QueryContext(ctx, args...) //nolint:sqlclosecheck // the transaction closes its statements
	return eachRow(rows, err, row)
}

// order is how a page is ordered, in columns that each of its parts has.
func (q *query) order(iq store.ItemQuery) (string, error) {
	switch iq.Order {
	case store.ByDue, "":
		return "due, stream, key", nil
	case store.BySince:
		return "since, stream, key", nil
	case store.ByLatest:
		return "case when latest = 0 then 1 else 0 end, latest, stream, key", nil
	case store.ByBreach:
		over := "latest <> 0 and latest < " + q.arg(store.Micros(iq.Now))
		return "case when " + over + " then case when " + in(q, "ref", iq.First) + " then 0 else 1 end else 2 end, " +
			"case when " + over + " then latest else due end, stream, key", nil
	}
	return "", fmt.Errorf("%w: order %q", store.ErrMalformed, iq.Order)
}

// groupText counts what matches by its cause. A row is in one range only, so
// that a person is counted once a cause.
func groupText(iq store.ItemQuery, persons int) statement {
	posts, every := iq.AskedPosts()
	if len(posts) == 0 && !every {
		return statement{}
	}
	q := itemConditions(iq)
	var parts []string
	for _, where := range q.perPost(iq.Scope, posts, iq.Except, every, true) {
		parts = append(parts, "select i.unit, i.role, i.kind, i.ref, i.person from item i where "+where)
	}
	return statement{"select unit, role, kind, ref, count(*), count(distinct person) from (" + strings.Join(parts, " union all ") +
		") r group by unit, role, kind, ref having count(distinct person) >= " + q.arg(int64(persons)) + " order by 6 desc, unit, role, kind, ref", q.args}
}

// maxRanges is how many posts are read one by one. Whoever fills more gets them
// in one range condition and a sort.
const maxRanges = 40

// perPost writes the condition of each range. A page that is read in the order
// of its index meets few rows, and looks their persons up one by one; a count, a
// whole unit and a sorted list meet all of them, and list the related persons
// first.
func (q *query) perPost(scope store.Scope, posts, except []care.Post, every, all bool) []string {
	common := q.where
	within := func(cond string, few bool) string {
		q.where = slices.Clone(common)
		if cond != "" {
			q.where = append([]string{cond}, q.where...)
		}
		q.scope(scope, "i.person", "i.stream", few)
		return q.text()
	}
	if every {
		for _, p := range except {
			common = append(common, "not (i.unit = "+q.arg(string(p.Unit))+" and i.role = "+q.arg(string(p.Role))+")")
		}
		return []string{within("", !all)}
	}
	var each []string
	var wide []bool
	for _, p := range posts {
		for _, cond := range q.postRanges(p, except) {
			each, wide = append(each, cond), append(wide, all || p.Role == "")
		}
	}
	if len(each) > maxRanges {
		return []string{within("("+strings.Join(each, " or ")+")", false)}
	}
	for i := range each {
		each[i] = within(each[i], !wide[i])
	}
	return each
}

// postRanges are the ranges of the index that hold a post's rows: one, or, for a
// whole unit without some of its roles, what lies between those.
func (q *query) postRanges(p care.Post, except []care.Post) []string {
	unit := "i.unit = " + q.arg(string(p.Unit))
	if p.Role != "" {
		return []string{unit + " and i.role = " + q.arg(string(p.Role))}
	}
	var roles []string
	for _, e := range except {
		if e.Unit == p.Unit {
			roles = append(roles, string(e.Role))
		}
	}
	slices.Sort(roles)
	var ranges []string
	for _, role := range slices.Compact(roles) {
		ranges = append(ranges, unit+" and i.role < "+q.arg(role))
		unit = "i.unit = " + q.arg(string(p.Unit)) + " and i.role > " + q.arg(role)
	}
	return append(ranges, unit)
}

// Journeys answers a page of journeys.
func (s *Store) Journeys(ctx context.Context, jq store.JourneyQuery) ([]store.Journey, error) {
	var q query
	q.scope(jq.Scope, "journey.person", "journey.stream", jq.Person != "" || jq.Scope.Person != "" || jq.Responsible != nil)
	q.eq("person", string(jq.Person))
	q.eq("status", jq.Status)
	q.eq("pathway", jq.Pathway)
	if p := jq.Responsible; p != nil {
		q.and("unit = " + q.arg(string(p.Unit)))
		q.eq("role", string(p.Role))
	}
	if jq.After != "" {
		q.and("stream > " + q.arg(string(jq.After)))
	}
	where := "where " + q.text() + " order by stream, key limit " + q.arg(bound(jq.Limit))
	return readRows[store.Journey](ctx, s, store.TableJourney, where, q.args)
}

// Persons lists persons in scope.
func (s *Store) Persons(ctx context.Context, scope store.Scope, after care.PersonKey, limit int) (out []care.PersonKey, err error) {
	var q query
	from := "(select person from relation union select person from journey)"
	switch {
	case scope.Own():
		if scope.Person > after {
			out = append(out, scope.Person)
		}
		return out, nil
	case !scope.All:
		from = "relation"
	}
	q.scope(scope, "p.person", noStream, false)
	q.and("p.person > " + q.arg(string(after)))
	err = s.each(ctx, "select distinct p.person from "+from+" p where "+q.text()+" order by p.person limit "+q.arg(bound(limit)), q.args, func(rows *sql.Rows) error {
		var p care.PersonKey
		err := rows.Scan(&p)
		out = append(out, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: persons: %w", err)
	}
	return out, nil
}

// MaySee reports whether a person is in scope.
func (s *Store) MaySee(ctx context.Context, scope store.Scope, p care.PersonKey) (sees bool, err error) {
	var q query
	who := "(select " + q.arg(string(p)) + " as person, " + q.arg(string(scope.Stream)) + " as stream) x"
	q.scope(scope, "x.person", "x.stream", true)
	if err := s.get(ctx, "select exists (select 1 from "+who+" where "+q.text()+")", q.args, &sees); err != nil {
		return false, fmt.Errorf("store/sqlite: may see %s: %w", p, err)
	}
	return sees, nil
}

// Relations lists a person's relations.
func (s *Store) Relations(ctx context.Context, p care.PersonKey) ([]store.Relation, error) {
	return readRows[store.Relation](ctx, s, store.TableRelation, "where person = $1 order by stream, key", []any{string(p)})
}

// RelationsOf lists the relations that name an actor.
func (s *Store) RelationsOf(ctx context.Context, actor string, at time.Time) ([]store.Relation, error) {
	q := query{where: []string{"actor <> ''"}}
	q.and("actor = " + q.arg(actor))
	if !at.IsZero() {
		q.and(q.holds("relation", at))
	}
	return readRows[store.Relation](ctx, s, store.TableRelation, "where "+q.text()+" order by stream, key", q.args)
}

// Holders lists who holds which posts.
func (s *Store) Holders(ctx context.Context, at time.Time, unit care.UnitID, professional string) ([]store.Holder, error) {
	var q query
	q.eq("unit", string(unit))
	q.eq("professional", professional)
	if !at.IsZero() {
		q.and(q.holds("post_holder", at))
	}
	return readRows[store.Holder](ctx, s, store.TableHolder, "where "+q.text()+" order by stream, key", q.args)
}

// Units lists all units.
func (s *Store) Units(ctx context.Context) ([]store.Unit, error) {
	return readRows[store.Unit](ctx, s, store.TableUnit, "order by stream, key", nil)
}

// Slots lists slots.
func (s *Store) Slots(ctx context.Context, sq store.SlotQuery) ([]store.Slot, error) {
	q := &query{}
	q.eq("kind", sq.Kind)
	q.eq("status", sq.Status)
	if sq.Units != nil {
		q.and(in(q, "unit", sq.Units))
	}
	if !sq.EndsAfter.IsZero() {
		q.and("ends > " + q.arg(store.Micros(sq.EndsAfter)))
	}
	where := "where " + q.text() + " order by starts, stream"
	if sq.Limit > 0 {
		where += " limit " + q.arg(sq.Limit)
	}
	return readRows[store.Slot](ctx, s, store.TableSlot, where, q.args)
}
