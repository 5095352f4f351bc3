package completion_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/coranto/coranto/cmd/coranto/completion"
)

func TestScript(t *testing.T) {
	var line struct {
		Config string `help:"The file."`
		Fetch  struct {
			JSON bool `name:"json" help:"Print JSON."`
		} `cmd:"" help:"Visit sources."`
	}
	parser, err := kong.New(&line)
	if err != nil {
		t.Fatal(err)
	}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		script := completion.Script(shell, parser.Model.Node)
		for _, word := range []string{"fetch", "json", "config"} {
			if !strings.Contains(script, word) {
				t.Errorf("the script for %s does not know %q:\n%s", shell, word, script)
			}
		}
	}
	if got := completion.Script("tcsh", parser.Model.Node); got != "" {
		t.Errorf("a script for a shell that is not known: %q", got)
	}
}

// TestBash asks a real shell what it would complete.
func TestBash(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash on this machine")
	}
	var line struct {
		Fetch struct{} `cmd:"" help:"Visit sources."`
		Serve struct{} `cmd:"" help:"Serve."`
	}
	parser, err := kong.New(&line)
	if err != nil {
		t.Fatal(err)
	}
	script := completion.Script("bash", parser.Model.Node) +
		"\nCOMP_WORDS=(coranto fe); COMP_CWORD=1; _coranto; printf '%s\\n' \"${COMPREPLY[@]}\"\n"
	out, err := exec.Command(bash, "-c", script).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "fetch" {
		t.Errorf("bash completes \"fe\" to %q (%v), want fetch", out, err)
	}
}
