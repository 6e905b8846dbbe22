import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  assess,
  type AssessLogsOptions,
  observe,
  rules,
  specification,
  talk2014,
  template,
} from '../src/index.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'groundcrew-logs-'));
});
afterEach(() => rm(directory, { recursive: true }));

const log = (name: string, ...lines: string[]) =>
  writeFile(path.join(directory, name), `${lines.join('\n')}\n`);
const judged = async () => assess(await observe(directory));
const failures = async () => (await judged()).filter((finding) => finding.verdict === 'fail');

test('the case of the talk: Glance says ERROR of a condition that it expects', async () => {
  await log(
    'glance-api.log',
    '2026-01-01 10:00:00.000 7 ERROR glance_store._drivers.filesystem [-] Unable to create datadir: /mnt/images',
    '2026-01-01 10:00:00.000 7 ERROR glance_store._drivers.filesystem [-] Unable to create datadir: /srv/images',
  );
  expect(await failures()).toMatchObject([
    {
      id: 'logging-levels.expected-condition-is-error',
      severity: 'medium',
      subject: { id: 'glance_store._drivers.filesystem: Unable to create datadir: *' },
      because: [
        { statement: '2 × at error, should be warning', source: 'glance-api.log:1' },
        { source: 'the talk of 2014 on running OpenStack' },
        {
          source: expect.stringContaining(
            'glance_store/src/tag/4.1.0/glance_store/_drivers/filesystem.py#L369',
          ),
        },
      ],
    },
  ]);
});

test('what only its words speak for is no failure: it says what would make it sure', async () => {
  await log(
    'glance-api.log',
    '2026-01-01 10:00:00.000 7 ERROR glance.api.v2.images [None req-x - -] Image 42 could not be found.',
  );
  const found = (await judged()).find(({ id }) => id === 'logging-levels.expected-condition-is-error');
  expect(found).toMatchObject({
    verdict: 'unknown',
    severity: 'info',
    title: 'An expected condition is logged as an error, likely: glance.api.v2.images',
    subject: { id: 'glance.api.v2.images: Image <*> could not be found.' },
    because: [{ statement: '1 × at error, should be warning', source: 'glance-api.log:1' }, {}],
    remedy: 'Log the requests with their status beside it, or find the message in the catalogue.',
  });
});

test('rules and a release are chosen; others are refused', async () => {
  await log(
    'keystone.log',
    '2026-01-01 10:00:00.000 7 ERROR keystone.server.flask.application [-] Could not find user: x.: keystone.exception.UserNotFound: Could not find user: x.',
    '2026-01-01 10:00:01.000 7 WARNING neutron.quota.resource_registry [-] router is already registered',
  );
  const logs = await observe(directory);
  const verdicts = (options: AssessLogsOptions) =>
    assess(logs, options)
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ id, verdict }) => `${id.slice(15)} ${verdict}`);
  expect(verdicts({ rules: talk2014, release: 'zed' })).toEqual([
    'expected-condition-is-error fail',
    'developers-hint-above-debug fail',
  ]);
  const onlySpecified = specification.filter((rule) => !talk2014.includes(rule));
  expect(verdicts({ rules: onlySpecified })).toEqual([]);
  expect(verdicts({ rules: [rules['developers-hint-above-debug']] })).toEqual([
    'developers-hint-above-debug fail',
  ]);
  // Keystone says it at debug since 2024.2.
  expect(verdicts({ rules: [rules['expected-condition-is-error']], release: '2025.1' })).toEqual([
    'expected-condition-is-error unknown',
  ]);
  expect(() => assess(logs, { release: 'zebra' })).toThrow(/release/);
  expect(() => assess(logs, { rules: [{ ...rules['secret-in-log'] }] })).toThrow(/rules/);
  expect(() => assess(logs, { rule: [] } as object)).toThrow(/rule/);
});

test("a client's bad request with a traceback, as Keystone logs it, is expected: its last line says so", async () => {
  const head = '2026-01-01 10:00:00.000 7 ERROR keystone.server.flask.application';
  await log(
    'keystone.log',
    `${head} [None req-x - -] Failed validating 'type'`,
    `${head} Traceback (most recent call last):`,
    `${head}   File "/usr/lib/python3/dist-packages/keystone/server/flask/common.py", line 7, in x`,
    `${head} keystone.exception.SchemaValidationError: Expecting to find name`,
  );
  expect((await failures()).map((finding) => finding.id)).toEqual([
    'logging-levels.expected-condition-is-error',
  ]);
});

test('a real error is left alone', async () => {
  await log(
    'nova.log',
    '2026-01-01 10:00:00.000 7 ERROR nova.compute.manager [-] Lost connection to the hypervisor',
  );
  expect(await failures()).toEqual([]);
});

test('a hint to developers is said once a process; again is too often', async () => {
  const line = (pid: number) =>
    `2026-01-01 10:00:00.000 ${pid} WARNING oslo_messaging.rpc.client [-] Please use get_rpc_client to obtain a client.`;
  await log('nova-api.log', line(1), line(1), line(1), line(2));
  expect(await failures()).toMatchObject([
    { id: 'logging-levels.repeated-notice', because: [{ statement: '2 × at warning' }, {}] },
  ]);
});

test('a secret is found, and not repeated', async () => {
  await log(
    'x.log',
    '2026-01-01 10:00:00.000 7 DEBUG x [-] connecting to mysql+pymysql://nova:c4n4ry99@db/nova',
  );
  const found = await judged();
  expect(found.find((finding) => finding.id === 'logging-levels.secret-in-log')?.verdict).toBe('fail');
  expect(JSON.stringify(found)).not.toContain('c4n4ry99');
});

test('a masked secret is none', async () => {
  await log('x.log', '2026-01-01 10:00:00.000 7 DEBUG x [-] password=*** token=<SANITIZED> password: None');
  expect(await failures()).toEqual([]);
});

test('a file of another form is unknown by its name, and no part of what passes', async () => {
  await log('a.log', '2026-01-01 10:00:00.000 7 INFO x [-] Done');
  await log('b.log', 'Jan  1 10:00:00 host program: text');
  const found = await judged();
  const passes = found.filter((finding) => finding.verdict === 'pass');
  expect(passes).toHaveLength(10);
  for (const finding of passes) {
    expect(finding.title).toMatch(/^Not seen in 1 messages of 1 files: /);
    expect(finding.because[0]?.statement).toContain('b.log');
  }
  expect(found.find((finding) => finding.id === 'logging-levels.unread')).toMatchObject({
    verdict: 'unknown',
    subject: { id: 'b.log' },
  });
});

test('an empty directory is unknown; a missing one is an error that names it', async () => {
  expect((await judged()).map((finding) => finding.verdict)).toEqual(['unknown']);
  await expect(observe(path.join(directory, 'none'))).rejects.toMatchObject({
    code: 'config',
    file: path.join(directory, 'none'),
  });
});

test('what varies goes out of a template', () => {
  expect(template("Instance 0f1e2d3c-0f1e-0f1e-0f1e-0f1e2d3c4b5a on 10.0.0.7:8774 took 3.25 s of 'x'")).toBe(
    'Instance <*> on <*> took <*> s of <*>',
  );
});
