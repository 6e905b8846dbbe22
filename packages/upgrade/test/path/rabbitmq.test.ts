import { expect, test } from 'vitest';
import { rabbitmqPath } from '../../src/path.ts';

test.each([
  ['3.10.8', '4.1', ['3.11', '3.12', '3.13', '4.1']],
  ['3.13', '4.2', ['4.2']],
  ['4.0.5', '4.0.9', []],
])('%s to %s: %j', (from, to, versions) => {
  expect(rabbitmqPath(from, to)).toEqual({ ok: true, versions });
});

test('backwards, to what is not known, and no version', () => {
  expect(rabbitmqPath('4.1', '3.13')).toMatchObject({ refusal: { code: 'backwards' } });
  expect(rabbitmqPath('4.2', '9.9')).toMatchObject({ refusal: { code: 'infra-edge-missing' } });
  expect(() => rabbitmqPath('latest', '4.1')).toThrow(/from: "latest" is no version/);
});
