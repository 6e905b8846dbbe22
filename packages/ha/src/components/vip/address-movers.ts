import type { StackView } from '../component-observer.ts';
import { pacemakerObserver } from '../pacemaker/observe-pacemaker.ts';
import type { VipStatus } from './observe-vip.ts';

/** Hosts that could have the address, its owner included: those of Pacemaker if that moves addresses, else keepalived's. */
export function readyFor(
  { hosts }: VipStatus,
  view: StackView,
): { readonly by: string; readonly hosts: readonly string[] } {
  const keeping = [...new Set(hosts.filter((host) => host.keepalived === true).map((host) => host.host))];
  return keeping.length > 0
    ? { by: 'keepalived runs', hosts: keeping }
    : { by: 'Pacemaker is online', hosts: [...new Set(addressMovers(view))] };
}

/** Whether all that was asked of Pacemaker was told: else a node that was not seen may take the address. */
export const tellsMovers = (view: StackView): boolean =>
  view
    .seen(pacemakerObserver)
    .every(
      ({ value }) => value?.quorum !== undefined && value.nodes.every((node) => node.standby !== undefined),
    );

/** Pacemaker's nodes that can take an address, where it has a resource that is one; named as Pacemaker names them. */
export function addressMovers(view: StackView): string[] {
  const status = view.seen(pacemakerObserver).find(({ value }) => value?.quorum === true)?.value;
  if (status?.resources.some((resource) => /:IPaddr2?$/.test(resource.agent) && resource.managed) !== true)
    return [];
  return status.nodes
    .filter((node) => node.online && node.standby === false && !node.unclean)
    .map((node) => node.name);
}
