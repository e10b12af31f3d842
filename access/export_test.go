package access

// Load reads a policy that a test has spoilt.
var Load = load
