package command

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/cmd/internal/invocation"
)

// stuck is set in a process that this test starts of itself.
const stuck = "CHMOD_TEST_STUCK"

// patience bounds how long a signal may take.
const patience = 30 * time.Second

// TestInterrupts sends signals to a process that tells how far it got, and
// then does not end by itself.
func TestInterrupts(t *testing.T) {
	if os.Getenv(stuck) != "" {
		ctx, stop := interruptible(context.Background())
		defer stop()
		fmt.Println("ready")
		<-invocation.StopOf(ctx)
		fmt.Println("stopping")
		<-ctx.Done()
		fmt.Println("ended")
		<-time.After(patience)
		return
	}
	for _, c := range []struct {
		name    string
		signals [][]syscall.Signal // to send, and the word that each group brings
		words   []string
		last    syscall.Signal
	}{
		{"Ctrl-C", [][]syscall.Signal{{syscall.SIGINT}, {syscall.SIGINT}}, []string{"stopping", "ended"}, syscall.SIGINT},
		{"service manager", [][]syscall.Signal{{syscall.SIGTERM}, {syscall.SIGINT}}, []string{"stopping", "ended"}, syscall.SIGTERM},
		{"closed terminal", [][]syscall.Signal{{syscall.SIGHUP}, nil}, []string{"stopping", "ended"}, syscall.SIGKILL},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestInterrupts$")
			cmd.Env = append(os.Environ(), stuck+"=1")
			out, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			lines := bufio.NewScanner(out)
			require.True(t, lines.Scan())
			require.Equal(t, "ready", lines.Text())
			for i, word := range c.words {
				for _, s := range c.signals[i] {
					require.NoError(t, cmd.Process.Signal(s))
				}
				require.True(t, lines.Scan())
				require.Equal(t, word, lines.Text())
			}
			require.NoError(t, cmd.Process.Signal(c.last))
			require.Error(t, cmd.Wait())
			status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
			require.True(t, ok)
			require.True(t, status.Signaled(), "it ended by itself: %v", cmd.ProcessState)
			require.Equal(t, c.last, status.Signal())
		})
	}
}
