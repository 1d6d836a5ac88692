package materialize

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Grant is a privilege of a user or role on a relation.
type Grant struct {
	Privilege string // SELECT
	Grantee   string
}

// NeedsGrants reports whether planning the node needs Input.Grants.
func NeedsGrants(n *manifest.Node) bool {
	d := n.Config.Dict("grants")
	return d != nil && d.Len() > 0
}

// GrantsStatement reads the grants on a relation; ReadGrants understands its
// result.
func GrantsStatement(r adapters.Relation) adapters.Statement {
	return adapters.Statement{SQL: "SELECT toString(access_type), coalesce(user_name, role_name, '') FROM system.grants" +
		" WHERE database = " + adapters.Literal(r.Database) + " AND table = " + adapters.Literal(r.Name) +
		" AND column IS NULL AND NOT is_partial_revoke ORDER BY 1, 2"}
}

// ReadGrants turns the result of GrantsStatement into grants.
func ReadGrants(t *adapters.Table) ([]Grant, error) {
	var grants []Grant
	for _, row := range t.Rows {
		if len(row) != 2 {
			return nil, fmt.Errorf("read grants: %d columns instead of 2", len(row))
		}
		privilege, ok1 := row[0].(string)
		grantee, ok2 := row[1].(string)
		if !ok1 || !ok2 {
			return nil, fmt.Errorf("read grants: %T and %T instead of strings", row[0], row[1])
		}
		grants = append(grants, Grant{strings.ToUpper(privilege), grantee})
	}
	return grants, nil
}

var privilegeWords = regexp.MustCompile(`^[A-Za-z]+( [A-Za-z]+)*$`)

// grants plans what makes the grants on the relation those of the config.
// They belong to the name, so that a swap does not touch them.
func (p *planner) grants() {
	if !NeedsGrants(p.in.Node) || !p.needs(adapters.GrantStatement, "grants") {
		return
	}
	wanted, ok := p.wantedGrants()
	if !ok {
		return
	}
	p.onEachHost(func() { p.changeGrants(wanted) })
}

func (p *planner) changeGrants(wanted []Grant) {
	for _, g := range wanted {
		for _, r := range p.granted() {
			// A view's table may be new where its name is not.
			if slices.Contains(p.in.Grants, g) && (r == p.target || !p.rebuilds()) {
				continue
			}
			p.change(Step{Purpose: "grant " + g.Privilege + " to " + g.Grantee},
				func(d ddl) string { return d.grant(g.Privilege, r, g.Grantee) }, nil)
		}
	}
	for _, g := range p.in.Grants {
		if !slices.Contains(wanted, g) && g.Grantee != p.in.Server.User {
			for _, r := range p.granted() {
				p.change(Step{Purpose: "revoke " + g.Privilege + " from " + g.Grantee + ", which the config does not name"},
					func(d ddl) string { return d.revoke(g.Privilege, r, g.Grantee) }, nil)
			}
		}
	}
}

// granted are the relations that a reader needs the grants on: views are read
// with their reader's rights.
func (p *planner) granted() []adapters.Relation {
	if p.viewed() {
		return []adapters.Relation{p.target, p.whole}
	}
	return []adapters.Relation{p.target}
}

// wantedGrants are those of the config, in its order.
func (p *planner) wantedGrants() ([]Grant, bool) {
	var wanted []Grant
	for k, v := range p.in.Node.Config.Dict("grants").All() {
		privilege, ok := k.(string)
		if !ok || !privilegeWords.MatchString(privilege) {
			p.wrong("grants", "wrong-config-value", fmt.Sprintf("%s: %q is not a privilege", p.in.Node.Name, fmt.Sprint(k)), "", "name one as ClickHouse does: select, insert")
			return nil, false
		}
		grantees, ok := stringsOf(v)
		if !ok {
			p.wrong("grants", "wrong-config-type", fmt.Sprintf("%s: the grantees of %s are neither a name nor a list of names", p.in.Node.Name, privilege), "", "")
			return nil, false
		}
		for _, grantee := range grantees {
			g := Grant{strings.ToUpper(privilege), grantee}
			if !slices.Contains(wanted, g) {
				wanted = append(wanted, g)
			}
		}
	}
	return wanted, true
}

func stringsOf(v value.Value) ([]string, bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case string:
		return []string{v}, true
	case *value.List:
		var out []string
		for _, e := range v.Elems {
			s, ok := e.(string)
			if !ok {
				return nil, false
			}
			out = append(out, s)
		}
		return out, true
	}
	return nil, false
}
