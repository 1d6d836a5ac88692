package command

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/value"
)

// early is what is read of a project before it is loaded: how the call is to
// be shown and logged. Mistakes are left for the loading to report.
type early struct {
	root    string // empty without a project
	flags   *value.Dict
	logPath string
	// targetPath is where the artifacts go when no flag says it.
	targetPath string
}

func (a *app) early() early {
	root, err := project.Locate(a.projectDir(), a.settings.projectDir != "")
	if err != nil {
		return early{}
	}
	e := early{root: root, logPath: "logs", targetPath: "target"}
	definition, list, err := project.Open(root, "")
	if err != nil || list.HasErrors() {
		return e
	}
	e.flags, _ = definition.Node.Get("flags").Value().(*value.Dict)
	if path, ok := definition.Node.Get("log-path").Str(); ok && !strings.Contains(path, "{{") {
		e.logPath = path
	}
	if path, ok := definition.Node.Get("target-path").Str(); ok && !strings.Contains(path, "{{") {
		e.targetPath = path
	}
	return e
}

// apply fills flags that were given neither in the call nor by the
// environment from flags: in the project's file. What is no flag of ours, or
// has a value that is none, is for other versions.
func (e early) apply(flags *pflag.FlagSet) error {
	if e.flags == nil {
		return nil
	}
	for _, name := range byProject() {
		v, ok := e.flags.Get(strings.ReplaceAll(name, "-", "_"))
		if !ok || v == nil {
			continue
		}
		text, err := flagText(v)
		if err != nil {
			return fmt.Errorf("flags: %s in %s: %w", name, e.root, err)
		}
		if err := fill(flags, name, text); err != nil {
			return fmt.Errorf("flags: %s in %s: %w", name, filepath.Join(e.root, project.FileNames()[0]), err)
		}
	}
	return nil
}

func flagText(v value.Value) (string, error) {
	switch v.(type) {
	case *value.Dict, *value.List:
		return value.MarshalJSON(v, value.JSONStyle{})
	}
	return value.Str(v), nil
}
