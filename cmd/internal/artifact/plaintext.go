package artifact

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// plainUpTo is a place from i on up to which all bytes of s stand for
// themselves in JSON. Eight are looked at at once, and the last seven not at
// all: nine tenths of a manifest are such text.
func plainUpTo(s string, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	// The bytes are only read: they need not be a copy.
	text := unsafe.Slice(unsafe.StringData(s), len(s))
	for ; i+8 <= len(text); i += 8 {
		w := binary.LittleEndian.Uint64(text[i:])
		quote, slash := w^ones*'"', w^ones*'\\'
		// The top bit of a byte is set where it is below a space, one of the
		// two, or no ASCII; above the first such byte it may be set for nothing.
		if odd := ((w-ones*' ')&^w | (quote-ones)&^quote | (slash-ones)&^slash | w) & tops; odd != 0 {
			return i + bits.TrailingZeros64(odd)/8
		}
	}
	return i
}
