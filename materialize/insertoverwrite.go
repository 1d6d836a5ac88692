package materialize

// insertOverwrite replaces the partitions that the new rows are in. On shards
// without new rows of such a partition, it is emptied: the new rows are all
// that it holds.
func (p *planner) insertOverwrite(columns []column, settings map[string]any) {
	p.computeNew(columns, settings)
	p.commit(p.staging, RoleOverwrite)
}
