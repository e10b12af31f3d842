package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
	"forlop/pathway/publication"
)

// publishing are the commands for what new journeys open with. Every act takes
// two persons: the second gives the same command as the first.
type publishing struct {
	Publish  pathwayPublish  `cmd:"" help:"Publish a version, as the first of two persons."`
	Approve  pathwayApprove  `cmd:"" help:"Approve a version that another published."`
	Activate pathwayActivate `cmd:"" help:"Bring an approved version into use: two persons, the same command."`
	Adopt    pathwayAdopt    `cmd:"" help:"Make a draft a unit's own and bring it into use there: two persons, the same command."`
	Retire   pathwayRetire   `cmd:"" help:"Open no new journeys on a version: two persons, the same command."`
	Rollback pathwayRollback `cmd:"" help:"Bring the version before back into use: two persons, the same command."`
	Text     pathwayText     `cmd:"" help:"Give a version other words: two persons, the same command."`
	Notice   pathwayNotice   `cmd:"" help:"Put a source that changed on its owner's list."`
	List     pathwayList     `cmd:"" help:"List every version in a database and where it stands."`
	Export   pathwayExport   `cmd:"" help:"Write a version and who stands behind it to a folder."`
	Import   pathwayImport   `cmd:"" help:"Publish what export wrote, with its history."`
}

// acting is who acts on which database.
type acting struct {
	database
	keyed
	As string `required:"" placeholder:"PERSON@UNIT/ROLE" env:"FORLOP_AS" help:"Who acts and from which post, such as astrid-lund@fjord-hf/pathway-approver."`
}

// Help is shown under the flags.
func (acting) Help() string {
	return "A file must not be served meanwhile. The person must hold the post pathway-approver of the unit themselves. " +
		"Whoever can read the key and the database can act for anyone: keep both to the account that runs the service."
}

// open starts the service, and says who acts.
func (a acting) start(p *program) (*casework.Service, casework.Who, func() error, error) {
	var who casework.Who
	person, at, ok := strings.Cut(a.As, "@")
	unit, role, slash := strings.Cut(at, "/")
	if !ok || !slash || person == "" || unit == "" || role == "" {
		return nil, who, nil, usage("--as is %q; write PERSON@UNIT/ROLE, such as astrid-lund@fjord-hf/pathway-approver", a.As)
	}
	who.Actor = care.Actor{Kind: care.Professional, ID: person, Unit: care.UnitID(unit)}
	who.Post = care.Post{Unit: care.UnitID(unit), Role: care.Role(role)}
	if err := a.there(); err != nil {
		return nil, who, nil, err
	}
	keys, err := a.keyring(a.database)
	if err != nil {
		return nil, who, nil, err
	}
	st, err := a.database.open(p.ctx, false)
	if err != nil {
		return nil, who, nil, err
	}
	s, err := newService(p.ctx, st, keys)
	if err == nil {
		_, err = shelveShipped(p.ctx, s)
	}
	if err != nil {
		return nil, who, nil, errors.Join(err, st.Close())
	}
	return s, who, st.Close, nil
}

// orderKey is the key of one act from the command line.
func orderKey() (string, error) {
	b := make([]byte, 16)
	_, err := rand.Read(b)
	return "cli/" + hex.EncodeToString(b), err
}

// place is where a version is brought into use.
type place struct {
	For  string `placeholder:"UNIT" xor:"where" help:"The unit; it counts for everything under it, too."`
	Site bool   `xor:"where" help:"The whole site instead of a unit."`
}

func (w place) unit() (care.UnitID, error) {
	if w.For == "" && !w.Site {
		return "", usage("say where: --for UNIT, or --site for the whole site")
	}
	return care.UnitID(w.For), nil
}

func parseVersion(s string) (pathway.Ref, error) {
	id, version, ok := strings.Cut(s, "@")
	if !ok || id == "" || version == "" {
		return pathway.Ref{}, usage("%q names no version; write ID@VERSION, such as no.pain@2025.04", s)
	}
	return pathway.Ref{ID: id, Version: version}, nil
}

func parseDay(flag, s string) (care.Date, error) {
	if s == "" {
		return care.Date{}, nil
	}
	d, err := care.ParseDate(s)
	if err != nil {
		return d, usage("--%s: %s", flag, err)
	}
	return d, nil
}

type pathwayPublish struct {
	acting
	place
	Folder  string `arg:"" help:"${folder}"`
	Persons int    `placeholder:"N" help:"How many different persons must stand behind the version, you among them; at least two, and as many as the site asks for."`
	From    string `placeholder:"DATE" help:"With --for or --site, which also propose its use there: the first day; as soon as it is confirmed unless said."`
}

// Run publishes, and proposes the use where one is asked for.
func (c *pathwayPublish) Run(p *program) (err error) {
	files, err := folder(c.Folder)
	if err != nil {
		return err
	}
	s, who, done, err := c.start(p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	key, err := orderKey()
	if err != nil {
		return err
	}
	ref, findings, err := s.PublishPathway(p.ctx, who, key, files, publication.Publish{Persons: c.Persons})
	if refusedAs(err, "pathway-has-errors") {
		return p.findings(under(c.Folder, findings), false)
	}
	if err != nil {
		return err
	}
	state, err := s.Publication(p.ctx, ref.ID)
	if err != nil {
		return err
	}
	v, _ := state.Edition(ref.Version)
	p.say("%s is published by %s. %s", ref, who.Actor.ID, lacks(v))
	if c.For == "" && !c.Site {
		return nil
	}
	return use(p, s, who, ref, c.place, c.From, v.Status == pathway.Draft)
}

// lacks says who must do what next for a version.
func lacks(v publication.Edition) string {
	post := care.Post{Unit: v.Unit, Role: care.PathwayApprover}
	switch n := v.Lacks(); n {
	case 0:
		return "It is approved."
	case 1:
		return fmt.Sprintf("One other person who holds %s must approve it.", post)
	default:
		return fmt.Sprintf("%d other persons who hold %s must approve it.", n, post)
	}
}

type pathwayApprove struct {
	acting
	Ref      string `arg:"" name:"version" help:"The version, as ID@VERSION."`
	Activate bool   `help:"Also confirm every use of it that another has proposed."`
}

// Run approves.
func (c *pathwayApprove) Run(p *program) error {
	return c.with(p, c.Ref, func(s *casework.Service, who casework.Who, ref pathway.Ref) error {
		key, err := orderKey()
		if err != nil {
			return err
		}
		order := casework.Order{Who: who, Key: key, Target: ref.ID, Command: publication.Approve{Version: ref.Version}}
		if _, err := s.Do(p.ctx, order); err != nil {
			return err
		}
		state, err := s.Publication(p.ctx, ref.ID)
		if err != nil {
			return err
		}
		v, _ := state.Edition(ref.Version)
		p.say("%s is approved by %s. %s", ref, who.Actor.ID, lacks(v))
		if !c.Activate || v.Lacks() > 0 {
			return nil
		}
		for _, q := range state.Proposals {
			if !q.Open() || q.Version != ref.Version || q.What != publication.ToActivate && q.What != publication.ToAdopt {
				continue
			}
			use := publication.ProposeUse{Version: q.Version, Unit: q.Unit, Adopt: q.What == publication.ToAdopt}
			if err := half(p, s, who, ref.ID, use); err != nil {
				return err
			}
		}
		return nil
	})
}

// use proposes that a version comes into use, or confirms it.
func use(p *program, s *casework.Service, who casework.Who, ref pathway.Ref, w place, from string, adopt bool) error {
	unit, err := w.unit()
	if err != nil {
		return err
	}
	day, err := parseDay("from", from)
	if err != nil {
		return err
	}
	return half(p, s, who, ref.ID, publication.ProposeUse{Version: ref.Version, Unit: unit, From: day, Adopt: adopt})
}

// half does one person's half of an act that takes two, and says which.
func half(p *program, s *casework.Service, who casework.Who, id string, c publication.Command) error {
	key, err := orderKey()
	if err != nil {
		return err
	}
	done, err := s.ProposeOrConfirm(p.ctx, who, key, id, c)
	if err != nil {
		return err
	}
	sayHalf(p, who, id, done)
	return nil
}

// sayHalf says what one person's half did, and who must do the other.
func sayHalf(p *program, who casework.Who, id string, done publication.Proposal) {
	what := sayProposal(id, done)
	if !done.Open() {
		p.say("Done: %s. Proposed by %s, confirmed by %s.", what, done.By.By, who.Actor.ID)
		return
	}
	unit := done.Unit
	if unit == "" {
		unit = done.By.Post.Unit
	}
	p.say("Proposed by %s: %s. One other person who holds %s must say so too.", who.Actor.ID, what, care.Post{Unit: unit, Role: care.PathwayApprover})
}

// sayProposal is what a proposal asks for, in words.
func sayProposal(id string, q publication.Proposal) string {
	ref := pathway.Ref{ID: id, Version: q.Version}.String()
	at := "for " + string(q.Unit) + " and everything under it"
	if q.Unit == "" {
		at = "for the whole site"
	}
	if !q.From.IsZero() {
		at += " from " + q.From.Format(time.DateOnly)
	}
	switch q.What {
	case publication.ToActivate:
		return ref + " comes into use " + at
	case publication.ToAdopt:
		return string(q.Unit) + " makes the draft " + ref + " its own, " + at
	case publication.ToRetire:
		return ref + " is retired: " + q.Why
	case publication.ToRollBack:
		return ref + " is taken back " + at + ": " + q.Why
	case publication.ToReword:
		var languages []string
		for _, l := range q.Languages {
			languages = append(languages, string(l))
		}
		return ref + " gets other words (" + strings.Join(languages, ", ") + ")"
	}
	return ref
}

type pathwayActivate struct {
	acting
	place
	Ref  string `arg:"" name:"version" help:"The version, as ID@VERSION."`
	From string `placeholder:"DATE" help:"The first day; as soon as it is confirmed unless said."`
}

// Run proposes or confirms.
func (c *pathwayActivate) Run(p *program) error {
	return c.with(p, c.Ref, func(s *casework.Service, who casework.Who, ref pathway.Ref) error {
		return use(p, s, who, ref, c.place, c.From, false)
	})
}

// with starts the service for an act on one version.
func (a acting) with(p *program, version string, act func(*casework.Service, casework.Who, pathway.Ref) error) (err error) {
	ref, err := parseVersion(version)
	if err != nil {
		return err
	}
	s, who, done, err := a.start(p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	return act(s, who, ref)
}

type pathwayAdopt struct {
	acting
	Ref  string `arg:"" name:"version" help:"The version, as ID@VERSION."`
	From string `placeholder:"DATE" help:"The first day; as soon as it is confirmed unless said."`
}

// Run proposes or confirms for the unit that the person acts from.
func (c *pathwayAdopt) Run(p *program) error {
	return c.with(p, c.Ref, func(s *casework.Service, who casework.Who, ref pathway.Ref) error {
		return use(p, s, who, ref, place{For: string(who.Post.Unit)}, c.From, true)
	})
}

type pathwayRetire struct {
	acting
	Ref string `arg:"" name:"version" help:"The version, as ID@VERSION."`
	Why string `required:"" placeholder:"TEXT" help:"Why. Everyone at work can read it; name no patient."`
}

// Run proposes or confirms.
func (c *pathwayRetire) Run(p *program) error {
	return c.with(p, c.Ref, func(s *casework.Service, who casework.Who, ref pathway.Ref) error {
		return half(p, s, who, ref.ID, publication.ProposeRetirement{Version: ref.Version, Why: c.Why})
	})
}

type pathwayRollback struct {
	acting
	place
	ID  string `arg:"" name:"pathway" help:"The pathway, such as no.pain."`
	Why string `required:"" placeholder:"TEXT" help:"Why. Everyone at work can read it; name no patient."`
}

// Run proposes or confirms.
func (c *pathwayRollback) Run(p *program) (err error) {
	unit, err := c.unit()
	if err != nil {
		return err
	}
	s, who, done, err := c.start(p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	return half(p, s, who, c.ID, publication.ProposeRollback{Unit: unit, Why: c.Why})
}

type pathwayText struct {
	acting
	Ref    string `arg:"" name:"version" help:"The version, as ID@VERSION."`
	Folder string `arg:"" help:"A folder with the text files that change: text.nb.yaml, text.sv.yaml, …"`
}

// Run proposes or confirms.
func (c *pathwayText) Run(p *program) error {
	files, err := folder(c.Folder)
	if err != nil {
		return err
	}
	return c.with(p, c.Ref, func(s *casework.Service, who casework.Who, ref pathway.Ref) error {
		key, err := orderKey()
		if err != nil {
			return err
		}
		done, findings, err := s.ProposeWords(p.ctx, who, key, ref, files)
		if refusedAs(err, "pathway-has-errors") {
			return p.findings(under(c.Folder, findings), false)
		}
		if err != nil {
			return err
		}
		sayHalf(p, who, ref.ID, done)
		return nil
	})
}

type pathwayNotice struct {
	acting
	Ref     string `arg:"" name:"version" help:"The version that rests on it, as ID@VERSION."`
	Source  string `arg:"" help:"The source's id in pathway.yaml."`
	Changed string `required:"" placeholder:"DATE" help:"When its text changed."`
	Why     string `placeholder:"TEXT" help:"What changed, in a few words."`
}

// Run notes it; one person is enough, and somebody must then say what comes of it.
func (c *pathwayNotice) Run(p *program) error {
	day, err := parseDay("changed", c.Changed)
	if err != nil {
		return err
	}
	return c.with(p, c.Ref, func(s *casework.Service, who casework.Who, ref pathway.Ref) error {
		key, err := orderKey()
		if err != nil {
			return err
		}
		note := publication.NoteSource{Version: ref.Version, Source: pathway.SourceID(c.Source), Changed: day, Why: c.Why}
		if _, err := s.Do(p.ctx, casework.Order{Who: who, Key: key, Target: ref.ID, Command: note}); err != nil {
			return err
		}
		p.say("The source %s of %s stands on its owner's list.", c.Source, ref)
		return nil
	})
}

type pathwayList struct {
	database
	keyed
	JSON bool `name:"json" help:"Print JSON: [{id, version, hash, standing, status, uses, journeys, lacks, reviewBy}]."`
}

// Help is shown under the flags.
func (pathwayList) Help() string {
	return "Standings: draft (lies on the shelf, nobody has published it), published, approved, active (in use somewhere), retired. The file may be served meanwhile."
}

// versionLine is one version in pathway list --json. Keys may be added, never
// changed.
type versionLine struct {
	ID       string    `json:"id"`
	Version  string    `json:"version"`
	Hash     string    `json:"hash"`
	Standing string    `json:"standing"`
	Status   string    `json:"status"`
	Uses     []useLine `json:"uses"`
	Journeys int       `json:"journeys"`
	Lacks    int       `json:"lacks"`
	ReviewBy string    `json:"reviewBy"`
	By       []string  `json:"by"`
	Waits    []string  `json:"waits"`
}

// useLine is where a version is in use; an empty unit is the whole site.
type useLine struct {
	Unit    string    `json:"unit"`
	Adopted bool      `json:"adopted"`
	From    time.Time `json:"from"`
}

func (l versionLine) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-28s %s", l.ID+"@"+l.Version, l.Standing)
	for _, u := range l.Uses {
		at, how := u.Unit, "in use for "
		if at == "" {
			at = "the whole site"
		}
		if u.Adopted {
			how = "adopted by "
		}
		fmt.Fprintf(&b, "; %s%s since %s", how, at, u.From.Format(time.DateOnly))
	}
	if l.Journeys > 0 {
		fmt.Fprintf(&b, "; %d running journeys", l.Journeys)
	}
	if len(l.By) > 0 {
		fmt.Fprintf(&b, "; by %s", strings.Join(l.By, ", "))
	}
	if l.Lacks > 0 {
		fmt.Fprintf(&b, "; lacks %d approval", l.Lacks)
	}
	for _, w := range l.Waits {
		fmt.Fprintf(&b, "\n%-28s waits for a second person: %s", "", w)
	}
	return b.String()
}

// Run lists.
func (c *pathwayList) Run(p *program) (err error) {
	keys, err := c.keyring(c.database)
	if err != nil {
		return err
	}
	st, err := c.openToRead(p.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, err := newService(p.ctx, st, keys)
	if err != nil {
		return err
	}
	v, err := casework.View(p.ctx, s, casework.Who{Actor: care.Service}, casework.PathwayLibrary{})
	if err != nil {
		return err
	}
	lines := []versionLine{}
	for _, of := range v.Pathways {
		for _, version := range of.Versions {
			lines = append(lines, versionLineOf(of, version))
		}
	}
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(lines)
	}
	for _, l := range lines {
		if err := p.printf("%s\n", l); err != nil {
			return err
		}
	}
	return nil
}

func versionLineOf(of casework.LibraryPathway, v casework.LibraryVersion) versionLine {
	l := versionLine{
		ID: v.Ref.ID, Version: v.Ref.Version, Hash: v.Ref.Hash, Standing: string(v.Standing), Status: string(v.Definition.Status),
		Uses: []useLine{}, Journeys: v.Journeys, Lacks: v.Missing, ReviewBy: v.Definition.Review.By.String(), By: []string{}, Waits: []string{},
	}
	if v.Edition.By != "" {
		l.By, l.ReviewBy = append(l.By, v.Edition.By), v.Edition.ReviewBy.String()
	}
	for _, a := range v.Edition.Approvals {
		l.By = append(l.By, a.By)
	}
	for _, u := range v.Uses {
		l.Uses = append(l.Uses, useLine{string(u.Unit), u.Adopted, u.From})
	}
	for _, q := range slices.DeleteFunc(slices.Clone(of.Proposals), func(q publication.Proposal) bool { return q.Version != v.Ref.Version }) {
		l.Waits = append(l.Waits, sayProposal(of.ID, q))
	}
	return l
}
