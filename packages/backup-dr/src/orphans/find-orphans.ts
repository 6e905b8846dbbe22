import type { Finding } from '@groundcrew/ground';
import { allocationRules } from './allocation-rules.ts';
import { findingsOf } from './contradiction.ts';
import { guestRules } from './guest-rules.ts';
import type { OrphanSources } from './orphan-sources.ts';
import {
  orphanAttachments,
  orphanPorts,
  orphanVolumes,
  stuckVolumes,
  unknownDisks,
} from './reference-rules.ts';

/**
 * What Nova, Neutron, Cinder, Placement and the hypervisors disagree about. Pure. After a restore of databases that are older than the cloud, what
 * was made since still runs, and holds volumes and addresses, and nobody knows it: such a guest can write to a volume that is given to
 * another server. Nothing is said to be missing of a list that was not seen wholly.
 *
 * @example
 * const findings = findOrphans(await readOrphanSources(cloud, { hosts }));
 * console.log(findings.filter(({ verdict }) => verdict === 'fail').map(({ title }) => title));
 */
export const findOrphans = (sources: OrphanSources): Finding[] =>
  [
    orphanVolumes(sources),
    orphanAttachments(sources),
    stuckVolumes(sources),
    unknownDisks(sources),
    orphanPorts(sources),
    ...allocationRules(sources),
    ...guestRules(sources),
  ].flatMap(findingsOf);
