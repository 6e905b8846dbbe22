import type { Cloud } from '@groundcrew/core';
import type { Refusal, StepContext } from '@groundcrew/runbook';
import type { VolumeBytes } from '../point/tenant-point.ts';
import type { CreateInput } from './restore-actions.ts';

/** One step's view of what it makes. */
export interface Making {
  readonly cloud: Cloud;
  readonly input: CreateInput;
  /** What is written on the thing. */
  readonly mark: string;
  readonly context: StepContext;
  /** Opens kept bytes; `undefined`: nobody was given who does. */
  readonly read?: KeptBytes | undefined;
}

/** Opens kept bytes: `(bytes) => repo.read(point, bytes.stream)`. Called again where a connection broke. */
export type KeptBytes = (bytes: VolumeBytes) => AsyncIterable<Uint8Array>;

/** `whole`: nothing is left to be done to it; `broken`: it is of no use, and never will be (`ERROR`). */
export interface Found {
  readonly id: string;
  readonly state: 'whole' | 'unfinished' | 'broken';
}

/** How one kind of thing is made, found again and deleted. */
export interface Maker {
  /**
   * What an earlier attempt made; `undefined` if there is none. Only reads.
   */
  find(making: Making): Promise<Found | undefined>;
  /** Makes it, with the mark on it. */
  create(making: Making, body: Record<string, unknown>): Promise<string>;
  /** Does what is left: tags, a description, waiting until it is ready. Doing it again changes nothing. */
  finish(making: Making, id: string): Promise<void>;
  /** Whether it is there, and ready for use. */
  verify(making: Making, id: string): Promise<Refusal | undefined>;
  /** Deletes it, and waits until it is gone. One that is gone is no error. */
  readonly remove: (cloud: Cloud, id: string, context: Pick<StepContext, 'signal'>) => Promise<void>;
}

/** A "no" of a verification. */
export const notReady = (code: string, reason: string): Refusal => ({
  code: `restore.${code}`,
  reason,
  remedy: 'Look at it, and run the plan again: what is done is found by its mark.',
});
