import type { Plan, Step } from './plan.ts';

/** Steps after which there is no way back, in the plan's order. */
export const pointsOfNoReturn = (plan: Plan): readonly Step[] =>
  plan.steps.filter(({ rollback }) => rollback === 'none');
