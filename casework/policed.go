package casework

import (
	"errors"
	"fmt"

	"forlop/access"
	"forlop/care/booking"
	"forlop/care/directory"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/care/questionnaire"
	"forlop/care/worklist"
	"forlop/improvement/rollout"
	"forlop/journey"
	"forlop/pathway/publication"
)

// nameable is what the policy must speak of.
type nameable interface{ Name() string }

// questions are all that can be asked. A test reads the package and fails when
// one is missing.
var questions = []nameable{
	MyPlan{}, WorkQuery{}, WorkPosts{}, ShortNotice{}, DataFaults{}, FindPerson{}, Journeys{}, Overview{}, GetJourney{}, GetPerson{}, GetAttachment{}, GetFindingFile{}, Looks{}, Meetings{},
	PathwayLibrary{}, PathwayVersion{}, Campaigns{}, CampaignPage{}, MovePreview{},
	Represented{}, MyRole{}, MyAccess{}, Consents{}, OpenedRecord{},
	Sessions{}, LogOfBreach{}, OpeningToJudge{}, OversightQuery{}, GetMatter{}, LogSample{}, MergePreview{}, HiddenAddress{}, ErasureOf{}, ExportPerson{},
	ProfessionalArea{},
	MyForms{}, Forms{}, MyAsked{},
	MyThreads{}, Threads{},
	ToTell{}, Letter{}, MyNotices{},
	OpenFeed{}, FeedState{}, CloseFeed{},
	MyCourses{}, ScheduleQuery{},
	ItemLinks{}, MakeLink{}, EndLink{}, LinkedItem{}, SharedPage{}, SharePreview{},
}

// commands are all that can be ordered.
func commands() []nameable {
	var all []nameable
	for _, c := range journey.Commands {
		all = append(all, c)
	}
	for _, c := range person.Commands {
		all = append(all, c)
	}
	for _, c := range directory.Commands {
		all = append(all, c)
	}
	for _, c := range publication.Commands {
		all = append(all, c)
	}
	for _, c := range rollout.Commands {
		all = append(all, c)
	}
	for _, c := range access.Commands {
		all = append(all, c)
	}
	for _, c := range access.OversightCommands {
		all = append(all, c)
	}
	for _, c := range messaging.Commands {
		all = append(all, c)
	}
	for _, c := range messaging.ThreadCommands {
		all = append(all, c)
	}
	for _, c := range questionnaire.Commands {
		all = append(all, c)
	}
	for _, c := range questionnaire.SentenceOrders {
		all = append(all, c)
	}
	for _, c := range booking.Commands {
		all = append(all, c)
	}
	for _, c := range booking.ScheduleCommands {
		all = append(all, c)
	}
	for _, c := range worklist.Commands {
		all = append(all, c)
	}
	return all
}

// policed refuses to start where the policy does not speak of a question or a
// command. What workers do are commands, too: there is no other way in.
func policed(covers func(name string) error) error {
	var errs []error
	for _, n := range append(commands(), questions...) {
		if _, opens := n.(person.Open); opens {
			continue // made in the same append as a referral, and never ordered
		}
		if err := covers(n.Name()); err != nil {
			errs = append(errs, fmt.Errorf("%T: %w", n, err))
		}
	}
	return errors.Join(errs...)
}
