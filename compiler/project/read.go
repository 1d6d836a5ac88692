package project

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
	"unsafe"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// roomSize is more than nearly all files of projects have.
const roomSize = 64 << 10

// Read reads files in parallel and gives them in the same order. Files that
// are not UTF-8 are a *diag.Failure.
func Read(files []Found) ([]*source.File, error) {
	out := make([]*source.File, len(files))
	errs := make([]error, len(files))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(2*runtime.GOMAXPROCS(0), len(files)) {
		wait.Go(func() {
			room := make([]byte, roomSize)
			for {
				i := int(next.Add(1)) - 1
				if i >= len(files) {
					return
				}
				out[i], errs[i] = readOne(files[i], room)
			}
		})
	}
	wait.Wait()
	var list diag.List
	for _, err := range errs {
		if err := list.AddError(err); err != nil {
			return nil, err
		}
	}
	if err := list.Err(); err != nil {
		return nil, err
	}
	return out, nil
}

func readOne(found Found, room []byte) (*source.File, error) {
	content, err := readFile(found.Abs, room)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", found.Shown, err)
	}
	// Nobody else has the bytes: the text need not be a copy of them.
	f := source.New(found.Shown, found.Abs, unsafe.String(unsafe.SliceData(content), len(content)))
	if d, wrong := notUTF8(f); wrong {
		return nil, d
	}
	return f, nil
}

// notUTF8 tells where a file is not UTF-8.
func notUTF8(f *source.File) (diag.Diagnostic, bool) {
	if utf8.ValidString(f.Text) {
		return diag.Diagnostic{}, false
	}
	at := 0
	for at < len(f.Text) {
		r, size := utf8.DecodeRuneInString(f.Text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	d := diag.Diagnostic{
		Code: "bad-encoding", Span: source.Span{File: f, Start: at, End: at + 1},
		What: "the file is not UTF-8", Fix: "save it as UTF-8",
	}
	if strings.HasPrefix(f.Text, "\xff\xfe") || strings.HasPrefix(f.Text, "\xfe\xff") {
		d.Why = "it looks like UTF-16"
	}
	return d, true
}
