// Package crash tests what the program makes of the worst that can happen to it and to
// its store: it is killed at any moment, its file is damaged, its disk is full or can't
// be written, another process wants the same file, its budget is used up.
//
// All of it is shown by the program as it is shipped: built once, run as processes of
// their own, and asked by HTTP and on the command line as an operator asks. The package
// holds tests alone; docs/DURABILITY.md lists what they prove.
package crash
