// Package completion writes scripts by which shells complete a command line.
package completion

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// Script is the script of a shell (bash, zsh or fish) for the commands and flags
// of a program called coranto; "" for a shell that is none of these.
func Script(shell string, root *kong.Node) string {
	list := words(root)
	switch shell {
	case "bash":
		return bash(list)
	case "zsh":
		return "autoload -U +X bashcompinit && bashcompinit\n" + bash(list)
	case "fish":
		return fish(list)
	}
	return ""
}

// completed is a command with its flags; the first, without a name, has the
// flags of all.
type completed struct {
	name, help string
	flags      []string
}

func words(root *kong.Node) []completed {
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

func bash(list []completed) string {
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

func fish(list []completed) string {
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
