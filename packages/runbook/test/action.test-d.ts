import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { action, implement, type Refusal, type StepContext } from '../src/index.ts';

const fence = action({
  name: 'test.fence',
  title: ({ host, delay }) => `Power off ${host.toUpperCase()} after ${delay.toFixed()} s`,
  input: z.strictObject({ host: z.string(), delay: z.number().default(3) }),
  output: z.object({ offAt: z.string() }),
  rollback: 'none',
  key: ({ host }) => host,
});

const evacuate = action({
  name: 'test.evacuate',
  title: () => 'Evacuate',
  input: z.strictObject({ server: z.string() }),
  output: z.object({ to: z.string() }),
  rollback: 'free',
});

test('a step takes what the schema takes: what has a default may be left out', () => {
  fence.step({ id: 'f', input: { host: 'c1' } });
  fence.step({ id: 'f', input: { host: 'c1', delay: 1 }, needs: ['e'], onFailure: 'continue' });
  // @ts-expect-error host is missing
  fence.step({ id: 'f', input: {} });
  // @ts-expect-error host is text
  fence.step({ id: 'f', input: { host: 1 } });
  // @ts-expect-error there is no such field
  fence.step({ id: 'f', input: { host: 'c1', hosts: [] } });
  // @ts-expect-error a typo in a policy
  fence.step({ id: 'f', input: { host: 'c1' }, onFailure: 'ignore' });
});

test('an implementation is given the parsed input, and owes the output', () => {
  implement(fence, {
    async precondition(input): Promise<Refusal | undefined> {
      expectTypeOf(input).toEqualTypeOf<{ host: string; delay: number }>();
      return undefined;
    },
    async perform(input, context) {
      expectTypeOf(input.delay).toEqualTypeOf<number>();
      expectTypeOf(context).toEqualTypeOf<StepContext>();
      expectTypeOf(context.outputOf(evacuate, 'e')).toEqualTypeOf<{ to: string }>();
      return { offAt: 'now' };
    },
    async verify(_, output) {
      expectTypeOf(output).toEqualTypeOf<{ offAt: string }>();
      return undefined;
    },
    async compensate(_, output) {
      expectTypeOf(output).toEqualTypeOf<{ offAt: string } | undefined>();
    },
  });
  // @ts-expect-error it must perform
  implement(fence, {});
  // @ts-expect-error offAt is text
  implement(fence, { perform: async () => ({ offAt: 1 }) });
  // @ts-expect-error done answers with the output, not a boolean
  implement(fence, { perform: async () => ({ offAt: '' }), done: async () => true });
});

test('implementations of different actions go into one list', () => {
  const implementations = [
    implement(fence, { perform: async () => ({ offAt: '' }) }),
    implement(evacuate, { perform: async () => ({ to: '' }) }),
  ];
  expectTypeOf(implementations).items.toHaveProperty('handlers');
});
