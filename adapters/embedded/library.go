//go:build (linux || darwin) && !static

package embedded

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// callLibrary runs ClickHouse's command line in this process and returns when
// the engine has ended. The engine keeps state on the calling thread, so the
// goroutine must be locked to its thread.
//
// chdb_query_cmdline is the only entry point of the library that can listen:
// chdb_connect answers SYSTEM START LISTEN with code 49.
func callLibrary(path string, args []string) error {
	library, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return fmt.Errorf("load %s: %w", path, err)
	}
	for _, name := range []string{"chdb_query_cmdline", "chdb_result_error"} {
		if _, err := purego.Dlsym(library, name); err != nil {
			return fmt.Errorf("%s is not an engine library that can listen: %w", path, err)
		}
	}
	var commandLine func(argc int32, argv unsafe.Pointer) unsafe.Pointer
	var resultError func(result unsafe.Pointer) string
	purego.RegisterLibFunc(&commandLine, library, "chdb_query_cmdline")
	purego.RegisterLibFunc(&resultError, library, "chdb_result_error")

	argv := make([]*byte, len(args)+1)
	for i, arg := range args {
		argv[i] = &append([]byte(arg), 0)[0]
	}
	var pinner runtime.Pinner
	for _, arg := range argv[:len(args)] {
		pinner.Pin(arg)
	}
	defer pinner.Unpin()
	result := commandLine(int32(len(args)), unsafe.Pointer(&argv[0]))
	runtime.KeepAlive(argv)
	if result == nil {
		return errors.New("the engine returned no result")
	}
	if message := resultError(result); message != "" {
		return errors.New(message)
	}
	return nil
}
