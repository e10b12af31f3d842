package web

import (
	"net/http"

	"forlop/care"
)

// showLogin opens a demo's login link, or says how to log in. In a demo the link
// itself is the login; elsewhere a login needs a provider.
func showLogin(c *call) error {
	token := c.r.URL.Query().Get("token")
	if token == "" || !c.s.demo {
		return c.loginPage()
	}
	actor, err := c.s.service.SignedIn(c.r.Context(), token)
	if err != nil {
		return err
	}
	http.SetCookie(c.w, &http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: overTLS(c.r),
	})
	to := localPath(c.r.URL.Query().Get("to"))
	if to == "/" {
		to = home(actor)
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
