import { expect, test } from 'vitest';
import { otherHead } from '../../src/read/other-formats.ts';

test.each([
  // rabbitmq/rabbitmq-server issue 5312 and later; the older form: discussion 3218.
  [
    'rabbitmq',
    '2026-11-29 20:51:39.917206+00:00 [info] <0.223.0> Waiting for Mnesia tables',
    'info',
    'Waiting for Mnesia tables',
  ],
  [
    'rabbitmq',
    '2021-07-20 09:14:05.112 [error] <0.684.0> closing AMQP connection',
    'error',
    'closing AMQP connection',
  ],
  [
    'mariadb',
    "2026-11-29 22:42:59 188 [Warning] Aborted connection 188 to db: 'x'",
    'warning',
    "Aborted connection 188 to db: 'x'",
  ],
  [
    'mariadb',
    '2026-01-01  9:00:01 0 [ERROR] InnoDB: Operating system error number 13',
    'error',
    'Operating system error number 13',
  ],
  [
    'mariadb',
    '2026-01-01 10:00:01 0 [Note] WSREP: Member 0 synced with group.',
    'info',
    'Member 0 synced with group.',
  ],
  [
    'ovs',
    '2026-11-23T03:13:00.264Z|00012|reconnect(ovn-controller)|WARN|connection dropped',
    'warning',
    'connection dropped',
  ],
  ['ovs', '2026-11-23T03:13:00.264Z|00001|vlog|INFO|opened log file', 'info', 'opened log file'],
  [
    'libvirt',
    '2026-11-23 03:13:00.264+0000: 1234: error : virNetSocketReadWire:1791 : End of file',
    'error',
    'virNetSocketReadWire:1791 : End of file',
  ],
  [
    'uwsgi',
    '[pid: 42|app: 0|req: 7/9] 10.0.0.1 () {60 vars in 1300 bytes} [Mon Nov 23 03:13:00 2026] GET /v3 => generated 268 bytes in 2 msecs (HTTP/1.1 200) 4 headers',
    'info',
    undefined,
  ],
  [
    'uwsgi',
    '[pid: 42|app: 0|req: 7/9] 10.0.0.1 () {60 vars in 1300 bytes} [Mon Nov 23 03:13:00 2026] GET /v3 => generated 0 bytes in 2 msecs (HTTP/1.1 503) 4 headers',
    'error',
    undefined,
  ],
  [
    'apache-error',
    '[Thu Jan 01 10:00:01.123456 2026] [wsgi:error] [pid 7:tid 9] mod_wsgi: failed',
    'error',
    'mod_wsgi: failed',
  ],
  [
    'apache-access',
    '10.0.0.1 - - [23/Nov/2026:03:13:00 +0000] "GET /v3 HTTP/1.1" 500 12 "-" "curl"',
    'error',
    undefined,
  ],
  [
    'apache-access',
    'account-server: 127.0.0.1 - - [29/Nov/2026:22:25:26 +0000] "HEAD /d1/161/AUTH_x" 404 - "x"',
    'info',
    undefined,
  ],
  [
    'haproxy',
    "[WARNING]  (27999) : config : log format ignored for frontend 'keystone'",
    'warning',
    "config : log format ignored for frontend 'keystone'",
  ],
  [
    'haproxy',
    '[ALERT] 326/031300 (1) : Starting proxy x: cannot bind socket',
    'critical',
    'Starting proxy x: cannot bind socket',
  ],
  ['alembic', 'INFO  [alembic.runtime.migration] Context impl MySQLImpl.', 'info', 'Context impl MySQLImpl.'],
])('%s: %s', (format, line, level, message) => {
  expect(otherHead(line, 7)).toMatchObject({
    format,
    level,
    line: 7,
    ...(message !== undefined && { message }),
  });
});

test.each([
  '2026-11-23 03:13:00.264 10924 INFO nova.x [-] of oslo.log',
  'ERROR:root:of basicConfig',
  'E0101 10:00:01.000000       7 controller.go:42] of klog',
  '2026-11-29 20:51:39 [info] of nobody',
  '',
])('no other program wrote %s', (line) => {
  expect(otherHead(line, 1)).toBeUndefined();
});

test('the worst lines take time that grows with their length, and no faster', () => {
  const worst = [
    (size: number) => `[pid: 1|app: 0|req: 1/1] ${'['.repeat(size)}`,
    (size: number) => `[pid: 1|app: 0|req: 1/1] a[Mon Nov 23 03:13:00 2026]${'(HTTP/1.1 '.repeat(size / 10)}`,
    (size: number) => `a b c [23/Nov/2026:03:13:00 +0000] "${'x'.repeat(size)}`,
    (size: number) => 'a '.repeat(size / 2),
    (size: number) => `2026-11-23 03:13:00.264${'9'.repeat(size)}`,
  ];
  for (const of of worst) {
    const took = (size: number): number => {
      const line = of(size);
      const from = process.cpuUsage();
      for (let round = 0; round < 20; round += 1) otherHead(line, 1);
      const { user } = process.cpuUsage(from);
      return user;
    };
    took(1_000);
    // Quadratic would be 400 times; the floor is what a quick machine's clock can tell.
    expect(took(40_000)).toBeLessThan(100 * Math.max(took(2_000), 2_000));
  }
});
