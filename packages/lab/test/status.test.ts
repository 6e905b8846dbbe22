import { expect, test } from 'vitest';
import { LabCommandFailed, labStatus } from '../src/index.ts';
import { DOWN, fakeLab, printJson, STATUS } from './fake-lab.ts';

test('reads what the command says', async () => {
  const { executable, calls } = await fakeLab(printJson(STATUS));
  await expect(labStatus({ executable })).resolves.toEqual(STATUS);
  await expect(calls()).resolves.toEqual(['status --json']);
});

test('a lab that was never up has a status, too', async () => {
  const { executable } = await fakeLab(printJson(DOWN));
  await expect(labStatus({ executable })).resolves.toMatchObject({ cloudsYaml: null, controlPlanes: [] });
});

test('names the field that is not what it should be', async () => {
  const [plane] = STATUS.controlPlanes;
  const { executable } = await fakeLab(
    printJson({ ...STATUS, controlPlanes: [{ ...plane, core: 'sideways' }] }),
  );
  await expect(labStatus({ executable })).rejects.toThrow(
    'lab status --json: answer.controlPlanes[0].core should be up, partial, down, and is "sideways"',
  );
});

test.each([
  ['no JSON', 'echo hello', 'its answer is not JSON: hello'],
  ['nothing', 'true', 'its answer is not JSON: (nothing)'],
  ['a list', 'echo []', 'answer.directory should be a string, and is nothing'],
  ['a failure', 'echo "error: broken" >&2; exit 1', 'lab status --json: error: broken'],
])('an answer that is %s is an error', async (_, body, message) => {
  const { executable } = await fakeLab(body);
  await expect(labStatus({ executable })).rejects.toThrow(message);
});

test('a command that cannot be run is an error of ours, with its cause', async () => {
  const error: unknown = await labStatus({ executable: '/nonexistent/lab' }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(LabCommandFailed);
  expect(error).toMatchObject({ exitCode: null, cause: { code: 'ENOENT' } });
});

test('another state directory reaches the command', async () => {
  const { executable } = await fakeLab(
    `printf '%s' '${JSON.stringify({ ...DOWN, directory: 'HERE' })}' | sed "s|HERE|$LAB_DIR|"`,
  );
  await expect(labStatus({ executable, directory: '/var/tmp/another' })).resolves.toMatchObject({
    directory: '/var/tmp/another',
  });
});
