package seed

import (
	"bytes"
	"strconv"
)

// integer is the converter of a type of whole numbers; nil for other types.
func integer(name string) converter {
	switch name {
	case "Int8":
		return signed[int8](8)
	case "Int16":
		return signed[int16](16)
	case "Int32":
		return signed[int32](32)
	case "Int64":
		return signed[int64](64)
	case "UInt8":
		return unsigned[uint8](8)
	case "UInt16":
		return unsigned[uint16](16)
	case "UInt32":
		return unsigned[uint32](32)
	case "UInt64":
		return unsigned[uint64](64)
	}
	return nil
}

func signed[T int8 | int16 | int32 | int64](bits int) converter {
	var v T
	return func(text []byte) (any, error) {
		n, ok := quickInt(text)
		if !ok || n != int64(T(n)) {
			var err error
			if n, err = strconv.ParseInt(string(bytes.TrimSpace(text)), 10, bits); err != nil {
				return nil, errNumber
			}
		}
		v = T(n)
		return &v, nil
	}
}

func unsigned[T uint8 | uint16 | uint32 | uint64](bits int) converter {
	var v T
	return func(text []byte) (any, error) {
		n, err := strconv.ParseUint(string(bytes.TrimSpace(text)), 10, bits)
		if err == nil {
			v = T(n)
			return &v, nil
		}
		if bits == 8 && isBool(bytes.TrimSpace(text)) { // flags, where there is no Bool
			v = 0
			if text := bytes.TrimSpace(text); text[0] == 't' || text[0] == 'T' {
				v = 1
			}
			return &v, nil
		}
		return nil, errNumber
	}
}
