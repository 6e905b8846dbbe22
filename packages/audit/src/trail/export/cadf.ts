import { CADF_EVENT } from '../decode/cadf.ts';
import { present } from '../decode/loose.ts';
import type { AuditEvent } from '../event.ts';

/** A CADF event (DSP0262 1.0.0), as pycadf takes it for valid. */
export interface CadfEvent {
  readonly typeURI: string;
  readonly eventType: 'activity';
  readonly id: string;
  readonly eventTime: string;
  readonly action: string;
  readonly outcome: AuditEvent['outcome'];
  readonly initiator: Readonly<Record<string, unknown>>;
  readonly target: Readonly<Record<string, unknown>>;
  readonly observer: { readonly id: string; readonly typeURI: string };
  readonly reason?: { readonly reasonType: string; readonly reasonCode?: string };
  readonly attachments?: readonly object[];
}

/** The branches of CADF's tree of resources under which the services stand (DSP0262, resource taxonomy). */
const branches: Readonly<Record<string, string>> = {
  compute: 'service/compute',
  network: 'service/network',
  'block-storage': 'service/storage/block',
  image: 'service/storage/image',
  'object-store': 'service/storage/object',
  identity: 'service/security',
};
/** CADF's own verbs; others stand below `update`, or are not known. */
const verbs = new Set([
  'authenticate',
  'backup',
  'create',
  'delete',
  'disable',
  'enable',
  'read',
  'restore',
  'start',
  'stop',
  'unknown',
  'update',
]);

/** An event in CADF's words. What CADF has no place for is in an attachment, so that it can come back. */
export function toCadf(event: AuditEvent): CadfEvent {
  const { id, at, action, outcome, who, target, reason, request_ids } = event;
  const { user_id, user_name, project_id, address, agent } = who;
  const branch = branches[target.service ?? ''] ?? 'service';
  return {
    typeURI: CADF_EVENT,
    eventType: 'activity',
    id,
    eventTime: at.replace('Z', '+0000'),
    action: verbs.has(action) ? action : action === 'list' ? 'read/list' : `update/${action}`,
    outcome,
    initiator: present({
      typeURI: 'service/security/account/user',
      id: user_id ?? 'unknown',
      name: user_name,
      project_id,
      request_id: request_ids[0],
      host: address === undefined && agent === undefined ? undefined : present({ address, agent }),
    }),
    target: present({
      typeURI: `${branch}/${target.type}`,
      id: target.id ?? 'unknown',
      name: target.name,
      project_id: target.project_id,
    }),
    observer: { id: event.source, typeURI: branch },
    ...(reason === undefined
      ? {}
      : {
          reason: {
            reasonType: reason.text ?? 'HTTP',
            ...(reason.code === undefined ? {} : { reasonCode: reason.code }),
          },
        }),
    attachments: [{ typeURI: 'groundcrew:audit-event', name: 'groundcrew', content: event }],
  };
}
