// Package embedded runs ClickHouse as a child process of this one, on a folder
// of the project, so that a project needs no server to be built.
//
// The child is this same binary, started with the hidden subcommand
// [Subcommand]. It loads the ClickHouse library (or supervises a `clickhouse
// server`), listens on 127.0.0.1 and speaks the native protocol: whoever
// connects to it cannot tell it from a server. [Start] starts one, [Attach]
// finds one that another process shares, [Open] does whichever fits. The main
// type is [Server].
//
// The package refuses to run SQL, to know a profile, and to listen anywhere
// but on 127.0.0.1.
package embedded
