import { aFunction, messageOf } from '@groundcrew/ground';
import { httpProbe, type Probe } from '@groundcrew/monitoring';
import type { Refusal, StepContext } from '@groundcrew/runbook';
import { z } from 'zod';
import { recipeOf } from '../recipes.ts';

/** Where APIs are asked, once they were restarted. */
export interface ApiEndpoints {
  /**
   * The address of an API on one of its hosts, not that of the balancer: `` { 'nova-api': (host) => `http://${host}:8774/` } ``. A
   * version document is enough, and needs no token: 2xx, 300 and 401 are answers. Apache's own 404, and 5xx of what it could not load,
   * are none. Where more is to be said, as an authority of one's own, it is a probe:
   * `` (host) => httpProbe(`https://${host}:8774/`, { ca, expect: (status) => status === 200 }) ``. A component that is no API may have one,
   * too, as a console proxy of which nobody keeps a record.
   *
   * @default a plan that restarts an API is not carried out
   */
  readonly endpoints?: { readonly [component: string]: (host: string) => ApiEndpoint } | undefined;
}

/** An address, or a probe of it. */
export type ApiEndpoint = string | Probe | Promise<string | Probe>;

/** Parts of the schema of an executor's options. */
export const endpointsShape = { endpoints: z.record(z.string(), aFunction).optional() };

interface At {
  readonly host: string;
  readonly components: readonly string[];
}

/** With a refused connection that is two minutes: an API of OpenStack loads for half a minute on a busy host. */
const ASKS = 120;
const PAUSE = 1_000;
const ANSWER_WITHIN = 10_000;

/** Whether a component is asked for an answer; the others are asked for, if anybody knows of them. */
export const isApi = (component: string): boolean => recipeOf(component)?.apis.includes(component) ?? false;

/** Nobody can tell of an API that it serves, if nobody knows where. */
export function unknownEndpoints(
  { host, components }: At,
  { endpoints = {} }: ApiEndpoints,
): Refusal | undefined {
  const unknown = components.filter((name) => isApi(name) && endpoints[name] === undefined);
  const [first] = unknown;
  if (first === undefined) return undefined;
  return {
    code: 'upgrade.no-endpoint',
    reason: `nobody has said where ${unknown.join(', ')} on ${host} can be asked, and a process that runs is no API that answers`,
    remedy: `Give commandExecutor \`endpoints: { '${first}': (host) => 'http://…' }\`.`,
  };
}

/** Asks APIs until they answer. Told is which of them do not, and what they said last. */
export async function silentApis(
  { host, components }: At,
  { endpoints = {} }: ApiEndpoints,
  { clock, signal }: StepContext,
): Promise<readonly string[]> {
  const silent: string[] = [];
  for (const component of components) {
    const endpoint = await endpoints[component]?.(host);
    if (endpoint === undefined) continue;
    const probe = typeof endpoint === 'string' ? httpProbe(endpoint, { expect: isAnswer }) : endpoint;
    let said = await failureOf(probe, signal);
    for (let asked = 1; asked < ASKS && said !== undefined; asked += 1) {
      await clock.sleep(PAUSE, signal);
      said = await failureOf(probe, signal);
    }
    const where = typeof endpoint === 'string' ? `${endpoint}: ` : '';
    if (said !== undefined) silent.push(`${component} (${where}${said})`);
  }
  return silent;
}

/** 300: a list of versions. Another redirection may be a proxy's, before any application. */
const isAnswer = (status: number): boolean => (status >= 200 && status <= 300) || status === 401;

async function failureOf(probe: Probe, signal: AbortSignal): Promise<string | undefined> {
  try {
    const answer = await probe(AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN)]));
    return answer.ok ? undefined : answer.error;
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error);
  }
}
