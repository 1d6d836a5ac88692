package context

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// s3Source is the table function that reads files of a bucket: settings come
// from a dict of the config, and arguments of the call win over it.
func s3Source(r *Rendering, c *value.Call) (value.Value, error) {
	set := map[string]value.Value{}
	if v, ok := c.Keyword("s3_model_config"); ok {
		if d, ok := v.(*value.Dict); ok {
			for k, v := range d.All() {
				set[textOf(k)] = v
			}
		}
	}
	if name, ok := c.Keyword("config_name"); ok && textOf(name) != "" {
		if v, ok := r.Var(r.Package, textOf(name)); ok {
			if d, ok := v.(*value.Dict); ok {
				for k, v := range d.All() {
					if _, ok := set[textOf(k)]; !ok {
						set[textOf(k)] = v
					}
				}
			}
		}
	}
	for _, kw := range c.Kwargs {
		if kw.Name != "s3_model_config" && kw.Name != "config_name" && value.Truth(kw.Value) {
			set[kw.Name] = kw.Value
		}
	}
	text := func(key string) string { return textOf(set[key]) }
	url := strings.TrimSuffix(text("bucket"), "/")
	if !strings.HasPrefix(url, "http") {
		url = "https://" + url
	}
	if path := strings.Trim(text("path"), "/"); path != "" {
		if !strings.Contains(strings.TrimPrefix(strings.TrimPrefix(url, "https://"), "http://"), "/") && !strings.Contains(url, ".amazonaws.com") {
			url += ".s3.amazonaws.com"
		}
		url += "/" + path
	}
	args := []string{quoteText(url)}
	key, secret := text("aws_access_key_id"), text("aws_secret_access_key")
	if (key == "") != (secret == "") {
		return nil, mistake(c, "bad-s3", "aws_access_key_id and aws_secret_access_key belong together", "only one of them is set", "set both, or role_arn, or none")
	}
	if key != "" {
		args = append(args, quoteText(key), quoteText(secret))
	}
	if fmt := text("fmt"); fmt != "" {
		args = append(args, quoteText(fmt))
	}
	switch s := set["structure"].(type) {
	case string:
		args = append(args, quoteText(s))
	case *value.Dict:
		var cols []string
		for k, v := range s.All() {
			cols = append(cols, textOf(k)+" "+textOf(v))
		}
		args = append(args, quoteText(strings.Join(cols, ",")))
	case *value.List:
		args = append(args, quoteText(textOfList(s)))
	}
	if compression := text("compression"); compression != "" {
		args = append(args, quoteText(compression))
	}
	if role := text("role_arn"); role != "" {
		extra := "extra_credentials(role_arn=" + quoteText(role)
		if id := text("external_id"); id != "" {
			extra += ", external_id=" + quoteText(id)
		}
		args = append(args, extra+")")
	}
	return "s3(" + strings.Join(args, ", ") + ")", nil
}

func textOfList(l *value.List) string {
	var parts []string
	for _, e := range l.Elems {
		parts = append(parts, textOf(e))
	}
	return strings.Join(parts, ",")
}
