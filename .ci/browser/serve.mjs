// Starts the program for the tests: the demonstration, and a server of one feed
// that holds what the invented papers don't print.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

// freePort is a port of loopback that nobody listens on.
async function freePort() {
  const server = net.createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

// start runs the program with arguments until stop is called, and waits until the page
// at base shows so many items.
async function start(args, base, items) {
  const child = spawn(process.env.CORANTO ?? 'coranto', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (text) => { log += text; });
  const ended = new Promise((done) => child.once('exit', done));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  for (const until = Date.now() + 30_000; Date.now() < until;) {
    if (child.exitCode !== null) {
      throw new Error(`coranto ${args[0]} ended:\n${log}`);
    }
    const page = await fetch(base).then((r) => r.text(), () => '');
    if (page.split('<article').length > items) {
      return { base, stop };
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  await stop();
  throw new Error(`coranto ${args[0]} showed no ${items} items within half a minute:\n${log}`);
}

// demo is the demonstration in a language.
export async function demo(language) {
  const address = `127.0.0.1:${await freePort()}`;
  return start(['demo', '--listen', address, '--language', language], `http://${address}/`, 30);
}

// corner is a server of the feed in corner.xml, with pictures of no known size.
export async function corner() {
  const dir = await mkdtemp(path.join(tmpdir(), 'coranto-browser-'));
  const feed = await readFile(new URL('corner.xml', import.meta.url), 'utf8');
  const origin = http.createServer((request, response) => {
    if (request.url.endsWith('.svg')) {
      response.setHeader('Content-Type', 'image/svg+xml');
      response.end('<svg xmlns="http://www.w3.org/2000/svg" width="900" height="1400"><rect '
        + 'width="900" height="1400" fill="teal"/></svg>');
      return;
    }
    response.setHeader('Content-Type', 'application/atom+xml; charset=utf-8');
    response.end(feed.replaceAll('ORIGIN', `http://${request.headers.host}`));
  });
  await new Promise((done) => origin.listen(0, '127.0.0.1', done));
  const address = `127.0.0.1:${await freePort()}`;
  const file = path.join(dir, 'coranto.yaml');
  await writeFile(file, [
    `listen: ${address}`, 'admin: off', 'site: {title: Corners}',
    'fetch: {allow_networks: [127.0.0.0/8], allow_ports: [' + origin.address().port + ']}',
    `sources: [{id: corner, url: "http://127.0.0.1:${origin.address().port}/feed", categories: [all]}]`,
  ].join('\n'));
  const server = await start(['--config', file, 'serve'], `http://${address}/`, 3);
  return {
    base: server.base,
    stop: async () => {
      await server.stop();
      origin.close();
      await rm(dir, { recursive: true });
    },
  };
}
