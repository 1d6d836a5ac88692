package invocation

import "encoding/json"

// comment is what query_log shows for a statement: whose it is, as JSON.
func (i *Invocation) comment(node string) string {
	text, err := json.Marshal(struct {
		App        string `json:"app"`
		Project    string `json:"project"`
		Target     string `json:"target"`
		Invocation string `json:"invocation_id"`
		Node       string `json:"node_id,omitempty"`
	}{"chmod", i.Manifest().ProjectName, i.Project.Target.Name, i.ID.String(), node})
	if err != nil {
		return "" // cannot be: these are strings
	}
	return string(text)
}
