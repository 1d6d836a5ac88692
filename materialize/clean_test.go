package materialize

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

func TestCleanPlanKeepsOnlyCopies(t *testing.T) {
	now := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	dead := Invocation{ID: uuid.New(), StartedAt: now.Add(-48 * time.Hour), Host: "there", PID: 1}
	alive := Invocation{ID: uuid.New(), StartedAt: now.Add(-time.Hour), Host: "there", PID: 1}
	tables := map[string]adapters.TableInfo{}
	add := func(name string) string {
		tables[name] = adapters.TableInfo{Relation: adapters.Relation{Database: "shop", Name: name}, Engine: "MergeTree"}
		return name
	}
	add("a")
	staging, only := add(dead.stamp(RoleStaging).name("shop", "gone")), add(dead.stamp(RoleOld).name("shop", "lost"))
	old := add(dead.stamp(RoleOld).name("shop", "a"))
	add(alive.stamp(RoleStaging).name("shop", "a"))
	catalog := &adapters.Catalog{Databases: map[string]adapters.Database{"shop": {Name: "shop", Engine: "Atomic", Tables: tables}}}
	plan := CleanPlan(Observe(catalog, Liveness{Now: now}), adapters.Server{}, Topology{}, "")
	var got []string
	for _, s := range plan.Steps {
		got = append(got, s.Statement.SQL)
	}
	require.Equal(t, []string{"DROP TABLE IF EXISTS `shop`.`" + old + "`", "DROP TABLE IF EXISTS `shop`.`" + staging + "`"}, got)
	require.Equal(t, []string{"`shop`.`" + only + "` is kept: it may be the only copy of `shop`.`lost`"}, plan.Notes)
}
