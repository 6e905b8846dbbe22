import { expect, test } from 'vitest';
import { JournalError, lead, type Leadership, LeaseHeldError } from '../src/index.ts';
import { scripted } from './scripted-lease.ts';

test('work that ends is an end, work that fails is a failure, and the lease is given back after both', async () => {
  const one = scripted('had', 'had');
  await lead(one.lease, async () => undefined, one.options);
  expect(one.released).toEqual([1]);
  const failing = lead(one.lease, () => Promise.reject(new RangeError('no')), one.options);
  await expect(failing).rejects.toBeInstanceOf(RangeError);
  expect(one.released).toEqual([1, 2]);
});

test('who is told of failures has them, whatever they are, and campaigns again', async () => {
  const { lease, options, released } = scripted('had', new TypeError('a bug of the lease'), 'had');
  const failures: unknown[] = [];
  // A failure of the work is no failure of the lease, also if it looks like one.
  const work = ({ token }: Leadership) => Promise.reject(new JournalError(`work ${token}`));
  await lead(lease, work, { ...options, failed: (error) => failures.push(error), waiting: unexpected });
  expect(failures.map(String)).toEqual([
    expect.stringContaining('work 1'),
    'TypeError: a bug of the lease',
    expect.stringContaining('work 3'),
  ]);
  expect(released).toEqual([1, 3]);
});

test('a lease that is held, or cannot be asked for, is waited for; a bug of it is thrown', async () => {
  const held = new LeaseHeldError('another one leads', { holder: 'other' });
  const { lease, options } = scripted(held, new JournalError('the database is away'), 'had');
  const why: string[] = [];
  const tokens: number[] = [];
  await lead(lease, async ({ token }) => void tokens.push(token), {
    ...options,
    waiting: (error) => why.push(error.code),
    failed: unexpected,
  });
  expect(why).toEqual(['lease-held', 'journal']);
  expect(tokens).toEqual([3]);
  const broken = scripted(new TypeError('a bug of the lease'));
  await expect(lead(broken.lease, async () => undefined, broken.options)).rejects.toBeInstanceOf(TypeError);
});

test('a lease that is lost ends the work, and is campaigned for again', async () => {
  const { lease, options, lost, released } = scripted('had', 'had');
  const seen: [number, boolean, boolean][] = [];
  await lead(
    lease,
    async ({ token, signal, lost: isLost }) => {
      if (token === 1) lost[0]?.abort();
      seen.push([token, signal.aborted, isLost.aborted]);
      // What fails because it was cut off is no failure.
      if (token === 1) throw new Error('cut off');
    },
    { ...options, failed: unexpected },
  );
  expect(seen).toEqual([
    [1, true, true],
    [2, false, false],
  ]);
  expect(released).toEqual([1, 2]);
});

test('told to end, the work is told, and it still sees whether it may go on with what it has begun', async () => {
  const { lease, options, end, lost } = scripted('had');
  const seen: [boolean, boolean][] = [];
  await lead(
    lease,
    async ({ signal, lost: isLost }) => {
      end.abort();
      seen.push([signal.aborted, isLost.aborted]);
      lost[0]?.abort();
      seen.push([signal.aborted, isLost.aborted]);
    },
    options,
  );
  expect(seen).toEqual([
    [true, false],
    [true, true],
  ]);
});

const unexpected = (error: unknown): never => {
  throw new Error('nobody expected that', { cause: error });
};
