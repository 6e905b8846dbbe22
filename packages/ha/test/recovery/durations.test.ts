import { describe, expect, test } from 'vitest';
import {
  galeraImplementations,
  planGaleraRecovery,
  planRabbitRecovery,
  planRabbitRestart,
  rabbitImplementations,
  readGaleraNode,
  readRabbitNode,
} from '../../src/recovery.ts';
import { killed } from './galera-nodes.ts';

const calls: Readonly<Record<string, (options: object) => unknown>> = {
  'planGaleraRecovery bootstrapTimeout': (options) => planGaleraRecovery([], options),
  'planGaleraRecovery joinTimeout': (options) => planGaleraRecovery([], options),
  'planRabbitRecovery startTimeout': (options) => planRabbitRecovery([], options),
  'planRabbitRestart timeout': (options) => planRabbitRestart([], options),
  'galeraImplementations recoverTimeout': (options) => galeraImplementations([], options),
  'rabbitImplementations timeout': (options) => rabbitImplementations([], options),
  'readGaleraNode recoverTimeout': (options) => readGaleraNode({} as never, options),
  'readRabbitNode timeout': (options) => readRabbitNode({} as never, options),
};

describe.each(Object.entries(calls))('%s', (name, call) => {
  const field = name.split(' ')[1] ?? '';

  test.each(['30', '30 s', '-1s', -1, 0, Number.NaN, Number.POSITIVE_INFINITY])(
    'is no duration if it is %s',
    async (value) => {
      await expect(async () => call({ [field]: value })).rejects.toThrow(
        expect.objectContaining({ code: 'input', field }),
      );
    },
  );
});

test('a duration with its unit is what its number of milliseconds is', () => {
  const nodes = ['db-1', 'db-2', 'db-3'].map((host) => killed(host, 7));
  const limit = (joinTimeout: number | '90m'): unknown => {
    const planned = planGaleraRecovery(nodes, { joinTimeout, preferred: ['db-1'] });
    return planned.ok && planned.plan.digest;
  };
  expect(limit('90m')).toBeTypeOf('string');
  expect(limit('90m')).toBe(limit(5_400_000));
  expect(limit('90m')).not.toBe(limit(5_400));
});
