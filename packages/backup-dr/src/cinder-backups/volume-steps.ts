import type { Backup, Volume } from '@groundcrew/core/block-storage';
import type { Step } from '@groundcrew/runbook';
import { backUpVolume } from './actions.ts';
import { type ChainRules, nextInChain } from './next-in-chain.ts';

export interface VolumeStepRules extends ChainRules {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly container: string | undefined;
  /** Whether the next backup of a volume is full in any case. */
  readonly isForced: (volume: Volume) => boolean;
}

/** The step for a volume, and what is to be said of it. */
export interface VolumeStep {
  readonly step: Step | undefined;
  /** GiB of the quota. */
  readonly size: number;
  readonly warning: string | undefined;
}

/** What Cinder backs up (`cinder/backup/api.py`). */
const READABLE: ReadonlySet<string> = new Set(['available', 'in-use']);

/** The backup of a volume that is due now. Pure. */
export function volumeStep(volume: Volume, backups: readonly Backup[], rules: VolumeStepRules): VolumeStep {
  const { id, name, size, status } = volume;
  const called = name === null || name === '' ? id : name;
  const next = nextInChain(volume, backups, rules, rules.now);
  const why = READABLE.has(status) ? undefined : `it is ${status}`;
  if (next.kind === 'none' || why !== undefined)
    return {
      step: undefined,
      size: 0,
      warning: `Volume ${called} is not backed up: ${why ?? next.because}.`,
    };
  const isForced = rules.isForced(volume);
  return {
    step: backUpVolume.step({
      id: `back-up-${id}`,
      input: {
        volume: { id, name: name ?? '', size },
        incremental: !isForced && next.kind === 'incremental',
        container: rules.container ?? null,
      },
      why: isForced ? 'A full one is wanted.' : sentence(next.because),
      onFailure: 'continue',
      group: 'backups',
      timeout: '20d',
    }),
    size,
    warning:
      status === 'in-use'
        ? `Volume ${called} is in use: its backup is what a power cut would leave.`
        : undefined,
  };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
