package web

// accessRoutes are the patient's pages about who can see and act.
var accessRoutes = []route{
	{"GET", "/me/access", "my-access", showAccess},
	{"GET", "/me/access/stop", "my-access", stopForm},
	{"POST", "/me/access/stop", "consent.block", stopForm},
	{"GET", "/me/access/blocks/{block}", "my-access", liftForm},
	{"POST", "/me/access/blocks/{block}", "consent.lift-block", liftForm},
	{"POST", "/me/access/blocks/{block}/for-a-time", "consent.give-consent", openForATime},
	{"POST", "/me/access/consents/{consent}", "consent.withdraw-consent", withdrawConsent},
	{"POST", "/me/access/pages/{page}", "consent.withdraw-page", withdrawPage},
	{"GET", "/me/access/give", "my-access", giveForm},
	{"POST", "/me/access/give", "consent.offer-proxy", giveForm},
	{"GET", "/me/access/people/{proxy}", "my-access", showProxy},
	{"POST", "/me/access/people/{proxy}/limit", "consent.limit-proxy", limitProxy},
	{"POST", "/me/access/people/{proxy}/renew", "consent.renew-proxy", renewProxy},
	{"POST", "/me/access/people/{proxy}/revoke", "consent.revoke-proxy", revokeProxy},
	{"GET", "/me/access/notices", "my-access", noticesForm},
	{"POST", "/me/access/notices", "consent.direct-notices", noticesForm},
	{"GET", "/me/access/ages", "my-access", showAges},
}
