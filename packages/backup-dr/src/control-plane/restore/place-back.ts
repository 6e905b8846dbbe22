import { createHash } from 'node:crypto';
import type { StepContext } from '@groundcrew/runbook';
import type { CommandOptions, Host } from '@groundcrew/runbook/hosts';
import type { RecoveryPoint } from '../../repository/point.ts';
import type { BackupRepository } from '../../repository/repository.ts';
import { RepositoryError } from '../../repository/repository-error.ts';
import { ControlPlaneError } from '../control-plane-error.ts';
import type { StoredInput } from './control-plane-actions.ts';

/** A machine on which a control plane is restored. */
export type RestoreHost = Pick<Host, 'run' | 'name'>;

/** What restores parts: where they lie, and where they go. */
export interface PlaceBack {
  readonly repository: BackupRepository;
  readonly hosts: ReadonlyMap<string, RestoreHost>;
  readonly sudo: boolean | string | undefined;
}

/** @throws ControlPlaneError `control-plane.no-host` */
export function hostNamed({ hosts }: Pick<PlaceBack, 'hosts'>, name: string): RestoreHost {
  const host = hosts.get(name);
  if (host !== undefined) return host;
  throw new ControlPlaneError('control-plane.no-host', `${name} is none of the hosts that were given`, {
    remedy: 'Give it in hosts.',
  });
}

/** What every command of a step is run with. */
export const commandOptions = (
  { sudo }: Pick<PlaceBack, 'sudo'>,
  { signal }: StepContext,
  more: CommandOptions = {},
): CommandOptions => ({ ...(sudo === undefined ? {} : { sudo }), signal, timeout: '10m', ...more });

/** The same on every attempt of a step of a run, and another one in every other run. */
export const markOf = ({ key }: StepContext): string =>
  createHash('sha256').update(key).digest('hex').slice(0, 12);

/** The point as it is now. @throws RepositoryError `point-missing` */
export async function pointNow(
  { repository }: Pick<PlaceBack, 'repository'>,
  id: string,
  signal: AbortSignal,
): Promise<RecoveryPoint> {
  const { points } = await repository.points({ signal });
  const point = points.find((each) => each.id === id);
  if (point !== undefined) return point;
  throw new RepositoryError('point-missing', `the repository has no whole point ${id} any more`, {
    remedy: 'Plan anew, from another point.',
  });
}

/** The bytes of a part; at their end it is known that they are what was stored. */
export async function streamOf(
  back: Pick<PlaceBack, 'repository'>,
  { point, stream }: StoredInput,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  return back.repository.read(await pointNow(back, point, signal), stream, { signal });
}
