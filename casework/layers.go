package casework

import (
	"context"

	"forlop/pathway"
	"forlop/pathway/publication"
)

// conflicts are what the owner of a local layer must look at when its base has a
// new version.
func (s *Service) conflicts(context.Context, publication.Edition, pathway.Ref) ([]publication.Conflict, error) {
	return nil, nil
}
