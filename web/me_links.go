package web

import (
	"forlop/pathway"

	"github.com/a-h/templ"
)

// planLinks lead from the plan to the rest: each to a page of its own.
func planLinks(p page, all []mine) []link {
	var links []link
	if len(all) > 0 {
		links = append(links, link{text: p.T("plan.steps"), href: "/me/journeys/" + all[0].id})
	}
	return append(links,
		link{text: p.T("me.message"), href: "/me/message"},
		link{text: p.T("me.matters"), href: "/me/matters"},
		link{text: p.T("me.story"), href: "/me/story"},
		link{text: p.T("me.looks"), href: "/me/looks"},
		link{text: p.T("me.short"), href: "/me/short"},
	)
}

// The ids below are our own: from the store and from a checked definition.

func journeyAddress(id string) templ.SafeURL { return templ.SafeURL("/me/journeys/" + id) }

func stepURL(id string, step pathway.StepID) templ.SafeURL {
	return templ.SafeURL(stepAddress(id, step))
}

func waitURL(id string, step pathway.StepID) templ.SafeURL {
	return templ.SafeURL("/me/wait/" + id + "/" + string(step))
}

func formURL(action string) templ.SafeURL { return templ.SafeURL(action) }
