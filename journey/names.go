package journey

// Type names, stable for ever.
func (Opened) Type() string               { return "journey.opened/1" }
func (Answered) Type() string             { return "journey.answered/1" }
func (QuestionAsked) Type() string        { return "journey.question-asked/1" }
func (QuestionAnswered) Type() string     { return "journey.question-answered/1" }
func (Offered) Type() string              { return "journey.offered/1" }
func (OfferAccepted) Type() string        { return "journey.offer-accepted/1" }
func (OfferDeclined) Type() string        { return "journey.offer-declined/1" }
func (OfferLapsed) Type() string          { return "journey.offer-lapsed/1" }
func (OfferWithdrawn) Type() string       { return "journey.offer-withdrawn/1" }
func (RoleBound) Type() string            { return "journey.role-bound/1" }
func (DecisionNeeded) Type() string       { return "journey.decision-needed/1" }
func (DecisionMade) Type() string         { return "journey.decision-made/1" }
func (StepOpened) Type() string           { return "journey.step-opened/1" }
func (StepPlanned) Type() string          { return "journey.step-planned/1" }
func (StepMissed) Type() string           { return "journey.step-missed/1" }
func (StepDone) Type() string             { return "journey.step-done/1" }
func (StepReopened) Type() string         { return "journey.step-reopened/1" }
func (StepDropped) Type() string          { return "journey.step-dropped/1" }
func (StepOwned) Type() string            { return "journey.step-owned/1" }
func (StepDated) Type() string            { return "journey.step-dated/1" }
func (StepRedefined) Type() string        { return "journey.step-redefined/1" }
func (StepBroughtIn) Type() string        { return "journey.step-brought-in/1" }
func (MilestoneReached) Type() string     { return "journey.milestone-reached/1" }
func (MilestoneRetracted) Type() string   { return "journey.milestone-retracted/1" }
func (ClockStarted) Type() string         { return "journey.clock-started/1" }
func (ClockStopped) Type() string         { return "journey.clock-stopped/1" }
func (ClockReopened) Type() string        { return "journey.clock-reopened/1" }
func (ClockPaused) Type() string          { return "journey.clock-paused/1" }
func (ClockCorrected) Type() string       { return "journey.clock-corrected/1" }
func (ClockPassed) Type() string          { return "journey.clock-passed/1" }
func (ClockLeft) Type() string            { return "journey.clock-left/1" }
func (WaitOpened) Type() string           { return "journey.wait-opened/1" }
func (WaitReviewed) Type() string         { return "journey.wait-reviewed/1" }
func (WaitEnded) Type() string            { return "journey.wait-ended/1" }
func (WaitReopened) Type() string         { return "journey.wait-reopened/1" }
func (Passed) Type() string               { return "journey.passed/1" }
func (Escalated) Type() string            { return "journey.escalated/1" }
func (ContactOwed) Type() string          { return "journey.contact-owed/1" }
func (Contacted) Type() string            { return "journey.contacted/1" }
func (MeetingCalled) Type() string        { return "journey.meeting-called/1" }
func (MeetingCancelled) Type() string     { return "journey.meeting-cancelled/1" }
func (MeetingHeld) Type() string          { return "journey.meeting-held/1" }
func (MeetingAnswered) Type() string      { return "journey.meeting-answered/1" }
func (InterventionAgreed) Type() string   { return "journey.intervention-agreed/1" }
func (InterventionOwned) Type() string    { return "journey.intervention-owned/1" }
func (InterventionReported) Type() string { return "journey.intervention-reported/1" }
func (InterventionEnded) Type() string    { return "journey.intervention-ended/1" }
func (InterventionReopened) Type() string { return "journey.intervention-reopened/1" }
func (ChoiceLaidOut) Type() string        { return "journey.choice-laid-out/1" }
func (ChoiceMade) Type() string           { return "journey.choice-made/1" }
func (TellingOwed) Type() string          { return "journey.telling-owed/1" }
func (TellingWithdrawn) Type() string     { return "journey.telling-withdrawn/1" }
func (ToldRetracted) Type() string        { return "journey.told-retracted/1" }
func (Told) Type() string                 { return "journey.told/1" }
func (WordsGiven) Type() string           { return "journey.words-given/1" }
func (FactRecorded) Type() string         { return "journey.fact-recorded/1" }
func (NoteMade) Type() string             { return "journey.note-made/1" }
func (Undone) Type() string               { return "journey.undone/1" }
func (Moved) Type() string                { return "journey.moved/1" }
func (StepRenamed) Type() string          { return "journey.step-renamed/1" }
func (ChoiceRenamed) Type() string        { return "journey.choice-renamed/1" }
func (KeepOffered) Type() string          { return "journey.keep-offered/1" }
func (PlanKept) Type() string             { return "journey.plan-kept/1" }
func (Ended) Type() string                { return "journey.ended/1" }
func (Reopened) Type() string             { return "journey.reopened/1" }

// Command names, used in files, logs and tests.
func (Open) Name() string               { return "journey.open" }
func (Answer) Name() string             { return "journey.answer" }
func (AskParty) Name() string           { return "journey.ask" }
func (AnswerQuestion) Name() string     { return "journey.answer-question" }
func (OfferTo) Name() string            { return "journey.offer" }
func (AcceptOffer) Name() string        { return "journey.accept" }
func (DeclineOffer) Name() string       { return "journey.decline" }
func (WithdrawOffer) Name() string      { return "journey.withdraw" }
func (BindRole) Name() string           { return "journey.bind" }
func (Settle) Name() string             { return "journey.settle" }
func (PlanStep) Name() string           { return "journey.plan" }
func (MissStep) Name() string           { return "journey.miss" }
func (CompleteStep) Name() string       { return "journey.complete" }
func (DropStep) Name() string           { return "journey.drop" }
func (WishToWait) Name() string         { return "journey.wish-to-wait" }
func (TooIll) Name() string             { return "journey.too-ill" }
func (OpenWait) Name() string           { return "journey.wait" }
func (ReviewWait) Name() string         { return "journey.review-wait" }
func (EndWait) Name() string            { return "journey.end-wait" }
func (PauseClock) Name() string         { return "journey.pause-clock" }
func (CorrectMilestone) Name() string   { return "journey.correct" }
func (CallMeeting) Name() string        { return "journey.call-meeting" }
func (CancelMeeting) Name() string      { return "journey.cancel-meeting" }
func (HoldMeeting) Name() string        { return "journey.hold-meeting" }
func (AnswerDecisions) Name() string    { return "journey.answer-decisions" }
func (Agree) Name() string              { return "journey.agree" }
func (ReportIntervention) Name() string { return "journey.report" }
func (EndIntervention) Name() string    { return "journey.end-intervention" }
func (LayOut) Name() string             { return "journey.lay-out" }
func (Choose) Name() string             { return "journey.choose" }
func (Tell) Name() string               { return "journey.tell" }
func (ContactPatient) Name() string     { return "journey.contact" }
func (GiveWords) Name() string          { return "journey.words" }
func (RecordFact) Name() string         { return "journey.fact" }
func (NoteContact) Name() string        { return "journey.note" }
func (Move) Name() string               { return "journey.move" }
func (KeepPlan) Name() string           { return "journey.keep-plan" }
func (EndJourney) Name() string         { return "journey.end" }
func (ComeBack) Name() string           { return "journey.come-back" }
func (NoteDeath) Name() string          { return "journey.note-death" }
func (Undo) Name() string               { return "journey.undo" }
func (Wake) Name() string               { return "journey.wake" }

// Commands lists an empty value of every command, for those who read commands
// from files.
var Commands = []Command{
	Open{}, Answer{}, AskParty{}, AnswerQuestion{}, OfferTo{}, AcceptOffer{}, DeclineOffer{}, WithdrawOffer{},
	BindRole{}, Settle{}, PlanStep{}, NoteInterpreter{}, MissStep{}, CompleteStep{}, DropStep{}, WishToWait{}, TooIll{},
	OpenWait{}, ReviewWait{}, EndWait{}, PauseClock{}, CorrectMilestone{}, CallMeeting{}, CancelMeeting{},
	HoldMeeting{}, AnswerDecisions{}, Agree{}, ReportIntervention{}, EndIntervention{}, LayOut{}, Choose{},
	CopyText{}, AskAdvice{}, GiveAdvice{}, UseAdvice{}, CloseAdvice{}, CallJoint{}, Contribute{}, Disagree{}, Summarise{}, AnswerSummary{}, CallOffJoint{},
	Tell{}, ContactPatient{}, GiveWords{}, RecordFact{}, NoteContact{}, Move{}, KeepPlan{}, EndJourney{}, ComeBack{}, NoteDeath{}, Undo{},
}
