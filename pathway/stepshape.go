package pathway

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"forlop/care"
)

func (d *Definition) stepShape(name string) shape {
	d.Steps = append(d.Steps, Step{ID: StepID(name)})
	s := last(d.Steps)
	return with(&s.Basis,
		must("kind", "What sort of step it is: task, answer (to a referral), visit, meeting, form, choice or hand-over.", oneOf(&s.Kind, stepKinds...)),
		must("who", "The role that does it, or patient.", id(&s.Who)).coded("E305"),
		may("follower", "The role that owns the step where the patient does it: it helps, reminds and asks.", id(&s.Follower)),
		may("after", "What must have happened first: milestones, steps, or a step with its outcome such as assess-referral: accept. All of them.", needs(&s.After)),
		may("if", `A condition that must be true for the step to open, in quotes. While it is not yet known, the step is shown as not decided.`, condition(&s.If)),
		must("by", "The latest date: \"clock\" and the name of a clock, or a span from the day the step opens.", byShape(&s.By)).coded("E306"),
		may("sets", "The milestone that is reached when the step is done.", id(&s.Sets)),
		may("effort", "What the step asks of the patient: none, or minutes, travel and rest days.", effortShape(&s.Effort)),
		may("ways", "The forms it can take. At least one needs no travel, or travel-only says that none exists.", wordList("One form: clinic, home, phone, video, written, relative (someone in the patient's place) or parts.", &s.Ways, ways...)),
		may("travel-only", "true where no form without travel exists.", yesNo(&s.TravelOnly)),
		may("answers", "The answers to a referral: accept, advise, redirect and ask. There is no reject.", choices("What this answer sets and what it must hold.", answerKinds, func(kind AnswerKind) shape {
			s.Answers = append(s.Answers, AnswerRule{Kind: kind})
			return last(s.Answers).shape()
		})),
		may("agenda", "The items of a meeting in their order. The patient speaks first on every item.", table("One item. Its words stand in the text files.", func(item string) shape {
			s.Agenda = append(s.Agenda, AgendaItem{ID: item})
			a := last(s.Agenda)
			return with(&a.Basis,
				may("with", "The roles that are present for this item only. Left out, everyone is.", nameList("One role.", &a.With)),
				may("without", "The roles that are not present for this item.", nameList("One role.", &a.Without)),
			)
		})),
		may("reply", "How long decisions made without the patient stay open for their answer.", replyShape(&s.AnswerWithin, &s.AnswerWithinBasis)),
		may("repeat", "Opens the step again once it is done: so many times, or until a milestone is reached.", repeatShape(s)),
		may("raises-activity", "true where the step asks the patient to do more. It then needs a caution that shows with post-exertional malaise.", yesNo(&s.RaisesActivity)),
		may("to", "The role a hand-over offers responsibility to. It moves when they accept.", id(&s.To)),
		may("choice", "The choice that is made here, by its name under choices.", id(&s.Choice)),
		may("cautions", "Warnings that are shown before the step is planned.", nameList("One caution.", &s.Cautions)),
	)
}

func (a *AnswerRule) shape() shape {
	return with(&a.Basis,
		may("sets", "The milestone that is reached. Redirect and ask set none: the clock runs on until someone answers.", id(&a.Sets)),
		may("asks", "The fields that must be filled in before the answer is given.", wordList("One field.", &a.Asks, answerAsks...)),
		may("reply", "How long the receiver has to take the offer or answer the question before it comes back to its sender.", replyShape(&a.AnswerWithin, &a.AnswerWithinBasis)),
	)
}

var byForm = regexp.MustCompile(`^clock ([a-z][a-z0-9-]*)$`)

func byShape(by *By) shape {
	words := scalar(`"clock" and the name of a clock, or {within: …, tag: …}`, onlyText, map[string]any{"type": "string", "pattern": byForm.String()}, func(r *reader, n *yaml.Node) {
		m := byForm.FindStringSubmatch(n.Value)
		if m == nil {
			hint := ""
			if validID.MatchString(n.Value) {
				hint = "; write clock " + n.Value + " if it is the name of a clock"
			} else if strings.ContainsAny(n.Value, "0123456789") {
				hint = "; write {within: " + n.Value + ", tag: proposed} or name its source"
			}
			r.fault(n, "E106", "%q is not a latest date%s", n.Value, hint)
			return
		}
		by.Clock = ClockID(m[1])
	})
	return either(words, with(&by.Basis,
		must("within", "How long from the day the step opens.", span(&by.Within)),
	))
}

func effortShape(e *Effort) shape {
	none := scalar("none, or {minutes: …, travel: …}", onlyText, map[string]any{"type": "string", "enum": []string{"none"}}, func(r *reader, n *yaml.Node) {
		if n.Value != "none" {
			r.fault(n, "E106", "%q is not allowed here. Expected none, or {minutes: …, travel: …, rest-days: …, parts: …}", n.Value)
			return
		}
		e.Stated = true
	})
	full := with(&e.Basis,
		may("minutes", "About how many minutes it takes the patient, without travel.", whole(&e.Minutes, 1, 24*60)),
		may("travel", "true where the patient must travel.", yesNo(&e.Travel)),
		may("rest-days", "How many days of rest to plan around it.", whole(&e.RestDays, 0, 60)),
		may("parts", "true where it can be done in parts.", yesNo(&e.Split)),
	)
	read := full.read
	full.read = func(r *reader, n *yaml.Node, path string) {
		e.Stated = n.Kind == yaml.MappingNode
		read(r, n, path)
	}
	return either(none, full)
}

func replyShape(within *care.Span, basis *Basis) shape {
	return with(basis, must("within", "How long they have.", span(within)))
}

func repeatShape(s *Step) shape {
	repeat := Repeat{}
	full := with(&repeat.Basis,
		must("every", "How long after the step was done it is to be done again, at the latest.", span(&repeat.Every)),
		may("times", "How many times it opens again, at most. Either this or until.", whole(&repeat.Times, 1, 100)),
		may("until", "The milestone that ends the repeating. Either this or times.", id(&repeat.Until)),
	)
	return shape{schema: full.schema, read: func(r *reader, n *yaml.Node, path string) {
		s.Repeat = &repeat
		full.read(r, n, path)
		if (repeat.Times == 0) == (repeat.Until == "") && n.Kind == yaml.MappingNode {
			r.fault(n, "E314", "a repeat says either times or until, and exactly one of them: how many times more, or the milestone that ends it")
		}
	}}
}

func (d *Definition) choiceShape(name string) shape {
	d.Choices = append(d.Choices, Choice{ID: ChoiceID(name)})
	c := last(d.Choices)
	return object(
		must("options", "The options, in the order they are shown.", table("One option.", func(option string) shape { return optionShape(c, option) })),
	)
}

func optionShape(c *Choice, option string) shape {
	c.Options = append(c.Options, Option{ID: option})
	o := last(c.Options)
	return with(&o.Basis,
		may("effort", "What the option asks of the patient.", effortShape(&o.Effort)),
		may("raises-activity", "true where it asks the patient to do more. It then needs a caution that shows with post-exertional malaise.", yesNo(&o.RaisesActivity)),
		may("cautions", "Warnings that are shown before the option can be chosen.", nameList("One caution.", &o.Cautions)),
	)
}
