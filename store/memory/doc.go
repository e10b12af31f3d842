// Package memory is the event log in the memory of one process: for the
// simulation, and for tests that need no durability.
//
// It keeps the same contract as the durable stores and passes the same suite.
// What it acknowledges is gone when the process ends, and Check says so.
package memory
