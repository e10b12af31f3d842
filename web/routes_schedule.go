package web

// scheduleRoutes are the courses and meeting times that units open themselves: the
// list for everybody, the patient's own, and the pages of those who hold them.
var scheduleRoutes = []route{
	{"GET", learnPath, "public", showLearn},
	{"GET", coursesPath, "my-courses", showMyCourses},
	{"POST", coursesPath + "/{slot}", "schedule.take-seat, schedule.give-back, schedule.wait, schedule.leave-waiting", changeMyCourse},
	{"GET", schedulePath, "schedule", showSchedule},
	{"GET", schedulePath + "/new", "schedule", newSlot},
	{"POST", schedulePath + "/new", "schedule.open", newSlot},
	{"GET", schedulePath + "/{slot}", "schedule", showSlot},
	{"POST", schedulePath + "/{slot}", "schedule.take-seat, schedule.give-back, schedule.leave-waiting, schedule.attend, schedule.cancel", changeSeats},
	{"GET", schedulePath + "/{slot}/change", "schedule", changeSlot},
	{"POST", schedulePath + "/{slot}/change", "schedule.change", changeSlot},
}

// The addresses.
const learnPath, coursesPath, schedulePath = "/learn", "/me/courses", "/schedule"
