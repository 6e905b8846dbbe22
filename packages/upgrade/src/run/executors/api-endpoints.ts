import { aFunction } from '@groundcrew/ground';
import type { Refusal, StepContext } from '@groundcrew/runbook';
import { z } from 'zod';
import { recipeOf } from '../recipes.ts';

/** Where APIs are asked, once they were restarted. */
export interface ApiEndpoints {
  /**
   * The address of an API on one of its hosts, not that of the balancer: `` { 'nova-api': (host) => `http://${host}:8774/` } ``. A
   * version document is enough, and needs no token: 2xx, 300 and 401 are answers. Apache's own 404, and 5xx of what it could not load,
   * are none.
   *
   * @default a plan that restarts an API is not carried out
   */
  readonly endpoints?:
    | { readonly [component: string]: (host: string) => string | Promise<string> }
    | undefined;
  /** Asks them: one of one's own knows their authority. @default the global one */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** Parts of the schema of an executor's options. */
export const endpointsShape = {
  endpoints: z.record(z.string(), aFunction).optional(),
  fetch: aFunction.optional(),
};

interface At {
  readonly host: string;
  readonly components: readonly string[];
}

/** With a refused connection that is two minutes: an API of OpenStack loads for half a minute on a busy host. */
const ASKS = 120;
const PAUSE = 1_000;
const ANSWER_WITHIN = 10_000;

const isApi = (component: string): boolean => recipeOf(component)?.apis.includes(component) ?? false;

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
  { endpoints = {}, fetch = globalThis.fetch }: ApiEndpoints,
  { clock, signal }: StepContext,
): Promise<readonly string[]> {
  const silent: string[] = [];
  for (const component of components) {
    const endpoint = endpoints[component];
    if (endpoint === undefined) continue;
    const url = await endpoint(host);
    let said = await failureOf(url, { fetch, signal });
    for (let asked = 1; asked < ASKS && said !== undefined; asked += 1) {
      await clock.sleep(PAUSE, signal);
      said = await failureOf(url, { fetch, signal });
    }
    if (said !== undefined) silent.push(`${component} (${url}: ${said})`);
  }
  return silent;
}

/** 300: a list of versions. Another redirection may be a proxy's, before any application. */
const isAnswer = (status: number): boolean => (status >= 200 && status <= 300) || status === 401;

async function failureOf(
  url: string,
  { fetch, signal }: { readonly fetch: typeof globalThis.fetch; readonly signal: AbortSignal },
): Promise<string | undefined> {
  try {
    const { status, body } = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN)]),
    });
    await body?.cancel();
    return isAnswer(status) ? undefined : `HTTP ${status}`;
  } catch (error) {
    signal.throwIfAborted();
    const { cause } = error as Error;
    return String(cause instanceof Error ? cause.message : error);
  }
}
