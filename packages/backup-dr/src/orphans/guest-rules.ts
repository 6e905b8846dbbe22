import type { Observed } from '@groundcrew/core';
import { seenIn } from '../verdict.ts';
import type { OrphanRule } from './contradiction.ts';
import type { HypervisorDomain, OrphanServer, OrphanSources } from './orphan-sources.ts';
import { called, subjectOf } from './reference-rules.ts';

/** What Nova and the hypervisors disagree about. */
export const guestRules = (sources: OrphanSources): OrphanRule[] => [
  unknownHosts(sources),
  ...(sources.hypervisor === undefined ? [] : [unknownGuests(sources)]),
  ...Object.entries(sources.hypervisor ?? {}).map(([host, guests]) => missingGuests(sources, host, guests)),
];

const hostOf = (server: OrphanServer): string | undefined => server['OS-EXT-SRV-ATTR:host'] ?? undefined;

/** Servers on a host of which Nova knows no hypervisor. */
function unknownHosts({ nova: { servers, hypervisors } }: OrphanSources): OrphanRule {
  const known = new Set(
    hypervisors.value.flatMap(({ service, hypervisor_hostname: name }) => [service.host, name]),
  );
  return {
    id: 'backup-dr.orphan-host',
    severity: 'high',
    none: 'Every server is on a host whose hypervisor Nova knows',
    from: [servers],
    against: [hypervisors],
    found: servers.value.flatMap((server) => {
      const host = hostOf(server);
      if (host === undefined || known.has(host)) return [];
      return [
        {
          subject: subjectOf('server', server),
          title: `Server ${called(server)} is on ${host}, of which Nova knows no hypervisor`,
          because: [seenIn(servers, `it is ${server.status}, on ${host}`)],
          remedy:
            'Start nova-compute there, and let the cell discover the host (nova-manage cell_v2 discover_hosts).',
        },
      ];
    }),
  };
}

/** Guests that Nova does not know, or knows to be elsewhere. */
function unknownGuests({ nova: { servers }, hypervisor = {} }: OrphanSources): OrphanRule {
  const known = new Map(servers.value.map((server) => [server.id, server]));
  return {
    id: 'backup-dr.orphan-guest',
    severity: 'critical',
    none: 'Every guest on the hosts that were asked is a server that Nova knows to be there',
    from: Object.values(hypervisor),
    against: [servers],
    found: Object.values(hypervisor).flatMap((list) =>
      list.value.flatMap((guest) => {
        const server = known.get(guest.id);
        const host = server === undefined ? undefined : hostOf(server);
        // Of a server whose host is not told nobody knows where it should be; while it moves it is on two.
        if (server !== undefined && (host === undefined || host === guest.host || MOVING.has(server.status)))
          return [];
        return [
          {
            subject: { kind: 'guest', id: guest.id, name: guest.name },
            title:
              server === undefined
                ? `Guest ${guest.name} on ${guest.host} is no server that Nova knows`
                : `Guest ${guest.name} is on ${guest.host}; Nova has server ${called(server)} on ${host ?? 'none'}`,
            because: [
              seenIn(
                list,
                `${guest.name}, ${guest.id}, ${guest.isRunning ? 'runs' : 'is defined and shut off'}`,
              ),
            ],
            severity: severityOf(guest),
            remedy:
              'It may write to volumes that are given to others: look whose it is, and stop it or bring its server back before anything is attached.',
          },
        ];
      }),
    ),
  };
}

const MOVING: ReadonlySet<string> = new Set(['MIGRATING', 'RESIZE', 'VERIFY_RESIZE', 'REVERT_RESIZE']);

/** One that does not run harms nobody yet; one that is not called as Nova calls its guests may be somebody else's. */
const severityOf = ({ isRunning, name }: HypervisorDomain): 'critical' | 'medium' =>
  isRunning && /^instance-[\da-f]{8}$/.test(name) ? 'critical' : 'medium';

/** Servers that run on a host, as Nova says, and that it does not have. */
function missingGuests(
  { nova: { servers } }: OrphanSources,
  name: string,
  guests: Observed<readonly HypervisorDomain[]>,
): OrphanRule {
  const running = new Set(guests.value.filter(({ isRunning }) => isRunning).map(({ id }) => id));
  return {
    id: 'backup-dr.missing-guest',
    severity: 'high',
    none: `Every server that is ACTIVE on ${name} runs there`,
    from: [servers],
    against: [guests],
    found: servers.value
      .filter((server) => server.status === 'ACTIVE' && hostOf(server) === name && !running.has(server.id))
      .map((server) => ({
        subject: subjectOf('server', server),
        title: `Server ${called(server)} is ACTIVE on ${name}, and no guest of it runs there`,
        because: [seenIn(servers, `it is ACTIVE, on ${name}`)],
        remedy:
          'It was stopped, moved or deleted since the databases were stored: look for it on the other hosts.',
      })),
  };
}
