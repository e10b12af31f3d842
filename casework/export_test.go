package casework

// Lease is how long a worker holds what it wakes.
const Lease = lease

// Bare leaves out of a picture what is no picture.
func Bare(content []byte) ([]byte, bool) {
	switch contentOf(content) {
	case "image/jpeg":
		return bareJPEG(content)
	case "image/png":
		return barePNG(content)
	}
	return nil, false
}

// Policed is the check of the start.
var Policed = policed
