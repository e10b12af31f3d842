// Package access is who may see and do what: policy, and the log that every
// look leaves behind.
//
// It is pure. A policy answers on which bases an actor may use a question or a
// command; whether the actor has that basis for a person is asked of the store
// in the same query that fetches the answer. Deny wins.
package access
