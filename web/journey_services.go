package web

import (
	"forlop/care/directory"
	"forlop/pathway"
)

// services are what units have for an option of a choice, the shortest known
// wait first: who, where, and what was known of the wait on which day.
func (s *scene) services(choice pathway.ChoiceID, option string) []string {
	var all []string
	for _, o := range s.v.Directory().Services(s.v.Definition.ID + "/" + string(choice) + "/" + option) {
		all = append(all, serviceWords(s.p, o))
	}
	return all
}

func serviceWords(p page, o directory.Offered) string {
	key, args := "staff.service.unknown", []any{"unit", o.Contact.Name, "where", o.Where, "date", p.lang.ShortDate(o.Seen)}
	if o.Wait != nil {
		key, args = "staff.service.known", append(args, "wait", p.lang.Span(*o.Wait))
	}
	words := p.T(key, args...)
	if o.Places > 0 {
		words += " " + p.T("staff.service.places", "n", o.Places)
	}
	return words
}
