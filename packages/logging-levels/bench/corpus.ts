import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Where the lab writes, if it ran on this machine. */
const LAB_LOGS = '/var/tmp/groundcrew-lab/logs/lab';

/**
 * Fills a folder with logs of a size: copies of the lab's, of which each has a folder of its own, or made ones where there is no lab.
 *
 * @returns whose they are
 */
export async function putCorpus(folder: string, mebibytes: number): Promise<string> {
  const wanted = mebibytes * 1024 * 1024;
  const source = process.env['BENCH_LOGS'] ?? LAB_LOGS;
  if (!existsSync(source)) {
    await mkdir(folder, { recursive: true });
    const piece = madeLog(Math.min(wanted, 32 * 1024 * 1024));
    for (let bytes = 0; bytes < wanted; bytes += piece.length)
      await writeFile(path.join(folder, `nova-api-${bytes}.log`), piece.slice(0, wanted - bytes));
    return 'made';
  }
  const files = readdirSync(source)
    .filter((name) => /\.(?:log|out)$/.test(name))
    .map((name) => [name, readFileSync(path.join(source, name))] as const);
  for (let bytes = 0, copy = 0; bytes < wanted; copy += 1) {
    const into = path.join(folder, String(copy));
    await mkdir(into, { recursive: true });
    for (const [name, content] of files) {
      if (bytes >= wanted) break;
      await writeFile(path.join(into, name), content.subarray(0, wanted - bytes));
      bytes += content.length;
    }
  }
  return 'the lab’s';
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

/** A log of Nova's API at debug. */
function madeLog(bytes: number): string {
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
