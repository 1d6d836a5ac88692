package config

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

// kind is a set of types that a key takes. None is always taken.
type kind int

const (
	text kind = 1 << iota
	boolean
	integer
	number
	texts    // a list of strings
	list     // a list of anything
	mapping  // a dict
	mappings // a list of dicts
	date
)

// key is a config that is known.
type key struct {
	kind kind
	// words are all the strings it takes, in lower case; nil for any.
	words []string
}

// keys are the configs of dbt and dbt-clickhouse whose types are checked.
var keys = map[string]key{
	"enabled":                             {kind: boolean},
	"materialized":                        {kind: text},
	"preset":                              {kind: text},
	"alias":                               {kind: text},
	"schema":                              {kind: text},
	"database":                            {kind: text},
	"tags":                                {kind: text | texts},
	"meta":                                {kind: mapping},
	"group":                               {kind: text | mapping},
	"access":                              {kind: text, words: []string{"private", "protected", "public"}},
	"docs":                                {kind: mapping},
	"contract":                            {kind: mapping},
	"quoting":                             {kind: mapping},
	"grants":                              {kind: mapping},
	"persist_docs":                        {kind: mapping},
	"column_types":                        {kind: mapping},
	"packages":                            {kind: text | texts},
	"pre-hook":                            {kind: text | mapping | list},
	"post-hook":                           {kind: text | mapping | list},
	"full_refresh":                        {kind: boolean},
	"sql_header":                          {kind: text},
	"incremental_strategy":                {kind: text},
	"unique_key":                          {kind: text | texts},
	"on_schema_change":                    {kind: text, words: []string{"ignore", "append_new_columns", "sync_all_columns", "fail"}},
	"on_configuration_change":             {kind: text, words: []string{"apply", "continue", "fail"}},
	"on_config_change":                    {kind: text, words: []string{"apply", "continue", "fail"}},
	"materialize_changes":                 {kind: boolean},
	"keep_previous_generation":            {kind: boolean},
	"event_time":                          {kind: text},
	"begin":                               {kind: text | date},
	"batch_size":                          {kind: text, words: []string{"hour", "day", "month", "year"}},
	"lookback":                            {kind: integer},
	"concurrent_batches":                  {kind: boolean},
	"freshness":                           {kind: mapping},
	"delimiter":                           {kind: text},
	"quote_columns":                       {kind: boolean},
	"strategy":                            {kind: text},
	"updated_at":                          {kind: text},
	"check_cols":                          {kind: text | texts},
	"target_schema":                       {kind: text},
	"target_database":                     {kind: text},
	"hard_deletes":                        {kind: text, words: []string{"ignore", "invalidate", "new_record"}},
	"invalidate_hard_deletes":             {kind: boolean},
	"dbt_valid_to_current":                {kind: text},
	"snapshot_meta_column_names":          {kind: mapping},
	"severity":                            {kind: text, words: []string{"error", "warn"}},
	"warn_if":                             {kind: text},
	"error_if":                            {kind: text},
	"fail_calc":                           {kind: text},
	"limit":                               {kind: integer},
	"where":                               {kind: text},
	"store_failures":                      {kind: boolean},
	"store_failures_as":                   {kind: text, words: []string{"table", "view", "ephemeral"}},
	"loaded_at_field":                     {kind: text},
	"loaded_at_query":                     {kind: text},
	"engine":                              {kind: text},
	"order_by":                            {kind: text | texts},
	"primary_key":                         {kind: text | texts},
	"partition_by":                        {kind: text | texts},
	"sharding_key":                        {kind: text},
	"chunk_by":                            {kind: text | mapping},
	"ttl":                                 {kind: text},
	"settings":                            {kind: mapping},
	"query_settings":                      {kind: mapping},
	"inserts_only":                        {kind: boolean},
	"incremental_predicates":              {kind: text | texts},
	"predicates":                          {kind: text | texts},
	"projections":                         {kind: mappings},
	"indexes":                             {kind: mappings},
	"sql_security":                        {kind: text, words: []string{"definer", "invoker"}},
	"definer":                             {kind: text},
	"disable_on_cluster":                  {kind: boolean | text},
	"mv_on_schema_change":                 {kind: text},
	"catchup":                             {kind: boolean},
	"refreshable":                         {kind: mapping},
	"connection_overrides":                {kind: mapping},
	"repopulate_from_mvs_on_full_refresh": {kind: boolean},
}

// Known are the names of the configs that are known, sorted.
func Known() []string {
	names := make([]string, 0, len(keys))
	for name := range keys {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// maxExtent is how much one config may hold, see value.Extent.
const maxExtent = 4 << 20

// check tells what is wrong with a setting; false when nothing is.
func check(s Setting) (diag.Diagnostic, bool) {
	d := diag.Diagnostic{Code: "config-type", Span: s.Span}
	if value.Extent(s.Value) > maxExtent {
		d.What = fmt.Sprintf("the config %s is too large", s.Key)
		d.Why = "it holds itself, or the same lists and dicts so often that writing it down would not end"
		d.Fix = "set what the node needs of it"
		return d, true
	}
	if u := undefined(s.Value, 0); u != nil {
		d.What = fmt.Sprintf("the config %s has no value: %s", s.Key, u.Fail().Message)
		d.Fix = "set it before, or put it in quotes if it is meant as text"
		return d, true
	}
	k, ok := keys[s.Key]
	if !ok || s.Value == nil {
		return diag.Diagnostic{}, false
	}
	if !k.kind.takes(s.Value) {
		d.What = fmt.Sprintf("the config %s must be %s, not %s", s.Key, k.kind, describe(s.Value))
		d.Fix = k.kind.fix(s)
		return d, true
	}
	if word, ok := s.Value.(string); ok && k.words != nil && !slices.Contains(k.words, strings.ToLower(word)) {
		d.What = fmt.Sprintf("the config %s cannot be %q", s.Key, word)
		d.Why = "it is one of " + strings.Join(k.words, ", ")
		d.Fix = diag.DidYouMean(word, k.words)
		return d, true
	}
	return diag.Diagnostic{}, false
}

// undefined is what is not defined in a value; nil when all is. What is deeper
// than a config ever is, is not looked at.
func undefined(v value.Value, depth int) *value.Undefined {
	const deepest = 20
	if depth > deepest {
		return nil
	}
	var elems []value.Value
	switch v := v.(type) {
	case *value.Undefined:
		return v
	case *value.List:
		elems = v.Elems
	case *value.Tuple:
		elems = v.Elems
	case *value.Dict:
		for _, e := range v.All() {
			elems = append(elems, e)
		}
	}
	for _, e := range elems {
		if u := undefined(e, depth+1); u != nil {
			return u
		}
	}
	return nil
}

func (k kind) takes(v value.Value) bool {
	switch v := v.(type) {
	case string:
		return k&text != 0
	case bool:
		return k&boolean != 0
	case int64, *big.Int:
		return k&(integer|number) != 0
	case float64:
		return k&number != 0
	case *value.List:
		return k.takesList(v.Elems)
	case *value.Tuple:
		return k.takesList(v.Elems)
	case *value.Set:
		return k&(texts|list) != 0
	case *value.Dict:
		return k&mapping != 0
	case value.Stringer: // a date, a relation
		return k&(text|date) != 0
	}
	return k&text != 0
}

func (k kind) takesList(elems []value.Value) bool {
	if k&list != 0 {
		return true
	}
	for _, e := range elems {
		switch e.(type) {
		case *value.Dict:
			if k&mappings == 0 {
				return false
			}
		case *value.List, *value.Tuple, bool, nil:
			return false
		default: // numbers in a list of columns are positions
			if k&texts == 0 {
				return false
			}
		}
	}
	return k&(texts|mappings) != 0
}

func (k kind) String() string {
	var names []string
	for _, n := range []struct {
		kind kind
		name string
	}{
		{text, "a string"}, {boolean, "true or false"}, {integer, "a whole number"}, {number, "a number"},
		{texts, "a list of strings"}, {list, "a list"}, {mapping, "a mapping"}, {mappings, "a list of mappings"}, {date, "a date"},
	} {
		if k&n.kind != 0 {
			names = append(names, n.name)
		}
	}
	return strings.Join(names, " or ")
}

func (k kind) fix(s Setting) string {
	if word, ok := s.Value.(string); ok {
		switch {
		case k&boolean != 0 && slices.Contains([]string{"true", "yes", "on", "false", "no", "off"}, strings.ToLower(word)):
			return "write it without quotes"
		case k&integer != 0 && word != "" && strings.Trim(word, "0123456789") == "":
			return "write it without quotes"
		}
	}
	if _, isMapping := s.Value.(*value.Dict); !isMapping && k&text != 0 {
		if _, isList := s.Value.(*value.List); !isList {
			return "quote it"
		}
	}
	return ""
}

func describe(v value.Value) string {
	switch v := v.(type) {
	case string:
		return fmt.Sprintf("the string %q", v)
	case bool:
		if v {
			return "true"
		}
		return "false"
	case int64, *big.Int, float64:
		return "the number " + value.Str(v)
	case *value.List:
		if len(v.Elems) > 0 {
			if _, ok := v.Elems[0].(*value.Dict); ok {
				return "a list of mappings"
			}
		}
		return "a list"
	case *value.Tuple:
		return "a tuple"
	case *value.Dict:
		return "a mapping"
	}
	return "a " + value.TypeName(v)
}
