package clickhouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"

	"github.com/chmod-sql/chmod/adapters"
)

// settings are all that go with a statement.
func (s *session) settings(st adapters.Statement) driver.Settings {
	settings := make(driver.Settings, len(s.adapter.config.CustomSettings)+len(st.Settings)+4)
	// Where settings do not travel with statements, initial has set these; and
	// before the server is known nothing is sent that it might not know.
	if s.adapter.known() && !s.adapter.legacy() {
		for name, value := range s.adapter.config.CustomSettings {
			if !s.state.set[name] {
				settings[name] = settingText(value)
			}
		}
	}
	if st.Comment != "" && !s.adapter.bound && s.adapter.server.Version.Has(adapters.LogComment) {
		settings["log_comment"] = st.Comment
	}
	for name, value := range st.Settings {
		settings[name] = settingText(value)
	}
	return settings
}

// settingText writes a value as all servers read it, whatever the setting's
// type.
func settingText(value any) string {
	switch v := value.(type) {
	case bool:
		if v {
			return "1"
		}
		return "0"
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 32)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// legacy reports that settings must be SET. Servers before 20.1 take them with
// a native statement too, but only unsigned numbers, and misread signed ones.
func (a *Adapter) legacy() bool {
	return a.config.Driver == Native && a.known() && !a.server.Version.Has(adapters.ClientSettings)
}

// known reports that the server has been probed.
func (a *Adapter) known() bool { return a.server.Version.Text != "" }

// withSettings runs f between a SET and one that takes it back.
func (s *session) withSettings(ctx context.Context, settings driver.Settings, f func() error) error {
	if len(settings) == 0 {
		return f()
	}
	before, err := s.currentSettings(ctx, slices.Collect(maps.Keys(settings)))
	if err != nil {
		return err
	}
	guarded := s.link.guarded
	if err := s.set(ctx, settings); err != nil {
		return err
	}
	// The driver must not reconnect to a server that has not seen the SET.
	s.link.guarded = true
	err = f()
	s.link.guarded = guarded
	if err != nil {
		// The driver has closed the connection, and the SET is gone with it.
		return err
	}
	return s.set(ctx, before)
}

func (s *session) set(ctx context.Context, settings driver.Settings) error {
	return s.direct(ctx, setSQL(settings), nil)
}

func (s *session) currentSettings(ctx context.Context, names []string) (driver.Settings, error) {
	literals := make([]string, len(names))
	for i, n := range names {
		literals[i] = adapters.Literal(n)
	}
	table, err := s.link.query(s.context(ctx, &call{queryID: uuid.NewString()}),
		"SELECT name, value FROM system.settings WHERE name IN ("+strings.Join(literals, ", ")+")")
	if err != nil {
		return nil, err
	}
	current := driver.Settings{}
	for _, row := range table.Rows {
		name, _ := row[0].(string)
		value, _ := row[1].(string)
		if strings.HasPrefix(value, "auto(") { // max_threads = 0 is shown so
			value = "0"
		}
		current[name] = value
	}
	return current, nil
}

// setSQL is the SET for these settings. Values that look like numbers are
// written as numbers, which old servers insist on.
func setSQL(settings map[string]any) string {
	names := slices.Collect(maps.Keys(settings))
	slices.Sort(names)
	parts := make([]string, len(names))
	for i, name := range names {
		text := settingText(settings[name])
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			text = adapters.Literal(text)
		}
		parts[i] = adapters.QuoteIdent(name) + " = " + text
	}
	return "SET " + strings.Join(parts, ", ")
}
