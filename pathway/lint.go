package pathway

// Lint finds what is wrong in a definition that Load could read: what would
// leave a patient without an owner, a date, a way on or words to read.
func Lint(d *Definition) []Finding {
	c := &checker{d: d}
	c.linters()
	return sortFindings(c.findings)
}

func (c *checker) linters() {}
