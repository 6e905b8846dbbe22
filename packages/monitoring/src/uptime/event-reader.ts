import { type Clock, messageOf } from '@groundcrew/ground';
import type { EventSource } from '../events/event-source.ts';
import { parseNotification } from '../events/notification.ts';
import { serverNotification } from '../events/server-notification.ts';
import type { UptimeLedger } from './ledger.ts';
import { notificationEvidence } from './notification-evidence.ts';

export interface EventReaderSettings {
  readonly events: EventSource;
  readonly ledger: Pick<UptimeLedger, 'append'>;
  readonly clock: Clock;
  /** Milliseconds, as `pause`: after it a source or a ledger that failed is tried again. */
  readonly lag: number;
  readonly pause: number;
}

/** What was heard since the last question. */
export interface Heard {
  /** Messages about servers. */
  readonly notifications: number;
  readonly gaps: readonly string[];
}

/**
 * Reads notifications into a ledger. A message is forgotten by its source only when the ledger has it; killed in between, it
 * comes again, and is kept once.
 */
export class EventReader {
  readonly #settings: EventReaderSettings;
  #notifications = 0;
  #gaps = new Set<string>();

  constructor(settings: EventReaderSettings) {
    this.#settings = settings;
  }

  /** What was heard since it was last asked. */
  heard(): Heard {
    const heard = { notifications: this.#notifications, gaps: [...this.#gaps] };
    this.#notifications = 0;
    this.#gaps = new Set();
    return heard;
  }

  /** Reads until the signal aborts, or the source has no more. */
  async run(signal: AbortSignal): Promise<void> {
    const { events, clock, pause } = this.#settings;
    while (!signal.aborted) {
      try {
        for await (const batch of events.batches({ signal })) {
          await this.#keep(batch.messages, signal);
          if (signal.aborted) return;
          await batch.done();
        }
        return;
      } catch (error) {
        this.#gaps.add(`${events.name}: ${messageOf(error)}`);
        await clock.sleep(pause, signal).catch(() => undefined);
      }
    }
  }

  /** Until it is kept: what is not acknowledged would come again anyway. */
  async #keep(messages: readonly (string | Uint8Array)[], signal: AbortSignal): Promise<void> {
    const { ledger, clock, lag, pause } = this.#settings;
    const told = messages.flatMap((message) => {
      const notification = parseNotification(message);
      return (notification === undefined ? undefined : serverNotification(notification)) ?? [];
    });
    const evidence = told.flatMap((each) => notificationEvidence(each, { powerSync: lag }));
    while (!signal.aborted) {
      try {
        await ledger.append(evidence);
        this.#notifications += told.length;
        return;
      } catch (error) {
        this.#gaps.add(`the ledger: ${messageOf(error)}`);
        await clock.sleep(pause, signal).catch(() => undefined);
      }
    }
  }
}
