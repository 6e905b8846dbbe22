import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, type Measurement } from '../../core/bench/measure.ts';
import { observe } from '../src/index.ts';
import { readLines } from '../src/read-lines.ts';

/** MiB of log. */
const SIZE = 40;

/** Reads, judges and looks for secrets in a log of Nova's API, beside reading its lines. The processor's time. */
export async function bench(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-bench-'));
  const file = join(folder, 'nova-api.log');
  try {
    await writeFile(file, logOf(SIZE * 1024 * 1024));
    const result = await compare({
      name: `read and judge ${SIZE} MiB of nova-api.log, against reading its lines`,
      unit: 'ms',
      rounds: 7,
      ours: () => worked(() => observe(folder)),
      baseline: () =>
        worked(async () => {
          for await (const lines of readLines(file, { longLines: 0, tooLarge: false }, undefined))
            if (lines.length === 0) throw new Error('no lines');
        }),
    });
    return [result];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function worked(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const LIB = '/usr/lib/python3/dist-packages';
/** What Nova's API says at debug, in about the shares that it does; `N` is a number, `U` an id. */
const MESSAGES: readonly (readonly [share: number, head: string, message: string])[] = [
  [
    35,
    'INFO nova.api.openstack.requestlog',
    '127.0.0.1 "GET /v2.1/servers/U HTTP/1.1" status: 200 len: N microversion: 2.96 time: 0.N',
  ],
  [
    15,
    'DEBUG nova.api.openstack.wsgi',
    `Calling method '<bound method ServersController.detail of <ServersController object at 0x7fN>>' _process_stack ${LIB}/nova/api/openstack/wsgi.py:N`,
  ],
  [
    12,
    'DEBUG oslo_concurrency.lockutils',
    `Lock "U" acquired by "nova.compute.manager._sync" :: waited 0.00Ns inner ${LIB}/oslo_concurrency/lockutils.py:404`,
  ],
  [
    10,
    'DEBUG keystoneauth.session',
    `REQ: curl -g -i -X GET http://127.0.0.1:5000/v3/users/U -H "Accept: application/json" -H "X-Auth-Token: {SHA256}0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" _http_log_request ${LIB}/keystoneauth1/session.py:N`,
  ],
  [
    8,
    'DEBUG oslo_service.service',
    `neutron.password               = **** log_opt_values ${LIB}/oslo_config/cfg.py:2609`,
  ],
  [
    8,
    'WARNING nova.scheduler.client.report',
    'Instance U has allocations against this compute host but is not found in the database.',
  ],
  [9, 'INFO nova.compute.manager', '[instance: U] Took N.N seconds to build instance.'],
  [
    3,
    'DEBUG nova.policy',
    "Policy check for os_compute_api:servers:show failed with credentials {'is_admin': False, 'roles': ['member'], 'token': '***'}",
  ],
];

function logOf(bytes: number): string {
  const kinds = MESSAGES.flatMap(([share, head, message]) =>
    Array.from({ length: share }, () => [head, message] as const),
  );
  const lines: string[] = [];
  for (let length = 0, number = 0; length < bytes; number += 1) {
    const [head, message] = kinds[(number * 37) % kinds.length] ?? ['', ''];
    const at = new Date(Date.UTC(2026, 10, 23) + number * 250).toISOString().replace('T', ' ').slice(0, 23);
    const said = message.replaceAll('U', randomUUID()).replaceAll('N', String(number % 997));
    const line = `${at} 10932 ${head} [req-${randomUUID()} req-${randomUUID()} ada shop - - default default] ${said}`;
    lines.push(line);
    length += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}
