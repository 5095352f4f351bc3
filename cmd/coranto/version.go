package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/coranto/coranto"
)

type versionCommand struct{}

// Run prints the version, with the commit where the build knows it.
func (cmd *versionCommand) Run(s *session) error {
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				revision = " (" + setting.Value[:min(12, len(setting.Value))] + ")"
			}
		}
	}
	fmt.Fprintf(s.out, "coranto %s%s %s %s/%s\n",
		coranto.Version, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
