package main

import (
	"encoding/csv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// stream collects the changes of one table of one service.
type stream struct {
	file    string // below the seeds folder
	columns []string
	changes []change
}

// change is one committed write of the service: the whole row afterwards, or
// for a delete the row as it was.
type change struct {
	at     time.Time
	op     string // c create, u update, d delete
	fields []string
}

func (s *stream) create(at time.Time, fields ...string) { s.add(at, "c", fields) }
func (s *stream) update(at time.Time, fields ...string) { s.add(at, "u", fields) }
func (s *stream) delete(at time.Time, fields ...string) { s.add(at, "d", fields) }

func (s *stream) add(at time.Time, op string, fields []string) {
	s.changes = append(s.changes, change{at, op, fields})
}

// The faults of the delivery, in percent of the changes.
const (
	deliveredTwice = 3
	deliveredLate  = 2
)

// write delivers the changes: each gets its position in the service's log, a
// time of arrival, and its place in the file by that time.
func (s *stream) write(dir string, r *rand.Rand) error {
	slices.SortStableFunc(s.changes, func(a, b change) int { return a.at.Compare(b.at) })
	type delivery struct {
		received time.Time
		row      []string
	}
	var deliveries []delivery
	for lsn, c := range s.changes {
		deliver := func(delay time.Duration) {
			received := c.at.Add(delay)
			row := []string{
				c.op, strconv.FormatInt(c.at.UnixMilli(), 10), strconv.Itoa(lsn + 1),
				stamp(received), strconv.FormatBool(c.op == "d"),
			}
			deliveries = append(deliveries, delivery{received, append(row, c.fields...)})
		}
		delay := between(r, 40*time.Millisecond, 3*time.Second)
		if r.IntN(100) < deliveredLate {
			delay = between(r, time.Hour, 30*time.Hour)
		}
		deliver(delay)
		if r.IntN(100) < deliveredTwice {
			deliver(delay + between(r, time.Second, 2*time.Hour))
		}
	}
	slices.SortStableFunc(deliveries, func(a, b delivery) int { return a.received.Compare(b.received) })

	path := filepath.Join(dir, filepath.FromSlash(s.file))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	out := csv.NewWriter(f)
	rows := [][]string{append([]string{"_op", "_ts_ms", "_lsn", "_received_at", "_deleted"}, s.columns...)}
	for _, d := range deliveries {
		rows = append(rows, d.row)
	}
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	return f.Close()
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000") }

func day(t time.Time) string { return t.UTC().Format("2006-01-02") }

func between(r *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(r.Int64N(int64(most-least)/int64(time.Millisecond)))*time.Millisecond
}
