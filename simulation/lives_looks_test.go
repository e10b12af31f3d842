package simulation

import (
	"fmt"
	"slices"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/store"
)

// enterOfficers lets two judge what was opened.
func (t *trial) enterOfficers() error {
	orders := []casework.Order{{Target: string(oversees), Command: directory.AddPost{Role: care.PrivacyOfficer}}}
	for _, id := range officers {
		orders = append(orders, casework.Order{Target: id, Command: directory.Register{Professional: id, Profession: "physician"}},
			casework.Order{Target: string(oversees), Command: directory.Join{Professional: id, Role: care.PrivacyOfficer}})
	}
	for _, o := range orders {
		o.Who = operator
		if _, err := t.w.do(o); err != nil {
			return fmt.Errorf("%s: %w", o.Command.Name(), err)
		}
	}
	for _, id := range officers {
		if err := t.w.service.NameProfessional(t.w.ctx, id, casework.Identity{Name: called(id)}); err != nil {
			return err
		}
	}
	return nil
}

// checkOpenings holds that no record is open past its end, once time has been
// answered.
func (t *trial) checkOpenings(settled bool) {
	if !settled {
		return
	}
	for _, p := range t.persons {
		b := t.bookOf(p)
		for _, o := range b.openings {
			if o.open && !b.over && !t.w.clock.Now().Before(o.Ends) {
				t.wrong(32, "consent/%s: opening %d is open past its end %s", p, o.Opening, o.Ends)
			}
		}
	}
}

// checkLooks lets somebody look, and holds what they are shown against the book:
// one professional at one journey and at their own list, and one relative.
func (t *trial) checkLooks() {
	if len(t.persons) == 0 {
		return
	}
	p := t.persons[t.looks.IntN(len(t.persons))]
	// Mostly at whom something is allowed or forbidden.
	for range 4 {
		if b := t.bookOf(p); len(b.blocks)+len(b.openings)+len(b.proxies) > 0 {
			break
		}
		p = t.persons[t.looks.IntN(len(t.persons))]
	}
	id := staff[t.looks.IntN(len(staff))]
	b := t.bookOf(p)
	switch n := t.looks.IntN(4); {
	case n == 0 && len(b.openings) > 0:
		id = b.openings[t.looks.IntN(len(b.openings))].Professional
	case n == 1 && len(b.blocks) > 0:
		if x := b.blocks[t.looks.IntN(len(b.blocks))].Against.Professional; x != "" {
			id = x
		}
	}
	posts := slices.DeleteFunc(t.town.posts(id, t.w.clock.Now()), func(post care.Post) bool {
		return post.Role == care.PrivacyOfficer || post.Role == care.PathwayApprover
	})
	if len(posts) > 0 {
		a := t.asker(t.loggedIn(professional(id, posts[t.looks.IntN(len(posts))])))
		if mine := t.journeysOf(p); len(mine) > 0 {
			t.lookAtJourney(a, p, mine[t.looks.IntN(len(mine))])
		}
		if t.looks.IntN(3) == 0 {
			t.lookAtList(a)
		}
	}
	if len(b.proxies) > 0 {
		t.lookForAnother(p, b.proxies[t.looks.IntN(len(b.proxies))].to)
	}
}

// entries is how many entries the access log has.
func (t *trial) entries() int64 {
	heads, err := t.w.store.LookHeads(t.w.ctx)
	if err != nil {
		t.wrong(0, "reading the heads of the access log: %v", err)
	}
	var n int64
	for _, h := range heads {
		n += h.Seq
	}
	return n
}

// looked asks, and holds that an answer about somebody left one entry, which says
// who asked what on which basis, and that a refusal left none.
func looked[A any](t *trial, who casework.Who, q casework.Question[A], about care.PersonKey, bases ...access.Basis) (A, bool) {
	before := t.entries()
	a, err := casework.View(t.w.ctx, t.w.service, who, q)
	n := t.entries() - before
	if _, refused := care.AsRefusal(err); err != nil {
		if !refused {
			t.wrong(0, "%s asks for %s: %v", who.Actor.ID, q.Name(), err)
		}
		if n != 0 {
			t.wrong(33, "%s was refused %s, and the log has %d entries more", who.Actor.ID, q.Name(), n)
		}
		return a, false
	}
	if about == "" {
		return a, true
	}
	if n != 1 {
		t.wrong(33, "%s was shown %s of %s, and the log has %d entries more", who.Actor.ID, q.Name(), about, n)
		return a, true
	}
	last, err := t.w.store.Looks(t.w.ctx, about, 1)
	switch {
	case err != nil || len(last) != 1:
		t.wrong(33, "%s was shown %s of %s, and the patient does not find it: %v", who.Actor.ID, q.Name(), about, err)
	case last[0].Actor != who.Actor || last[0].Question != q.Name() || !last[0].At.Equal(t.w.clock.Now()) || last[0].Post != who.Post:
		t.wrong(33, "%s was shown %s of %s at %s, and the newest entry is %s by %s at %s", who.Actor.ID, q.Name(), about, t.w.clock.Now(), last[0].Question, last[0].Actor.ID, last[0].At)
	case !slices.Contains(bases, access.Basis(last[0].Basis)):
		t.wrong(28, "%s was shown %s of %s on the basis %q; they have %v", who.Actor.ID, q.Name(), about, last[0].Basis, bases)
	}
	return a, true
}

// lookAtJourney lets a professional ask for a journey.
func (t *trial) lookAtJourney(a asker, p care.PersonKey, h *history) {
	now, id := t.w.clock.Now(), h.stream.ID()
	relations, err := t.w.store.Relations(t.w.ctx, p)
	if err != nil {
		t.wrong(0, "reading relations: %v", err)
	}
	var bases []access.Basis
	if slices.ContainsFunc(relations, func(r store.Relation) bool {
		return r.Basis == string(access.TakesPart) && slices.Contains(a.units, r.Unit) && r.Reaches(h.stream) && during(r.From, r.Until, now)
	}) {
		bases = append(bases, access.TakesPart)
	}
	b := t.bookOf(p)
	if b.opened(a.who.Actor.ID, now) {
		bases = append(bases, access.BreakGlass)
	}
	denied := t.denied(p, a, id, true)
	_, seen := looked(t, a.who, casework.GetJourney{ID: id}, p, bases...)
	t.shown++
	if !seen {
		t.hidden++
	}
	switch {
	case seen && denied:
		t.wrong(29, "%s at %s is shown %s of %s, and a block stands between", a.who.Actor.ID, a.who.Post, h.stream, p)
	case seen && len(bases) == 0:
		over := slices.ContainsFunc(b.openings, func(o bookOpening) bool { return o.Professional == a.who.Actor.ID })
		invariant := 28
		if over {
			invariant = 30
		}
		t.wrong(invariant, "%s at %s is shown %s of %s without a basis", a.who.Actor.ID, a.who.Post, h.stream, p)
	case !seen && !denied && len(bases) > 0:
		t.wrong(4, "%s at %s has the basis %v for %s of %s, and is shown nothing", a.who.Actor.ID, a.who.Post, bases, h.stream, p)
	}
}

// lookAtList lets a professional open their worklist: nothing of whom they may
// not see is on it, and nothing of it is counted.
func (t *trial) lookAtList(a asker) {
	page, ok := looked(t, a.who, casework.WorkQuery{Size: 200}, "")
	if !ok {
		t.wrong(4, "%s at %s cannot open their worklist", a.who.Actor.ID, a.who.Post)
		return
	}
	for _, r := range page.Rows {
		if r.Person == "" || r.Item.Post.Role == care.PrivacyOfficer {
			continue
		}
		if t.denied(r.Person, a, r.Journey, false) {
			t.wrong(29, "the list of %s at %s shows %s of %s, and a block stands between", a.who.Actor.ID, a.who.Post, r.Item.Key, r.Person)
		}
	}
	if page.Total != len(page.Rows) || page.All != len(page.Rows) {
		t.wrong(34, "the list of %s at %s shows %d rows and counts %d of %d", a.who.Actor.ID, a.who.Post, len(page.Rows), page.Total, page.All)
	}
}

// lookForAnother lets a relative ask for the plan of whom they act for. Messages
// and the story stand on the same page, which holds nothing else then.
func (t *trial) lookForAnother(p, relative care.PersonKey) {
	b := t.bookOf(p)
	parts := b.covers(relative, t.w.clock.Now())
	opens := func(parts []access.Part) bool {
		return slices.Contains(parts, access.Plan) || slices.Contains(parts, access.Messages) || slices.Contains(parts, access.Story)
	}
	plan, seen := looked(t, t.relative(relative, p), casework.MyPlan{}, p, access.Proxy)
	if t.plans++; seen {
		t.read++
	}
	switch {
	case seen && !opens(parts) && slices.ContainsFunc(b.proxies, func(x bookProxy) bool { return x.to == relative && opens(x.parts) }):
		t.wrong(30, "%s reads the plan of %s, and nothing lets them any more", relative, p)
	case seen && !opens(parts):
		t.wrong(31, "%s reads the plan of %s, and may only %v", relative, p, parts)
	case !seen && opens(parts):
		t.wrong(4, "%s may read the plan of %s, and is shown nothing", relative, p)
	}
	for _, v := range plan.Journeys {
		if h := t.byName["journey/"+v.ID]; h == nil || h.ledger.person != p && !slices.Contains(b.with, h.ledger.person) {
			t.wrong(31, "%s is shown %s, which is not about %s", relative, v.ID, p)
		}
		if s := v.State; !slices.Contains(parts, access.Plan) && len(s.Steps)+len(s.Clocks)+len(v.Ahead) > 0 {
			t.wrong(31, "%s is shown the steps of %s, and may only %v", relative, v.ID, parts)
		}
	}
}
