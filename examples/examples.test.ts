import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** What each program says when it has succeeded. */
const says: Readonly<Record<string, string>> = {
  'audit-trail.ts':
    'certain: mallory from 198.51.100.23, req-1\n2 were known\nverified: true, 3 records, 2 redacted',
  'errors.ts': '0 requests: servers.create:',
  'exporter.ts':
    'openstack_nova_total_vms 148\ngroundcrew_collector_complete{collector="servers"} 1\ngroundcrew_collector_complete{collector="volumes"} 0',
  'images.ts': '4194304 bytes read, the same',
  'instance-ha.ts': 'succeeded: 10 servers moved, 0 failed',
  'list-servers.ts': 'web-1 is ACTIVE\nand gone',
  'log-levels.ts': 'fail critical A secret in the log',
  'microversions.ts': 'compute speaks 2.1 to 2.93',
  'open-group.ts': 'succeeded: 5 rules, then 4\nundone: 5 rules again',
  'own-component.ts': 'master, slave, not seen\npass Redis answers on 2 machines',
  'raw-request.ts': '10 servers are allowed',
  'readiness.ts': '3 critical; 6 not known',
  'runbook.ts': 'succeeded lb-1 and lb-2',
  'test-your-tool.ts': 'it deleted nothing, and asked for nothing unknown',
  'then-what.ts':
    'day 3: asked: Respond to 1 finding: 1 thing, 1 step\nday 3: succeeded\nday 3: nothing is open',
  'what-if.ts': 'mariadb: no-quorum, 1 of 3 left',
  'where-may-it-run.ts': 'may not run on rack-b-compute-1. Move it to rack-a-compute-1',
};

const run = (file: string): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const program = fileURLToPath(new URL(file, import.meta.url));
    execFile(
      process.execPath,
      ['--conditions=@groundcrew/source', program],
      { timeout: 240_000 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

test('each program is run here', async () => {
  const files = await readdir(new URL('.', import.meta.url));
  const programs = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  expect(programs.toSorted()).toEqual(Object.keys(says));
});

test.each(Object.entries(says))('%s', async (file, line) => {
  const { code, stdout, stderr } = await run(file);
  expect(stderr).toBe('');
  expect(stdout).toContain(line);
  expect(code).toBe(0);
});
