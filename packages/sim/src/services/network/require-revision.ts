import type { Call } from '../../call.ts';
import { ServiceFault } from '../../fault.ts';
import type { NetworkEntity } from './state.ts';

/**
 * Refuses a change of what has changed since the caller saw it (`If-Match: revision_number=7`), as
 * `RevisionNumberConstraintFailed` of `neutron/services/revisions/revision_plugin.py` does.
 */
export function requireRevision(call: Call, entity: NetworkEntity): void {
  const [, expected] = /^revision_number=(\d+)$/.exec(call.request.headers.get('If-Match') ?? '') ?? [];
  const current = entity['revision_number'];
  if (expected === undefined || typeof current !== 'number' || Number(expected) === current) return;
  throw new ServiceFault(412, `Constrained to ${expected}, but current revision is ${current}`, {
    type: 'RevisionNumberConstraintFailed',
  });
}
