// Package login is how an OpenID provider says who somebody is.
//
// It is a relying party of OpenID Connect: code flow with PKCE (S256), and
// pushed requests (RFC 9126), private_key_jwt (RFC 7523) and DPoP (RFC 9449)
// where the provider asks for them. Which provider, which claims and which
// levels are settings; the four in docs/login are tested against a certified
// library that stands in for the provider.
//
// Begin answers where to send the browser and what to keep meanwhile; Finish
// takes what the browser came back with and answers a Proof: facts from the
// provider, all checked. Who that is here – which patient, which professional –
// is not known in this package, and nothing is decided from an e-mail address.
// Whatever does not hold is refused; the refusal is for the person, its cause
// for the operator's log.
package login
