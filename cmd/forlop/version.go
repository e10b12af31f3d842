package main

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
)

// versionCommand prints the version.
type versionCommand struct {
	JSON bool `name:"json" help:"Print JSON."`
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

// Run prints the version.
func (c *versionCommand) Run(p *program) error {
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(map[string]string{"version": version(), "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH})
	}
	return p.printf("forlop %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
