import { seenIn } from '../verdict.ts';
import type { OrphanRule } from './contradiction.ts';
import { type OrphanSources, placeOf } from './orphan-sources.ts';
import { called, subjectOf } from './reference-rules.ts';

/** What Nova and Placement disagree about. */
export const allocationRules = (sources: OrphanSources): OrphanRule[] =>
  sources.placement === undefined
    ? []
    : [orphanAllocations(sources, sources.placement), missingAllocations(sources, sources.placement)];

type Placement = NonNullable<OrphanSources['placement']>;

/** Allocations of consumers that are neither a server nor a move of one, as `nova-manage placement audit` finds them. */
function orphanAllocations(
  { nova: { servers } }: OrphanSources,
  { allocations, migrations }: Placement,
): OrphanRule {
  const known = new Set([...servers.value.map(({ id }) => id), ...migrations.value.map(({ uuid }) => uuid)]);
  return {
    id: 'backup-dr.orphan-allocation',
    severity: 'medium',
    none: 'Whatever holds resources in Placement is a server, or a move of one, that Nova knows',
    from: [allocations],
    against: [servers, migrations],
    found: allocations.value
      .filter(({ consumer }) => !known.has(consumer))
      .map(({ consumer, providers }) => ({
        subject: { kind: 'allocation', id: consumer },
        title: `${consumer} holds resources of ${providers.join(', ')}, and Nova knows no such server or move`,
        because: [seenIn(allocations, `it has allocations on ${providers.join(', ')}`)],
        remedy:
          'Make sure that no guest of that id runs on any host; then delete its allocation, or let `nova-manage placement audit --delete` do it.',
      })),
  };
}

/** Servers on a host that hold nothing: the scheduler gives their room away. */
function missingAllocations({ nova: { servers } }: OrphanSources, { allocations }: Placement): OrphanRule {
  const holding = new Set(allocations.value.map(({ consumer }) => consumer));
  return {
    id: 'backup-dr.missing-allocation',
    severity: 'medium',
    none: 'Every server that is on a host holds resources in Placement',
    from: [servers],
    against: [allocations],
    found: servers.value.flatMap((server) => {
      const host = placeOf(server);
      if (host === undefined || holding.has(server.id)) return [];
      return [
        {
          subject: subjectOf('server', server),
          title: `Server ${called(server)} is on ${host}, and holds no resources in Placement`,
          because: [seenIn(servers, `it is ${server.status}, on ${host}`)],
          remedy: 'Let Nova compute them: `nova-manage placement heal_allocations --instance`.',
        },
      ];
    }),
  };
}
