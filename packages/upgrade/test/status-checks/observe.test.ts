import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localHost } from '@groundcrew/runbook/hosts';
import { expect, onTestFinished, test } from 'vitest';
import { assessUpgradeChecks, observeUpgradeChecks, type UpgradeCheckTarget } from '../../src/checks.ts';

const JSON_OF = (result: number): string =>
  `{"name": "Upgrade Check Results", "checks": [{"check": "One", "result": ${result}, "details": null}]}`;
const TABLE = `+-----------------------+
| Upgrade Check Results |
+-----------------------+
| Check: Cells v2       |
| Result: Warning       |
| Details: Look at it.  |
+-----------------------+`;

/** A program that is a service's command: what it prints, and how it ends. */
async function target(service: string, script: string): Promise<UpgradeCheckTarget> {
  const folder = await mkdtemp(path.join(tmpdir(), 'upgrade-checks-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, `${service}-status`);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return { service, host: localHost({ name: 'ctl-1' }), command: [file] };
}

test('JSON where there is, the table where there is none, and each as a finding', async () => {
  const observed = await observeUpgradeChecks([
    await target('keystone', `echo '${JSON_OF(0)}'`),
    await target(
      'nova',
      `case "$*" in *--json*) echo 'nova-status: error: unrecognized arguments: --json' >&2; exit 2;; esac\necho '${TABLE}'\nexit 1`,
    ),
    await target('cinder', `echo '${JSON_OF(2)}'; exit 2`),
  ]);
  expect(observed).toMatchObject({ completeness: 'complete', gaps: [] });
  expect(assessUpgradeChecks(observed).map(({ verdict, title }) => [verdict, title])).toEqual([
    ['pass', "keystone's upgrade check passes: One"],
    ['unknown', "nova's upgrade check warns: Cells v2"],
    ['fail', "cinder's upgrade check fails: One"],
  ]);
});

test('whatever tells nothing is a gap, and passes nothing', async () => {
  const observed = await observeUpgradeChecks([
    await target('glance', "echo 'Error:'; echo 'NoSuchOptError: enabled_backends'; exit 255"),
    await target('neutron', `echo '${JSON_OF(1)}'; exit 0`),
    await target('placement', 'exit 0'),
    await target('heat', `echo '{"name": "Upgrade Check Results", "checks": []}'`),
    { service: 'manila', host: localHost(), command: ['/nowhere/manila-status'] },
  ]);
  expect(observed.value).toEqual([]);
  expect(observed.completeness).toBe('failed');
  expect(observed.gaps.map(({ why }) => why)).toEqual([
    'the checks ended in an error: NoSuchOptError: enabled_backends',
    'its exit (0) is not that of the worst result that it printed (warning)',
    'exit 0, and no results were printed: nothing',
    'it has no checks',
    expect.stringContaining('manila-status'),
  ]);
  expect(new Set(assessUpgradeChecks(observed).map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
});

test('one that hangs is given up', async () => {
  const observed = await observeUpgradeChecks([await target('nova', 'sleep 60')], { timeout: '300ms' });
  expect(observed.gaps).toMatchObject([{ what: 'upgrade checks of nova on ctl-1' }]);
});

test('a name that is no service is refused with its field', async () => {
  const host = localHost();
  await expect(observeUpgradeChecks([{ service: 'nova; rm', host }])).rejects.toThrow('targets.0.service');
});
