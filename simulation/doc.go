// Package simulation is the same engine under a virtual clock: example journeys
// rehearsed, regions populated, and random lives that must keep every law.
//
// Nothing is imitated. What is simulated is casework itself; only the clock is
// ours. When it moves, everything that falls due on the way is woken at its own
// instant, as a punctual worker would.
//
// [Rehearse] acts out the examples that a pathway folder keeps in test.yaml. A
// [Population] fills a store with a made-up region whose people stand at every
// point of the published pathways.
package simulation
