package resolve

import (
	"fmt"
	"os"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
)

// maxSeed is how large a seed may be for its content to be compared; of larger
// ones only the path counts.
const maxSeed = 1 << 20

func (r *reading) seeds(p *pack) ([]*draft, error) {
	empty, err := template.Parse(source.New("", "", ""))
	if err != nil {
		return nil, err
	}
	var drafts []*draft
	for _, f := range p.listing.In(p.SeedPaths, ".csv") {
		sum, err := seedChecksum(f.Abs, f.Original)
		if err != nil {
			return nil, err
		}
		at := source.Span{File: source.New(f.Shown, f.Abs, "")}
		d := r.newDraft(p, manifest.Seed, baseName(f), f, at)
		d.body = empty
		d.node.Checksum = sum
		d.node.RootPath = p.Root
		d.describe(p.patch("seeds", d.node.Name))
		drafts = append(drafts, d)
	}
	return drafts, nil
}

func seedChecksum(abs, original string) (manifest.Checksum, error) {
	info, err := os.Stat(abs)
	if err != nil {
		return manifest.Checksum{}, fmt.Errorf("read the seed %s: %w", original, err)
	}
	if info.Size() > maxSeed {
		return manifest.Checksum{Name: "path", Sum: original}, nil
	}
	text, err := os.ReadFile(abs)
	if err != nil {
		return manifest.Checksum{}, fmt.Errorf("read the seed %s: %w", original, err)
	}
	return checksum(string(text)), nil
}
