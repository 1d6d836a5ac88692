package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Cost is what a process took.
type Cost struct {
	Seconds    float64 `json:"seconds"`
	CPUSeconds float64 `json:"cpu_seconds"` // of the process alone, in user and system mode
	PeakBytes  int64   `json:"peak_bytes"`
}

// program is a process to measure.
type program struct {
	args []string
	env  []string // beside this process's own
}

// once runs the program and measures it. An exit code other than 0 is an
// error that shows what it said.
func (p program) once(ctx context.Context) (Cost, error) {
	var out bytes.Buffer
	command := exec.CommandContext(ctx, p.args[0], p.args[1:]...)
	command.Env = append(os.Environ(), p.env...)
	command.Stderr = &out
	if devNull, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		defer devNull.Close() // nothing is kept
		command.Stdout = devNull
	}
	began := time.Now()
	err := command.Run()
	wall := time.Since(began)
	if err != nil {
		return Cost{}, fmt.Errorf("%s: %w\n%s", strings.Join(p.args, " "), err, tail(out.String(), 2000))
	}
	cost := Cost{Seconds: wall.Seconds()}
	cost.CPUSeconds = (command.ProcessState.UserTime() + command.ProcessState.SystemTime()).Seconds()
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		cost.PeakBytes = int64(usage.Maxrss)
		if runtime.GOOS == "linux" {
			cost.PeakBytes *= 1024
		}
	}
	return cost, nil
}

// median runs the program several times.
func (p program) median(ctx context.Context, runs int) (Cost, error) {
	var all []Cost
	for range runs {
		c, err := p.once(ctx)
		if err != nil {
			return Cost{}, err
		}
		all = append(all, c)
	}
	return middle(all), nil
}

// middle is the median of each figure by itself.
func middle(all []Cost) Cost {
	return Cost{
		Seconds:    medianOf(all, func(c Cost) float64 { return c.Seconds }),
		CPUSeconds: medianOf(all, func(c Cost) float64 { return c.CPUSeconds }),
		PeakBytes:  medianOf(all, func(c Cost) int64 { return c.PeakBytes }),
	}
}

func medianOf[T cmp.Ordered](all []Cost, figure func(Cost) T) T {
	var figures []T
	for _, c := range all {
		figures = append(figures, figure(c))
	}
	slices.Sort(figures)
	return figures[len(figures)/2]
}

func tail(text string, most int) string {
	if len(text) > most {
		text = "..." + text[len(text)-most:]
	}
	return text
}
