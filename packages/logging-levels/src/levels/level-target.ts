import { aPositiveDuration } from '@groundcrew/ground';
import { z } from 'zod';

/** The levels that can be set: those of Cinder's API (`LOG_LEVELS`, cinder/utils.py). There is no way to TRACE or CRITICAL. */
const settable = ['debug', 'info', 'warning', 'error'] as const;
export type SettableLevel = (typeof settable)[number];
const aLevel = z.enum(settable);

const cinder = ['cinder-api', 'cinder-volume', 'cinder-scheduler', 'cinder-backup'] as const;
export type CinderService = (typeof cinder)[number];

const text = z.string().min(1).max(255);
const path = z.string().startsWith('/').max(4096);

/** How the process of a service is found on its host. */
const AProcess = z.union([
  /** The main process of a unit of systemd. */
  z.strictObject({ unit: text }),
  /** The first word of the file is its id. */
  z.strictObject({ pidFile: path }),
]);

/** A service that is reached by its configuration and SIGHUP. */
const AConfigured = z.strictObject({
  /** Name of the `Host`. */
  host: text,
  /** The configuration file, the last that the service reads if it reads several. */
  configuration: path,
  process: AProcess,
  /** The file that the service logs to. */
  log: path,
  /** `true` runs commands as root, a name as that user, by `sudo -n`. */
  sudo: z.union([z.boolean(), text]).optional(),
  /**
   * Restarts it, if it does not take the level by SIGHUP: `['systemctl', 'restart', 'keystone']`. Only a service whose interruption
   * was agreed to is to have one.
   */
  restart: z.tuple([text], text).optional(),
});

/** The target of a change of level, as it is in a plan. */
export const LevelTarget = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('cinder'),
    service: z.enum(cinder),
    level: aLevel,
    /** `host`, or `host@backend`; `null` for all. */
    server: text.nullable(),
    prefix: z.string().max(255),
    /** Processes of the service on one host; `null`: not told. */
    workers: z.int().min(1).max(1024).nullable(),
    restoreTo: aLevel.nullable(),
  }),
  z.strictObject({
    kind: z.literal('configuration'),
    service: text,
    level: z.enum(['debug', 'info']),
    ...AConfigured.shape,
  }),
]);
export type LevelTarget = Readonly<z.output<typeof LevelTarget>>;
export type CinderTarget = Extract<LevelTarget, { readonly kind: 'cinder' }>;
export type ConfiguredTarget = Extract<LevelTarget, { readonly kind: 'configuration' }>;

export const LevelRequest = z.union([
  z
    .strictObject({
      service: z.enum(cinder),
      level: aLevel,
      for: aPositiveDuration,
      server: text.optional(),
      prefix: z.string().max(255).optional(),
      workers: z.int().min(1).max(1024).optional(),
      restoreTo: aLevel.optional(),
    })
    .refine(({ service, server }) => service !== 'cinder-api' || server === undefined, {
      path: ['server'],
      message: 'the API sets the level of whichever of its processes is reached',
    }),
  z.strictObject({
    service: text,
    level: z.enum(['debug', 'info']),
    for: aPositiveDuration,
    on: AConfigured,
  }),
]);
