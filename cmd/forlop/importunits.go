package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
)

// importUnits sets up a site: who works where. It adds what is missing and takes
// nothing away.
type importUnits struct{ importing }

// Help is shown under the flags.
func (importUnits) Help() string {
	return "What is there already stays as it is; the same file again changes nothing. A database that is not there is made."
}

// unitFile is the file, as docs/import.md shows it.
type unitFile struct {
	People []struct {
		ID         string   `yaml:"id"`
		Name       string   `yaml:"name"`
		Profession string   `yaml:"profession"`
		Posts      []string `yaml:"posts"`
	} `yaml:"people"`
	Units []struct {
		Unit     string   `yaml:"unit"`
		Name     string   `yaml:"name"`
		Kind     string   `yaml:"kind"`
		Regime   string   `yaml:"regime"`
		Parent   string   `yaml:"parent"`
		Roles    []string `yaml:"roles"`
		Lead     string   `yaml:"lead"`
		Phone    string   `yaml:"phone"`
		Hours    string   `yaml:"hours"`
		Note     string   `yaml:"note"`
		Fallback string   `yaml:"fallback"`
	} `yaml:"units"`
}

// Run sets up, and says whether the site can be served now.
func (c *importUnits) Run(p *program) (err error) {
	text, err := c.read(os.Stdin)
	if err != nil {
		return err
	}
	var file unitFile
	dec := yaml.NewDecoder(strings.NewReader(string(text)))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return &exit{exitFindings, fmt.Errorf("%s: %w", c.File, err)}
	}
	s, st, err := c.start(p.ctx, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	u := unitImport{ctx: p.ctx, s: s}
	u.all(file)
	for _, f := range u.found {
		if !c.JSON {
			if err := p.printf("%s: %s\n", c.File, f); err != nil {
				return err
			}
		}
	}
	if c.JSON {
		if err := json.NewEncoder(p.stdout).Encode(map[string]any{"done": u.done, "findings": append([]string{}, u.found...)}); err != nil {
			return err
		}
	}
	p.say("%d changes, %d findings", u.done, len(u.found))
	if err := s.Ready(p.ctx); err != nil {
		p.say("The site cannot be served yet: %s", err)
	}
	if len(u.found) > 0 {
		return &exit{code: exitFindings}
	}
	return nil
}

// unitImport carries out a file of units.
type unitImport struct {
	ctx   context.Context
	s     *casework.Service
	done  int
	found []string
}

// all registers people first, because units name them, and then fills the posts.
func (u *unitImport) all(file unitFile) {
	for _, w := range file.People {
		u.order("person "+w.ID, w.ID, directory.Register{Professional: w.ID, Profession: w.Profession})
		if w.Name == "" {
			u.found = append(u.found, "person "+w.ID+": patients see who they talk to: give the name")
		} else if err := u.s.NameProfessional(u.ctx, w.ID, casework.Identity{Name: w.Name}); err != nil {
			u.found = append(u.found, "person "+w.ID+": "+err.Error())
		}
	}
	for _, n := range file.Units {
		if _, there := u.s.Directory().Unit(care.UnitID(n.Unit)); there {
			continue
		}
		open := directory.OpenUnit{
			Unit: care.UnitID(n.Unit), Kind: directory.Kind(n.Kind), Parent: care.UnitID(n.Parent), Regime: care.Regime(n.Regime), Lead: n.Lead,
			Contact: directory.Contact{Name: n.Name, Phone: n.Phone, Hours: n.Hours, Note: n.Note},
		}
		for _, r := range n.Roles {
			open.Roles = append(open.Roles, care.Role(r))
		}
		u.order("unit "+n.Unit, n.Unit, open)
	}
	for _, w := range file.People {
		for _, post := range w.Posts {
			p, err := parsePost(post)
			if err != nil {
				u.found = append(u.found, "person "+w.ID+": "+post+" is no post; write UNIT/ROLE")
				continue
			}
			if !slices.Contains(u.s.Directory().Holders(p, u.s.Now()), w.ID) {
				u.order("person "+w.ID+", post "+post, string(p.Unit), directory.Join{Professional: w.ID, Role: p.Role})
			}
		}
	}
	for _, n := range file.Units {
		if n.Fallback == "" {
			continue
		}
		p, err := parsePost(n.Fallback)
		if err != nil {
			u.found = append(u.found, "unit "+n.Unit+": the fallback "+n.Fallback+" is no post; write UNIT/ROLE")
			continue
		}
		if state, ok := u.s.Directory().Unit(care.UnitID(n.Unit)); ok && state.Fallback != p {
			u.order("unit "+n.Unit+", fallback", n.Unit, directory.NameFallback{Post: p})
		}
	}
}

// order carries out one command. Its key is what it says, so that the same file
// is the same orders.
func (u *unitImport) order(what, target string, c directory.Command) {
	body, err := json.Marshal(c)
	if err != nil {
		u.found = append(u.found, what+": "+err.Error())
		return
	}
	sum := sha256.Sum256(append([]byte(c.Name()+" "+target+" "), body...))
	r, err := u.s.Do(u.ctx, casework.Order{
		Who: casework.Who{Actor: care.Service}, Key: "import-units/" + hex.EncodeToString(sum[:16]), Target: target, Command: c,
	})
	switch {
	case refusedAs(err, "nothing-changes"):
	case err != nil:
		u.found = append(u.found, what+": "+err.Error())
	case !r.Repeated:
		u.done++
	}
}
