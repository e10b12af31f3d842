package web

import (
	"slices"
	"testing"
	"time"

	"forlop/care"
)

func TestDatesAreSaidInFourLanguages(t *testing.T) {
	t.Parallel()
	day := care.Date{Year: 2026, Month: time.March, Day: 13}
	moment := time.Date(2026, time.March, 13, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		code                                       care.Language
		full, short, clock, moment, weeks, working string
	}{
		{care.Bokmal, "fredag 13. mars 2026", "13. mar. 2026", "kl. 10.00", "fredag 13. mars kl. 10.00", "12 uker", "10 virkedager"},
		{care.Nynorsk, "fredag 13. mars 2026", "13. mars 2026", "kl. 10.00", "fredag 13. mars kl. 10.00", "12 veker", "10 virkedagar"},
		{care.Swedish, "fredag 13 mars 2026", "13 mars 2026", "kl. 10.00", "fredag 13 mars kl. 10.00", "12 veckor", "10 arbetsdagar"},
		{care.English, "Friday 13 March 2026", "13 Mar 2026", "10:00", "Friday 13 March at 10:00", "12 weeks", "10 working days"},
	} {
		l := speak(c.code)
		for _, got := range [][3]string{
			{"date", l.Date(day), c.full},
			{"short date", l.ShortDate(day), c.short},
			{"clock", l.Clock(moment), c.clock},
			{"moment", l.Moment(moment), c.moment},
			{"weeks", l.Span(care.Span{N: 12, Unit: care.Weeks}), c.weeks},
			{"working days", l.Span(care.Span{N: 10, Unit: care.WorkingDays}), c.working},
			{"no date", l.Date(care.Date{}), ""},
		} {
			if got[1] != got[2] {
				t.Errorf("%s: %s is %q, want %q", c.code, got[0], got[1], got[2])
			}
		}
	}
}

func TestUntil(t *testing.T) {
	t.Parallel()
	today := care.Date{Year: 2026, Month: time.March, Day: 4}
	for _, c := range []struct {
		days   int
		nb, sv string
	}{
		{0, "i dag", "i dag"},
		{1, "i morgen", "i morgon"},
		{-1, "i går", "i går"},
		{9, "om 9 dager", "om 9 dagar"},
		{-4, "for 4 dager siden", "för 4 dagar sedan"},
		{27, "om 27 dager", "om 27 dagar"},
		{28, "om 4 uker", "om 4 veckor"},
		{30, "om ca. 4 uker", "om ca 4 veckor"},
		{84, "om 12 uker", "om 12 veckor"},
		{-84, "for 12 uker siden", "för 12 veckor sedan"},
	} {
		if got := speak(care.Bokmal).Until(today, today.AddDays(c.days)); got != c.nb {
			t.Errorf("%d days in bokmål: %q, want %q", c.days, got, c.nb)
		}
		if got := speak(care.Swedish).Until(today, today.AddDays(c.days)); got != c.sv {
			t.Errorf("%d days in Swedish: %q, want %q", c.days, got, c.sv)
		}
	}
}

// TestRelativeDatesInEveryLanguage holds one and several, today and its
// neighbours, what is past and the week that people plan by.
func TestRelativeDatesInEveryLanguage(t *testing.T) {
	t.Parallel()
	today := care.Date{Year: 2026, Month: time.March, Day: 4}
	for code, want := range map[care.Language][]string{
		care.Bokmal:  {"i dag", "i morgen", "i går", "om 2 dager", "om 9 dager", "om 4 uker", "om ca. 5 uker", "for 2 dager siden", "for 4 uker siden", "1 dag over fristen", "3 dager over fristen", "1 uke", "2 måneder", "1 virkedag", "om 9 dager, uke 11", "uke 53"},
		care.Nynorsk: {"i dag", "i morgon", "i går", "om 2 dagar", "om 9 dagar", "om 4 veker", "om ca. 5 veker", "for 2 dagar sidan", "for 4 veker sidan", "1 dag over fristen", "3 dagar over fristen", "1 veke", "2 månader", "1 virkedag", "om 9 dagar, veke 11", "veke 53"},
		care.Swedish: {"i dag", "i morgon", "i går", "om 2 dagar", "om 9 dagar", "om 4 veckor", "om ca 5 veckor", "för 2 dagar sedan", "för 4 veckor sedan", "1 dag efter sista datum", "3 dagar efter sista datum", "1 vecka", "2 månader", "1 arbetsdag", "om 9 dagar, vecka 11", "vecka 53"},
		care.English: {"today", "tomorrow", "yesterday", "in 2 days", "in 9 days", "in 4 weeks", "in about 5 weeks", "2 days ago", "4 weeks ago", "1 day past the date", "3 days past the date", "1 week", "2 months", "1 working day", "in 9 days, week 11", "week 53"},
	} {
		l := speak(code)
		got := []string{}
		for _, days := range []int{0, 1, -1, 2, 9, 28, 36, -2, -28} {
			got = append(got, l.Until(today, today.AddDays(days)))
		}
		got = append(got, l.T("state.overdue", "n", 1), l.T("state.overdue", "n", 3),
			l.Span(care.Span{N: 1, Unit: care.Weeks}), l.Span(care.Span{N: 2, Unit: care.Months}), l.Span(care.Span{N: 1, Unit: care.WorkingDays}),
			l.UntilWeek(today, today.AddDays(9)), l.Week(care.Date{Year: 2027, Month: time.January, Day: 3}))
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", code, got[i], want[i])
			}
		}
	}
}

func TestTextsWithPlacesCountsAndLists(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{speak(care.Bokmal).T("form.errors", "n", 1), "Én ting må rettes"},
		{speak(care.Bokmal).T("form.errors", "n", 3), "3 ting må rettes"},
		{speak(care.Swedish).T("form.errors", "n", 2), "2 saker behöver rättas"},
		{speak(care.Nynorsk).T("state.waiting-for", "who", "klinikken"), "Ventar på svar frå klinikken"},
		{speak(care.Nynorsk).T("state.now"), "No"},
		{speak(care.English).T("form.no"), "No"},
		{speak(care.English).T("plan.latest-for", "what", []string{"a", "b", "c"}), "Latest date: a, b and c"},
		{speak(care.Bokmal).List([]string{"a", "b", "c"}), "a, b og c"},
		{speak(care.Swedish).List([]string{"a", "b"}), "a och b"},
		{speak(care.Bokmal).List([]string{"a"}), "a"},
		{speak(care.Bokmal).List(nil), ""},
		{speak(care.Bokmal).Number(12345), "12\u00a0345"},
		{speak(care.Bokmal).T("no.such.text"), "‹no.such.text›"},
		{speak(care.Bokmal).T("plan.since"), "Siden {date}"},
		{speak("de").T("plan.now"), "Akkurat nå"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestNamesAreSortedAsReadersLookThemUp(t *testing.T) {
	t.Parallel()
	names := []string{"Åsen", "Zorn", "Østby", "Ærlig", "Berg", "ask"}
	self := func(s string) string { return s }
	for code, want := range map[care.Language][]string{
		care.Bokmal:  {"ask", "Berg", "Zorn", "Ærlig", "Østby", "Åsen"},
		care.Nynorsk: {"ask", "Berg", "Zorn", "Ærlig", "Østby", "Åsen"},
	} {
		got := slices.Clone(names)
		sortNames(speak(code), got, self)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
	doubled := []string{"Aas", "Zorn", "Abel", "Åberg"}
	sortNames(speak(care.Bokmal), doubled, self)
	if want := []string{"Abel", "Zorn", "Åberg", "Aas"}; !slices.Equal(doubled, want) {
		t.Errorf("nb: double a is å in Norwegian names: %v, want %v", doubled, want)
	}
	swedish := []string{"Öberg", "Ärlig", "Åsen", "Zorn"}
	sortNames(speak(care.Swedish), swedish, self)
	if want := []string{"Zorn", "Åsen", "Ärlig", "Öberg"}; !slices.Equal(swedish, want) {
		t.Errorf("sv: %v, want %v", swedish, want)
	}
}

func TestNegotiate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		account        care.Language
		cookie, accept string
		want           care.Language
	}{
		{"", "", "", care.Bokmal},
		{"", "", "nn-NO,nb;q=0.8", care.Nynorsk},
		{"", "", "no", care.Bokmal},
		{"", "", "da-DK,en;q=0.5", care.Bokmal},
		{"", "", "se,en;q=0.9", care.Bokmal},
		{"", "", "sv-SE,sv;q=0.9,en;q=0.8", care.Swedish},
		{"", "", "de-DE,en-US;q=0.7", care.English},
		{"", "", "pl", care.Bokmal},
		{"", "sv", "en", care.Swedish},
		{care.Nynorsk, "sv", "en", care.Nynorsk},
		{"xx", "yy", "en-GB", care.English},
		{"", "", "this is ; not , a = header", care.Bokmal},
	} {
		if got := shipped().negotiate(c.account, c.cookie, c.accept); got != c.want {
			t.Errorf("account %q, cookie %q, browser %q: %s, want %s", c.account, c.cookie, c.accept, got, c.want)
		}
	}
}
