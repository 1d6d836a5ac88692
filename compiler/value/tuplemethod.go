package value

func tupleMethod(name string) methodFunc {
	switch name {
	case "index":
		return func(self Value, c *Call) (Value, error) {
			return elemIndex("tuple", self.(*Tuple).Elems, c)
		}
	case "count":
		return func(self Value, c *Call) (Value, error) {
			return elemCount("tuple", self.(*Tuple).Elems, c)
		}
	}
	return nil
}
