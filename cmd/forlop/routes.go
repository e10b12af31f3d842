package main

import (
	"encoding/json"

	"forlop/web"
)

// routesCommand lists every address.
type routesCommand struct {
	JSON bool `name:"json" help:"Print JSON: [{method, path, policy}]."`
}

// ownRoutes are answered beside the pages.
var ownRoutes = []web.Route{{Method: "GET", Path: "/livez", Policy: "public"}, {Method: "GET", Path: "/readyz", Policy: "public"}}

// Run prints the addresses with the policy each asks for.
func (c *routesCommand) Run(p *program) error {
	all := append(web.Routes(), ownRoutes...)
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(all)
	}
	for _, r := range all {
		if err := p.printf("%-5s %-50s %s\n", r.Method, r.Path, r.Policy); err != nil {
			return err
		}
	}
	return nil
}
