package config

import "github.com/chmod-sql/chmod/compiler/value"

// Deepened is what a model says with what one of its versions says over it:
// mappings are merged key by key, what the model has comes behind a list
// of the version, and all else is replaced.
func Deepened(model, version Layer) Layer {
	var out Layer
	out.Settings = append(out.Settings, model.Settings...)
	for _, s := range version.Settings {
		found := false
		for i, before := range out.Settings {
			if before.Name != s.Name {
				continue
			}
			found = true
			s.Value, s.Raw = deepened(before.Value, s.Value), deepened(before.Raw, s.Raw)
			out.Settings[i] = s
		}
		if !found {
			out.Settings = append(out.Settings, s)
		}
	}
	return out
}

func deepened(before, v value.Value) value.Value {
	switch v := v.(type) {
	case *value.Dict:
		old, ok := before.(*value.Dict)
		if !ok {
			return v
		}
		c := old.Copy()
		for k, e := range v.All() {
			if s, ok := k.(string); ok {
				was, _ := old.Get(s)
				e = deepened(was, e)
			}
			_ = c.Set(k, e) // k was a key before
		}
		return c
	case *value.List:
		return value.NewList(append(listed(v), listed(before)...)...)
	}
	return v
}
