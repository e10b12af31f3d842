package casework

// Lease is how long a worker holds what it wakes.
const Lease = lease
