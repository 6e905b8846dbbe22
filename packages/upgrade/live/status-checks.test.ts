import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureLab } from '@groundcrew/lab';
import { localHost } from '@groundcrew/runbook/hosts';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { assessUpgradeChecks, observeUpgradeChecks, type UpgradeCheckTarget } from '../src/checks.ts';

// The checks that Debian's real services bring along, on the lab's databases.
const host = localHost({ name: 'lab' });
let etc = '';

beforeAll(async () => {
  const lab = await ensureLab();
  etc = path.join(path.dirname(lab.cloudsYaml), 'lab/etc');
});

const target = (service: string, more: readonly string[] = []): UpgradeCheckTarget => ({
  service,
  host,
  command: [`${service}-status`, '--config-file', path.join(etc, service, `${service}.conf`), ...more],
});

/** A further configuration, by which the policy of a service is in JSON. */
async function jsonPolicy(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'upgrade-checks-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'policy.json'), '{}');
  const file = path.join(folder, 'more.conf');
  await writeFile(file, `[oslo_policy]\npolicy_file = ${path.join(folder, 'policy.json')}\n`);
  return file;
}

test('each says what it finds; nova, which has no JSON, by its table', { timeout: 300_000 }, async () => {
  const observed = await observeUpgradeChecks([
    target('keystone'),
    target('nova'),
    target('cinder'),
    target('placement'),
  ]);
  const seen = Object.fromEntries(observed.value.map(({ service, checks }) => [service, checks]));
  expect(observed.gaps).toEqual([]);
  expect(seen['nova']?.map(({ check }) => check)).toContain('Older than N-1 computes');
  for (const checks of Object.values(seen)) expect(checks.length).toBeGreaterThan(0);
});

test('a policy in JSON stops the upgrade, of nova and of keystone', { timeout: 300_000 }, async () => {
  const more = ['--config-file', await jsonPolicy()];
  const observed = await observeUpgradeChecks([target('keystone', more), target('nova', more)]);
  const failed = assessUpgradeChecks(observed).filter(({ verdict }) => verdict === 'fail');
  expect(failed.map(({ subject }) => subject.id).toSorted()).toEqual(['keystone', 'nova']);
  expect(failed[0]?.because[0]?.statement).toMatch(/policy/i);
});

test('what is not installed is a gap', async () => {
  const observed = await observeUpgradeChecks([{ service: 'trove', host }]);
  expect(observed).toMatchObject({ value: [], completeness: 'failed' });
});
