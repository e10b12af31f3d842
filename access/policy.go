package access

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"time"

	"forlop/care"
)

// Basis is the ground on which somebody may see or do something: what they are
// to the person or the matter.
type Basis string

// The bases.
const (
	// Own: the person the matter is about. For a relative or a professional it is
	// what is about themselves: their own part, their own logins.
	Own Basis = "own"
	// TakesPart: the actor's unit takes part in the journey: it is responsible,
	// receives, is offered, fills a role, owns something open, or is the first
	// contact.
	TakesPart Basis = "takes-part"
	// AtWork: the matter is about no person (units, posts, pathways), or opens a
	// relation (registering a referral, an emergency); a professional with a post
	// may.
	AtWork Basis = "at-work"
	// Approves: the actor holds the post for pathways themselves; nobody answers
	// for it in their stead. Which unit it takes, and that it takes two, are rules
	// of the pathway's stream.
	Approves Basis = "approves"
	// Oversees: the actor holds the post of privacy officer themselves, or is the
	// operator's command line with a reason. It is a basis for the log of looks,
	// never for care.
	Oversees Basis = "oversees"
	// BreakGlass: the professional's own opening of this person's record stands.
	BreakGlass Basis = "break-glass"
	// Guardian: the relative has custody of the child now.
	Guardian Basis = "guardian"
	// Proxy: the person's proxy to this relative holds now.
	Proxy Basis = "proxy"
	// Anyone: any relative who is logged in. It opens nothing.
	Anyone Basis = "anyone"
	// Linked: the one thing that a guest's link is bound to.
	Linked Basis = "linked"
	// Shared: a page that the patient has approved for this receiver.
	Shared Basis = "shared"
	// ByTime: the service itself, when time has passed.
	ByTime Basis = "by-time"
)

// bases are all there are, in the order in which they are tried.
var bases = []Basis{Own, TakesPart, AtWork, Approves, Oversees, BreakGlass, Guardian, Proxy, Anyone, Linked, Shared, ByTime}

// An Ask is everything that one decision depends on. Who asks finds out what is
// true; what follows from it is decided here alone.
type Ask struct {
	Actor care.ActorKind
	// Role is the role of the professional's post.
	Role care.Role
	// What names the question or the command.
	What string
	// Basis is the ground that holds; empty where there is none.
	Basis Basis
	// Regime is the law the matter is under; empty where it is under none.
	Regime care.Regime
	// On is the local date there. Rules are dated; without a date all is denied.
	On care.Date
	// Parts are what a proxy or a guardian's right covers now.
	Parts []Part
	// Block is the strongest block that stands between; empty for none.
	Block Strength
	// Lifted says that an opening or a recorded consent stands against a block
	// that can be opened.
	Lifted bool
	// Protected says that the person's address is hidden by law.
	Protected bool
	// Fresh says that the login is at most FreshFor old.
	Fresh bool
	// Level is how sure the login is: "link", "low", "substantial" or "high".
	Level string
	// Prescriber is "", "claimed" or "declared".
	Prescriber string
}

// FreshFor is how long a login counts as fresh: long enough to write a reason,
// too short for a phone left on a table. It is ours (assumed).
const FreshFor = 5 * time.Minute

// An Answer says whether, by which policies, and what would make it a yes.
type Answer struct {
	Allowed bool
	// By are the ids of the policies that allowed or denied; none where nothing
	// spoke of it, which denies.
	By []string
	// Needs is what a login lacks where that alone stands between: "fresh",
	// "level" or "".
	Needs string
}

// Policy is what everybody may see and do. It never changes once it is read.
type Policy struct {
	rules *rules
	asked *memory
}

//go:embed policy
var shipped embed.FS

// Shipped is the policy that the program comes with.
func Shipped() *Policy { return theShipped() }

var theShipped = sync.OnceValue(func() *Policy {
	folder, err := fs.Sub(shipped, "policy")
	if err == nil {
		var p *Policy
		if p, err = load(folder); err == nil {
			return p
		}
	}
	// The policy is part of the program, and its tests read it: a program that
	// cannot must not run.
	panic(fmt.Sprintf("access: the shipped policy cannot be read: %v", err))
})

// load reads a policy: every .cedar file of the folder, and schema.cedarschema.
// What is misspelt, unknown or does not fit is an error that names file, line and
// column.
func load(fsys fs.FS) (*Policy, error) {
	r, err := readRules(fsys)
	if err != nil {
		return nil, err
	}
	return &Policy{rules: r, asked: newMemory()}, nil
}

// With adds a site's own policies. A site may only forbid.
func (p *Policy) With(site fs.FS) (*Policy, error) {
	r, err := p.rules.with(site)
	if err != nil {
		return nil, err
	}
	return &Policy{rules: r, asked: newMemory()}, nil
}

// Decide answers one ask. What no policy allows is denied; one that forbids is
// enough; whatever cannot be worked out is denied.
func (p *Policy) Decide(a Ask) Answer {
	q, ok := p.question(a)
	if !ok {
		return Answer{By: []string{"not-understood"}}
	}
	return p.asked.answer(q, p.rules.decide)
}

// question is an ask in the policy's words, or false where the ask holds a word
// that the policy does not have.
func (p *Policy) question(a Ask) (question, bool) {
	q := question{
		actor: a.Actor, what: a.What, basis: a.Basis, regime: a.Regime, on: a.On, block: a.Block,
		role: "other", lifted: a.Lifted, protected: a.Protected, fresh: a.Fresh, level: a.Level, prescriber: a.Prescriber,
	}
	if slices.Contains(rolesThatMatter, a.Role) {
		q.role = a.Role
	}
	for _, part := range a.Parts {
		i := slices.Index(Parts, part)
		if i < 0 {
			return q, false
		}
		q.parts |= 1 << i
	}
	return q, p.rules.knows(q)
}

// Bases answers the bases on which an actor may use a question or a command when
// nothing stands between; none means that all is denied. Lists are asked for by
// these.
func (p *Policy) Bases(kind care.ActorKind, what string) []Basis {
	return slices.Clone(p.rules.bases()[kindOf{kind, what}])
}

// Covers refuses a name that the policy does not speak of. Every question,
// command and route is asked for once, before the service starts.
func (p *Policy) Covers(what string) error {
	if _, known := p.rules.names[what]; !known {
		return fmt.Errorf("access: the policy does not know %q; write it in access/policy/schema.cedarschema and say there who may", what)
	}
	return nil
}

// Names lists every question and command that the policy speaks of, sorted.
func (p *Policy) Names() []string { return slices.Sorted(maps.Keys(p.rules.names)) }

// Denied is the answer where there is no basis. It says nothing about whether
// the thing exists.
func Denied() *care.Refusal {
	return care.Deny("no-basis", "You have no basis to see or do this. Ask the person's coordinator.")
}

// LoginAgain is the answer where only a fresh or a surer login is missing. What
// was typed is kept.
func LoginAgain() *care.Refusal {
	return care.Deny("login-again", "Log in once more to do this. What you wrote is kept.")
}
