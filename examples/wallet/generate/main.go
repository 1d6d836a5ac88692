// Command generate writes the seeds of the wallet example: what five services'
// change streams would have delivered to ClickHouse over one quarter.
//
// The world is simulated first (who opens an account, who pays whom, what the
// balance is afterwards) and told second, as change events with the faults a
// real stream has: rows delivered twice, rows delivered late and out of order,
// several versions of one key, deletes. Balances are kept by the simulation,
// not derived from the transactions, so that the project's reconciliation
// tests compare two independent accounts of the same money.
//
// Output depends on nothing but this code: a fixed seed, integer arithmetic
// and no clock. It refuses to know anything of SQL.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("out", "examples/wallet/seeds", "folder to write the CSV files to")
	flag.Parse()
	if err := write(*out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// write simulates the quarter and writes one CSV file per stream below dir.
func write(dir string) error {
	w := newWorld()
	w.openMerchants()
	w.quoteRates()
	w.signUpCustomers()
	w.openAccounts()
	w.issueCards()
	w.movePayments()
	w.publishBalances()
	for _, s := range w.streams() {
		if err := s.write(dir, w.random("delivery of "+s.file)); err != nil {
			return fmt.Errorf("write %s: %w", s.file, err)
		}
	}
	return nil
}
