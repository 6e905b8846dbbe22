import { expect, test } from 'vitest';
import { checkLab } from '../src/index.ts';
import { fakeLab, printJson } from './fake-lab.ts';

const REASONS = [
  {
    code: 'memory',
    because: '2 GiB of memory are free; core of lab needs 6 GiB',
    remedy: 'stop something',
  },
  {
    code: 'port-in-use',
    because: 'port 5000 (keystone) is in use by process 7 (nc -l)',
    remedy: 'stop it',
  },
];

test('a machine that can run it', async () => {
  const { executable, calls } = await fakeLab(
    printJson({ canRun: true, only: 'full', controlPlane: 'lab', reasons: [] }),
  );
  await expect(checkLab({ executable, only: 'full' })).resolves.toEqual({
    canRun: true,
    controlPlane: 'lab',
    reasons: [],
  });
  await expect(calls()).resolves.toEqual(['check --json --only full']);
});

test('exit code 2 is an answer: all reasons at once', async () => {
  const { executable } = await fakeLab(
    `${printJson({ canRun: false, only: 'core', controlPlane: 'lab-trixie', reasons: REASONS })}; exit 2`,
  );
  await expect(checkLab({ executable, suite: 'trixie' })).resolves.toEqual({
    canRun: false,
    controlPlane: 'lab-trixie',
    reasons: REASONS,
  });
});

test('any other exit code is a failure', async () => {
  const { executable } = await fakeLab('echo "awk: not found" >&2; exit 1');
  await expect(checkLab({ executable })).rejects.toThrow('lab check --json: awk: not found');
});
