package web

// Actions are all actions by name, with the kind of thing each is about, for
// tests that send forms to every one.
func Actions() map[string]string {
	all := map[string]string{}
	for _, a := range actions {
		all[a.name] = a.on
	}
	return all
}
