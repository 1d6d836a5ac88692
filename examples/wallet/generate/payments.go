package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

type transaction struct {
	id, kind, status, declined string
	account, counterparty      *account
	card                       *card
	merchant                   *merchant
	amount, fee, credited      int64 // minor units; credited in the counterparty's currency
	created, settled           time.Time
}

func (t *transaction) row() []string {
	row := []string{t.id, t.account.id, t.kind, t.status, strconv.FormatInt(t.amount, 10), strconv.FormatInt(t.fee, 10),
		t.account.currency, "", "", "", "", "", t.declined, stamp(t.created), ""}
	if t.card != nil {
		row[7] = t.card.id
	}
	if t.merchant != nil {
		row[8] = t.merchant.id
	}
	if t.counterparty != nil {
		row[9], row[10], row[11] = t.counterparty.id, strconv.FormatInt(t.credited, 10), t.counterparty.currency
	}
	if !t.settled.IsZero() {
		row[14] = stamp(t.settled)
	}
	return row
}

// attempt is the wish to move money: what becomes of it depends on the balance.
type attempt struct {
	at      time.Time
	account *account
	kind    string
}

// movePayments plays the quarter in the order of time: a first top-up for each
// account, then what people do with their money.
func (w *world) movePayments() {
	r := w.random("payments")
	var attempts []attempt
	for _, a := range w.accounts {
		attempts = append(attempts, attempt{a.opened.Add(between(r, time.Minute, 20*time.Hour)), a, "top_up"})
		if len(a.cards) == 0 {
			attempts = append(attempts, attempt{moment(r, a.opened, end), a, "transfer"})
			continue
		}
		kinds := []string{"card_payment", "card_payment", "card_payment", "card_payment", "card_payment", "card_payment",
			"top_up", "transfer", "transfer", "withdrawal", "refund"}
		from, until := a.opened.Add(6*time.Hour), end
		if r.IntN(4) == 0 { // some people lose interest
			until = earliest(end, from.Add(between(r, 48*time.Hour, 60*24*time.Hour)))
		}
		for range 4 + r.IntN(14) {
			attempts = append(attempts, attempt{moment(r, from, until), a, pick(r, kinds)})
		}
	}
	slices.SortStableFunc(attempts, func(a, b attempt) int { return a.at.Compare(b.at) })
	for i, at := range attempts {
		w.play(r, fmt.Sprintf("T%06d", i+1), at)
	}
}

// play carries one attempt through its life and tells of each state.
func (w *world) play(r *rand.Rand, id string, at attempt) {
	a := at.account
	t := &transaction{id: id, kind: at.kind, status: "pending", account: a, created: at.at}
	euros := func(least, most int64) int64 {
		return w.convert((least*100)+r.Int64N((most-least)*100), "EUR", a.currency, at.at)
	}
	takes := between(r, time.Second, 20*time.Second)
	switch t.kind {
	case "top_up":
		t.amount = euros(200, 1500)
	case "withdrawal":
		t.amount, t.card, t.fee = euros(20, 200), pick(r, a.cards), euros(1, 3)
	case "transfer":
		t.amount, t.counterparty = euros(5, 250), pick(r, w.accounts)
		if t.counterparty == a || t.counterparty.opened.After(at.at) {
			return
		}
		if t.counterparty.currency != a.currency {
			t.fee = euros(1, 2)
		}
		t.credited = w.convert(t.amount, a.currency, t.counterparty.currency, at.at)
		if t.counterparty.currency == a.currency {
			t.credited = t.amount
		}
	case "refund":
		if len(a.payments) == 0 {
			return
		}
		paid := a.payments[0]
		a.payments = a.payments[1:]
		t.amount, t.card, t.merchant = paid.amount, paid.card, paid.merchant
		takes = between(r, 5*time.Hour, 50*time.Hour)
	default:
		t.amount, t.card, t.merchant = euros(2, 160), pick(r, a.cards), pick(r, w.merchants)
		takes = between(r, 4*time.Hour, 60*time.Hour)
	}
	w.transactionChanges.create(t.created, t.row()...)

	credit := t.kind == "top_up" || t.kind == "refund"
	answered := t.created.Add(between(r, 100*time.Millisecond, 900*time.Millisecond))
	switch {
	case !credit && a.available < t.amount+t.fee:
		t.decline("insufficient_funds")
	case t.card != nil && !credit && r.IntN(30) == 0:
		t.decline(pick(r, []string{"suspected_fraud", "wrong_pin", "limit_exceeded"}))
	case r.IntN(150) == 0:
		w.transactionChanges.delete(answered, t.row()...) // a test of the service's own, removed at once
		return
	}
	if t.status == "declined" {
		w.transactionChanges.update(answered, t.row()...)
		return
	}
	if !credit {
		a.available -= t.amount + t.fee
	}
	t.settled = t.created.Add(takes)
	if t.settled.After(end) {
		return // pending still
	}
	t.status = "settled"
	w.transactionChanges.update(t.settled, t.row()...)
	w.post(t)
	if back := t.settled.Add(between(r, time.Hour, 90*time.Hour)); t.kind == "card_payment" && r.IntN(40) == 0 && back.Before(end) {
		t.status = "reversed"
		w.transactionChanges.update(back, t.row()...)
		a.postings = append(a.postings, posting{back, t.amount + t.fee})
		return
	}
	if t.kind == "card_payment" {
		a.payments = append(a.payments, t)
	}
}

func (t *transaction) decline(reason string) {
	t.status, t.declined, t.fee = "declined", reason, 0
}

// post moves the balances. Money that comes back later (refunds, reversals) is
// not offered for spending again: the balance can never fall below zero.
func (w *world) post(t *transaction) {
	a := t.account
	switch t.kind {
	case "top_up":
		a.available += t.amount
		a.postings = append(a.postings, posting{t.settled, t.amount})
	case "refund":
		a.postings = append(a.postings, posting{t.settled, t.amount})
	default:
		a.postings = append(a.postings, posting{t.settled, -t.amount - t.fee})
	}
	if t.counterparty != nil {
		t.counterparty.postings = append(t.counterparty.postings, posting{t.settled, t.credited})
	}
}
