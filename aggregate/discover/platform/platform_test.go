package platform

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Pieces of pages by which programs are told.
const (
	ucid     = "UCabcdefghijklmnopqrstuv"
	activity = `<link rel=alternate type="application/activity+json" href=/users/x>`
)

// made is a page that names its generator.
func made(by string) string { return `<head><meta name="generator" content="` + by + `">` }

// TestP75Platforms is the table of what is known. The rule is the first that
// answers; a row without a page needs no request.
func TestP75Platforms(t *testing.T) {
	const yt = "https://www.youtube.com/feeds/videos.xml?"
	tests := []struct {
		rule, address, page string
		want                []string
	}{
		{"YouTube", "https://www.youtube.com/channel/" + ucid, "", []string{yt + "channel_id=" + ucid}},
		{"YouTube", "https://youtube.com/channel/" + ucid + "/videos", "", []string{yt + "channel_id=" + ucid}},
		{"YouTube", "https://m.youtube.com/playlist?list=PLx_-9", "", []string{yt + "playlist_id=PLx_-9"}},
		{"YouTube", "https://www.youtube.com/watch?v=a&list=PLx", "", []string{yt + "playlist_id=PLx"}},
		{"YouTube", "https://www.youtube.com/user/GoogleDevelopers", "", []string{yt + "user=GoogleDevelopers"}},
		{"YouTube", "https://www.youtube.com/user/x", `"externalId":"` + ucid + `"`, []string{yt + "channel_id=" + ucid}},
		{"YouTube", "https://www.youtube.com/@handle", `{"channelId":"` + ucid + `"}`, []string{yt + "channel_id=" + ucid}},
		{"YouTube", "https://www.youtube.com/@handle/videos",
			`"channelId":"UCxxxxxxxxxxxxxxxxxxxxxx" <link rel="alternate" href="https://www.youtube.com/feeds/videos.xml?channel_id=` +
				ucid + `">`, []string{yt + "channel_id=" + ucid}},
		{"YouTube", "https://www.youtube.com/c/name", `<meta itemprop="identifier" content="` + ucid + `">`,
			[]string{yt + "channel_id=" + ucid}},
		{"YouTube", "https://www.youtube.com/name",
			`<link rel="canonical" href="https://www.youtube.com/channel/` + ucid + `">`, []string{yt + "channel_id=" + ucid}},
		{"", "https://www.youtube.com/@handle", "", nil},
		{"", "https://www.youtube.com/watch?v=a&list=RDmix", "", nil},
		{"", "https://www.youtube.com/feeds/videos.xml?channel_id=" + ucid, "", nil},
		{"Vimeo", "https://vimeo.com/staff", "", []string{"https://vimeo.com/staff/videos/rss"}},
		{"Vimeo", "https://vimeo.com/channels/staffpicks", "", []string{"https://vimeo.com/channels/staffpicks/videos/rss"}},
		{"Vimeo", "https://vimeo.com/groups/short", "", []string{"https://vimeo.com/groups/short/videos/rss"}},
		{"", "https://vimeo.com/123456", "", nil},
		{"SoundCloud", "https://soundcloud.com/somebody", `content="soundcloud://users:123"`,
			[]string{"https://feeds.soundcloud.com/users/soundcloud:users:123/sounds.rss"}},
		{"", "https://soundcloud.com/somebody", "", nil},
		{"Odysee", "https://odysee.com/@name:1", "", []string{"https://odysee.com/$/rss/@name:1"}},
		{"PeerTube", "https://tube.example/c/news/videos", `<meta property="og:platform" content="PeerTube">`,
			[]string{"https://tube.example/feeds/videos.xml?videoChannelName=news"}},
		{"PeerTube", "https://tube.example/a/ann", `<meta property="og:platform" content="PeerTube">`,
			[]string{"https://tube.example/feeds/videos.xml?accountName=ann"}},
		{"Flickr", "https://www.flickr.com/photos/1234@N01/", "",
			[]string{"https://www.flickr.com/services/feeds/photos_public.gne?id=1234@N01&format=atom"}},
		{"Flickr", "https://www.flickr.com/photos/ann", `{"nsid":"99@N07"}`,
			[]string{"https://www.flickr.com/services/feeds/photos_public.gne?id=99@N07&format=atom"}},
		{"Flickr", "https://www.flickr.com/groups/12%40N01", "",
			[]string{"https://www.flickr.com/services/feeds/groups_pool.gne?id=12@N01&format=atom"}},
		{"Letterboxd", "https://letterboxd.com/ann/", "", []string{"https://letterboxd.com/ann/rss/"}},
		{"Steam", "https://store.steampowered.com/app/440/Name/", "",
			[]string{"https://store.steampowered.com/feeds/news/app/440/"}},

		{"GitHub", "https://github.com/golang/go", "",
			[]string{"https://github.com/golang/go/releases.atom", "https://github.com/golang/go/commits.atom"}},
		{"GitHub", "https://github.com/golang/go.git", "",
			[]string{"https://github.com/golang/go/releases.atom", "https://github.com/golang/go/commits.atom"}},
		{"GitHub", "https://github.com/golang", "", []string{"https://github.com/golang.atom"}},
		{"GitHub", "https://github.com/orgs/golang/repositories", "", []string{"https://github.com/golang.atom"}},
		{"GitHub", "https://github.com/golang/go/releases", "", []string{"https://github.com/golang/go/releases.atom"}},
		{"GitHub", "https://github.com/golang/go/releases/tag/go1.26", "", []string{"https://github.com/golang/go/releases.atom"}},
		{"GitHub", "https://github.com/golang/go/tags", "", []string{"https://github.com/golang/go/tags.atom"}},
		{"GitHub", "https://github.com/golang/go/commits", "", []string{"https://github.com/golang/go/commits.atom"}},
		{"GitHub", "https://github.com/golang/go/commits/release-branch.go1.26/", "",
			[]string{"https://github.com/golang/go/commits/release-branch.go1.26.atom"}},
		{"GitHub", "https://github.com/golang/go/tree/master/src", "",
			[]string{"https://github.com/golang/go/commits/master/src.atom"}},
		{"GitHub", "https://github.com/orgs/community/discussions", "",
			[]string{"https://github.com/orgs/community/discussions.atom"}},
		{"GitHub", "https://github.com/golang/go/discussions", "", []string{"https://github.com/golang/go/discussions.atom"}},
		{"", "https://github.com/orgs", "", nil},
		{"", "https://github.com/golang/go/issues", "", nil},
		{"", "https://github.com/topics/rss", "", nil},
		{"", "https://github.com/golang/go/releases.atom", "", nil},
		{"GitHub Gist", "https://gist.github.com/ann", "", []string{"https://gist.github.com/ann.atom"}},
		{"GitLab", "https://gitlab.com/group/sub/project", "", []string{
			"https://gitlab.com/group/sub/project/-/releases.atom", "https://gitlab.com/group/sub/project.atom"}},
		{"GitLab", "https://gitlab.com/ann", "", []string{"https://gitlab.com/ann.atom"}},
		{"GitLab", "https://gitlab.com/g/p/-/tags", "", []string{"https://gitlab.com/g/p/-/tags?format=atom"}},
		{"GitLab", "https://gitlab.com/g/p/-/commits/main", "", []string{"https://gitlab.com/g/p/-/commits/main?format=atom"}},
		{"GitLab", "https://git.example:8443/g/p/-/releases", `<meta content="GitLab" property="og:site_name">`,
			[]string{"https://git.example:8443/g/p/-/releases.atom"}},
		{"Gitea", "https://codeberg.org/forgejo/forgejo", "", []string{
			"https://codeberg.org/forgejo/forgejo/releases.rss", "https://codeberg.org/forgejo/forgejo.rss"}},
		{"Gitea", "https://codeberg.org/ann", "", []string{"https://codeberg.org/ann.rss"}},
		{"Gitea", "https://codeberg.org/a/b/commits/branch/main", "", []string{"https://codeberg.org/a/b/rss/branch/main"}},
		{"Gitea", "https://git.example/a/b/tags", `<meta name="keywords" content="go,git,self-hosted,gitea">`,
			[]string{"https://git.example/a/b/tags.rss"}},
		{"SourceHut", "https://git.sr.ht/~ann/tool", "", []string{
			"https://git.sr.ht/~ann/tool/refs/rss.xml", "https://git.sr.ht/~ann/tool/log/rss.xml"}},
		{"SourceForge", "https://sourceforge.net/projects/sox/files/", "", []string{"https://sourceforge.net/projects/sox/rss"}},

		{"Mastodon", "https://mastodon.social/@Gargron", "", []string{"https://mastodon.social/@Gargron.rss"}},
		{"Mastodon", "https://social.example/@ann/1234", activity, []string{"https://social.example/@ann.rss"}},
		{"Mastodon", "https://mastodon.social/@ann@other.example", "", []string{"https://other.example/@ann.rss"}},
		{"Mastodon", "https://misskey.example/@ann", activity + "Misskey", []string{"https://misskey.example/@ann.atom"}},
		{"Mastodon", "https://social.example/users/ann", activity,
			[]string{"https://social.example/users/ann.rss", "https://social.example/users/ann.atom"}},
		{"", "https://blog.example/@ann", "<p>hello", nil},
		{"Bluesky", "https://bsky.app/profile/ann.example", "", []string{"https://bsky.app/profile/ann.example/rss"}},
		{"Bluesky", "https://bsky.app/profile/did:plc:abc/post/1", "", []string{"https://bsky.app/profile/did:plc:abc/rss"}},
		{"Reddit", "https://www.reddit.com/", "", []string{"https://www.reddit.com/.rss"}},
		{"Reddit", "https://old.reddit.com/r/golang", "", []string{"https://www.reddit.com/r/golang/.rss"}},
		{"Reddit", "https://reddit.com/r/golang/top/?t=week", "", []string{"https://www.reddit.com/r/golang/top/.rss?t=week"}},
		{"Reddit", "https://www.reddit.com/u/ann", "", []string{"https://www.reddit.com/user/ann/.rss"}},
		{"Reddit", "https://www.reddit.com/user/ann/m/news", "", []string{"https://www.reddit.com/user/ann/m/news/.rss"}},
		{"", "https://www.reddit.com/r/golang/.rss", "", nil},
		{"Lemmy", "https://lemmy.world/c/technology", "", []string{"https://lemmy.world/feeds/c/technology.xml"}},
		{"Lemmy", "https://lemmy.world/c/linux@lemmy.ml", "", []string{"https://lemmy.ml/feeds/c/linux.xml"}},
		{"Lemmy", "https://talk.example/u/ann", "<script>window.lemmyConfig={}", []string{"https://talk.example/feeds/u/ann.xml"}},
		{"Hacker News", "https://news.ycombinator.com", "", []string{"https://news.ycombinator.com/rss"}},
		{"", "https://news.ycombinator.com/user?id=pg", "", nil},
		{"Lobsters", "https://lobste.rs/t/go", "", []string{"https://lobste.rs/t/go.rss"}},
		{"Stack Exchange", "https://stackoverflow.com/questions/tagged/go", "",
			[]string{"https://stackoverflow.com/feeds/tag?tagnames=go&sort=newest"}},
		{"Stack Exchange", "https://unix.stackexchange.com/questions/12/why", "",
			[]string{"https://unix.stackexchange.com/feeds/question/12"}},
		{"Stack Exchange", "https://superuser.com/users/7/ann", "", []string{"https://superuser.com/feeds/user/7"}},
		{"Discourse", "https://meta.example/", made("Discourse 3.5 - https://github.com/discourse"),
			[]string{"https://meta.example/latest.rss", "https://meta.example/posts.rss"}},
		{"Discourse", "https://meta.example/c/news/5", made("Discourse"), []string{"https://meta.example/c/news/5.rss"}},
		{"Discourse", "https://meta.example/top?period=weekly", made("Discourse"), []string{"https://meta.example/top.rss"}},
		{"phpBB", "https://f.example/board/viewforum.php?f=5", `<body id="phpbb">`,
			[]string{"https://f.example/board/app.php/feed/forum/5", "https://f.example/board/feed.php?f=5"}},
		{"phpBB", "https://f.example", `<body id="phpbb">`,
			[]string{"https://f.example/app.php/feed", "https://f.example/feed.php"}},

		{"Medium", "https://medium.com/@ann", "", []string{"https://medium.com/feed/@ann"}},
		{"Medium", "https://medium.com/@ann/a-story-1234", "", []string{"https://medium.com/feed/@ann"}},
		{"Medium", "https://medium.com/netflix-techblog", "", []string{"https://medium.com/feed/netflix-techblog"}},
		{"Medium", "https://medium.com/pub/tagged/go", "", []string{"https://medium.com/feed/pub/tagged/go"}},
		{"Medium", "https://medium.com/tag/golang", "", []string{"https://medium.com/feed/tag/golang"}},
		{"Medium", "https://ann.medium.com/about", "", []string{"https://ann.medium.com/feed"}},
		{"Medium", "https://blog.example/x", `<meta property="al:android:package" content="com.medium.reader">`,
			[]string{"https://blog.example/feed"}},
		{"Substack", "https://ann.substack.com/p/a-post", "", []string{"https://ann.substack.com/feed"}},
		{"Substack", "https://open.substack.com/pub/ann/p/a-post", "", []string{"https://ann.substack.com/feed"}},
		{"Substack", "https://letters.example/", `<link href="https://substackcdn.com/x.css">`,
			[]string{"https://letters.example/feed"}},
		{"WordPress", "https://ann.wordpress.com/about", "",
			[]string{"https://ann.wordpress.com/feed/", "https://ann.wordpress.com/?feed=rss2"}},
		{"WordPress", "https://w.example/", made("WordPress 6.9"),
			[]string{"https://w.example/feed/", "https://w.example/?feed=rss2"}},
		{"WordPress", "https://w.example/blog/post", `<link href="https://w.example/blog/wp-content/x.css">`,
			[]string{"https://w.example/blog/feed/", "https://w.example/blog/?feed=rss2"}},
		{"WordPress", "https://w.example/p", `<img src="https://cdn.example/w/wp-content/x.png">`,
			[]string{"https://w.example/feed/", "https://w.example/?feed=rss2"}},
		{"Blogger", "https://ann.blogspot.com/2026/01/x.html", "", []string{"https://ann.blogspot.com/feeds/posts/default"}},
		{"Blogger", "https://ann.blogspot.co.uk/search/label/Go", "",
			[]string{"https://ann.blogspot.co.uk/feeds/posts/default/-/Go"}},
		{"Blogger", "https://b.example/", made("blogger"), []string{"https://b.example/feeds/posts/default"}},
		{"Tumblr", "https://ann.tumblr.com/post/1", "", []string{"https://ann.tumblr.com/rss"}},
		{"Tumblr", "https://ann.tumblr.com/tagged/art", "", []string{"https://ann.tumblr.com/tagged/art/rss"}},
		{"Tumblr", "https://www.tumblr.com/ann", "", []string{"https://ann.tumblr.com/rss"}},
		{"Tumblr", "https://www.tumblr.com/blog/view/ann/123", "", []string{"https://ann.tumblr.com/rss"}},
		{"Tumblr", "https://art.example/", `<script src="https://assets.tumblr.com/x.js">`, []string{"https://art.example/rss"}},
		{"DEV", "https://dev.to/ann", "", []string{"https://dev.to/feed/ann"}},
		{"DEV", "https://dev.to/t/go", "", []string{"https://dev.to/feed/tag/go"}},
		{"subdomains", "https://ann.hashnode.dev/", "", []string{"https://ann.hashnode.dev/rss.xml"}},
		{"generators", "https://g.example/x/", made("Ghost 5.1"), []string{"https://g.example/rss/"}},
		{"generators", "http://g.example:8080/posts/", made("Hugo 0.150"), []string{"http://g.example:8080/index.xml"}},

		{"MediaWiki", "https://en.wikipedia.org/wiki/Go_(programming_language)", "", []string{
			"https://en.wikipedia.org/w/index.php?title=Go_%28programming_language%29&action=history&feed=atom"}},
		{"MediaWiki", "https://en.m.wikipedia.org/wiki/Special:NewPages", "",
			[]string{"https://en.m.wikipedia.org/w/index.php?title=Special:NewPages&feed=atom"}},
		{"MediaWiki", "https://wiki.example/", made("MediaWiki 1.44") + `<script>{"wgScript":"/index.php"}`,
			[]string{"https://wiki.example/index.php?title=Special:RecentChanges&feed=atom"}},
		{"arXiv", "https://arxiv.org/list/cs.AI/recent", "", []string{"https://rss.arxiv.org/rss/cs.AI"}},
		{"arXiv", "https://arxiv.org/archive/math", "", []string{"https://rss.arxiv.org/rss/math"}},
		{"arXiv", "https://arxiv.org/a/warner_s_1", "", []string{"https://arxiv.org/a/warner_s_1.atom"}},

		{"", "https://example.org/", "<p>hello", nil},
		{"", "ftp://github.com/golang/go", "", nil},
		{"", "https://github.com.evil.example/golang/go", "", nil},
		{"", "https://notgithub.com/golang/go", "", nil},
		{"", ":", "", nil},
	}
	covered := map[string]bool{"": true}
	for _, tt := range tests {
		covered[tt.rule] = true
		t.Run("P75 "+tt.address, func(t *testing.T) {
			var page []byte
			if tt.page != "" {
				page = []byte(tt.page)
			}
			if diff := cmp.Diff(tt.want, Feeds(tt.address, page)); diff != "" {
				t.Errorf("feeds (-want +got):\n%s", diff)
			}
			if got := answering(tt.address, page); got != tt.rule {
				t.Errorf("the rule of %q answers, want that of %q", got, tt.rule)
			}
		})
	}
	for _, r := range rules() {
		if !covered[r.name] {
			t.Errorf("no row for the rule of %s", r.name)
		}
	}
}

// answering is the name of the first rule that has an answer.
func answering(address string, page []byte) string {
	s, ok := parse(address, page)
	for _, r := range rules() {
		if ok && len(r.feeds(s)) > 0 {
			return r.name
		}
	}
	return ""
}

func TestP75Remedy(t *testing.T) {
	tests := []struct{ address, want string }{
		{"https://podcasts.apple.com/us/podcast/name/id1234", "https://itunes.apple.com/lookup?id=1234 has it as feedUrl"},
		{"https://podcasts.apple.com/us/browse", "look for RSS on the show's own site"},
		{"https://open.spotify.com/show/1", "look for RSS on the show's own site"},
		{"https://news.ycombinator.com/user?id=pg", "front page"},
		{"https://x.com/ann", "X has no feeds"},
		{"https://www.instagram.com/ann", "Instagram has no feeds"},
		{"https://example.org/", ""},
	}
	for _, tt := range tests {
		t.Run(tt.address, func(t *testing.T) {
			got := Remedy(tt.address)
			if !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("remedy = %q, want one with %q", got, tt.want)
			}
		})
	}
}

func TestP75Named(t *testing.T) {
	page := `<a href="/about">About</a> <a href="episodes.xml" title="RSS feed">x</a>
		<a href="feed://pod.example/show">Subscribe by <b>RSS</b></a> <a href=/x><img alt="Atom"></a>
		<a href="feed:https://other.example/f">Feed</a> <a href="javascript:alert(1)">RSS</a>
		<a href="https://me:pw@h.example/rss">RSS</a> <a href="/post/comments/feed">RSS</a>
		<a href="/all.rss#x">All</a> <a href="/all.rss">All</a> <a href="/feedback">feedback</a>
		<a href="/story">How RSS lost to the timeline and what we can do about it</a>`
	base, err := url.Parse("https://site.example/show/")
	if err != nil {
		t.Fatal(err)
	}
	own, foreign := Named([]byte(page), base)
	wantOwn := []string{"https://site.example/show/episodes.xml", "https://site.example/x", "https://site.example/all.rss"}
	wantForeign := []string{"https://pod.example/show", "https://other.example/f"}
	if !slices.Equal(own, wantOwn) || !slices.Equal(foreign, wantForeign) {
		t.Errorf("named %q and %q, want %q and %q", own, foreign, wantOwn, wantForeign)
	}
}

func FuzzFeeds(f *testing.F) {
	f.Add("https://www.youtube.com/@x", []byte(`"channelId":"`+ucid+`"`))
	f.Add("https://w.example//../blog?f=1", []byte(made("WordPress")+`href="//%zz/wp-content/"`))
	f.Add("https://wiki.example/wiki/%", []byte(made("MediaWiki")+`<body id="phpbb"> content="PeerTube"`))
	f.Fuzz(func(t *testing.T, address string, page []byte) {
		feeds := Feeds(address, page)
		if base, err := url.Parse(address); err == nil && base.Host != "" {
			own, foreign := Named(page, base)
			feeds = slices.Concat(feeds, own, foreign)
		}
		for _, feed := range feeds {
			u, err := url.Parse(feed)
			if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				t.Errorf("%q of %q is no web address (%v)", feed, address, err)
			}
		}
	})
}
