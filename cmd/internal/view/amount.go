package view

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// count writes a number with thousands apart: 1,234,567.
func count(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Count writes a number with thousands apart: 1,234,567.
func Count(n uint64) string { return count(n) }

// Size writes bytes in the unit that keeps them short: 45.6 MiB.
func Size(n uint64) string { return size(n) }

// size writes bytes in the unit that keeps them short: 45.6 MiB.
func size(n uint64) string {
	const unit = 1024
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	value, prefix := float64(n)/unit, 0
	for value >= unit && prefix < len("KMGTPE")-1 {
		value /= unit
		prefix++
	}
	return fmt.Sprintf("%.1f %ciB", value, "KMGTPE"[prefix])
}

// rows writes "1 row" and "1,234 rows".
func rows(n uint64) string {
	if n == 1 {
		return "1 row"
	}
	return count(n) + " rows"
}

// sized adds a size where the server has told one.
func sized(n uint64) string {
	if n == 0 {
		return ""
	}
	return ", " + size(n)
}

// seconds writes a duration as dbt does: 0.12s; longer ones as 3m12s.
func seconds(d time.Duration) string {
	if d >= time.Minute {
		return d.Round(time.Second).String()
	}
	return fmt.Sprintf("%.2fs", d.Seconds())
}

// plural writes "1 model" and "2 models".
func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	if strings.HasSuffix(word, "sis") {
		return fmt.Sprintf("%d %sses", n, strings.TrimSuffix(word, "sis"))
	}
	return fmt.Sprintf("%d %ss", n, word)
}
