package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"forlop/access/login"
	"forlop/care"
	"forlop/casework"
)

// OwnProvider is the id under which the site's own provider stands among the
// others.
const OwnProvider = "own"

// BackFrom is the path that a provider sends people back to.
func BackFrom(provider string) string { return "/login/back/" + provider }

// AccountPage is the path of the page on which the site's own provider asks who
// somebody is, without the name of the request.
const AccountPage = "/account?request="

// underway is a login that is on its way, as the browser carries it, sealed.
type underway struct {
	Pending login.Pending  `json:"pending"`
	As      care.ActorKind `json:"as"`
	To      string         `json:"to"`
}

// loginSeconds is how long the browser keeps it: as long as the login may take.
const loginSeconds = 600

// providerOf is the provider that an address names.
func (c *call) providerOf() (*login.Provider, error) {
	for _, at := range c.s.providers {
		if at.Settings().ID == c.r.PathValue("provider") {
			return at, nil
		}
	}
	return nil, care.Missing("no-provider", "Nobody logs in there.")
}

// beginLogin sends the browser to a provider.
func beginLogin(c *call) error {
	at, err := c.providerOf()
	if err != nil {
		return err
	}
	q := c.r.URL.Query()
	as := care.Patient
	if q.Get("as") == string(care.Professional) {
		as = care.Professional
	}
	address, pending, err := at.Begin(c.r.Context(), c.s.base+BackFrom(at.Settings().ID), login.Ask{
		As: as, Fresh: q.Has("fresh"), Language: string(languageOf(c.r, "").ours().code),
	})
	if err != nil {
		return c.refusedLogin(at, err)
	}
	text, err := json.Marshal(underway{pending, as, localPath(q.Get("to"))})
	if err != nil {
		return err
	}
	sealed, err := c.s.service.SealCarried(loginCookie, text)
	if err != nil {
		return err
	}
	setSecret(c.w, c.r, loginCookie, sealed, loginSeconds)
	http.Redirect(c.w, c.r, address, http.StatusFound)
	return nil
}

// finishLogin takes what the browser came back with, and lets in whom it proves.
func finishLogin(c *call) error {
	at, err := c.providerOf()
	if err != nil {
		return err
	}
	var u underway
	text, ok := c.s.service.OpenCarried(loginCookie, secret(c.r, loginCookie))
	setSecret(c.w, c.r, loginCookie, "", -1)
	if !ok || json.Unmarshal(text, &u) != nil {
		return care.Refuse("login-expired", "This login at {provider} has run out or was used already. Log in again; what you had written is kept.", "provider", at.Settings().Name)
	}
	proof, err := at.Finish(c.r.Context(), u.Pending, c.r.URL.Query())
	if err != nil {
		return c.refusedLogin(at, err)
	}
	session, actor, err := c.s.service.SignInWith(c.r.Context(), c.proofOf(at, proof, u.As))
	if err != nil {
		return c.refusedLogin(at, err)
	}
	return c.enter(session, actor, u.To)
}

// proofOf is a provider's proof as casework takes it.
func (c *call) proofOf(at *login.Provider, p login.Proof, as care.ActorKind) casework.Proof {
	proof := casework.Proof{
		Provider: p.Issuer, Subject: p.Subject, Remote: p.Session, Kind: as, Ours: c.s.isOwn(at),
		Number: p.NationalNumber, Regime: care.Norway, HPR: p.HPR, HSAID: p.HSAID,
		Login: casework.Login{At: p.At, Level: p.Level}, Method: at.Settings().Name, Client: clientOf(c.r),
	}
	// A Norwegian number has eleven digits, a Swedish one ten or twelve.
	if n := len(proof.Number); n == 10 || n == 12 {
		proof.Regime = care.Sweden
	}
	if p.Prescriber && as == care.Professional {
		proof.Prescriber = "claimed"
	}
	if proof.Ours {
		proof.Method = OwnProvider
		if strings.HasPrefix(p.Subject, string(care.Professional)+"/") {
			proof.Kind = care.Professional
		}
		if proof.Kind == care.Professional && p.Prescriber {
			proof.Prescriber = "claimed"
		}
	}
	return proof
}

// refusedLogin tells the operator that a login was refused, without saying whose:
// the error holds no number and no name.
func (c *call) refusedLogin(at *login.Provider, err error) error {
	c.s.log.Warn("a login was refused", "provider", at.Settings().ID, "error", err)
	return err
}

// endedElsewhere hears from a provider that its session is over (OpenID Connect
// Back-Channel Logout 1.0, 2.5 and 2.8).
func endedElsewhere(c *call) error {
	at, err := c.providerOf()
	if err != nil {
		return err
	}
	over, err := at.LogoutToken(c.r.Context(), c.r.PostFormValue("logout_token"))
	if err != nil {
		c.s.log.Warn("a logout was refused", "provider", at.Settings().ID, "error", err)
		c.w.Header().Set("Content-Type", "application/json")
		c.w.WriteHeader(http.StatusBadRequest)
		_, _ = c.w.Write([]byte(`{"error":"invalid_request"}`)) // nobody waits where this fails
		return nil
	}
	n, err := c.s.service.LoggedOutAt(c.r.Context(), over.Issuer, over.Subject, over.Session)
	if err != nil {
		return err
	}
	c.s.log.Info("logged out by the provider", "provider", at.Settings().ID, "sessions", n)
	c.w.WriteHeader(http.StatusOK)
	return nil
}
