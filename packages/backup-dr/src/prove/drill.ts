import { type Cloud, isNotFound } from '@groundcrew/core';
import {
  aDuration,
  aFunction,
  anObjectWith,
  aSignal,
  type Duration,
  InputError,
  messageOf,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { type Journal, memoryJournal, type Outcome, type Refusal, run } from '@groundcrew/runbook';
import { z } from 'zod';
import type { TenantPoint } from '../point/tenant-point.ts';
import type { RestoreMapping } from '../restore/mapping.ts';
import { planRestore } from '../restore/plan-restore.ts';
import { readTarget } from '../restore/read-target.ts';
import type { KeptBytes } from '../restore/maker.ts';
import { restoreImplementations } from '../restore/restore-implementations.ts';
import type { VolumeWriter } from '../restore/volume-writer.ts';
import { drillBegun, drillMark } from './drill-project.ts';
import { emptyProject, type LeftOver } from './empty-project.ts';
import { proveRestore, type RestoreProof } from './restore-proof.ts';

/** Asks whether what was restored works: a server that answers, a file that is there. */
export type DrillProbe = (restored: {
  /** In the scope of the project that was restored into. */
  readonly cloud: Cloud;
  readonly signal: AbortSignal;
}) => Promise<DrillAnswer>;

export interface DrillAnswer {
  readonly what: string;
  readonly ok: boolean;
  /** In a sentence. */
  readonly because: string;
}

export interface RestoreDrillOptions {
  /** Where it is restored: as an administrator, who makes a project for it and deletes that again. */
  readonly on: Cloud;
  /** The id of the recovery point in its repository. */
  readonly id: string;
  /** As for `planRestore`, but for the project. */
  readonly mapping?: Omit<RestoreMapping, 'project'> | undefined;
  /** Writes kept bytes, in the scope of the drill's project. */
  readonly volumes?: ((cloud: Cloud) => VolumeWriter) | undefined;
  /** Opens the kept bytes of images and containers. @default those that the target has not are refused by their steps */
  readonly read?: KeptBytes | undefined;
  /** Asked once everything is restored; every server must be ACTIVE in any case. @default none beside that */
  readonly probes?: readonly DrillProbe[] | undefined;
  /** @default one in memory: a drill that is killed is swept, and not gone on with */
  readonly journal?: Journal | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came of a drill. */
export interface RestoreDrillReport {
  readonly at: string;
  /** From the decision to the last probe that answered; milliseconds. `undefined` if one did not. */
  readonly rtoMs: number | undefined;
  readonly outcome: Outcome | undefined;
  readonly refusals: readonly Refusal[];
  readonly answers: readonly DrillAnswer[];
  /** What could not be deleted afterwards. */
  readonly leftOver: readonly LeftOver[];
  /** Only if everything was restored and every probe answered. */
  readonly proof: RestoreProof | undefined;
}

const drillOptions = optionsSchema<RestoreDrillOptions>({
  on: anObjectWith<Cloud>('a Cloud, as connect makes it', 'identity', 'scoped'),
  id: z.string().min(1),
  mapping: z.looseObject({}).optional(),
  volumes: aFunction.optional(),
  read: aFunction.optional(),
  probes: z.array(aFunction).optional(),
  journal: anObjectWith<Journal>('a Journal', 'open', 'read').optional(),
  signal: aSignal.optional(),
});

/**
 * Restores a recovery point into a project of its own, asks whether it works, measures how long that took, and deletes all of it
 * again, however it ended. Nothing of anybody else is touched. What a kill leaves is a project whose name and description say that it is
 * a drill's, which `sweepDrills` deletes.
 *
 * @throws InputError; what Keystone answers where no project can be made
 * @example
 * const { proof, rtoMs } = await drill(point, { on: elsewhere, id: kept.id, mapping: { networks: { public: 'ext-net' } } });
 */
export async function drill(point: TenantPoint, options: RestoreDrillOptions): Promise<RestoreDrillReport> {
  parseArguments('drill', drillOptions, options);
  const { on, signal = new AbortController().signal } = options;
  const begun = on.clock.now();
  const { id: project } = await on.identity.projects.create({ ...drillMark(options.id, begun) }, { signal });
  const scoped = await scopeOf(on, project);
  const report = {
    at: new Date(begun).toISOString(),
    rtoMs: undefined,
    outcome: undefined,
    refusals: [],
    answers: [],
    proof: undefined,
  };
  let found: Omit<RestoreDrillReport, 'leftOver'> = report;
  let leftOver: readonly LeftOver[] = [];
  try {
    found = { ...report, ...(await tried(point, project, { ...options, on: scoped, signal }, begun)) };
  } finally {
    const containers = point.resources.some(({ kind, bytes }) => kind === 'container' && bytes !== undefined);
    leftOver = await takenDown(on, scoped, project, { containers });
    await scoped.close();
  }
  return { ...found, leftOver };
}

/** The administrator's own view of the new project. */
async function scopeOf(on: Cloud, project: string): Promise<Cloud> {
  const token = await on.token();
  const user = token?.user?.id;
  if (user === undefined || token === undefined)
    throw new InputError('drill: on: the token is of no user', { field: 'on', operation: 'drill' });
  for (const { id, name } of token.roles)
    if (id !== undefined && name !== 'service')
      await on.identity.projectUserRoles.assign({ project_id: project, user_id: user, role_id: id });
  return on.scoped({ project_id: project });
}

async function tried(
  point: TenantPoint,
  project: string,
  {
    on,
    id,
    mapping = {},
    volumes,
    read,
    probes = [],
    journal = memoryJournal(),
    signal,
  }: RestoreDrillOptions,
  begun: number,
): Promise<Partial<RestoreDrillReport>> {
  const target = await readTarget(on, { project, signal });
  const planned = planRestore(point, target, { ...mapping, project });
  if (!planned.ok) return { refusals: planned.refusals };
  const outcome = await run(planned.plan, {
    approved: planned.plan.digest,
    implementations: restoreImplementations({
      cloud: on,
      ...(volumes === undefined ? {} : { volumes: volumes(on) }),
      read,
    }),
    journal,
    signal,
  }).outcome;
  if (outcome.status !== 'succeeded') return { outcome };
  const answers = [...(await serversActive(on, signal)), ...(await asked(probes, on, signal))];
  if (answers.some(({ ok }) => !ok)) return { outcome, answers };
  const now = on.clock.now();
  const kept = point.resources.filter(({ bytes }) => bytes !== undefined);
  return {
    outcome,
    answers,
    rtoMs: now - begun,
    proof: proveRestore({
      point: id,
      at: new Date(now).toISOString(),
      kind: 'restored',
      streams: kept.length,
      bytes: kept.reduce((sum, { bytes }) => sum + (bytes?.size ?? 0), 0),
    }),
  };
}

async function serversActive(cloud: Cloud, signal: AbortSignal | undefined): Promise<DrillAnswer[]> {
  const answers: DrillAnswer[] = [];
  for await (const { name, status } of cloud.compute.servers.list({}, { signal }))
    answers.push({
      what: `server ${name}`,
      ok: status === 'ACTIVE' || status === 'SHUTOFF',
      because: `it is ${status}`,
    });
  return answers;
}

async function asked(
  probes: readonly DrillProbe[],
  cloud: Cloud,
  signal: AbortSignal = new AbortController().signal,
): Promise<DrillAnswer[]> {
  const answers: DrillAnswer[] = [];
  for (const [at, probe] of probes.entries()) {
    try {
      answers.push(await probe({ cloud, signal }));
    } catch (error) {
      signal.throwIfAborted();
      answers.push({ what: `probe ${at + 1}`, ok: false, because: messageOf(error) });
    }
  }
  return answers;
}

/** Not under the signal, which may be why the drill ended. */
async function takenDown(
  on: Cloud,
  scoped: Cloud,
  project: string,
  may: { readonly containers: boolean },
): Promise<LeftOver[]> {
  try {
    const left = await emptyProject(scoped, project, may);
    // With something left in it, nobody would find that any more.
    if (left.length === 0) await on.identity.projects.delete({ id: project });
    return left;
  } catch (error) {
    return [{ kind: 'project', id: project, why: messageOf(error) }];
  }
}

export interface SweepDrillsOptions {
  /** Drills that began later may still be running, and are left alone. @default '1d' */
  readonly olderThan?: Duration | undefined;
  readonly signal?: AbortSignal | undefined;
}

const sweepOptions = optionsSchema<SweepDrillsOptions>({
  olderThan: aDuration.optional(),
  signal: aSignal.optional(),
});

/**
 * Deletes what drills left that were killed: the projects that they made, and all that is in them. A project is a drill's if its
 * name and its description both are as a drill writes them.
 *
 * @returns what could not be deleted
 * @throws InputError; what Keystone answers where its projects cannot be listed
 * @example const left = await sweepDrills(elsewhere, { olderThan: '6h' });
 */
export async function sweepDrills(on: Cloud, options: SweepDrillsOptions = {}): Promise<LeftOver[]> {
  parseArguments('sweepDrills', sweepOptions, options);
  const { olderThan = '1d', signal } = options;
  const before = on.clock.now() - milliseconds(olderThan);
  const left: LeftOver[] = [];
  for (const project of await Array.fromAsync(on.identity.projects.list({}, { signal }))) {
    signal?.throwIfAborted();
    const begun = drillBegun(project);
    if (begun !== undefined && begun <= before) left.push(...(await swept(on, project.id)));
  }
  return left;
}

async function swept(on: Cloud, id: string): Promise<LeftOver[]> {
  try {
    await using scoped = await scopeOf(on, id);
    // What the drill has made is not known any more.
    return await takenDown(on, scoped, id, { containers: true });
  } catch (error) {
    return isNotFound(error) ? [] : [{ kind: 'project', id, why: messageOf(error) }];
  }
}
