import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect, type Instrumentation } from '../../src/index.ts';
import { credentials } from '../scripted-cloud.ts';
import { reply, scriptedServer } from '../scripted-server.ts';

const KEYPAIR = { keypair: { name: 'k', public_key: 'p', fingerprint: 'f', user_id: 'u' } };

const warnings: (string | undefined)[] = [];
const warned = (warning: Error & { readonly code?: string }): void => void warnings.push(warning.code);
beforeEach(() => void process.on('warning', warned));
afterEach(() => {
  process.off('warning', warned);
  warnings.length = 0;
});

const fail = (): never => {
  throw new Error('of the instrumentation');
};
const faulty: Readonly<Record<string, Instrumentation>> = {
  'fails to begin': { begin: fail },
  'fails to end': { begin: () => ({ end: fail }) },
  'fails in its context': { begin: () => ({ within: fail, end: () => undefined }) },
  'fails behind the sending': {
    begin: () => ({
      within: (send) => {
        send();
        fail();
      },
      end: () => undefined,
    }),
  },
  'gives headers that no header can carry': {
    begin: () => ({ headers: { tracestate: 'a\nb', ok: '1' }, end: () => undefined }),
  },
  'sends twice, or not at all': {
    begin: ({ id }) => ({
      within: (send) => {
        if (id % 2 === 0) return;
        send();
        send();
      },
      end: () => undefined,
    }),
  },
};

for (const [what, instrumentation] of Object.entries(faulty)) {
  test(`one that ${what} changes nothing of a call`, async () => {
    await using server = await scriptedServer(reply(200, KEYPAIR));
    await using cloud = connect({
      ...credentials('http://127.0.0.1:1/v3'),
      auth_type: 'none',
      endpoint_override: { compute: `${server.url}/v2.1` },
      instrumentation,
    });
    for (let round = 0; round < 2; round += 1)
      expect(await cloud.compute.keypairs.get({ id: 'k' })).toMatchObject({ name: 'k' });
    expect(server.seen).toHaveLength(2);
    expect(server.seen[0]?.headers).not.toHaveProperty('tracestate');
    await new Promise(setImmediate);
    // Once, and not at every attempt.
    expect(warnings).toEqual(what.includes('fails') ? ['GROUNDCREW_INSTRUMENTATION'] : []);
  });
}

test('it must be one', () => {
  expect(() => connect({ ...credentials('http://x/v3'), instrumentation: {} as Instrumentation })).toThrow(
    /options\.instrumentation/,
  );
});
