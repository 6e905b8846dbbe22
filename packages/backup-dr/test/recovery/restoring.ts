import type { Cloud } from '@groundcrew/core';
import { memoryJournal, type Outcome, type Plan, run } from '@groundcrew/runbook';
import { expect } from 'vitest';
import { readPoint, type TenantPoint } from '../../src/point.ts';
import {
  planRestore,
  readTarget,
  restoreImplementations,
  type RestoreMapping,
  type RestoreRefusal,
  type VolumeWriter,
} from '../../src/restore.ts';
import type { Site } from './site.ts';
import { buildTenant, type TenantSpec } from './tenant.ts';

/** A project that something is restored into. */
export interface Into {
  readonly cloud: Cloud;
  readonly name: string;
}

/** The plan of a restore, of which nothing may speak against it. */
export async function plannedInto(
  target: Into,
  point: TenantPoint,
  mapping: Partial<RestoreMapping> = {},
): Promise<Plan> {
  const seen = await readTarget(target.cloud, { project: target.name });
  const restore = planRestore(point, seen, { project: target.name, volumes: 'empty', ...mapping });
  expect(restore.ok ? [] : restore.refusals).toEqual([]);
  if (!restore.ok) throw new Error('refused');
  return restore.plan;
}

/** What speaks against a restore. */
export async function refusalsOf(
  target: Into,
  point: TenantPoint,
  mapping: Partial<RestoreMapping> = {},
): Promise<readonly RestoreRefusal[]> {
  const seen = await readTarget(target.cloud, { project: target.name });
  const restore = planRestore(point, seen, { project: target.name, volumes: 'empty', ...mapping });
  return restore.ok ? [] : restore.refusals;
}

export const carriedOut = (plan: Plan, cloud: Cloud, volumes?: VolumeWriter): Promise<Outcome> =>
  run(plan, {
    approved: plan.digest,
    implementations: restoreImplementations({ cloud, ...(volumes === undefined ? {} : { volumes }) }),
    journal: memoryJournal(),
  }).outcome;

/** Builds a tenant in a new project, and reads it. */
export async function pointOf(site: Site, name: string, spec: TenantSpec): Promise<TenantPoint> {
  const { cloud } = await site.project(name);
  await buildTenant(cloud, spec);
  return readPoint(cloud, { project: name });
}
