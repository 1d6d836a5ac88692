package value

func percent(format string, args Value) (Value, error) { return nil, nil }
