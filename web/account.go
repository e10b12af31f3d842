package web

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"

	"forlop/access/provider"
	"forlop/care"
	"forlop/casework"
)

// An accountForm is a page of the site's own provider: logging in, or setting up
// an account.
type accountForm struct {
	request, name string
	// people are those that a demo offers.
	people []personGroup
	// token is the link that sets up an account, offer its secret, sealed, and
	// secret the same in groups of four, to be typed into an app.
	token, offer, secret, app string
}

// A personGroup are a demo's people of one kind.
type personGroup struct {
	title  string
	people []provider.Person
}

// offered is a secret for one-time codes between two pages.
type offered struct {
	Name, Secret string
}

// offerPlace is what a sealed secret is sealed for.
const offerPlace = "account-offer"

func (c *call) ownProvider() (*provider.Provider, error) {
	if c.s.own == nil {
		return nil, care.Missing("no-provider", "Nobody logs in there.")
	}
	return c.s.own, nil
}

// showAccount asks who somebody is, on behalf of the site's own provider.
func showAccount(c *call) error {
	own, err := c.ownProvider()
	if err != nil {
		return err
	}
	request := c.r.URL.Query().Get("request")
	if !own.Known(request) {
		return care.Refuse("account-request-gone", "This login has run out. Begin again; what you wrote is kept.")
	}
	return c.accountPage(own, accountForm{request: request}, nil)
}

func (c *call) accountPage(own *provider.Provider, f accountForm, refusal *care.Refusal) error {
	p := newPage(c.r, forPatients, accountLanguage(c.r))
	p.title, p.help = p.T("account.title"), c.s.help
	status := http.StatusOK
	if refusal != nil {
		p.faults, status = []fault{{refusal.Field, p.refusal(refusal)}}, http.StatusUnprocessableEntity
	}
	if people := own.People(); people != nil {
		f.people = grouped(p, people)
		return write(c.w, c.r, status, chooseBody(p, f))
	}
	return write(c.w, c.r, status, accountBody(p, f))
}

// grouped parts patients and relatives from those who work.
func grouped(p page, people []provider.Person) []personGroup {
	groups := []personGroup{{title: p.T("account.patients")}, {title: p.T("account.workers")}}
	for _, who := range people {
		i := 0
		if strings.HasPrefix(who.Subject, string(care.Professional)+"/") {
			i = 1
		}
		groups[i].people = append(groups[i].people, who)
	}
	return groups
}

// tryAccount tries what somebody wrote, and leads back to where they came from.
func tryAccount(c *call) error {
	own, err := c.ownProvider()
	if err != nil {
		return err
	}
	form := func(name string) string { return c.r.PostFormValue(name) }
	var to string
	if own.People() != nil {
		to, err = own.Be(form("request"), form("person"))
	} else {
		to, err = own.LogIn(c.r.Context(), form("request"), form("name"), form("passphrase"), form("code"), c.address())
	}
	if refusal, no := care.AsRefusal(err); no && own.Known(form("request")) {
		c.s.log.Warn("an account was not opened", "refusal", refusal.Code, "address", c.address())
		return c.accountPage(own, accountForm{request: form("request"), name: form("name")}, refusal)
	}
	if err != nil {
		return err
	}
	http.Redirect(c.w, c.r, to, http.StatusSeeOther)
	return nil
}

// address is where a request comes from, as limits count it.
func (c *call) address() string {
	if c.s.limits != nil {
		return c.s.limits.address(c.r)
	}
	host, _, err := net.SplitHostPort(c.r.RemoteAddr)
	if err != nil {
		return c.r.RemoteAddr
	}
	return host
}

// invited reads the link that sets up an account.
func (c *call) invited(token string) (*provider.Provider, provider.Invitation, error) {
	var none provider.Invitation
	own, err := c.ownProvider()
	if err != nil {
		return nil, none, err
	}
	i, err := c.s.service.Invited(c.r.Context(), token)
	if err != nil {
		return nil, none, err
	}
	invitation := provider.Invitation{Name: i.Name, Subject: casework.SubjectOf(i.Actor), Prescriber: i.Prescriber, Issued: i.Issued}
	err = own.Open(c.r.Context(), invitation)
	return own, invitation, err
}

// newAccount asks for a passphrase, and shows the secret of the codes.
func newAccount(c *call) error {
	token := c.r.URL.Query().Get("token")
	own, i, err := c.invited(token)
	if err != nil {
		return err
	}
	secret, app, err := own.Offer(i)
	if err != nil {
		return err
	}
	text, err := json.Marshal(offered{i.Name, secret})
	if err != nil {
		return err
	}
	sealed, err := c.s.service.SealCarried(offerPlace, text)
	if err != nil {
		return err
	}
	return c.newAccountPage(accountForm{name: i.Name, token: token, offer: sealed, secret: inFours(secret), app: app}, nil)
}

func (c *call) newAccountPage(f accountForm, refusal *care.Refusal) error {
	p := newPage(c.r, forPatients, accountLanguage(c.r))
	p.title, p.help = p.T("account.new-title"), c.s.help
	status := http.StatusOK
	if refusal != nil {
		p.faults, status = []fault{{refusal.Field, p.refusal(refusal)}}, http.StatusUnprocessableEntity
	}
	return write(c.w, c.r, status, newAccountBody(p, f))
}

// setUpAccount makes the account.
func setUpAccount(c *call) error {
	form := func(name string) string { return c.r.PostFormValue(name) }
	own, i, err := c.invited(form("token"))
	if err != nil {
		return err
	}
	var o offered
	text, ok := c.s.service.OpenCarried(offerPlace, form("offer"))
	if !ok || json.Unmarshal(text, &o) != nil || o.Name != i.Name {
		return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	secret := o.Secret
	if form("without") != "" {
		secret = ""
	}
	err = own.SetUp(c.r.Context(), i, form("passphrase"), form("again"), secret, form("code"))
	if refusal, no := care.AsRefusal(err); no && refusal.Field != "" {
		return c.newAccountPage(accountForm{
			name: i.Name, token: form("token"), offer: form("offer"), secret: inFours(o.Secret), app: own.App(i, o.Secret),
		}, refusal)
	}
	if err != nil {
		return err
	}
	p := newPage(c.r, forPatients, accountLanguage(c.r))
	p.title, p.help = p.T("account.done-title"), c.s.help
	return write(c.w, c.r, http.StatusOK, accountDoneBody(p, i.Name))
}

// inFours writes a secret so that it can be typed.
func inFours(secret string) string {
	var b strings.Builder
	for i, r := range secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
