import { counted, type Evidence, type Finding, finding, unseen } from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';
import type { CarriedServer, HaSnapshot, VirtualRouter, Worker } from './observe.ts';
import { measure, redundancyRules, type Redundancy } from './redundancy.ts';

/**
 * Assesses how a management stack would survive: workers that are down, and with them what they carry; kinds of
 * worker of which one failure takes the last; routers on a single agent; and what the APIs do not show at all.
 */
export function assess(snapshot: HaSnapshot): Finding[] {
  const { compute, blockStorage, network } = snapshot;
  const findings: Finding[] = [];
  for (const observed of [compute, blockStorage, network]) {
    findings.push(...gaps(observed, 'ha.workers-unseen'));
    findings.push(...observed.value.map((worker) => workerFinding(worker, observed, snapshot.servers)));
    for (const rule of redundancyRules) {
      const measured = measure(rule, observed.value);
      if (measured !== undefined) findings.push(redundancyFinding(measured, observed));
    }
  }
  findings.push(...gaps(snapshot.servers, 'ha.servers-unseen'));
  findings.push(...gaps(snapshot.routers, 'ha.routers-unseen'));
  findings.push(...snapshot.routers.value.map((router) => routerFinding(router, snapshot.routers)));
  findings.push(replicasOfApis(compute.at));
  return findings;
}

function workerFinding(
  worker: Worker,
  observed: Observed<unknown>,
  servers: Observed<readonly CarriedServer[]>,
): Finding {
  const name = `${worker.kind} on ${worker.host}`;
  const heartbeat = worker.heartbeat === undefined ? '' : `, last heartbeat ${worker.heartbeat}`;
  if (worker.unknown !== undefined)
    return finding({
      id: 'ha.worker',
      verdict: 'unknown',
      severity: 'high',
      title: `Whether ${name} works is not known`,
      subject: { kind: 'worker', id: name },
      because: [{ statement: worker.unknown, source: observed.source, at: observed.at }],
      remedy: 'Look at its cell: its database and its message bus.',
    });
  const state: Evidence = {
    statement: `${name} is ${worker.alive ? 'alive' : 'down'} and ${worker.enabled ? 'enabled' : 'disabled'}${worker.disabledReason === undefined ? '' : ` (${worker.disabledReason})`}${heartbeat}`,
    source: observed.source,
    at: observed.at,
  };
  const base = { id: 'ha.worker', subject: { kind: 'worker', id: name } } as const;
  if (worker.alive && isSwitchedOffByItself(worker)) {
    return finding({
      ...base,
      verdict: 'fail',
      severity: 'high',
      title: `${name} reports that it is alive, and has switched itself off`,
      because: [state],
      remedy: `Look at libvirt on ${worker.host}; nova-compute enables itself when the connection is back.`,
    });
  }
  if (worker.alive) {
    // A heartbeat says that the process runs, and no more (nova/servicegroup/drivers/db.py: `is_up` is its age).
    const title = `${name} reports that it is alive${worker.enabled ? '' : ', and is disabled'}`;
    return finding({
      ...base,
      verdict: 'pass',
      severity: 'info',
      title,
      because: [state],
      remedy: undefined,
    });
  }
  if (worker.kind !== 'nova-compute') {
    const remedy = `Look at the log of ${worker.kind} on ${worker.host}, and whether the host is up.`;
    return finding({
      ...base,
      verdict: 'fail',
      severity: worker.enabled ? 'high' : 'low',
      title: `${name} is down`,
      because: [state],
      remedy,
    });
  }
  const carried = servers.value.filter((server) => server.host === worker.host);
  const load: Evidence =
    servers.completeness === 'complete'
      ? {
          statement: `${counted(carried.length, 'server')} on it${list(carried)}`,
          source: servers.source,
          at: servers.at,
        }
      : {
          statement:
            carried.length === 0
              ? 'which servers are on it could not be seen'
              : `${counted(carried.length, 'server')} on it that could be seen, maybe more${list(carried)}`,
          source: servers.source,
          at: servers.at,
        };
  return finding({
    ...base,
    verdict: 'fail',
    severity: carried.length > 0 ? 'critical' : 'high',
    title:
      carried.length > 0
        ? `${name} is down with ${counted(carried.length, 'server')} on it`
        : `${name} is down`,
    because: [state, load],
    remedy:
      'Make sure that the host is off before its servers are evacuated: a server that runs twice destroys its data.',
  });
}

/**
 * nova-compute disables its own service when it loses libvirt, with this prefix (nova/virt/libvirt/driver.py,
 * DISABLE_PREFIX).
 */
const isSwitchedOffByItself = ({ enabled, disabledReason }: Worker): boolean =>
  !enabled && disabledReason?.startsWith('AUTO: ') === true;

function redundancyFinding(
  { rule, workers, hosts, unseen: dark }: Redundancy,
  observed: Observed<unknown>,
): Finding {
  const because: Evidence[] = [
    {
      statement: `${workers.length} ${rule.kind} registered, alive and enabled on ${hosts.length === 1 ? '1 host' : `${hosts.length} hosts`}${hosts.length > 0 ? `: ${hosts.join(', ')}` : ''}`,
      source: observed.source,
      at: observed.at,
    },
    { statement: `without any, ${rule.stops}`, source: 'redundancy rules' },
  ];
  const base = {
    id: 'ha.single-point-of-failure',
    subject: { kind: 'worker kind', id: rule.kind },
    because,
  } as const;
  if (hosts.length >= rule.wanted) {
    return finding({
      ...base,
      verdict: 'pass',
      severity: 'high',
      title: `${rule.kind} reports that it is alive on ${hosts.length} hosts`,
      remedy: undefined,
    });
  }
  if (hosts.length + dark.length >= rule.wanted || observed.completeness !== 'complete')
    return finding({
      ...base,
      verdict: 'unknown',
      severity: 'high',
      title: `Whether ${rule.kind} is alive on ${rule.wanted} hosts is not known`,
      because: [
        ...because,
        {
          statement: dark.length > 0 ? `not known of ${dark.join(', ')}` : 'the list may lack some of them',
          source: observed.source,
          at: observed.at,
        },
      ],
      remedy:
        dark.length > 0
          ? 'Look at the cell of those hosts: its database and its message bus.'
          : 'Make the whole list visible.',
    });
  if (hosts.length === 0) {
    return finding({
      ...base,
      verdict: 'fail',
      severity: 'critical',
      title: `No ${rule.kind} reports that it is alive`,
      remedy: `Start ${rule.kind} on ${workers.map((worker) => worker.host).join(' or ')}.`,
    });
  }
  return finding({
    ...base,
    verdict: 'fail',
    severity: 'high',
    title: `${rule.kind} is alive on ${hosts[0]} only: a single point of failure`,
    remedy: `Run ${rule.kind} on a second host.`,
  });
}

function routerFinding(router: VirtualRouter, observed: Observed<unknown>): Finding {
  const base = {
    id: 'ha.router',
    subject: { kind: 'router', id: router.id, name: router.name },
    severity: 'medium',
  } as const;
  const because = (statement: string): Evidence[] => [
    { statement, source: observed.source, at: observed.at },
  ];
  // Of one of the two that is not told nothing is known: what is told to be false of the other is no answer.
  if (router.ha === undefined && router.distributed !== true) {
    const why = 'Neutron tells `ha` and `distributed` to administrators only, and OVN has neither';
    return finding({
      ...base,
      verdict: 'unknown',
      title: `Whether router ${router.name} is redundant is not told`,
      because: because(why),
      remedy: 'Ask as an administrator.',
    });
  }
  if (router.ha === true || router.distributed === true) {
    // What it was made as; on which agents it is, `l3-agents` of the router tells, which is not read.
    const [how, field] =
      router.ha === true ? ['highly available (VRRP)', '`ha`'] : ['distributed', '`distributed`'];
    return finding({
      ...base,
      verdict: 'pass',
      title: `Router ${router.name} is made to be ${how}`,
      because: because(`${field} is true`),
      remedy: undefined,
    });
  }
  return finding({
    ...base,
    verdict: 'fail',
    title: `Router ${router.name} is on one L3 agent`,
    because: because('neither `ha` nor `distributed`: its networks lose their way out with that agent'),
    remedy: `Set it to HA: openstack router set --disable ${router.id}, then --ha --enable.`,
  });
}

/** Facts that no OpenStack API tells: a report that only asks APIs must say that they are unknown. */
const replicasOfApis = (at: string): Finding =>
  finding({
    id: 'ha.apis-and-infrastructure',
    verdict: 'unknown',
    severity: 'high',
    title: 'How redundant the APIs, the database and the message bus are cannot be seen from the APIs',
    subject: { kind: 'cloud', id: 'apis' },
    because: [
      { statement: 'an endpoint is one address, whoever answers behind it', source: 'catalogue', at },
    ],
    remedy: 'Look at the load balancer, Galera and RabbitMQ themselves.',
  });

const gaps = (observed: Observed<unknown>, id: string): Finding[] =>
  observed.gaps.map((gap) =>
    unseen(gap, { id, title: `Not seen: ${gap.what}`, severity: 'high', at: observed.at }),
  );

function list(servers: readonly CarriedServer[]): string {
  if (servers.length === 0) return '';
  const names = servers.slice(0, 5).map((server) => server.name);
  return `: ${names.join(', ')}${servers.length > names.length ? ', …' : ''}`;
}
