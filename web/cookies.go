package web

import "net/http"

// The cookies that hold a secret. Over TLS their names begin with __Host-, so that
// no other host and no plain connection can set them (RFC 6265bis, 4.1.3.2); plain
// HTTP is for this machine, and has them without.
const (
	// sessionCookie opens a session.
	sessionCookie = "session"
	// loginCookie holds a login that is on its way, sealed.
	loginCookie = "login"
	// unsentCookie claims a form that was sent when nobody was logged in.
	unsentCookie = "unsent"
)

// secretName is the name of a cookie that holds a secret.
func secretName(r *http.Request, name string) string {
	if overTLS(r) {
		return "__Host-" + name
	}
	return name
}

// setSecret sets a cookie that holds a secret, for so many seconds; 0 until the
// browser is closed, -1 to remove it.
func setSecret(w http.ResponseWriter, r *http.Request, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{
		Name: secretName(r, name), Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: overTLS(r),
	})
}

// secret is what a cookie holds, "" where it is not there.
func secret(r *http.Request, name string) string {
	c, err := r.Cookie(secretName(r, name))
	if err != nil {
		return ""
	}
	return c.Value
}

// token is the secret of the reader's session.
func (c *call) token() string {
	if guestPath(c.r.URL.Path) {
		return secret(c.r, guestCookie)
	}
	return secret(c.r, sessionCookie)
}
