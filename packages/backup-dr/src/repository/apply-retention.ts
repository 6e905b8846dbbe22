import { isGroundcrewError } from '@groundcrew/ground';
import type { HeldLease, Lease } from '@groundcrew/runbook';
import type { Engine } from './engine.ts';
import type { PointList } from './point.ts';
import { KIND, POINT } from './points.ts';
import type { RetentionOutcome } from './repository.ts';
import { RepositoryError } from './repository-error.ts';
import type { RepositoryParts } from './repository-options.ts';
import { neededBy, type RetentionPlan } from './retention-plan.ts';

/**
 * Removes what a plan names: manifests first, so that whatever ends this in the middle leaves no point that is not whole, then
 * streams, then the space of both.
 */
export async function applyRetentionPlan(
  { engine, lease, holder }: RepositoryParts,
  plan: RetentionPlan,
  now: PointList,
  signal: AbortSignal,
): Promise<RetentionOutcome> {
  const going = new Set(plan.forget.flatMap(({ manifests }) => manifests));
  const streams = plan.forget.flatMap((point) => point.streams);
  refuseStale(now, going, [...going, ...streams, ...plan.strays.flatMap((stray) => stray.streams)]);
  await engine.forget([...going], { signal });
  const known = new Set(
    [...now.points, ...now.broken.map((each) => each.point)].flatMap(({ manifests }) => manifests),
  );
  const held: HeldLease[] = [];
  const busy: string[] = [];
  const strays: string[] = [];
  try {
    for (const { point, streams: left } of plan.strays) {
      const own = await acquired(lease(point), holder, signal);
      if (own !== undefined) held.push(own);
      // Its writer may have finished since it was looked.
      const isFree =
        own !== undefined && (await manifestsOf(engine, point, signal)).every((id) => known.has(id));
      if (isFree) strays.push(...left);
      else busy.push(point);
    }
    await engine.forget([...streams, ...strays], { signal });
  } finally {
    for (const one of held) await one.release().catch(() => undefined);
  }
  await engine.prune({ signal });
  return { forgotten: plan.forget.map(({ point }) => point), streams: streams.length + strays.length, busy };
}

/** A lease; `undefined`: another one holds it. */
async function acquired(lease: Lease, holder: string, signal: AbortSignal): Promise<HeldLease | undefined> {
  try {
    return await lease.acquire({ holder, signal });
  } catch (error) {
    if (isGroundcrewError(error) && error.code === 'lease-held') return undefined;
    throw error;
  }
}

async function manifestsOf(engine: Engine, point: string, signal: AbortSignal): Promise<string[]> {
  const { streams } = await engine.list({ tags: { [KIND]: 'manifest', [POINT]: point }, signal });
  return streams.map(({ id }) => id);
}

/** Whatever came into the repository since the plan was made may need what the plan removes. */
function refuseStale(
  { points, broken, unreadable, gaps }: PointList,
  going: ReadonlySet<string>,
  removed: readonly string[],
): void {
  const remedy = 'Plan anew.';
  const [unseen] = [...unreadable.map(({ why }) => why), ...gaps];
  if (unseen !== undefined)
    throw new RepositoryError('plan-stale', `not all of the repository can be read: ${unseen}`, { remedy });
  const staying = [...points, ...broken.map(({ point }) => point)].filter(
    ({ manifests }) => !manifests.every((manifest) => going.has(manifest)),
  );
  const needed = neededBy(staying);
  const taken = removed.find((id) => needed.has(id));
  if (taken !== undefined)
    throw new RepositoryError('plan-stale', `a point that stays needs ${taken}, which the plan removes`, {
      remedy,
    });
}
