//go:build !(linux || darwin) || static

package embedded

import "errors"

// callLibrary is absent from a static binary: it has no dynamic linker to load
// the library with.
func callLibrary(path string, args []string) error {
	return errors.New("this build of chmod is static and cannot load " + path +
		": set " + EngineVariable + " to a clickhouse binary, or use the dynamic build")
}
