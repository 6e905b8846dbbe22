import { present } from '../decode/loose.ts';
import type { AuditEvent } from '../event.ts';

/** An event of OCSF 1.3, class API Activity (6003), category Application Activity (6). */
export interface OcsfApiActivity {
  readonly class_uid: 6003;
  readonly category_uid: 6;
  readonly activity_id: 0 | 1 | 2 | 3 | 4 | 99;
  readonly type_uid: number;
  readonly time: number;
  readonly severity_id: 1 | 2;
  readonly status_id: 0 | 1 | 2;
  readonly status_code?: string;
  readonly status_detail?: string;
  readonly metadata: object;
  readonly actor: object;
  readonly api: object;
  readonly src_endpoint?: object;
  readonly resources: readonly object[];
}

const activities: Readonly<Record<string, 1 | 2 | 3 | 4>> = {
  create: 1,
  read: 2,
  list: 2,
  update: 3,
  delete: 4,
};
const statuses: Readonly<Partial<Record<AuditEvent['outcome'], 1 | 2>>> = { success: 1, failure: 2 };

/** An event in OCSF's words, for a SIEM. */
export function toOcsf(event: AuditEvent): OcsfApiActivity {
  const { who, target, action, outcome, reason } = event;
  const activity_id = action === 'unknown' ? 0 : (activities[action] ?? 99);
  return present({
    class_uid: 6003 as const,
    category_uid: 6 as const,
    activity_id,
    type_uid: 600_300 + activity_id,
    time: Date.parse(event.at),
    severity_id: outcome === 'failure' ? (2 as const) : (1 as const),
    status_id: statuses[outcome] ?? (0 as const),
    status_code: reason?.code,
    status_detail: reason?.text,
    metadata: {
      version: '1.3.0',
      uid: event.id,
      log_name: event.source,
      product: { name: 'OpenStack', vendor_name: 'OpenInfra', feature: present({ name: target.service }) },
    },
    actor: {
      user: present({ uid: who.user_id, name: who.user_name, domain: who.domain_id }),
      ...(who.project_id === undefined && who.project_name === undefined
        ? {}
        : { session: present({ issuer: who.project_name ?? who.project_id, uid: who.project_id }) }),
    },
    api: {
      operation: `${action} ${target.type}`,
      service: present({ name: target.service ?? 'unknown' }),
      ...(event.request_ids[0] === undefined ? {} : { request: { uid: event.request_ids[0] } }),
    },
    src_endpoint: who.address === undefined ? undefined : present({ ip: who.address, name: who.agent }),
    resources: [
      present({
        type: target.type,
        uid: target.id,
        name: target.name,
        owner: target.project_id === undefined ? undefined : { uid: target.project_id },
      }),
    ],
  }) as OcsfApiActivity;
}
