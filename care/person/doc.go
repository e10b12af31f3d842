// Package person holds what is true of a person whatever the journey: the first
// contact, what matters, the own story, limits, pauses, findings, who carries
// what.
//
// The stream is pseudonymous. Names, numbers and the birth date lie in the
// vault; a decision that needs an age is told it. What people said is sealed:
// the state knows only which event holds the words, who spoke and what was
// objected to (L9).
//
// Three laws are kept here. A person has exactly one first contact at every
// instant, which moves only when the receiver accepts (L2). What has been
// examined is examined again only with a reason. And after a death nothing is
// planned for the dead, and a person, not a timer, ends what is open.
package person
