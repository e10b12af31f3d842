package main

import (
	"context"
	"net/url"
	"slices"

	"forlop/access/provider"
	"forlop/care"
	"forlop/casework"
	"forlop/simulation"
	"forlop/web"
)

// linkPath is the page on which a secure link is opened.
const linkPath = "/link"

// choosable are those whom the demo's own provider lets anybody be: each once,
// and nobody who comes by a link.
func choosable(people []simulation.Resident) []provider.Person {
	var all []provider.Person
	seen := map[string]bool{}
	for _, who := range people {
		subject := casework.SubjectOf(who.Actor)
		if who.Link != nil || seen[subject] {
			continue
		}
		seen[subject] = true
		all = append(all, provider.Person{Subject: subject, Role: who.Role, Name: who.Name, Prescriber: who.Prescriber})
	}
	return all
}

// comeIn is the path by which one of the demo's people comes in, and the token of
// their session; no token for a guest, and no path where what a guest was asked
// has been answered.
func comeIn(ctx context.Context, s *casework.Service, who simulation.Resident) (path, token string, err error) {
	if who.Link != nil {
		if !slices.ContainsFunc(web.Routes(), func(r web.Route) bool { return r.Path == linkPath }) {
			return "", "", nil // no page opens links yet
		}
		link, err := casework.View(ctx, s, who.Link.By, casework.MakeLink{Item: who.Link.Item})
		if _, over := care.AsRefusal(err); over {
			return "", "", nil
		}
		return linkPath + "?" + url.Values{"token": {link.Token}}.Encode(), "", err
	}
	entry := casework.Entry{Actor: who.Actor, Login: casework.Login{Level: "substantial"}, Method: casework.MethodDemo}
	if who.Prescriber {
		entry.Prescriber = casework.Claimed
	}
	if token, err = s.Enter(ctx, entry); err != nil {
		return "", "", err
	}
	if who.For != "" {
		if err := s.Represent(ctx, token, who.For); err != nil {
			return "", "", err
		}
	}
	path = "/login?token=" + token
	if who.Opens != "" {
		path += "&" + url.Values{"to": {who.Opens}}.Encode()
	}
	return path, token, nil
}
