package materialize

// takeTurn waits for the plan's turn when a step must not be carried out beside
// other plans for the same table.
func (a *application) takeTurn(step Step) {
	if step.Turn && !a.turn && a.options.Turn != nil {
		a.options.Turn.Lock()
		a.turn = true
	}
}

// yield gives the turn to others.
func (a *application) yield() {
	if a.turn {
		a.options.Turn.Unlock()
		a.turn = false
	}
}
