package web

import (
	"net/http"

	"forlop/care"
)

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
	actor, err := c.s.service.SignedIn(c.r.Context(), token)
	if err != nil {
		return err
	}
	c.enter(token, actor, to)
	return nil
}

// openLink logs in with a link, once.
func openLink(c *call) error {
	session, actor, err := c.s.service.OpenLink(c.r.Context(), c.r.PostFormValue("token"))
	if err != nil {
		return err
	}
	c.enter(session, actor, localPath(c.r.PostFormValue("to")))
	return nil
}

// enter gives the browser a session and leads to the page that was asked for, or
// to the reader's own.
func (c *call) enter(session string, actor care.Actor, to string) {
	http.SetCookie(c.w, &http.Cookie{
		Name: sessionCookie, Value: session, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: overTLS(c.r),
	})
	if to == "/" {
		to = home(actor)
	}
	http.Redirect(c.w, c.r, to, http.StatusSeeOther)
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
	p.title, p.help = p.T("login.title"), c.s.help
	return write(c.w, c.r, http.StatusOK, loginBody(p, c.s.demo))
}

// logOut closes the session at once.
func logOut(c *call) error {
	if cookie, err := c.r.Cookie(sessionCookie); err == nil {
		if err := c.s.service.SignOut(c.r.Context(), cookie.Value); err != nil {
			return err
		}
	}
	http.SetCookie(c.w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: overTLS(c.r)})
	http.Redirect(c.w, c.r, "/login", http.StatusSeeOther)
	return nil
}

// front leads to the reader's own first page.
func front(c *call) error {
	if c.signIn() == nil {
		http.Redirect(c.w, c.r, home(c.who.Actor), http.StatusSeeOther)
		return nil
	}
	return c.loginPage()
}
