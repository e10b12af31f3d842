// Package provider is an OpenID provider of the site's own, for small sites and
// the demo.
//
// It gives accounts with a passphrase and a one-time code to people who have no
// login elsewhere, and speaks to the rest of the program as any other provider
// does: the pages reach it through access/login alone. It serves one client, the
// site itself, by code flow with PKCE (S256). An account is made by the operator,
// who hands over a link; passphrase and code secret are the person's own, and are
// kept sealed by whoever fulfils Accounts.
//
// It is no login at a level of assurance that a law asks for: with a code it is
// called substantial, without one low (assumed), and whoever answers for the site
// decides whether that will do.
package provider
