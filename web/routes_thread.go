package web

// threadRoutes are conversations, for those who write to each other.
var threadRoutes = []route{
	{"GET", "/me/message", "my-threads", oldMessages},
	{"POST", "/me/message", "thread.begin", beginThread}, // forms that were kept before
	{"GET", "/me/messages", "my-threads", showMyThreads},
	{"POST", "/me/messages", "thread.begin", beginThread},
	{"GET", "/me/messages/{thread}", "my-threads", showMyThread},
	{"POST", "/me/messages/{thread}", "thread.say", answerThread},
	{"GET", "/journeys/{id}/messages", "threads", showThreads},
	{"POST", "/journeys/{id}/messages", "thread.begin", writeThread},
	{"GET", "/journeys/{id}/messages/{thread}", "threads", showThread},
	{"POST", "/journeys/{id}/messages/{thread}", "thread.say", tendThread},
}
