import { downOrRecovering } from '../down-or-recovering.ts';
import { answersOf, type Gate } from './gate.ts';

const say = answersOf({ id: 'aggregate-budget', onMissing: 'closed' });

/** How many hosts of one aggregate may be missing? Candidates use up the budget in their order. */
export const aggregateBudget: Gate = {
  id: 'aggregate-budget',
  question: 'Has the aggregate used up its budget?',
  scope: 'host',
  onMissing: 'closed',
  why: 'Which aggregates a host is in has to be known to keep their budgets.',
  judge(situation, candidates) {
    const { cloud, policy } = situation;
    const budgets = Object.entries(policy.aggregateBudgets);
    if (budgets.length === 0) return candidates.map((host) => say.open('no aggregate has a budget', host));
    const { hosts } = cloud;
    if (hosts === undefined)
      return candidates.map((host) => say.missing('aggregates could not be read', host));
    const aggregatesOf = new Map(hosts.map(({ host, aggregates }) => [host, new Set(aggregates)]));
    const counted = downOrRecovering(situation, []);
    for (const host of candidates) counted.delete(host);
    return candidates.map((host) => {
      const mine = aggregatesOf.get(host);
      if (mine === undefined) return say.missing('the cloud does not list it', host);
      const over = budgets.find(([aggregate, budget]) => {
        const used = [...counted].filter((other) => aggregatesOf.get(other)?.has(aggregate)).length;
        return mine.has(aggregate) && used + 1 > budget;
      });
      if (over !== undefined)
        return say.closed(`aggregate ${over[0]} may miss ${over[1]} hosts, and does`, host);
      counted.add(host);
      return say.open('within the budgets of its aggregates', host);
    });
  },
};
