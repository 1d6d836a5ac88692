package artifact

import (
	"encoding/json"
	"io"
	"runtime"
)

// sections writes the top level of a large JSON file, which is never in memory
// as a whole. After an error it writes nothing more.
type sections struct {
	out   io.Writer
	begun bool
	err   error
	spare chan []byte // texts to be written over
}

func (s *sections) write(text []byte) {
	if s.err == nil {
		_, s.err = s.out.Write(text)
	}
}

func (s *sections) key(name string) {
	lead := ","
	if !s.begun {
		lead = "{"
	}
	s.begun = true
	s.write(append(appendString([]byte(lead), name), ':'))
}

// value writes a section in one go.
func (s *sections) value(name string, v any) {
	text, err := json.Marshal(v)
	if s.err == nil {
		s.err = err
	}
	s.key(name)
	s.write(text)
}

// chunk is how many entries are encoded at once.
const chunk = 128

// encoded are some entries on their way to the file.
type encoded struct {
	text []byte
	err  error
}

// ordered writes a section of entries by id. They are encoded on all
// processors and written in order.
func (s *sections) ordered(name string, ids []string, appendEntry func(text []byte, id string) ([]byte, error)) {
	s.key(name)
	s.write([]byte{'{'})
	// Whoever holds a place in the queue may be encoded: that bounds memory.
	places := runtime.GOMAXPROCS(0)
	queue := make(chan chan encoded, places)
	if s.spare == nil {
		s.spare = make(chan []byte, places+2)
	}
	go func() {
		defer close(queue)
		for from := 0; from < len(ids); from += chunk {
			done := make(chan encoded, 1)
			queue <- done
			var text []byte
			select {
			case text = <-s.spare:
			default:
			}
			go func() { done <- encode(text[:0], ids[from:min(from+chunk, len(ids))], appendEntry) }()
		}
	}()
	first := true
	for done := range queue {
		e := <-done
		if s.err == nil {
			s.err = e.err
		}
		if !first {
			s.write([]byte{','})
		}
		first = false
		s.write(e.text)
		select {
		case s.spare <- e.text:
		default:
		}
	}
	s.write([]byte{'}'})
}

func encode(text []byte, ids []string, appendEntry func(text []byte, id string) ([]byte, error)) encoded {
	e := encoded{text: text}
	for i, id := range ids {
		if i > 0 {
			e.text = append(e.text, ',')
		}
		e.text = append(appendString(e.text, id), ':')
		if e.text, e.err = appendEntry(e.text, id); e.err != nil {
			return e
		}
	}
	return e
}

func (s *sections) end() error {
	s.write([]byte("}"))
	return s.err
}
