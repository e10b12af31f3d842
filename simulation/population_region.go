package simulation

import (
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/pathway"
)

// region is a land that has been opened in a store, before anybody lives there.
type region struct {
	land   *land
	start  time.Time
	days   []care.Date // working days up to yesterday, oldest first
	cal    *care.Calendar
	newest map[string]*pathway.Definition
	names  map[string]string // of professionals
}

// Where things are. Practices without people have never logged in; what is
// theirs falls back on the desk named.
const (
	fjordPain, fjordFatigue, nordPain = "fjord-smerteklinikk", "fjord-utmattelse", "nord-smerteklinikk"
	navOffice                         = "nav-fjordvik"
)

// regionAge is how many days back the region's first unit opened.
const regionAge = 900

var municipalEditor = []care.Post{
	{Unit: "fjordvik", Role: care.PathwayApprover}, {Unit: "holmen", Role: care.PathwayApprover}, {Unit: "nordby", Role: care.PathwayApprover},
}

// norway is two health trusts, three municipalities, their practices and one NAV
// office. The coordinator in the north is on leave now, and somebody stands in.
// The municipalities bring pathways into use together.
var norway = land{
	regime: care.Norway,
	units: []directory.OpenUnit{
		{Unit: "fjord-helseforetak", Kind: directory.Trust, Roles: []care.Role{care.PathwayApprover, care.PrivacyOfficer}, Lead: "solveig-furu", Contact: directory.Contact{Name: "Fjord helseforetak"}},
		{Unit: fjordPain, Kind: directory.PainClinic, Parent: "fjord-helseforetak", Roles: []care.Role{"team", "coordinator"}, Contact: directory.Contact{
			Name: "Smerteklinikken, Fjord sykehus", Phone: "00 00 00 10", Hours: "Telefon mandag til fredag 9–11 og 12–14"}},
		{Unit: fjordFatigue, Kind: directory.FatigueClinic, Parent: "fjord-helseforetak", Roles: []care.Role{"team", "coordinator"}, Contact: directory.Contact{
			Name: "Poliklinikk for utmattelse, Fjord sykehus", Phone: "00 00 00 11", Hours: "Telefon tirsdag og torsdag 10–14"}},
		{Unit: fjordEmergency, Kind: "hospital-ward", Parent: "fjord-helseforetak", Roles: []care.Role{"specialist"}, Contact: directory.Contact{
			Name: "Akuttmottaket, Fjord sykehus", Phone: "00 00 00 13"}},
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
	},
	fallbacks: map[care.UnitID]care.Post{
		"brygga-legekontor":   {Unit: fjordPain, Role: care.Desk},
		"holmen-legekontor":   {Unit: fjordPain, Role: care.Desk},
		"elva-legekontor":     {Unit: nordPain, Role: care.Desk},
		"holmen-koordinering": {Unit: fjordPain, Role: care.Desk},
	},
	editors: []publishers{
		{"fjord-helseforetak", "ingeborg-syrin", "tormod-hagtorn"},
		{"nord-helseforetak", "gro-vivendel", "aslak-barlind"},
		{"fjordvik", "berit-asp", "harald-alm"},
		{"holmen", "berit-asp", "harald-alm"},
		{"nordby", "berit-asp", "harald-alm"},
	},
	workers: []worker{
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
		{"hedda-kirsebar", "Hedda Kirsebær", "physician", []care.Post{emergencyDoctor}},
		{"ellen-kristtorn", "Ellen Kristtorn", "lawyer", []care.Post{{Unit: "fjord-helseforetak", Role: care.PrivacyOfficer}}},
		{"eirik-eik", "Eirik Eik", "physician", []care.Post{{Unit: fjordFatigue, Role: "team"}}},
		{"nina-hassel", "Nina Hassel", "coordinator", []care.Post{{Unit: nordPain, Role: "coordinator"}, {Unit: nordPain, Role: care.Desk}}},
		{"tore-einer", "Tore Einer", "nurse", []care.Post{{Unit: nordPain, Role: care.Desk}}},
		{"hilde-pil", "Hilde Pil", "physician", []care.Post{{Unit: nordPain, Role: "team"}}},
		{"per-ask", "Per Ask", "physician", []care.Post{{Unit: "torget-legesenter", Role: "gp"}, {Unit: "torget-legesenter", Role: care.Desk}}},
		{"anne-lonn", "Anne Lønn", "physician", []care.Post{{Unit: "nordby-legesenter", Role: "gp"}, {Unit: "nordby-legesenter", Role: care.Desk}}},
		{"ragnhild-osp", "Ragnhild Osp", "rehabilitation-coordinator", []care.Post{{Unit: "fjordvik-koordinering", Role: "municipality"}, {Unit: "fjordvik-koordinering", Role: care.Desk}}},
		{"sindre-vier", "Sindre Vier", "counsellor", []care.Post{{Unit: navOffice, Role: "nav"}, {Unit: navOffice, Role: care.Desk}}},
	},
	services: []offering{
		{"fjordvik-koordinering", 30, directory.Service{ID: "mestringskurs", Options: []string{"no.pain/help/course-nearby"}, Where: "Frisklivssentralen i Fjordvik, eller på video", Wait: weeks(5), Places: 8, Source: "Frisklivssentralen, på telefon"}},
		{"fjordvik-koordinering", 21, directory.Service{ID: "fysioterapi", Options: []string{"no.pain/help/therapist-nearby", "no.musculoskeletal/help/therapist-nearby"}, Where: "Fjordvik helsehus", Wait: weeks(7), Places: 6, Source: "Koordinerende enhet"}},
		{"holmen-koordinering", 12, directory.Service{ID: "fysioterapi", Options: []string{"no.pain/help/therapist-nearby", "no.musculoskeletal/help/therapist-nearby"}, Where: "Holmen helsestasjon", Source: "Koordinerende enhet, i brev"}},
		{fjordFatigue, 9, directory.Service{ID: "kurs-hjemme", Options: []string{"no.fatigue/help/course-at-home"}, Where: "På nett, hjemmefra", Wait: weeks(3), Places: 12, Source: "Poliklinikken"}},
	},
	away:  &directory.GoAway{Professional: "nina-hassel", Substitute: "tore-einer"},
	from:  nordPain,
	women: women, men: men, birds: birds, streets: streets, town: "0000 Fjordvik",
	number: syntheticNumber,
	plots:  plots,
	settle: settleInNorway,
	residents: []residence{
		{"coordinator", "kari-bjork", "first contact at the pain clinic in Fjord, desk and intake", fjordPain, ""},
		{"coordinator", "tore-einer", "stands in for the coordinator on leave in Nord", nordPain, ""},
		{"coordinator", "liv-barlind", "first contact at the clinic for fatigue in Fjord", fjordFatigue, ""},
		{"team", "turid-rogn", "physician in the team of the pain clinic in Fjord", fjordPain, ""},
		{"team", "magnus-selje", "physiotherapist in the same team; one patient has shut the record to him", fjordPain, ""},
		{"specialist", "hedda-kirsebar", "physician in the emergency department, who takes part in no journey", fjordEmergency, "/emergency"},
		{"privacy-officer", "ellen-kristtorn", "judges who has looked, in Fjord health trust", "fjord-helseforetak", ""},
		{"gp", "per-ask", "general practitioner in Fjordvik", "torget-legesenter", ""},
		{"municipality", "ragnhild-osp", "coordinates in Fjordvik municipality", "fjordvik-koordinering", ""},
		{"nav", "sindre-vier", "work and welfare office, its own part only", navOffice, ""},
		{"author", "ingeborg-syrin", "publishes pathways for Fjord health trust", "fjord-helseforetak", ""},
		{"approver", "tormod-hagtorn", "approves pathways in Fjord health trust", "fjord-helseforetak", ""},
		{"lead", "solveig-furu", "the named person at the top of Fjord health trust", "fjord-helseforetak", ""},
	},
}
