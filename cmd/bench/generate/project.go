// Package generate writes projects of any size to measure with: models over
// sources in folders five levels deep, with configs at each level, macros,
// documentation, tests and an installed package.
//
// Its main type is Project. The same size and seed give the same bytes, and a
// server builds each model in a few milliseconds. It refuses to run anything.
package generate

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Name is what every generated project, and its profile, is called.
const Name = "bench"

const (
	// sources is how many raw tables a project reads from.
	sources = 40
	// macros is how many macros a project has of its own.
	macros = 100
	// leaf is how many models share the last folder, and a property file.
	leaf = 20
)

// Project says what to write.
type Project struct {
	Models int
	Seed   uint64
	// Flat makes every model read tables only. What a server takes to see
	// through views that read views, it takes whoever asks.
	Flat bool
}

// Write writes the project into a folder, which must not have one.
func (p Project) Write(dir string) error {
	files := map[string]string{}
	p.settings(files)
	p.macros(files)
	p.sources(files)
	p.installed(files)
	p.models(files)
	for path, text := range files {
		path = filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return fmt.Errorf("make the folder of a generated file: %w", err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return fmt.Errorf("write a generated file: %w", err)
		}
	}
	return nil
}

// random are the choices of one part of the project: parts do not depend on
// each other's.
func (p Project) random(part uint64) *rand.Rand {
	return rand.New(rand.NewPCG(p.Seed, part))
}

// Prepare are the statements that make what the project reads from, in a
// database of the name that its target has.
func (p Project) Prepare(database string) []string {
	statements := []string{"CREATE DATABASE IF NOT EXISTS " + database}
	for i := range sources {
		table := database + "." + rawTable(i)
		statements = append(statements,
			"CREATE TABLE IF NOT EXISTS "+table+" (id UInt64, account_id UInt64, amount Decimal(18, 4),"+
				" currency LowCardinality(String), status LowCardinality(String), happened_at DateTime)"+
				" ENGINE = MergeTree ORDER BY id",
			"INSERT INTO "+table+" SELECT number, number % 7, number * 1.25, ['EUR', 'USD', 'GBP'][number % 3 + 1],"+
				" ['open', 'settled'][number % 2 + 1], toDateTime('2026-01-01 00:00:00') + number * 3600 FROM numbers(50)")
	}
	return statements
}

func rawTable(i int) string { return fmt.Sprintf("raw_events_%02d", i) }

// paragraph is some text that describes a thing.
func paragraph(r *rand.Rand, words int) string {
	vocabulary := strings.Fields(`account amount balance batch booking card channel charge clearing currency customer daily
		delay dispute fee file gross key latest ledger limit merchant month net number order partner payment period posting
		rate record reference refund region report result risk row schedule settled source statement status total transfer
		value version wallet week`)
	chosen := make([]string, words)
	for i := range chosen {
		chosen[i] = vocabulary[r.IntN(len(vocabulary))]
	}
	text := strings.Join(chosen, " ")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
