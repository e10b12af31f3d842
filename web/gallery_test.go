package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/store"

	"github.com/a-h/templ"
)

// Gallery serves every part with sample people, so that the browser tests can
// look at parts before pages use them.
func Gallery() http.Handler {
	s := &site{log: slog.New(slog.DiscardHandler), help: help{name: "Forløpskontoret", phone: "22 00 00 00", hours: "8–15"}}
	mux := http.NewServeMux()
	s.publicRoutes(mux)
	for path, draw := range GalleryPages {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			if err := write(w, r, http.StatusOK, draw(r)); err != nil {
				s.broken(w, r, err)
			}
		})
	}
	mux.HandleFunc("POST /gallery/form", func(w http.ResponseWriter, r *http.Request) {
		if err := write(w, r, http.StatusUnprocessableEntity, galleryFaults(r)); err != nil {
			s.broken(w, r, err)
		}
	})
	mux.HandleFunc("GET /gallery/panic", func(http.ResponseWriter, *http.Request) { panic("a planted fault") })
	for kind, err := range map[string]error{
		"refused":  care.Refuse("date-impossible", "there is no such date as {given}", "given", "2026-02-30"),
		"denied":   care.Deny("no-basis", "You have no basis to see or do this."),
		"missing":  care.Missing("no-person", "There is no such person."),
		"conflict": care.Stale("item-changed", "This changed after you opened it."),
	} {
		mux.HandleFunc("GET /gallery/"+kind, func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, err) })
	}
	mux.HandleFunc("GET /gallery/full", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, &casework.ReadOnly{Cause: store.ErrReadOnly})
	})
	mux.HandleFunc("GET /gallery/often", func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, http.StatusTooManyRequests, errorPageOf("429"))
	})
	return s.guard(s.routed(mux))
}

// GalleryPages are the sample pages by path.
var GalleryPages = map[string]func(*http.Request) templ.Component{
	"/gallery/plan":     galleryPlan,
	"/gallery/steps":    gallerySteps,
	"/gallery/visit":    galleryVisit,
	"/gallery/form":     galleryForm,
	"/gallery/faults":   galleryFaults,
	"/gallery/worklist": galleryWorklist,
	"/gallery/note":     galleryNote,
}

var galleryToday = care.Date{Year: 2026, Month: time.March, Day: 4}

// sample is a text of the gallery in the four languages.
type sample map[care.Language]string

func (s sample) in(p page) string { return s[p.lang.code] }

var (
	samplePlan     = sample{"nb": "Min plan", "nn": "Planen min", "sv": "Min plan", "en": "My plan"}
	sampleNow      = sample{"nb": "Du venter på svar fra smerteklinikken. De fikk henvisningen 3. mars.", "nn": "Du ventar på svar frå smerteklinikken. Dei fekk tilvisinga 3. mars.", "sv": "Du väntar på svar från smärtkliniken. De fick remissen 3 mars.", "en": "You are waiting for reply from the pain clinic. They received the referral on 3 March."}
	sampleLatest   = sample{"nb": "Da skal du ha svar. Hører du ikke noe, ringer vi deg.", "nn": "Då skal du ha svar. Høyrer du ikkje noko, ringjer vi deg.", "sv": "Då ska du ha svar. Hör du inget ringer vi dig.", "en": "You shall have an answer by then. If you hear nothing, we will phone you."}
	sampleClinic   = sample{"nb": "smerteklinikken", "nn": "smerteklinikken", "sv": "smärtkliniken", "en": "the pain clinic"}
	sampleReferral = sample{"nb": "Fastlegen henviser deg", "nn": "Fastlegen tilviser deg", "sv": "Din läkare skickar remiss", "en": "Your GP refers you"}
	sampleAnswer   = sample{"nb": "Svar på henvisningen", "nn": "Svar på tilvisinga", "sv": "Svar på remissen", "en": "Answer to the referral"}
	sampleMeeting  = sample{"nb": "Samtale på telefon", "nn": "Samtale på telefon", "sv": "Samtal på telefon", "en": "Talk by phone"}
	sampleHome     = sample{"nb": "Du kan ligge i sengen din.", "nn": "Du kan liggje i senga di.", "sv": "Du kan ligga i din säng.", "en": "You can lie in your bed."}
	sampleTask     = sample{"nb": "Fortell hva som er viktig for deg", "nn": "Fortel kva som er viktig for deg", "sv": "Berätta vad som är viktigt för dig", "en": "Tell us what matters to you"}
	sampleWhole    = sample{"nb": "Hele planen", "nn": "Heile planen", "sv": "Hela planen", "en": "The whole plan"}
	sampleLetters  = sample{"nb": "Meldinger", "nn": "Meldingar", "sv": "Meddelanden", "en": "Messages"}
	sampleRole     = sample{"nb": "forløpskoordinator", "nn": "forløpskoordinator", "sv": "vårdsamordnare", "en": "coordinator"}
	sampleReply    = sample{"nb": "innen to virkedager", "nn": "innan to virkedagar", "sv": "inom två arbetsdagar", "en": "within two working days"}
)

func galleryPage(r *http.Request, f face, title sample) page {
	p := newPage(r, f, "")
	p.title = title.in(p)
	p.today = galleryToday
	p.signedIn = "Ola Nordmann"
	p.help = help{contact: true, name: "Kari Hansen", role: sampleRole.in(p), phone: "22 11 22 33", hours: "9–15", replies: sampleReply.in(p), standIn: "Per Olsen", write: "/gallery/form"}
	return p
}

func inTurn(parts ...templ.Component) templ.Component { return templ.Join(parts...) }

func framed(p page, parts ...templ.Component) templ.Component {
	return galleryFrame(p, inTurn(parts...))
}

func galleryPlan(r *http.Request) templ.Component {
	p := galleryPage(r, forPatients, samplePlan)
	if r.URL.Query().Has("told") {
		p.told = &told{title: p.T("display.saved"), text: sampleLatest.in(p), reference: "F-2041", next: []string{sampleAnswer.in(p)},
			undo: &undo{action: "/gallery/form", hidden: []pair{{"key", "1"}}, until: p.lang.Moment(time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC))}}
		p.banner = p.T("behalf.relative", "name", "Ola", "rights", "")
	}
	var tasks []task
	if r.URL.Query().Has("tasks") {
		tasks = []task{
			{title: sampleTask.in(p), href: "/gallery/form", hint: p.T("plan.minutes", "n", 5) + ". " + p.T("plan.in-parts") + ".", status: taskOpen},
			{title: sampleAnswer.in(p), href: "/gallery/form", status: taskBegun},
		}
	}
	return framed(p,
		nowPanel(p, now{sentence: sampleNow.in(p)}),
		latestLine(p, latest{date: galleryToday.AddDays(9), today: galleryToday, sum: sampleLatest.in(p)}),
		taskList(p, tasks),
		moreLinks(p.T("frame.pages"), []link{{text: sampleWhole.in(p), href: "/gallery/steps"}, {text: sampleLetters.in(p), href: "/gallery/form"}}),
	)
}

func gallerySteps(r *http.Request) templ.Component {
	p := galleryPage(r, forPatients, sampleWhole)
	when := p.lang.Date(galleryToday.AddDays(9))
	line := func(s stepState) stepLine {
		return stepLine{title: sampleMeeting.in(p), href: "/gallery/visit", state: s, when: when, who: sampleClinic.in(p), purpose: sampleHome.in(p)}
	}
	waiting := stepLine{title: sampleAnswer.in(p), href: "/gallery/visit", state: stepWaiting, waitsFor: sampleClinic.in(p), when: when, who: sampleClinic.in(p), current: true}
	undecided := line(stepUndecided)
	undecided.when = p.T("plan.undecided-date")
	return framed(p, timeline(p,
		[]stepLine{{title: sampleReferral.in(p), state: stepDone, when: p.lang.Date(galleryToday)}},
		[]stepLine{{title: sampleReferral.in(p), state: stepDone, when: p.lang.Date(galleryToday)}, waiting, line(stepPlanned), line(stepPostponed), line(stepPast), undecided, line(stepDropped)}))
}

func galleryVisit(r *http.Request) templ.Component {
	p := galleryPage(r, forPatients, sampleMeeting)
	at := time.Date(2026, 3, 13, 10, 0, 0, 0, time.UTC)
	return framed(p, notice(sampleHome.in(p)), visitCard(p, visit{
		when: p.lang.Moment(at), relative: p.lang.Until(galleryToday, care.DateOf(at, time.UTC)),
		facts: []fact{
			{name: p.T("visit.how"), value: sampleMeeting.in(p)},
			{name: p.T("visit.takes"), value: p.T("plan.minutes", "n", 20) + ". " + sampleHome.in(p)},
		},
		actions:  []link{{text: p.T("visit.move"), href: "/gallery/form"}, {text: p.T("visit.cancel"), href: "/gallery/form"}},
		calendar: "/gallery/form",
	}), facts(p, []fact{{name: p.T("help.phone"), value: "900 00 000", change: "/gallery/form"}, {name: p.T("visit.why"), value: sampleTask.in(p)}}))
}

func galleryForm(r *http.Request) templ.Component {
	return galleryFormPage(galleryPage(r, forPatients, sampleTask))
}

func galleryFaults(r *http.Request) templ.Component {
	p := galleryPage(r, forPatients, sampleTask)
	p.faults = []fault{{"matters", p.T("form.missing", "label", sampleTask.in(p))}, {"how", p.T("form.unchosen", "label", p.T("visit.how"))}, {"since", p.T("refusal.date-impossible", "given", "2026-02-30")}}
	return galleryFormPage(p)
}

func galleryFormPage(p page) templ.Component {
	return framed(p, galleryFormBody(p,
		input(p, field{name: "matters", label: sampleTask.in(p), hint: p.T("form.characters", "n", longestText), rows: 5, max: longestText}),
		choices(p, choiceField{name: "how", legend: p.T("visit.how"), hint: sampleHome.in(p), choices: []choice{
			{value: "phone", label: sampleMeeting.in(p), hint: sampleHome.in(p)}, {value: "page", label: p.T("behalf.page")},
		}}),
		input(p, field{name: "since", label: p.T("visit.when"), kind: "date", optional: true, value: "2026-02-30"}),
		selection(p, choiceField{name: "who", legend: p.T("visit.who"), choices: []choice{{value: "a", label: "Kari"}, {value: "b", label: "Per"}}}),
		saveBar(p, saving{back: "/gallery/plan"}),
	))
}

func galleryWorklist(r *http.Request) templ.Component {
	p := galleryPage(r, forStaff, sample{"nb": "Arbeidsliste", "nn": "Arbeidsliste", "sv": "Arbetslista", "en": "Worklist"})
	p.nav = []link{{text: p.title, href: "/gallery/worklist", current: true}, {text: sampleLetters.in(p), href: "/gallery/note"}}
	row := func(name string, days int) []cell {
		due := galleryToday.AddDays(days)
		state := cell{text: p.T("state.planned"), tone: "ahead"}
		if days < 0 {
			state = cell{text: p.T("state.overdue", "n", -days), tone: "past"}
		}
		return []cell{
			{text: name, href: "/gallery/note", sub: "1984"},
			{text: sampleAnswer.in(p), sub: sampleClinic.in(p)},
			{text: p.lang.ShortDate(due), sub: p.lang.Until(galleryToday, due), whole: true},
			state,
			{text: p.lang.Number(100 + days), number: true},
		}
	}
	return framed(p,
		countLinks(p, []count{{2, p.T("state.past"), "/gallery/worklist?view=past", true}, {14, p.T("state.planned"), "/gallery/worklist?view=planned", false}}),
		filterForm(p, filter{action: "/gallery/worklist", keep: []pair{{"sort", "due"}}, reset: "/gallery/worklist",
			selects: []choiceField{{name: "unit", legend: p.T("visit.where"), choices: []choice{{value: "", label: sampleWhole.in(p)}, {value: "a", label: sampleClinic.in(p)}}}},
			fields:  []field{{name: "q", label: p.T("visit.who"), kind: "search"}}}),
		dataTable(p, table{
			id: "work", caption: p.title, path: "/gallery/worklist", query: url.Values{"unit": {"a"}}, sorted: "due",
			columns: []column{{name: p.T("visit.who"), key: "name"}, {name: sampleWhole.in(p)}, {name: p.T("visit.when"), key: "due"}, {name: p.T("state.now")}, {name: p.T("word.wait"), number: true}},
			rows:    [][]cell{row("Ola Nordmann", -4), row("Kari Nordmann", -1), row("Åse Ærlig", 3), row("Zorn Østby", 30)},
		}),
		pageLinks(p, pages{next: "/gallery/worklist?page=2", from: 1, to: 4, total: 204}),
		dataTable(p, table{id: "none", caption: sampleLetters.in(p), columns: []column{{name: p.T("visit.who")}}}),
	)
}

func galleryNote(r *http.Request) templ.Component {
	p := galleryPage(r, forStaff, sample{"nb": "Ola Nordmann", "nn": "Ola Nordmann", "sv": "Ola Nordmann", "en": "Ola Nordmann"})
	p.banner = p.T("staff.behalf.recorded", "who", "Ola Nordmann")
	return framed(p,
		nowPanel(p, now{sentence: sampleNow.in(p), since: galleryToday}),
		latestLine(p, latest{date: galleryToday.AddDays(-3), today: galleryToday}),
		phoneNoteForm(p, phoneNote{action: "/gallery/form", hidden: []pair{{"seen", "3"}}, happened: galleryToday, thenNext: true,
			next: []choice{{value: "1", label: sampleMeeting.in(p), chosen: true}, {value: "2", label: sampleAnswer.in(p)}},
			who:  []choice{{value: "patient", label: "Ola Nordmann", chosen: true}, {value: "gp", label: sampleClinic.in(p)}}}),
		oneDetails(sampleWhole.in(p)),
	)
}

// galleryFrame is a page around parts that are put together in Go.
func galleryFrame(p page, content templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return frame(p).Render(templ.WithChildren(ctx, content), w)
	})
}

func galleryFormBody(p page, parts ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, `<form action="/gallery/form" method="post">`); err != nil {
			return err
		}
		for _, part := range parts {
			if err := part.Render(ctx, w); err != nil {
				return err
			}
		}
		_, err := io.WriteString(w, `</form>`)
		return err
	})
}

// IconSize is how many bytes the icon of a page takes.
func IconSize() int { return len(assets()["icon.svg"].packed) }
