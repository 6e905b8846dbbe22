import { execFile, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Daemon, freePorts, startDaemon } from '@groundcrew/lab';

const call = promisify(execFile);

export interface Target {
  readonly job: string;
  /** Of the exporter: `http://127.0.0.1:9180/metrics`. */
  readonly url: string;
}

export interface PrometheusOptions {
  readonly targets: readonly Target[];
  /** The time between two scrapes, and the longest one, in Prometheus' own words. @default '1s' */
  readonly interval?: string | undefined;
}

/** A real Prometheus on loopback. It ends with this process, and its data with `dispose`. */
export interface Prometheus extends AsyncDisposable {
  readonly url: string;
  /** What it has logged from the level `warn` on. */
  log(): string;
  /** The value of an expression that has one; `undefined` if it has none. */
  query(expression: string): Promise<number | undefined>;
  /** Its own metrics, as text. */
  ownMetrics(): Promise<string>;
  /** What `promtool check metrics` says of a text, and its exit code: 3 for names that it does not like. */
  check(text: string): Promise<{ readonly code: number | null; readonly said: string }>;
}

/**
 * Starts Debian's Prometheus by the binary of its package, which is unpacked into a temporary folder and not installed, so that
 * no service of it starts. Root's place is taken by nobody.
 */
export async function startPrometheus({ targets, interval = '1s' }: PrometheusOptions): Promise<Prometheus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'prometheus-'));
  const data = path.join(folder, 'data');
  const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  let daemon: Daemon | undefined;
  const dispose = async (): Promise<void> => {
    await daemon?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const bin = await unpack(folder);
    await mkdir(data);
    await chmod(folder, 0o755);
    if (owner.uid !== undefined) await chown(data, owner.uid, owner.gid);
    const config = path.join(folder, 'prometheus.yml');
    // JSON is YAML.
    await writeFile(config, JSON.stringify(configOf(targets, interval)));
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const ready = async (): Promise<boolean> =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    const started = await startDaemon(
      [
        path.join(bin, 'prometheus'),
        `--config.file=${config}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
      ],
      { ...owner, cwd: data, ready },
    );
    daemon = started;
    return {
      url,
      log: () => started.output(),
      query: async (expression) => {
        const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
        const { data: found } = (await answer.json()) as QueryAnswer;
        const value = found?.result[0]?.value[1];
        return value === undefined ? undefined : Number(value);
      },
      ownMetrics: async () => (await fetch(`${url}/metrics`)).text(),
      check: (text) => promtool(path.join(bin, 'promtool'), text),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface QueryAnswer {
  readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

async function unpack(folder: string): Promise<string> {
  // The user `_apt`, to whom apt leaves downloads, may not write into root's folders.
  await call('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', 'prometheus'], { cwd: folder });
  const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('apt-get download brought no package');
  await call('dpkg-deb', ['-x', archive, 'package'], { cwd: folder });
  return path.join(folder, 'package', 'usr', 'bin');
}

const configOf = (targets: readonly Target[], interval: string): object => ({
  global: { scrape_interval: interval, scrape_timeout: interval },
  scrape_configs: targets.map(({ job, url }) => {
    const { host, pathname } = new URL(url);
    return { job_name: job, metrics_path: pathname, static_configs: [{ targets: [host] }] };
  }),
});

const promtool = (
  program: string,
  text: string,
): Promise<{ readonly code: number | null; readonly said: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    const keep = (more: string): void => {
      said += more;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said }));
    child.stdin.end(text);
  });
