import { expect, test } from 'vitest';
import { ensureLab, LabCannotRun, LabCommandFailed } from '../src/index.ts';
import { DOWN, fakeLab, printJson, STATUS } from './fake-lab.ts';

/** Down until `up` was called; then what STATUS says. */
const COMES_UP = `case $1 in
  status) if [ -e "$DIR/up" ]; then ${printJson(STATUS)}; else ${printJson(DOWN)}; fi ;;
  up) echo '12:00:00 core services answer' >&2; touch "$DIR/up" ;;
  env) ${printJson({ OS_AUTH_URL: 'http://127.0.0.1:5000/v3', OS_USERNAME: 'admin' })} ;;
esac`;

test('a lab that is up is left alone', async () => {
  const { executable, calls } = await fakeLab(printJson(STATUS));
  const lab = await ensureLab({ executable });
  expect(lab).toMatchObject({
    controlPlane: 'lab',
    cloudsYaml: '/var/tmp/a-lab/clouds.yaml',
    logs: '/var/tmp/a-lab/logs/lab',
  });
  await expect(calls()).resolves.toEqual(['status --json']);
});

test('work on another release does not concern it', async () => {
  const { executable, calls } = await fakeLab(printJson({ ...STATUS, busyWith: 'lab-forky' }));
  await ensureLab({ executable });
  await expect(calls()).resolves.toEqual(['status --json']);
});

test('a lab that is down is brought up, and reports its progress', async () => {
  const { executable, calls } = await fakeLab(COMES_UP);
  const lines: string[] = [];
  const lab = await ensureLab({ executable, onProgress: (line) => lines.push(line) });
  expect(lab.cloudsYaml).toBe('/var/tmp/a-lab/clouds.yaml');
  expect(lines).toEqual(['12:00:00 core services answer']);
  await expect(calls()).resolves.toEqual(['status --json', 'up --only core --wait 900', 'status --json']);
});

test.each([
  ['part of it is down', { controlPlanes: [{ ...STATUS.controlPlanes[0], core: 'partial' }] }, {}],
  ['another command is changing it', { busyWith: 'lab' }, {}],
  ['another command is changing everything', { busyWith: 'all' }, {}],
  ['the further services are wanted', {}, { only: 'full' }],
  ['another release is wanted', {}, { suite: 'trixie' }],
] as const)('it is brought up when %s', async (_, change, options) => {
  const { executable, calls } = await fakeLab(printJson({ ...STATUS, ...change }));
  await ensureLab({ executable, ...options });
  await expect(calls()).resolves.toHaveLength(3);
});

test('a machine that cannot run it: one error with all reasons and remedies', async () => {
  const reasons = [
    { code: 'not-root', because: 'it installs packages', remedy: 'run it as root (sudo)' },
    { code: 'disk', because: '1 GiB are free', remedy: 'free some' },
  ];
  const { executable } = await fakeLab(`case $1 in
    status) ${printJson(DOWN)} ;;
    up) exit 2 ;;
    check) ${printJson({ canRun: false, only: 'core', controlPlane: 'lab', reasons })}; exit 2 ;;
  esac`);
  const error: unknown = await ensureLab({ executable }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(LabCannotRun);
  expect(error).toMatchObject({ name: 'LabCannotRun', reasons });
  expect(String(error)).toContain('1 GiB are free (disk); remedy: free some');
});

test('a failure is told from a refusal, with the last lines of the report', async () => {
  const { executable } = await fakeLab(`case $1 in
    status) ${printJson(DOWN)} ;;
    up) echo 'error: nova: not ready in time' >&2; exit 1 ;;
  esac`);
  const error: unknown = await ensureLab({ executable }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(LabCommandFailed);
  expect(error).toMatchObject({ exitCode: 1, command: ['up', '--only', 'core', '--wait', '900'] });
  expect(String(error)).toContain('nova: not ready in time');
});

test('names clouds and daemons of its own control plane', async () => {
  const { executable, calls } = await fakeLab(COMES_UP);
  const lab = await ensureLab({ executable, suite: 'trixie' });
  expect(lab.cloud('member')).toBe('lab-trixie-member');
  await expect(lab.env()).resolves.toEqual({
    OS_AUTH_URL: 'http://127.0.0.1:5000/v3',
    OS_USERNAME: 'admin',
  });
  await lab.stop('compute-2');
  await lab.start('compute-2');
  await lab.restart('infra.rabbitmq');
  await expect(calls()).resolves.toEqual([
    'status --json',
    'up --only core --suite trixie --wait 900',
    'status --json',
    'env lab-trixie-admin --json',
    'stop lab-trixie.compute-2',
    'start lab-trixie.compute-2',
    'restart infra.rabbitmq',
  ]);
});

test('an aborted wait ends with the reason of the signal', async () => {
  const { executable } = await fakeLab(`case $1 in status) ${printJson(DOWN)} ;; up) exec sleep 60 ;; esac`);
  const controller = new AbortController();
  const reason = new Error('the test run was cancelled');
  const waiting = ensureLab({ executable, signal: controller.signal });
  setTimeout(() => controller.abort(reason), 100);
  await expect(waiting).rejects.toBe(reason);
});

test('a deadline is an error of ours', async () => {
  const { executable } = await fakeLab('exec sleep 60');
  await expect(ensureLab({ executable, timeout: 100 })).rejects.toThrow('not done within 100 ms');
});
