package jinjadiff

import (
	"context"
	"regexp"
	"strings"
)

// maxTries bounds what one template may cost to make small.
const maxTries = 600

var pieces = regexp.MustCompile(`(?s)\{%[-+]?|[-+]?%\}|\{\{[-+]?|[-+]?\}\}|\{#.*?#\}|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\w+|\s+|.`)

// smallest makes the template of a difference as small as it can without losing
// what is different about it.
func (r *Run) smallest(ctx context.Context, d Difference) (Difference, error) {
	tries := 0
	smaller := func(parts []string) (bool, error) {
		text := strings.Join(parts, "")
		if tries >= maxTries || len(text) >= len(d.Ask.Template) {
			return false, nil
		}
		tries++
		ask := d.Ask
		ask.Template = text
		found, err := r.compare(ctx, ask)
		if err != nil || found == nil || found.Kind() != d.Kind() {
			return false, err
		}
		d = *found
		return true, nil
	}
	for {
		parts := pieces.FindAllString(d.Ask.Template, -1)
		before := d.Ask.Template
		parts, err := withoutRuns(parts, smaller)
		if err != nil {
			return d, err
		}
		if _, err := withoutPairs(parts, smaller); err != nil {
			return d, err
		}
		if d.Ask.Template == before || tries >= maxTries {
			return d, nil
		}
	}
}

// withoutRuns leaves out longer and longer stretches of the parts.
func withoutRuns(parts []string, keep func([]string) (bool, error)) ([]string, error) {
	for size := len(parts) / 2; size >= 1; size /= 2 {
		for at := 0; at+size <= len(parts); {
			rest := append(append([]string{}, parts[:at]...), parts[at+size:]...)
			ok, err := keep(rest)
			if err != nil {
				return parts, err
			}
			if ok {
				parts = rest
			} else {
				at += max(1, size/2)
			}
		}
	}
	return parts, nil
}

// withoutPairs leaves out brackets around something, and tags with the ones
// that end them.
func withoutPairs(parts []string, keep func([]string) (bool, error)) ([]string, error) {
	for i := 0; i < len(parts); i++ {
		for _, drop := range partners(parts, i) {
			var rest []string
			for k, p := range parts {
				if (k < i || k >= i+drop.first) && (k < drop.at || k >= drop.at+drop.last) {
					rest = append(rest, p)
				}
			}
			ok, err := keep(rest)
			if err != nil {
				return parts, err
			}
			if ok {
				parts = rest
				break
			}
		}
	}
	return parts, nil
}

// pair is where the other half of a pair starts, and how long both are.
type pair struct{ at, first, last int }

func partners(parts []string, i int) []pair {
	closing := map[string]string{"(": ")", "[": "]", "{": "}"}
	if end, ok := closing[parts[i]]; ok {
		depth := 0
		for k := i; k < len(parts); k++ {
			switch parts[k] {
			case parts[i]:
				depth++
			case end:
				if depth--; depth == 0 {
					return []pair{{k, 1, 1}}
				}
			}
		}
		return nil
	}
	if !strings.HasPrefix(parts[i], "{%") {
		return nil
	}
	first := tagLength(parts, i)
	var found []pair
	for k := i + first; k < len(parts); k++ {
		if strings.HasPrefix(parts[k], "{%") {
			found = append(found, pair{k, first, tagLength(parts, k)})
		}
	}
	return found
}

func tagLength(parts []string, i int) int {
	for k := i; k < len(parts); k++ {
		if strings.HasSuffix(parts[k], "%}") {
			return k - i + 1
		}
	}
	return len(parts) - i
}
