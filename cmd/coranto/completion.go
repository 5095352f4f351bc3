package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints a script that completes the commands and flags there are.
func (cmd *completionCommand) Run(s *session) error {
	words := completionWords(s.parser.Model.Node)
	var script string
	switch cmd.Shell {
	case "bash":
		script = bashCompletion(words)
	case "zsh":
		script = "autoload -U +X bashcompinit && bashcompinit\n" + bashCompletion(words)
	case "fish":
		script = fishCompletion(words)
	}
	_, err := fmt.Fprint(s.out, script)
	return err
}

// completed is a command with its flags; the first, without a name, has the
// flags of all.
type completed struct {
	name, help string
	flags      []string
}

func completionWords(root *kong.Node) []completed {
	list := []completed{{flags: flagsOf(root)}}
	for _, c := range root.Children {
		list = append(list, completed{c.Name, c.Help, flagsOf(c)})
	}
	return list
}

func flagsOf(n *kong.Node) []string {
	var flags []string
	for _, f := range n.Flags {
		flags = append(flags, "--"+f.Name)
	}
	return flags
}

func bashCompletion(list []completed) string {
	var names []string
	var cases strings.Builder
	for _, c := range list[1:] {
		names = append(names, c.name)
		fmt.Fprintf(&cases, "    %s) words=\"%s $flags\" ;;\n", c.name, strings.Join(c.flags, " "))
	}
	return fmt.Sprintf(`_coranto() {
  local cur="${COMP_WORDS[COMP_CWORD]}" flags=%q words
  case "${COMP_WORDS[1]}" in
%s    *) words="%s $flags" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [[ $cur == -* || $COMP_CWORD -eq 1 ]] || COMPREPLY+=($(compgen -f -- "$cur"))
}
complete -F _coranto coranto
`, strings.Join(list[0].flags, " "), cases.String(), strings.Join(names, " "))
}

func fishCompletion(list []completed) string {
	var b strings.Builder
	for _, flag := range list[0].flags {
		fmt.Fprintf(&b, "complete -c coranto -l %s\n", strings.TrimPrefix(flag, "--"))
	}
	for _, c := range list[1:] {
		fmt.Fprintf(&b, "complete -c coranto -n __fish_use_subcommand -a %s -d %q\n", c.name, c.help)
		for _, flag := range c.flags {
			fmt.Fprintf(&b, "complete -c coranto -n '__fish_seen_subcommand_from %s' -l %s\n",
				c.name, strings.TrimPrefix(flag, "--"))
		}
	}
	return b.String()
}
