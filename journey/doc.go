// Package journey is what happens to one person for one need: decide, evolve
// and due, pure, with time as an argument.
//
// A pathway says what should happen; the journey's events say what did. Decide
// reads definitions and answers events; Evolve folds events and reads no
// definition, so that history cannot change with tomorrow's texts. Due says
// when time alone will change something.
//
// The laws are kept by construction: the responsible post changes in one event
// only (an accepted offer), everything open stands in one table with a date and
// an owner, and a journey without a next step gets one before Decide returns.
package journey
