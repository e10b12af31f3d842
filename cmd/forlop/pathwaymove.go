package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/improvement/rollout"
	"forlop/journey"
	"forlop/pathway"
)

// onTheWay asks what a new version means for patients who are on the way.
type onTheWay struct {
	keyed
	Database string `placeholder:"URL" help:"Also say what it means for the running journeys in this database: simulated with the engine that runs care; nothing is stored."`
	Mapping  string `placeholder:"FILE" help:"A mapping: what the parts of the older version are called in the newer one."`
	JSON     bool   `name:"json" help:"Print JSON."`
}

// diffAnswer is what pathway diff --json prints.
type diffAnswer struct {
	From     string            `json:"from"`
	To       string            `json:"to"`
	Changes  []string          `json:"changes"`
	Effect   *effectLine       `json:"effect"`
	Findings []pathway.Finding `json:"findings"`
}

type effectLine struct {
	At       string       `json:"at"`
	Journeys int          `json:"journeys"`
	Moves    int          `json:"moves"`
	Late     int          `json:"late"`
	Told     int          `json:"told"`
	OnPaper  int          `json:"onPaper"`
	Keep     int          `json:"keep"`
	Parts    []partLine   `json:"parts"`
	Cannot   []cannotLine `json:"cannot"`
}

type partLine struct {
	Path     string `json:"path"`
	Journeys int    `json:"journeys"`
	Late     int    `json:"late"`
	Earlier  int    `json:"earlier"`
	Later    int    `json:"later"`
	New      int    `json:"new"`
	Gone     int    `json:"gone"`
	Renamed  int    `json:"renamed"`
	Handed   int    `json:"handed"`
}

type cannotLine struct {
	Code     string   `json:"code"`
	Text     string   `json:"text"`
	Journeys int      `json:"journeys"`
	Examples []string `json:"examples"`
}

// database is the one to look in; false where none was named.
func (o onTheWay) database() (database, bool) {
	return database{Database: o.Database}, o.Database != ""
}

// differ prints what differs, and what it means for those on the way. It answers
// the two versions.
func (o onTheWay) differ(
	p *program, before, after string, l care.Language, load func(string) (*pathway.Definition, error),
) (from, to *pathway.Definition, err error) {
	db, asked := o.database()
	var s *casework.Service
	if asked {
		var done func() error
		if s, done, err = o.start(p, db); err != nil {
			return nil, nil, err
		}
		defer func() { err = errors.Join(err, done()) }()
	}
	find := func(name string) (*pathway.Definition, error) {
		if id, version, named := strings.Cut(name, "@"); named && s != nil {
			return s.Pathway(p.ctx, pathway.Ref{ID: id, Version: version})
		}
		return load(name)
	}
	if from, err = find(before); err != nil || from == nil {
		return nil, nil, err
	}
	if to, err = find(after); err != nil || to == nil {
		return nil, nil, err
	}
	m, findings, err := mappingIn(o.Mapping, from, to)
	if err != nil {
		return nil, nil, err
	}
	if pathway.HasErrors(findings) && o.Mapping != "" {
		return nil, nil, p.findings(findings, o.JSON)
	}
	if s == nil && !o.JSON {
		return from, to, p.printf("%s", pathway.Diff(from, to, l))
	}
	answer := diffAnswer{From: from.Ref.String(), To: to.Ref.String(), Findings: []pathway.Finding{}}
	if from.ID == to.ID {
		answer.Findings = append(answer.Findings, findings...)
	}
	var e casework.MoveEffect
	if s != nil {
		if e, err = s.Effect(p.ctx, pathway.Ref{ID: from.ID, Version: from.Version}, to, m); err != nil {
			return nil, nil, err
		}
		answer.Effect = effectOf(e)
	}
	words := spoken[l]
	text := pathway.DiffWith(from, to, l, func(path string) string {
		for _, part := range e.Parts {
			if part.Path == path {
				return words.part(part)
			}
		}
		return ""
	})
	if o.JSON {
		answer.Changes = strings.Split(strings.TrimRight(text, "\n"), "\n")
		return from, to, json.NewEncoder(p.stdout).Encode(answer)
	}
	if err := p.printf("%s\n%s", text, words.effect(e)); err != nil {
		return nil, nil, err
	}
	for _, f := range answer.Findings {
		p.say("%s", f)
	}
	return from, to, nil
}

// start opens the database for questions, beside a process that serves it.
func (o onTheWay) start(p *program, db database) (*casework.Service, func() error, error) {
	if err := db.there(); err != nil {
		return nil, nil, err
	}
	keys, err := o.keyring(db)
	if err != nil {
		return nil, nil, err
	}
	st, err := db.openToRead(p.ctx)
	if err != nil {
		return nil, nil, err
	}
	s, err := newService(p.ctx, st, keys)
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	return s, st.Close, nil
}

// mappingIn reads and checks a mapping file; no file is the empty mapping.
func mappingIn(file string, from, to *pathway.Definition) (pathway.Mapping, []pathway.Finding, error) {
	if file == "" {
		return pathway.Mapping{}, pathway.CheckMapping(from, to, pathway.Mapping{}), nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return pathway.Mapping{}, nil, usage("the mapping cannot be read: %s", err)
	}
	m, findings := pathway.ParseMapping(text)
	if !pathway.HasErrors(findings) {
		findings = append(findings, pathway.CheckMapping(from, to, m)...)
	}
	for i := range findings {
		findings[i].File = file
	}
	return m, findings, nil
}

func effectOf(e casework.MoveEffect) *effectLine {
	out := &effectLine{
		At: e.At.Format(time.RFC3339), Journeys: e.Journeys, Moves: e.Moves, Late: e.Late, Told: e.Told, OnPaper: e.OnPaper, Keep: e.Keep,
		Parts: []partLine{}, Cannot: []cannotLine{},
	}
	for _, x := range e.Parts {
		out.Parts = append(out.Parts, partLine(x))
	}
	for _, x := range e.Cannot {
		out.Cannot = append(out.Cannot, cannotLine(x))
	}
	return out
}

// pathwayMove moves running journeys to another version.
type pathwayMove struct {
	database
	keyed
	From     string   `arg:"" help:"The version that the journeys follow, such as no.pain@2025.04."`
	To       string   `arg:"" help:"The version they move to."`
	As       string   `required:"" placeholder:"WHO" help:"Who acts, from which post for pathways: PERSON@UNIT/pathway-approver."`
	Mapping  string   `placeholder:"FILE" help:"A mapping: what the parts of the old version are called in the new one."`
	Unit     []string `placeholder:"UNIT" help:"Only journeys for which this unit, or one below it, is responsible; without it those of the acting unit."`
	Size     int      `default:"50" help:"How many journeys a slice holds, when proposing."`
	Preview  bool     `xor:"act" help:"Say what would happen to each patient, and do nothing. Patients of the acting unit are shown, and the look is logged."`
	Confirm  bool     `xor:"act" help:"Start a proposed move, as a second person."`
	Slice    int      `xor:"act" placeholder:"N" help:"Move N slices now, in this process. A running service does it by itself."`
	Stop     bool     `xor:"act" help:"Stop at once, between two patients."`
	Resume   bool     `xor:"act" help:"Go on where it stopped."`
	Withdraw bool     `xor:"act" help:"Take a proposal back."`
	JSON     bool     `name:"json" help:"Print JSON."`
}

// Help is shown under the flags.
func (pathwayMove) Help() string {
	return "Without one of the actions, a move that is not known yet is proposed, and one that is known is shown. One person proposes, another confirms; " +
		"then journeys are moved slice by slice, each once, however often it is tried. A mapping that misses a step is refused with the step's place, and exit 3. " +
		"A file that is served meanwhile is refused: act on the pages of the service then. " +
		"Statuses: proposed, running, stopped, finished, withdrawn. Journeys are waiting, moved, kept (the patient keeps the old plan), failed (with an owner), ended or left."
}

// Run does one act on the move, or shows it.
func (c *pathwayMove) Run(p *program) (err error) {
	who, err := parseWho(c.As)
	if err != nil {
		return err
	}
	if err := c.there(); err != nil {
		return err
	}
	keys, err := c.keyring(c.database)
	if err != nil {
		return err
	}
	st, err := c.open(p.ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, err := newService(p.ctx, st, keys)
	if err != nil {
		return err
	}
	m := moving{p: p, s: s, who: who, c: c}
	return m.run()
}

// parseWho reads PERSON@UNIT/ROLE.
func parseWho(text string) (casework.Who, error) {
	id, at, ok := strings.Cut(text, "@")
	post, err := parsePost(at)
	if !ok || id == "" || err != nil {
		return casework.Who{}, usage("--as is %q; write PERSON@UNIT/ROLE, such as kari@clinic/pathway-approver", text)
	}
	return casework.Who{Actor: care.Actor{Kind: care.Professional, ID: id, Unit: post.Unit}, Post: post}, nil
}

// moving is one act on a move of journeys.
type moving struct {
	p   *program
	s   *casework.Service
	who casework.Who
	c   *pathwayMove
}

func (m moving) run() error {
	from, err := m.version(m.c.From)
	if err != nil {
		return err
	}
	to, err := m.version(m.c.To)
	if err != nil {
		return err
	}
	list, err := casework.View(m.p.ctx, m.s, m.who, casework.Campaigns{Pathway: from.ID})
	if err != nil {
		return asked(err)
	}
	var line *casework.CampaignLine
	for i, x := range list.Lines {
		if x.From.String() == from.Ref.String() && x.To.String() == to.Ref.String() && (line == nil || x.ProposedAt.After(line.ProposedAt)) && x.Status != rollout.IsWithdrawn {
			line = &list.Lines[i]
		}
	}
	if line == nil {
		return m.propose(from, to, len(list.Lines))
	}
	return m.act(line)
}

func (m moving) version(name string) (*pathway.Definition, error) {
	id, version, ok := strings.Cut(name, "@")
	if !ok {
		return nil, usage("%q is no version; write it as no.pain@2025.04", name)
	}
	return m.s.Pathway(m.p.ctx, pathway.Ref{ID: id, Version: version})
}

// propose checks the mapping first, with the places in its file.
func (m moving) propose(from, to *pathway.Definition, before int) error {
	if m.c.Confirm || m.c.Stop || m.c.Resume || m.c.Withdraw || m.c.Slice > 0 {
		return usage("nobody has proposed to move %s to %s yet; run the command without an action to propose it", from.Ref, to.Ref)
	}
	mapping, findings, err := mappingIn(m.c.Mapping, from, to)
	if err != nil {
		return err
	}
	if pathway.HasErrors(findings) {
		return m.p.findings(findings, m.c.JSON)
	}
	if m.c.Preview {
		e, err := m.s.Effect(m.p.ctx, pathway.Ref{ID: from.ID, Version: from.Version}, to, mapping)
		if err != nil {
			return err
		}
		if m.c.JSON {
			return json.NewEncoder(m.p.stdout).Encode(effectOf(e))
		}
		return m.p.printf("%s", spoken[care.English].effect(e))
	}
	var units []care.UnitID
	for _, u := range m.c.Unit {
		units = append(units, care.UnitID(u))
	}
	r, err := m.s.Do(m.p.ctx, casework.Order{
		Who: m.who, Key: fmt.Sprintf("pathway-move/%s/%s/%d", from.Ref, to.Ref, before),
		Command: rollout.Propose{From: from.Ref, To: to.Ref, Mapping: rollout.MappingOf(mapping), Units: units, Slice: m.c.Size},
	})
	if err != nil {
		return err
	}
	if _, err := m.s.Advance(m.p.ctx, r.Target); err != nil {
		return err
	}
	return m.show(r.Target)
}

// act does what was asked, and shows the move as it is then.
func (m moving) act(line *casework.CampaignLine) error {
	var command rollout.Command
	switch {
	case m.c.Preview:
		return m.preview(line.ID)
	case m.c.Confirm:
		command = rollout.Confirm{}
	case m.c.Stop:
		command = rollout.Stop{}
	case m.c.Resume:
		command = rollout.Resume{}
	case m.c.Withdraw:
		command = rollout.Withdraw{}
	case m.c.Slice > 0:
		return m.slices(line.ID)
	}
	if command != nil {
		_, err := m.s.Do(m.p.ctx, casework.Order{
			Who: m.who, Target: line.ID, Command: command, Key: fmt.Sprintf("pathway-move/%s/%s/%d", line.ID, command.Name(), line.Version),
		})
		if err != nil {
			return err
		}
	}
	return m.show(line.ID)
}

// slices moves so many slices, and what comes before the first.
func (m moving) slices(id string) error {
	page := func() (casework.CampaignView, error) {
		return casework.View(m.p.ctx, m.s, m.who, casework.CampaignPage{ID: id})
	}
	v, err := page()
	if err != nil {
		return err
	}
	if v.Status != rollout.IsRunning {
		m.p.say("The move is %s, so nothing is moved.", v.Status)
		return m.show(id)
	}
	for last := v.Slices + m.c.Slice; v.Status == rollout.IsRunning && v.Slices < last; {
		if _, err := m.s.Advance(m.p.ctx, id); err != nil {
			return err
		}
		if v, err = page(); err != nil {
			return err
		}
	}
	return m.show(id)
}

// preview says what would happen to each patient, by journey.
func (m moving) preview(id string) error {
	out := json.NewEncoder(m.p.stdout)
	after, n := "", 0
	for {
		page, err := casework.View(m.p.ctx, m.s, m.who, casework.MovePreview{ID: id, After: after, Limit: 100})
		if err != nil {
			return asked(err)
		}
		for _, l := range page.Lines {
			n++
			line := previewOf(l, page)
			if m.c.JSON {
				err = out.Encode(line)
			} else {
				err = m.p.printf("%s\n", line.text())
			}
			if err != nil {
				return err
			}
		}
		if after = page.Next; after == "" {
			m.p.say("%d journeys of the acting unit", n)
			return nil
		}
	}
}

// previewLine is what a move would do for one patient.
type previewLine struct {
	Journey string       `json:"journey"`
	Person  string       `json:"person"`
	Refused string       `json:"refused,omitempty"`
	Changes []changeLine `json:"changes"`
}

type changeLine struct {
	What   string  `json:"what"`
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Was    string  `json:"was,omitempty"`
	Before *string `json:"before"`
	After  *string `json:"after"`
	Late   bool    `json:"late"`
	Owner  string  `json:"owner,omitempty"`
}

func previewOf(l casework.MovePreviewLine, page casework.MovePreviewPage) previewLine {
	out := previewLine{Journey: l.Journey, Person: string(l.Person), Changes: []changeLine{}}
	if l.Refused != nil {
		out.Refused = l.Refused.Error()
	}
	zone := care.CalendarOf(page.To.Regime).Zone()
	for _, c := range l.Changes {
		line := changeLine{
			What: string(c.What), ID: string(c.Step), Was: string(c.Was), Before: instant(c.Before, zone), After: instant(c.After, zone), Late: c.NowLate(page.Now),
		}
		if c.What == journey.StepHands {
			line.Owner = c.To.String()
		}
		for _, def := range []*pathway.Definition{page.From, page.To} {
			text := def.Texts[care.English]
			if c.Clock != "" {
				line.ID, line.Title = string(c.Clock), orElse(text.Clocks[c.Clock], line.Title)
			} else {
				line.Title = orElse(text.Steps[c.Step].Title, line.Title)
			}
		}
		out.Changes = append(out.Changes, line)
	}
	return out
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (l previewLine) text() string {
	var b strings.Builder
	b.WriteString(l.Journey)
	if l.Refused != "" {
		b.WriteString("\n  cannot move: " + l.Refused)
	}
	for _, c := range l.Changes {
		fmt.Fprintf(&b, "\n  %s: %s", c.What, c.Title)
		if c.Before != nil || c.After != nil {
			fmt.Fprintf(&b, ", %s → %s", lastDay(c.Before), lastDay(c.After))
		}
		if c.Late {
			b.WriteString(", late at once")
		}
		if c.Owner != "" {
			b.WriteString(", now with " + c.Owner)
		}
	}
	return b.String()
}

// moveLine is what pathway move --json prints.
type moveLine struct {
	ID          string           `json:"id"`
	From        string           `json:"from"`
	To          string           `json:"to"`
	Status      string           `json:"status"`
	Stopped     string           `json:"stopped,omitempty"`
	ProposedBy  string           `json:"proposedBy"`
	ConfirmedBy string           `json:"confirmedBy"`
	Units       []care.UnitID    `json:"units"`
	Slice       int              `json:"slice"`
	Start       int              `json:"start"`
	Joined      int              `json:"joined"`
	Counts      map[string]int   `json:"counts"`
	Preview     *rollout.Preview `json:"preview"`
	Failures    []failureLine    `json:"failures"`
}

type failureLine struct {
	Journey string     `json:"journey"`
	Reason  string     `json:"reason"`
	Owner   holderLine `json:"owner"`
	Due     *string    `json:"due"`
}

// show prints the move as it is.
func (m moving) show(id string) error {
	v, err := casework.View(m.p.ctx, m.s, m.who, casework.CampaignPage{ID: id})
	if err != nil {
		return asked(err)
	}
	line := moveLine{
		ID: v.ID, From: v.From.String(), To: v.To.String(), Status: string(v.Status), Stopped: string(v.Stopped), ProposedBy: v.ProposedBy,
		ConfirmedBy: v.ConfirmedBy, Units: v.Units, Slice: v.Slice, Start: v.Start, Joined: v.Joined, Counts: map[string]int{}, Preview: v.Preview,
		Failures: []failureLine{},
	}
	for _, o := range rollout.Outcomes {
		line.Counts[string(o)] = v.Counts[o]
	}
	for _, f := range v.Failures {
		line.Failures = append(line.Failures, failureLine{f.Journey, f.Reason, holderOf(v.Post, f.Owner), instant(f.Due, time.UTC)})
	}
	if m.c.JSON {
		return json.NewEncoder(m.p.stdout).Encode(line)
	}
	return m.p.printf("%s", line.text())
}

func (l moveLine) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s → %s  %s\n", l.ID, l.From, l.To, l.Status)
	if p := l.Preview; p != nil {
		fmt.Fprintf(&b, "preview: %d running journeys, %d can move, %d of them would have something late at once, %d patients to be told\n", p.Journeys, p.Moves, p.Late, p.Told)
		for _, code := range sortedNames(p.Cannot) {
			fmt.Fprintf(&b, "  %d cannot move: %s\n", p.Cannot[code], code)
		}
	}
	if l.Status == string(rollout.IsProposed) {
		fmt.Fprintf(&b, "proposed by %s; another person starts it: the same command with --confirm\n", l.ProposedBy)
		return b.String()
	}
	fmt.Fprintf(&b, "%d journeys at the start, %d joined:", l.Start, l.Joined)
	for _, o := range rollout.Outcomes {
		fmt.Fprintf(&b, " %d %s", l.Counts[string(o)], o)
	}
	b.WriteString("\n")
	for _, f := range l.Failures {
		fmt.Fprintf(&b, "  failed: %s (%s), with %s by %s\n", f.Journey, f.Reason, f.Owner, lastDay(f.Due))
	}
	return b.String()
}
