package directory

import (
	"testing"
	"time"

	"forlop/care"
)

func date(y, m, d int) care.Date { return care.Date{Year: y, Month: time.Month(m), Day: d} }

func TestKnownOfAUnit(t *testing.T) {
	t.Parallel()
	r := newRegion()
	r.people["p0"] = Professional{ID: "p0", Status: "registered"}
	must(t, r.do("u0", OpenUnit{Unit: "u0", Kind: Trust, Regime: care.Norway, Contact: Contact{Name: "x"}, Lead: "p0"}))
	must(t, r.do("u1", OpenUnit{Unit: "u1", Kind: PainClinic, Regime: care.Norway, Contact: Contact{Name: "y"}, Parent: "u0"}))
	today := oslo.Date(r.now)
	for _, c := range []struct {
		name string
		unit care.UnitID
		c    Command
		code string
	}{
		{"numbers are read as their registers read them", "u0", GiveNumbers{[]Number{{care.RESH, " 104 919"}, {care.OrganisationNO, "974 760 673"}, {care.HER, "42"}}}, ""},
		{"the same again", "u0", GiveNumbers{[]Number{{care.OrganisationNO, "974760673"}, {care.RESH, "104919"}, {care.HER, "42"}}}, "nothing-changes"},
		{"a wrong digit", "u0", GiveNumbers{[]Number{{care.OrganisationNO, "974760674"}}}, "organisation-number-control-digit"},
		{"a register of another country", "u0", GiveNumbers{[]Number{{care.HSA, "SE2321000016-1HZ3"}}}, "register-foreign"},
		{"a register of people", "u0", GiveNumbers{[]Number{{care.HPR, "9144900"}}}, "register-foreign"},
		{"a register twice", "u0", GiveNumbers{[]Number{{care.HER, "1"}, {care.HER, "2"}}}, "register-twice"},
		{"another unit's HER-id", "u1", GiveNumbers{[]Number{{care.HER, "0042"}}}, "unit-number-taken"},
		{"the organisation's number on two units", "u1", GiveNumbers{[]Number{{care.OrganisationNO, "974760673"}}}, ""},
		{"run in no known way", "u1", SayRun{Run{By: "nobody"}}, "run-by-unknown"},
		{"a contract with nobody", "u1", SayRun{Run{By: ByContract, From: today}}, "runner-needed"},
		{"the region with a name", "u1", SayRun{Run{By: ByRegion, Runner: "Helse AS"}}, "runner-needed"},
		{"an end before the start", "u1", SayRun{Run{By: ByRegion, From: today, Until: today.AddDays(-1)}}, "time-empty"},
		{"by the region", "u1", SayRun{Run{By: ByRegion, From: date(2020, 1, 1)}}, ""},
		{"by contract from a day on", "u1", SayRun{Run{By: ByContract, Runner: "Helse AS", From: date(2026, 1, 1), Until: date(2027, 12, 31)}}, ""},
		{"the same once more", "u1", SayRun{Run{By: ByContract, Runner: "Helse AS", From: date(2026, 1, 1), Until: date(2027, 12, 31)}}, "nothing-changes"},
		{"nothing of capacity", "u1", SayCapacity{Capacity{Seen: today, Source: "x"}}, "capacity-number"},
		{"capacity of a day to come", "u1", SayCapacity{Capacity{New: 3, Seen: today.AddDays(1), Source: "x"}}, "service-day"},
		{"capacity that nobody says", "u1", SayCapacity{Capacity{New: 3, Seen: today}}, "capacity-source"},
		{"capacity", "u1", SayCapacity{Capacity{Journeys: 120, New: 3, Seen: today, Source: "Avdelingen"}}, ""},
	} {
		err := r.do(c.unit, c.c)
		if got, _ := care.AsRefusal(err); (c.code == "") != (err == nil) || c.code != "" && (got == nil || got.Code != c.code) {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
	}
	u0, u1 := r.units["u0"], r.units["u1"]
	if u0.Number(care.RESH) != "104919" || u0.Number(care.HSA) != "" || len(u0.Numbers) != 3 {
		t.Errorf("the numbers are %v", u0.Numbers)
	}
	for day, want := range map[care.Date]RunBy{
		date(2019, 12, 31): "", date(2020, 1, 1): ByRegion, date(2025, 12, 31): ByRegion,
		date(2026, 1, 1): ByContract, date(2027, 12, 31): ByContract, date(2028, 1, 1): "",
	} {
		if got, ok := u1.RunOn(day); got.By != want || ok != (want != "") {
			t.Errorf("on %s it is run by %q, want %q", day, got.By, want)
		}
	}
	// A contract that begins earlier than was thought leaves the days before as
	// they were said.
	must(t, r.do("u1", SayRun{Run{By: ByContract, Runner: "Helse AS", From: date(2025, 7, 1)}}))
	u1 = r.units["u1"]
	for day, want := range map[care.Date]RunBy{date(2025, 6, 30): ByRegion, date(2025, 7, 1): ByContract, date(2030, 1, 1): ByContract} {
		if got, _ := u1.RunOn(day); got.By != want {
			t.Errorf("after the change it is run by %q on %s, want %q", got.By, day, want)
		}
	}
}
