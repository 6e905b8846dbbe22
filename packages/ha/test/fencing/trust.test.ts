import { InputError } from '@groundcrew/ground';
import { type Host } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { virtualClock } from '@groundcrew/sim';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandDriver } from '../../src/fencing/command.ts';
import { fencer, type FencerOptions, isFenceProof, isFresh } from '../../src/fencing/fencer.ts';
import { ipmiDriver } from '../../src/fencing/ipmi.ts';
import type { PowerDriver } from '../../src/fencing/power-driver.ts';

/** A machine that does what it is told, and remembers. */
class Machine {
  power: 'on' | 'off' = 'on';
  readonly orders: string[] = [];
  readonly driver: PowerDriver = {
    method: 'machine',
    read: async () => ({ state: this.power, statement: this.power }),
    off: async () => this.#order('off'),
    on: async () => this.#order('on'),
  };

  #order(power: 'on' | 'off'): void {
    this.orders.push(power);
    this.power = power;
  }
}

const rack = (machine = new Machine()) => {
  const clock = virtualClock('2026-11-23T12:00:00Z');
  return { machine, clock, fence: fencer({ drivers: [machine.driver], clock }) };
};

describe('a proof ends', () => {
  test('when the host is turned on', async () => {
    const { fence, clock } = rack();
    const proof = await fence.off('h-1');
    expect(isFresh(proof, 'h-1', clock.now(), '60s')).toBe(true);
    await fence.on('h-1');
    expect(isFresh(proof, 'h-1', clock.now(), '60s')).toBe(false);
    expect(isFresh(await fence.off('h-1'), 'h-1', clock.now(), '60s')).toBe(true);
  });

  test('when another fencer sees it on; that of another host does not', async () => {
    const { fence, clock, machine } = rack();
    const [proof, other] = [await fence.off('h-2'), await fence.off('h-3')];
    machine.power = 'on';
    const second = fencer({ drivers: [machine.driver], clock });
    await expect(second.confirmOff('h-2')).rejects.toMatchObject({ code: 'fence-not-off' });
    expect(isFresh(proof, 'h-2', clock.now(), '60s')).toBe(false);
    expect(isFresh(other, 'h-3', clock.now(), '60s')).toBe(true);
  });

  test('even when the order to go on fails: it may have arrived', async () => {
    const machine = new Machine();
    const driver = { ...machine.driver, on: async () => Promise.reject(new Error('no answer')) };
    const { fence, clock } = { clock: virtualClock(), fence: fencer({ drivers: [driver] }) };
    const proving = fencer({ drivers: [driver], clock });
    const proof = await proving.off('h-4');
    await expect(fence.on('h-4')).rejects.toThrow('could not be turned on');
    expect(isFresh(proof, 'h-4', clock.now(), '60s')).toBe(false);
  });
});

test('no proof holds while an order to go on is under way', async () => {
  const { machine, clock, fence } = rack();
  const proof = await fence.off('h-10');
  const held: boolean[] = [];
  const slow: PowerDriver = {
    ...machine.driver,
    on: async () => void held.push(isFresh(proof, 'h-10', clock.now(), '60s')),
  };
  await fencer({ drivers: [slow], clock }).on('h-10');
  expect(held).toEqual([false]);
});

test('no proof is made of readings from before an order to go on', async () => {
  const machine = new Machine();
  machine.power = 'off';
  const clock = virtualClock('2026-11-23T12:00:00Z');
  const slow: PowerDriver = { ...machine.driver, on: async () => undefined };
  const turning = fencer({ drivers: [slow], clock });
  let readings = 0;
  const watched: PowerDriver = {
    ...machine.driver,
    async read() {
      readings += 1;
      // Before the third: it is told to go on, and takes its time.
      if (readings === 3) await turning.on('h-5');
      return { state: readings < 5 ? 'off' : 'on', statement: 'as scripted' };
    },
  };
  await expect(fencer({ drivers: [watched], clock }).confirmOff('h-5')).rejects.toMatchObject({
    code: 'fence-not-off',
  });
});

test('whoever turns it on and off meanwhile, a proof that holds means that it is off', async () => {
  const step = fc.constantFrom('off', 'confirm', 'on', 'colleague turns on', 'time passes');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { fence, clock, machine } = rack();
      let [behindOurBack, wrong] = [false, false];
      const proofs = [];
      for (const act of steps) {
        if (act === 'off') {
          proofs.push(await fence.off('h-6'));
          behindOurBack = false;
        }
        if (act === 'confirm') {
          const was = machine.power;
          const proof = await fence.confirmOff('h-6').catch(() => undefined);
          wrong ||= (proof === undefined) !== (was === 'on');
          if (proof !== undefined) proofs.push(proof);
          behindOurBack = false;
        }
        if (act === 'on') await fence.on('h-6');
        if (act === 'time passes') await clock.advance('61s');
        if (act === 'colleague turns on') {
          machine.power = 'on';
          // Only age tells of what nobody here has seen.
          behindOurBack = true;
        }
        const holds = proofs.some((proof) => isFresh(proof, 'h-6', clock.now(), '60s'));
        wrong ||= holds && machine.power === 'on' && !behindOurBack;
      }
      expect(wrong).toBe(false);
      expect(proofs.every(isFenceProof)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('what is aborted cuts no power, whatever the driver heeds', async () => {
  const { fence, machine } = rack();
  const signal = AbortSignal.abort(new Error('enough'));
  for (const order of ['off', 'confirmOff', 'on'] as const)
    await expect(fence[order]('h', { signal })).rejects.toThrow('enough');
  expect(machine.orders).toEqual([]);
});

test('an abort in the middle of an answer that never comes', async () => {
  const machine = new Machine();
  const stop = new AbortController();
  const mute: PowerDriver = {
    ...machine.driver,
    read: () => {
      stop.abort(new Error('enough'));
      return new Promise(() => undefined);
    },
  };
  await expect(fencer({ drivers: [mute] }).off('h', { signal: stop.signal })).rejects.toThrow('enough');
});

test('a driver that never answers, and heeds no signal, does not hold it up', async () => {
  const never = (): Promise<never> => new Promise(() => undefined);
  const mute: PowerDriver = { method: 'mute', read: never, off: never, on: never };
  const { machine, clock } = rack();
  const fence = fencer({ drivers: [mute, machine.driver], clock, timeout: 50, interval: 10 });
  const proof = await fence.off('h-7');
  expect(proof.method).toBe('machine');
  expect(proof.because.map(({ statement }) => statement).join()).toContain('no answer within 0.05 s');
  await fence.on('h-7');
  expect(machine.power).toBe('on');
});

test('a host that no driver knows; one that only the second knows', async () => {
  const { machine, clock } = rack();
  const first = { ...new Machine().driver, method: 'first', knows: () => false };
  const second = { ...machine.driver, knows: (host: string) => host === 'mine' };
  const fence = fencer({ drivers: [first, second], clock });
  for (const ask of ['off', 'confirmOff', 'on'] as const)
    await expect(fence[ask]('constructor')).rejects.toMatchObject({ code: 'fence-unknown-host' });
  const begun = clock.now();
  expect((await fence.off('mine')).method).toBe('machine');
  expect(clock.now() - begun).toBe(2_000);
});

test('a board that refuses to turn off what is off is believed when it reads off', async () => {
  const { machine, clock } = rack();
  machine.power = 'off';
  const driver = { ...machine.driver, off: async () => Promise.reject(new Error('in this state?')) };
  const proof = await fencer({ drivers: [driver], clock }).off('h-8');
  expect(proof.because.map(({ statement }) => statement)).toEqual([
    'order off: in this state?',
    ...Array.from({ length: 3 }, () => 'off: off'),
  ]);
});

test('a proof is as old as its last question, not as its answer', async () => {
  const { machine, clock } = rack();
  const driver: PowerDriver = {
    ...machine.driver,
    async read() {
      await clock.sleep(10_000);
      return { state: 'off', statement: 'late' };
    },
  };
  const proof = await fencer({ drivers: [driver], clock }).confirmOff('h-9');
  expect(clock.now() - Date.parse(proof.verifiedOffAt)).toBe(10_000);
});

test.each([
  { confirmations: 1 },
  { confirmations: 2.5 },
  { interval: 0 },
  { interval: Number.NaN },
  { timeout: Infinity },
  { confirmations: 10, interval: '10s' },
] satisfies Partial<FencerOptions>[])('nothing could be proven with %j', (wrong) => {
  expect(() => fencer({ drivers: [new Machine().driver], ...wrong })).toThrow(InputError);
});

describe('a command', () => {
  const words = { status: ['echo', '{host}'], off: ['true', '{host}'], on: ['true', '{host}'] } as const;

  test.each(['status', 'off', 'on'] as const)('%s that is the same for all hosts is refused', (name) => {
    const via = localHost();
    expect(() => commandDriver({ via, ...words, [name]: ['echo', 'off'] })).toThrow(`${name}:`);
    expect(() => commandDriver({ via, ...words, [name]: ['{host}'] })).toThrow(`${name}:`);
  });

  test('has the name of the host as it is, and no other', async () => {
    const driver = commandDriver({ via: localHost(), ...words, hosts: ['a$&b', '-rf'] });
    expect((await driver.read('a$&b')).statement).toBe('a$&b');
    for (const host of ['-rf', 'c', ''])
      await expect(driver.off(host)).rejects.toMatchObject({ code: 'board' });
    expect([driver.knows?.('c'), driver.knows?.('a$&b')]).toEqual([false, true]);
  });
});

/** A machine on which `ipmitool` is this shell script. */
const tool = (script: string): Host => {
  const here = localHost();
  return {
    ...here,
    run: ([, ...words], options) => here.run(['sh', '-c', script, 'ipmitool', ...words], options),
  };
};

describe('IPMI', () => {
  const board = { address: '10.1.0.1', username: 'u', password: 'hush-hush' };
  const guid = '31303043-534D-2500-90D8-7A1600000000';

  test('an order that finds it so already is carried out, any other refusal is none', async () => {
    const saying = (words: string): PowerDriver =>
      ipmiDriver({ via: tool(`echo '${words}' >&2; exit 1`), hosts: { h: board } });
    const already = saying(
      'Set Chassis Power Control to Down/Off failed: Command not supported in present state',
    );
    await already.off('h');
    await expect(saying('Unable to establish IPMI v2 / RMCP+ session').off('h')).rejects.toThrow('Unable to');
    // What is said of an order says nothing of the power.
    expect(await already.read('h')).toMatchObject({ state: 'unknown' });
  });

  test('a board of another machine is not believed, and gets no order', async () => {
    const script = `case $* in
      *guid) echo 'System GUID  : ${guid.toLowerCase()}'; echo 'Timestamp    : 02/24/1996' ;;
      *) echo 'Chassis Power is off' ;;
    esac`;
    const driver = (of: string): PowerDriver =>
      ipmiDriver({ via: tool(script), hosts: { h: { ...board, guid: of } } });
    expect(await driver(guid).read('h')).toMatchObject({ state: 'off' });
    expect(await driver(guid.replace('0', '1')).read('h')).toMatchObject({
      state: 'unknown',
      statement: expect.stringContaining('of another machine'),
    });
    await expect(driver(guid.replace('0', '1')).off('h')).rejects.toMatchObject({ code: 'board' });
  });

  test('its password shows nowhere, whatever the tool prints', async () => {
    const driver = ipmiDriver({ via: tool('echo "$IPMI_PASSWORD $*" >&2; exit 1'), hosts: { h: board } });
    const reading = await driver.read('h');
    const error = await driver.off('h').catch((thrown: unknown) => thrown);
    expect(reading.statement).toContain('***');
    expect(JSON.stringify([reading, error, String(error), (error as Error).cause])).not.toContain('hush');
  });
});
