// The README of logging-levels joins a timeline with the trail of audit. Neither package may import the other; this one has both.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openTrail, sqliteStore } from '@groundcrew/audit/trail';
import { expect, onTestFinished, test } from 'vitest';

const ID = 'req-725e86ee-efd7-4170-9fe0-52127e0f2aea';
const USER = '89459855acb4462498ff4b1dccc65b37 6070ae3a9d544aa9ae42b9ddb3114c12 - - default default';
// What the lab's services wrote of a server for which there was no host.
const logs = {
  'nova-api': `2026-11-30 02:25:40.089 30158 INFO nova.api.openstack.requestlog [None ${ID} ${USER}] 127.0.0.1 "POST /v2.1/servers" status: 202 len: 370 microversion: 2.75 time: 1.323818`,
  'nova-conductor': `2026-11-30 02:25:40.397 30150 ERROR nova.conductor.manager [None ${ID} ${USER}] Failed to schedule instances: nova.exception_Remote.NoValidHost_Remote: No valid host was found. 
2026-11-30 02:25:40.775 30150 WARNING nova.scheduler.utils [None ${ID} ${USER}] Failed to compute_task_build_instances: No valid host was found. `,
  placement: `2026-11-30 02:25:40.351 30144 INFO placement.requestlog [${ID} req-6e8b162d-3ced-4c2b-923e-c9ebe2c0a2a6 ${USER}] 127.0.0.1 "GET /allocation_candidates?limit=1000" status: 200 len: 53 microversion: 1.36`,
};

test('the code in the README of logging-levels gives the timeline of a request, with its user by the trail', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'timeline-readme-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [service, text] of Object.entries(logs))
    await writeFile(path.join(folder, `${service}.log`), text);
  const trail = await openTrail({ store: sqliteStore(path.join(folder, 'audit.db')) });
  await trail.append([
    {
      id: 'cadf:1',
      at: '2026-11-30T02:25:38.765Z',
      source: 'rabbitmq lab/audit.info',
      kind: 'audit.http',
      action: 'create',
      outcome: 'pending',
      who: {
        user_id: 'u1',
        user_name: 'demo',
        project_id: '6070ae3a9d544aa9ae42b9ddb3114c12',
        address: '10.0.0.7',
      },
      target: { type: 'server', service: 'compute' },
      request_ids: [ID],
    },
  ]);
  await trail.close();
  const readme = await readFile(new URL('../../logging-levels/README.md', import.meta.url), 'utf8');
  const code = [...readme.matchAll(/```ts\n([^]*?)```/g)]
    .map((match) => match[1] ?? '')
    .find((block) => block.includes('timelineOf('));
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      '--conditions=@groundcrew/source',
      '--input-type=module-typescript',
      '--eval',
      `process.chdir(${JSON.stringify(folder)});\n${code}`,
    ],
    {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { PATH: process.env['PATH'] },
      timeout: 240_000,
    },
  );
  expect(stderr).toBe('');
  // What the README shows of it, shortened where it has an ellipsis.
  const shown = (code ?? '').split('\n').filter((line) => line.startsWith('// '));
  expect(shown.length).toBeGreaterThan(4);
  const said = stdout.split('\n');
  for (const [index, line] of shown.entries())
    for (const part of line.slice(3).split('…')) expect(said[index]).toContain(part);
}, 60_000);
