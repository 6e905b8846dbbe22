import type { GateId, GateResult } from '../decision.ts';
import type { Situation } from '../situation.ts';

/** One question that must be answered before anybody's power is cut. Each is usable alone. */
export interface Gate {
  readonly id: GateId;
  readonly question: string;
  /** `cycle`: one answer for all. `host`: one for each candidate. */
  readonly scope: 'cycle' | 'host';
  /** What it answers when it has nothing to judge by. */
  readonly onMissing: 'open' | 'closed';
  /** Why so. */
  readonly why: string;
  /** Pure. `candidates`: hosts that would be recovered, first first. */
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
