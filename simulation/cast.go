package simulation

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/pathway"
)

//go:embed cast.yaml
var usualCast []byte

// cast is the units of an example and who fills which posts.
type cast []castUnit

type castUnit struct {
	id       care.UnitID
	regime   care.Regime
	kind     directory.Kind
	under    care.UnitID
	name     string
	lead     string
	posts    []castPost
	fallback care.Post
}

type castPost struct {
	role   care.Role
	people []string
}

// readUsualCast reads the cast of examples that name none: the units under the
// law of their pathway.
func readUsualCast(regime care.Regime) (cast, error) {
	p := &page{file: "cast.yaml"}
	root := p.parse(usualCast)
	if root == nil {
		return nil, fmt.Errorf("simulation: the usual cast: %v", p.findings)
	}
	c := p.readCast(nil, root)
	if len(p.findings) > 0 {
		return nil, fmt.Errorf("simulation: the usual cast: %v", p.findings)
	}
	return slices.DeleteFunc(c, func(u castUnit) bool { return cmp.Or(u.regime, care.Norway) != regime }), nil
}

// readCast reads what an example says differently from a cast. "only" names the
// one who is logged in: everybody else's posts are empty, and what comes to them
// falls to the desk of the one.
func (p *page) readCast(usual cast, n *yaml.Node) cast {
	c := make(cast, len(usual))
	for i, u := range usual {
		c[i] = u
		c[i].posts = slices.Clone(u.posts)
	}
	var only *yaml.Node
	p.pairs(n, func(key, value *yaml.Node) {
		if key.Value == "only" {
			only = value
			return
		}
		i := slices.IndexFunc(c, func(u castUnit) bool { return string(u.id) == key.Value })
		if i < 0 {
			i, c = len(c), append(c, castUnit{id: care.UnitID(key.Value), name: key.Value})
		}
		p.readUnit(&c[i], value)
	})
	if only != nil {
		c.leaveOnly(p, only)
	}
	return c
}

func (p *page) readUnit(u *castUnit, n *yaml.Node) {
	p.keys(n, map[string]func(*yaml.Node){
		"regime": func(v *yaml.Node) {
			u.regime = care.Regime(p.oneOf(v, []string{string(care.Norway), string(care.Sweden)}))
		},
		"kind":     func(v *yaml.Node) { u.kind = directory.Kind(p.text(v)) },
		"under":    func(v *yaml.Node) { u.under = care.UnitID(p.text(v)) },
		"name":     func(v *yaml.Node) { u.name = p.text(v) },
		"lead":     func(v *yaml.Node) { u.lead = p.text(v) },
		"fallback": func(v *yaml.Node) { u.fallback = p.post(v) },
		"posts": func(v *yaml.Node) {
			u.posts = nil
			if v.Kind == yaml.ScalarNode && v.Value == "none" {
				return
			}
			p.pairs(v, func(role, people *yaml.Node) {
				u.posts = append(u.posts, castPost{care.Role(role.Value), p.words(people)})
			})
		},
	})
}

func (c cast) leaveOnly(p *page, n *yaml.Node) {
	who := p.text(n)
	home, ok := c.home(who)
	if !ok {
		p.fault(n, codeUnknownKey, "%s fills no post in this cast", who)
		return
	}
	for i := range c {
		empty := true
		for j := range c[i].posts {
			c[i].posts[j].people = slices.DeleteFunc(slices.Clone(c[i].posts[j].people), func(id string) bool { return id != who })
			empty = empty && len(c[i].posts[j].people) == 0
		}
		if empty && c[i].under != "" {
			c[i].fallback = care.Post{Unit: home.Unit, Role: care.Desk}
		}
	}
}

// home is the post somebody acts from: the first that names them.
func (c cast) home(id string) (care.Post, bool) {
	for _, u := range c {
		for _, post := range u.posts {
			if slices.Contains(post.people, id) {
				return care.Post{Unit: u.id, Role: post.role}, true
			}
		}
		if u.lead == id {
			return care.Post{Unit: u.id, Role: care.Lead}, true
		}
	}
	return care.Post{}, false
}

// has reports whether the cast has a post.
func (c cast) has(post care.Post) bool {
	for _, u := range c {
		if u.id == post.Unit {
			return post.Role == care.Desk || post.Role == care.Lead ||
				slices.ContainsFunc(u.posts, func(x castPost) bool { return x.role == post.Role })
		}
	}
	return false
}

// people lists everyone in the cast.
func (c cast) people() []string {
	var ids []string
	for _, u := range c {
		if u.lead != "" {
			ids = append(ids, u.lead)
		}
		for _, post := range u.posts {
			ids = append(ids, post.people...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// enter registers the people, opens the units and lets everyone take their
// posts.
func (w *world) enter(c cast, regime care.Regime) error {
	set := func(target string, command directory.Command) error {
		if _, err := w.do(casework.Order{Who: operator, Target: target, Command: command}); err != nil {
			return fmt.Errorf("setting up %s by %s: %w", target, command.Name(), err)
		}
		return nil
	}
	for _, id := range append(c.people(), editors...) {
		if err := set(id, directory.Register{Professional: id, Profession: "physician"}); err != nil {
			return err
		}
		if err := w.service.NameProfessional(w.ctx, id, casework.Identity{Name: called(id)}); err != nil {
			return err
		}
	}
	for _, u := range c {
		roles := []care.Role{}
		if u.under == "" {
			roles = append(roles, care.PathwayApprover)
		}
		for _, post := range u.posts {
			if post.role != care.Desk && post.role != care.Lead {
				roles = append(roles, post.role)
			}
		}
		open := directory.OpenUnit{
			Unit: u.id, Kind: u.kind, Parent: u.under, Regime: regime, Contact: directory.Contact{Name: u.name}, Roles: roles, Lead: u.lead,
		}
		if err := set(string(u.id), open); err != nil {
			return err
		}
		for _, post := range u.posts {
			for _, id := range post.people {
				if err := set(string(u.id), directory.Join{Professional: id, Role: post.role}); err != nil {
					return err
				}
			}
		}
	}
	for _, u := range c {
		if u.fallback.IsZero() {
			continue
		}
		if err := set(string(u.id), directory.NameFallback{Post: u.fallback}); err != nil {
			return err
		}
	}
	return w.bringIntoUse(c, set)
}

// editors are the two persons who stand behind the pathways of an example.
var editors = []string{"eldbjorg", "gunnar"}

// bringIntoUse lets two persons in every unit at the top bring the pathways into
// use, the first folder last: where two have the same id, journeys open with the
// first and can move to the other.
func (w *world) bringIntoUse(c cast, set func(string, directory.Command) error) error {
	var tops []care.UnitID
	for _, u := range c {
		if u.under != "" {
			continue
		}
		tops = append(tops, u.id)
		for _, id := range editors {
			if err := set(string(u.id), directory.Join{Professional: id, Role: care.PathwayApprover}); err != nil {
				return err
			}
		}
	}
	for _, ref := range slices.Concat(w.inOrder(false), w.inOrder(true)) {
		if err := w.service.BringIntoUse(w.ctx, ref, editors[0], editors[1], tops...); err != nil {
			return fmt.Errorf("bringing %s into use: %w", ref, err)
		}
	}
	return w.service.React(w.ctx)
}

// inOrder lists the pathways on the shelf in the order they come into use: the
// one an example is about last. Local layers come after what they lie over.
func (w *world) inOrder(layers bool) []pathway.Ref {
	var list []pathway.Ref
	for _, ref := range slices.Backward(w.refs) {
		if strings.Contains(ref.ID, "+") == layers {
			list = append(list, ref)
		}
	}
	return list
}

// called is the name that a professional of an example goes by.
func called(id string) string { return strings.ToUpper(id[:1]) + id[1:] + " Eksempel" }
