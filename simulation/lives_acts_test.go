package simulation

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// step does one thing at random: somebody acts, time passes, or something goes
// wrong that must not matter.
func (t *trial) step() {
	if len(t.persons) == 0 || len(t.persons) < t.people && t.what.IntN(50) == 0 {
		t.refer()
		return
	}
	if t.late() {
		return
	}
	if t.rights.IntN(7) == 0 {
		t.actOnAccess()
		return
	}
	switch n := t.what.IntN(100); {
	case n < 20:
		t.passTime()
	case n < 74:
		t.actOnJourney()
	case n < 84:
		t.actOnPerson()
	case n < 92:
		t.actOnUnit()
	case n < 95:
		t.lookAround()
	default:
		t.fault()
	}
}

func (t *trial) tell(format string, args ...any) {
	t.story = append(t.story, fmt.Sprintf("%s ", t.w.clock.Now().In(t.cal.Zone()).Format("2006-01-02 15:04"))+fmt.Sprintf(format, args...))
}

// send carries out an order. A refusal is an answer; any other error is our own
// fault.
func (t *trial) send(o casework.Order) (casework.Receipt, bool) {
	if o.Key == "" {
		o.Key = t.w.key()
		if t.heldUp(o) {
			return casework.Receipt{}, false
		}
	}
	var receipt casework.Receipt
	err := t.through(func() (err error) {
		if receipt, err = t.w.service.Do(t.w.ctx, o); err == nil {
			err = t.w.service.React(t.w.ctx)
		}
		return err
	})
	refusal, refused := care.AsRefusal(err)
	switch {
	case err != nil && !refused:
		t.wrong(0, "%s on %s by %s: %v", o.Command.Name(), o.Target, o.Actor.ID, err)
		return receipt, false
	case refused:
		t.refused++
		t.checkNotDone(o)
		t.codes[refusal.Code]++
		t.tell("%s on %s by %s at %s: refused, %s", o.Command.Name(), o.Target, o.Actor.ID, o.Post, refusal.Code)
		return receipt, false
	}
	t.done++
	t.tell("%s on %s by %s at %s: %+v", o.Command.Name(), receipt.Target, o.Actor.ID, o.Post, o.Command)
	t.sent = append(t.sent, sent{o, receipt})
	t.checkConfirmed(o, receipt)
	return receipt, true
}

// checkNotDone holds that an order which was refused has done nothing, when it
// was sent again without an answer to the first as well.
func (t *trial) checkNotDone(o casework.Order) {
	t.readLog()
	for _, st := range t.changed {
		if slices.ContainsFunc(t.streams[st].events, func(e store.Event) bool { return e.Command == o.Key }) {
			t.wrong(38, "%s was refused, and stands in %s", o.Command.Name(), st)
		}
	}
}

// checkConfirmed holds that what was confirmed is durable, and there for the
// next look of the same person.
func (t *trial) checkConfirmed(o casework.Order, receipt casework.Receipt) {
	h := receipt.Target
	if _, ok := o.Command.(journey.Command); !ok || kindOf(o.Command) != "journey" {
		return
	}
	events, err := t.w.store.Load(t.w.ctx, store.StreamOf("journey", h), 0)
	if err != nil || len(events) < receipt.Version {
		t.wrong(37, "journey %s was confirmed at version %d, the log has %d: %v", h, receipt.Version, len(events), err)
		return
	}
	v, err := casework.View(t.w.ctx, t.w.service, o.Who, casework.GetJourney{ID: h})
	if _, refused := care.AsRefusal(err); refused {
		return // they have handed it over
	}
	if err != nil || v.State.Version < receipt.Version {
		t.wrong(37, "journey %s was confirmed at version %d, and %s then sees version %d: %v", h, receipt.Version, o.Actor.ID, v.State.Version, err)
	}
}

func kindOf(c interface{ Name() string }) string {
	return store.Stream(dotted(c.Name())).Kind()
}

func dotted(name string) string {
	for i := range name {
		if name[i] == '.' {
			return name[:i] + "/" + name[i+1:]
		}
	}
	return name
}

// pick takes one of a list at random.
func pick[T any](t *trial, list ...T) T { return list[t.what.IntN(len(list))] }

func (t *trial) posts() []care.Post {
	var all []care.Post
	for _, u := range t.w.service.Directory().All() {
		s, _ := t.w.service.Directory().Unit(u)
		all = append(all, care.Post{Unit: u, Role: care.Desk})
		for _, r := range s.Roles {
			all = append(all, care.Post{Unit: u, Role: r})
		}
	}
	return all
}

func (t *trial) anyPost() care.Post { return pick(t, t.posts()...) }

// speaking is somebody who can act for a unit now: at one of its own posts, or,
// where nobody is logged in there, whoever it falls to, on its behalf.
func (t *trial) speaking(u care.UnitID) (casework.Who, *care.OnBehalf) {
	post := care.Post{Unit: u, Role: care.Desk}
	who, where := t.town.behind(post, t.w.clock.Now())
	if len(who) == 0 {
		return professional("kari", care.Post{Unit: "clinic", Role: "coordinator"}), nil
	}
	me := professional(who[t.who.IntN(len(who))], where)
	if where.Unit == u {
		return me, nil
	}
	return me, &care.OnBehalf{Of: care.Party{Kind: care.PartyUnit, Post: post}, How: pick(t, care.ByPhone, care.ByLetter, care.ByMessage)}
}

// somebody is mostly one who takes part, sometimes anybody, sometimes the
// patient or somebody speaking for them.
func (t *trial) somebody(l *ledger) (casework.Who, *care.OnBehalf) {
	switch n := t.who.IntN(20); {
	case n == 0:
		return t.speaking(t.anyPost().Unit)
	case n == 1:
		return casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(l.person)}}, nil
	case n == 2:
		who, _ := t.speaking(l.responsible.Unit)
		return who, &care.OnBehalf{Of: care.Party{Kind: pick(t, care.PartyPatient, care.PartyRelative)}, How: pick(t, care.ByPhone, care.ByLetter, care.ByMeeting)}
	}
	return t.speaking(l.responsible.Unit)
}

func (t *trial) today() care.Date { return t.cal.Date(t.w.clock.Now()) }

// soon is a day in the next weeks, now and then one that has passed or is absurd.
func (t *trial) soon() care.Date {
	switch t.when.IntN(25) {
	case 0:
		return t.today().AddDays(-1 - t.when.IntN(40))
	case 1:
		return t.today().AddDays(3000)
	case 2:
		return t.today()
	}
	return t.today().AddDays(1 + t.when.IntN(60))
}

func (t *trial) soonAt() time.Time {
	return t.cal.StartOf(t.soon()).Add(time.Duration(7+t.when.IntN(10))*time.Hour + time.Duration(t.when.IntN(60))*time.Minute)
}

// passTime lets time go by: punctually, or with a worker that is late, early or
// works twice.
func (t *trial) passTime() {
	now := t.w.clock.Now()
	var to time.Time
	switch n := t.when.IntN(10); {
	case n < 3:
		to = now.Add(time.Duration(t.when.IntN(600)) * time.Minute)
	case n < 7:
		to = now.Add(time.Duration(1+t.when.IntN(5*24)) * time.Hour)
	case n < 8:
		to = now.AddDate(0, 0, 7+t.when.IntN(50))
	default:
		// To the very instant at which something falls due, or just before it.
		due, ok, err := t.w.nextDue()
		if err != nil || !ok {
			return
		}
		to = due
		if n == 8 {
			to = due.Add(-time.Microsecond)
		}
	}
	switch n := t.faults.IntN(10); {
	case n < 6:
		t.tell("time passes until %s", to)
		if err := t.through(func() error { return t.w.until(to) }); err != nil {
			t.wrong(0, "waking: %v", err)
		}
	case n < 8:
		t.met["the worker sleeps"]++
		t.tell("time passes until %s and the worker sleeps", to)
		t.w.clock.set(to)
		if n == 7 {
			t.tell("it wakes late")
			if err := t.through(t.w.wakeDue); err != nil {
				t.wrong(0, "waking late: %v", err)
			}
		}
	default:
		t.tell("time passes until %s, and the worker wakes everybody twice", to)
		if err := t.through(func() error { return t.w.until(to) }); err != nil {
			t.wrong(0, "waking: %v", err)
		}
		t.disk.calm()
		t.wakeAll()
	}
}

// wakeAll wakes every stream, due or not: nothing may come of it.
func (t *trial) wakeAll() {
	if !t.settled() {
		return
	}
	before := t.dump()
	for st := range t.streams {
		if st.Kind() == "professional" {
			continue
		}
		if changed, err := t.w.service.Wake(t.w.ctx, st); err != nil || changed {
			t.wrong(13, "waking %s early changed it: %v, %v", st, changed, err)
		}
	}
	if after := t.dump(); after != before {
		t.wrong(39, "waking early changed rows: %s", firstOther(before, after))
	}
}

// refer brings a new person, or a new need of one who is here.
func (t *trial) refer() {
	regime := care.Norway
	var who care.PersonKey
	me, _ := t.speaking(pick[care.UnitID](t, "clinic", "clinic-b"))
	if len(t.persons) > 0 && (t.what.IntN(4) == 0 || len(t.persons) >= t.people) {
		who = pick(t, t.persons...)
	} else {
		var err error
		born := care.Date{Year: 1940 + t.who.IntN(70), Month: time.Month(1 + t.who.IntN(12)), Day: 1 + t.who.IntN(28)}
		key := t.w.key()
		if err = t.through(func() (err error) {
			who, err = t.w.service.RegisterPerson(t.w.ctx, me, key, regime, casework.Identity{Name: "Anna Eksempel", Born: born})
			return err
		}); err != nil {
			t.wrong(0, "registering: %v", err)
			return
		}
		t.persons = append(t.persons, who)
	}
	open := journey.Open{
		Person: who, Regime: regime, Pathway: t.anyPathway(), Origin: pick(t, journey.Referred, journey.Registered, journey.Registered),
		Sender: t.anySender(), Received: t.w.clock.Now().Add(-time.Duration(t.when.IntN(15*24)) * time.Hour),
		Desk:   care.Post{Unit: pick[care.UnitID](t, "clinic", "clinic", "clinic-b", "fatigue-clinic"), Role: care.Desk},
		Reason: "Vondt overalt.",
	}
	if t.what.IntN(8) == 0 {
		t.bringIn(&open)
	}
	t.send(casework.Order{Who: me, Command: open})
}

// bringIn makes it a journey that was running before.
func (t *trial) bringIn(open *journey.Open) {
	open.Origin = journey.Imported
	open.Received = t.w.clock.Now().AddDate(0, 0, -30-t.when.IntN(200))
	open.Responsible = t.anyPost()
	at := open.Received
	for _, m := range []pathway.MilestoneID{"referral-answered", "assessment-started", "summary-meeting-held"} {
		if at = at.AddDate(0, 0, 1+t.when.IntN(60)); at.After(t.w.clock.Now()) || t.what.IntN(4) == 0 {
			break
		}
		open.Past = append(open.Past, journey.PastMilestone{ID: m, At: at, Source: "a list"})
	}
}

func (t *trial) anySender() care.Party {
	switch t.who.IntN(4) {
	case 0:
		return care.Party{Kind: care.PartyOther, Name: "Fjord legevakt"}
	case 1:
		return care.Party{Kind: care.PartyUnit, Post: t.anyPost()}
	}
	return care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: pick[care.UnitID](t, "practice", "practice-b"), Role: "gp"}}
}

func (t *trial) anyPathway() pathway.Ref {
	refs := sorted(t.definitions)
	r := t.definitions[refs[t.what.IntN(len(refs))]].Ref
	return pathway.Ref{ID: r.ID, Version: r.Version}
}

// lookAround opens pages: the patient's own, and worklists.
func (t *trial) lookAround() {
	p := pick(t, t.persons...)
	if t.what.IntN(2) == 0 {
		me := casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(p)}}
		var plan casework.Plan
		err := t.through(func() (err error) {
			plan, err = casework.View(t.w.ctx, t.w.service, me, casework.MyPlan{})
			return err
		})
		if err != nil {
			t.wrong(0, "the patient cannot read their page: %v", err)
			return
		}
		t.tell("the patient %s reads their page", p)
		for _, v := range plan.Journeys {
			t.readLog()
			h := t.byName["journey/"+v.ID]
			want := newLedger()
			for _, r := range h.records {
				want.read(r)
			}
			if t.bookOf(p).protected {
				continue // what would say where they live stands on no page
			}
			if got := v.State.Responsible; got != want.responsible {
				t.wrong(8, "journey/%s: the patient reads %s as responsible, the events say %s", v.ID, got, want.responsible)
			}
			if who, _ := t.town.behind(want.responsible, t.w.clock.Now()); want.status == journey.Running && len(v.Post(want.responsible).Holders) != len(who) {
				t.wrong(8, "journey/%s: the patient reads the names %v behind %s, there are %d", v.ID, v.Post(want.responsible).Holders, want.responsible, len(who))
			}
		}
		return
	}
	me, _ := t.speaking(t.anyPost().Unit)
	if err := t.through(func() error {
		_, err := casework.View(t.w.ctx, t.w.service, me, casework.WorkQuery{Size: 50})
		return err
	}); err != nil {
		if _, refused := care.AsRefusal(err); !refused {
			t.wrong(0, "a worklist cannot be read: %v", err)
		}
	}
}

// fault is what must not matter: a restart, an order sent again, a key used for
// something else, an old page.
func (t *trial) fault() {
	t.disk.calm()
	if t.delays.IntN(6) == 0 {
		t.unbelievable()
		return
	}
	switch t.faults.IntN(6) {
	case 0:
		t.met["the program starts anew"]++
		t.tell("the service starts anew")
		if err := t.w.restart(); err != nil {
			t.wrong(0, "starting anew: %v", err)
		}
	case 1, 2, 3:
		t.again()
	case 4:
		t.undo()
	case 5:
		t.staleLook()
	}
}

// again sends an order that was carried out before, and its key with another.
func (t *trial) again() {
	if len(t.sent) == 0 {
		return
	}
	t.met["an order comes again"]++
	s := t.sent[t.faults.IntN(len(t.sent))]
	before := t.dump()
	count := t.events()
	receipt, err := t.w.service.Do(t.w.ctx, s.order)
	if err != nil || !receipt.Repeated || receipt.Version != s.receipt.Version || receipt.Target != s.receipt.Target {
		t.wrong(38, "%s sent again answered %+v and %v; the first answer was %+v", s.order.Command.Name(), receipt, err, s.receipt)
	}
	if now := t.events(); now != count {
		t.wrong(38, "%s sent again made %d events", s.order.Command.Name(), now-count)
	}
	if after := t.dump(); after != before {
		t.wrong(38, "%s sent again changed rows: %s", s.order.Command.Name(), firstOther(before, after))
	}
	other := s.order
	other.Command, other.Target = journey.NoteContact{How: care.ByPhone, Words: "Noe annet."}, s.receipt.Target
	if s.order.Command.Name() != other.Command.Name() {
		if receipt, err := t.w.service.Do(t.w.ctx, other); err == nil {
			t.wrong(38, "the key of %s was taken for something else: %+v", s.order.Command.Name(), receipt)
		}
	}
}

func (t *trial) events() int {
	n, position := 0, t.position
	for {
		events, err := t.w.store.Follow(t.w.ctx, position, 500)
		if err != nil || len(events) == 0 {
			return n
		}
		n, position = n+len(events), events[len(events)-1].Position
	}
}

// undo tries to take back a random act, mostly a new one.
func (t *trial) undo() {
	h := t.anyJourney()
	if h == nil {
		return
	}
	s, err := journey.Fold(h.records)
	if err != nil || len(s.Acts) == 0 {
		return
	}
	n := len(s.Acts) - 1 - t.faults.IntN(min(len(s.Acts), 1+t.faults.IntN(6)))
	who, behalf := t.speaking(h.ledger.responsible.Unit)
	t.send(casework.Order{Who: who, For: behalf, Target: h.stream.ID(), Command: journey.Undo{Version: s.Acts[n].First}})
}

// staleLook acts on something that changed since it was seen.
func (t *trial) staleLook() {
	h := t.anyJourney()
	if h == nil {
		return
	}
	for _, s := range h.ledger.steps {
		if !s.live || s.Kind == pathway.Answer {
			continue
		}
		state, err := journey.Fold(h.records)
		if err != nil {
			return
		}
		version := state.Steps[s.Step-1].Version
		who, behalf := t.speaking(s.Owner.Unit)
		before := t.events()
		_, err = t.w.service.Do(t.w.ctx, casework.Order{
			Who: who, For: behalf, Key: t.w.key(), Target: h.stream.ID(), Seen: care.Seen(version - 1),
			Command: journey.DropStep{Step: s.Step, Reason: "Trengs ikke."},
		})
		r, refused := care.AsRefusal(err)
		if version > 1 && (!refused || t.events() != before && r.Kind == care.Conflict) {
			t.wrong(36, "%s: an act on an old look at step %d was carried out: %v", h.stream, s.Step, err)
		}
		return
	}
}

func (t *trial) anyJourney() *history {
	var all []*history
	for _, name := range sorted(t.byName) {
		if h := t.byName[name]; h.stream.Kind() == "journey" {
			all = append(all, h)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return pick(t, all...)
}

func (t *trial) itemsOf(st store.Stream) ([]care.Item, error) {
	rows, _, err := t.w.store.Items(t.w.ctx, store.ItemQuery{Scope: store.Scope{All: true}, AnyPost: true, Stream: st})
	items := make([]care.Item, len(rows))
	for i, row := range rows {
		items[i] = row.Item
	}
	return items, err
}

// actOnUnit is what happens to staff: leave, leavers, joiners, closing.
func (t *trial) actOnUnit() {
	dir := t.w.service.Directory()
	u := pick(t, dir.All()...)
	s, _ := dir.Unit(u)
	people := []string{"kari", "turid", "nils", "tone", "per", "eva", "siri", "finn", "unni", "dag", "nina"}
	someone := pick(t, people...)
	role := pick(t, append(slices.Clone(s.Roles), care.Desk)...)
	var c directory.Command
	switch n := t.what.IntN(16); {
	case n < 5:
		for _, m := range s.Members {
			if m.Until.IsZero() && t.who.IntN(2) == 0 {
				someone = m.Professional
			}
		}
		from := t.w.clock.Now().AddDate(0, 0, t.when.IntN(6)-2)
		c = directory.GoAway{Professional: someone, Role: pick(t, "", "", role), From: from, Until: from.AddDate(0, 0, 3+t.when.IntN(30)), Substitute: pick(t, "", "", pick(t, people...))}
	case n < 7:
		c = directory.ComeBack{Absence: 1 + t.what.IntN(len(s.Absences)+1)}
	case n < 9:
		c = directory.Leave{Member: 1 + t.what.IntN(len(s.Members)+1)}
	case n < 12:
		c = directory.Join{Professional: someone, Role: role}
	case n == 12:
		c = directory.NameFallback{Post: pick(t, t.anyPost(), care.Post{})}
	case n == 13:
		c = directory.Close{Successor: pick(t, dir.All()...)}
		if t.what.IntN(2) > 0 {
			c = directory.CloseToNew{Redirect: pick(t, dir.All()...)}
		}
	case n == 14:
		c = directory.OpenToNew{}
	default:
		t.units++
		u = care.UnitID(fmt.Sprintf("unit-%d", t.units))
		c = directory.OpenUnit{
			Unit: u, Kind: pick[directory.Kind](t, "primary-care", "pain-clinic", "municipal-service"), Parent: pick(t, dir.All()...),
			Regime: care.Norway, Contact: directory.Contact{Name: string(u)}, Roles: []care.Role{pick[care.Role](t, "gp", "team", "coordinator")},
		}
	}
	t.send(casework.Order{Who: operator, Target: string(u), Command: c})
}

// actOnPerson is what is said and recorded about a person whatever the journey.
func (t *trial) actOnPerson() {
	p := pick(t, t.persons...)
	h := t.byName["person/"+string(p)]
	if h == nil {
		return
	}
	who, behalf := t.speaking(h.contact.Unit)
	mine := casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(p)}}
	offer := 0
	to := care.Post{}
	for _, r := range h.records {
		if e, ok := r.Event.(person.ContactOffered); ok {
			offer, to = e.Offer, e.To
		}
	}
	unit := func() care.Party { return care.Party{Kind: care.PartyUnit, Post: t.anyPost()} }
	order := casework.Order{Who: who, For: behalf, Target: string(p)}
	n := t.what.IntN(28)
	if state := t.personOf(h); state != nil && t.what.IntN(3) > 0 {
		if o, open := state.Contact.OpenOffer(); open {
			// It runs out soon: it is answered before much else.
			offer, to, n = o.Number, o.To, 11+t.what.IntN(5)
		}
	}
	switch n {
	case 0:
		order.Command = person.SetChannel{Channel: pick(t, care.ByPage, care.ByLetter, care.ByPhone)}
	case 26, 27:
		order.Command = person.SetLanguages{Reading: pick(t, care.Languages...), Interpreter: pick(t, "so", "ar", "so", "")}
	case 1, 2:
		order.Command = person.ChangeGP{GP: care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: pick[care.UnitID](t, "practice", "practice-b"), Role: "gp"}}}
	case 3:
		order.Command = person.ChangeGP{}
	case 4:
		order.Command = person.ChangeMunicipality{Municipality: care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: pick[care.UnitID](t, "municipality", "municipality-b"), Role: "municipality"}}}
	case 5:
		order.Who, order.For, order.Command = mine, nil, person.SayWhatMatters{Topic: pick(t, person.Topics...), Words: "Ro."}
	case 6:
		order.Who, order.For, order.Command = mine, nil, person.TellStory{Words: "Det begynte for to år siden."}
	case 7:
		order.Who, order.For, order.Command = mine, nil, person.Pause{Why: person.TooIll}
	case 8:
		order.Command = person.EndPause{Pause: 1}
	case 9, 10:
		order.Command = person.OfferContact{To: t.anyPost()}
	case 11, 12, 13:
		if t.who.IntN(3) > 0 {
			order.Who, order.For = t.speaking(to.Unit)
		}
		order.Command = person.AcceptContact{Offer: offer}
	case 14:
		order.Who, order.For = t.speaking(to.Unit)
		order.Command = person.DeclineContact{Offer: offer, Reason: "Ingen her."}
	case 15:
		order.Command = person.WithdrawContact{Offer: offer}
	case 16:
		order.Who, order.For, order.Command = mine, nil, person.RefuseContact{}
	case 17:
		order.Who, order.For, order.Command = mine, nil, person.WantContact{}
	case 18:
		order.Command = person.AppointContact{Post: care.Post{Unit: h.contact.Unit, Role: pick[care.Role](t, "coordinator", "gp", "team")}}
	case 19:
		order.Command = person.KeepContact{}
	case 20:
		order.Command = person.ReportCondition{Malaise: pick(t, person.MalaiseYes, person.MalaiseNo)}
	case 21:
		order.Command = person.SetEnergy{PerWeek: 1 + t.what.IntN(3)}
	case 22:
		order.Command = person.SetCarrier{What: person.SickNote, By: unit(), Until: t.soon()}
	case 23:
		order.Command = person.RecordFinding{Kind: "mri-lumbar", Examined: t.today(), By: unit(), Showed: "Normale funn."}
	case 24:
		order.Command = person.AddAlias{Alias: pick(t, t.persons...)}
	case 25:
		order.Command = person.RecordDeath{On: t.today()}
		if _, dead := t.dead[p]; dead {
			order.Command = person.RetractDeath{Reason: "Feil person."}
		}
	}
	t.send(order)
}

func (t *trial) personOf(h *history) *person.State {
	s := &person.State{}
	for _, r := range h.records {
		if err := person.Evolve(s, r); err != nil {
			return nil
		}
	}
	return s
}
