package main

import (
	"encoding/json"
	"errors"
	"runtime"
	"runtime/debug"

	"forlop/store/sqlite"
)

// versionCommand prints the version.
type versionCommand struct {
	JSON    bool `name:"json" help:"Print JSON."`
	Modules bool `help:"Also list what the program is made of: every module with its version and checksum, Go, and the SQLite in it."`
}

// version is the module's version, or the commit a build was made from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "development"
}

// A moduleLine is one module that is in the program. Sum is as in go.sum.
type moduleLine struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	Sum     string `json:"sum"`
}

// parts are the modules in the program, as the linker wrote them into it.
func parts() ([]moduleLine, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil, errors.New("this program was built without saying what is in it")
	}
	all := make([]moduleLine, 0, len(info.Deps))
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		all = append(all, moduleLine{m.Path, m.Version, m.Sum})
	}
	return all, nil
}

// Run prints the version.
func (c *versionCommand) Run(p *program) error {
	if !c.Modules {
		if c.JSON {
			return json.NewEncoder(p.stdout).Encode(map[string]string{"version": version(), "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH})
		}
		return p.printf("forlop %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	}
	all, err := parts()
	if err != nil {
		return err
	}
	engine, err := sqlite.Engine(p.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(map[string]any{
			"version": version(), "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH, "sqlite": engine, "modules": all,
		})
	}
	err = p.printf("forlop %s\n%s (%s/%s)\nSQLite %s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, engine)
	for _, m := range all {
		err = errors.Join(err, p.printf("%s %s %s\n", m.Path, m.Version, m.Sum))
	}
	return err
}
