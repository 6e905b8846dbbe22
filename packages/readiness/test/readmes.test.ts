import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Packages that this one can import, and what the blocks of code in their README say when they run. */
const says: Readonly<Record<string, RegExp | readonly RegExp[]>> = {
  audit: /critical Security group allow-all of project/,
  ha: /fail critical nova-compute on rack-b-compute-3 is down with 10 servers on it[^]*failures leave servers down/,
  monitoring: [
    /complete 148[^]*fail medium server erp-worker-1 is in ERROR/,
    /collector_complete\{collector="servers"\} 1\n[^]*\nopenstack_nova_total_vms 148\n/,
    /openstack_nova_total_vms \{ labels: \[\], value: 148 \}[^]*servers complete \[\][^]*39 requests the next time/,
  ],
  readiness: /fail: \d+ to act on, \d+ not known/,
  runbook: /Restart both proxies[^]*sha256:[^]*succeeded/,
  sim: [/false 2\n/, /^1\n$/],
  upgrade: [
    /uniform \[ 'zed' \][^]*fail Zed \(2022\.2\) gets no more releases from its project/,
    /first Debian 11 to Debian 12, while it is 2024\.1[^]*'3\.13', '4\.1'/,
    /prod +Zed \(2022\.2\) +fail[^]*prod {2}overdue: Zed/,
  ],
  // The last one: it leaves a network of its own in the cloud.
  'backup-dr': [
    /fail high Volume .* has no copy to restore/,
    /complete 0\n[^]*quota instances of Nova: 17 are needed, and 10 of 10 are free[^]*\nsucceeded/,
  ],
};

const simulated = simulateCloud({ scenario: 'site' });
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'readmes-'));
  const { connectOptions } = await simulated.listen({ port: 0 });
  // JSON is YAML: the cloud `prod` of the READMEs is the simulated one.
  await writeFile(path.join(folder, 'clouds.yaml'), JSON.stringify({ clouds: { prod: connectOptions } }));
});
afterAll(async () => {
  await simulated.close();
  await rm(folder, { recursive: true });
});

const blocks = Object.entries(says).flatMap(([name, lines]) =>
  [lines].flat().map((line, index) => [name, index, line] as const),
);

test.each(blocks)('the code in the README of %s runs, block %i, and says that', async (name, index, line) => {
  const readme = await readFile(new URL(`../../${name}/README.md`, import.meta.url), 'utf8');
  const code = [...readme.matchAll(/```ts\n([^]*?)```/g)][index]?.[1] ?? '';
  const { stdout, stderr } = await run(`process.chdir(${JSON.stringify(folder)});\n${code}`);
  expect(stderr).toBe('');
  expect(stdout).toMatch(line);
});

/** Runs a module as if it were in this package's folder, so that it finds what this package depends on. */
const run = (code: string): Promise<{ stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@groundcrew/source', '--input-type=module-typescript', '--eval', code],
      {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        env: { PATH: process.env['PATH'], OS_CLIENT_CONFIG_FILE: path.join(folder, 'clouds.yaml') },
        timeout: 240_000,
      },
      (_error, stdout, stderr) => resolve({ stdout, stderr }),
    );
  });
