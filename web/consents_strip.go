package web

import "forlop/access"

// standing are the lines of the strip about who may see: a hidden address, the
// relatives with access, and that something is blocked, where the country lets
// others know that it is.
func (s *scene) standing() []fact {
	var rows []fact
	if kind := s.v.Person.Identity.Protected; kind != "" {
		rows = append(rows, fact{name: s.p.T("consents.strip.protected"), value: s.p.T("consents.protection." + string(kind))})
	}
	names := make([]string, 0, len(s.v.Relatives))
	for _, r := range s.v.Relatives {
		if r.Proxy == access.ProxyActive || r.Guardian == access.GuardianStands {
			names = append(names, s.relative(r))
		}
	}
	rows = append(rows, fact{name: s.p.T("consents.strip.relatives"), value: orElse(s.p.lang.List(names), s.p.T("consents.strip.none")), change: s.address("/access")})
	if s.v.Closed {
		rows = append(rows, fact{name: s.p.T("consents.strip.closed"), value: s.p.T("consents.strip.closed-text")})
	}
	return rows
}
