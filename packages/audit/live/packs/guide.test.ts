import { dirname, join } from 'node:path';
import { ensureLab } from '@groundcrew/lab';
import { localHost } from '@groundcrew/runbook/hosts';
import { expect, test } from 'vitest';
import { judgeGuide, readGuideFacts, securityGuide } from '../../src/packs.ts';
import { evaluate } from '../../src/policy.ts';

test("the Security Guide's checks on the configuration that the lab's services run with", async () => {
  const lab = await ensureLab({ only: 'full' });
  const etc = join(dirname(lab.cloudsYaml), 'lab', 'etc');
  const found = judgeGuide(await readGuideFacts(localHost(), { etc }));
  const verdicts = Object.fromEntries(found.map(({ id, verdict }) => [id, verdict]));

  expect(found).toHaveLength(securityGuide.length);
  expect(verdicts).toMatchObject({
    // It runs as root, with files that everybody may read.
    'Check-Identity-01': 'fail',
    'Check-Identity-02': 'fail',
    'Check-Identity-05': 'pass',
    'Check-Identity-06': 'pass',
    'Check-Identity-07': 'pass',
    'Check-Identity-08': 'pass',
    'Check-Compute-03': 'pass',
    // Nothing in it speaks TLS.
    'Check-Compute-04': 'fail',
    'Check-Compute-05': 'fail',
    'Check-Block-04': 'fail',
    'Check-Block-06': 'fail',
    'Check-Block-09': 'pass',
    'Check-Image-03': 'pass',
    'Check-Neutron-04': 'fail',
    'Check-Key-Manager-04': 'fail',
    // No file proves it.
    'Check-Identity-03': 'unknown',
  });
  // It has no dashboard and no Manila, about which nothing is known therefore.
  const absent = found.filter(({ id }) => /Dashboard|Shared/.test(id));
  expect(new Set(absent.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));

  const report = evaluate([], { scope: 'this machine' }, { now: Date.now(), found });
  expect(report.findings).toHaveLength(55);
});
