package manifest

import "time"

// Moment reads what YAML may say of a day or a time; false for what is
// neither. What has no time zone is in UTC.
func Moment(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, time.DateTime, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05-07:00", "2006-01-02 15:04:05Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
