package care

import "time"

// Local is the instant of a time on the clock on a day. A time that the clocks skip
// when summer time begins does not exist, and one that comes twice when it ends says
// too little: both are refused with the way on, and never guessed.
func (c *Calendar) Local(d Date, hour, minute int) (time.Time, error) {
	t := time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, c.zone)
	words := t.Format("15:04")
	if t.Hour() != hour || t.Minute() != minute || DateOf(t, c.zone) != d {
		words = time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, time.UTC).Format("15:04")
		return time.Time{}, Refuse("local-time-gap", "The clocks go forward then, and {time} does not exist that day. Choose another time.", "time", words)
	}
	for _, other := range []time.Time{t.Add(-time.Hour), t.Add(time.Hour)} {
		if other.Hour() == hour && other.Minute() == minute && DateOf(other, c.zone) == d {
			return time.Time{}, Refuse("local-time-twice", "The clocks go back then, and {time} comes twice that day. Choose a time before 02 or after 03.", "time", words)
		}
	}
	return t.UTC(), nil
}
