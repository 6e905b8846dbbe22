import type { AuditEvent } from '../trail/event.ts';

/** The things that must be looked at again after an event. */
export type Affected =
  | { readonly look: 'group'; readonly id: string }
  /** Look at the things that another event of this request tells; at everything, if there is no such event. */
  | { readonly look: 'request'; readonly id: string }
  /** Something changed, and the event does not tell what; or too much hangs on it. */
  | { readonly look: 'all' };

const changes = new Set(['create', 'update', 'delete']);

/** Tells which exposures an event may have changed; none for a request that failed, or is not over. Pure. */
export function affectedBy({
  action,
  outcome,
  target,
  detail,
  request_ids,
}: AuditEvent): Affected | undefined {
  if (outcome !== 'success' || !changes.has(action) || target.service !== 'network') return undefined;
  const told = (field: string): string | undefined => {
    const value = detail?.[field];
    return typeof value === 'string' ? value : undefined;
  };
  switch (target.type) {
    case 'security_group':
      return target.id === undefined ? { look: 'all' } : { look: 'group', id: target.id };
    case 'security_group_rule': {
      const group = told('security_group_id');
      if (group !== undefined) return { look: 'group', id: group };
      // The audit filter does not tell the group; Neutron's notification, which it sends first, does.
      const [request] = request_ids;
      return request === undefined ? { look: 'all' } : { look: 'request', id: request };
    }
    case 'port':
    case 'address_group':
    case 'floatingip':
    case 'router':
    case 'network':
    case 'rbac_policy':
    case 'firewall_group':
    case 'firewall_policy':
    case 'firewall_rule':
      return { look: 'all' };
    default:
      return undefined;
  }
}
