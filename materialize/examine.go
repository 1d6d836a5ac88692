package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// examination is how one relation of a node is on each host.
type examination struct {
	e     *Expected
	r     ExpectedRelation
	hosts []Host
	held  map[string]adapters.Holding
	shape map[string]shape
	// lacking have nothing of it, detached have it and do not serve it.
	lacking, detached []string
	// generation is what each host has; of those that hold rows only.
	generation map[string]string
	verdict    verdict
	// elsewhere are the generations of what builds have left on each host.
	elsewhere map[string][]string
	// model is the host that others are to be like; empty when there is none. torn
	// says that it is no better than others that differ from it.
	model, torn string
	// stale have another generation, odd are of another shape, lost are not
	// known to Keeper, readOnly take no writes, behind lack parts.
	stale, odd, lost, readOnly, behind []string
	changes                            map[string][]change // by host, against the project or the model
	problems                           []problem
}

// problem is one difference on one host.
type problem struct {
	host   string
	aspect Aspect
	what   string
	remedy Remedy
	// change is what it comes from, when it comes from a shape.
	change *change
}

// examine looks at one relation.
func (v sight) examine(e *Expected, r ExpectedRelation) *examination {
	s := v.survey
	x := &examination{
		e: e, r: r, held: map[string]adapters.Holding{}, shape: map[string]shape{}, generation: map[string]string{},
		changes: map[string][]change{},
	}
	x.hosts = []Host{{}}
	if e.Hosts != nil {
		x.hosts = slices.DeleteFunc(slices.Clone(e.Hosts), func(h Host) bool { return s.Holdings[h.Name] == nil })
	}
	for _, h := range x.hosts {
		x.look(h.Name, s)
	}
	switch {
	case len(x.held) == 0:
	case r.Rows:
		x.generations(v)
	default:
		x.models(v.prefer)
	}
	x.absent()
	x.compare()
	if r.Rows && x.verdict.undecided == "" {
		x.replicas(s)
	}
	return x
}

func (x *examination) found(host string, a Aspect, remedy Remedy, format string, args ...any) {
	x.problems = append(x.problems, problem{host: host, aspect: a, what: fmt.Sprintf(format, args...), remedy: remedy})
}

// look notes what a host has.
func (x *examination) look(host string, s *Survey) {
	h, ok := s.Holdings[host][x.r.Relation]
	switch {
	case !ok:
		x.lacking = append(x.lacking, host)
		return
	case h.Detached:
		x.detached = append(x.detached, host)
		return
	}
	shape, err := readShape(h.CreateQuery)
	if err != nil {
		// Kinds of relations that are not ours to read, such as those of a
		// database of another system.
		shape.kind = h.Engine
	}
	x.held[host], x.shape[host] = h, shape
	if x.r.Rows && strings.HasSuffix(h.Engine, "MergeTree") {
		x.generation[host] = generationOf(h, shape)
	}
}

// absent reports the hosts that do not serve it.
func (x *examination) absent() {
	for _, host := range x.lacking {
		x.found(host, AspectMissing, x.whenAbsent(host), "it is missing")
	}
	for _, host := range x.detached {
		x.found(host, AspectDetached, RemedyRepair, "it is detached: the host has it and does not serve it")
	}
}

// whenAbsent is what brings the right relation to a host that does not have it.
func (x *examination) whenAbsent(host string) Remedy {
	switch {
	case x.verdict.undecided != "":
		return RemedyPrefer
	case !x.r.Rows && x.model != "", x.r.Rows && x.obtainable(host):
		return RemedyRepair
	}
	return RemedyBuild
}

// obtainable reports whether a host can get the right table: from another
// replica of its shard, or from what a build has left on it.
func (x *examination) obtainable(host string) bool {
	return x.verdict.right != "" && (len(x.donors(host)) > 0 || slices.Contains(x.elsewhere[host], x.verdict.right))
}

// generations finds which of several tables of the name is the right one.
func (x *examination) generations(v sight) {
	rows := map[string]uint64{}
	x.elsewhere = map[string][]string{}
	for host, h := range x.held {
		rows[host] = h.Rows()
	}
	for _, l := range v.state.leftoversOf(x.r.Relation) {
		for _, host := range l.hosts {
			if g := v.generations[host][l.Relation]; g != "" && disposable(l.stamp.Role) {
				x.elsewhere[host] = append(x.elsewhere[host], g)
			}
		}
	}
	have := x.generation
	if len(have) == 0 {
		x.models(v.prefer)
		return
	}
	x.verdict = decide(x.hosts, have, rows, x.elsewhere, v.coming(x.r.Relation), v.prefer)
	if x.verdict.undecided != "" {
		for _, h := range x.hosts {
			if _, ok := have[h.Name]; ok {
				x.found(h.Name, AspectGeneration, RemedyPrefer, "hosts have tables of different builds, and which is the right one cannot be told: %s", x.verdict.undecided)
			}
		}
		return
	}
	var right []string
	for _, h := range x.hosts {
		g, ok := have[h.Name]
		_, there := x.held[h.Name]
		switch {
		case !there:
		case ok && g == x.verdict.right:
			right = append(right, h.Name)
		default:
			x.stale = append(x.stale, h.Name)
		}
	}
	x.model, x.torn = x.soundest(right, v.prefer)
	for _, host := range x.stale {
		what := fmt.Sprintf("it is a %s, and no table of the build that is right", x.held[host].Engine)
		if g, ok := have[host]; ok {
			what = "it is a table of another build" + ofTime(g)
		}
		x.found(host, AspectGeneration, x.whenAbsent(host), "%s (the right one: %s)", what, x.verdict.how)
	}
}

func ofTime(generation string) string {
	if t, ok := builtAt(generation); ok {
		return ", of " + t.Format("2006-01-02 15:04:05") + " UTC"
	}
	return ""
}

// models finds the host that the others are to be like, for what holds no rows.
func (x *examination) models(prefer string) {
	var have []string
	for _, h := range x.hosts {
		if _, ok := x.held[h.Name]; ok {
			have = append(have, h.Name)
		}
	}
	var torn string
	if x.model, torn = x.soundest(have, prefer); torn != "" {
		x.model = ""
		x.verdict.undecided = "as many hosts have it one way as the other: " + torn
	}
}

// soundest is which of hosts the others are to be like: the one that is named;
// else one of those that differ least from the project, and of these one that is
// as most are, or as a build would make it. torn says that it cannot be told.
func (x *examination) soundest(hosts []string, prefer string) (model, torn string) {
	if slices.Contains(hosts, prefer) {
		return prefer, ""
	}
	fewest := -1
	alike := map[string][]string{}
	for _, host := range hosts {
		wrong := 0
		if x.r.shape != nil {
			wrong = len(differences(*x.r.shape, x.shape[host], x.looks(true)))
		}
		if fewest < 0 || wrong < fewest {
			fewest = wrong
			clear(alike)
		}
		if wrong > fewest {
			continue
		}
		at := host
		for other := range alike {
			if len(differences(x.shape[other], x.shape[host], x.looks(false))) == 0 {
				at = other
			}
		}
		alike[at] = append(alike[at], host)
	}
	most, nearest := 0, 0
	for _, host := range hosts {
		n := len(alike[host])
		if n == 0 || n < most {
			continue
		}
		// Of as many on either side, those are right that are as a build would
		// make it.
		off := x.unbuilt(host)
		switch {
		case n > most, off < nearest:
			most, nearest, model, torn = n, off, host, ""
		case off == nearest:
			torn = sides(alike)
		}
	}
	return model, torn
}

// unbuilt counts in what a host has another shape than a build would give it now,
// in the project's say or not.
func (x *examination) unbuilt(host string) int {
	if x.r.shape == nil {
		return 0
	}
	l := x.looks(true)
	l.comment, l.column = true, true
	return len(differences(*x.r.shape, x.shape[host], l))
}

// looks are what counts when shapes are compared, with the project's or with
// another host's.
func (x *examination) looks(asked bool) looks {
	if !asked {
		return looks{columns: true, types: true, storage: true, comment: true, column: true, query: true}
	}
	r := x.r
	l := looks{asked: true, columns: r.Rows && !r.loose || r.documented && !r.Rows && !r.distributed, types: !r.distributed, comment: r.commented, column: r.documented}
	if r.distributed {
		l.columns = len(r.shape.columns) > 0
	}
	l.storage = l.columns && l.types
	// Servers that cannot write a query in their own way are not asked whether
	// it is the same.
	l.query = !r.Rows && !r.distributed && x.e.in.Server.Version.AtLeast(24, 1)
	return l
}

// compare holds each host's shape against the project's, then against the
// model's.
func (x *examination) compare() {
	// What the project has a say in is not compared with a host that has it in
	// another way.
	known, wrong := map[string]bool{}, map[string]bool{}
	for _, h := range x.hosts {
		host := h.Name
		have, ok := x.shape[host]
		if !ok || slices.Contains(x.stale, host) || x.r.shape == nil {
			continue
		}
		for _, c := range differences(*x.r.shape, have, x.looks(true)) {
			known[host+c.what] = true
			wrong[c.about] = wrong[c.about] || host == x.model
			x.differs(host, c, true)
		}
	}
	if x.model == "" {
		if x.verdict.undecided != "" && !x.r.Rows {
			for host := range x.held {
				x.found(host, AspectQuery, RemedyPrefer, "hosts have it in different ways, and which is right cannot be told: %s", x.verdict.undecided)
			}
		}
		return
	}
	for _, h := range x.hosts {
		host := h.Name
		have, ok := x.shape[host]
		if !ok || host == x.model || slices.Contains(x.stale, host) {
			continue
		}
		for _, c := range differences(x.shape[x.model], have, x.looks(false)) {
			switch {
			case known[host+c.what], wrong[c.about]:
			case x.torn != "":
				x.found(host, c.aspect, RemedyPrefer, "%s, as %s has it, and which is right cannot be told: %s", c.what, x.model, x.torn)
			default:
				x.differs(host, c, false)
			}
		}
	}
}

// differs notes a change of shape and what to do about it.
func (x *examination) differs(host string, c change, asked bool) {
	what := c.what + ", as " + x.model + " has it"
	if asked {
		what = c.what + ", as the project says"
	}
	p := problem{host: host, aspect: c.aspect, what: what, remedy: RemedyBuild, change: &c}
	switch {
	case c.action != "" && x.alters(c.aspect):
		p.remedy = RemedyRepair
		x.changes[host] = append(x.changes[host], c)
	case x.r.Rows:
	case !asked || x.model != "" && x.model != host && !x.asAsked(host):
		// Another host has it as it should be.
		if len(differences(x.shape[x.model], x.shape[host], x.looks(false))) > 0 {
			p.remedy = RemedyRepair
			if !slices.Contains(x.odd, host) {
				x.odd = append(x.odd, host)
			}
		}
	}
	x.problems = append(x.problems, p)
}

// asAsked reports whether the model is no closer to the project than a host.
func (x *examination) asAsked(host string) bool {
	if x.r.shape == nil {
		return false
	}
	l := x.looks(true)
	return len(differences(*x.r.shape, x.shape[x.model], l)) >= len(differences(*x.r.shape, x.shape[host], l))
}

// alters reports whether the servers can change that of a table that is there.
func (x *examination) alters(a Aspect) bool {
	v := x.e.in.Server.Version
	switch a {
	case AspectSettings:
		return v.AtLeast(20, 1) && x.r.Rows
	case AspectComment:
		return v.Has(adapters.TableComment)
	}
	return false
}
