package main

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

type account struct {
	id       string
	owner    *customer
	kind     string
	currency string
	status   string
	opened   time.Time
	cards    []*card

	available int64     // what may be spent: never more than the balance
	postings  []posting // what moved the balance
	payments  []*transaction
}

type posting struct {
	at    time.Time
	minor int64
}

func (a *account) row(balance int64) []string {
	return []string{a.id, a.owner.id, a.kind, a.currency, a.status, strconv.FormatInt(balance, 10), stamp(a.opened)}
}

// openAccounts gives each customer a current account in the money of the
// country, and some a second one.
func (w *world) openAccounts() {
	r := w.random("accounts")
	home := map[string]string{"DE": "EUR", "FR": "EUR", "GB": "GBP", "PL": "PLN", "CH": "CHF", "US": "USD", "JP": "JPY"}
	for _, c := range w.customers {
		opened := latest(c.signedUp.Add(between(r, time.Hour, 48*time.Hour)), start.Add(between(r, 0, 72*time.Hour)))
		w.open(c, "current", home[c.country], opened)
		if r.IntN(3) == 0 {
			w.open(c, pick(r, []string{"savings", "current"}), pick(r, currencies).code, opened.Add(between(r, time.Hour, 300*time.Hour)))
		}
	}
}

func (w *world) open(c *customer, kind, currency string, opened time.Time) {
	if opened.After(end.AddDate(0, 0, -2)) {
		return
	}
	w.accounts = append(w.accounts, &account{
		id: fmt.Sprintf("A%05d", len(w.accounts)+1), owner: c, kind: kind, currency: currency, status: "active", opened: opened,
	})
}

// publishBalances tells of the accounts: the opening, the balance at the end of
// each day that moved it, and here and there a freeze.
func (w *world) publishBalances() {
	r := w.random("balances")
	for i, a := range w.accounts {
		w.accountChanges.create(a.opened, a.row(0)...)
		slices.SortStableFunc(a.postings, func(x, y posting) int { return x.at.Compare(y.at) })
		var balance int64
		for j, p := range a.postings {
			balance += p.minor
			if j+1 < len(a.postings) && day(a.postings[j+1].at) == day(p.at) {
				continue
			}
			w.accountChanges.update(p.at.Truncate(24*time.Hour).Add(24*time.Hour-100*time.Millisecond), a.row(balance)...)
		}
		if i%17 == 16 {
			a.status = "frozen"
			w.accountChanges.update(end.Add(between(r, 910*time.Millisecond, 990*time.Millisecond)), a.row(balance)...)
		}
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
