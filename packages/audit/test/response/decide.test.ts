import { type Duration } from '@groundcrew/ground';
import fc from 'fast-check';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finding, finding, type Verdict } from '@groundcrew/runbook';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ExposureFinding } from '../../src/security-groups.ts';
import {
  after,
  decideResponses,
  editRules,
  fileNotices,
  lock,
  memoryNotices,
  noticeKey,
  notify,
  planResponses,
  quarantine,
  type Response,
  responsePolicy,
  stop,
  tag,
} from '../../src/response.ts';
import { byBlastRadius } from '../../src/response/response.ts';
import { rule as anyRule } from '../security-groups/snapshot.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const HOUR = 3_600_000;
const rule = (id: string) => ({ ...anyRule({ id }), security_group_id: 'g' });
const plain = (id: string, subject: { kind: string; id: string }, verdict: Verdict = 'fail'): Finding =>
  finding({
    id,
    verdict,
    severity: 'high',
    title: id,
    subject,
    because: [{ statement: 'so', source: 'test' }],
    remedy: undefined,
  });
const exposure = (...rules: readonly string[]): ExposureFinding => ({
  ...plain('audit.allow-all', { kind: 'security group', id: 'g' }),
  coverage: { family: 'IPv4', direction: 'ingress', sources: 1, protocols: 'any', ports: '1-65535' },
  cause: rules.map((rule_id) => ({ rule_id, security_group_id: 'g', via: 'any' })),
  effective: [
    {
      port_id: 'p',
      device_id: 's',
      device_owner: 'compute:nova',
      exposed_by: 'floating_ip',
      why: 'it has one',
    },
    {
      port_id: 'q',
      device_id: 'r',
      device_owner: 'network:router_interface',
      exposed_by: 'none',
      why: 'nothing',
    },
  ],
  fix: rules.map((id) => ({ edit: 'remove', rule: rule(id) })),
});
const policyOf = (
  responses: readonly Response[],
  mode: 'off' | 'audit' | 'warn' | 'enforce' = 'enforce',
  maxTargets = 20,
) => responsePolicy({ mode, maxTargets, rules: [{ finding: 'audit.*', do: responses }] });
const context = { revisionOf: () => undefined };

describe('what is acted upon', () => {
  test('of an exposure: the group, its ports, the servers behind them; nothing of a router', () => {
    const decide = (response: Response) =>
      decideResponses([exposure('r1')], policyOf([response]), [], NOW).due;
    expect(decide(editRules())).toMatchObject([
      { target: { kind: 'security group', id: 'g' }, edits: [{ edit: 'remove', rule: { id: 'r1' } }] },
    ]);
    expect(decide(quarantine()).map(({ target }) => target.id)).toEqual(['p', 'q']);
    expect(decide(stop()).map(({ target }) => target)).toEqual([{ kind: 'server', id: 's', ports: ['p'] }]);
  });

  test('what does not fit is said, and does nothing', () => {
    const { due, misfits } = decideResponses(
      [plain('audit.image.public', { kind: 'image', id: 'i' })],
      policyOf([stop()]),
      [],
      NOW,
    );
    expect(due).toEqual([]);
    expect(misfits).toMatchObject([{ why: 'audit.image.public is about a image, and names no servers' }]);
  });

  test('several findings on one thing: the strongest response, once, for all of them', () => {
    const findings = [
      plain('audit.a', { kind: 'server', id: 's' }),
      plain('audit.b', { kind: 'server', id: 's' }),
    ];
    const policy = responsePolicy({
      mode: 'enforce',
      rules: [
        { finding: 'audit.a', do: [lock(), tag('bad')] },
        { finding: 'audit.b', do: [stop(), tag('bad')] },
      ],
    });
    const { due } = decideResponses(findings, policy, [], NOW);
    expect(due.map(({ response, findings: for_ }) => [response.do, for_.length])).toEqual([
      ['stop', 2],
      ['tag', 2],
    ]);
  });

  test('from a severity on, and by a condition', () => {
    const policy = responsePolicy({
      mode: 'enforce',
      rules: [
        { finding: 'audit.a', from: 'critical', do: [stop()] },
        { finding: '*', when: ({ subject }) => subject.id === 's', do: [lock()] },
      ],
    });
    const due = (id: string, server: string) =>
      decideResponses([plain(id, { kind: 'server', id: server })], policy, [], NOW).due.map(
        ({ response }) => response.do,
      );
    expect(due('audit.a', 's')).toEqual(['lock']);
    expect(due('audit.a', 't')).toEqual([]);
  });
});

describe('modes', () => {
  const responses = [notify('owner'), stop()];
  const due = (mode: 'off' | 'audit' | 'warn' | 'enforce') =>
    decideResponses(
      [plain('audit.a', { kind: 'server', id: 's' })],
      policyOf(responses, mode),
      [],
      NOW,
    ).due.map(({ response }) => response.do);

  test('off does nothing, warn only tells, enforce does all, audit says what it would do', () => {
    expect(due('off')).toEqual([]);
    expect(due('warn')).toEqual(['notify']);
    expect(due('enforce')).toEqual(['notify', 'stop']);
    const policy = policyOf(responses, 'audit');
    const decision = decideResponses([plain('audit.a', { kind: 'server', id: 's' })], policy, [], NOW);
    expect(planResponses(decision, policy, context)).toMatchObject({
      ok: false,
      refusals: [{ code: 'audit.mode-audit', reason: 'would do: notify channel owner; stop server s' }],
    });
  });
});

describe('deadlines', () => {
  const findingOf = exposure('r1');
  const policy = policyOf([notify('owner'), after('72h', editRules())]);
  const decide = (hoursAgo: number | undefined, one: Finding = findingOf) =>
    decideResponses(
      [one],
      policy,
      hoursAgo === undefined
        ? []
        : [
            {
              key: noticeKey(findingOf),
              channel: 'owner',
              at: new Date(NOW - hoursAgo * HOUR).toISOString(),
            },
          ],
      NOW,
    );

  test('first the notice, then the time, then the act; nobody is told twice', () => {
    expect(decide(undefined)).toMatchObject({
      due: [{ response: { do: 'notify' } }],
      pending: [{ at: undefined }],
    });
    expect(decide(1)).toMatchObject({ due: [], pending: [{ at: new Date(NOW + 71 * HOUR).toISOString() }] });
    expect(decide(73)).toMatchObject({ due: [{ response: { do: 'edit-rules' } }], pending: [] });
  });

  test('another cause is another matter: it begins anew', () => {
    expect(decide(73, exposure('r1', 'r2'))).toMatchObject({ due: [{ response: { do: 'notify' } }] });
  });

  test.each([
    ['a deadline without a notice', [after('1h', stop())], /rules\[0\]\.do\[0\]: nobody is told/],
    ['nothing to do', [], /rules\[0\]\.do: is empty/],
    ['a deadline within one', [notify('x'), after('1h', after('1h', stop()))], /deadline within a deadline/],
  ])('refused: %s', (_, responses, message) => {
    expect(() => policyOf(responses)).toThrow(message);
  });

  test('no duration, no finding, no number of things', () => {
    expect(() => after('soon' as Duration, stop())).toThrow(/duration: must be a number of milliseconds/);
    expect(() =>
      responsePolicy({ mode: 'enforce', rules: [{ finding: 'all of them', do: [stop()] }] }),
    ).toThrow(/rules\[0\]\.finding/);
    expect(() => policyOf([stop()], 'enforce', 0)).toThrow(/maxTargets/);
  });
});

test('too many things: nothing is planned', () => {
  const findings = Array.from({ length: 5 }, (_, index) =>
    plain('audit.a', { kind: 'server', id: `s${index}` }),
  );
  const policy = policyOf([stop()], 'enforce', 4);
  expect(planResponses(decideResponses(findings, policy, [], NOW), policy, context)).toMatchObject({
    ok: false,
    refusals: [
      { code: 'audit.too-many-targets', reason: '5 things would be touched; the policy lets it be 4' },
    ],
  });
});

test('whatever is found: no step for what did not fail, one for each thing, never more than the limit', () => {
  const verdicts = fc.constantFrom<Verdict>('pass', 'fail', 'unknown', 'exempt');
  const findings = fc.array(
    fc.record({
      verdict: verdicts,
      id: fc.constantFrom('audit.a', 'audit.b', 'other.c'),
      server: fc.constantFrom('s1', 's2', 's3', 's4'),
    }),
    { maxLength: 12 },
  );
  const simple = fc.constantFrom(lock(), stop(), tag('t'), notify('owner'));
  fc.assert(
    fc.property(
      findings,
      fc.array(simple, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      (some, responses, maxTargets) => {
        const list = some.map(({ verdict, id, server }) =>
          plain(id, { kind: 'server', id: server }, verdict),
        );
        const policy = policyOf(responses, 'enforce', maxTargets);
        const answer = planResponses(decideResponses(list, policy, [], NOW), policy, context);
        if (!answer.ok) return;
        const failed = new Set(
          list
            .filter(({ verdict, id }) => verdict === 'fail' && id.startsWith('audit.'))
            .map(({ subject }) => subject.id),
        );
        const touched = answer.plan.steps
          .filter(({ action }) => action !== 'audit.notify')
          .map(({ input }) => (input as { server: string }).server);
        for (const server of touched) expect(failed.has(server)).toBe(true);
        expect(new Set(touched).size).toBeLessThanOrEqual(maxTargets);
        const states = answer.plan.steps.filter(({ action }) => action === 'audit.server-state');
        expect(states.length).toBe(
          new Set(states.map(({ input }) => (input as { server: string }).server)).size,
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('every response has its place in the order of harm', () => {
  expect(new Set(byBlastRadius).size).toBe(byBlastRadius.length);
  expect(byBlastRadius.indexOf('stop')).toBeGreaterThan(byBlastRadius.indexOf('lock'));
});

describe('the book of notices', () => {
  test('in memory and in a file: the same', async () => {
    const path = await mkdtemp(join(tmpdir(), 'groundcrew-notices-'));
    onTestFinished(() => rm(path, { recursive: true, force: true }));
    const file = join(path, 'notices');
    for (const book of [memoryNotices(), fileNotices(file)]) {
      expect(await book.read()).toEqual([]);
      const notice = { key: 'k', channel: 'owner', at: '2026-11-23T12:00:00.000Z' };
      await book.note([notice]);
      await book.note([{ ...notice, key: 'l' }]);
      expect((await book.read()).map(({ key }) => key)).toEqual(['k', 'l']);
    }
    // Cut anywhere by a crash: whole lines stay, and writing goes on.
    const whole = await readFile(file);
    const { length } = whole;
    for (let cut = length; cut > length / 2; cut -= 7) {
      await truncate(file, cut);
      expect((await fileNotices(file).read())[0]?.key).toBe('k');
    }
    await writeFile(file, whole.subarray(0, length - 5));
    await fileNotices(file).note([{ key: 'm', channel: 'owner', at: '2026-11-23T12:00:00.000Z' }]);
    await expect(fileNotices(file).read()).resolves.toMatchObject([{ key: 'k' }, { key: 'm' }]);
  });

  test('a file of something else is refused, with the line', async () => {
    const path = await mkdtemp(join(tmpdir(), 'groundcrew-notices-'));
    onTestFinished(() => rm(path, { recursive: true, force: true }));
    await writeFile(join(path, 'x'), 'hello\nworld\n');
    await expect(fileNotices(join(path, 'x')).read()).rejects.toThrow(/x:1: is no notice/);
  });
});
