package journey

// LimitEnd is limitEnd, for the tests of clock arithmetic.
var LimitEnd = limitEnd
