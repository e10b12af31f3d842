package web

// patientRoutes are the pages of the patient.
var patientRoutes = []route{}
