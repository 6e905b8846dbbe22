import { status } from '@groundcrew/sim';
import { afterAll, describe, expect, test } from 'vitest';
import type { CollectProgress } from '../src/index.ts';
import { progressLine, showProgress } from '../src/progress-line.ts';
import { closeSite, reportOf } from './site.ts';

afterAll(closeSite);

test('every part is told once, until all are done', async () => {
  const told: CollectProgress[] = [];
  await reportOf('admin', [], { onProgress: (progress) => told.push(progress) });
  const [first, ...later] = told;
  expect(first).toMatchObject({ done: 0, total: 13 });
  expect(first?.pending.map(({ service }) => service)).toContain('network');
  expect(later.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  expect(told.at(-1)).toEqual({ done: 13, total: 13, pending: [] });
});

test('a part that a service fails to answer ends all the same', async () => {
  const told: CollectProgress[] = [];
  const down = { match: { service: 'network' }, reply: status(403) } as const;
  await reportOf('admin', [down], { onProgress: (progress) => told.push(progress) });
  expect(told.at(-1)).toMatchObject({ done: 13, pending: [] });
});

const progress: CollectProgress = {
  done: 4,
  total: 13,
  pending: [
    { what: 'ports', service: 'network' },
    { what: 'floatingIps', service: 'network' },
    { what: 'servers', service: 'compute' },
  ],
};

describe('the line of a terminal', () => {
  test('says which services, and how many of how many', () => {
    expect(progressLine(progress, 120)).toBe(
      '4 of 13, reading network (ports, floatingIps), compute (servers)',
    );
    const judging = [{ what: 'audit', service: undefined } as const];
    expect(progressLine({ ...progress, done: 12, pending: judging })).toBe('12 of 13, judging audit');
    expect(progressLine({ done: 13, total: 13, pending: [] })).toBe('13 of 13');
  });

  test('never wraps', () => {
    for (const columns of [1, 2, 10, 40, 64, 65]) {
      expect(progressLine(progress, columns).length).toBeLessThanOrEqual(Math.max(1, columns - 1));
    }
  });

  test('replaces the one before, and is gone at the end', () => {
    const written: string[] = [];
    const line = showProgress({ isTTY: true, columns: 30, write: (text) => written.push(text) });
    line.show(progress);
    line.end();
    expect(written).toEqual(['\r\u001B[K4 of 13, reading network (po…', '\r\u001B[K']);
  });

  test('a terminal that does not know its width is taken to have 80 columns', () => {
    const written: string[] = [];
    showProgress({ isTTY: true, columns: 0, write: (text) => written.push(text) }).show(progress);
    expect(written).toEqual([expect.stringContaining('compute (servers)')]);
  });

  test.each([[false], [undefined]])('is not written where isTTY is %s', (isTTY) => {
    const written: string[] = [];
    const line = showProgress({
      ...(isTTY === undefined ? {} : { isTTY }),
      write: (text) => written.push(text),
    });
    line.show(progress);
    line.end();
    showProgress(undefined).show(progress);
    expect(written).toEqual([]);
  });
});
