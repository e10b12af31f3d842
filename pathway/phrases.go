package pathway

import (
	"fmt"
	"slices"
	"strconv"

	"forlop/care"
)

// phrase is one wording in the order of care.Languages: nb, nn, sv, en.
type phrase [4]string

// in gives the wording in a language; English where we do not speak it.
func (p phrase) in(l care.Language) string {
	if i := slices.Index(care.Languages, l); i >= 0 {
		return p[i]
	}
	return p[3]
}

// The fixed words of Show and Picture.
var (
	sayDraft     = phrase{"Utkast: ingen nasjonal tekst i bruk står bak", "Utkast: ingen nasjonal tekst i bruk står bak", "Utkast: ingen gällande nationell text står bakom", "Draft: no national text in force stands behind it"}
	sayPublished = phrase{"Følger en publisert nasjonal tekst", "Følgjer ein publisert nasjonal tekst", "Följer en publicerad nationell text", "Follows a published national text"}
	sayMarks     = phrase{"I hakeparentes står kilden til hvert tall og hver plikt. Der det står «foreslått», er det vårt eget.", "I hakeparentes står kjelda til kvart tal og kvar plikt. Der det står «foreslått», er det vårt eige.", "Inom hakparentes står källan till varje tal och varje skyldighet. Där det står ”föreslaget” är det vårt eget.", "The source of every number and duty stands in brackets. Where it says “proposed”, it is our own."}
	sayProposed  = phrase{"foreslått", "foreslått", "föreslaget", "proposed"}
	sayAssumed   = phrase{"antatt", "gått ut frå", "antaget", "assumed"}
	sayNoBasis   = phrase{"kilde mangler", "kjelde manglar", "källa saknas", "no source"}

	saySources    = phrase{"Kilder", "Kjelder", "Källor", "Sources"}
	sayChanged    = phrase{"endret", "endra", "ändrad", "changed"}
	sayReview     = phrase{"Skal gås gjennom senest", "Skal gåast gjennom seinast", "Ska ses över senast", "To be reviewed by"}
	sayFor        = phrase{"Hvem forløpet er for", "Kven forløpet er for", "Vem förloppet är till för", "Who the pathway is for"}
	sayInforms    = phrase{"Dette er til hjelp. Det avviser ingen.", "Dette er til hjelp. Det avviser ingen.", "Detta är till hjälp. Det avvisar ingen.", "This is for help. It refuses nobody."}
	sayAge        = phrase{"Alder", "Alder", "Ålder", "Age"}
	sayAndOver    = phrase{"%d og eldre", "%d og eldre", "%d och äldre", "%d and over"}
	sayUpTo       = phrase{"til og med %d", "til og med %d", "till och med %d", "up to %d"}
	sayFromTo     = phrase{"%d til %d", "%d til %d", "%d till %d", "%d to %d"}
	sayCodes      = phrase{"Koder", "Kodar", "Koder", "Codes"}
	sayChecklist  = phrase{"En god henvisning sier", "Ei god tilvising seier", "En bra remiss säger", "A good referral says"}
	sayPhone      = phrase{"telefon", "telefon", "telefon", "phone"}
	sayLayer      = phrase{"Ligger over %s, med det som %s legger til eller gjør raskere.", "Ligg over %s, med det som %s legg til eller gjer raskare.", "Ligger över %s, med det som %s lägger till eller gör snabbare.", "Lies over %s, with what %s adds or does sooner."}
	sayOpens      = phrase{"Grunner til å starte", "Grunnar til å starte", "Skäl att börja", "Reasons to start"}
	sayRoles      = phrase{"Hvem som gjør hva", "Kven som gjer kva", "Vem som gör vad", "Who does what"}
	sayContact    = phrase{"din faste kontakt", "den faste kontakten din", "din fasta kontakt", "your first contact"}
	sayPatient    = phrase{"pasienten", "pasienten", "patienten", "the patient"}
	sayMilestones = phrase{"Milepæler", "Milepælar", "Milstolpar", "Milestones"}
	sayClocks     = phrase{"Frister", "Fristar", "Tidsgränser", "Clocks"}
	sayFromUntil  = phrase{"innen %s, fra «%s» til «%s»", "innan %s, frå «%s» til «%s»", "inom %s, från ”%s” till ”%s”", "within %s, from “%s” to “%s”"}
	sayShare      = phrase{"Mål: %d av 100 innen fristen", "Mål: %d av 100 innan fristen", "Mål: %d av 100 inom gränsen", "Goal: %d of 100 in time"}
	sayNoPause    = phrase{"Står aldri stille.", "Står aldri stille.", "Står aldrig stilla.", "Never stands still."}
	sayPause      = phrase{"Kan stå stille", "Kan stå stille", "Kan stå stilla", "May stand still"}
	saySteps      = phrase{"Stegene", "Stega", "Stegen", "The steps"}
	sayWhat       = phrase{"Hva", "Kva", "Vad", "What"}
	sayWhy        = phrase{"Hvorfor", "Kvifor", "Varför", "Why"}
	sayWho        = phrase{"Hvem", "Kven", "Vem", "Who"}
	sayFollower   = phrase{"følges opp av %s", "følgd opp av %s", "följs upp av %s", "followed up by %s"}
	sayAfter      = phrase{"Etter", "Etter", "Efter", "After"}
	sayStart      = phrase{"fra starten", "frå starten", "från början", "from the start"}
	sayIf         = phrase{"Hvis", "Viss", "Om", "If"}
	sayLatest     = phrase{"Senest", "Seinast", "Senast", "At the latest"}
	sayOfClock    = phrase{"%s etter «%s» (%s)", "%s etter «%s» (%s)", "%s efter ”%s” (%s)", "%s after “%s” (%s)"}
	sayOfOpening  = phrase{"%s etter at steget åpner", "%s etter at steget opnar", "%s efter att steget öppnar", "%s after the step opens"}
	sayDashed     = phrase{"Stiplet ramme: skjer bare på en betingelse.", "Stipla ramme: skjer berre på eit vilkår.", "Streckad ram: sker bara på ett villkor.", "Dashed frame: happens only on a condition."}
	saySoonest    = phrase{"senest etter %s", "seinast etter %s", "senast efter %s", "within %s"}
	sayNoDate     = phrase{"dato mangler", "dato manglar", "datum saknas", "no date"}
	sayAnswers    = phrase{"Svar som kan gis", "Svar som kan givast", "Svar som kan ges", "Answers that can be given"}
	sayMustSay    = phrase{"må si %s", "må seie %s", "måste säga %s", "must say %s"}
	sayReply      = phrase{"svar innen %s", "svar innan %s", "svar inom %s", "reply within %s"}
	sayReached    = phrase{"Da er nådd", "Då er nådd", "Då är nådd", "Then is reached"}
	sayEffort     = phrase{"Ber deg om", "Ber deg om", "Kräver av dig", "Asks of you"}
	sayNothing    = phrase{"ingenting", "ingenting", "ingenting", "nothing"}
	sayMinutes    = phrase{"omtrent %d minutter", "om lag %d minutt", "ungefär %d minuter", "about %d minutes"}
	sayTravel     = phrase{"en reise", "ei reise", "en resa", "a journey there"}
	sayRest       = phrase{"hvile %d dager", "kvile %d dagar", "vila %d dagar", "rest for %d days"}
	saySplit      = phrase{"kan deles opp", "kan delast opp", "kan delas upp", "can be split up"}
	sayWays       = phrase{"Kan gjøres", "Kan gjerast", "Kan göras", "Can be done"}
	sayOnly       = phrase{"Krever reise; ingen annen form finnes.", "Krev reise; inga anna form finst.", "Kräver resa; ingen annan form finns.", "Needs travel; there is no other form."}
	sayEasier     = phrase{"Gjøre det lettere", "Gjere det lettare", "Göra det lättare", "Making it easier"}
	sayNo         = phrase{"Si nei", "Seie nei", "Säga nej", "Saying no"}
	sayAgenda     = phrase{"Saker, og pasienten snakker først på hver", "Saker, og pasienten snakkar først på kvar", "Punkter, och patienten talar först på varje", "Items, and the patient speaks first on each"}
	sayWith       = phrase{"bare her: %s", "berre her: %s", "bara här: %s", "only here: %s"}
	sayWithout    = phrase{"uten %s", "utan %s", "utan %s", "without %s"}
	sayOpenFor    = phrase{"Vedtak uten pasienten står åpne", "Vedtak utan pasienten står opne", "Beslut utan patienten står öppna", "Decisions without the patient stay open"}
	sayRepeat     = phrase{"Gjentas", "Blir gjenteke", "Upprepas", "Repeated"}
	sayTimes      = phrase{"hver gang etter %s, høyst %d ganger", "kvar gong etter %s, høgst %d gonger", "varje gång efter %s, högst %d gånger", "each time after %s, at most %d times"}
	sayUntil      = phrase{"hver gang etter %s, til «%s»", "kvar gong etter %s, til «%s»", "varje gång efter %s, till ”%s”", "each time after %s, until “%s”"}
	sayTables     = phrase{"Tabeller", "Tabellar", "Tabeller", "Tables"}
	sayColumns    = phrase{"Leser", "Les", "Läser", "Reads"}
	sayAlways     = phrase{"alltid", "alltid", "alltid", "always"}
	sayPEM        = phrase{"blir verre av anstrengelse", "blir verre av anstrenging", "blir sämre av ansträngning", "gets worse after effort"}
	sayYes        = phrase{"ja", "ja", "ja", "yes"}
	sayNotSo      = phrase{"nei", "nei", "nej", "no"}
	sayOr         = phrase{"eller", "eller", "eller", "or"}
	sayAnything   = phrase{"hva som helst", "kva som helst", "vad som helst", "anything"}
	sayAtLeast    = phrase{"%s eller mer", "%s eller meir", "%s eller mer", "%s or more"}
	sayAtMost     = phrase{"%s eller mindre", "%s eller mindre", "%s eller mindre", "%s or less"}
	sayBetween    = phrase{"%s til %s", "%s til %s", "%s till %s", "%s to %s"}
	sayQuoted     = phrase{"«%s»", "«%s»", "”%s”", "“%s”"}
	sayFromDay    = phrase{"%s eller senere", "%s eller seinare", "%s eller senare", "%s or later"}
	sayUntilDay   = phrase{"%s eller før", "%s eller før", "%s eller tidigare", "%s or earlier"}
	sayHandOver   = phrase{"Ansvaret tilbys", "Ansvaret blir tilbode", "Ansvaret erbjuds", "Responsibility is offered to"}
	sayMore       = phrase{"Ber om mer aktivitet.", "Ber om meir aktivitet.", "Kräver mer aktivitet.", "Asks for more activity."}
	sayCaution    = phrase{"Først", "Først", "Först", "First"}
	sayWhenever   = phrase{"vises alltid", "blir alltid vist", "visas alltid", "always shown"}
	sayOptions    = phrase{"Valg", "Val", "Val", "Choices"}
	sayGives      = phrase{"Kan gi", "Kan gi", "Kan ge", "May give"}
	sayCautions   = phrase{"Forsiktighet", "Varsemd", "Försiktighet", "Cautions"}
	sayEnds       = phrase{"Hvordan det kan slutte", "Korleis det kan slutte", "Hur det kan sluta", "How it can end"}
	sayAnyTime    = phrase{"når som helst, med grunn", "når som helst, med grunn", "när som helst, med skäl", "at any time, with a reason"}
	sayCarriesOn  = phrase{"Fører videre", "Fører vidare", "Tar över", "Carries on"}
	sayNobody     = phrase{"ingen trenger å ta over", "ingen treng å ta over", "ingen behöver ta över", "nobody needs to"}
	sayToSay      = phrase{"Må sies", "Må seiast", "Måste sägas", "To be said"}
	sayComeBack   = phrase{"Komme tilbake", "Kome tilbake", "Komma tillbaka", "Coming back"}
	sayOverdue    = phrase{"Når en frist går ut", "Når ein frist går ut", "När en tidsgräns går ut", "When a latest date passes"}
	sayCalls      = phrase{"%s tar kontakt med pasienten innen %s", "%s tek kontakt med pasienten innan %s", "%s kontaktar patienten inom %s", "%s contacts the patient within %s"}
	sayTold       = phrase{"Etter %s får %s beskjed", "Etter %s får %s beskjed", "Efter %s får %s besked", "After %s, %s is told"}
	sayKeeping    = phrase{"Når planen får en ny versjon", "Når planen får ein ny versjon", "När planen får en ny version", "When the plan gets a new version"}
	sayKeepOld    = phrase{"Pasienten kan beholde den gamle planen og si fra innen %s", "Pasienten kan behalde den gamle planen og seie frå innan %s", "Patienten kan behålla den gamla planen och säga till inom %s", "The patient may keep the old plan and say so within %s"}
	sayReported   = phrase{"Koder som meldes", "Kodar som blir melde", "Koder som rapporteras", "Codes reported"}
	sayValues     = phrase{"Verdiene settes på hvert sted.", "Verdiane blir sette på kvar stad.", "Värdena ställs in på varje ställe.", "Each site sets the values."}
	sayWholeCode  = phrase{"hvilket forløp det er", "kva forløp det er", "vilket förlopp det är", "which pathway it is"}
	sayAdded      = phrase{"Nytt", "Nytt", "Nytt", "New"}
	sayRemoved    = phrase{"Tatt bort", "Teke bort", "Borttaget", "Taken away"}
	sayChange     = phrase{"Endret", "Endra", "Ändrat", "Changed"}
	sayOrder      = phrase{"Rekkefølgen er en annen", "Rekkjefølgja er ei anna", "Ordningsföljden är en annan", "The order is another"}
	sayEqual      = phrase{"Ingenting er endret.", "Ingenting er endra.", "Ingenting är ändrat.", "Nothing has changed."}
	sayPicture    = phrase{"Bilde av forløpet", "Bilete av forløpet", "Bild av förloppet", "Picture of the pathway"}
	sayLanes      = phrase{"Hver rad er en som gjør noe. Tiden går mot høyre. Piler viser hva som må komme først.", "Kvar rad er ein som gjer noko. Tida går mot høgre. Piler viser kva som må kome først.", "Varje rad är någon som gör något. Tiden går åt höger. Pilar visar vad som måste komma först.", "Each row is someone who does something. Time runs to the right. Arrows show what must come first."}
)

// The words for what the format names.
var (
	wayWords = map[Way]phrase{
		AtClinic: {"på klinikken", "på klinikken", "på kliniken", "at the clinic"},
		AtHome:   {"hjemme", "heime", "hemma", "at home"},
		ByPhone:  {"på telefon", "på telefon", "på telefon", "by phone"},
		ByVideo:  {"på video", "på video", "på video", "by video"},
		Written:  {"skriftlig", "skriftleg", "skriftligt", "in writing"},
		Stand:    {"av en pårørende i ditt sted", "av ein pårørande i staden for deg", "av en närstående i ditt ställe", "by someone close in your place"},
		InParts:  {"i deler", "i delar", "i delar", "in parts"},
	}
	answerWords = map[AnswerKind]phrase{
		Accept:   {"vi tar imot", "vi tek imot", "vi tar emot", "we take you on"},
		Advise:   {"råd med en plan", "råd med ein plan", "råd med en plan", "advice with a plan"},
		Redirect: {"sendt videre", "send vidare", "skickad vidare", "passed on"},
		Ask:      {"et spørsmål først", "eit spørsmål først", "en fråga först", "a question first"},
	}
	clockWords = map[ClockKind]phrase{
		LawClock:     {"lov", "lov", "lag", "law"},
		PathwayClock: {"nasjonalt forløp", "nasjonalt forløp", "nationellt förlopp", "national pathway"},
		OwnClock:     {"eget mål", "eige mål", "eget mål", "goal of our own"},
	}
	askWords = map[string]phrase{
		"right":             {"hvilken rett du har", "kva rett du har", "vilken rätt du har", "what right you have"},
		"latest-legal-date": {"den siste lovlige datoen", "den siste lovlege datoen", "sista dag enligt lag", "the last date the law allows"},
		"reasons":           {"hvorfor", "kvifor", "varför", "the reasons"},
		"how-to-complain":   {"hvordan du klager", "korleis du klagar", "hur du klagar", "how to complain"},
		"plan":              {"planen", "planen", "planen", "the plan"},
		"owner":             {"hvem som har ansvar", "kven som har ansvar", "vem som har ansvar", "who is responsible"},
		"receiver":          {"hvem som får den", "kven som får ho", "vem som får den", "who receives it"},
		"question":          {"spørsmålet", "spørsmålet", "frågan", "the question"},
		"prescriptions":     {"hvem som fornyer resepter", "kven som fornyar reseptar", "vem som förnyar recept", "who renews prescriptions"},
		"sick-notes":        {"hvem som skriver sykmelding", "kven som skriv sjukmelding", "vem som skriver sjukintyg", "who writes sick notes"},
		"next-check":        {"neste kontroll", "neste kontroll", "nästa kontroll", "the next check"},
		"come-back":         {"hvordan du kommer tilbake", "korleis du kjem tilbake", "hur du kommer tillbaka", "how to come back"},
		"reason":            {"grunnen", "grunnen", "skälet", "the reason"},
		"safety-net":        {"hva du gjør om det blir verre", "kva du gjer om det blir verre", "vad du gör om det blir sämre", "what to do if it gets worse"},
	}
	rungWords = map[string]phrase{
		ToOwner:       {"den som eier steget", "den som eig steget", "den som äger steget", "the owner of the step"},
		ToCoordinator: {"koordinatoren", "koordinatoren", "samordnaren", "the coordinator"},
		ToLead:        {"lederen for enheten", "leiaren for eininga", "enhetens chef", "the lead of the unit"},
	}
	regimeWords = map[care.Regime]phrase{
		care.Norway: {"Norge", "Noreg", "Norge", "Norway"},
		care.Sweden: {"Sverige", "Sverige", "Sverige", "Sweden"},
	}
	spanWords = map[care.SpanUnit][2]phrase{
		care.Days:        {{"dag", "dag", "dag", "day"}, {"dager", "dagar", "dagar", "days"}},
		care.WorkingDays: {{"arbeidsdag", "arbeidsdag", "arbetsdag", "working day"}, {"arbeidsdager", "arbeidsdagar", "arbetsdagar", "working days"}},
		care.Weeks:       {{"uke", "veke", "vecka", "week"}, {"uker", "veker", "veckor", "weeks"}},
		care.Months:      {{"måned", "månad", "månad", "month"}, {"måneder", "månader", "månader", "months"}},
	}
)

// spanIn is a span in words, such as "10 arbeidsdager".
func spanIn(l care.Language, s care.Span) string {
	forms, ok := spanWords[s.Unit]
	if !ok {
		return strconv.Itoa(s.N)
	}
	form := forms[1]
	if s.N == 1 {
		form = forms[0]
	}
	return fmt.Sprintf("%d %s", s.N, form.in(l))
}
