import { LeaseHeldError } from '../journal/journal-errors.ts';
import { lead, type LeadOptions } from './lead.ts';
import type { Lease } from './lease.ts';

/** The events of a controller about leadership. */
export interface CampaignEvents {
  /** It leads from now on; only who leads acts. */
  leading: [{ readonly token: number }];
  /** Somebody else leads, or the lease was lost. */
  following: [{ readonly reason: string }];
  /** Something failed; it is tried again. */
  trouble: [{ readonly error: unknown }];
}

/** A receiver of the events: an `EventEmitter` of a controller. */
export interface CampaignEmitter {
  emit<Event extends keyof CampaignEvents>(event: Event, ...told: CampaignEvents[Event]): unknown;
}

/** The leadership that the work of a controller is given. */
export interface LeadershipTerm {
  /** The token of the lease, higher than that of every leader before; `undefined`: there is no lease. */
  readonly token: number | undefined;
  /** Aborted when it may no longer lead, and when it is told to end: then begin nothing more. */
  readonly signal: AbortSignal;
  /**
   * Aborted when another one may be leading: then what is remembered is theirs, and what runs is to stop at once. Read it
   * anew before each effect, as that of a lease.
   */
  readonly lost: AbortSignal;
}

/**
 * Campaigns for the leadership of a controller. With a lease it leads as `lead` does, tells who leads, and gives the
 * lease back when its work fails, so that a controller that cannot read its state is followed by one that can. Without
 * a lease it works at once, and errors of its work are thrown.
 *
 * @example
 * await campaign(lease, this.events, (term) => this.#rounds(term), { holder: hostname(), signal });
 */
export async function campaign(
  lease: Lease | undefined,
  events: CampaignEmitter,
  work: (term: LeadershipTerm) => Promise<void>,
  { signal, ...options }: Omit<LeadOptions, 'waiting' | 'failed'>,
): Promise<void> {
  if (lease === undefined) return work({ token: undefined, signal, lost: NEVER });
  const trouble = (error: unknown): void => void events.emit('trouble', { error });
  await lead(
    lease,
    async (leadership) => {
      events.emit('leading', { token: leadership.token });
      try {
        await work(leadership);
      } finally {
        if (leadership.lost.aborted && !signal.aborted)
          events.emit('following', { reason: 'the lease was lost' });
      }
    },
    {
      ...options,
      signal,
      waiting: (error) => {
        if (error instanceof LeaseHeldError) events.emit('following', { reason: error.message });
        else trouble(error);
      },
      failed: trouble,
    },
  );
}

/** Without a lease the leadership is never lost. */
const NEVER = new AbortController().signal;
