package matrix

import (
	"fmt"
	"slices"
	"strings"
)

const intro = `# The fault matrix

A table is rebuilt again and again. At each boundary between two steps of the
rebuild something is broken, while a reader on every node polls the table's
count, its lowest and highest generation and a checksum of its rows. An answer
is wrong unless it is the whole of one generation that was announced, and none
older than what that node has served before or was announced to serve. Then all
is mended, and the next run must bring every node to the same rows, with nothing
left over.

What is not on this page was not run. It is written by ` + "`make cluster-matrix`" + `;
how clusters are built is in [cluster.md](cluster.md).

- Nodes are counted from 1; chmod is connected to node 1. Of 1x3 (one shard,
  three replicas) node 3 is broken, of 2x2 (two shards of two) node 4, unless
  the fault says otherwise.
- "no table" counts the polls that found no table: this server has no
  ` + "`EXCHANGE`" + `, and a reader can come between the two renames of a swap, as the
  plan says.
- "mixed" counts the answers of the ` + "`Distributed`" + ` table with all rows, but with
  shards of two generations, as the plan says, too.
- "away" counts the polls that a node did not answer, since it was down.
FEW- "next run" is how many runs it took, with all well again. 1 is what is wanted.
`

// someOnly tells of series that do not have all cells.
const someOnly = `- "4 of 15" cells: so many of the boundaries there are were tried: once the new
  table is there, and around the swap.
`

// Page is the document about all series and comparisons.
func Page(all []Series, compared []Comparison, commit string) string {
	var b strings.Builder
	few := ""
	if slices.ContainsFunc(all, func(s Series) bool { return s.Of > len(s.Cells) }) {
		few = someOnly
	}
	b.WriteString(strings.Replace(intro, "FEW", few, 1))
	cells, unclean, polls, wrong := 0, 0, 0, 0
	var dates []string
	servers := map[string]bool{}
	for _, s := range all {
		servers[s.Server] = true
		dates = append(dates, s.Date)
		for _, c := range s.Cells {
			cells++
			polls += c.Saw.Polls
			wrong += c.Saw.Wrong
			if !c.Clean() {
				unclean++
			}
		}
	}
	slices.Sort(dates)
	var versions []string
	for v := range servers {
		versions = append(versions, v)
	}
	slices.Sort(versions)
	when := dates[0]
	if last := dates[len(dates)-1]; last != when {
		when += " to " + last
	}
	fmt.Fprintf(&b, "\nClickHouse %s, %s, the last series at commit %s: %d cells, %d polls, %d wrong answers, %d cells that are not clean.\n",
		strings.Join(versions, ", "), when, commit, cells, polls, wrong, unclean)
	summary(&b, all)
	comparisons(&b, compared)
	for _, s := range all {
		series(&b, s)
	}
	return b.String()
}

func summary(b *strings.Builder, all []Series) {
	b.WriteString("\n## In short\n\n| fault | layout | cells | polls | wrong | chmod | next run |\n|---|---|---|---|---|---|---|\n")
	for _, s := range all {
		var saw Saw
		count := map[Outcome]int{}
		runs, worst := 0, 0
		for _, c := range s.Cells {
			saw = saw.Add(c.Saw)
			count[c.Outcome]++
			if c.Clean() {
				runs++
			}
			worst = max(worst, c.Runs)
		}
		var outcomes []string
		for _, o := range []Outcome{Succeeded, Warned, Failed, Killed} {
			if count[o] > 0 {
				outcomes = append(outcomes, fmt.Sprintf("%s %d", o, count[o]))
			}
		}
		next := "converges"
		switch {
		case len(s.Cells) == 0:
			next = "was not run"
		case runs < len(s.Cells):
			next = fmt.Sprintf("%d of %d clean, see below", runs, len(s.Cells))
		}
		cells := fmt.Sprint(len(s.Cells))
		if s.Of > len(s.Cells) {
			cells += fmt.Sprintf(" of %d", s.Of)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %d | %d | %s | %s |\n", s.Fault, s.Layout, cells, saw.Polls, saw.Wrong, strings.Join(outcomes, ", "), next)
	}
}

func series(b *strings.Builder, s Series) {
	if len(s.Cells) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s: %s\n\n", s.Layout, s.Fault)
	b.WriteString("| after step | polls | wrong | no table | mixed | away | chmod | names the host | next run |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, c := range s.Cells {
		names := ""
		if c.Names {
			names = "yes"
		}
		said := string(c.Outcome)
		if c.Said != "" {
			said += ": " + cell(c.Said)
		}
		next := fmt.Sprint(c.Runs)
		if c.Runs == 0 {
			next = "never"
		}
		if c.Note != "" {
			next += "; " + cell(c.Note)
		}
		wrong := fmt.Sprint(c.Saw.Wrong)
		if c.Saw.Wrong > 0 {
			wrong += ": " + cell(c.Saw.First)
		}
		fmt.Fprintf(b, "| %s | %d | %s | %d | %d | %d | %s | %s | %s |\n", cell(c.After), c.Saw.Polls, wrong, c.Saw.Missing, c.Saw.Mixed, c.Saw.Away, said, names, next)
	}
}

// cell makes a text fit into a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}

// Headings are the series of a page, as layout and fault, with the steps that
// each was struck after.
func Headings(page string) map[string][]string {
	found := map[string][]string{}
	key := ""
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			layout, fault, ok := strings.Cut(heading, ": ")
			key = ""
			if ok {
				key = layout + " " + fault
				found[key] = nil
			}
			continue
		}
		first, ok := strings.CutPrefix(line, "| ")
		if key == "" || !ok || strings.HasPrefix(first, "after step |") {
			continue
		}
		after, _, _ := strings.Cut(first, " |")
		found[key] = append(found[key], after)
	}
	return found
}
