// Package compose holds what starts a current ClickHouse in containers, for
// those who have them, to run the cluster tests there: see compose.yaml.
//
// There is no code in it. Its test reads the files as far as that can be done
// without containers.
package compose
