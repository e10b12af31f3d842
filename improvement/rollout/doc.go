// Package rollout moves the running journeys of one pathway version to another,
// slice by slice, so that nobody is moved twice and nobody is forgotten.
//
// A campaign is a stream. One person proposes it, its effect is computed, a
// second person confirms it, and from then on it carries a list of journeys by
// name. Every journey on the list is in exactly one place: waiting, moved, kept
// on the old plan, failed with an owner, ended meanwhile, or left (somebody
// moved it elsewhere by hand, or decided that it stays). What failed stands on
// the worklist of the unit that is responsible for the journey, and climbs to
// the unit's lead.
//
// The list is read once when the campaign starts. Journeys that open on the old
// version while it runs are read in later rounds, until a round finds none; they
// are counted apart, as joined, so that the sum of the start still balances.
package rollout
