// Package questionnaire holds forms: what is asked, in whose words and under
// which licence, and what one person answered, question by question.
//
// A definition is a YAML file. It holds only wording that its owner lets
// everybody use; a language whose wording could not be had is marked absent, and
// a site imports it with its own licence.
//
// The stream of one form keeps these laws. Every answer is kept when it is given
// and is never lost (L9); what was not answered has a code of its own, so that
// "too ill today" is never read as "no". Silence closes nothing (L5): a form that
// is not answered stays open, and what is given keeps. Nothing waits for a form.
// An answer that must never lie unseen reaches a named post in the event that
// keeps it (L7). Sums are those that the definition declares, of what was
// entered, with how many were counted; what they mean is nobody's here to say.
package questionnaire
