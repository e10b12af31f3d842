// Package access is who may see and do what: the policy, and what each person
// has decided about it.
//
// It is pure. The policy is readable text in the folder policy, by audience, read
// into one decision function: Policy.Decide is the one place where access is
// decided, and testdata/decisions.md is the table of what it must decide. Whether
// an actor has a basis for a person is asked of the store in the same query that
// fetches the answer. Deny wins.
package access
