package project_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// same leaves templates as they are.
type same struct{}

func (same) Native(n *yaml.Node) (value.Value, error) { return n.Text, nil }

// TestExamples reads every example: its file, its profile and all of its
// property files must be without a warning.
func TestExamples(t *testing.T) {
	examples, err := filepath.Glob("../../examples/*")
	require.NoError(t, err)
	for _, root := range examples {
		if _, err := os.Stat(filepath.Join(root, "dbt_project.yml")); err != nil {
			continue
		}
		t.Run(filepath.Base(root), func(t *testing.T) {
			root, err := filepath.Abs(root)
			require.NoError(t, err)
			d, list, err := project.Open(root, "")
			require.NoError(t, err)
			require.Empty(t, messages(list))
			name, _, _, err := d.ProfileName(same{})
			require.NoError(t, err)
			target, list, err := project.LoadTarget(project.TargetOptions{Profile: name, ProjectName: d.Name, ProjectDir: root}, same{})
			require.NoError(t, err)
			require.Empty(t, messages(list))
			require.NotNil(t, target)
			p, list, err := d.Project(same{}, project.ReadOptions{VersionCheck: true})
			require.NoError(t, err)
			require.Empty(t, messages(list))
			l, err := p.List()
			require.NoError(t, err)
			files, err := project.Read(l.In(p.ModelPaths, ".yml", ".yaml"))
			require.NoError(t, err)
			require.NotEmpty(t, files)
			for _, f := range files {
				doc, list := yaml.Parse(f)
				require.Empty(t, messages(list))
				_, list = property.Read(doc, doc)
				require.Empty(t, messages(list))
			}
		})
	}
}
