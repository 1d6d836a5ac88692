package materialize

import (
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// DataTest is what it takes to run one data test: a single query, and how to
// judge its result.
type DataTest struct {
	NodeID    string
	Statement adapters.Statement
	// Origin is where the compiled SQL of the test stands in the statement.
	Origin   Origin
	Severity string // error or warn
	WarnIf   string
	ErrorIf  string
	// Warnings are what the config asks for and does not get.
	Warnings []diag.Diagnostic
}

// TestStatus is what a data test came to.
type TestStatus string

const (
	TestPass TestStatus = "pass"
	TestWarn TestStatus = "warn"
	TestFail TestStatus = "fail"
)

// TestResult is the verdict on a data test.
type TestResult struct {
	Status   TestStatus
	Failures int64
	// Message is empty for a test that passed.
	Message string
}

// NewTest plans a data test from its node and its compiled SQL.
func NewTest(n *manifest.Node, sql, comment string) (*DataTest, error) {
	cfg := n.Config
	t := &DataTest{
		NodeID: n.UniqueID, Severity: strings.ToLower(or(cfg.String("severity"), "error")),
		WarnIf: or(cfg.String("warn_if"), "!= 0"), ErrorIf: or(cfg.String("error_if"), "!= 0"),
	}
	var diags diag.List
	if t.Severity != "error" && t.Severity != "warn" {
		diags.Add(diag.Diagnostic{
			Code: "wrong-config-value", Span: known(cfg.Place("severity"), n.Span),
			What: fmt.Sprintf("%s: severity: %s is not known", n.Name, cfg.String("severity")), Fix: "use error or warn",
		})
	}
	if cfg.Bool("store_failures", false) {
		diags.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "not-yet-supported", Span: known(cfg.Place("store_failures"), n.Span),
			What: n.Name + ": failures are not stored yet", Why: "the test runs as it would without store_failures",
		})
	}
	limit, err := testLimit(n)
	if err != nil {
		diags.AddError(err) //nolint:errcheck // it is a diagnostic
	}
	if err := diags.Err(); err != nil {
		return nil, err
	}
	calc := or(cfg.String("fail_calc"), "count(*)")
	head := "SELECT\n  " + calc + " AS failures,\n  " + calc + " " + t.WarnIf + " AS should_warn,\n  " +
		calc + " " + t.ErrorIf + " AS should_error\nFROM (\n"
	tail := "\n) dbt_internal_test"
	if limit != "" {
		head, tail = head+"SELECT * FROM (\n", "\n) LIMIT "+limit+tail
	}
	body := withoutEnd(sql)
	t.Statement = adapters.Statement{SQL: head + body + tail, Comment: comment}
	t.Origin = Origin{Kind: OriginSQL, Start: len(head), End: len(head) + len(body)}
	t.Warnings = diags.All()
	return t, nil
}

// Step is the test as a step, for showing it and for placing a server's
// complaint.
func (t *DataTest) Step() Step {
	return Step{Number: 1, Purpose: "count the failures", Scope: ScopeNode, Kind: KindCheck, Statement: t.Statement, Origin: t.Origin}
}

// Judge reads the result of the test's query.
func (t *DataTest) Judge(result *adapters.Table) (TestResult, error) {
	if len(result.Rows) != 1 || len(result.Rows[0]) != 3 {
		return TestResult{}, fmt.Errorf("the test's query returned %d rows instead of one with three columns", len(result.Rows))
	}
	row := result.Rows[0]
	failures, ok := integer(row[0])
	if !ok {
		return TestResult{}, fmt.Errorf("fail_calc gave %v, which is no whole number", row[0])
	}
	warn, ok1 := truth(row[1])
	fail, ok2 := truth(row[2])
	if !ok1 || !ok2 {
		return TestResult{}, fmt.Errorf("warn_if %q and error_if %q gave %v and %v, which are no truth values", t.WarnIf, t.ErrorIf, row[1], row[2])
	}
	r := TestResult{Status: TestPass} // which has no failures in dbt, whatever was counted
	switch {
	case t.Severity == "error" && fail:
		r.Status, r.Failures = TestFail, failures
		r.Message = fmt.Sprintf("Got %s, configured to fail if %s", results(failures), t.ErrorIf)
	case warn:
		r.Status, r.Failures = TestWarn, failures
		r.Message = fmt.Sprintf("Got %s, configured to warn if %s", results(failures), t.WarnIf)
	}
	return r, nil
}

func results(n int64) string {
	if n == 1 {
		return "1 result"
	}
	return fmt.Sprintf("%d results", n)
}
