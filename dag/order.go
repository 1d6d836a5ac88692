package dag

// Order returns all ids such that parents come before their children, and
// otherwise sorted. Ids on a cycle are left out.
func (g *Graph) Order() []string {
	waiting := make([]int, len(g.ids))
	var ready []int
	for v := range g.ids {
		waiting[v] = len(g.parents[v])
		if waiting[v] == 0 {
			ready = append(ready, v)
		}
	}
	order := make([]string, 0, len(g.ids))
	for len(ready) > 0 {
		var next []int
		for _, v := range ready {
			order = append(order, g.ids[v])
			for _, c := range g.children[v] {
				if waiting[c]--; waiting[c] == 0 {
					next = append(next, c)
				}
			}
		}
		ready = next
	}
	return order
}

// RemainingPath tells for each id the weight of the heaviest chain that starts
// with it and goes on through its descendants: what cannot be finished sooner
// however many threads there are. A nil weight counts every id as 1.
func (g *Graph) RemainingPath(weight func(id string) float64) map[string]float64 {
	order := g.Order()
	remaining := make(map[string]float64, len(order))
	for i := len(order) - 1; i >= 0; i-- {
		id := order[i]
		longest := 0.0
		for _, c := range g.children[g.index[id]] {
			longest = max(longest, remaining[g.ids[c]])
		}
		own := 1.0
		if weight != nil {
			own = weight(id)
		}
		remaining[id] = own + longest
	}
	return remaining
}
