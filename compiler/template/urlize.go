package template

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/value"
)

// urlizer turns the addresses in a text into links.
type urlizer struct {
	attrs       string
	limit       int // of what is shown; -1 without
	schemes     []string
	link, email *regexp.Regexp
}

func urlizeFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("urlize", value.Optional("trim_url_limit", nil), value.Optional("nofollow", false),
		value.Optional("target", nil), value.Optional("rel", nil), value.Optional("extra_schemes", nil))
	if err != nil {
		return nil, err
	}
	s, err := text(v)
	if err != nil {
		return nil, err
	}
	u := &urlizer{limit: -1}
	if args[0] != nil {
		if u.limit, err = size(args[0]); err != nil {
			return nil, err
		}
	}
	rel := []string{"noopener"}
	if args[3] != nil {
		rel = append(rel, strings.Fields(value.Str(args[3]))...)
	}
	if value.Truth(args[1]) {
		rel = append(rel, "nofollow")
	}
	slices.Sort(rel)
	u.attrs = ` rel="` + escapeHTML(strings.Join(slices.Compact(rel), " ")) + `"`
	if value.Truth(args[2]) {
		u.attrs += ` target="` + escapeHTML(value.Str(args[2])) + `"`
	}
	if args[4] != nil {
		schemes, err := value.Iterate(args[4])
		if err != nil {
			return nil, err
		}
		valid := regexp.MustCompile(`^[\w.+-]{2,}:/{0,2}$`)
		for _, scheme := range schemes {
			if !valid.MatchString(value.Str(scheme)) {
				return nil, bad(value.Repr(scheme) + " is not a valid URI scheme prefix.")
			}
			u.schemes = append(u.schemes, value.Str(scheme))
		}
	}
	u.link = regexp.MustCompile(`(?i)^(` +
		`(https?://|www\.)([\w%-]+\.)*([a-z]{2,63}|xn--[\w%]{2,59})` +
		`|([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)` +
		`|https?://(\d{1,3}(\.\d{1,3}){3}|\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}\])` +
		`)(:\d{1,5})?([/?#]\S*)?$`)
	u.email = regexp.MustCompile(`^\S+@\w[\w.-]*\.\w+$`)
	return u.text(escapeHTML(s)), nil
}

func (u *urlizer) text(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		end := strings.IndexFunc(s, isSpace)
		if end < 0 {
			end = len(s)
		}
		b.WriteString(u.word(s[:end]))
		s = s[end:]
		gap := len(s) - len(strings.TrimLeftFunc(s, isSpace))
		b.WriteString(s[:gap])
		s = s[gap:]
	}
	return b.String()
}

// word links a word, but not the brackets around it or the punctuation behind
// it, except for brackets that the address itself opens.
func (u *urlizer) word(word string) string {
	head, middle, tail := "", word, ""
	for cut := true; cut; {
		cut = false
		for _, open := range []string{"(", "<", "&lt;"} {
			if strings.HasPrefix(middle, open) {
				head, middle, cut = head+open, middle[len(open):], true
			}
		}
	}
	for cut := true; cut; {
		cut = false
		for _, end := range []string{")", ">", ".", ",", "&gt;"} {
			if strings.HasSuffix(middle, end) {
				tail, middle, cut = end+tail, strings.TrimSuffix(middle, end), true
			}
		}
	}
	for _, pair := range [][2]string{{"(", ")"}, {"<", ">"}, {"&lt;", "&gt;"}} {
		opened := strings.Count(middle, pair[0])
		if opened <= strings.Count(middle, pair[1]) {
			continue
		}
		for range min(opened, strings.Count(tail, pair[1])) {
			end := strings.Index(tail, pair[1]) + len(pair[1])
			middle, tail = middle+tail[:end], tail[end:]
		}
	}
	return head + u.address(middle) + tail
}

func (u *urlizer) address(s string) string {
	switch {
	case u.link.MatchString(s):
		href := s
		if !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") {
			href = "https://" + s
		}
		return `<a href="` + href + `"` + u.attrs + `>` + u.shown(s) + `</a>`
	case strings.HasPrefix(s, "mailto:") && u.email.MatchString(s[7:]):
		return `<a href="` + s + `">` + s[7:] + `</a>`
	case strings.Contains(s, "@") && !strings.HasPrefix(s, "www.") && !strings.HasPrefix(s, "@") &&
		!strings.Contains(s, ":") && u.email.MatchString(s):
		return `<a href="mailto:` + s + `">` + s + `</a>`
	}
	for _, scheme := range u.schemes {
		if s != scheme && strings.HasPrefix(s, scheme) {
			s = `<a href="` + s + `"` + u.attrs + `>` + s + `</a>`
		}
	}
	return s
}

func (u *urlizer) shown(s string) string {
	if u.limit < 0 || utf8.RuneCountInString(s) <= u.limit {
		return s
	}
	return string([]rune(s)[:u.limit]) + "..."
}
