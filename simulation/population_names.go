package simulation

import (
	"math/rand/v2"
	"strconv"
	"time"

	"forlop/care"
	"forlop/casework"
)

// Patients have ordinary first names and are called after birds.
var (
	women = []string{
		"Ingrid", "Anne", "Marte", "Kirsten", "Hilde", "Sunniva", "Tone", "Randi", "Elin", "Fatima", "Gro", "Silje", "Marit", "Astrid",
		"Åse", "Camilla", "Zahra", "Ellen", "Vigdis", "Ida", "Bodil", "Nora", "Inger", "Sara",
	}
	men = []string{
		"Ola", "Lars", "Geir", "Jonas", "Tor", "Øystein", "Håkon", "Mohammed", "Rune", "Svein", "Pål", "Kristian", "Leif", "Amir", "Stig",
	}
	birds = []string{
		"Linerle", "Fossekall", "Rødstrupe", "Gjerdesmett", "Spurvehauk", "Tjeld", "Makrellterne", "Svarttrost", "Løvsanger", "Bokfink",
		"Kjøttmeis", "Sidensvans", "Nøtteskrike", "Ærfugl", "Heilo", "Fiskemåke", "Stillits", "Toppmeis", "Grønnfink", "Dompap", "Vipe",
		"Lerke", "Tornsanger", "Havørn", "Myrsnipe", "Storlom", "Skjære", "Kattugle",
	}
	// reasons are why people are referred, in everyday words.
	reasons = []string{
		"Vondt i korsryggen i tre år. Har prøvd fysioterapi og smertestillende. Sover dårlig.",
		"Smerter i nakke og skuldre etter et fall. Går delvis sykmeldt. Ønsker å klare jobben igjen.",
		"Smerter mange steder i kroppen og mye trøtthet. Flere utredninger uten funn. Lei av å bli sendt rundt.",
		"Hodepine nesten hver dag i to år. Jobber halvt. Har små barn hjemme.",
		"Langvarige smerter etter operasjon i kneet. Går lite ute. Ønsker hjelp til hverdagen.",
		"Vondt i bekken og hofter siden siste svangerskap. Har prøvd trening, ble verre.",
		"Smerter i hender og armer. Sykmeldt i fem måneder. Usikker på veien videre.",
		"Ryggsmerter og uro. Har gått hos fastlege, fysioterapeut og kiropraktor. Trenger en plan.",
	}
	tired = []string{
		"Ble ikke frisk etter en infeksjon for to år siden. Blir verre dagen etter anstrengelse. Ligger mye.",
		"Stor utmattelse i over et år. Tåler lite lyd og lys. Har måttet slutte i jobben.",
		"Klarer ikke studiene lenger på grunn av utmattelse. Trenger hvile etter korte samtaler.",
	}
	goals = []string{
		"Jeg vil kunne gå en tur med hunden igjen.", "Å orke middag med familien uten å måtte legge meg etterpå.",
		"Jeg vil tilbake i jobben min, litt om gangen.", "Å sove en hel natt.", "At noen ser hele meg, ikke bare ryggen.",
		"Jeg vil slippe å fortelle alt på nytt hver gang.",
	}
	stories = []string{
		"Det begynte for tre år siden. Siden har jeg vært hos mange, men ingen har sett alt samlet.",
		"Jeg har sluttet med det meste jeg likte, fordi jeg må betale for det etterpå.",
		"På gode dager klarer jeg en time ute. På dårlige dager klarer jeg ikke lyset på badet.",
	}
	streets = []string{"Strandgata", "Skoleveien", "Kirkebakken", "Myrveien", "Sjøgata", "Bakkeveien"}
)

// newIdentity draws a made-up person: a name, a birth date and, where the country
// has numbers that can belong to nobody, one that fits.
func newIdentity(of *land, rng *rand.Rand, number int, young bool, born care.Date) casework.Identity {
	// Women carry most of it (docs and sources: the mission), so they are drawn
	// more often here. The share is assumed.
	woman := rng.IntN(10) < 7
	i := casework.Identity{Sex: "female", Name: oneOf(rng, of.women) + " " + oneOf(rng, of.birds)}
	if !woman {
		i.Sex, i.Name = "male", oneOf(rng, of.men)+" "+oneOf(rng, of.birds)
	}
	oldest, youngest := 1950, 2004
	if young {
		oldest = 1985
	}
	i.Born = care.Date{Year: oldest + rng.IntN(youngest-oldest), Month: time.Month(1 + rng.IntN(12)), Day: 1 + rng.IntN(28)}
	if !born.IsZero() {
		i.Born = born
	}
	if of.number != nil {
		i.Number = of.number(i, rng, woman)
	}
	i.Phone = "00 00 " + strconv.Itoa(1000 + number)[:2] + " " + strconv.Itoa(1000 + number)[2:]
	i.Address = oneOf(rng, of.streets) + " " + strconv.Itoa(1+rng.IntN(60)) + ", " + of.town
	return i
}

// syntheticNumber is a Norwegian number whose month is above 80.
func syntheticNumber(i casework.Identity, rng *rand.Rand, woman bool) string {
	serial := 2 * rng.IntN(200)
	if !woman {
		serial++
	}
	for ; ; serial += 2 {
		if n, ok := care.SyntheticNorwegian(i.Born, serial%400); ok {
			return n.Digits()
		}
	}
}

func oneOf[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }
