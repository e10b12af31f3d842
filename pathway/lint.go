package pathway

// lint finds what is wrong in a definition that Load could read: what would
// leave a patient without an owner, a date, a way on or words to read. A
// definition made by hand gives findings without lines.
func lint(d *Definition) []Finding {
	c := &checker{d: d}
	c.steps()
	c.kinds()
	c.patient()
	c.clocks()
	c.activity()
	c.roles()
	c.endings()
	c.overdue()
	c.basis()
	c.unused()
	c.tables()
	c.texts()
	c.readability()
	c.walk()
	return sortFindings(c.findings)
}
