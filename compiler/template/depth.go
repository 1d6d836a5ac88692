package template

// Depth is how many macros and call blocks the rendering is inside of at the
// moment.
func (r *Renderer) Depth() int { return r.depth }
