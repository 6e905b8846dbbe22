import { InputError } from '@groundcrew/core';
import { expect, test } from 'vitest';
import type { GnocchiOperation } from '../../src/gnocchi.ts';
import { readOperation } from '../../src/gnocchi/gnocchi-operations.ts';

const cpu = ['metric', 'cpu', 'mean'] as const;

test.each<[GnocchiOperation, unknown]>([
  [cpu, cpu],
  [
    ['metric', ['a', 'mean'], ['b', 'max']],
    ['metric', ['a', 'mean'], ['b', 'max']],
  ],
  // gnocchixyz/gnocchi issue 1044.
  [
    ['*', ['/', ['aggregate', 'rate:mean', cpu], 60_000_000_000], 100],
    ['*', ['/', ['aggregate', 'rate:mean', cpu], 60_000_000_000], 100],
  ],
  [
    ['clip', cpu, 0, 1],
    ['clip', cpu, 0, 1],
  ],
  [
    ['rolling', 'max', 3, cpu],
    ['rolling', 'max', 3, cpu],
  ],
  // Durations are ours, seconds are Gnocchi's.
  [
    ['resample', 'mean', '2m', cpu],
    ['resample', 'mean', 120, cpu],
  ],
  [
    ['resample', 'mean', 120_000, cpu],
    ['resample', 'mean', 120, cpu],
  ],
  [
    ['rateofchange', cpu],
    ['rateofchange', cpu],
  ],
])('%j', (operation, wire) => {
  expect(readOperation(operation, 'test').wire).toEqual(wire);
});

test('what an operation needs of the server and of the metrics', () => {
  const { metrics, operators } = readOperation(
    ['+', ['rateofchangesec', ['metric', ['a', 'mean'], ['b', 'max']]], ['max', ['metric', 'a', 'mean'], 0]],
    'test',
  );
  expect(metrics).toEqual([
    { metric: 'a', method: 'mean' },
    { metric: 'b', method: 'max' },
  ]);
  expect([...operators]).toEqual(['+', 'rateofchangesec', 'metric', 'max']);
});

const deep = (levels: number): unknown => (levels === 0 ? cpu : ['abs', deep(levels - 1)]);

test.each<[unknown, string]>([
  [[], 'operations'],
  [['nonsense', cpu], 'operations'],
  [['metric'], 'operations'],
  [['metric', 'cpu'], 'operations.1'],
  [['metric', ['cpu', 'mean', 'more']], 'operations.1'],
  [['abs', 5], 'operations.1'],
  [['abs', cpu, cpu], 'operations'],
  [['+', cpu], 'operations'],
  [['+', cpu, Number.NaN], 'operations.2'],
  [['+', 1, 2], 'operations'],
  [['aggregate', 'last', cpu], 'operations.1'],
  [['rolling', 'mean', 0, cpu], 'operations.2'],
  [['resample', 'mean', 0, cpu], 'operations.2'],
  [['resample', 'mean', '2 minutes', cpu], 'operations.2'],
  [['*', ['abs', ['metric', '', 'mean']], 2], 'operations.1.1.1'],
  [deep(40), `operations${'.1'.repeat(33)}`],
])('%j is refused at %s', (operation, field) => {
  const refused = () => readOperation(operation as GnocchiOperation, 'test');
  expect(refused).toThrow(InputError);
  expect(refused).toThrow(expect.objectContaining({ field }));
});
