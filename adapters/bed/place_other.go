//go:build !linux

package bed

// place is where temporary clusters lie; empty for the system's folder of such.
func place() string { return "" }
