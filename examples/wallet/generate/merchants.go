package main

import (
	"fmt"
	"time"
)

type merchant struct {
	id, name, category, country, risk string
	onboarded                         time.Time
}

func (m *merchant) row() []string {
	return []string{m.id, m.name, m.category, m.country, m.risk, stamp(m.onboarded)}
}

// openMerchants onboards the merchants before the quarter; some are renamed or
// rated anew, and a few doubles that nobody ever paid are deleted.
func (w *world) openMerchants() {
	r := w.random("merchants")
	first := []string{"Blue", "Corner", "North", "Old Town", "Sunny", "Harbour", "Green", "Copper", "Little", "Grand"}
	trades := []struct{ name, category string }{
		{"Grocery", "5411"}, {"Bakery", "5462"}, {"Cinema", "7832"}, {"Railways", "4112"}, {"Bookshop", "5942"},
		{"Pharmacy", "5912"}, {"Café", "5814"}, {"Hotel", "7011"}, {"Electronics, Ltd.", "5732"}, {"Fuel", "5541"},
	}
	countries := []string{"DE", "DE", "FR", "GB", "PL", "CH", "US", "JP"}
	for i := range 60 {
		trade := trades[i%len(trades)]
		m := &merchant{
			id: fmt.Sprintf("M%04d", i+1), name: first[(i/len(trades)+i)%len(first)] + " " + trade.name, category: trade.category,
			country: pick(r, countries), risk: "low", onboarded: moment(r, start.AddDate(-1, 0, 0), start.AddDate(0, 0, -1)),
		}
		w.merchantChanges.create(m.onboarded, m.row()...)
		switch {
		case i%20 == 19:
			w.merchantChanges.delete(moment(r, m.onboarded, end), m.row()...)
			continue
		case r.IntN(4) == 0:
			m.risk = pick(r, []string{"medium", "high"})
			w.merchantChanges.update(moment(r, start, end), m.row()...)
		case r.IntN(6) == 0:
			m.name += " & Co"
			w.merchantChanges.update(moment(r, start, end), m.row()...)
		}
		w.merchants = append(w.merchants, m)
	}
}
