import { describe, expect, test } from 'vitest';
import { assessSecurityGroups } from '../../src/security-groups.ts';
import { allPacks, crosswalk, type Estate } from '../../src/packs.ts';
import { evaluate } from '../../src/policy.ts';
import { group, port, ports, rule, snapshot } from '../security-groups/snapshot.ts';
import { cut, NOW, seen } from '../policy/seen.ts';
import { estate } from './estate.ts';
import { fixtures } from './fixtures.ts';

const judge = (id: string, whole: Estate) =>
  evaluate(
    allPacks.filter((entry) => entry.id === id),
    whole,
    { now: NOW },
  );

test('each policy has fixtures, and each fixture has a policy', () => {
  expect(Object.keys(fixtures).toSorted()).toEqual(allPacks.map(({ id }) => id).toSorted());
});

describe.each(allPacks.map((policy) => ({ id: policy.id, policy, fixture: fixtures[policy.id] })))(
  '$id',
  ({ id, policy, fixture }) => {
    const { pass, fail, unknown = [] } = fixture ?? { pass: [], fail: [] };
    test.each(pass.map((parts, index) => [index, parts]))('passes (%i)', (_, parts) => {
      const { tally } = judge(id, estate(parts));
      expect(tally).toMatchObject({ fail: 0, unknown: 0 });
      expect(tally.pass).toBeGreaterThan(0);
    });
    test.each(fail.map((parts, index) => [index, parts]))('fails (%i)', (_, parts) => {
      const { tally, findings } = judge(id, estate(parts));
      expect(tally.fail).toBe(1);
      expect(findings[0]).toMatchObject({ verdict: 'fail', remedy: policy.remedy });
    });
    test.each(unknown.map((parts, index) => [index, parts]))('cannot be said (%i)', (_, parts) => {
      expect(judge(id, estate(parts)).tally).toEqual({
        pass: 0,
        fail: 0,
        unknown: 1,
        exempt: 0,
      });
    });
    test.each(
      policy.needs.flatMap((need) =>
        (['denied', 'failed', 'unsupported'] as const).map((how) => [need, how]),
      ),
    )('is unknown where %s are %s', (need, how) => {
      const whole = estate(pass[0]);
      const key = need as (typeof policy.needs)[number];
      const { tally } = judge(id, { ...whole, [key]: cut<never>(whole[key] as never, how as 'denied') });
      expect(tally).toMatchObject({ pass: 0, fail: 0 });
      expect(tally.unknown).toBeGreaterThan(0);
    });
    test('keeps what it saw failing in a partial list, and knows nothing of the rest', () => {
      const whole = estate(fail[0]);
      const [first] = policy.needs;
      const { tally, findings } = judge(id, {
        ...whole,
        [first]: cut<never>(whole[first] as never, 'partial'),
      });
      expect(tally.fail).toBe(1);
      expect(findings.some(({ verdict, subject }) => verdict === 'unknown' && subject.kind === 'scope')).toBe(
        true,
      );
    });
  },
);

test('a secret that somebody put into metadata is in no report', () => {
  const parts = [
    ...(fixtures['audit.server.secret-in-metadata']?.fail ?? []),
    ...(fixtures['audit.volume.secret-in-metadata']?.fail ?? []),
  ];
  for (const part of parts)
    expect(JSON.stringify(evaluate(allPacks, estate(part), { now: NOW }))).not.toContain('hunter2');
});

describe('the crosswalk', () => {
  // What `assess` says of security groups: its rules are no policies of a pack.
  const exposures = assessSecurityGroups(
    snapshot({
      securityGroups: seen([
        group('open', [rule()]),
        group('ssh', [ports('tcp', 22, 22, { remote_ip_prefix: '0.0.0.0/0' })]),
      ]),
      ports: seen([port('bare', [], { port_security_enabled: false })]),
    }),
  );
  const ours = new Set([...allPacks, ...exposures].map(({ id }) => id));
  test.each(crosswalk.filter(({ ours: id }) => id !== null).map((entry) => [entry.check, entry.ours]))(
    '%s is answered by %s, which exists',
    (_, id) => {
      expect(ours).toContain(id);
    },
  );
  test('every check is there once, and says why where nothing answers it', () => {
    expect(crosswalk.filter(({ tool }) => tool === 'prowler')).toHaveLength(34);
    expect(crosswalk.filter(({ tool }) => tool === 'cnspec')).toHaveLength(36);
    expect(new Set(crosswalk.map(({ check }) => check)).size).toBe(70);
    expect(crosswalk.filter(({ ours: id, note }) => id === null && note === undefined)).toEqual([]);
  });
});
