package store

import (
	"encoding/json"
	"slices"

	"forlop/care"
)

// AskedPosts lists the posts that a question asks for, none twice: a post
// without a role stands for all of its unit's. every says that posts do not
// matter. Stores that ask range by range share this reading of Posts, Except and
// AnyPost.
func (q ItemQuery) AskedPosts() (posts []care.Post, every bool) {
	asked := q.Posts
	switch {
	case q.AnyPost:
		return nil, true
	case asked == nil && (q.Scope.All || q.Scope.Own()):
		return nil, true
	case asked == nil:
		for _, u := range q.Scope.Units {
			asked = append(asked, care.Post{Unit: u})
		}
	}
	for _, p := range asked {
		// A post of a unit that is named is read with it, unless it is left out there.
		within := p.Role != "" && slices.Contains(asked, care.Post{Unit: p.Unit}) && !slices.Contains(q.Except, p)
		if !slices.Contains(posts, p) && !within {
			posts = append(posts, p)
		}
	}
	return posts, false
}

// EncodeOnBehalf writes on whose behalf an act was recorded, as SQL stores keep
// it: JSON, and "" for nobody.
func EncodeOnBehalf(f *care.OnBehalf) (string, error) {
	if f == nil {
		return "", nil
	}
	b, err := json.Marshal(f)
	return string(b), err
}

// DecodeOnBehalf reads what EncodeOnBehalf wrote.
func DecodeOnBehalf(text string) (*care.OnBehalf, error) {
	if text == "" {
		return nil, nil
	}
	f := new(care.OnBehalf)
	if err := json.Unmarshal([]byte(text), f); err != nil {
		return nil, err
	}
	return f, nil
}
