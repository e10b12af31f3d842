package web

import "forlop/casework"

// hiddenWords says, wherever somebody stands in a list, that their address is
// hidden; what else the line says of them comes before it.
func hiddenWords(p page, i casework.Identity, before string) string {
	switch {
	case i.Protected == "":
		return before
	case before == "":
		return p.T("consents.strip.protected")
	}
	return before + ". " + p.T("consents.strip.protected")
}
