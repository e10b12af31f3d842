package web

// appointmentRoutes are the pages of appointments: the patient's card of one, the
// common time of a meeting, and the calendar of the patient's own.
var appointmentRoutes = []route{
	{"GET", "/me/appointments/{journey}/{step}", "my-plan", showAppointment},
	{"POST", "/me/appointments/{journey}/{step}", "booking.wish", wishAppointment},
	{"POST", "/me/appointments/{journey}/{step}/back", "booking.take-back", takeBackWish},
	{"GET", "/me/appointments/{journey}/{step}/calendar.ics", "my-plan", sendAppointment},
	{"GET", "/me/times/{poll}", "my-plan", timesForm},
	{"POST", "/me/times/{poll}", "booking.answer-times", timesForm},
	{"GET", "/me/calendar", "my-plan", showCalendar},
	{"POST", "/me/calendar", "calendar-feed", openCalendar},
	{"POST", "/me/calendar/end", "calendar-end", endCalendar},
	{"GET", "/calendar/{file}", "public", sendCalendar},
}
