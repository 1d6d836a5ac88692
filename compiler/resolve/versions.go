package resolve

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/value"
)

// versionEntry is one version of a model and the entry it stands in.
type versionEntry struct {
	*property.Version
	entry *patchEntry
}

// versionedFiles are the files that hold versions of models, by their names.
func (r *reading) versionedFiles(p *pack) map[string]*versionEntry {
	out := map[string]*versionEntry{}
	for key, e := range p.patches {
		if key.section != "models" {
			continue
		}
		for _, v := range e.Versions {
			for _, name := range versionFiles(v, e.Name) {
				out[name] = &versionEntry{Version: v, entry: e}
			}
		}
	}
	return out
}

// versionFiles are the names of files that may hold a version.
func versionFiles(v *property.Version, model string) []string {
	if v.DefinedIn != "" {
		return []string{strings.TrimSuffix(strings.TrimSuffix(v.DefinedIn, ".sql"), ".py")}
	}
	return []string{versionedName(model, v.V)}
}

// asVersion makes a draft one version of a model.
func (d *draft) asVersion(v *versionEntry) {
	n := d.node
	before := *n
	d.asFile = &before
	n.Name = v.entry.Name
	n.Version = v.V
	n.LatestVersion = latest(v.entry.Patch)
	n.UniqueID = uniqueID(n.ResourceType, n.Package, n.Name) + ".v" + versionText(v.V)
	n.FQN = append(append([]string(nil), n.FQN[:len(n.FQN)-1]...), n.Name, "v"+versionText(v.V))
	v.entry.used = true
	d.describe(v.entry)
	d.version = v.Version
	n.DescribedAt = v.Span
	n.DeprecationDate = v.DeprecationDate
	if len(v.Constraints) > 0 {
		n.Constraints = v.Constraints
	}
}

// latest is the version that a ref without one means: the one named, or the
// highest.
func latest(p *property.Patch) value.Value {
	if p.LatestVersion != nil {
		return p.LatestVersion
	}
	var highest value.Value
	for _, v := range p.Versions {
		if highest == nil {
			highest = v.V
			continue
		}
		if order, err := value.Compare(highest, v.V); err == nil && order < 0 ||
			err != nil && versionText(highest) < versionText(v.V) {
			highest = v.V
		}
	}
	return highest
}

// missingVersions reports versions without a file.
func (r *reading) missingVersions() {
	for _, p := range r.packages {
		for _, f := range p.files {
			for _, patch := range f.Models {
				for _, v := range patch.Versions {
					id := uniqueID("model", p.Name, patch.Name) + ".v" + versionText(v.V)
					if r.m.Nodes[id] == nil && r.m.Disabled[id] == nil && !r.broken[patch.Name] {
						r.list.Add(diag.Diagnostic{
							Severity: diag.Warning, Code: "missing-version", Span: v.Span,
							What: "version " + versionText(v.V) + " of " + patch.Name + " has no file",
							Fix:  "write " + versionFiles(v, patch.Name)[0] + ".sql, or name its file with defined_in",
						})
					}
				}
			}
		}
	}
}
