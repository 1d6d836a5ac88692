package value

// Templates compute with what they were given, so that one wrong factor could
// ask for more memory than there is. What exceeds these is a MemoryError.
const (
	maxBytes = 64 << 20 // of one string
	maxItems = 8 << 20  // of one list
	maxBits  = 1 << 20  // of one int
	maxDepth = 1000     // of lists in lists
)

func tooLarge(what string) *Error {
	return Errorf("MemoryError", "the %s is too large", what)
}

func tooDeep(doing string) *Error {
	return Errorf("RecursionError", "maximum recursion depth exceeded while %s", doing)
}

// fits reports whether n pieces of size bytes each make a string within the
// limit.
func fits(size, n int) bool {
	return n <= 0 || size <= maxBytes/n
}

// CheckText is the error of making a string of n pieces of size bytes each; nil
// when it is within the limit.
func CheckText(size, n int) error {
	if !fits(size, n) {
		return tooLarge("string")
	}
	return nil
}
