/**
 * `pnpm pack:try`: what a stranger gets. The packages are packed and installed in an empty project outside the workspace; there
 * the examples are compiled, some of them are run, every entry is imported, the programs are called, and a bundle is built and
 * run from elsewhere. `pnpm build` comes first.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect, isDeepStrictEqual } from 'node:util';
import { build } from 'esbuild';
import { readCommandLine } from '../packages/ground/src/command-line.ts';
import { entries, pack, project, run } from './stranger.ts';
import { publicPackages, root } from './workspace.ts';

/** The examples that are run: the others differ in what they call, not in what they load. */
const programs = ['list-servers', 'readiness', 'runbook'];

/** Entries whose optional peer is not installed, and the package that Node must name. */
const needPeers: Readonly<Record<string, string>> = {
  '@groundcrew/core/opentelemetry': '@opentelemetry/api',
  '@groundcrew/monitoring/exporter': 'prom-client',
  '@groundcrew/monitoring/opentelemetry': '@opentelemetry/resources',
  '@groundcrew/sim/msw': 'msw',
};

function importEntries(folder: string, node: readonly string[]): void {
  const program = `
    const failed = {};
    for (const entry of ${JSON.stringify(entries())}) {
      await import(entry).catch((error) => { failed[entry] = /Cannot find package '([^']+)'/.exec(error.message)?.[1] ?? error.stack; });
    }
    console.log(JSON.stringify(failed));`;
  const failed = run(folder, node[0] ?? '', [...node.slice(1), '--input-type=module', '--eval', program]);
  expectEqual('entries that need an optional peer', JSON.parse(failed), needPeers);
}

/** Runs the programs as a shell finds them, on the Node that runs this script. */
function callPrograms(folder: string): void {
  for (const { folder: name, manifest } of publicPackages()) {
    for (const program of Object.keys(manifest.bin ?? {})) {
      const version = run(folder, path.join(folder, 'node_modules', '.bin', program), ['--version']);
      expectEqual(`${program} --version`, version.trim(), manifest.version);
      expectEqual(
        `${program} --help`,
        run(folder, path.join(folder, 'node_modules', '.bin', program), ['--help'])
          .split('\n')[0]
          ?.includes(`npx @groundcrew/${name}`),
        true,
      );
    }
  }
}

async function bundle(folder: string, elsewhere: string): Promise<string> {
  const guide = readFileSync(path.join(root, 'docs', 'guides', 'bundling.md'), 'utf8');
  const banner = /--banner:js="([^"]+)"/.exec(guide)?.[1];
  if (banner === undefined) throw new Error('docs/guides/bundling.md has no banner');
  const outfile = path.join(elsewhere, 'readiness.mjs');
  await build({
    absWorkingDir: folder,
    entryPoints: [path.join(folder, 'readiness.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    banner: { js: banner },
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}

function expectEqual(what: string, is: unknown, should: unknown): void {
  if (!isDeepStrictEqual(is, should)) throw new Error(`${what}: ${inspect(is)}, and not ${inspect(should)}`);
}

/** Runs a part, and says how long it took. */
async function part<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  process.stdout.write(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  return result;
}

async function main(nodes: readonly string[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'groundcrew-stranger-'));
  const [packed, stranger, elsewhere] = ['packed', 'stranger', 'elsewhere'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  try {
    for (const each of [packed, stranger, elsewhere]) mkdirSync(each);
    const tarballs = await part('pack', () => pack(packed));
    await part('install', () => project(stranger, tarballs));
    await part('compile', () =>
      run(stranger, path.join(stranger, 'node_modules', '.bin', 'tsc'), ['-p', '.']),
    );
    await part('call the programs', () => callPrograms(stranger));
    const bundled = await part('bundle', () => bundle(stranger, elsewhere));
    for (const version of nodes.length === 0 ? [undefined] : nodes) {
      const node =
        version === undefined ? [process.execPath] : ['npx', '-y', '-p', `node@${version}`, 'node'];
      const on = `on Node ${run(folder, node[0] ?? '', [...node.slice(1), '--version']).trim()}`;
      await part(`import ${entries().length} entries ${on}`, () => importEntries(stranger, node));
      for (const program of [...programs.map((name) => path.join(stranger, 'out', `${name}.js`)), bundled])
        await part(`run ${path.relative(folder, program)} ${on}`, () =>
          run(elsewhere, node[0] ?? '', [...node.slice(1), program]),
        );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const line = readCommandLine(process.argv.slice(2), {
  usage:
    'usage: pnpm pack:try [--node VERSION]…\n\n  --node   a version of Node to run on, such as 22; without it, the one that is here\n',
  version: '0.0.0',
  options: { node: { type: 'string', multiple: true, default: [] } },
});
if (line.kind === 'end') {
  process[line.stream].write(line.text);
  process.exitCode = line.code;
} else {
  await main(line.values.node);
}
