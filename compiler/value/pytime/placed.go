package pytime

import (
	"fmt"
	"time"
)

// In is an instant as it is shown in a zone of pytz.
func In(t time.Time, zone string) (*DateTime, error) {
	z, err := Pytz(zone)
	if err != nil {
		return nil, err
	}
	shown, err := At(t).in(z)
	if err != nil {
		return nil, err
	}
	d, ok := shown.(*DateTime)
	if !ok {
		return nil, fmt.Errorf("show %s in %s", t, zone)
	}
	return d, nil
}

// ISO is isoformat().
func (t *DateTime) ISO() string { return t.iso("T", "auto") }
