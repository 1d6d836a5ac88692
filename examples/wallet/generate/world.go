package main

import (
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// The quarter that is told. Nothing happens after end.
var (
	start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	end   = time.Date(2026, 3, 31, 23, 59, 59, 0, time.UTC)
)

// world is the state of all services and the streams that tell of it.
type world struct {
	merchants []*merchant
	customers []*customer
	accounts  []*account
	rates     map[string][]rate // by currency, oldest first

	customerChanges, accountChanges, cardChanges, merchantChanges, transactionChanges, rateChanges *stream
}

func newWorld() *world {
	return &world{
		rates: map[string][]rate{},
		customerChanges: &stream{file: "identity/customer_changes.csv", columns: []string{
			"customer_id", "full_name", "email", "country", "kyc_level", "signed_up_at"}},
		accountChanges: &stream{file: "accounts/account_changes.csv", columns: []string{
			"account_id", "customer_id", "kind", "currency", "status", "balance_minor", "opened_at"}},
		cardChanges: &stream{file: "cards/card_changes.csv", columns: []string{
			"card_id", "account_id", "kind", "status", "last_four", "monthly_limit_minor", "issued_at", "expires_on"}},
		merchantChanges: &stream{file: "merchants/merchant_changes.csv", columns: []string{
			"merchant_id", "name", "category_code", "country", "risk", "onboarded_at"}},
		transactionChanges: &stream{file: "payments/transaction_changes.csv", columns: []string{
			"transaction_id", "account_id", "kind", "status", "amount_minor", "fee_minor", "currency", "card_id", "merchant_id",
			"counterparty_account_id", "counterparty_amount_minor", "counterparty_currency", "decline_reason", "created_at", "settled_at"}},
		rateChanges: &stream{file: "fx/rate_changes.csv", columns: []string{
			"currency", "rate_date", "units_per_eur", "provider"}},
	}
}

func (w *world) streams() []*stream {
	return []*stream{w.customerChanges, w.accountChanges, w.cardChanges, w.merchantChanges, w.transactionChanges, w.rateChanges}
}

// random gives each part of the world its own source of chance, so that a
// change to one part does not reshuffle all the others.
func (w *world) random(part string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(part))
	return rand.New(rand.NewPCG(20260101, h.Sum64()))
}

// moment picks an instant of [from, to) by the millisecond.
func moment(r *rand.Rand, from, to time.Time) time.Time {
	return from.Add(between(r, 0, to.Sub(from)))
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
