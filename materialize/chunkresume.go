package materialize

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// fingerprint tells texts from others.
func fingerprint(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		h.Write([]byte(t)) // never fails
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// takeOver finds what an interrupted build of the same SQL has finished, and
// drops what others have left of the kind.
func (p *planner) takeOver(work string, a axis) taken {
	var best taken
	for _, l := range p.candidates() {
		t, ok := p.finished(l, work)
		if _, can := others(t.chunks, a); ok && can && !p.in.Chunking.Fresh && p.clearable(a) && len(t.chunks) > len(best.chunks) {
			t, best = best, t
		}
		if t.from.Name != "" {
			p.dropLeftover(t.from)
		}
	}
	return best
}

// candidates are the staging tables of dead invocations that pieces are known
// of. They are there on every host.
func (p *planner) candidates() []leftover {
	if len(p.in.Pieces) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.in.State.leftoversOf(p.data)), func(l leftover) bool { return !p.candidate(l) })
}

func (p *planner) candidate(l leftover) bool {
	if l.stamp.Role != RoleStaging || l.Database != p.data.Database || p.onCluster() && len(p.having(p.active(), l)) < len(p.active()) {
		return false
	}
	return slices.ContainsFunc(p.in.Pieces, func(piece Piece) bool { return piece.Kind == PieceChunk && piece.Staging == l.Name })
}

// finished are the chunks that a table has of the same work.
func (p *planner) finished(l leftover, work string) (taken, bool) {
	t := taken{from: l}
	seen := map[int]bool{}
	pieces := slices.SortedFunc(slices.Values(p.in.Pieces), func(a, b Piece) int { return a.Number - b.Number })
	for _, piece := range pieces {
		if piece.Kind != PieceChunk || piece.Staging != l.Name || seen[piece.Number] {
			continue
		}
		c, ok := parseChunk(piece.Text)
		if !ok || piece.Work != work {
			return t, false
		}
		seen[piece.Number] = true
		t.chunks, t.rows, t.pieces = append(t.chunks, c), t.rows+piece.Rows, append(t.pieces, piece)
	}
	return t, len(t.chunks) > 0 && len(seen) == t.pieces[len(t.pieces)-1].Number
}

// spared are settings with those that answer a lack of memory, as far as the
// user has not set them.
func (p *planner) spared(settings map[string]any) map[string]any {
	if len(p.in.Sparing) == 0 {
		return settings
	}
	all := map[string]any{}
	for _, some := range []map[string]any{p.in.Sparing, settings} {
		for k, v := range some {
			all[k] = v
		}
	}
	return all
}
