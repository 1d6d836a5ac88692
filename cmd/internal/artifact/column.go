package artifact

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/chmod-sql/chmod/compiler/manifest"
)

// columns keeps the order in which they were described.
type columns []manifest.Column

type column struct {
	Name        string       `json:"name"`
	Description string       `json:"description"`
	Meta        any          `json:"meta"`
	DataType    *string      `json:"data_type"`
	Constraints []constraint `json:"constraints"`
	Quote       *bool        `json:"quote"`
	Config      any          `json:"config"`
	Tags        []string     `json:"tags"`
	Granularity any          `json:"granularity"`
	DocBlocks   []string     `json:"doc_blocks"`
}

type constraint struct {
	Type            string   `json:"type"`
	Name            *string  `json:"name"`
	Expression      *string  `json:"expression"`
	WarnUnenforced  bool     `json:"warn_unenforced"`
	WarnUnsupported bool     `json:"warn_unsupported"`
	To              *string  `json:"to"`
	ToColumns       []string `json:"to_columns"`
	Columns         []string `json:"columns,omitempty"`
}

func columnsOf(c []manifest.Column) columns { return c }

// MarshalJSON writes an object by name.
func (c columns) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, col := range c {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(col.Name)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		body, err := columnJSON(col)
		if err != nil {
			return nil, err
		}
		b.Write(body)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func columnJSON(col manifest.Column) ([]byte, error) {
	config := map[string]any{"meta": plain(col.Meta), "tags": names(col.Tags)}
	body, err := json.Marshal(column{
		Name: col.Name, Description: col.Description, Meta: plain(col.Meta), DataType: text(col.DataType),
		Constraints: constraintsOf(col.Constraints), Quote: col.Quote, Config: config, Tags: names(col.Tags), DocBlocks: names(col.DocBlocks),
	})
	if err != nil || col.Extra == nil || col.Extra.Len() == 0 {
		return body, err
	}
	// Columns may carry keys of their own.
	extra, err := json.Marshal(plain(col.Extra))
	if err != nil || len(extra) <= 2 {
		return body, err
	}
	return slices.Concat(body[:len(body)-1], []byte(","), extra[1:]), nil
}

func constraintsOf(list []manifest.Constraint) []constraint {
	out := make([]constraint, len(list))
	for i, c := range list {
		out[i] = constraint{
			Type: c.Type, Name: text(c.Name), Expression: text(c.Expression), WarnUnenforced: true, WarnUnsupported: true,
			To: text(c.To), ToColumns: names(c.ToColumns), Columns: c.Columns,
		}
	}
	return out
}

// primaryKey is what dbt takes for a model's key: its primary_key constraint.
func primaryKey(n *manifest.Node) []string {
	for _, c := range n.Constraints {
		if c.Type == "primary_key" {
			return names(c.Columns)
		}
	}
	for _, col := range n.Columns {
		for _, c := range col.Constraints {
			if c.Type == "primary_key" {
				return []string{col.Name}
			}
		}
	}
	return []string{}
}
