package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v4"

	"forlop/pathway"
)

// settings are what a file says. They reach the flags that have an environment
// variable; the rest belong on the command line alone.
type settings struct {
	path   string
	values map[string]string
	env    func(string) string
}

var _ kong.Resolver = (*settings)(nil)

// readSettings reads the file that --config or FORLOP_CONFIG names; no name, no
// settings.
func readSettings(args []string, env func(string) string) (*settings, error) {
	s := &settings{path: env("FORLOP_CONFIG"), values: map[string]string{}, env: env}
	for i, a := range args {
		if path, ok := strings.CutPrefix(a, "--config="); ok {
			s.path = path
		} else if a == "--config" && i+1 < len(args) {
			s.path = args[i+1]
		}
	}
	if s.path == "" {
		return s, nil
	}
	text, err := os.ReadFile(s.path)
	if err != nil {
		return nil, fmt.Errorf("the settings file cannot be read: %w", err)
	}
	if err := yaml.Unmarshal(text, &s.values); err != nil {
		return nil, fmt.Errorf("the settings file %s must hold lines such as `database: sqlite:forlop.db`: %w", s.path, err)
	}
	return s, nil
}

// Validate refuses a key that no setting has, and names the nearest.
func (s *settings) Validate(app *kong.Application) error {
	names := settingNames(app)
	for key := range s.values {
		if slices.Contains(names, key) {
			continue
		}
		msg := fmt.Sprintf("%s: there is no setting %q", s.path, key)
		if near := pathway.Nearest(key, names); near != "" {
			msg += fmt.Sprintf("; did you mean %q?", near)
		}
		return errors.New(msg)
	}
	return nil
}

// Resolve gives a flag the file's value. Kong asks here before it looks at the
// environment, which must win: so a variable that is set silences the file.
func (s *settings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	value, ok := s.values[flag.Name]
	if !ok || len(flag.Envs) == 0 {
		return nil, nil
	}
	for _, name := range flag.Envs {
		if s.env(name) != "" {
			return nil, nil
		}
	}
	return value, nil
}

// settingNames lists every flag that has an environment variable.
func settingNames(app *kong.Application) []string {
	var names []string
	eachSetting(app.Node, func(f *kong.Flag) { names = append(names, f.Name) })
	slices.Sort(names)
	return slices.Compact(names)
}

func eachSetting(n *kong.Node, each func(*kong.Flag)) {
	for _, f := range n.Flags {
		if len(f.Envs) > 0 && f.Name != "config" {
			each(f)
		}
	}
	for _, child := range n.Children {
		eachSetting(child, each)
	}
}

// configCommand shows the settings.
type configCommand struct {
	Print configPrint `cmd:"" help:"Print every setting with its value and where it comes from."`
}

type configPrint struct {
	Sources bool `help:"Also say which variable sets each; where the value comes from is always said."`
	JSON    bool `name:"json" help:"Print JSON."`
}

type setting struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Source string `json:"source"`
	Env    string `json:"env"`
}

// Run prints the settings. Keys are kept in files; a password in the database's
// URL is left out.
func (c *configPrint) Run(p *program, k *kong.Kong) error {
	var all []setting
	seen := map[string]bool{}
	eachSetting(k.Model.Node, func(f *kong.Flag) {
		if seen[f.Name] {
			return
		}
		seen[f.Name] = true
		s := setting{Name: f.Name, Value: f.Default, Source: "default", Env: f.Envs[0]}
		if v, ok := p.settings.values[f.Name]; ok {
			s.Value, s.Source = v, p.settings.path
		}
		if v := p.env(s.Env); v != "" {
			s.Value, s.Source = v, s.Env
		}
		if d := (database{Database: s.Value}); s.Name == "database" && d.onServer() {
			s.Value = d.String()
		}
		all = append(all, s)
	})
	slices.SortFunc(all, func(a, b setting) int { return strings.Compare(a.Name, b.Name) })
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(all)
	}
	for _, s := range all {
		variable := ""
		if c.Sources && s.Source != s.Env {
			variable = " (or " + s.Env + ")"
		}
		if err := p.printf("%-12s %-30s %s%s\n", s.Name, s.Value, s.Source, variable); err != nil {
			return err
		}
	}
	return nil
}
