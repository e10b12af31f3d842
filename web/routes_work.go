package web

// workRoutes are the pages of those who work.
var workRoutes = []route{}
