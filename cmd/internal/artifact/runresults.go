package artifact

import (
	"slices"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

type runResultsFile struct {
	Metadata    runMetadata    `json:"metadata"`
	Results     []runResult    `json:"results"`
	ElapsedTime float64        `json:"elapsed_time"`
	Args        map[string]any `json:"args"`
}

type runMetadata struct {
	Schema              string            `json:"dbt_schema_version"`
	Version             string            `json:"dbt_version"`
	GeneratedAt         string            `json:"generated_at"`
	InvocationID        string            `json:"invocation_id"`
	InvocationStartedAt string            `json:"invocation_started_at"`
	Env                 map[string]string `json:"env"`
}

type runResult struct {
	Status          event.Status   `json:"status"`
	Timing          []timing       `json:"timing"`
	ThreadID        string         `json:"thread_id"`
	ExecutionTime   float64        `json:"execution_time"`
	AdapterResponse map[string]any `json:"adapter_response"`
	Message         *string        `json:"message"`
	Failures        *int64         `json:"failures"`
	UniqueID        string         `json:"unique_id"`
	Compiled        *bool          `json:"compiled"`
	CompiledCode    *string        `json:"compiled_code"`
	RelationName    *string        `json:"relation_name"`
	BatchResults    *batchResults  `json:"batch_results"`
}

// batchResults are the batches of a microbatch model, each from and to when.
type batchResults struct {
	Successful [][2]batchTime `json:"successful"`
	Failed     [][2]batchTime `json:"failed"`
}

// batchTime is a point of time as dbt writes those of batches.
type batchTime struct{ time.Time }

const batchLayout = "2006-01-02T15:04:05+00:00"

// MarshalJSON implements json.Marshaler.
func (t batchTime) MarshalJSON() ([]byte, error) {
	return []byte(`"` + t.UTC().Format(batchLayout) + `"`), nil
}

// batchesOf are the batches of this run; those of an earlier one that it went on
// after come last.
func batchesOf(r event.Result) *batchResults {
	all := &batchResults{Successful: [][2]batchTime{}, Failed: [][2]batchTime{}}
	for _, b := range slices.Concat(r.Batches, r.BatchesBefore) {
		if times := [2]batchTime{{b.Start}, {b.End}}; b.Failed {
			all.Failed = append(all.Failed, times)
		} else {
			all.Successful = append(all.Successful, times)
		}
	}
	return all
}

type timing struct {
	Name        string `json:"name"`
	StartedAt   string `json:"started_at"`
	CompletedAt string `json:"completed_at"`
}

// Run is what run_results.json is made of.
type Run struct {
	Results []event.Result
	Elapsed time.Duration
	// Args are the command (which) and its flags.
	Args map[string]any
}

// WriteRunResults writes run_results.json.
func WriteRunResults(path string, i Invocation, r Run, now time.Time) error {
	file := runResultsFile{
		Metadata: runMetadata{
			Schema: "https://schemas.getdbt.com/dbt/run-results/v6.json", Version: DBTVersion, GeneratedAt: stamp(now),
			InvocationID: i.ID, InvocationStartedAt: stamp(i.Started), Env: filled(i.Env),
		},
		Results: make([]runResult, len(r.Results)), ElapsedTime: r.Elapsed.Seconds(), Args: r.Args,
	}
	for n, result := range r.Results {
		file.Results[n] = resultOf(result)
	}
	return write(path, file)
}

func resultOf(r event.Result) runResult {
	out := runResult{
		Status: r.Status, Timing: timings(r), ThreadID: r.Thread, ExecutionTime: r.Elapsed().Seconds(),
		AdapterResponse: AdapterResponse(r), Message: text(r.Message), Failures: r.Failures, UniqueID: r.Node.UniqueID,
	}
	if len(r.Batches) > 0 {
		out.BatchResults = batchesOf(r)
	}
	if r.Compiled {
		yes := true
		out.Compiled, out.CompiledCode = &yes, &r.CompiledSQL
	}
	if r.Node.ResourceType != manifest.Test {
		out.RelationName = text(r.Node.RelationName)
	}
	return out
}

func timings(r event.Result) []timing {
	if r.CompiledAt.IsZero() {
		return []timing{}
	}
	return []timing{
		{"compile", stamp(r.CompileBegan), stamp(r.CompiledAt)},
		{"execute", stamp(r.CompiledAt), stamp(r.Finished)},
	}
}

// AdapterResponse is what the server said of a node's statements.
func AdapterResponse(r event.Result) map[string]any {
	if len(r.QueryIDs) == 0 {
		return map[string]any{}
	}
	response := map[string]any{
		"_message":      r.Message,
		"query_id":      r.QueryIDs[len(r.QueryIDs)-1],
		"query_ids":     r.QueryIDs,
		"rows_affected": r.Progress.WrittenRows,
	}
	if r.Progress.WrittenBytes > 0 {
		response["bytes_written"] = r.Progress.WrittenBytes
	}
	switch r.Node.ResourceType {
	case manifest.Test:
		delete(response, "rows_affected")
		response["_message"] = "OK"
	case manifest.Seed:
		response["code"] = "INSERT"
	}
	return response
}
