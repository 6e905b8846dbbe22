import { hostname } from 'node:os';
import {
  aClock,
  aFunction,
  anObjectWith,
  aSignal,
  type Clock,
  optionsSchema,
  readOptions,
  systemClock,
} from '@groundcrew/ground';
import type { Lease } from '@groundcrew/runbook';
import { z } from 'zod';
import type { Engine } from './engine.ts';
import { POINT_ID } from './manifest.ts';
import { processLeases } from './process-lease.ts';
import type { CheckRepositoryOptions, PointDraft, ReadStreamOptions, StreamOptions } from './repository.ts';

export interface RepositoryOptions {
  readonly engine: Engine;
  /** Whether nothing may be written; then no lock is taken either, and storage that is read-only will do. @default false */
  readonly readOnly?: boolean | undefined;
  /** Whether one is made where there is none. @default false */
  readonly create?: boolean | undefined;
  /**
   * The right to write a point, by its id: `(id) => fileLease(path.join('/run/backups', id))`. Where several processes or machines write
   * into one repository it must be one that they share.
   *
   * @default one writer at a time in this process
   */
  readonly lease?: ((point: string) => Lease) | undefined;
  /** The name that others see who find the lease held. @default the machine and the process */
  readonly holder?: string | undefined;
  /** @default the machine's own */
  readonly clock?: Clock | undefined;
  /** Of the opening alone. */
  readonly signal?: AbortSignal | undefined;
}

export const repositoryOptions = optionsSchema<RepositoryOptions>({
  engine: anObjectWith<Engine>('an Engine', 'put', 'get', 'list', 'forget', 'prune', 'check'),
  readOnly: z.boolean().optional(),
  create: z.boolean().optional(),
  lease: aFunction.optional(),
  holder: z.string().min(1).optional(),
  clock: aClock.optional(),
  signal: aSignal.optional(),
});

/** What a repository stands on. */
export interface RepositoryParts {
  readonly engine: Engine;
  readonly readOnly: boolean;
  readonly lease: (point: string) => Lease;
  readonly holder: string;
  readonly clock: Clock;
}

export const partsOf = ({
  engine,
  readOnly = false,
  lease = processLeases(),
  holder = `${hostname()} ${process.pid}`,
  clock = systemClock,
}: RepositoryOptions): RepositoryParts => ({ engine, readOnly, lease, holder, clock });

/** The end of the year 9999: what comes later has no four digits. */
const LATEST = 253_402_300_799_999;

const labels = z.record(z.string(), z.string());

export const pointDraft = optionsSchema<PointDraft>({
  id: z.string().regex(POINT_ID, 'must be a name of letters, digits, `_`, `.` and `-`').optional(),
  at: z.union([z.iso.datetime({ offset: true }), z.number().min(0).max(LATEST)]).optional(),
  labels: labels.optional(),
  signal: aSignal.optional(),
});

export const streamOptions = optionsSchema<StreamOptions>({
  tags: z.record(z.string(), z.string()).optional(),
  endTags: z.custom<StreamOptions['endTags']>((value) => typeof value === 'function').optional(),
  size: z.int().nonnegative().optional(),
});

export const readStreamOptions = optionsSchema<ReadStreamOptions>({
  ...readOptions,
  offset: z.int().nonnegative().optional(),
  length: z.int().nonnegative().optional(),
});

export const checkRepositoryOptions = optionsSchema<CheckRepositoryOptions>({
  ...readOptions,
  share: z.number().min(0).max(1).optional(),
});

export const pointFilter = labels;
