package seed

import (
	"bytes"
	"errors"
	"io"
)

// cutter cuts a file into blocks of whole rows. As long as there is no quote a
// line end is the end of a row; from the first quote on, or from a row that is
// longer than a block, the file can only be read row by row.
type cutter struct {
	r     io.Reader
	begun []byte // of a row that goes on in the next block
	ended bool
	// rest is what is left where it cannot be cut; nil before.
	rest io.Reader
}

// next fills b, all of whose blocks are of one size, and returns the rows in
// it. It is io.EOF at the end, and errUncut when rest is all there is: then b
// is a part of that, and must be left alone.
func (c *cutter) next(b []byte) ([]byte, error) {
	if c.ended {
		return nil, io.EOF
	}
	n := copy(b, c.begun)
	read, err := io.ReadFull(c.r, b[n:])
	c.ended = errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !c.ended {
		return nil, err
	}
	b = b[:n+read]
	end := len(b)
	if !c.ended {
		end = bytes.LastIndexByte(b, '\n') + 1
	}
	if bytes.IndexByte(b, '"') >= 0 || end == 0 && !c.ended {
		c.ended, c.rest = true, io.MultiReader(bytes.NewReader(b), c.r)
		return nil, errUncut
	}
	c.begun = append(c.begun[:0], b[end:]...)
	if end == 0 {
		return nil, io.EOF
	}
	return b[:end], nil
}

var errUncut = errors.New("from here on the file is read row by row")
