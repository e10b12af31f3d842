package person

import (
	"slices"

	"forlop/care"
)

// Marks of merged identities. They change nothing else: both streams keep all
// their events, and un-merging restores exactly what was (invariant 41).

func (d decision) mergeInto(c MergeInto) ([]care.Made, error) {
	if err := d.checkOther(c.Into, "into"); err != nil {
		return nil, err
	}
	if d.s.MergedInto != "" {
		return nil, care.Refuse("merged-already", "This person is merged into another one already: unmerge first.").On("into")
	}
	return one(MergedInto(c)), nil
}

func (d decision) addAlias(c AddAlias) ([]care.Made, error) {
	if err := d.checkOther(c.Alias, "alias"); err != nil {
		return nil, err
	}
	if slices.Contains(d.s.Aliases, c.Alias) {
		return nil, care.Unchanged()
	}
	return one(AliasAdded(c)), nil
}

func (d decision) unmerge(c Unmerge) ([]care.Made, error) {
	if c.Other == "" || d.s.MergedInto != c.Other && !slices.Contains(d.s.Aliases, c.Other) {
		return nil, care.Missing("merge-unknown", "These two are not merged.").On("other")
	}
	return one(Unmerged(c)), nil
}

func (d decision) checkOther(other care.PersonKey, field string) error {
	if other == "" || other == d.s.Person {
		return care.Refuse("merge-itself", "Name the other person.").On(field)
	}
	return nil
}
