package pathway

import (
	"regexp"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"forlop/care"
)

var (
	pathwayName = regexp.MustCompile(`^[a-z]{2}\.[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	versionForm = regexp.MustCompile(`^[0-9]{4}\.[0-9]{2}(\.[0-9]{1,3})?$`)
	// refForm is a pathway's name and version; a local layer stands behind a plus.
	refForm = regexp.MustCompile(`^[a-z]{2}\.[a-z][a-z0-9]*(-[a-z0-9]+)*(\+[a-z][a-z0-9]*(-[a-z0-9]+)*)?@[0-9]{4}\.[0-9]{2}(\.[0-9]{1,3})?$`)
	urlForm = regexp.MustCompile(`^https?://[^\s]+$`)
)

// definitionShape is pathway.yaml.
func definitionShape(d *Definition) shape {
	return object(
		must("pathway", "The name of the pathway: the country, a dot and what it is for.", pattern(&d.ID, pathwayName, "no.pain")),
		must("version", `The version in quotes, such as "2025.04": year and month of the text it follows. The same version never changes.`, pattern(&d.Version, versionForm, `"2025.04"`)),
		must("regime", "The law that journeys in this pathway run under.", oneOf(&d.Regime, care.Norway, care.Sweden)),
		must("status", "published where a national text in force stands behind it, draft where none does. A draft says so to everyone.", oneOf(&d.Status, Published, Draft)),
		must("sources", "The published texts that this file rests on. Every number and rule names one of them, or a tag.", table("A published text.", d.sourceShape)),
		must("review", "When this file must be looked at again, and by whom.", reviewShape(d)),
		must("for", "Who the pathway is for. It informs the one who refers; it never refuses anyone.", d.audienceShape()),
		may("facts", "Values that conditions may read, with their types. age and pem need no declaration.", table("The type of the fact, or the list of texts it can be.", d.factShape)),
		may("tables", "Decision tables: each reads facts and gives one more, which conditions can read by the table's name.", table("One table.", d.tableShape)),
		must("roles", "Who does something. Each role is filled by a unit; the patient is in every pathway and is not listed.", table("One role.", d.roleShape)),
		must("milestones", "Dated events that clocks and reports use. referral-received is the day of the first receipt and is in every pathway.", table("One milestone.", d.milestoneShape)),
		may("clocks", "Time limits between two milestones. Day 0 is the day of the first; the limit ends at midnight after its last day.", table("One clock.", d.clockShape)),
		must("steps", "What shall happen, in the order people read it.", table("One step.", d.stepShape)),
		may("choices", "Options that are laid side by side and chosen together.", table("One choice.", d.choiceShape)),
		may("cautions", "Warnings that are shown before a step is planned or an option is chosen.", table("One caution.", d.cautionShape)),
		must("ends", "The ways a journey can end. A person sets them, never time or silence. \"Does not fit\" is not one of them.", table("One ending.", d.endShape)),
		must("overdue", "What happens when a latest date passes: the service contacts the patient, and the delay climbs to a named person.", d.overdueShape()),
		may("keep-old-plan", "How long a patient whose journey has moved to this version may choose to keep the old plan. Leave it out where the new version replaces the old one for everybody.", d.keepShape()),
		may("codes", "National codes the pathway reports with. The values are a site's configuration and are not set here.", table("One code.", d.codeShape)),
	)
}

func reviewShape(d *Definition) shape {
	return object(
		must("by", "The last day for the next review.", date(&d.Review.By)),
		must("owner", "The body that reviews it. An organisation or a function, not a person.", text(&d.Review.Owner)),
	)
}

func (d *Definition) milestoneShape(id string) shape {
	d.Milestones = append(d.Milestones, Milestone{ID: MilestoneID(id)})
	return object(basisKeys(&last(d.Milestones).Basis)...)
}

func last[E any](list []E) *E { return &list[len(list)-1] }

// basisKeys are the two keys that say where a number or rule comes from.
func basisKeys(b *Basis) []key {
	return []key{
		may("source", "The source that says this, by its name under sources.", id(&b.Source)),
		may("tag", "proposed where it is ours, assumed where it is taken for granted. Use it only where there is no source.", oneOf(&b.Tag, tags...)),
	}
}

func with(b *Basis, keys ...key) shape { return object(append(keys, basisKeys(b)...)...) }

func (d *Definition) sourceShape(name string) shape {
	d.Sources = append(d.Sources, Source{ID: SourceID(name)})
	s := last(d.Sources)
	return object(
		must("publisher", "Who published it.", text(&s.Publisher)),
		must("title", "Its title; for a law, with the paragraph.", text(&s.Title)),
		must("url", "Where to read it.", pattern(&s.URL, urlForm, "https://…")),
		may("changed", "The last professional change that the publisher states.", date(&s.Changed)),
		may("quote", "The sentence that the file rests on, word for word.", text(&s.Quote)),
	)
}

func (d *Definition) audienceShape() shape {
	return with(&d.For.Basis,
		may("age", `The ages it is written for: "18 and over", "under 18" or "12 to 18".`, age(&d.For)),
		may("codes", "Diagnosis codes that usually lead here, per code system.", codeSets(&d.For.Codes)),
		may("opens", "Reasons that usually open the pathway, each with its source. Any other reason opens it just as well.", table("One reason; its words stand in the text files.", func(reason string) shape {
			d.For.Opens = append(d.For.Opens, Opening{ID: reason})
			return object(basisKeys(&last(d.For.Opens).Basis)...)
		})),
		may("checklist", "What a good referral holds. What is missing is shown, and refuses nothing.", nameList("One thing a good referral holds; its words stand in the text files.", &d.For.Checklist)),
	)
}

var ageForm = regexp.MustCompile(`^(?:([0-9]{1,3}) and over|under ([0-9]{1,3})|([0-9]{1,3}) to ([0-9]{1,3}))$`)

func age(a *Audience) shape {
	return scalar(`text such as "18 and over", "under 18" or "12 to 18"`, onlyText, map[string]any{"type": "string", "pattern": ageForm.String()}, func(r *reader, n *yaml.Node) {
		m := ageForm.FindStringSubmatch(n.Value)
		if m == nil {
			r.fault(n, "E106", `%q is not a range of ages: write "18 and over", "under 18" or "12 to 18"`, n.Value)
			return
		}
		number := func(s string) int { v, _ := strconv.Atoi(s); return v }
		switch {
		case m[1] != "":
			a.MinAge = number(m[1])
		case m[2] != "":
			a.MaxAge = number(m[2]) - 1
		default:
			a.MinAge, a.MaxAge = number(m[3]), number(m[4])
			if a.MinAge > a.MaxAge {
				r.fault(n, "E106", "%q goes backwards", n.Value)
			}
		}
		if a.MaxAge < 0 {
			a.MaxAge = 0
			r.fault(n, "E106", "%q includes nobody", n.Value)
		}
	})
}

// codeSets is a mapping from a code system, written as the world writes it, to
// a list of codes.
func codeSets(dst *[]CodeSet) shape {
	return shape{
		read: func(r *reader, n *yaml.Node, path string) {
			r.pairs(n, path, func(name, value *yaml.Node) {
				set := CodeSet{System: name.Value}
				list("", func() shape {
					return scalar("text, such as L18", onlyText, nil, func(r *reader, n *yaml.Node) {
						if slices.Contains(set.Codes, n.Value) {
							r.fault(n, "E102", "%q stands twice in the list", n.Value)
							return
						}
						set.Codes = append(set.Codes, n.Value)
					})
				}).read(r, value, r.under(name, value, path))
				*dst = append(*dst, set)
			})
		},
		schema: func() map[string]any {
			return map[string]any{"type": "object", "additionalProperties": map[string]any{
				"type": "array", "description": "The codes of one system, such as ICPC-2.",
				"items": map[string]any{"type": "string", "minLength": 1, "description": "One code."},
			}}
		},
	}
}

func (d *Definition) factShape(name string) shape {
	d.Facts = append(d.Facts, Fact{ID: FactID(name), Type: TextFact})
	f := last(d.Facts)
	return either(oneOf(&f.Type, factTypes...), nameList("One text the fact can be.", &f.Values))
}

func (d *Definition) roleShape(name string) shape {
	d.Roles = append(d.Roles, Role{ID: RoleID(name)})
	role := last(d.Roles)
	return object(
		must("at", "The kinds of unit that can fill the role.", wordList("One kind of unit.", &role.At, UnitKinds...)),
		may("professions", "The professions the role asks for.", wordList("One profession.", &role.Professions, Professions...)),
		may("contact", "true for the one role that is the person's first contact.", yesNo(&role.Contact)),
	)
}

func (d *Definition) clockShape(name string) shape {
	d.Clocks = append(d.Clocks, Clock{ID: ClockID(name)})
	c := last(d.Clocks)
	return with(&c.Basis,
		must("kind", "law where a law sets the limit, pathway where the national text does, own where it is a goal of ours.", oneOf(&c.Kind, clockKinds...)),
		must("from", "The milestone that starts it.", id(&c.From)),
		must("to", "The milestone that stops it.", id(&c.To)),
		must("within", "The limit, such as 12 weeks or 10 working days. Weeks are calendar weeks.", span(&c.Within)),
		may("pauses", "The only reasons for which it may stand still, each with its source. Plain time is always shown beside.", table("One reason.", func(reason string) shape {
			c.Pauses = append(c.Pauses, Pause{Reason: reason})
			return object(basisKeys(&last(c.Pauses).Basis)...)
		})),
		may("share", "How many of a hundred journeys should meet the limit.", whole(&c.Share, 1, 100)),
	)
}

func (d *Definition) cautionShape(name string) shape {
	d.Cautions = append(d.Cautions, Caution{ID: name})
	c := last(d.Cautions)
	return with(&c.Basis,
		may("when", "When it is shown. Left out, it is always shown.", condition(&c.When)),
	)
}

func (d *Definition) endShape(name string) shape {
	d.Ends = append(d.Ends, End{ID: EndID(name)})
	e := last(d.Ends)
	return with(&e.Basis,
		may("after", "What must have happened before a person can set this end. Left out, it can be set at any time, with a reason.", needs(&e.After)),
		may("carries-on", "The role that must have accepted responsibility before the journey can end.", id(&e.CarriesOn)),
		may("asks", "What must be said: prescriptions, sick notes, the next check, how to come back, a reason, a safety net.", wordList("One thing that must be said.", &e.Asks, endAsks...)),
	)
}

func (d *Definition) keepShape() shape {
	var k KeepOld
	inner := with(&k.Basis, must("within", "How long, counted from the day of the move.", span(&k.Within)))
	read := inner.read
	inner.read = func(r *reader, n *yaml.Node, path string) {
		read(r, n, path)
		d.KeepOld = &k
	}
	return inner
}

func (d *Definition) overdueShape() shape {
	contact := &d.Overdue.Contact
	return object(
		must("contact", "Who contacts the patient after a latest date has passed, and how soon. The patient need not chase.", with(&contact.Basis,
			must("who", "The role that makes contact.", id(&contact.Who)),
			must("within", "How soon after the latest date.", span(&contact.Within)),
		)),
		must("ladder", "Who is told, rung by rung. The last rung is the lead, who is a named person.", list("One rung.", func() shape {
			d.Overdue.Ladder = append(d.Overdue.Ladder, Rung{})
			rung := last(d.Overdue.Ladder)
			return with(&rung.Basis,
				must("after", "How long after the latest date. 0 days is the day after it.", span(&rung.After)),
				must("to", "The owner of the step, the coordinator, or the lead of the responsible unit.", oneOf(&rung.To, ladderTo...)),
			)
		})),
	)
}

func (d *Definition) codeShape(name string) shape {
	d.Codes = append(d.Codes, Code{ID: name})
	c := last(d.Codes)
	return object(
		must("system", "The national code system, in quotes where it is a number.", text(&c.System)),
		may("at", "The milestone that is reported.", id(&c.At)),
		may("end", "The ending that is reported.", id(&c.End)),
	)
}

// needs is a list of what must come first: a milestone, a step, or a step with
// one of its outcomes.
func needs(dst *[]Need) shape {
	entry := func() shape {
		return shape{
			read: func(r *reader, n *yaml.Node, path string) {
				name, outcome := n, ""
				if n.Kind == yaml.MappingNode && len(n.Content) == 2 {
					name = n.Content[0]
					oneWord := id(&outcome)
					oneWord.read(r, n.Content[1], path)
					if outcome == "" {
						return
					}
				} else if n.Kind != yaml.ScalarNode {
					r.wrongType(n, "a milestone, a step, or a step with its outcome such as \"assess-referral: accept\"")
					return
				}
				if !r.checkID(name) {
					return
				}
				// Whether it is a step or a milestone shows when all are read.
				need := Need{Step: StepID(name.Value), Outcome: outcome}
				if slices.Contains(*dst, need) {
					r.fault(n, "E102", "%q stands twice in the list", name.Value)
					return
				}
				*dst = append(*dst, need)
			},
			schema: func() map[string]any {
				return map[string]any{"anyOf": []any{
					map[string]any{"type": "string", "pattern": idPattern, "description": "A milestone that must be reached, or a step that must be done."},
					map[string]any{"type": "object", "minProperties": 1, "maxProperties": 1, "description": "A step and the outcome it must have.",
						"additionalProperties": map[string]any{"type": "string", "pattern": idPattern, "description": "The outcome, such as accept."}},
				}}
			},
		}
	}
	return list("One thing that must come first.", entry)
}
