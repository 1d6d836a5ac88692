package main

import (
	"fmt"
	"strings"
	"time"
)

type customer struct {
	id, name, email, country, kyc string
	signedUp                      time.Time
}

func (c *customer) row() []string {
	return []string{c.id, c.name, c.email, c.country, c.kyc, stamp(c.signedUp)}
}

// signUpCustomers signs people up before and in the quarter. Most are verified
// later, some change their address, and some leave before opening an account:
// their rows are deleted, as the law asks.
func (w *world) signUpCustomers() {
	r := w.random("customers")
	given := []string{"Ada", "Boris", "Chiara", "Dilan", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Léa", "Marek", "Nora", "Oskar"}
	family := []string{"Adler", "Brandt", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Horvat", "Ivanova", "Jensen", "Kowalski", "Lindt", "O'Neil"}
	countries := []string{"DE", "DE", "DE", "FR", "GB", "PL", "CH", "US", "JP"}
	for i := range 120 {
		c := &customer{
			id: fmt.Sprintf("C%04d", i+1), name: pick(r, given) + " " + pick(r, family), country: pick(r, countries),
			kyc: "none", signedUp: moment(r, start.AddDate(0, -3, 0), end.AddDate(0, 0, -20)),
		}
		c.email = mailbox(c, "post.example")
		w.customerChanges.create(c.signedUp, c.row()...)
		if i%15 == 14 {
			w.customerChanges.delete(c.signedUp.Add(between(r, 24*time.Hour, 240*time.Hour)), c.row()...)
			continue
		}
		verified := c.signedUp.Add(between(r, 5*time.Minute, 20*time.Hour))
		c.kyc = "basic"
		w.customerChanges.update(verified, c.row()...)
		if r.IntN(3) > 0 {
			c.kyc = "full"
			w.customerChanges.update(verified.Add(between(r, 24*time.Hour, 200*time.Hour)), c.row()...)
		}
		if r.IntN(8) == 0 {
			c.email = mailbox(c, "letters.example")
			w.customerChanges.update(verified.Add(between(r, 210*time.Hour, 400*time.Hour)), c.row()...)
		}
		w.customers = append(w.customers, c)
	}
}

// mailbox is in a domain that is reserved for examples.
func mailbox(c *customer, domain string) string {
	plain := strings.NewReplacer(" ", ".", "'", "", "é", "e").Replace(strings.ToLower(c.name))
	return fmt.Sprintf("%s.%s@%s", plain, strings.ToLower(c.id), domain)
}
