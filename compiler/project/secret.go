package project

import "fmt"

// Secret is a string that is never shown: every way of printing it gives
// five stars.
type Secret struct {
	text string
}

// NewSecret hides a string.
func NewSecret(text string) Secret { return Secret{text: text} }

// Reveal is the string itself.
func (s Secret) Reveal() string { return s.text }

// String hides the secret.
func (s Secret) String() string { return "*****" }

// Format hides the secret from every verb.
func (s Secret) Format(f fmt.State, _ rune) {
	_, _ = f.Write([]byte(s.String())) // a Formatter cannot report errors
}

// MarshalText hides the secret from JSON and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
