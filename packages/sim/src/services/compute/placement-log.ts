import type { LogContext } from '../../logs/log-entry.ts';
import { tellPlacementAccess } from '../../logs/requests/placement.ts';
import type { SimState } from '../../sim-state.ts';

const named = (name: string) => (entity: { readonly name: string }) => entity.name === name;

/**
 * Writes a request of Nova's to Placement into Placement's log. Nova sends it as its own user, with the id of the request that it serves, or the
 * global one of that, as the global id (`global_id` of oslo.context).
 */
export function tellPlacement(
  state: SimState,
  { requestId, globalRequestId }: LogContext,
  request: {
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly bytes: number;
    readonly microversion: string;
  },
): void {
  const { users, projects } = state.identity;
  const [user, project] = [users.find(named('nova')), projects.find(named('service'))];
  const { path: target, ...rest } = request;
  tellPlacementAccess(state.logs, {
    ...rest,
    target,
    context: {
      requestId: state.logs.ids.requestId(),
      globalRequestId: globalRequestId ?? requestId,
      user: user?.id,
      project: project?.id,
      userDomain: user?.domain_id,
      projectDomain: project?.domain_id,
    },
  });
}
