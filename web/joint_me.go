package web

import (
	"net/http"
	"strconv"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
)

// summaryTasks are the summaries of joint assessments that wait for the patient's
// answer.
func summaryTasks(p page, v casework.JourneyView) []task {
	var tasks []task
	for _, j := range v.State.Joints {
		if j.Open() && j.State == journey.JointSummed {
			tasks = append(tasks, task{
				title: p.T("me.joint"), href: "/me/summary/" + v.ID + "/" + p.lang.Number(j.Joint),
				hint: p.T("me.joint-hint"), status: taskOpen,
			})
		}
	}
	return tasks
}

// summaryForm shows the summary of a joint assessment, with what was seen
// otherwise, and takes the patient's answer to it.
func summaryForm(c *call) error {
	p, plan, err := c.plan("me.joint")
	if err != nil {
		return err
	}
	v, ok := journeyIn(plan, c.r.PathValue("journey"))
	n, bad := strconv.Atoi(c.r.PathValue("joint"))
	if !ok || bad != nil || n < 1 || n > len(v.State.Joints) || v.State.Joints[n-1].State != journey.JointSummed || !v.State.Joints[n-1].Open() {
		return care.Missing("summary-not-open", "There is no summary that waits for your answer.")
	}
	answer := c.r.PostFormValue("answer")
	f := sheet{
		action: c.r.URL.Path, intro: p.T("me.joint-intro"), button: p.T("me.send"), hidden: []pair{{"seen", strconv.Itoa(v.State.Joints[n-1].Version)}},
		choose: &choiceField{name: "answer", legend: p.T("me.joint-answer")},
		fields: []field{{name: "words", label: p.T("me.joint-words"), value: c.r.PostFormValue("words"), rows: 4, max: longestText, optional: true}},
	}
	for _, a := range []journey.SummaryAnswer{journey.SummaryApproved, journey.SummaryChanges, journey.SummaryNotApproved} {
		f.choose.choices = append(f.choose.choices, choice{value: string(a), label: p.T("me.joint-says." + string(a)), chosen: string(a) == answer})
	}
	for _, r := range v.History {
		switch e := r.Event.(type) {
		case journey.JointSummarised:
			if e.Joint == n && e.Draft == v.State.Joints[n-1].Drafts {
				f.quote = append(f.quote, quote{who: p.T("me.summary"), text: v.Text[r.Version]["summary"]})
			}
		case journey.Disagreed:
			if e.Joint == n {
				f.quote = append(f.quote, quote{who: p.T("me.joint-otherwise", "who", partyWords(p, v, e.From)), text: v.Text[r.Version]["words"]})
			}
		}
	}
	if c.r.Method == http.MethodGet {
		return c.showForm(p, f, nil)
	}
	if err := c.act(v.ID, journey.AnswerSummary{Joint: n, Answer: journey.SummaryAnswer(answer), Words: clean(c.r.PostFormValue("words"))}); err != nil {
		return c.showForm(p, f, err)
	}
	return c.done("summary")
}

// patientKinds are the kinds of examination that a patient chooses from, each
// with its words under me.finding-kind.
var patientKinds = []string{"mri", "ct", "x-ray", "ultrasound", "blood-tests", "nerve-test", "specialist", "physiotherapist", "psychologist", "other-examination"}

// findingsForm shows what has been examined, and takes what the patient brings
// along: what, when, where and what it showed.
func findingsForm(c *call) error {
	p, plan, err := c.plan("me.findings")
	if err != nil {
		return err
	}
	if !p.may(access.Plan) {
		return access.Denied()
	}
	kind := c.r.PostFormValue("kind")
	f := sheet{
		action: "/me/findings", intro: p.T("me.findings-intro"), button: p.T("form.save"),
		choose: &choiceField{name: "kind", legend: p.T("me.findings-kind")},
		fields: []field{
			{name: "examined", label: p.T("me.findings-when"), kind: "date", value: c.r.PostFormValue("examined")},
			{name: "by", label: p.T("me.findings-where"), value: c.r.PostFormValue("by"), max: longestLine},
			{name: "showed", label: p.T("me.findings-showed"), value: c.r.PostFormValue("showed"), rows: 6, max: longestText, optional: true},
			{name: documentField, label: p.T("me.findings-file"), hint: p.T("staff.hint.attachment"), kind: "file", optional: true},
		},
	}
	for _, k := range patientKinds {
		f.choose.choices = append(f.choose.choices, choice{value: k, label: p.T("me.finding-kind." + k), chosen: k == kind})
	}
	for _, x := range plan.Person.State.Findings {
		if !x.Withdrawn {
			q := quote{who: findingName(p, x.Kind), when: p.date(x.Examined), text: plan.Person.Text[x.Version]["showed"]}
			// A relative reads what it showed; the document is the patient's to hand on.
			if x.File != "" && p.standing == nil && len(plan.Journeys) > 0 {
				q.file = &link{text: p.T("me.findings-open"), href: findingFile(plan.Journeys[0].ID, x.Number)}
			}
			f.quote = append(f.quote, q)
		}
	}
	if c.r.Method == http.MethodGet {
		return c.showForm(p, f, nil)
	}
	examined, err := care.ParseDate(c.r.PostFormValue("examined"))
	if err != nil {
		return c.showForm(p, f, onField(err, "examined"))
	}
	file, ok := c.document()
	if !ok {
		return c.showForm(p, f, care.Refuse("attachment-size", "A document has at most {most} megabytes and is not empty.", "most", strconv.Itoa(casework.LargestAttachment>>20)).On(documentField))
	}
	if c.r.PostFormValue("key") == "" {
		return noFormKey()
	}
	o := c.order(string(plan.Person.Key), person.RecordFinding{
		Kind: kind, Examined: examined, By: care.Party{Kind: care.PartyOther, Name: clean(c.r.PostFormValue("by"))}, Showed: clean(c.r.PostFormValue("showed")),
	})
	o.Attachment = file
	if _, err = c.s.service.Do(c.r.Context(), o); err != nil {
		return c.showForm(p, f, err)
	}
	return c.done("finding")
}

// findingName is what a kind of examination is called; one that only the staff's
// list knows is shown as it was recorded.
func findingName(p page, kind string) string {
	if key := "me.finding-kind." + kind; p.lang.has(key) {
		return p.T(key)
	}
	return kind
}
