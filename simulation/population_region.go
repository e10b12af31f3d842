package simulation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/pathway"
	"forlop/store"
)

// region is the made-up part of the country: two health trusts, three
// municipalities, their practices and one NAV office.
type region struct {
	start  time.Time
	days   []care.Date // working days up to yesterday, oldest first
	cal    *care.Calendar
	newest map[string]*pathway.Definition
	names  map[string]string // of professionals
}

// worker is a professional with the posts they hold.
type worker struct {
	id, name, profession string
	posts                []care.Post
}

// Where things are. Practices without people have never logged in; what is
// theirs falls back on the desk named.
const (
	fjordPain, fjordFatigue, nordPain = "fjord-smerteklinikk", "fjord-utmattelse", "nord-smerteklinikk"
	navOffice                         = "nav-fjordvik"
)

var units = []directory.OpenUnit{
	{Unit: "fjord-helseforetak", Kind: directory.Trust, Roles: []care.Role{care.PathwayApprover}, Lead: "solveig-furu", Contact: directory.Contact{Name: "Fjord helseforetak"}},
	{Unit: fjordPain, Kind: directory.PainClinic, Parent: "fjord-helseforetak", Roles: []care.Role{"team", "coordinator"}, Contact: directory.Contact{
		Name: "Smerteklinikken, Fjord sykehus", Phone: "00 00 00 10", Hours: "Telefon mandag til fredag 9–11 og 12–14"}},
	{Unit: fjordFatigue, Kind: directory.FatigueClinic, Parent: "fjord-helseforetak", Roles: []care.Role{"team", "coordinator"}, Contact: directory.Contact{
		Name: "Poliklinikk for utmattelse, Fjord sykehus", Phone: "00 00 00 11", Hours: "Telefon tirsdag og torsdag 10–14"}},
	{Unit: "nord-helseforetak", Kind: directory.Trust, Roles: []care.Role{care.PathwayApprover}, Lead: "arvid-gran", Contact: directory.Contact{Name: "Nord helseforetak"}},
	{Unit: nordPain, Kind: directory.PainClinic, Parent: "nord-helseforetak", Roles: []care.Role{"team", "coordinator"}, Contact: directory.Contact{
		Name: "Smertepoliklinikken, Nord sykehus", Phone: "00 00 00 12", Hours: "Telefon mandag til fredag 8.30–11"}},
	{Unit: "fjordvik", Kind: directory.Municipality, Roles: []care.Role{care.PathwayApprover}, Lead: "berit-asp", Contact: directory.Contact{Name: "Fjordvik kommune"}},
	{Unit: "fjordvik-koordinering", Kind: "municipal-coordination", Parent: "fjordvik", Roles: []care.Role{"municipality"}, Contact: directory.Contact{
		Name: "Koordinerende enhet, Fjordvik kommune", Phone: "00 00 00 20"}},
	{Unit: "holmen", Kind: directory.Municipality, Roles: []care.Role{care.PathwayApprover}, Lead: "harald-alm", Contact: directory.Contact{Name: "Holmen kommune"}},
	{Unit: "holmen-koordinering", Kind: "municipal-coordination", Parent: "holmen", Roles: []care.Role{"municipality"}, Contact: directory.Contact{
		Name: "Koordinerende enhet, Holmen kommune", Phone: "00 00 00 21"}},
	{Unit: "nordby", Kind: directory.Municipality, Roles: []care.Role{care.PathwayApprover}, Lead: "unni-or", Contact: directory.Contact{Name: "Nordby kommune"}},
	{Unit: "torget-legesenter", Kind: directory.PrimaryCare, Parent: "fjordvik", Roles: []care.Role{"gp"}, Contact: directory.Contact{
		Name: "Torget legesenter", Phone: "00 00 00 30"}},
	{Unit: "brygga-legekontor", Kind: directory.PrimaryCare, Parent: "fjordvik", Roles: []care.Role{"gp"}, Contact: directory.Contact{
		Name: "Brygga legekontor", Phone: "00 00 00 31"}},
	{Unit: "holmen-legekontor", Kind: directory.PrimaryCare, Parent: "holmen", Roles: []care.Role{"gp"}, Contact: directory.Contact{
		Name: "Holmen legekontor", Phone: "00 00 00 32"}},
	{Unit: "nordby-legesenter", Kind: directory.PrimaryCare, Parent: "nordby", Roles: []care.Role{"gp"}, Contact: directory.Contact{
		Name: "Nordby legesenter", Phone: "00 00 00 33"}},
	{Unit: "elva-legekontor", Kind: directory.PrimaryCare, Parent: "nordby", Roles: []care.Role{"gp"}, Contact: directory.Contact{
		Name: "Elva legekontor", Phone: "00 00 00 34"}},
	{Unit: "nav", Kind: directory.Region, Lead: "jostein-hegg", Contact: directory.Contact{Name: "NAV, Fjordvik og omegn"}},
	{Unit: navOffice, Kind: "work-and-welfare", Parent: "nav", Roles: []care.Role{"nav"}, Contact: directory.Contact{
		Name: "NAV Fjordvik", Phone: "00 00 00 40"}},
}

// regionEditors are the two persons who bring the pathways into use for a part of the
// region and everything under it. The municipalities do it together.
var regionEditors = []struct {
	unit          care.UnitID
	first, second string
}{
	{"fjord-helseforetak", "ingeborg-syrin", "tormod-hagtorn"},
	{"nord-helseforetak", "gro-vivendel", "aslak-barlind"},
	{"fjordvik", "berit-asp", "harald-alm"},
	{"holmen", "berit-asp", "harald-alm"},
	{"nordby", "berit-asp", "harald-alm"},
}

// fallbacks are the units whose people have never logged in.
var fallbacks = map[care.UnitID]care.Post{
	"brygga-legekontor":   {Unit: fjordPain, Role: care.Desk},
	"holmen-legekontor":   {Unit: fjordPain, Role: care.Desk},
	"elva-legekontor":     {Unit: nordPain, Role: care.Desk},
	"holmen-koordinering": {Unit: fjordPain, Role: care.Desk},
}

var municipalEditor = []care.Post{
	{Unit: "fjordvik", Role: care.PathwayApprover}, {Unit: "holmen", Role: care.PathwayApprover}, {Unit: "nordby", Role: care.PathwayApprover},
}

var workers = []worker{
	{"solveig-furu", "Solveig Furu", "physician", nil},
	{"arvid-gran", "Arvid Gran", "physician", nil},
	{"berit-asp", "Berit Asp", "physician", municipalEditor},
	{"harald-alm", "Harald Alm", "physician", municipalEditor},
	{"unni-or", "Unni Or", "nurse", nil},
	{"jostein-hegg", "Jostein Hegg", "counsellor", nil},
	{"ingeborg-syrin", "Ingeborg Syrin", "physician", []care.Post{{Unit: "fjord-helseforetak", Role: care.PathwayApprover}}},
	{"tormod-hagtorn", "Tormod Hagtorn", "physiotherapist", []care.Post{{Unit: "fjord-helseforetak", Role: care.PathwayApprover}}},
	{"gro-vivendel", "Gro Vivendel", "physician", []care.Post{{Unit: "nord-helseforetak", Role: care.PathwayApprover}}},
	{"aslak-barlind", "Aslak Barlind", "nurse", []care.Post{{Unit: "nord-helseforetak", Role: care.PathwayApprover}}},
	{"kari-bjork", "Kari Bjørk", "coordinator", []care.Post{{Unit: fjordPain, Role: "coordinator"}, {Unit: fjordPain, Role: care.Desk}}},
	{"turid-rogn", "Turid Rogn", "physician", []care.Post{{Unit: fjordPain, Role: "team"}}},
	{"magnus-selje", "Magnus Selje", "physiotherapist", []care.Post{{Unit: fjordPain, Role: "team"}}},
	{"aisha-lind", "Aisha Lind", "psychologist", []care.Post{{Unit: fjordPain, Role: "team"}}},
	{"mona-lyng", "Mona Lyng", "secretary", []care.Post{{Unit: fjordPain, Role: care.Desk}}},
	{"liv-barlind", "Liv Barlind", "coordinator", []care.Post{{Unit: fjordFatigue, Role: "coordinator"}, {Unit: fjordFatigue, Role: care.Desk}}},
	{"eirik-eik", "Eirik Eik", "physician", []care.Post{{Unit: fjordFatigue, Role: "team"}}},
	{"nina-hassel", "Nina Hassel", "coordinator", []care.Post{{Unit: nordPain, Role: "coordinator"}, {Unit: nordPain, Role: care.Desk}}},
	{"tore-einer", "Tore Einer", "nurse", []care.Post{{Unit: nordPain, Role: care.Desk}}},
	{"hilde-pil", "Hilde Pil", "physician", []care.Post{{Unit: nordPain, Role: "team"}}},
	{"per-ask", "Per Ask", "physician", []care.Post{{Unit: "torget-legesenter", Role: "gp"}, {Unit: "torget-legesenter", Role: care.Desk}}},
	{"anne-lonn", "Anne Lønn", "physician", []care.Post{{Unit: "nordby-legesenter", Role: "gp"}, {Unit: "nordby-legesenter", Role: care.Desk}}},
	{"ragnhild-osp", "Ragnhild Osp", "rehabilitation-coordinator", []care.Post{{Unit: "fjordvik-koordinering", Role: "municipality"}, {Unit: "fjordvik-koordinering", Role: care.Desk}}},
	{"sindre-vier", "Sindre Vier", "counsellor", []care.Post{{Unit: navOffice, Role: "nav"}, {Unit: navOffice, Role: care.Desk}}},
}

// regionAge is how many days back the region's first unit opened.
const regionAge = 900

// newRegion opens the units and registers everyone who works in them, long
// before the first life begins.
func newRegion(ctx context.Context, st store.Store, keys *store.Keyring, p Population) (*region, error) {
	r := &region{start: p.Now.AddDate(0, 0, -regionAge), cal: care.CalendarOf(care.Norway), names: map[string]string{}}
	for d := r.cal.Date(r.start).AddDays(2); d.Before(r.cal.Date(p.Now)); d = d.AddDays(1) {
		if r.cal.IsWorkingDay(d) {
			r.days = append(r.days, d)
		}
	}
	clock := &lifeClock{now: r.start.UTC().Truncate(time.Microsecond)}
	s, err := service(ctx, st, keys, clock)
	if err != nil {
		return nil, err
	}
	if r.newest, err = versions(ctx, s); err != nil {
		return nil, err
	}
	n := 0
	do := func(target string, c directory.Command) error {
		n++
		_, err := s.Do(ctx, casework.Order{
			Who: casework.Who{Actor: care.Service}, Key: "region/" + strconv.Itoa(n), Target: target, Command: c,
		})
		if err != nil {
			return fmt.Errorf("simulation: %s %s: %w", c.Name(), target, err)
		}
		return nil
	}
	for _, w := range workers {
		r.names[w.id] = w.name
		if err := do(w.id, directory.Register{Professional: w.id, Profession: w.profession}); err != nil {
			return nil, err
		}
		if err := s.NameProfessional(ctx, w.id, casework.Identity{Name: w.name}); err != nil {
			return nil, err
		}
	}
	for _, u := range units {
		u.Regime = care.Norway
		if err := do(string(u.Unit), u); err != nil {
			return nil, err
		}
	}
	for _, w := range workers {
		for _, post := range w.posts {
			if err := do(string(post.Unit), directory.Join{Professional: w.id, Role: post.Role}); err != nil {
				return nil, err
			}
		}
	}
	for _, u := range units {
		if post, ok := fallbacks[u.Unit]; ok {
			if err := do(string(u.Unit), directory.NameFallback{Post: post}); err != nil {
				return nil, err
			}
		}
	}
	for _, e := range regionEditors {
		for _, id := range slices.Sorted(maps.Keys(r.newest)) {
			def := r.newest[id]
			if err := s.BringIntoUse(ctx, def.Ref, e.first, e.second, e.unit); err != nil {
				return nil, fmt.Errorf("simulation: bringing %s into use in %s: %w", def.Ref, e.unit, err)
			}
		}
	}
	// The coordinator in the north is on leave now, and somebody stands in.
	return r, do(nordPain, directory.GoAway{
		Professional: "nina-hassel", From: p.Now.AddDate(0, 0, -4), Until: p.Now.AddDate(0, 0, 10), Substitute: "tore-einer",
	})
}
