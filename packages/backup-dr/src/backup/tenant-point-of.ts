import { parsePoint } from '../point/parse-point.ts';
import type { TenantPoint } from '../point/tenant-point.ts';
import type { RecoveryPoint } from '../repository/point.ts';

/**
 * The recovery point of a project that a repository holds, as `planRestore` takes it.
 *
 * @throws PointError if it is none, or was changed
 * @example
 * const kept = await repo.latest({ kind: 'tenant', project: 'shop' });
 * const point = tenantPointOf(kept);
 */
export const tenantPointOf = ({ contents }: Pick<RecoveryPoint, 'contents'>): TenantPoint =>
  parsePoint(JSON.stringify(contents));
