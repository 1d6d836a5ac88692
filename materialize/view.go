package materialize

import (
	"fmt"

	"github.com/chmod-sql/chmod/adapters"
)

// view plans a view: replaced in one statement, or built under a name of its
// own and swapped where the server or what is there does not allow that.
func (p *planner) view() {
	if !p.replaceable() {
		return
	}
	settings := p.viewSettings()
	security := p.security()
	p.clean()
	p.hooks(OriginPreHook, p.in.PreHooks)
	p.header()
	documented := p.documentsColumns()
	if p.in.Node.Contract.Enforced || documented {
		// The types are those that the view's own settings give.
		p.describe(p.viewSettingValues())
	}
	v := view{relation: p.target, security: security, comment: p.relationComment()}
	direct := p.existing == nil || p.existing.IsView() && p.exchanges() && p.has(adapters.CreateOrReplace)
	if direct {
		v.replace = p.exchanges() && p.has(adapters.CreateOrReplace)
	} else {
		v.relation = p.staging
	}
	columns := []column(nil)
	if p.describes {
		columns = p.tableColumns()
		for _, c := range columns {
			v.columns = append(v.columns, c.declared(documented))
		}
		if columns == nil {
			v.columns = []string{placeholder}
		}
	}
	before, after := p.viewQuery(columns, settings)
	var origin Origin
	v.query, origin = p.around(before, after)
	step := Step{Purpose: "create the view"}
	if direct {
		if p.existing != nil {
			step.Purpose = "replace the view, in one step for all readers"
		} else {
			step.Effect = &Effect{There: []adapters.Relation{p.target}}
		}
		p.viewStep(step, v, origin, nil)
		p.verifyThere(p.target)
	} else {
		step.Purpose = "create the new view under a name of its own"
		step.Effect = &Effect{There: []adapters.Relation{p.staging}}
		p.viewStep(step, v, origin, func(d ddl) string { return d.drop(p.staging, true) })
		p.swap()
	}
	p.grants()
	p.hooks(OriginPostHook, p.in.PostHooks)
}

// viewStep creates the view, whose query starts where the statement for its
// place has it.
func (p *planner) viewStep(step Step, v view, origin Origin, undo func(ddl) string) {
	d := p.ddl
	if p.direct {
		d = d.perHost()
	}
	_, at := d.createView(v)
	origin.Start, origin.End = origin.Start+at, origin.End+at
	step.Origin = origin
	p.change(step, func(d ddl) string {
		text, _ := d.createView(v)
		return text
	}, undo)
}

// viewQuery is what to write around the model's SQL.
func (p *planner) viewQuery(columns []column, settings string) (before, after string) {
	switch {
	case p.in.Node.Contract.Enforced:
		before, after = "SELECT "+selectList(columns)+" FROM (\n", "\n)"
	case settings != "":
		before, after = "SELECT * FROM (\n", "\n)"
	}
	if settings != "" {
		after += "\nSETTINGS " + settings
	}
	return before, after
}

// viewSettings are the settings a view is read with: settings and
// query_settings, as dbt-clickhouse has both in the view.
func (p *planner) viewSettings() string {
	items := p.settingList("query_settings")
	return list(append(items, p.settingList("settings")...))
}

// viewSettingValues are the same settings as values.
func (p *planner) viewSettingValues() map[string]any {
	values := p.settingValues("query_settings")
	for name, v := range p.settingValues("settings") {
		if values == nil {
			values = map[string]any{}
		}
		values[name] = v
	}
	return values
}

// security is the clause that says with whose rights the view reads.
func (p *planner) security() string {
	cfg := p.in.Node.Config
	mode, definer := cfg.String("sql_security"), cfg.String("definer")
	if mode == "" {
		return ""
	}
	if !p.ddl.server.Version.AtLeast(24, 2) {
		p.wrong("sql_security", "server-too-old", fmt.Sprintf("%s: sql_security needs a server of 24.2 or later", p.in.Node.Name),
			"the server is "+p.in.Server.Version.Text, "take it out for this target")
		return ""
	}
	switch {
	case mode == "invoker":
		return "SQL SECURITY INVOKER"
	case mode == "definer" && definer != "":
		return "DEFINER = " + definerName(definer) + " SQL SECURITY DEFINER"
	case mode == "definer":
		p.wrong("sql_security", "missing-config", fmt.Sprintf("%s: sql_security: definer needs a definer", p.in.Node.Name),
			"the view would not know whose rights to use", "add definer: with the name of a user, or CURRENT_USER")
	default:
		p.wrong("sql_security", "wrong-config-value", fmt.Sprintf("%s: sql_security: %s is not known", p.in.Node.Name, mode),
			"", "use definer or invoker")
	}
	return ""
}

func definerName(name string) string {
	if name == "CURRENT_USER" {
		return name
	}
	return adapters.QuoteIdent(name)
}
