// Lines as they stand in public reports, each with its source.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assess, Judge, observe, RecordReader } from '../../src/index.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'groundcrew-reported-lines-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function judged(...lines: string[]) {
  await writeFile(path.join(directory, 'x.log'), `${lines.join('\n')}\n`);
  const logs = await observe(directory);
  return { logs, findings: assess(logs) };
}
const rulesOf = async (...lines: string[]) =>
  (await judged(...lines)).findings
    .filter((finding) => finding.verdict === 'fail')
    .map((finding) => finding.id);

// oslo_log/formatters.py, JSONFormatter.formatException: a list of lines, not text. What oslo.log 5.0.1 wrote, shortened.
const json = (fields: object): string =>
  JSON.stringify({
    message: 'Could not stop it',
    asctime: '2026-11-29 04:48:23,403',
    name: 'nova.compute.manager',
    msg: 'Could not stop it',
    args: [],
    levelname: 'WARNING',
    levelno: 30,
    process: 15278,
    traceback: null,
    hostname: 'vm',
    error_summary: '',
    context: { auth_token: '***', request_id: 'req-0f1e2d3c-0f1e-0f1e-0f1e-0f1e2d3c4b5a', user_domain: null },
    extra: {},
    ...fields,
  });

test("oslo.log's JSON: the lines of its traceback are read", async () => {
  const traceback = [
    'Traceback (most recent call last):',
    '  File "/tmp/jf.py", line 9, in <module>',
    'ValueError: boom',
  ];
  expect(await rulesOf(json({ traceback }))).toEqual(['logging-levels.traceback-below-error']);
  expect(await rulesOf(json({}))).toEqual([]);
});

test.each([
  { traceback: { lines: ['Traceback'] } },
  { traceback: ['Traceback', 7] },
  { name: undefined },
  { asctime: 7 },
])('JSON that is not quite that is no message of oslo.log: %j', async (fields) => {
  const { findings } = await judged(json({}), json(fields));
  expect(findings.filter((finding) => finding.verdict === 'pass')).toEqual([]);
  expect(JSON.stringify(findings)).toContain('1 lines have another form');
});

// oslo_log/formatters.py: `args`, `extra` and `context` are written as they are, and only an oslo.context masks its token.
test.each([
  { extra: { connection: 'mysql://nova:c4n4ry@db/nova' } },
  { args: { password: 'c4n4ry' } },
  { context: { auth_token: 'gAAAAABc4n4ry' } },
])('a secret beside the message in JSON is found, and shown nowhere: %j', async (fields) => {
  const { logs, findings } = await judged(json(fields));
  expect(findings.find((finding) => finding.id === 'logging-levels.secret-in-log')?.verdict).toBe('fail');
  expect(JSON.stringify({ logs, findings })).not.toContain('c4n4ry');
});

// PyCQA/bandit issue 201: Keystone's debug log of `create_user`.
test('the password of a user who is created is found in the words of Python 2', async () => {
  const { logs, findings } = await judged(
    "2015-06-16 06:44:39.770 20986 DEBUG keystone.common.controller [-] RBAC: Authorizing identity:create_user(user={u'domain_id': u'default', u'password': u'CLEARTEXTPASSWORD', u'enabled': True, u'default_project_id': u'0175b43419064ae38c4b74006baaeb8d', u'name': u'DermotJ'}) _build_policy_check_credentials /usr/lib/python2.7/site-packages/keystone/common/controller.py:57",
  );
  expect(findings.find((finding) => finding.id === 'logging-levels.secret-in-log')?.verdict).toBe('fail');
  expect(JSON.stringify({ logs, findings })).not.toContain('CLEARTEXTPASSWORD');
});

// nii-cloud/dodai-deploy issue 18, OpenStackCookbook/OpenStackCookbook issue 17: `logging_exception_prefix` said TRACE up to Kilo.
test('a traceback whose lines say TRACE belongs to its message', async () => {
  const { logs, findings } = await judged(
    '2012-07-05 22:00:30 WARNING nova.rpc.amqp [-] Timed out',
    '2012-07-05 22:00:30 TRACE nova.rpc.amqp Traceback (most recent call last):',
    '2012-07-05 22:00:30 TRACE nova.rpc.amqp   File "/usr/lib/python2.7/dist-packages/nova/rpc/amqp.py", line 343, in call',
    '2012-07-05 22:00:30 TRACE nova.rpc.amqp     rv = list(rv)',
    '2012-07-05 22:00:30 TRACE nova.rpc.amqp Timeout: Timeout while waiting on RPC response.',
  );
  expect(logs.value).toMatchObject({ records: 1, byLevel: { warning: 1, trace: 0 } });
  expect(findings.find((finding) => finding.verdict === 'fail')?.id).toBe(
    'logging-levels.traceback-below-error',
  );
});

// lxc/lxc issue 1786: a service under systemd writes no date, for journald has it.
test('lines without a date are of another form, and no part of the message before them', async () => {
  const prefix = 'Sep 05 09:02:18 leg-004 nova-conductor[14994]: ';
  const { logs, findings } = await judged(
    `${prefix}2017-09-05 09:02:18.001 14994 INFO nova.service [-] Started`,
    `${prefix}ERROR oslo_messaging.rpc.server   File "/usr/local/lib/python2.7/dist-packages/oslo_db/sqlalchemy/enginefacade.py", line 633, in _session`,
    `${prefix}ERROR oslo_messaging.rpc.server     bind=self.connection, mode=self.mode)`,
    `${prefix}ERROR oslo_messaging.rpc.server CantStartEngineError: No sql_connection parameter is established`,
  );
  expect(logs.gaps.map((gap) => gap.why)).toEqual(['3 lines have another form']);
  expect(findings.filter((finding) => finding.verdict === 'pass')).toEqual([]);
});

// moby/moby, daemon/logger/jsonfilelog/jsonlog/jsonlog.go: what Docker keeps of a container's output.
test("Docker's json-file beside a line of oslo.log is of another form", async () => {
  const line = '2026-01-01 10:00:00.000 7 ERROR nova.compute.manager [-] boom';
  const { logs } = await judged(
    '2026-01-01 10:00:00.000 7 INFO nova.compute.manager [-] Done',
    JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2026-01-01T10:00:00.000Z' }),
  );
  expect(logs.completeness).toBe('partial');
});

// openstack-k8s-operators/edpm-ansible pull request 588: oslo.log behind syslog's head, each line of a traceback too.
test('a traceback behind the heads of syslog is one message', () => {
  const head = 'Mar  5 04:17:54 np0004517961 nova_compute[117833]: 2024-03-05 09:17:54.318 2 ERROR os_vif ';
  const reader = new RecordReader();
  const records = [
    reader.feed(`${head}[-] An error occurred while plugging`),
    reader.feed(`${head}Traceback (most recent call last):`),
    reader.feed(`${head}    helper = idlutils.get_schema_helper(conn, schema_name)`),
    reader.feed(
      `${head}  File "/usr/lib/python3.9/site-packages/ovsdbapp/backend/ovs_idl/idlutils.py", line 215`,
    ),
    reader.end(),
  ].filter((record) => record !== undefined);
  expect(records).toHaveLength(1);
  expect(records[0]?.more).toHaveLength(3);
  expect(records.flatMap((record) => new Judge().judge(record))).toEqual([]);
});

// bloomberg/chef-bcpc issue 425.
test('a message of an RPC at warning is a warning, with what it quotes', async () => {
  const { logs } = await judged(
    "2014-12-12 14:36:23.006 43144 WARNING nova.openstack.common.rpc.amqp [-] No calling threads waiting for msg_id : 03474958b5394ddfb07198b6729af87c, message : {u'_unique_id': u'5cc324716364423791c3dbe91f6f3c3c', u'failure': None}",
  );
  expect(logs).toMatchObject({ completeness: 'complete', value: { byLevel: { warning: 1 } } });
});
