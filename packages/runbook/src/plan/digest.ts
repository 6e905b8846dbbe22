import { digestOfJson } from '@groundcrew/ground/signatures';
import { frozenJson } from '../json.ts';
import type { Plan } from './plan.ts';

/** Computes the digest of a plan, whatever digest it carries. @throws NotJsonError */
export const digestOfPlan = (plan: Plan): string =>
  digestOfJson(
    frozenJson(Object.fromEntries(Object.entries(plan).filter(([name]) => name !== 'digest')), 'plan'),
  );
