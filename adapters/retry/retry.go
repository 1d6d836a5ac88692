// Package retry answers failures that are the moment's: it is an adapter around
// another one that sends statements again when that can do no harm, and finds
// out what became of a statement whose connection was lost.
//
// Its main type is Adapter. It sends nothing twice that may be done only once:
// such a statement is sent again only when the server has refused to begin it.
// Rows that are streamed are never sent again.
package retry

import (
	"context"

	"github.com/chmod-sql/chmod/adapters"
)

var _ adapters.Adapter = (*Adapter)(nil)

// Adapter is another adapter with patience. It may be used concurrently.
type Adapter struct {
	adapters.Adapter
	policy Policy
}

// New wraps an adapter. Closing it closes that.
func New(inner adapters.Adapter, p Policy) *Adapter { return &Adapter{Adapter: inner, policy: p} }

// Session implements adapters.Adapter.
func (a *Adapter) Session(ctx context.Context) (adapters.Session, error) {
	var inner adapters.Session
	err := a.policy.Do(ctx, func() (err error) {
		inner, err = a.Adapter.Session(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &session{Session: inner, adapter: a}, nil
}

// Catalog implements adapters.Adapter.
func (a *Adapter) Catalog(ctx context.Context, databases []string) (*adapters.Catalog, error) {
	var c *adapters.Catalog
	err := a.policy.Do(ctx, func() (err error) {
		c, err = a.Adapter.Catalog(ctx, databases)
		return err
	})
	return c, err
}
