import { setImmediate } from 'node:timers/promises';
import type { HeldLease, Lease, LeadOptions } from '../src/index.ts';

/** A lease that is had, or refused, as told: one entry for each campaign, and then nothing but the end. */
export function scripted(...campaigns: readonly ('had' | Error)[]) {
  const end = new AbortController();
  const lost: AbortController[] = [];
  const released: number[] = [];
  let asked = 0;
  const lease: Lease = {
    async acquire({ holder }): Promise<HeldLease> {
      const token = (asked += 1);
      const answer = campaigns[token - 1];
      if (answer === undefined) {
        end.abort();
        throw new Error('the end');
      }
      if (answer instanceof Error) throw answer;
      const one = new AbortController();
      lost.push(one);
      return { holder, token, lost: one.signal, release: async () => void released.push(token) };
    },
  };
  const options: LeadOptions = {
    holder: 'h',
    signal: end.signal,
    clock: { now: () => 0, sleep: () => setImmediate() },
  };
  return { lease, options, end, lost, released };
}
