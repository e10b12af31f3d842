package web

import (
	"net/http"
	"net/url"
	"slices"

	"forlop/access/login"
	"forlop/care"
	"forlop/casework"
)

// A loginPage is how to log in, and what can be done without.
type loginPage struct {
	// demo: the people are made up. other: the reader is here for somebody else.
	demo, other bool
	// again: they are logged in and have to show anew who they are. kept: what
	// they wrote waits for them.
	again, kept bool
	to          string
	// patients and workers are the places to log in at.
	patients, workers []loginButton
}

// A loginButton leads to a place to log in at.
type loginButton struct{ label, href string }

// showLogin opens a demo's login link, or says how to log in. In a demo the link
// itself is the login. Elsewhere it shows a button: programs that look at links
// in messages before people do would use it up.
func showLogin(c *call) error {
	query := c.r.URL.Query()
	token, to := query.Get("token"), localPath(query.Get("to"))
	switch {
	case token == "":
		return c.loginPage()
	case !c.s.demo:
		p := newPage(c.r, forPatients, accountLanguage(c.r))
		p.title, p.help = p.T("login.title"), c.s.help
		return write(c.w, c.r, http.StatusOK, linkBody(p, token, to))
	}
	session, actor, err := c.s.service.AnotherSession(c.r.Context(), token, clientOf(c.r))
	if err != nil {
		return err
	}
	return c.enter(session, actor, to)
}

// openLink logs in with a link, once.
func openLink(c *call) error {
	session, actor, err := c.s.service.OpenLink(c.r.Context(), c.r.PostFormValue("token"), clientOf(c.r))
	if err != nil {
		return err
	}
	return c.enter(session, actor, localPath(c.r.PostFormValue("to")))
}

// enter gives the browser a session and leads to the page that was asked for, or
// to the reader's own; first of all to what they wrote and could not send. The
// session it had before is over: every login has a new one.
func (c *call) enter(session string, actor care.Actor, to string) error {
	ctx := c.r.Context()
	if had := c.token(); had != "" && had != session {
		if err := c.s.service.SignOut(ctx, had); err != nil {
			if _, refused := care.AsRefusal(err); !refused {
				return err
			}
		}
	}
	setSecret(c.w, c.r, sessionCookie, session, 0)
	who := casework.Who{Actor: actor}
	if claim := secret(c.r, unsentCookie); claim != "" {
		if err := c.s.service.ClaimUnsent(ctx, who, claim); err != nil {
			return err
		}
		setSecret(c.w, c.r, unsentCookie, "", -1)
	}
	unsent, err := c.s.service.UnsentForms(ctx, who)
	if err != nil {
		return err
	}
	if to == "/" {
		to = home(actor)
	}
	if len(unsent) > 0 {
		to = "/unsent"
	}
	http.Redirect(c.w, c.r, to, http.StatusSeeOther)
	return nil
}

// home is the first page of each kind of person.
func home(a care.Actor) string {
	if a.Kind == care.Professional {
		return "/work"
	}
	return "/me"
}

func (c *call) loginPage() error {
	p := newPage(c.r, forPatients, accountLanguage(c.r))
	query := c.r.URL.Query()
	l := loginPage{
		demo: c.s.demo, other: query.Get("for") == "other", again: query.Has("again"), kept: query.Has("kept"),
		to: localPath(query.Get("to")),
	}
	p.title, p.help = p.T("login.title"), c.s.help
	switch {
	case l.again:
		p.title = p.T("login.again-title")
	case l.other:
		p.title = p.T("login.other")
	}
	for _, at := range c.s.providers {
		set := at.Settings()
		lead := func(as, label string) loginButton {
			q := url.Values{"as": {as}}
			if l.to != "/" {
				q.Set("to", l.to)
			}
			if l.again {
				q.Set("fresh", "1")
			}
			return loginButton{label, "/login/with/" + set.ID + "?" + q.Encode()}
		}
		with := func(key string) string { return p.T(key, "provider", set.Name) }
		if c.s.isOwn(at) {
			with = func(key string) string { return p.T(key + "-own") }
		}
		if slices.Contains(set.For, care.Patient) || slices.Contains(set.For, care.Relative) {
			l.patients = append(l.patients, lead("patient", with("login.with")))
		}
		if slices.Contains(set.For, care.Professional) {
			l.workers = append(l.workers, lead("professional", with("login.work-with")))
		}
	}
	return write(c.w, c.r, http.StatusOK, loginBody(p, l))
}

// isOwn reports whether a provider is the site's own.
func (s *site) isOwn(at *login.Provider) bool {
	return s.own != nil && at.Settings().Issuer == s.own.Issuer()
}

// leadToLogin leads whoever has to log in to where they can, and back again. What
// they sent is kept, word for word. why is "again" where they are logged in and a
// fresh login is asked for.
func (c *call) leadToLogin(why string) error {
	q := url.Values{}
	if why != "" {
		q.Set(why, "1")
	}
	switch c.r.Method {
	case http.MethodGet, http.MethodHead:
		q.Set("to", localPath(c.r.URL.RequestURI()))
	default:
		kept, err := c.keep()
		if err != nil {
			return err
		}
		if kept {
			q.Set("kept", "1")
		}
		if back := localPath(c.r.Header.Get("Referer")); back != "/" {
			q.Set("to", back)
		}
	}
	http.Redirect(c.w, c.r, "/login?"+q.Encode(), http.StatusSeeOther)
	return nil
}

// logOut closes the session at once, and leads to the provider's own logout.
func logOut(c *call) error {
	ctx, token := c.r.Context(), c.token()
	issuer, err := c.s.service.CameFrom(ctx, token)
	if err == nil {
		err = c.s.service.SignOut(ctx, token)
	}
	if _, refused := care.AsRefusal(err); err != nil && !refused {
		return err
	}
	setSecret(c.w, c.r, sessionCookie, "", -1)
	for _, at := range c.s.providers {
		if at.Settings().Issuer != issuer || c.s.isOwn(at) {
			continue
		}
		end, err := at.EndSession(ctx, "", c.s.base+"/login", "")
		if err != nil || end == "" {
			break // it is over here, and their own session runs out by itself
		}
		// A form may not lead to another host, so the browser goes on by itself.
		c.w.Header().Set("Refresh", "0; url="+end)
		p := newPage(c.r, forPatients, accountLanguage(c.r))
		p.title, p.help = p.T("login.out-title"), c.s.help
		return write(c.w, c.r, http.StatusOK, loggedOutBody(p, at.Settings().Name, end))
	}
	http.Redirect(c.w, c.r, "/login", http.StatusSeeOther)
	return nil //nolint:nilerr // a provider that does not answer keeps nobody logged in here
}

// front leads to the reader's own first page.
func front(c *call) error {
	if c.signIn() == nil {
		http.Redirect(c.w, c.r, home(c.who.Actor), http.StatusSeeOther)
		return nil
	}
	return c.loginPage()
}

// otherAddress is the page for those who are here for somebody else.
func otherAddress(l loginPage) string {
	q := url.Values{"for": {"other"}}
	if l.kept {
		q.Set("kept", "1")
	}
	if l.to != "/" {
		q.Set("to", l.to)
	}
	return "/login?" + q.Encode()
}
