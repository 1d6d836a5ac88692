package jinjadiff

import (
	"bufio"
	"bytes"
	"context"
	_ "embed" // the oracle's program
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

//go:embed oracle.py
var program string

// Oracle is a Python process that answers. It is not safe for concurrent use.
type Oracle struct {
	python, corpus string
	packages       map[string][]PackageMacro

	cmd     *exec.Cmd
	in      io.WriteCloser
	answers chan []byte
	stderr  *bytes.Buffer
	// Restarts counts how often Python had to be killed.
	Restarts int
}

// patience is how long to wait for Python at most beyond its own limit, which
// counts the time it computes: a busy machine may let it wait.
const patience = 90 * time.Second

// NewOracle starts one. Python is the interpreter, corpus the file with the
// values of the corpus's names. Close ends it.
func NewOracle(ctx context.Context, python, corpus string) (*Oracle, error) {
	o := &Oracle{python: python, corpus: corpus}
	return o, o.start(ctx)
}

func (o *Oracle) start(ctx context.Context) error {
	o.cmd = exec.CommandContext(ctx, o.python, "-c", program, o.corpus)
	o.stderr = &bytes.Buffer{}
	o.cmd.Stderr = o.stderr
	in, err := o.cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("start Python: %w", err)
	}
	out, err := o.cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start Python: %w", err)
	}
	if err := o.cmd.Start(); err != nil {
		return fmt.Errorf("start Python: %w", err)
	}
	o.in, o.answers = in, make(chan []byte, 64)
	go read(out, o.answers)
	hello, err := o.receive(30 * time.Second)
	if err != nil {
		return fmt.Errorf("start Python: %w", err)
	}
	if hello.Want == nil || len(*hello.Want) < 4 || (*hello.Want)[:4] != "3.1." {
		return errors.New("start Python: it has no Jinja2 3.1")
	}
	return nil
}

func read(out io.Reader, answers chan<- []byte) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<30)
	for lines.Scan() {
		answers <- bytes.Clone(lines.Bytes())
	}
	close(answers)
}

// Close ends the process, if there is one: starting it again may have failed.
func (o *Oracle) Close() {
	if o.cmd == nil || o.cmd.Process == nil {
		return
	}
	_ = o.in.Close()
	_ = o.cmd.Process.Kill()
	for range o.answers { // the reader ends once all is read
	}
	_ = o.cmd.Wait() // killed, which is no news
}

// Packages tells the oracle of the macros there are.
func (o *Oracle) Packages(packages map[string][]PackageMacro) error {
	o.packages = packages
	if err := o.send(map[string]any{"packages": packages}); err != nil {
		return err
	}
	_, err := o.receive(time.Minute)
	return err
}

// Ask answers one question. The error is of the process; what Python came to
// no end with is an Answer that is lost.
func (o *Oracle) Ask(ctx context.Context, a Ask) (Answer, error) {
	if err := o.send(a); err != nil {
		return Answer{}, err
	}
	answer, err := o.receive(time.Duration(max(a.Seconds, 1))*time.Second + patience)
	if err == nil {
		return answer, nil
	}
	if ctx.Err() != nil {
		return Answer{}, ctx.Err()
	}
	// An operation inside of the interpreter that no signal interrupts, or one
	// that the machine's memory did not suffice for.
	o.Close()
	o.Restarts++
	if err := o.start(ctx); err != nil {
		return Answer{}, err
	}
	if o.packages != nil {
		if err := o.Packages(o.packages); err != nil {
			return Answer{}, err
		}
	}
	return Answer{Lost: "Python had to be killed"}, nil
}

func (o *Oracle) send(question any) error {
	text, err := json.Marshal(question)
	if err != nil {
		return fmt.Errorf("ask Python: %w", err)
	}
	if _, err := o.in.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("ask Python: %w: %s", err, o.stderr.String())
	}
	return nil
}

func (o *Oracle) receive(wait time.Duration) (Answer, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case line, ok := <-o.answers:
		if !ok {
			_ = o.cmd.Wait()
			return Answer{}, fmt.Errorf("python ended: %s", o.stderr.String())
		}
		var a Answer
		if err := json.Unmarshal(line, &a); err != nil {
			return Answer{}, fmt.Errorf("read Python's answer: %w", err)
		}
		return a, nil
	case <-timer.C:
		return Answer{}, errors.New("python does not answer")
	}
}
