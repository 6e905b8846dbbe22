import { isForbidden, isMicroversionError } from '@groundcrew/core';
import {
  aSignal,
  durationWords,
  isGroundcrewError,
  milliseconds,
  messageOf,
  optionsSchema,
  parseArguments,
  type Duration,
} from '@groundcrew/ground';
import { definePlan, type Json, planned, type Planned, refused, type Refusal } from '@groundcrew/runbook';
import type { z } from 'zod';
import { LEASE_GATE, rememberLevels, restoreNotedLevels, setLevels, STEPS } from './actions.ts';
import { LevelError } from './level-error.ts';
import { accessOptions, clockOf, type LevelAccess, strategyFor } from './level-strategies.ts';
import { LevelRequest, type LevelTarget, type CinderService, type SettableLevel } from './level-target.ts';

/** A level for services of Cinder, by its API. */
export interface CinderLevelRequest {
  readonly service: CinderService;
  readonly level: SettableLevel;
  /** The lease: the time after which the levels are put back. */
  readonly for: Duration;
  /** `host`, or `host@backend`; the API cannot be asked for one. @default all that are up */
  readonly server?: string | undefined;
  /** How the names of the loggers begin: `cinder.volume`. @default all loggers */
  readonly prefix?: string | undefined;
  /**
   * Processes of the service on one host: `osapi_volume_workers`, `backup_workers`. @default 1 of a volume service or a scheduler;
   * of the others it counts as not known, and the coverage says so
   */
  readonly workers?: number | undefined;
  /** The level that all have afterwards, if workers differ before: Cinder cannot put back each its own. */
  readonly restoreTo?: SettableLevel | undefined;
}

/** A level for any service of OpenStack, by its configuration and SIGHUP: oslo.log knows DEBUG and INFO there. */
export interface ConfiguredLevelRequest {
  readonly service: string;
  readonly level: 'debug' | 'info';
  /** The lease: the time after which the configuration is put back, also by the host itself. */
  readonly for: Duration;
  readonly on: {
    /** Name of the `Host`. */
    readonly host: string;
    /** The configuration file, the last that the service reads if it reads several: `/etc/nova/nova.conf`. */
    readonly configuration: string;
    /** Where its main process is told: a unit of systemd, or a file that begins with its id. */
    readonly process: { readonly unit: string } | { readonly pidFile: string };
    /** The file that the service logs to: from it is known whether the level was taken. */
    readonly log: string;
    /** `true` runs commands as root, a name as that user, by `sudo -n`. @default as the user of the connection */
    readonly sudo?: boolean | string | undefined;
    /** The command that restarts it, where it does not take the level by SIGHUP. @default it is not restarted */
    readonly restart?: readonly [string, ...string[]] | undefined;
  };
}

export type LevelRequested = CinderLevelRequest | ConfiguredLevelRequest;

export interface PlanLevelOptions extends LevelAccess {
  readonly signal?: AbortSignal | undefined;
}

const planOptions = optionsSchema<PlanLevelOptions>({ ...accessOptions, signal: aSignal.optional() });

/**
 * Plans to set a log level for a time. The plan notes what the levels are, sets, and at the end of the lease puts back what was
 * noted; until then a run of it is `paused` at the gate `lease`. Whoever opens its journal later, with `restoreLevels`, puts back
 * what is due, also after the caller was killed.
 *
 * It reads the levels, and refuses what could not be put back: `levels.denied`, `levels.unsupported` (an API before 3.32),
 * `levels.unseen` (no answer), and the codes of `LevelError`.
 *
 * @throws InputError naming the field
 * @example
 * const planned = await planLevel({ service: 'cinder-volume', level: 'debug', for: '15m' }, { cloud });
 * if (planned.ok) console.log(explain(planned.plan));
 */
export async function planLevel(request: LevelRequested, options: PlanLevelOptions): Promise<Planned> {
  const { signal = new AbortController().signal, ...access } = parseArguments(
    'planLevel',
    planOptions,
    options,
  ) as PlanLevelOptions;
  const asked = parseArguments('planLevel', LevelRequest, request);
  const target = targetOf(asked);
  const forMs = milliseconds(asked.for);
  try {
    await strategyFor(target, access).remember({
      run: 'plan',
      signal,
      clock: clockOf(access),
      progress: () => {},
    });
  } catch (error) {
    signal.throwIfAborted();
    return refused(refusalOf(error, target));
  }
  const input = { target, forMs };
  return planned(
    definePlan({
      id: `level-${target.service.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}`,
      title: `${target.service} at ${target.level.toUpperCase()} for ${durationWords(forMs)}`,
      inputs: JSON.parse(JSON.stringify(input)) as Json,
      steps: [
        rememberLevels.step({ id: STEPS.remember, input }),
        setLevels.step({ id: STEPS.set, input, needs: [STEPS.remember], onFailure: 'continue' }),
        // Also after a setting that failed: some of it may have been done.
        restoreNotedLevels.step({
          id: STEPS.restore,
          input,
          needs: [STEPS.remember],
          after: [STEPS.set],
          why: 'A lease that nobody ends would leave the level for ever.',
        }),
      ],
      gates: [{ id: LEASE_GATE, question: 'Is the lease over?', before: [STEPS.restore] }],
      warnings: warningsOf(target),
    }),
  );
}

function targetOf(asked: z.output<typeof LevelRequest>): LevelTarget {
  if ('on' in asked) {
    const { service, level, on } = asked;
    return { kind: 'configuration', service, level, ...on };
  }
  const { service, level, server, prefix = '', workers, restoreTo } = asked;
  return {
    kind: 'cinder',
    service,
    level,
    server: server ?? null,
    prefix,
    workers: workers ?? null,
    restoreTo: restoreTo ?? null,
  };
}

function refusalOf(error: unknown, { service, kind }: LevelTarget): Refusal {
  const subject = { kind: 'service', id: service };
  const remedy = isGroundcrewError(error) ? error.remedy : undefined;
  const because = { reason: `${service}: ${messageOf(error)}`, subject };
  if (error instanceof LevelError) return { code: error.code, ...because, reason: error.message, remedy };
  if (isForbidden(error))
    return { code: 'levels.denied', ...because, remedy: 'Connect as an administrator of the cloud.' };
  if (isMicroversionError(error) && kind === 'cinder')
    return {
      code: 'levels.unsupported',
      ...because,
      remedy: 'Cinder changes levels at run time since 3.32 (Pike). Use its configuration.',
    };
  return { code: 'levels.unseen', ...because, remedy };
}

const warningsOf = (target: LevelTarget): string[] =>
  target.level === 'debug'
    ? ['Debug logs may hold what tenants send, and fill a disk: look at its free space.']
    : [];
