package value

func strMethod(name string) methodFunc {
	return nil
}
