package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// properties are the model's part of its folder's property file: what it is,
// its columns, and two tests.
func (m model) properties(r *rand.Rand) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  - name: %s\n    description: >\n      %s\n      %s\n", m.name, paragraph(r, 12), paragraph(r, 10))
	if m.at%4 == 0 {
		fmt.Fprintf(&b, "    config:\n      meta:\n        owner: team-%d\n        sla_hours: %d\n", m.at%9, m.at%48)
	}
	domain := strings.Split(m.dir, "/")[1]
	fmt.Fprintf(&b, `    columns:
      - name: id
        description: %s
        data_tests:
          - not_null
%s      - name: account_id
        description: %s
      - name: amount
        description: "{{ doc('%s_amount') }}"
      - name: status
        description: %s
        meta:
          sensitive: false
      - name: happened_at
        description: %s

`, paragraph(r, 6), m.secondTest(), paragraph(r, 5), domain, paragraph(r, 7), paragraph(r, 8))
	return b.String()
}

func (m model) secondTest() string {
	switch m.at % 10 {
	case 0:
		return "          - kit.at_least:\n              minimum: 0\n"
	case 1:
		if len(m.refs) > 0 {
			return fmt.Sprintf("          - relationships:\n              arguments:\n                to: ref('%s')\n                field: id\n", m.refs[0])
		}
	case 2:
		return "          - accepted_values:\n              arguments:\n                values: [0, 1, 2, 3]\n              config:\n                severity: warn\n                where: id < 4\n"
	}
	return "          - unique\n"
}

// sources writes the property file of the raw tables.
func (p Project) sources(files map[string]string) {
	r := p.random(5)
	var b strings.Builder
	b.WriteString("version: 2\n\nsources:\n  - name: raw\n    schema: \"{{ target.schema }}\"\n    description: " +
		paragraph(r, 10) + "\n    tables:\n")
	for i := range sources {
		fmt.Fprintf(&b, "      - name: %s\n        description: %s\n        columns:\n          - name: id\n            description: %s\n",
			rawTable(i), paragraph(r, 8), paragraph(r, 4))
	}
	b.WriteString("\nexposures:\n")
	for i, m := range p.plan() {
		if i%100 == 99 {
			fmt.Fprintf(&b, "  - name: dashboard_%d\n    type: dashboard\n    owner:\n      name: Team %d\n      email: team%d@example.com\n    depends_on:\n      - ref('%s')\n",
				i, i%9, i%9, m.name)
		}
	}
	files["models/sources.yml"] = b.String()
}
