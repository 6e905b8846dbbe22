import { definePlan, type Plan } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import { type Approve, Approvals } from '../../src/instances/approvals.ts';
import { powerOn } from '../../src/instances/actions.ts';

// A yes is to the plan that was shown, and to no other.

const planOf = (host: string): Plan =>
  definePlan({
    id: 'recover-compute-2',
    title: 'Recover',
    inputs: {},
    steps: [powerOn.step({ id: 'on', input: { host } })],
  });
const shown = planOf('compute-2');
const other = planOf('compute-3');
const yes = { by: 'ops' };

/** Asks an approver who answers when told to. */
function desk() {
  const asked: Plan[] = [];
  const answers: PromiseWithResolvers<{ readonly by: string } | undefined>[] = [];
  const told: unknown[] = [];
  const approve: Approve = (plan) => {
    asked.push(plan);
    const answer = Promise.withResolvers<{ readonly by: string } | undefined>();
    answers.push(answer);
    return answer.promise;
  };
  const approvals = new Approvals(approve, (error) => told.push(error));
  const stop = new AbortController();
  const of = (plan: Plan, host = 'compute-2') => approvals.of(host, plan, 'recover', stop.signal);
  const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { approvals, asked, answers, told, of, settled, stop };
}

test('the two plans differ', () => {
  expect(shown.digest).not.toBe(other.digest);
});

test('where nobody is to be asked, nobody is', () => {
  const approvals = new Approvals(undefined, () => undefined);
  expect(approvals.of('compute-2', shown, 'recover', new AbortController().signal)).toEqual({
    by: undefined,
  });
});

describe('an answer', () => {
  test('is waited for, and given once', async () => {
    const { of, answers, asked, settled, told } = desk();
    expect(of(shown)).toBe('waiting');
    expect(of(shown)).toBe('waiting');
    answers[0]?.resolve(yes);
    await settled();
    expect(of(shown)).toEqual(yes);
    expect(asked).toHaveLength(1);
    expect(told).toEqual([undefined]);
  });

  test('that is yes is not to another plan: that one is asked about', async () => {
    const { of, answers, asked, settled } = desk();
    of(shown);
    answers[0]?.resolve(yes);
    await settled();
    expect(of(other)).toBe('waiting');
    expect(asked).toEqual([shown, other]);
  });

  test('to a plan that changed meanwhile is not one to the new plan', async () => {
    const { of, answers, asked, settled } = desk();
    of(shown);
    // Two questions about one host at the same time would be answered in any order.
    expect(of(other)).toBe('waiting');
    expect(asked).toEqual([shown]);
    answers[0]?.resolve(yes);
    await settled();
    expect(of(other)).toBe('waiting');
    expect(asked).toEqual([shown, other]);
  });

  test('that says nothing is a no', async () => {
    const { of, answers, settled } = desk();
    of(shown);
    answers[0]?.resolve(undefined);
    await settled();
    expect(of(shown)).toBe('no');
  });

  test('that could not be had is a no, and the error is told', async () => {
    const { of, answers, told, settled } = desk();
    const broken = new Error('the pager is broken');
    of(shown);
    answers[0]?.reject(broken);
    await settled();
    expect(of(shown)).toBe('no');
    expect(told).toEqual([broken]);
  });

  test('about one host is none about another', async () => {
    const { of, answers, settled } = desk();
    of(shown);
    answers[0]?.resolve(yes);
    await settled();
    expect(of(shown, 'compute-9')).toBe('waiting');
  });

  test('that comes when the leader has changed is told to nobody', async () => {
    const { of, answers, told, settled, stop } = desk();
    of(shown);
    stop.abort(new Error('the lease was lost'));
    answers[0]?.resolve(yes);
    await settled();
    expect(told).toEqual([]);
  });
});

describe('a question', () => {
  test('that is not wanted any more is dropped, with its answer', async () => {
    const { approvals, of, answers, asked, settled } = desk();
    of(shown);
    answers[0]?.resolve(yes);
    await settled();
    approvals.keep((host) => host !== 'compute-2');
    expect(of(shown)).toBe('waiting');
    expect(asked).toHaveLength(2);
  });

  test('that is wanted stays', async () => {
    const { approvals, of, answers, asked, settled } = desk();
    of(shown);
    answers[0]?.resolve(yes);
    await settled();
    approvals.keep(() => true);
    expect(of(shown)).toEqual(yes);
    expect(asked).toHaveLength(1);
  });

  test('is open until somebody said no: what was shown must not change under who decides', async () => {
    const { approvals, of, answers, settled } = desk();
    expect(approvals.isOpen('compute-2')).toBe(false);
    of(shown);
    expect(approvals.isOpen('compute-2')).toBe(true);
    answers[0]?.resolve(yes);
    await settled();
    expect(approvals.isOpen('compute-2')).toBe(true);
    of(other);
    answers[1]?.resolve(undefined);
    await settled();
    expect(approvals.isOpen('compute-2')).toBe(false);
  });
});
