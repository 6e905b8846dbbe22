import fc from 'fast-check';
import { virtualClock } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import type { FenceError } from '../../src/fencing/fence-error.ts';
import { fencer, isFenceProof, isFresh } from '../../src/fencing/fencer.ts';
import type { PowerDriver, PowerState } from '../../src/fencing/power-driver.ts';

/** A board that answers from a script, then its last word for ever; it obeys nobody. */
function scripted(
  states: readonly PowerState[],
  method = 'scripted',
): PowerDriver & { readonly orders: string[] } {
  const orders: string[] = [];
  let at = 0;
  return {
    method,
    orders,
    async read() {
      const state = states[Math.min(at, states.length - 1)] ?? 'unknown';
      at += 1;
      return { state, statement: `said ${state}` };
    },
    async off() {
      orders.push('off');
    },
    async on() {
      orders.push('on');
    },
  };
}

const clock = () => virtualClock('2026-11-23T12:00:00Z');

test('off is off after three readings, a second apart', async () => {
  const driver = scripted(['on', 'off', 'off', 'off']);
  const proof = await fencer({ drivers: [driver], clock: clock() }).off('compute-1');
  expect(proof).toMatchObject({
    host: 'compute-1',
    method: 'scripted',
    verifiedOffAt: '2026-11-23T12:00:03.000Z',
  });
  expect(proof.because).toHaveLength(4);
  expect(driver.orders).toEqual(['off', 'off']);
  expect(isFenceProof(proof)).toBe(true);
  expect(isFenceProof(JSON.parse(JSON.stringify(proof)))).toBe(false);
});

test('whatever a board says, a proof means that the last readings were off, and spread', async () => {
  const state = fc.constantFrom<PowerState[]>('on', 'off', 'off', 'off', 'unknown');
  await fc.assert(
    fc.asyncProperty(
      fc.array(state, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 2, max: 4 }),
      fc.boolean(),
      async (states, confirmations, cut) => {
        const fence = fencer({ drivers: [scripted(states)], clock: clock(), confirmations, timeout: '20s' });
        const proof = await (cut ? fence.off('h') : fence.confirmOff('h')).catch(() => undefined);
        const last = proof?.because.slice(-confirmations) ?? [];
        expect(last.filter(({ statement }) => !statement.startsWith('off:'))).toEqual([]);
        const times = last.map(({ at }) => Date.parse(at ?? ''));
        expect(times.every((time, i) => i === 0 || time - (times[i - 1] ?? 0) >= 1000)).toBe(true);
        // And a board that stays off is believed in the end.
        const stays = states.at(-1) === 'off' && (cut || !states.includes('on'));
        expect(proof !== undefined || !stays).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

describe('no proof', () => {
  const refused = async (driver: PowerDriver): Promise<unknown> =>
    fencer({ drivers: [driver], clock: clock() })
      .off('compute-1')
      .catch((error: unknown) => error);

  test('of a board that lies', async () => {
    expect(await refused(scripted(['on']))).toMatchObject({ code: 'fence-not-off', host: 'compute-1' });
  });

  test('of one that goes off and on again', async () => {
    const turns = Array.from({ length: 40 }, (): PowerState[] => ['off', 'off', 'on']).flat();
    expect(await refused(scripted([...turns, 'on']))).toMatchObject({ code: 'fence-not-off' });
  });

  test('of one that says nothing', async () => {
    expect(await refused(scripted(['unknown']))).toMatchObject({ because: expect.any(Array) });
  });

  test.each<PowerState>(['on', 'unknown'])('of one that takes no orders, and is %s', async (state) => {
    const driver = { ...scripted([state]), off: async () => Promise.reject(new Error('401')) };
    const error = await refused(driver);
    expect(error).toMatchObject({ message: expect.stringContaining('401') });
    // It is not asked for a whole minute: there may be another way to the power.
    expect((error as FenceError).because).toHaveLength(3);
  });
});

test('confirming only reads, and one reading of on ends it', async () => {
  const driver = scripted(['off', 'off', 'on']);
  const fence = fencer({ drivers: [driver], clock: clock() });
  await expect(fence.confirmOff('h')).rejects.toMatchObject({ code: 'fence-not-off' });
  expect(driver.orders).toEqual([]);
});

test('a second way to the power is tried when the first fails, and both are evidence', async () => {
  const drivers = [scripted(['unknown'], 'ipmi'), scripted(['off'], 'pdu')] as const;
  const proof = await fencer({ drivers: [...drivers], clock: clock(), timeout: '5s' }).off('h');
  expect(proof.method).toBe('pdu');
  expect(new Set(proof.because.map(({ source }) => source))).toEqual(new Set(['ipmi h', 'pdu h']));
});

test('a proof ages, and is of one host', async () => {
  const proof = await fencer({ drivers: [scripted(['off'])], clock: clock() }).off('h');
  const at = Date.parse(proof.verifiedOffAt);
  expect([isFresh(proof, 'h', at + 30_000, '30s'), isFresh(proof, 'h', at + 30_001, '30s')]).toEqual([
    true,
    false,
  ]);
  expect([isFresh(proof, 'other', at, '30s'), isFresh(proof, 'h', at - 1, '30s')]).toEqual([false, false]);
});

test('an abort ends it with its reason', async () => {
  const stop = AbortSignal.abort(new Error('enough'));
  await expect(
    fencer({ drivers: [scripted(['on'])], clock: clock() }).off('h', { signal: stop }),
  ).rejects.toThrow('enough');
});
