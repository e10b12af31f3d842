package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"forlop/care"
	"forlop/casework"
)

// wordsOnTheWay are the sentences about those who are on the way, in one
// language. One and many are the forms of the word before it.
type wordsOnTheWay struct {
	running, late, earlier, later, fresh, gone, renamed, handed pair
	head, follow, lateOnce, told, keep, cannot, nobody          string
}

// pair is a phrase for one and for many.
type pair struct{ one, many string }

func (p pair) of(n int) string {
	if n == 1 {
		return p.one
	}
	return fmt.Sprintf(p.many, n)
}

var spoken = map[care.Language]wordsOnTheWay{
	care.Bokmal: {
		running: pair{"1 løp har dette nå", "%d løp har dette nå"}, late: pair{"1 ville være for sent ute i dag", "%d ville være for sent ute i dag"},
		earlier: pair{"1 får tidligere siste dato", "%d får tidligere siste dato"}, later: pair{"1 får senere siste dato", "%d får senere siste dato"},
		fresh: pair{"1 får dette som nytt", "%d får dette som nytt"}, gone: pair{"1 får det ikke lenger", "%d får det ikke lenger"},
		renamed: pair{"1 får det under nytt navn", "%d får det under nytt navn"}, handed: pair{"1 får noen andre til å gjøre det", "%d får noen andre til å gjøre det"},
		head:   "For dem som er på vei (regnet ut med motoren selv, ingenting er lagret)",
		follow: "%d løp følger %s. %d kan flyttes.", lateOnce: "%d av dem ville ha minst én dato som er gått ut.",
		told: "%d pasienter må få vite det, %d av dem på brev eller telefon.", keep: "%d kan velge å beholde den gamle planen.",
		cannot: "%d kan ikke flyttes: %s", nobody: "Ingen løp følger %s.",
	},
	care.Nynorsk: {
		running: pair{"1 løp har dette no", "%d løp har dette no"}, late: pair{"1 ville vere for seint ute i dag", "%d ville vere for seint ute i dag"},
		earlier: pair{"1 får tidlegare siste dato", "%d får tidlegare siste dato"}, later: pair{"1 får seinare siste dato", "%d får seinare siste dato"},
		fresh: pair{"1 får dette som nytt", "%d får dette som nytt"}, gone: pair{"1 får det ikkje lenger", "%d får det ikkje lenger"},
		renamed: pair{"1 får det under nytt namn", "%d får det under nytt namn"}, handed: pair{"1 får nokon andre til å gjere det", "%d får nokon andre til å gjere det"},
		head:   "For dei som er på veg (rekna ut med motoren sjølv, ingenting er lagra)",
		follow: "%d løp følgjer %s. %d kan flyttast.", lateOnce: "%d av dei ville ha minst éin dato som er gått ut.",
		told: "%d pasientar må få vite det, %d av dei på brev eller telefon.", keep: "%d kan velje å behalde den gamle planen.",
		cannot: "%d kan ikkje flyttast: %s", nobody: "Ingen løp følgjer %s.",
	},
	care.Swedish: {
		running: pair{"1 förlopp har detta nu", "%d förlopp har detta nu"}, late: pair{"1 skulle vara försenat i dag", "%d skulle vara försenade i dag"},
		earlier: pair{"1 får tidigare sista datum", "%d får tidigare sista datum"}, later: pair{"1 får senare sista datum", "%d får senare sista datum"},
		fresh: pair{"1 får detta som nytt", "%d får detta som nytt"}, gone: pair{"1 får det inte längre", "%d får det inte längre"},
		renamed: pair{"1 får det under nytt namn", "%d får det under nytt namn"}, handed: pair{"1 får någon annan som gör det", "%d får någon annan som gör det"},
		head:   "För dem som är på väg (uträknat med motorn själv, ingenting har sparats)",
		follow: "%d förlopp följer %s. %d kan flyttas.", lateOnce: "%d av dem skulle ha minst ett datum som har gått ut.",
		told: "%d patienter måste få veta det, %d av dem per brev eller telefon.", keep: "%d kan välja att behålla den gamla planen.",
		cannot: "%d kan inte flyttas: %s", nobody: "Inga förlopp följer %s.",
	},
	care.English: {
		running: pair{"1 running journey", "%d running journeys"}, late: pair{"1 would be late today", "%d would be late today"},
		earlier: pair{"1 gets an earlier latest date", "%d get an earlier latest date"}, later: pair{"1 gets a later latest date", "%d get a later latest date"},
		fresh: pair{"1 gets this as new", "%d get this as new"}, gone: pair{"1 has it no more", "%d have it no more"},
		renamed: pair{"1 has it under a new name", "%d have it under a new name"}, handed: pair{"1 gets somebody else to do it", "%d get somebody else to do it"},
		head:   "For those on the way (worked out with the engine itself; nothing was stored)",
		follow: "%d running journeys follow %s. %d can move.", lateOnce: "%d of them would have at least one date that has passed.",
		told: "%d patients must be told, %d of them by letter or phone.", keep: "%d may choose to keep the old plan.",
		cannot: "%d cannot move: %s", nobody: "No running journey follows %s.",
	},
}

// part is what changes for one step or clock, in a line.
func (w wordsOnTheWay) part(e casework.PartEffect) string {
	said := []string{w.running.of(e.Journeys)}
	for _, x := range []struct {
		n int
		p pair
	}{{e.Late, w.late}, {e.Earlier, w.earlier}, {e.Later, w.later}, {e.New, w.fresh}, {e.Gone, w.gone}, {e.Renamed, w.renamed}, {e.Handed, w.handed}} {
		if x.n > 0 {
			said = append(said, x.p.of(x.n))
		}
	}
	return strings.Join(said, ", ")
}

// effect is what the move means for all of them.
func (w wordsOnTheWay) effect(e casework.MoveEffect) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", w.head)
	if e.Journeys == 0 {
		fmt.Fprintf(&b, "  "+w.nobody+"\n", e.From)
		return b.String()
	}
	fmt.Fprintf(&b, "  "+w.follow+"\n", e.Journeys, e.From, e.Moves)
	fmt.Fprintf(&b, "  "+w.lateOnce+"\n", e.Late)
	fmt.Fprintf(&b, "  "+w.told+"\n", e.Told, e.OnPaper)
	if e.Keep > 0 {
		fmt.Fprintf(&b, "  "+w.keep+"\n", e.Keep)
	}
	for _, c := range e.Cannot {
		fmt.Fprintf(&b, "  "+w.cannot+"\n", c.Journeys, c.Text)
	}
	return b.String()
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
