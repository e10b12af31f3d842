package casework

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"forlop/care"
	"forlop/care/directory"
	"forlop/pathway"
)

// siteService is what a unit has for options of pathways, as the file says it.
type siteService struct {
	at                      spot
	service, where, source  word
	wait, places, withdrawn word
	seen                    siteDay
	options                 []word
}

func (p *sitePage) service(n *yaml.Node) (siteService, bool) {
	s, before := siteService{at: spot{n.Line, n.Column, p.file}}, len(p.found)
	ok := p.keys(n, []siteKey{
		{"service", p.into(&s.service)}, {"where", p.into(&s.where)}, {"source", p.into(&s.source)},
		{"wait", p.into(&s.wait)}, {"places", p.into(&s.places)}, {"withdrawn", p.into(&s.withdrawn)},
		{"seen", func(n *yaml.Node) { s.seen = p.day(n) }},
		{"options", func(n *yaml.Node) {
			p.list(n, "a list of options", func(n *yaml.Node) {
				var o word
				if p.into(&o)(n); o.text != "" {
					s.options = append(s.options, o)
				}
			})
		}},
	})
	if !ok {
		return s, false
	}
	p.need(s.service, s.at, "service", "give what the unit has an id of your own: letters a-z, digits and hyphens")
	if s.withdrawn.given {
		if s.withdrawn.text != "true" {
			p.fault(s.withdrawn.at, "withdrawn-form", "write withdrawn: true, or leave it out")
		}
		return s, len(p.found) == before
	}
	p.need(s.where, s.at, "where", "patients see where they would go")
	p.need(s.source, s.at, "source", "somebody has said so: write who, and how")
	p.need(s.seen.word, s.at, "seen", "the day on which this was known; a wait without a day says nothing")
	if len(s.options) == 0 {
		p.fault(s.at, "missing", "options is missing: say which option or step of a pathway it answers to, as PATHWAY/CHOICE/OPTION or PATHWAY/steps/STEP")
	}
	return s, len(p.found) == before
}

// report is the service as the unit's stream keeps it.
func (p *sitePage) report(s siteService) (directory.Service, bool) {
	out := directory.Service{ID: s.service.text, Where: s.where.text, Source: s.source.text, Seen: s.seen.date}
	for _, o := range s.options {
		out.Options = append(out.Options, o.text)
	}
	slices.Sort(out.Options)
	if s.wait.text != "" {
		span, err := care.ParseSpan(s.wait.text)
		if err != nil {
			p.fault(s.wait.at, "wait-form", "%s", err)
			return out, false
		}
		out.Wait = &span
	}
	if s.places.text != "" {
		n, err := strconv.Atoi(s.places.text)
		if err != nil {
			p.fault(s.places.at, "places-form", "%q is not a number: write how many can begin in a month", s.places.text)
			return out, false
		}
		out.Places = n
	}
	return out, true
}

// serves reports what the unit has where the file says otherwise than is known.
// What the file does not name is left: withdrawing says so.
func (p *sitePlan) serves(u siteUnit) {
	there, ok := p.dir.Unit(care.UnitID(u.unit.text))
	if !ok || there.Status == directory.Closed {
		return
	}
	for _, s := range u.services {
		known := slices.IndexFunc(there.Services, func(x directory.Service) bool { return x.ID == s.service.text })
		fields := map[string]word{"service": s.service, "where": s.where, "source": s.source, "seen": s.seen.word, "places": s.places, "wait": s.wait}
		if len(s.options) > 0 {
			fields["options"] = s.options[0]
		}
		if s.withdrawn.given {
			if known >= 0 {
				p.decide(there.Unit, directory.WithdrawService{Service: s.service.text}, string(there.Unit)+" has "+s.service.text+" no more", s.at, fields)
			}
			continue
		}
		report, ok := p.report(s)
		if !ok {
			continue
		}
		for _, o := range s.options {
			if len(p.options) > 0 && !p.options[o.text] {
				p.warn(o.at, "option-unknown", "no published pathway has the option or step %q%s", o.text, expected(o.text, sortedOptions(p.options)))
			}
		}
		if known >= 0 && directory.SameService(there.Services[known], report) {
			continue
		}
		p.decide(there.Unit, directory.ReportService{Service: report}, string(there.Unit)+" has "+reportWords(report), s.at, fields)
	}
	for _, x := range there.Services {
		if !slices.ContainsFunc(u.services, func(s siteService) bool { return s.service.text == x.ID }) {
			p.warn(u.at, "service-left", "%s has %s, which the file does not name; it is left (write withdrawn: true to take it away)", there.Unit, x.ID)
		}
	}
}

func reportWords(s directory.Service) string {
	words := s.ID + " for " + strings.Join(s.Options, ", ") + ": " + s.Where
	if s.Wait != nil {
		words += ", wait " + s.Wait.String()
	}
	if s.Places > 0 {
		words += ", " + strconv.Itoa(s.Places) + " a month"
	}
	return words + " (" + s.Seen.String() + ")"
}

func sortedOptions(known map[string]bool) []string {
	all := make([]string, 0, len(known))
	for o := range known {
		all = append(all, o)
	}
	slices.Sort(all)
	return all
}

// optionsOf are what a service can answer to: all options of pathways, as
// PATHWAY/CHOICE/OPTION, and all steps, whose known wait a unit can state, as
// PATHWAY/steps/STEP.
func optionsOf(defs []*pathway.Definition) map[string]bool {
	all := map[string]bool{}
	for _, d := range defs {
		for _, st := range d.Steps {
			all[d.ID+"/steps/"+string(st.ID)] = true
		}
		for _, c := range d.Choices {
			for _, o := range c.Options {
				all[d.ID+"/"+string(c.ID)+"/"+o.ID] = true
			}
		}
	}
	return all
}
