package embedded

import (
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"hash"
	"strings"
)

// integrity checks a download against a subresource integrity ("sha512-…").
// Older algorithms are refused.
type integrity struct {
	want []byte
	hash hash.Hash
}

func newIntegrity(text string) (*integrity, error) {
	encoded, ok := strings.CutPrefix(text, "sha512-")
	if !ok {
		return nil, fmt.Errorf("the integrity %q is not sha512", text)
	}
	want, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(want) != sha512.Size {
		return nil, fmt.Errorf("the integrity %q is damaged", text)
	}
	return &integrity{want: want, hash: sha512.New()}, nil
}

func (i *integrity) Write(data []byte) (int, error) { return i.hash.Write(data) }

// check says whether exactly the expected bytes were written.
func (i *integrity) check() error {
	got := i.hash.Sum(nil)
	if subtle.ConstantTimeCompare(got, i.want) != 1 {
		return fmt.Errorf("the download is not what was published: its sha512 is %s, expected %s",
			base64.StdEncoding.EncodeToString(got), base64.StdEncoding.EncodeToString(i.want))
	}
	return nil
}
