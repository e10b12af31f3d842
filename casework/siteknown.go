package casework

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"forlop/care"
	"forlop/care/directory"
)

// siteKnown is what a file says of a unit beside its posts: its numbers in
// registers, who runs it, how many it can take, and where new patients go.
type siteKnown struct {
	organisation, her, resh, hsa word
	redirect                     word
	run                          siteRun
	capacity                     siteCapacity
}

type siteRun struct {
	at          spot
	given       bool
	by, runner  word
	from, until siteDay
}

type siteCapacity struct {
	at                    spot
	given                 bool
	journeys, new, source word
	seen                  siteDay
}

func (p *sitePage) run(n *yaml.Node) siteRun {
	r := siteRun{at: spot{n.Line, n.Column, p.file}, given: true}
	p.keys(n, []siteKey{
		{"by", p.into(&r.by)}, {"runner", p.into(&r.runner)},
		{"from", func(n *yaml.Node) { r.from = p.day(n) }},
		{"until", func(n *yaml.Node) { r.until = p.day(n) }},
	})
	p.need(r.by, r.at, "by", "write by: region or by: contract")
	p.need(r.from.word, r.at, "from", "the first day on which it is run so")
	return r
}

func (p *sitePage) capacity(n *yaml.Node) siteCapacity {
	c := siteCapacity{at: spot{n.Line, n.Column, p.file}, given: true}
	p.keys(n, []siteKey{
		{"journeys", p.into(&c.journeys)}, {"new", p.into(&c.new)}, {"source", p.into(&c.source)},
		{"seen", func(n *yaml.Node) { c.seen = p.day(n) }},
	})
	return c
}

// count reads how many; a word that is no number is a fault.
func (p *sitePage) count(w word) int {
	if w.text == "" {
		return 0
	}
	n, err := strconv.Atoi(w.text)
	if err != nil {
		p.fault(w.at, "number-form", "%q is not a number", w.text)
	}
	return n
}

// tells records what the file says otherwise of a unit than is known. What the
// file does not say is left.
func (p *sitePlan) tells(u siteUnit) {
	there, ok := p.dir.Unit(care.UnitID(u.unit.text))
	if !ok || there.Status == directory.Closed {
		return
	}
	p.numbers(u, there)
	p.runs(u, there)
	p.takes(u, there)
	p.redirects(u, there)
}

func (p *sitePlan) numbers(u siteUnit, there directory.State) {
	numbers := slices.Clone(there.Numbers)
	said, at, fields := "", u.at, map[string]word{}
	for _, f := range []struct {
		register care.Register
		word     word
	}{
		{care.OrganisationOf(there.Regime), u.known.organisation}, {care.HER, u.known.her}, {care.RESH, u.known.resh}, {care.HSA, u.known.hsa},
	} {
		if !f.word.given {
			continue
		}
		number := f.word.text
		if read, err := f.register.Parse(number); err == nil {
			number = read
		}
		fields[string(f.register)] = f.word
		if number == there.Number(f.register) {
			continue
		}
		numbers = slices.DeleteFunc(numbers, func(n directory.Number) bool { return n.Register == f.register })
		if number != "" {
			numbers = append(numbers, directory.Number{Register: f.register, Number: number})
		}
		said, at = said+", "+string(f.register)+" "+quoted(number), f.word.at
	}
	if said == "" {
		return
	}
	slices.SortFunc(numbers, func(a, b directory.Number) int { return cmp.Compare(a.Register, b.Register) })
	p.decide(there.Unit, directory.GiveNumbers{Numbers: numbers}, string(there.Unit)+" has other numbers"+said, at, fields)
}

func (p *sitePlan) runs(u siteUnit, there directory.State) {
	r := u.known.run
	if !r.given || r.by.text == "" || r.from.text == "" {
		return
	}
	run := directory.Run{By: directory.RunBy(r.by.text), Runner: r.runner.text, From: r.from.date, Until: r.until.date}
	if slices.Contains(there.Runs, run) {
		return
	}
	words := string(there.Unit) + " is run by " + r.by.text
	if run.Runner != "" {
		words += " (" + run.Runner + ")"
	}
	words += " from " + run.From.String()
	if !run.Until.IsZero() {
		words += " to the end of " + run.Until.String()
	}
	p.decide(there.Unit, directory.SayRun{Run: run}, words, r.at, map[string]word{"by": r.by, "runner": r.runner, "until": r.until.word})
}

func (p *sitePlan) takes(u siteUnit, there directory.State) {
	c := u.known.capacity
	if !c.given {
		return
	}
	capacity := directory.Capacity{Journeys: p.count(c.journeys), New: p.count(c.new), Seen: c.seen.date, Source: c.source.text}
	if capacity == there.Capacity {
		return
	}
	p.decide(there.Unit, directory.SayCapacity{Capacity: capacity}, string(there.Unit)+" can take "+strconv.Itoa(capacity.Journeys)+" journeys, "+
		strconv.Itoa(capacity.New)+" new a week ("+capacity.Seen.String()+")", c.at, map[string]word{"seen": c.seen.word, "source": c.source})
}

// redirects closes a unit to new patients, or opens it again where the file says
// redirect: "".
func (p *sitePlan) redirects(u siteUnit, there directory.State) {
	w := u.known.redirect
	switch {
	case !w.given || w.text == string(there.Redirect):
		if !w.given && there.Redirect != "" {
			p.warn(u.at, "redirect-left", `%s sends new patients to %s, which the file does not say; it is left (write redirect: "" to open it)`, there.Unit, there.Redirect)
		}
	case w.text == "":
		p.decide(there.Unit, directory.OpenToNew{}, string(there.Unit)+" takes new patients again", w.at, nil)
	case p.isUnit(w):
		p.decide(there.Unit, directory.CloseToNew{Redirect: care.UnitID(w.text)}, string(there.Unit)+" sends new patients to "+w.text, w.at, map[string]word{"redirect": w})
	}
}

// number reads a professional's number in a register; "" where it is none, or
// where somebody else has it. No finding repeats the number.
func (p *sitePlan) number(w sitePerson, reference directory.Reference, text string) string {
	at := w.hpr.at
	if reference == directory.HSA {
		at = w.hsa.at
	}
	read, err := care.Register(reference).Parse(text)
	if p.refused(err, at, nil) {
		return ""
	}
	for _, id := range slices.Sorted(maps.Keys(p.names)) {
		if id != w.id.text && p.names[id].Number == read && p.people[id].Reference == reference {
			p.fault(at, "number-claimed", "%s and %s give the same %s number; one of them is wrong", id, w.id.text, reference)
			return ""
		}
	}
	return read
}
