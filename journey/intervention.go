package journey

import "forlop/care"

// agree agrees on an intervention. It always has an owner: the acting post,
// until the party it is meant for accepts.
func (d *draft) agree(c NewIntervention, meeting int) error {
	if c.What == "" {
		return care.Refuse("intervention-what", "Say what shall be done.").On("what")
	}
	if c.Due.IsZero() {
		return care.Refuse("intervention-due", "Say when it shall be done, or looked at again.").On("due")
	}
	if err := d.future(c.Due, "due"); err != nil {
		return err
	}
	if c.RaisesActivity && d.k.Person.PEM != nil && *d.k.Person.PEM && c.Despite == "" {
		return care.Refuse("pem-gates",
			"Effort makes this patient worse. Something that raises activity needs a reason that the patient has agreed to.").On("despite")
	}
	owner := d.s.Responsible
	n := len(d.s.Interventions) + 1
	meant := c.For
	mine := meant.Kind == care.PartyUnit && meant.Post == owner
	d.addWith(InterventionAgreed{
		Intervention: n, Meeting: meeting, Owner: owner, Meant: meant, Due: d.endOf(c.Due), RaisesActivity: c.RaisesActivity,
	}, sealed("what", c.What, "despite", c.Despite))
	if meant.Kind == care.PartyUnit && !mine {
		if !d.k.Posts.Exists(meant.Post) {
			return care.Refuse("post-missing", "The post {post} does not exist or is closed.", "post", meant.Post.String()).On("for")
		}
		d.offered(Offered{Kind: OfIntervention, From: owner, To: meant.Post, By: d.deadline(forAnswer), Intervention: n})
	}
	return nil
}

func (d *draft) report(c ReportIntervention) error {
	i, err := d.running(c.Intervention)
	if err != nil {
		return err
	}
	switch c.State {
	case "on-its-way", "hindered", "needs-help":
	default:
		return care.Refuse("intervention-state", "Say how it goes: on its way, hindered, or needs help.").On("state")
	}
	if c.Due.IsZero() {
		return care.Refuse("intervention-due", "Say when it shall be done, or looked at again.").On("due")
	}
	if err := d.future(c.Due, "due"); err != nil {
		return err
	}
	d.addWith(InterventionReported{Intervention: i.Intervention, State: c.State, Due: d.endOf(c.Due)}, sealed("words", c.Words))
	if c.State == "needs-help" {
		d.need("intervention-needs-help", d.s.Responsible, d.deadline(forDecision), 0, 0)
	}
	return nil
}

func (d *draft) endIntervention(c EndIntervention) error {
	i, err := d.running(c.Intervention)
	if err != nil {
		return err
	}
	switch c.Outcome {
	case "done":
	case "dropped":
		if c.Words == "" {
			return care.Refuse("reason-missing", "Say why, and what you advise instead. The patient reads it.").On("words")
		}
	default:
		return care.Refuse("intervention-outcome", "An intervention ends as done or dropped.").On("outcome")
	}
	d.addWith(InterventionEnded{Intervention: i.Intervention, Outcome: c.Outcome}, sealed("words", c.Words))
	d.withdrawAll(func(o Offer) bool { return o.Kind == OfIntervention && o.Intervention == i.Intervention })
	return nil
}

func (d *draft) running(n int) (Intervention, error) {
	i, err := at(d.s.Interventions, n, "intervention")
	if err != nil {
		return Intervention{}, care.Missing("intervention-not-running", "That intervention is not running.")
	}
	if i.State != InterventionRunning {
		return Intervention{}, care.Stale("intervention-not-running", "That intervention is not running.")
	}
	return *i, d.seen(i.Version)
}
