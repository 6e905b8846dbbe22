import { parseArguments } from '@groundcrew/ground';
import type { Implementation } from '@groundcrew/runbook';
import { allocationMends } from './allocation-mends.ts';
import { guestMends } from './guest-mends.ts';
import { mendsAccess, type OrphanMendsAccess } from './mend-revisions.ts';
import { portMends } from './port-mends.ts';
import { volumeMends } from './volume-mends.ts';

/**
 * Implementations of the actions of `planOrphanMends`. Each asks once more whether Nova knows the server, before it acts; a port and an
 * allocation that were changed by then are left by the service itself (`If-Match`, the consumer's generation).
 *
 * @throws InputError naming the field
 * @example
 * const { outcome } = run(plan, {
 *   approved,
 *   implementations: orphanImplementations({ cloud, hosts, sudo: true }),
 *   revisionOf: orphanRevisions({ cloud, hosts, sudo: true }),
 *   journal: fileJournal('orphans.journal'),
 * });
 */
export function orphanImplementations(access: OrphanMendsAccess): Implementation[] {
  parseArguments('orphanImplementations', mendsAccess, access);
  const { cloud } = access;
  return [...guestMends(access), ...volumeMends(cloud), ...portMends(cloud), ...allocationMends(cloud)];
}
