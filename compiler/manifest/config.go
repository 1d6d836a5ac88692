package manifest

import (
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Config is a node's configuration after all places that set it were merged.
// It is read-only.
type Config struct {
	values *value.Dict
	places Places
	// emptied are keys that were set to None last, and hold what weaker places
	// say.
	emptied []string
	// hooks are where the hooks stand, each list's in its order.
	hooks Places
}

// Places are where keys were set, each once.
type Places []Place

// Place is where one key was set.
type Place struct {
	Key  string
	Span source.Span
}

// Set notes where a key was set last.
func (p *Places) Set(key string, at source.Span) {
	for i := range *p {
		if (*p)[i].Key == key {
			(*p)[i].Span = at
			return
		}
	}
	*p = append(*p, Place{key, at})
}

// NewConfig makes a config that owns values; places tell where a key was set,
// for those that were.
func NewConfig(values *value.Dict, places Places) *Config {
	return &Config{values: values, places: places}
}

// WithEmptied is the same config, with keys that were set to None last.
func (c *Config) WithEmptied(keys []string) *Config {
	with := *c
	with.emptied = keys
	return &with
}

// WithHooks is the same config, with the place of each hook: those of a key in
// the order of its list.
func (c *Config) WithHooks(places Places) *Config {
	with := *c
	with.hooks = places
	return &with
}

// Last is a key's value where None that was set last counts as None, also
// where the config holds what a weaker place says: names are made of it.
func (c *Config) Last(key string) value.Value {
	if slices.Contains(c.emptied, key) {
		return nil
	}
	return c.Value(key)
}

// With is the same config but for one key.
func (c *Config) With(key string, v value.Value) *Config {
	values := value.NewDict()
	_ = values.Merge(c.values) // a dict always can
	values.Put(key, v)
	with := *c
	with.values = values
	return &with
}

// Get returns a key's value; false when it is not set.
func (c *Config) Get(key string) (value.Value, bool) { return c.values.Named(key) }

// Value returns a key's value, or nil.
func (c *Config) Value(key string) value.Value {
	v, _ := c.values.Named(key)
	return v
}

// Place is where a key was set; unknown when it is a default.
func (c *Config) Place(key string) source.Span {
	for _, p := range c.places {
		if p.Key == key {
			return p.Span
		}
	}
	return source.Span{}
}

// HookPlace is where the hook at an index of a key's list was set: the list is
// put together from several places.
func (c *Config) HookPlace(key string, index int) source.Span {
	for _, p := range c.hooks {
		if p.Key != key {
			continue
		}
		if index == 0 {
			return p.Span
		}
		index--
	}
	return c.Place(key)
}

// Values returns all of it. The caller must not change it.
func (c *Config) Values() *value.Dict { return c.values }

// String returns a string key, "" when it is not set or None. Other types are
// printed as Python prints them.
func (c *Config) String(key string) string {
	switch v := c.Value(key).(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// Bool returns a boolean key, or def when it is not set or no boolean.
func (c *Config) Bool(key string, def bool) bool {
	if b, ok := c.Value(key).(bool); ok {
		return b
	}
	return def
}

// Strings returns a key that is a string or a list of strings.
func (c *Config) Strings(key string) []string {
	switch v := c.Value(key).(type) {
	case nil:
		return nil
	case string:
		return []string{v}
	case *value.List:
		return printed(v.Elems)
	case *value.Tuple:
		return printed(v.Elems)
	default:
		return []string{fmt.Sprint(v)}
	}
}

// Dict returns a key that is a dict, or nil.
func (c *Config) Dict(key string) *value.Dict {
	d, _ := c.Value(key).(*value.Dict)
	return d
}

// Keys returns all keys, sorted.
func (c *Config) Keys() []string {
	var keys []string
	for k := range c.values.All() {
		if s, ok := k.(string); ok {
			keys = append(keys, s)
		}
	}
	slices.Sort(keys)
	return keys
}

func printed(elems []value.Value) []string {
	out := make([]string, 0, len(elems))
	for _, e := range elems {
		if s, ok := e.(string); ok {
			out = append(out, s)
			continue
		}
		out = append(out, fmt.Sprint(e))
	}
	return out
}
