// Lines as other people's clouds write them; each test names where its lines come from.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assess, observe, RecordReader } from '../../src/index.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'groundcrew-foreign-logs-'));
});
afterEach(() => rm(directory, { recursive: true }));

const OSLO = '2026-01-01 10:00:00.000 7 INFO nova.compute.manager [-] Done';
const put = (name: string, ...lines: string[]) =>
  writeFile(path.join(directory, name), `${lines.join('\n')}\n`);
const judged = async () => assess(await observe(directory));
const of = async (verdict: string) => (await judged()).filter((finding) => finding.verdict === verdict);

function read(...lines: string[]) {
  const reader = new RecordReader();
  const records = [...lines.map((line) => reader.feed(line)), reader.end()];
  return { records: records.filter((record) => record !== undefined), strays: reader.strays };
}

test.each([
  // Python's logging.basicConfig (cpython, Lib/logging/__init__.py: BASIC_FORMAT), as alembic and wsgi scripts write.
  ['logging.basicConfig', 'ERROR:nova.compute:Lost connection to the hypervisor'],
  // klog (github.com/kubernetes/klog, klog.go: header).
  ['klog', 'E0101 10:00:01.000000       7 controller.go:42] failed'],
  // openstack-exporter/openstack-exporter issue 185: logrus' text.
  [
    'logfmt',
    'time="2021-05-17T16:59:50+03:00" level=info msg="Adding metric: limits_vcpus_used to exporter: nova" source="exporter.go:177"',
  ],
  // zap, as Kubernetes' programs write (uber-go/zap, config.go: NewProductionEncoderConfig).
  ['JSON of another formatter', '{"level":"error","msg":"failed"}'],
])('one line of oslo.log, then five of %s: unknown, with their number', async (_name, line) => {
  await put('nova.log', OSLO, ...Array.from({ length: 5 }, () => line));
  expect(await of('pass')).toEqual([]);
  const unread = (await judged()).find((finding) => finding.id === 'logging-levels.unread');
  expect(JSON.stringify(unread)).toContain('5 lines have another form');
});

test('messages of MariaDB and Apache beside are read, and are not taken for the service’s', async () => {
  await put(
    'nova.log',
    OSLO,
    // MariaDB's error log (mariadb.com/kb/en/error-log).
    '2026-01-01 10:00:01 0 [ERROR] InnoDB: table does not exist',
    // Apache's ErrorLogFormat (httpd docs, mod/core.html#errorlogformat), in front of Keystone and Placement.
    '[Thu Jan 01 10:00:01.123456 2026] [wsgi:error] [pid 7:tid 9] ERROR boom',
  );
  const { value, gaps } = await observe(directory);
  expect(value).toMatchObject({
    records: 1,
    formats: { oslo: 1, mariadb: 1, 'apache-error': 1 },
    offences: [],
  });
  expect(gaps).toEqual([]);
});

test('a line of another format ends the message before it, and its own further lines are not that message', () => {
  const { records, strays } = read(OSLO, 'ERROR:x:boom', '  detail of boom', OSLO);
  expect(records.map((record) => record.more)).toEqual([[], []]);
  expect(strays).toBe(2);
});

// eventlet/eventlet issue 953 (keystone-manage db_sync), python/cpython issue 148910: CPython's `sys.unraisablehook`. The warning:
// paramiko/paramiko issue 2038, as ansible/awx-ee issue 118 shows it.
test('"Exception ignored in" after an INFO is a record of its own, and accuses nobody', async () => {
  await put(
    'nova.log',
    OSLO,
    'Exception ignored in: <function _removeHandlerRef at 0x7f01819b43a0>',
    'Traceback (most recent call last):',
    '  File "/usr/lib/python3.10/logging/__init__.py", line 846, in _removeHandlerRef',
    '  File "/usr/lib/python3.10/logging/__init__.py", line 226, in _acquireLock',
    '  File "/usr/lib/python3/dist-packages/eventlet/green/thread.py", line 34, in get_ident',
    "AttributeError: 'NoneType' object has no attribute 'getcurrent'",
    '/usr/lib/python3/dist-packages/paramiko/transport.py:236: CryptographyDeprecationWarning: Blowfish',
    '  "class": algorithms.Blowfish,',
    OSLO,
  );
  expect(await of('fail')).toEqual([]);
  expect((await observe(directory)).value.records).toBe(4);
});

// oslo_log/_options.py: the default of `logging_exception_prefix` says ERROR whatever the level is.
test('the traceback of a warning says ERROR in each line, and belongs to the warning', async () => {
  const head = '2026-01-01 10:00:00.000 7';
  await put(
    'nova.log',
    `${head} WARNING nova.virt.libvirt.driver [-] Cannot get the stats`,
    `${head} ERROR nova.virt.libvirt.driver [instance: 0f1e2d3c-0f1e-0f1e-0f1e-0f1e2d3c4b5a] Traceback (most recent call last):`,
    `${head} ERROR nova.virt.libvirt.driver [instance: 0f1e2d3c-0f1e-0f1e-0f1e-0f1e2d3c4b5a]   File "/usr/lib/python3/dist-packages/nova/virt/libvirt/driver.py", line 7, in x`,
    `${head} ERROR nova.virt.libvirt.driver [instance: 0f1e2d3c-0f1e-0f1e-0f1e-0f1e2d3c4b5a] libvirt.libvirtError: x`,
  );
  expect((await of('fail')).map((finding) => finding.id)).toEqual(['logging-levels.traceback-below-error']);
});

// oslo.db's DBError (oslo_db/exception.py) through SQLAlchemy's StatementError: `[SQL: …]` and `[parameters: …]`.
test('the lines of a database error stay in their traceback', () => {
  const { records, strays } = read(
    '2026-01-01 10:00:00.000 7 ERROR oslo_db.sqlalchemy.exc_filters [-] DB exception wrapped.',
    'Traceback (most recent call last):',
    'sqlalchemy.exc.OperationalError: (2013, "Lost connection")',
    '[SQL: SELECT 1]',
    "[parameters: {'a': 1}]",
  );
  expect(records).toHaveLength(1);
  expect(strays).toBe(0);
});

test.each([
  // The lab's Keystone of Zed, as a project of the same name was made twice; lnav 0.11.1 has one message as well.
  ['[SQL: INSERT INTO project (id, name) VALUES (%(id)s, %(name)s)]'],
  ["[parameters: {'id': '82184fbd', 'name': 'web'}]"],
  // Python's own errors.
  ['[Errno 2] No such file or directory: x'],
  ["[('id', 1)]"],
])('a line of a traceback with a head of its own is no message: %s', (line) => {
  const head = '2026-11-30 08:30:30.307 17875 ERROR keystone.server.flask.application';
  const { records } = read(
    `${head} [None req-662a1c85-82ae-4a35-bc39-7bcbd8992085 u p - - default default] Conflict occurred`,
    `${head} Traceback (most recent call last):`,
    `${head} ${line}`,
    `${head} keystone.exception.Conflict: said`,
  );
  expect(records).toMatchObject([
    { message: 'Conflict occurred', more: [expect.anything(), line, 'keystone.exception.Conflict: said'] },
  ]);
});

test.each([
  // logpai/loghub, OpenStack/OpenStack_2k.log
  ['loghub', 'nova-api.log.1.2017-05-16_13:53:08 '],
  ['grep', '/var/log/nova/nova-api.log:12:'],
  // kubectl logs --prefix; CRI (kubernetes/design-proposals-archive, node/kubelet-cri-logging.md)
  ['kubectl', '[pod/nova-api-0/nova-api] '],
  ['CRI', '2026-01-01T10:00:00.123456789Z stderr F '],
  ['syslog', 'Jan  1 10:00:00 controller-1 nova-api[1234]: '],
  ['RFC 3339', '2026-01-01T10:00:00.123456+00:00 controller-1 nova-api[1234]: '],
  ['compose', 'nova-api-1  | '],
])('the prefix of %s is no part of the line, and its tracebacks stay whole', (_name, prefix) => {
  const line = '2017-05-16 00:00:00.008 25746 ERROR nova.osapi [-] boom';
  const { records, strays } = read(`${prefix}${line}`, `${prefix}Traceback (most recent call last):`);
  expect(records).toMatchObject([{ level: 'error', more: ['Traceback (most recent call last):'] }]);
  expect(strays).toBe(0);
});

test('rotated, packed and linked files are read, as are *.out; what cannot be read is named', async () => {
  const error = '2026-01-01 10:00:00.000 7 INFO x [-] Starting the engine';
  await put('nova.out', error);
  await put('nova.log.1', error);
  await put('nova.log-20260101', error);
  await writeFile(path.join(directory, 'nova.log.2.gz'), gzipSync(`${error}\n`));
  await writeFile(path.join(directory, 'broken.log.gz'), 'no gzip');
  await writeFile(path.join(directory, 'old.log.3.xz'), 'packed');
  await symlink(path.join(directory, 'nowhere'), path.join(directory, 'gone.log'));
  await mkdir(path.join(directory, 'folder.log'));
  const { value, gaps } = await observe(directory);
  expect(value.records).toBe(4);
  expect(gaps.map((gap) => gap.what).toSorted()).toEqual(['broken.log.gz', 'gone.log', 'old.log.3.xz']);
});

test('a line of 10 MB and a record of 100,000 lines are read in bounded memory, and said', async () => {
  await put('long.log', OSLO, 'x'.repeat(10_000_000), OSLO);
  await put('many.log', OSLO, ...Array.from({ length: 100_000 }, () => 'more'));
  const { value, gaps } = await observe(directory);
  expect(value.records).toBe(3);
  expect(gaps.map((gap) => gap.why)).toEqual([
    expect.stringContaining('1 lines were read to their 65,536th'),
    expect.stringContaining('98000 lines of very long messages'),
  ]);
});

// apt's term.log (Debian) beside the services' own: another program's log is no reason to doubt theirs.
test('a foreign file beside is named, and the others are judged', async () => {
  await put('nova.log', OSLO);
  await put('term.log', 'Log started: 2026-01-01  10:00:00', 'Setting up curl (7.81.0) ...');
  expect(await of('pass')).toHaveLength(10);
  expect(await of('unknown')).toMatchObject([{ subject: { id: 'term.log' } }]);
});

// oslo_log/_options.py: the default formats have `%(process)d`; a format of somebody's own may have none, and a service several
// processes, each of which says a notice once.
test('of a notice that names no process it is not known whether one process repeats it', async () => {
  const notice = 'WARNING nova.conf [-] Option "x" from group "y" is deprecated.';
  await put('api.log', `2026-01-01 10:00:00.000 ${notice}`, `2026-01-01 10:00:01.000 ${notice}`);
  const byRule = async () =>
    (await judged()).map(({ id, verdict }) => `${id.replace('logging-levels.', '')}: ${verdict}`);
  expect(await byRule()).toEqual([
    'unread: unknown',
    'expected-condition-is-error: pass',
    'traceback-below-error: pass',
    'repeated-notice: unknown',
    'progress-at-info: pass',
    'secret-in-log: pass',
    'critical-and-goes-on: pass',
    'said-at-two-levels: pass',
    'normal-at-warning: pass',
    'api-deprecation-above-debug: pass',
    'developers-hint-above-debug: pass',
  ]);
  await put('api.log', `2026-01-01 10:00:00.000 ${notice}`);
  expect(await byRule()).toContain('repeated-notice: pass');
  await put('api.log', `2026-01-01 10:00:00.000 7 ${notice}`, `2026-01-01 10:00:01.000 7 ${notice}`);
  expect(await byRule()).toContain('repeated-notice: fail');
});

test('of an error that names no process it is not known what its process said next', async () => {
  const byRule = async () =>
    (await judged()).map(({ id, verdict }) => `${id.replace('logging-levels.', '')}: ${verdict}`);
  await put('api.log', '2026-01-01 10:00:00.000 ERROR nova.compute.manager [-] Disk is gone');
  const found = await byRule();
  expect(found).toContain('critical-and-goes-on: unknown');
  expect(found).toContain('said-at-two-levels: unknown');
  expect(found).toContain('repeated-notice: pass');
  await put('api.log', '2026-01-01 10:00:00.000 7 ERROR nova.compute.manager [-] Disk is gone');
  expect(await byRule()).toContain('critical-and-goes-on: pass');
});
