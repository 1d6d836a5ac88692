package resolve

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

func TestRefSearchesPackagesInOrder(t *testing.T) {
	m := &manifest.Manifest{
		ProjectName: "root", Nodes: map[string]*manifest.Node{}, Disabled: map[string][]*manifest.Node{},
		Sources: map[string]*manifest.Source{}, DisabledSources: map[string][]*manifest.Source{},
	}
	add := func(pkg, name string, version, latest value.Value) {
		n := &manifest.Node{UniqueID: "model." + pkg + "." + name + versionText(version), Name: name, Package: pkg,
			ResourceType: manifest.Model, Version: version, LatestVersion: latest}
		m.Nodes[n.UniqueID] = n
	}
	add("root", "both", nil, nil)
	add("one", "both", nil, nil)
	add("one", "mine", nil, nil)
	add("two", "mine", nil, nil)
	add("root", "versioned", int64(1), int64(2))
	add("root", "versioned", int64(2), int64(2))
	off := &manifest.Node{UniqueID: "model.root.off", Name: "off", Package: "root", ResourceType: manifest.Model}
	m.Disabled[off.UniqueID] = []*manifest.Node{off}
	m.Sources["source.one.raw.t"] = &manifest.Source{UniqueID: "source.one.raw.t", SourceName: "raw", Name: "t", Package: "one"}
	x := newIndex(m)

	id := func(from string, r manifest.Ref) string {
		f := x.Ref(from, r)
		if f.Node == nil {
			return ""
		}
		return f.Node.UniqueID
	}
	require.Equal(t, "model.root.both", id("root", manifest.Ref{Name: "both"}))
	require.Equal(t, "model.root.both", id("one", manifest.Ref{Name: "both"}), "the root project comes first")
	require.Equal(t, "model.one.both", id("root", manifest.Ref{Name: "both", Package: "one"}))
	require.Equal(t, "model.two.mine", id("two", manifest.Ref{Name: "mine"}), "then the node's own package")
	require.Len(t, x.Ref("root", manifest.Ref{Name: "mine"}).Others, 1, "any package is ambiguous")
	require.Equal(t, "model.root.versioned2", id("root", manifest.Ref{Name: "versioned"}))
	require.Equal(t, "model.root.versioned1", id("root", manifest.Ref{Name: "versioned", Version: "1"}))
	require.Len(t, x.Ref("root", manifest.Ref{Name: "versioned", Version: int64(3)}).Versions, 2)
	require.Equal(t, off, x.Ref("root", manifest.Ref{Name: "off"}).Disabled)
	require.Nil(t, x.Ref("root", manifest.Ref{Name: "nobody"}).Disabled)

	found, _ := x.Source("root", "raw", "t")
	require.Equal(t, "source.one.raw.t", found.UniqueID, "sources of packages are found as well")
}
