package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// meant are the codes of chmod's warnings for what dbt calls its events.
func meant() map[string][]string {
	return map[string][]string{
		"UnusedResourceConfigPath":     {"unused-config-path"},
		"NoNodeForYamlKey":             {"unused-description", "missing-version"},
		"WrongResourceSchemaFile":      {"unused-description"},
		"DuplicateYAMLKeysDeprecation": {"duplicate-key"},
		"CustomKeyInObjectDeprecation": {"unknown-key"},
		"CustomTopLevelKeyDeprecation": {"unknown-key"},
		"ConfigDataPathDeprecation":    {"renamed-key"},
		"ConfigSourcePathDeprecation":  {"renamed-key"},
		"UpcomingReferenceDeprecation": {"deprecated-model"},
		"DeprecatedReference":          {"deprecated-model"},
		"DeprecatedModel":              {"deprecated-model"},
		"FreshnessConfigProblem":       {"no-loaded-at-field"},
		"JinjaLogWarning":              {},
	}
}

var occurrences = regexp.MustCompile(`(?m)^- (\w+): \d+ occurrence`)

// events are the names of what dbt warned of. Deprecations are only told once
// for each process, but all in the summary of each run.
func events(warnings []string) map[string]bool {
	all := map[string]bool{}
	for _, w := range warnings {
		name, message, _ := strings.Cut(w, ": ")
		if name != "DeprecationsSummary" {
			all[name] = true
			continue
		}
		for _, m := range occurrences.FindAllStringSubmatch(message, -1) {
			all[m[1]] = true
		}
	}
	return all
}

// codes are those of chmod's warnings.
func codes(warnings []string) map[string]bool {
	all := map[string]bool{}
	for _, w := range warnings {
		code, _, _ := strings.Cut(strings.TrimPrefix(w, "["), "]")
		all[code] = true
	}
	return all
}

// warned compares what the two warn of in a project.
func (c comparison) warned(theirs, ours []string) {
	said, ourCodes, known := events(theirs), codes(ours), meant()
	c.warnings += len(said)
	told := map[string]bool{}
	for _, event := range slices.Sorted(maps.Keys(said)) {
		found := false
		for _, code := range known[event] {
			told[code] = true
			found = found || ourCodes[code]
		}
		if !found {
			c.differ("only dbt warns: "+event, "", event, strings.Join(ours, "\n"))
		}
	}
	for _, code := range slices.Sorted(maps.Keys(ourCodes)) {
		if !told[code] {
			c.differ("only chmod warns: "+code, "", slices.Sorted(maps.Keys(said)), strings.Join(ours, "\n"))
		}
	}
}
