package bed

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// answerTime bounds one question, and with it how long a distributed statement
// is waited for.
const answerTime = 15 * time.Second

// Ask runs a statement on a node and returns the server's answer as
// TabSeparated.
func (c *Cluster) Ask(ctx context.Context, n int, sql string) (string, error) {
	return c.askWith(ctx, n, "distributed_ddl_task_timeout=10", sql)
}

func (c *Cluster) askWith(ctx context.Context, n int, settings, sql string) (string, error) {
	if err := c.check(n); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	url := "http://" + c.Nodes[n-1].HTTPAddr + "/?" + settings
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(sql))
	if err != nil {
		return "", err
	}
	request.Header.Set("X-ClickHouse-User", c.User)
	request.Header.Set("X-ClickHouse-Key", c.Password)
	// A connection kept would be one to a node that was killed since.
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", fmt.Errorf("ask node %d: %w", n, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return "", fmt.Errorf("ask node %d: %w", n, err)
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("ask node %d: %s", n, strings.TrimSpace(string(text)))
	}
	return string(text), nil
}
