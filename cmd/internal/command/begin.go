package command

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/view"
	"github.com/chmod-sql/chmod/compiler/context"
)

// begin makes the views and sends the first event.
func (a *app) begin(cmd *cobra.Command) (*call, error) {
	e := a.early()
	if err := e.apply(cmd.Flags()); err != nil {
		return nil, err
	}
	s := a.settings
	if s.singleThreaded {
		s.threads = 1
	}
	if cmd.Flags().Changed("threads") && s.threads < 1 {
		return nil, fmt.Errorf("--threads takes a number of 1 or more, not %d", s.threads)
	}
	if s.deferring {
		return nil, fmt.Errorf("chmod has no --defer yet: it would read the wrong tables without saying so")
	}
	c := &call{app: a, which: cmd.Name(), id: uuid.New(), started: time.Now(), args: flagValues(cmd)}
	secrets := secrets(os.Environ())
	main, free := a.mainView(c, cmd, secrets)
	c.close = free
	sinks := []event.Sink{main}
	file, closeFile, fileErr := c.logFile(cmd, e, secrets)
	if file != nil {
		sinks = append(sinks, file)
		c.close = func() { free(); closeFile() }
	}
	c.events = event.NewStream(nil, append(sinks, &c.keeper)...)
	c.events.Send(event.Began{Command: c.which, Args: texts(c.args), Version: a.Version, InvocationID: c.id.String()})
	if fileErr != nil {
		c.events.Send(event.Message{Level: event.Warn, Text: fileErr.Error()})
	}
	return c, nil
}

// pure reports whether a command's result goes to standard output, to be piped
// on: it is silent otherwise, and warnings go to standard error.
func pure(cmd *cobra.Command, s *settings) bool {
	output := cmd.Flags().Lookup("output")
	result := slices.Contains([]string{"list", "plan"}, cmd.Name()) || output != nil && output.Value.String() == "json"
	return result && s.logFormat != "json" && s.logFormat != "debug" && !s.debug && !given(cmd.Flags(), "log-level")
}

// mainView is what writes to standard output, and how to end it.
func (a *app) mainView(c *call, cmd *cobra.Command, secrets []string) (event.Sink, func()) {
	s := a.settings
	c.output = &written{out: a.Out}
	out := view.Scrubbed(c.gather(c.output, piece), secrets)
	level := event.Level(s.logLevel)
	if s.debug {
		level = event.Debug
	}
	switch s.logFormat {
	case "json", "debug":
		return view.NewLog(out, view.LogOptions{
			InvocationID: c.id.String(), Level: level, JSON: s.logFormat == "json", Quiet: s.quiet, Print: s.print, Extra: customEnv(),
		}), func() {}
	}
	width, colors := terminal(a.Out)
	options := view.HumanOptions{
		Colors: colors && s.colors && os.Getenv("NO_COLOR") == "", Level: level, Quiet: s.quiet, Print: s.print, Live: width, Clock: time.Local,
	}
	if pure(cmd, s) {
		options.Level, options.Aside = event.Warn, view.Scrubbed(a.Err, secrets)
	}
	human := view.NewHuman(out, options)
	return human, human.Close
}

// logFile opens the log file: dbt.log, in the folder that was asked for or in
// the project's. Without either there is none.
func (c *call) logFile(cmd *cobra.Command, e early, secrets []string) (event.Sink, func(), error) {
	s := c.app.settings
	// What is said of standard output holds for the file, too, unless that is
	// spoken of by itself.
	format, level := s.logFormatFile, s.logLevelFile
	if !given(cmd.Flags(), "log-format-file") && given(cmd.Flags(), "log-format") {
		format = s.logFormat
	}
	if !given(cmd.Flags(), "log-level-file") && given(cmd.Flags(), "log-level") {
		level = s.logLevel
	}
	folder := s.logPath
	if folder == "" && e.root != "" {
		if folder = e.logPath; !filepath.IsAbs(folder) {
			folder = filepath.Join(e.root, folder)
		}
	}
	if folder == "" || level == "none" {
		return nil, nil, nil
	}
	file, err := view.OpenRotating(filepath.Join(folder, "dbt.log"), s.logFileMax)
	if err != nil {
		return nil, nil, fmt.Errorf("nothing is logged to a file: %w", err)
	}
	most := piece
	if s.logFileMax > 0 {
		most = int(min(piece, s.logFileMax/8)) // files are no larger for it
	}
	out := view.Scrubbed(c.gather(file, most), secrets)
	// Nobody is left to tell that the file cannot be closed.
	end := func() { _ = file.Close() }
	switch format {
	case "text":
		return view.NewHuman(out, view.HumanOptions{Level: event.Level(level), Print: true}), end, nil
	case "json":
		return view.NewLog(out, view.LogOptions{InvocationID: c.id.String(), Level: event.Level(level), JSON: true, Print: true, Extra: customEnv()}), end, nil
	}
	line := strings.Repeat("=", 30)
	if _, err := fmt.Fprintf(out, "\n\n%s %s | %s %s\n", line, c.started.UTC().Format("15:04:05.000000"), c.id, line); err != nil {
		return nil, nil, fmt.Errorf("nothing is logged to a file: %w", err)
	}
	return view.NewLog(out, view.LogOptions{InvocationID: c.id.String(), Level: event.Level(level), Print: true}), end, nil
}

// secrets are the values of variables that must not be shown.
func secrets(environ []string) []string {
	var values []string
	for _, pair := range environ {
		name, text, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, context.SecretPrefix) && text != "" {
			values = append(values, text)
		}
	}
	return values
}

// terminal is the width of what out writes to, and whether it shows colors; 0
// and false when it is no terminal.
func terminal(out any) (int, bool) {
	f, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || os.Getenv("TERM") == "dumb" {
		return 0, os.Getenv("TERM") != "dumb"
	}
	return width, true
}
