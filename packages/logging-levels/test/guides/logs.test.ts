import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The programs of the guide, on logs that say what the lab's said of a boot without a valid host.
const ID = 'req-725e86ee-efd7-4170-9fe0-52127e0f2aea';
const line = (second: string, level: string, logger: string, message: string): string =>
  `2026-11-30 02:25:${second} 7 ${level} ${logger} [None ${ID} ada shop - - default default] ${message}\n`;
const LOGS: Readonly<Record<string, string>> = {
  'nova-api': line(
    '38.100',
    'INFO',
    'nova.api.openstack.requestlog',
    '127.0.0.1 "POST /v2.1/servers" status: 202 len: 387 microversion: 2.1 time: 0.093137',
  ),
  'nova-conductor': [
    line(
      '40.397',
      'ERROR',
      'nova.conductor.manager',
      'Failed to schedule instances: nova.exception.NoValidHost: x',
    ),
    line(
      '40.500',
      'WARNING',
      'oslo_messaging.rpc.client',
      'Using RPCClient manually to instantiate client. Please use get_rpc_client to obtain an RPC client instance.',
    ),
  ].join(''),
  'nova-scheduler': line('40.100', 'INFO', 'nova.filters', 'Filter ComputeFilter returned 0 hosts'),
  'nova-compute': '',
  placement: line(
    '39.000',
    'INFO',
    'placement.requestlog',
    '127.0.0.1 "GET /allocation_candidates" status: 200 len: 53 microversion: 1.36',
  ),
  'neutron-server': line(
    '38.500',
    'INFO',
    'neutron.wsgi',
    '127.0.0.1 "GET /v2.0/networks HTTP/1.1" status: 200  len: 734 time: 0.0421',
  ),
  'glance-api': line(
    '38.300',
    'INFO',
    'eventlet.wsgi.server',
    '127.0.0.1 - - [30/Nov/2026 02:25:38] "GET /v2/images HTTP/1.1" 200 1268 0.042360',
  ),
};

let folder = '';
let blocks: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'logs-guide-'));
  await mkdir(path.join(folder, 'all'));
  for (const release of ['2025.1', '2026.1'])
    await mkdir(path.join(folder, 'logs', release), { recursive: true });
  for (const [service, text] of Object.entries(LOGS)) {
    await writeFile(path.join(folder, 'all', `${service}.log`), text);
    await writeFile(path.join(folder, 'logs', '2026.1', `${service}.log`), text);
    if (service !== 'nova-conductor')
      await writeFile(path.join(folder, 'logs', '2025.1', `${service}.log`), text);
  }
  const guide = await readFile(new URL('../../../../docs/guides/logs.md', import.meta.url), 'utf8');
  blocks = [...guide.matchAll(/```ts\n([^]*?)```/g)].map((block) => block[1] ?? '');
});
afterAll(() => rm(folder, { recursive: true }));

test('the guide finds where the request failed, what is new, and what has the wrong level', async () => {
  const [what = '', fresh = '', levels = ''] = blocks;
  const timeline = await run(what);
  expect(timeline).toMatch(/^req-725e86ee-[\w-]+: failed; /);
  expect(timeline).toContain('failed first: nova-conductor');
  expect(timeline).toMatch(/\+0\.000 s {2}nova-api +on ctl-1|\+0\.000 s {2}nova-api on ctl-1/);

  const news = await run(fresh);
  expect(news).toMatch(/^error +new +nova\.conductor\.manager: Failed to schedule instances/m);
  expect(news.trim()).toMatch(/\n[1-9]\d*$/);

  const judged = await run(levels);
  expect(judged).toMatch(/^low A hint .*: oslo_messaging\.rpc\.client/m);
  expect(judged).toMatch(/\d+ of \d+ templates: /);
});

/** What a program prints, which finds the logs in the folder. */
const run = (code: string): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [
        '--conditions=@groundcrew/source',
        '--input-type=module-typescript',
        '--eval',
        `process.chdir(${JSON.stringify(folder)});\n${code.replaceAll('/var/log/all', 'all')}`,
      ],
      { cwd: path.join(import.meta.dirname, '../..'), env: { PATH: process.env['PATH'] }, timeout: 240_000 },
      (error, stdout, stderr) => {
        if (error !== null || stderr !== '') reject(new Error(`${error?.message ?? ''}${stderr}`));
        else resolve(stdout);
      },
    );
  });
