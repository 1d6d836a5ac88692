package materialize

import (
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// The statements that only repairs need.

func (d ddl) system(what string, r adapters.Relation) string {
	return "SYSTEM " + what + d.on(d.scope) + " " + r.String()
}

// dropReplica takes a replica that has lost its table out of Keeper. It is sent
// to another replica of the table.
func (d ddl) dropReplica(name string, r adapters.Relation) string {
	return "SYSTEM DROP REPLICA " + adapters.Literal(name) + " FROM TABLE " + r.String()
}

// attach makes a host serve a table again that it has the definition of.
func (d ddl) attach(r adapters.Relation) string { return "ATTACH TABLE " + r.String() + d.on(d.scope) }

// copied is a relation made after the one of another host.
type copied struct {
	// verb is CREATE TABLE, ATTACH TABLE, CREATE VIEW or CREATE OR REPLACE VIEW.
	verb     string
	relation adapters.Relation
	// uuid is that of the table whose path in Keeper is made of it.
	uuid string
	// query is what the other host's server prints for its own.
	query string
	// replica replaces the name of the replica, as it stands in the statement.
	replica string
}

func (d ddl) copy(c copied) (string, error) {
	s, err := readShape(c.query)
	if err != nil {
		return "", err
	}
	rest := c.query[s.rest:]
	if c.replica != "" {
		if len(s.arguments) < 2 {
			return "", fmt.Errorf("the table %s has no name of its replica: %.60s", c.relation, c.query)
		}
		at := s.arguments[1]
		rest = c.query[s.rest:at[0]] + c.replica + c.query[at[1]:]
	}
	head := c.verb + " " + c.relation.String()
	if c.uuid != "" {
		head += " UUID " + adapters.Literal(c.uuid)
	}
	return head + "\n" + strings.TrimSpace(rest), nil
}
