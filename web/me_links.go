package web

import (
	"forlop/access"
	"forlop/pathway"

	"github.com/a-h/templ"
)

// planLinks lead from the plan to the rest: each to a page of its own.
func planLinks(p page, all []mine) []link {
	if p.standing != nil {
		return relativeLinks(p, all)
	}
	var links []link
	if len(all) > 0 {
		links = append(links,
			link{text: p.T("plan.steps"), href: "/me/journeys/" + all[0].id},
			link{text: p.T("me.what-if.title"), href: "/me/what-if/" + all[0].id},
			link{text: p.T("me.written.title"), href: "/me/written/" + all[0].id},
		)
	}
	return append(links,
		link{text: messagesWord(p), href: threadsPath},
		link{text: p.T("schedule.my-title"), href: coursesPath},
		link{text: p.T("me.matters"), href: "/me/matters"},
		link{text: p.T("me.story"), href: "/me/story"},
		link{text: p.T("me.notices.title"), href: noticesPath},
		link{text: p.T("me.access"), href: accessPath},
		link{text: p.T("me.looks"), href: "/me/looks"},
		link{text: p.T("me.short"), href: "/me/short"},
		link{text: p.T("share.title"), href: "/me/share"},
		link{text: p.T("relative.link"), href: "/for"},
	)
}

// messagesWord leads to the conversations, and says how much is new in them.
func messagesWord(p page) string {
	if p.unread > 0 {
		return p.T("thread.title-new", "n", p.unread)
	}
	return p.T("thread.title")
}

// relativeLinks are those that lead to what a relative may see and do.
func relativeLinks(p page, all []mine) []link {
	var links []link
	add := func(part access.Part, text, href string) {
		if p.may(part) {
			links = append(links, link{text: p.T(text), href: href})
		}
	}
	if len(all) > 0 {
		add(access.Plan, "plan.steps", "/me/journeys/"+all[0].id)
		add(access.Plan, "me.what-if.title", "/me/what-if/"+all[0].id)
	}
	if p.may(access.Messages) {
		links = append(links, link{text: messagesWord(p), href: threadsPath})
	}
	if p.may(access.Plan) {
		add(access.Acts, "schedule.my-title", coursesPath)
	}
	add(access.Story, "me.matters", "/me/matters")
	add(access.Story, "me.story", "/me/story")
	add(access.Acts, "me.notices.title", noticesPath)
	add(access.Looks, "me.looks", "/me/looks")
	add(access.Plan, "me.short", "/me/short")
	return append(links,
		link{text: p.T("relative.hidden-title"), href: "/me/hidden"},
		link{text: p.T("relative.relief"), href: "/me/relief"},
		link{text: p.T("relative.switch"), href: "/for"},
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
