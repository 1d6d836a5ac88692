package main

import (
	"fmt"
	"time"
)

// currency as the services know it. Amounts are whole minor units throughout.
type currency struct {
	code       string
	minorUnits int
	perEUR     int64 // opening rate, in millionths
}

var currencies = []currency{
	{"EUR", 2, 1_000_000}, {"USD", 2, 1_085_000}, {"GBP", 2, 856_000},
	{"CHF", 2, 958_000}, {"PLN", 2, 4_310_000}, {"JPY", 0, 162_400_000},
}

type rate struct {
	published time.Time
	perEUR    int64
}

// quoteRates walks each rate over the working days; weekends have none. Now and
// then the provider corrects a quote on the next morning.
func (w *world) quoteRates() {
	r := w.random("rates")
	for _, c := range currencies[1:] {
		perEUR := c.perEUR
		for d := start.AddDate(0, 0, -3); d.Before(end); d = d.AddDate(0, 0, 1) {
			if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
				continue
			}
			perEUR += perEUR * (r.Int64N(1201) - 600) / 100_000
			published := d.Add(15 * time.Hour)
			w.rates[c.code] = append(w.rates[c.code], rate{published, perEUR})
			row := func(perEUR int64) []string {
				return []string{c.code, day(d), fmt.Sprintf("%d.%06d", perEUR/1_000_000, perEUR%1_000_000), "reference bank"}
			}
			if r.IntN(25) == 0 && d.Add(32*time.Hour).Before(end) {
				w.rateChanges.create(published, row(perEUR+perEUR/50)...)
				w.rateChanges.update(d.Add(32*time.Hour), row(perEUR)...)
				continue
			}
			w.rateChanges.create(published, row(perEUR)...)
		}
	}
}

// convert changes an amount at the last rate before at, less half a percent.
func (w *world) convert(minor int64, from, to string, at time.Time) int64 {
	scaled := minor * w.perEUR(to, at) / w.perEUR(from, at)
	for range minorUnits(to) - minorUnits(from) {
		scaled *= 10
	}
	for range minorUnits(from) - minorUnits(to) {
		scaled /= 10
	}
	return scaled * 995 / 1000
}

func (w *world) perEUR(code string, at time.Time) int64 {
	last := int64(1_000_000)
	for _, q := range w.rates[code] {
		if q.published.After(at) {
			break
		}
		last = q.perEUR
	}
	return last
}

func minorUnits(code string) int {
	for _, c := range currencies {
		if c.code == code {
			return c.minorUnits
		}
	}
	return 0
}
