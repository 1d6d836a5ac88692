package command

import (
	"context"

	"github.com/chmod-sql/chmod/cmd/internal/invocation"
)

// waitForStop is closed by the first Ctrl-C.
func waitForStop(ctx context.Context) <-chan struct{} { return invocation.StopOf(ctx) }
