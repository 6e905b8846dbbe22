import type { Gap } from '@groundcrew/core';
import { messageOf } from '@groundcrew/ground';

/** Who sent a request, by the audit trail. What its event does not tell is left out. */
export interface RequestActor {
  /** The id under which the trail knows it. */
  readonly requestId: string;
  readonly user_id?: string | undefined;
  readonly user_name?: string | undefined;
  readonly project_id?: string | undefined;
  readonly project_name?: string | undefined;
  readonly address?: string | undefined;
}

/**
 * What is asked for the user of a request: the trail of `@groundcrew/audit` is one as it is, and so is anything that finds events by the
 * id of their request.
 */
export interface RequestTrail {
  find(query: {
    readonly request_id: string;
    readonly limit: number;
  }): AsyncIterable<{ readonly event: { readonly who: Omit<RequestActor, 'requestId'> } }>;
}

const MOST_IDS = 20;
const MOST_EVENTS = 100;

/**
 * Asks a trail for the users behind some ids, each user once. Several are no mistake: a global id is what a caller says it is, and a
 * service that calls another does it in its own name.
 */
export async function actorsOf(
  trail: RequestTrail,
  ids: readonly string[],
): Promise<{ readonly who: RequestActor[]; readonly gaps: Gap[] }> {
  const who = new Map<string, RequestActor>();
  const gaps: Gap[] = [];
  for (const requestId of ids.slice(0, MOST_IDS)) {
    try {
      for await (const { event } of trail.find({ request_id: requestId, limit: MOST_EVENTS })) {
        const { user_id, user_name, project_id, project_name, address } = event.who;
        if (user_id === undefined && user_name === undefined) continue;
        const key = JSON.stringify([user_id ?? user_name, project_id]);
        if (!who.has(key)) who.set(key, { requestId, user_id, user_name, project_id, project_name, address });
      }
    } catch (error) {
      gaps.push({
        what: `the trail, of ${requestId}`,
        kind: 'failed',
        why: messageOf(error),
        remedy: undefined,
        requestIds: [],
      });
    }
  }
  return { who: [...who.values()], gaps };
}
