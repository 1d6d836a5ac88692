package diag

import "strings"

// Suggest returns the candidate closest to what was written, or "" when none
// is close enough to be a slip: at most a third of the letters differ, and
// case does not count.
func Suggest(written string, candidates []string) string {
	best, bestDistance := "", len([]rune(written))/3+1
	for _, candidate := range candidates {
		if candidate == written {
			continue
		}
		d := distance(strings.ToLower(written), strings.ToLower(candidate), bestDistance)
		if d < bestDistance || d == bestDistance && best != "" && candidate < best {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// DidYouMean is Suggest as a sentence: `did you mean "x"?`, or "".
func DidYouMean(written string, candidates []string) string {
	if s := Suggest(written, candidates); s != "" {
		return `did you mean "` + s + `"?`
	}
	return ""
}

// distance counts insertions, deletions, replacements and swaps of
// neighbours; it gives up with limit+1 once it must exceed limit.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if abs(len(x)-len(y)) > limit {
		return limit + 1
	}
	var before, previous []int
	current := make([]int, len(y)+1)
	for j := range current {
		current[j] = j
	}
	for i := 1; i <= len(x); i++ {
		before, previous = previous, current
		current = make([]int, len(y)+1)
		current[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
	}
	return current[len(y)]
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
