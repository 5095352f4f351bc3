package serve_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto/feeds/serve"
)

// childVariable is set for the process that serves while another measures it.
const childVariable = "CORANTO_SERVE_CHILD"

// TestServeAlone is no test but a server in a process of its own, on the terms that the
// program sets for memory. It tells where it listens, and ends with its input.
func TestServeAlone(t *testing.T) {
	if os.Getenv(childVariable) == "" {
		t.Skip("it serves for BenchmarkNginx")
	}
	debug.SetGCPercent(400)
	publisher, pages := newPublisher(t)
	server := serve.NewServer(serve.Handler(serve.Options{Publisher: publisher,
		NotFound: pages.NotFound, Rate: 20}), nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	served.Go(func() { _ = server.Serve(l) })
	fmt.Println(l.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin)
	server.Close()
	served.Wait()
}

// nginxConfig is Debian's as far as it concerns static files, with one worker, which is
// the process itself. Every answer has the fields that ours has.
const nginxConfig = `
daemon off;
master_process off;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 768; }
http {
	sendfile on;
	tcp_nopush on;
	types_hash_max_size 2048;
	default_type application/octet-stream;
	types { application/atom+xml xml; }
	charset utf-8;
	charset_types application/atom+xml;
	access_log off;
	gzip_static on;
	gzip_vary on;
	keepalive_requests 100000000;
	client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
	uwsgi_temp_path uwsgi; scgi_temp_path scgi;
	server {
		listen %s;
		root files;
		%s
	}
}
`

// rival is a server that is measured.
type rival struct {
	name    string
	pid     int
	address string
	tag     string        // of the document
	spent   time.Duration // by its process, on requests that were counted
}

// cpu is what the process has used so far (proc(5): the 14th and 15th field, in
// hundredths of a second on Linux).
func (v *rival) cpu(b *testing.B) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", v.pid))
	if err != nil {
		b.Skip("there is no /proc to measure by: ", err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	var ticks int
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// startOurs starts this program once more, to serve.
func startOurs(b *testing.B) *rival {
	b.Helper()
	ours := exec.Command(os.Args[0], "-test.run=^TestServeAlone$")
	ours.Env = append(os.Environ(), childVariable+"=1")
	ours.Stderr = os.Stderr
	input, err := ours.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	output, err := ours.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := ours.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { input.Close(); _ = ours.Wait() })
	address, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return &rival{name: "ours", pid: ours.Process.Pid, address: strings.TrimSpace(address)}
}

// startNginx lets nginx serve what ours does, from files, with the same fields.
func startNginx(b *testing.B, ours *rival) *rival {
	b.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		b.Skip("nginx is not installed")
	}
	dir := b.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "files"), 0o755); err != nil {
		b.Fatal(err)
	}
	var fields strings.Builder
	for _, coding := range []string{"", "gzip"} {
		answer := fetch(b, ours, coding)
		name := "atom.xml"
		if coding != "" {
			name += ".gz"
		}
		if err := os.WriteFile(filepath.Join(dir, "files", name), answer.body, 0o644); err != nil {
			b.Fatal(err)
		}
		if coding != "" {
			continue
		}
		for _, field := range []string{
			"Cache-Control", "Link", "X-Content-Type-Options", "Access-Control-Allow-Origin",
			"Access-Control-Expose-Headers",
		} {
			fmt.Fprintf(&fields, "add_header %s '%s';\n", field, answer.header.Get(field))
		}
	}
	address := freeAddress(b)
	conf := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(nginxConfig, address, fields.String())
	if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
	nginx := exec.Command(program, "-p", dir, "-c", conf)
	nginx.Stderr = os.Stderr
	if err := nginx.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = nginx.Process.Kill(); _ = nginx.Wait() })
	for deadline := time.Now().Add(10 * time.Second); ; {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			return &rival{name: "nginx", pid: nginx.Process.Pid, address: address}
		}
		if time.Now().After(deadline) {
			b.Fatal("nginx does not listen: ", err)
		}
	}
}

func freeAddress(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// answered is an answer as it came.
type answered struct {
	status int
	header http.Header
	body   []byte
	size   int // of head and body
}

func request(v *rival, coding, tag string) []byte {
	var r bytes.Buffer
	fmt.Fprintf(&r, "GET /atom.xml HTTP/1.1\r\nHost: %s\r\nUser-Agent: benchmark/1.0\r\nAccept: */*\r\n",
		v.address)
	if coding != "" {
		fmt.Fprintf(&r, "Accept-Encoding: %s\r\n", coding)
	}
	if tag != "" {
		fmt.Fprintf(&r, "If-None-Match: %s\r\n", tag)
	}
	r.WriteString("\r\n")
	return r.Bytes()
}

// countingReader knows how much was read.
type countingReader struct {
	io.Reader
	n int
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

func fetch(b *testing.B, v *rival, coding string) *answered {
	b.Helper()
	return exchange(b, v, request(v, coding, ""))
}

// exchange sends one request and looks at the answer.
func exchange(b *testing.B, v *rival, request []byte) *answered {
	b.Helper()
	c, err := net.Dial("tcp", v.address)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write(request); err != nil {
		b.Fatal(err)
	}
	counted := &countingReader{Reader: c}
	response, err := http.ReadResponse(bufio.NewReader(counted), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.Fatal(err)
	}
	return &answered{response.StatusCode, response.Header, body, counted.n}
}

// clients is the number of connections that ask at a time.
const clients = 8

// hammer asks n times over connections that are kept. Every answer has the same size.
func hammer(b *testing.B, v *rival, request []byte, size, n int) {
	b.Helper()
	var wait sync.WaitGroup
	errs := make([]error, clients)
	for i := range clients {
		wait.Go(func() { errs[i] = askAgain(v, request, size, n/clients) })
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			b.Fatal(v.name, ": ", err)
		}
	}
}

func askAgain(v *rival, request []byte, size, n int) error {
	c, err := net.Dial("tcp", v.address)
	if err != nil {
		return err
	}
	defer c.Close()
	answer := make([]byte, size)
	for range n {
		if _, err := c.Write(request); err != nil {
			return err
		}
		if _, err := io.ReadFull(c, answer); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkNginx compares the processor time that a request costs us with what it costs
// nginx for the same bytes and fields, in turns. It fails above the bars of the project.
func BenchmarkNginx(b *testing.B) {
	const round, rounds = 20_000, 5
	ours := startOurs(b)
	nginx := startNginx(b, ours)
	for _, kind := range []struct {
		name, coding string
		known        bool // the client has it
		status       int
		bar          float64
	}{
		{"200-plain", "", false, 200, 2.2},
		{"200-gzip", "gzip", false, 200, 2.2},
		{"304", "gzip", true, 304, 1.8},
	} {
		b.Run(kind.name, func(b *testing.B) {
			for b.Loop() {
				bytesSent := make(map[string]int)
				for _, v := range []*rival{nginx, ours} {
					v.spent, v.tag = 0, ""
					if kind.known {
						v.tag = fetch(b, v, kind.coding).header.Get("Etag")
					}
				}
				for turn := range rounds + 1 {
					for _, v := range []*rival{nginx, ours} {
						asked := request(v, kind.coding, v.tag)
						answer := exchange(b, v, asked)
						if answer.status != kind.status {
							b.Fatalf("%s: status %d, want %d", v.name, answer.status, kind.status)
						}
						bytesSent[v.name] = len(answer.body)
						before := v.cpu(b)
						hammer(b, v, asked, answer.size, round)
						if turn > 0 { // the first warms up
							v.spent += v.cpu(b) - before
						}
					}
				}
				if bytesSent["ours"] != bytesSent["nginx"] {
					b.Fatalf("other bodies: %v", bytesSent)
				}
				us := func(v *rival) float64 {
					return float64(v.spent.Microseconds()) / (round / clients * clients * rounds)
				}
				ratio := us(ours) / us(nginx)
				b.ReportMetric(us(ours), "ours-µs")
				b.ReportMetric(us(nginx), "nginx-µs")
				b.ReportMetric(ratio, "ours/nginx")
				if ratio > kind.bar {
					b.Errorf("%.2f times what nginx needs, want at most %.1f", ratio, kind.bar)
				}
			}
		})
	}
}
