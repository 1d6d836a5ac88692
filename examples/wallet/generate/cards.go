package main

import (
	"fmt"
	"strconv"
	"time"
)

type card struct {
	id      string
	account *account
	kind    string
	status  string
	four    string
	limit   int64
	issued  time.Time
}

func (c *card) row() []string {
	return []string{c.id, c.account.id, c.kind, c.status, c.four, strconv.FormatInt(c.limit, 10),
		stamp(c.issued), day(c.issued.AddDate(4, 0, 0))}
}

// issueCards gives current accounts one or two cards. Cards that were never
// used may be deleted; a freeze and a new limit are often one click, which is
// two changes in one millisecond.
func (w *world) issueCards() {
	r := w.random("cards")
	issued := 0
	for _, a := range w.accounts {
		if a.kind != "current" {
			continue
		}
		limit := w.convert(int64(1000+500*r.IntN(9))*100, "EUR", a.currency, start) / 100 * 100
		for range 1 + r.IntN(2) {
			issued++
			c := &card{
				id: fmt.Sprintf("K%05d", issued), account: a, kind: pick(r, []string{"virtual", "physical"}), status: "inactive",
				four: fmt.Sprintf("%04d", r.IntN(10_000)), limit: limit, issued: a.opened.Add(between(r, time.Minute, 5*time.Hour)),
			}
			w.cardChanges.create(c.issued, c.row()...)
			if issued%19 == 18 {
				w.cardChanges.delete(c.issued.Add(between(r, time.Hour, 100*time.Hour)), c.row()...)
				continue
			}
			c.status = "active"
			w.cardChanges.update(c.issued.Add(between(r, time.Second, 40*time.Minute)), c.row()...)
			if r.IntN(5) == 0 {
				at := moment(r, c.issued.Add(time.Hour), end)
				c.status = "frozen"
				w.cardChanges.update(at, c.row()...)
				c.limit /= 2
				w.cardChanges.update(at, c.row()...)
				if again := at.Add(between(r, time.Hour, 50*time.Hour)); again.Before(end) && r.IntN(2) == 0 {
					c.status = "active"
					w.cardChanges.update(again, c.row()...)
				}
			}
			a.cards = append(a.cards, c)
		}
	}
}
