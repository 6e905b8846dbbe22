import type { Component } from '../components/define-component.ts';
import type { EnrollRefusal } from './enroll-refusal.ts';

/** The way in which a component is put behind balancers, or the reason why balancers are not what makes it highly available. */
export type BackendProfile =
  | {
      readonly mode: 'http' | 'tcp';
      readonly port: number | undefined;
      readonly path: string | undefined;
      readonly checkPort: number | undefined;
    }
  | EnrollRefusal;

/** Reads the way from the catalogue's words. */
export function backendProfileOf(component: Component): BackendProfile {
  const { name, title, mode, checks } = component;
  const no = (code: EnrollRefusal['code'], reason: string, remedy: string): EnrollRefusal => ({
    code,
    reason,
    remedy,
    subject: { kind: 'component', id: name },
  });
  const health = checks.find(({ id }) => id === 'haproxy');
  switch (mode) {
    case 'active-active':
      if (health === undefined)
        return no(
          'enroll.through-queue',
          `${title} gets its work through the queue: whoever of its processes is there takes it, and no balancer takes part`,
          `Run it on at least ${component.wanted} hosts, with the settings of haSettings().`,
        );
      return { mode: 'http', port: health.port, path: health.path, checkPort: undefined };
    case 'single-writer': {
      const check = checks.find(({ id }) => id === 'clustercheck');
      // The first is written to, the others wait; a check that only sees an open port would write to a node that is not Synced.
      if (check?.port === undefined)
        return no(
          'enroll.no-port',
          `the catalogue knows no health check of ${title} that tells who may be written to`,
          'Give the component a check `clustercheck` with a port.',
        );
      return { mode: 'tcp', port: undefined, path: check.path ?? '/', checkPort: check.port };
    }
    case 'active-passive':
      return no(
        'enroll.passive',
        `only one process of ${title} may be active. keepalived could start the other one, but cannot know that the first is off: on the far side of a partition both would work on the same things`,
        'Let Pacemaker with fencing move it: planActivePassive(). Or use what it has itself to be active/active: `cluster` and a driver that supports it for cinder-volume, several agents per network or VRRP routers for Neutron.',
      );
    case 'quorum':
      return no(
        'enroll.quorum',
        `${title} is a cluster with a quorum of its own; a balancer adds nothing to it`,
        'Give it at least three members on machines of their own, and its clients all of their addresses.',
      );
    case 'per-host':
      return no(
        'enroll.per-host',
        `${title} does the work of its own host, which nobody else can do`,
        "What survives a host's failure is its workload: see the recovery of instances.",
      );
    case 'independent':
      return no(
        'enroll.clients-choose',
        `clients of ${title} know all of them and choose by themselves; behind one address they would miss what the other one has`,
        'Give the clients all addresses: haSettings() has the settings.',
      );
  }
}
