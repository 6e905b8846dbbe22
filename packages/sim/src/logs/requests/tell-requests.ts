import type { Answer } from '../../answer.ts';
import type { Dispatched } from '../../request/dispatch.ts';
import { refusalOf } from '../../request/write-answer.ts';
import type { Token } from '../../services/identity/state.ts';
import { validToken } from '../../services/identity/valid-token.ts';
import type { SimState } from '../../sim-state.ts';
import type { LogContext } from '../log-entry.ts';
import { cinderTelling } from './cinder.ts';
import { glanceTelling } from './glance.ts';
import { keystoneTelling } from './keystone.ts';
import { neutronTelling } from './neutron.ts';
import { novaTelling } from './nova.ts';
import { placementTelling } from './placement.ts';
import type { RequestTelling, ToldRequest } from './told-request.ts';

/** By the names of the services' records. Masakari and Octavia write none here. */
const TELLINGS: Readonly<Record<string, RequestTelling>> = {
  blockStorage: cinderTelling,
  compute: novaTelling,
  identity: keystoneTelling,
  image: glanceTelling,
  network: neutronTelling,
  placement: placementTelling,
};

/** Logs one request in its service. */
interface RequestLogging {
  /** The service has received it. */
  begin(): void;
  /** The service has answered, whether or not its answer arrives. */
  end(answer: Answer): void;
}

/** What logs a request; `undefined` if its service logs nothing. */
export function requestLogging(
  state: SimState,
  request: Request,
  url: URL,
  requestId: string,
  found: Dispatched,
): RequestLogging | undefined {
  const { service } = found;
  const telling = service === undefined ? undefined : TELLINGS[service.spec.name];
  if (service === undefined || telling === undefined) return undefined;
  const token = validToken(state, request.headers.get('X-Auth-Token'));
  const context = contextOf(requestId, token, globalIdOf(request, service.spec.name));
  // Only what changes something goes on after its answer.
  if (request.method !== 'GET' && request.method !== 'HEAD') state.logs.remember(context);
  const told: ToldRequest = {
    state,
    request,
    method: request.method,
    path: url.pathname.slice(service.prefix.length) || '/',
    query: url.search,
    origin: url.origin,
    operation: found.operation,
    microversion: found.microversion,
    isKnown: found.known,
    body: found.body,
    context,
    began: state.clock.now(),
  };
  return {
    begin: () => telling.begin?.(told),
    end: (answer) => telling.end(told, { answer, fault: refusalOf(answer) }),
  };
}

function contextOf(
  requestId: string,
  token: Token | undefined,
  globalRequestId: string | undefined,
): LogContext {
  if (token === undefined) return { requestId, globalRequestId };
  return {
    requestId,
    globalRequestId,
    user: token.user.id,
    project: token.project?.id,
    domain: token.domain?.id,
    isSystem: token.system,
    userDomain: token.user.domain_id,
    projectDomain: token.project?.domain_id,
  };
}

/** What is no id is passed over (`ID_FORMAT` of oslo.middleware). Glance takes a client's id for its own instead. */
function globalIdOf({ headers }: Request, service: string): string | undefined {
  const sent = headers.get('X-OpenStack-Request-ID');
  return sent !== null && service !== 'image' && ID.test(sent) ? sent : undefined;
}

const ID = /^req-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}$/;
