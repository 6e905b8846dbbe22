import type { GateId, GateResult } from '../decision.ts';
import type { Situation } from '../situation.ts';

/** A question that must be answered before the power of a host is cut. Each gate is usable alone. */
export interface Gate {
  readonly id: GateId;
  readonly question: string;
  /** `cycle`: the gate gives one answer for all hosts. `host`: it gives one for each candidate. */
  readonly scope: 'cycle' | 'host';
  /** The answer that it gives without data. */
  readonly onMissing: 'open' | 'closed';
  /** The reason for that answer. */
  readonly why: string;
  /** Answers for the hosts that would be recovered, in order. Pure. */
  judge(situation: Situation, candidates: readonly string[]): readonly GateResult[];
}

interface Answer {
  readonly reason: string;
  readonly host?: string;
}

/** The answers of one gate, each with its id. */
export const answersOf = (gate: Pick<Gate, 'id' | 'onMissing'>) => {
  const answer = (result: GateResult['result'], missing: boolean, { reason, host }: Answer): GateResult => ({
    gate: gate.id,
    result,
    scope: host === undefined ? 'cycle' : { host },
    reason,
    missing,
  });
  return {
    open: (reason: string, host?: string) => answer('open', false, { reason, ...(host && { host }) }),
    closed: (reason: string, host?: string) => answer('closed', false, { reason, ...(host && { host }) }),
    missing: (reason: string, host?: string) =>
      answer(gate.onMissing, true, { reason, ...(host && { host }) }),
  };
};
