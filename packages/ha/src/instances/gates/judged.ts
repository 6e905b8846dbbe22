import { messageOf } from '@groundcrew/ground';
import type { GateResult } from '../decision.ts';
import type { Situation } from '../situation.ts';
import type { Gate } from './gate.ts';

/**
 * The answer of a gate for every candidate. One that throws, answers nothing, or leaves a candidate out is
 * closed there: it may be somebody's own.
 */
export function judged(gate: Gate, situation: Situation, candidates: readonly string[]): GateResult[] {
  const shut = (reason: string, host?: string): GateResult => ({
    gate: gate.id,
    result: 'closed',
    scope: host === undefined ? 'cycle' : { host },
    reason,
    missing: true,
  });
  let answers: readonly GateResult[];
  try {
    answers = gate.judge(situation, candidates);
    if (!Array.isArray(answers) || !answers.every(isAnswer))
      return [shut('it gave no answer that can be read')];
  } catch (error) {
    return [shut(messageOf(error))];
  }
  if (gate.scope === 'cycle') return answers.length > 0 ? [...answers] : [shut('it gave no answer')];
  const about = new Set(answers.map(({ scope }) => (scope === 'cycle' ? '' : scope.host)));
  if (about.has('')) return [...answers];
  return [
    ...answers,
    ...candidates.filter((host) => !about.has(host)).map((host) => shut('it gave no answer', host)),
  ];
}

const isAnswer = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null || !('scope' in value)) return false;
  const { scope } = value;
  if (scope === 'cycle') return true;
  return typeof scope === 'object' && scope !== null && 'host' in scope && typeof scope.host === 'string';
};
