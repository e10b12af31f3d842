// Package casework is the one way in: authorise, load, decide, append, react
// and deliver; it holds the only clock.
//
// Do carries out a command, View answers a question. Both take who asks as an
// argument. Every decision is a pure call beside them; every look is logged
// before its answer leaves.
package casework
