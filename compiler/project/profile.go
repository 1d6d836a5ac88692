package project

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// TargetOptions say which target is wanted and where profiles may be.
type TargetOptions struct {
	// Profile is named by the command line or by the project, at ProfileSpan;
	// empty when by neither.
	Profile     string
	ProfileSpan source.Span
	// Target is named by the command line; empty for the profile's own choice.
	Target string
	// ProfilesDir is the only place to look when it is not empty. Else it is
	// WorkDir, ProjectDir and .dbt in HomeDir, in this order.
	ProfilesDir string
	WorkDir     string
	ProjectDir  string
	HomeDir     string
	// ProjectName names the database of a project without a profile.
	ProjectName string
	// Threads are the command line's; 0 for the target's.
	Threads int
}

func (o TargetOptions) inProject(dir string) string {
	if rest, ok := strings.CutPrefix(dir, "~/"); ok && o.HomeDir != "" {
		return filepath.Join(o.HomeDir, filepath.FromSlash(rest))
	}
	if filepath.IsAbs(dir) {
		return filepath.Clean(dir)
	}
	return filepath.Join(o.ProjectDir, filepath.FromSlash(dir))
}

// file is the profiles.yml to read; empty when there is none.
func (o TargetOptions) file() string {
	dirs := []string{o.ProfilesDir}
	if o.ProfilesDir == "" {
		dirs = []string{o.WorkDir, o.ProjectDir}
		if o.HomeDir != "" {
			dirs = append(dirs, filepath.Join(o.HomeDir, ".dbt"))
		}
	}
	for _, dir := range dirs {
		if dir == "" {
			continue
		}
		name := filepath.Join(dir, "profiles.yml")
		if info, err := os.Stat(name); err == nil && !info.IsDir() {
			return name
		}
	}
	return ""
}

// LoadTarget reads the target. Without a profiles.yml, or when no profile is
// named, it is an embedded warehouse with the database ProjectName. Templates
// are rendered in the choice of the target and in the chosen target alone. The
// target is nil when it cannot be used.
func LoadTarget(o TargetOptions, r yaml.Renderer) (*Target, diag.List, error) {
	var list diag.List
	name := o.file()
	if name == "" && o.ProfilesDir != "" {
		list.Add(diag.Diagnostic{
			Code: "no-profiles", Span: source.Given("--profiles-dir", o.ProfilesDir), What: "there is no profiles.yml in " + o.ProfilesDir,
			Fix: "write one, or correct --profiles-dir or DBT_PROFILES_DIR",
		})
		return nil, list, nil
	}
	if name == "" || o.Profile == "" {
		t := implicit(o)
		if o.Target != "" && o.Target != t.Name {
			list.Add(diag.Diagnostic{
				Code: "unknown-target", Span: source.Given("--target", o.Target), What: fmt.Sprintf("there is no target %q", o.Target),
				Why: "the project has no profile, so that its only target is " + t.Name,
				Fix: "write a profiles.yml, and name its profile in the project's file",
			})
			return nil, list, nil
		}
		return t, list, nil
	}
	p, err := openProfiles(o, name)
	if err != nil {
		return nil, list, err
	}
	t, err := p.target(r)
	return t, p.List, err
}

// profiles is one profiles.yml while a target is read from it.
type profiles struct {
	typing
	o    TargetOptions
	file *source.File
}

func openProfiles(o TargetOptions, name string) (*profiles, error) {
	shown := name
	if o.WorkDir != "" {
		if rel, err := filepath.Rel(o.WorkDir, name); err == nil && !strings.HasPrefix(rel, "..") {
			shown = filepath.ToSlash(rel)
		}
	}
	f, doc, list, err := readYAML(name, shown)
	if err != nil {
		return nil, err
	}
	return &profiles{typing: typing{Reader: yaml.Reader{Code: "profile-type", List: list}, node: doc}, o: o, file: f}, nil
}

func (p *profiles) target(r yaml.Renderer) (*Target, error) {
	if p.List.HasErrors() {
		return nil, nil
	}
	profile, ok := p.profile()
	if !ok {
		return nil, nil
	}
	name, at, err := p.chosen(profile, r)
	if err != nil || name == "" {
		return nil, err
	}
	outputs := profile.Get("outputs")
	if outputs.Null() || p.Dict("outputs of the profile "+p.o.Profile, outputs) == nil {
		if outputs.Null() {
			p.Wrong(profile, "the profile "+p.o.Profile+" has no outputs", "add outputs: with a target below it")
		}
		return nil, nil
	}
	output := outputs.Get(name)
	for _, e := range outputs.Entries {
		if output == nil && e.Key.Text == name {
			output = e.Value // on, off, yes and no are booleans in YAML, and names to whoever types them
		}
	}
	if output.Null() {
		p.List.Add(diag.Diagnostic{
			Code: "unknown-target", Span: at,
			What: fmt.Sprintf("the profile %s has no target %q", p.o.Profile, name),
			Why:  "it has " + strings.Join(entryNames(outputs), ", "),
			Fix:  diag.DidYouMean(name, entryNames(outputs)),
		})
		return nil, nil
	}
	rendered, list, err := yaml.Render(output, r, nil)
	p.List.Join(list)
	if err != nil || p.List.HasErrors() {
		return nil, err
	}
	t := p.output(name, rendered)
	if p.List.HasErrors() {
		return nil, nil
	}
	return t, nil
}

// profile finds the profile by its name.
func (p *profiles) profile() (*yaml.Node, bool) {
	if !p.node.Null() && p.Dict("profiles.yml", p.node) == nil {
		return nil, false
	}
	profile := p.node.Get(p.o.Profile)
	if !profile.Null() {
		return profile, p.Dict("the profile "+p.o.Profile, profile) != nil
	}
	d := diag.Diagnostic{
		Code: "unknown-profile", Span: p.o.ProfileSpan,
		What: fmt.Sprintf("there is no profile %q in %s", p.o.Profile, p.file.Path),
	}
	var have []string
	if p.node != nil {
		have = slices.DeleteFunc(entryNames(p.node), func(s string) bool { return s == "config" })
	}
	d.Why = "it has none"
	if len(have) > 0 {
		d.Why = "it has " + strings.Join(have, ", ")
	}
	if d.Fix = diag.DidYouMean(p.o.Profile, have); d.Fix == "" {
		d.Fix = "add the profile, or name another with profile: in the project's file"
	}
	p.List.Add(d)
	return nil, false
}

// chosen is the target's name and where it is named.
func (p *profiles) chosen(profile *yaml.Node, r yaml.Renderer) (string, source.Span, error) {
	if p.o.Target != "" {
		return p.o.Target, source.Given("--target", p.o.Target), nil
	}
	node, list, err := yaml.Render(profile.Get("target"), r, nil)
	p.List.Join(list)
	if err != nil || list.HasErrors() {
		return "", source.Span{}, err
	}
	if node.Null() {
		return "default", profile.Span, nil
	}
	return p.Str("target of the profile "+p.o.Profile, node), node.Span, nil
}

func entryNames(n *yaml.Node) []string {
	names := make([]string, 0, len(n.Entries))
	for _, e := range n.Entries {
		names = append(names, e.Name())
	}
	return names
}
