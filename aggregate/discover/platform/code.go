package platform

import (
	"slices"
	"strings"
)

// github has feeds for people and, of a repository, for releases, tags, commits
// of a branch or of a path, the wiki and the discussions.
func github(s site) []string {
	owner, repo := s.part(0), strings.TrimSuffix(s.part(1), ".git")
	if !s.at("github.com") || owner == "" || isGitHubPage(owner) {
		return nil
	}
	if owner == "orgs" {
		return githubOrg(repo, s.part(2))
	}
	if repo == "" {
		return one("https://github.com/" + owner + ".atom")
	}
	base := "https://github.com/" + owner + "/" + repo
	switch kind := s.part(2); kind {
	case "":
		return []string{base + "/releases.atom", base + "/commits.atom"}
	case "commits", "tree", "blob":
		return one(base + "/commits" + s.rest(3) + ".atom")
	case "releases", "tags", "wiki", "discussions":
		return one(base + "/" + kind + ".atom")
	}
	return nil
}

func githubOrg(name, page string) []string {
	switch {
	case name == "":
		return nil
	case page == "discussions":
		return one("https://github.com/orgs/" + name + "/discussions.atom")
	}
	return one("https://github.com/" + name + ".atom")
}

// isGitHubPage reports first segments that are nobody's name.
func isGitHubPage(name string) bool {
	return slices.Contains([]string{
		"about", "apps", "collections", "contact", "explore", "features", "login", "marketplace",
		"notifications", "pricing", "search", "settings", "signup", "site", "sponsors", "topics",
		"trending",
	}, name)
}

func gist(s site) []string {
	if !s.at("gist.github.com") || s.part(0) == "" {
		return nil
	}
	return one("https://gist.github.com/" + s.part(0) + ".atom")
}

// gitlab runs on many hosts. What belongs to a project stands behind "/-/".
func gitlab(s site) []string {
	if !s.at("gitlab.com") && !s.shows(`content="GitLab"`) || len(s.path) == 0 {
		return nil
	}
	at := slices.Index(s.path, "-")
	if at < 0 {
		project := s.here(s.rest(0))
		if len(s.path) == 1 {
			return one(project + ".atom")
		}
		return []string{project + "/-/releases.atom", project + ".atom"}
	}
	base := s.here("/" + strings.Join(s.path[:at], "/") + "/-/")
	switch kind := s.part(at + 1); kind {
	case "releases", "issues":
		return one(base + kind + ".atom")
	case "tags":
		return one(base + "tags?format=atom")
	case "commits", "tree", "blob":
		return one(base + "commits" + s.rest(at+2) + "?format=atom")
	}
	return nil
}

// gitea is also Forgejo, of which Codeberg is one.
func gitea(s site) []string {
	known := s.at("codeberg.org", "gitea.com", "code.forgejo.org") ||
		s.shows("self-hosted,gitea") || s.shows("forge,forgejo")
	owner, repo := s.part(0), s.part(1)
	if !known || owner == "" || owner == "explore" || owner == "user" || owner == "org" {
		return nil
	}
	if repo == "" {
		return one(s.here("/" + owner + ".rss"))
	}
	base := s.here("/" + owner + "/" + repo)
	switch kind := s.part(2); kind {
	case "":
		return []string{base + "/releases.rss", base + ".rss"}
	case "releases", "tags":
		return one(base + "/" + kind + ".rss")
	case "commits", "src":
		return one(base + "/rss" + s.rest(3))
	}
	return nil
}

func sourcehut(s site) []string {
	if !s.at("git.sr.ht") || !strings.HasPrefix(s.part(0), "~") || s.part(1) == "" {
		return nil
	}
	base := "https://git.sr.ht/" + s.part(0) + "/" + s.part(1)
	return []string{base + "/refs/rss.xml", base + "/log/rss.xml"}
}

func sourceforge(s site) []string {
	if !s.at("sourceforge.net") || s.part(0) != "projects" || s.part(1) == "" {
		return nil
	}
	return one("https://sourceforge.net/projects/" + s.part(1) + "/rss")
}
