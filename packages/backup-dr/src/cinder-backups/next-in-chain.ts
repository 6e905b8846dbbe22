import type { Backup } from '@groundcrew/core/block-storage';
import { counted } from '@groundcrew/ground';
import { words } from '../age.ts';
import { chainsIn, dataTime } from './backup-chain.ts';

/** When a chain ends and a full backup begins a new one. */
export interface ChainRules {
  /** Milliseconds: the age of a full backup on which nothing is built any more. */
  readonly fullEveryMs: number;
  /** Backups of a chain, the full one among them. */
  readonly longest: number;
}

/** What the next backup of a volume is, and why. */
export type NextInChain =
  | { readonly kind: 'full' | 'incremental'; readonly because: string }
  | { readonly kind: 'none'; readonly because: string };

/**
 * Decides whether the next backup of a volume is full. Pure.
 *
 * @param backups - all of the volume, of the same project
 * @param now - milliseconds since 1970
 */
export function nextInChain(
  volume: { readonly size: number },
  backups: readonly Backup[],
  { fullEveryMs, longest }: ChainRules,
  now: number,
): NextInChain {
  const busy = backups.find(({ status }) => status === 'creating' || status === 'deleting');
  if (busy !== undefined) return { kind: 'none', because: `backup ${busy.id} of it is ${busy.status}` };
  const newest = backups.toSorted((a, b) => dataTime(b) - dataTime(a))[0];
  if (newest === undefined) return full('it has no backup');
  // Cinder takes the newest for the parent, and refuses if that is none to build on.
  if (newest.status !== 'available') return full(`its newest backup, ${newest.id}, is ${newest.status}`);
  const chain = chainsIn(backups).at(-1)?.backups ?? [newest];
  const [first] = chain;
  if (first.is_incremental) return full('the full backup that its newest one builds on is not there');
  if (volume.size > newest.size)
    return full(`it has grown from ${newest.size} to ${volume.size} GiB since its newest backup`);
  if (chain.length >= longest) return full(`its chain has ${counted(chain.length, 'backup')}`);
  const age = now - dataTime(first);
  if (age >= fullEveryMs) return full(`its full backup is ${words(age)} old`);
  return {
    kind: 'incremental',
    because: `its full backup is ${words(Math.max(0, age))} old, with ${counted(chain.length - 1, 'incremental one')}`,
  };
}

const full = (because: string): NextInChain => ({ kind: 'full', because });
