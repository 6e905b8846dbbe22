import { type Cloud, connect, isGroundcrewError } from '@groundcrew/core';
import {
  type FaultReply,
  hang,
  htmlPage,
  latency,
  odd,
  oddAnswers,
  reset,
  simulateCloud,
  status,
} from '@groundcrew/sim';
import { type Observes, observesOf, type Said } from './observes.ts';

// The sources of its inputs: see `sweep.test.ts`.
/** The cloud that every cell of the sweep reads, without a socket. */
const simulated = simulateCloud({ scenario: 'unhealthy' });

const ORIGIN = 'http://sim.test';

const door: typeof fetch = async (input, init) => {
  const response = await simulated.handle(new Request(input, init));
  if (response.headers.get('Content-Encoding') !== 'gzip' || response.body === null) return response;
  // What undici's fetch does with a compressed body.
  return new Response(response.body.pipeThrough(new DecompressionStream('gzip')), {
    status: response.status,
    headers: response.headers,
  });
};

/** Milliseconds of the machine's for one attempt, in the one kind of answer that never comes. */
const ATTEMPT = 25;

const client = (timeout?: number): Cloud =>
  connect({
    auth: {
      auth_url: `${ORIGIN}/identity/v3`,
      username: 'admin',
      password: simulated.state.settings.password,
      project_name: 'admin',
      user_domain_name: 'Default',
      project_domain_name: 'Default',
    },
    region_name: simulated.state.settings.region,
    fetch: door,
    clock: simulated.clock,
    random: () => 0.5,
    retries: timeout === undefined ? 1 : 0,
    ...(timeout === undefined ? {} : { timeout }),
  });

/** What may come instead of an answer: the refusals and failures of services, and every odd answer. */
export const replies: Readonly<Record<string, FaultReply>> = {
  '403': status(403),
  '404': status(404),
  '404 of a proxy': htmlPage(404),
  '429': status(429, { retryAfter: 1 }),
  '503': status(503, { retryAfter: 1 }),
  reset: reset(),
  slow: latency('10m'),
  hang: hang(),
  ...Object.fromEntries(oddAnswers.map((kind) => [kind, odd(kind)])),
};

/** An endpoint, as an observe touched it. */
export interface Endpoint {
  readonly service: string;
  readonly operation: string;
}

const shared = client();
const impatient = client(ATTEMPT);

const hosts = [...simulated.state.compute.hypervisors.values()].map(({ host }) => host);
export const observes = observesOf(hosts);

/**
 * The client that an observe reads with. A report signs in and looks for the services anew, so that their version documents
 * are among the endpoints that it touches; the others share what was found.
 */
const clientOf = (name: string, reply: string): Cloud => {
  if (reply === 'hang') return impatient;
  return name === 'readiness.collect' ? client() : shared;
};

/** A run without a fault: what it says, and which endpoints it touches. */
/** What stands in a table under this name. */
function inTable<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = Object.entries(table).find(([key]) => key === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found[1];
}

export interface CleanRun {
  readonly name: string;
  readonly observe: Observes;
  readonly said: readonly Said[];
  readonly endpoints: readonly Endpoint[];
}

export async function cleanRun(name: string): Promise<CleanRun> {
  const observe = inTable(observes, name);
  simulated.requests.clear();
  const said = await observe(clientOf(name, ''));
  const touched = simulated.requests.filter({ method: 'GET' });
  const endpoints = [
    ...new Map(touched.map(({ service, operation }) => [`${service} ${operation}`, { service, operation }])),
  ].map(([, endpoint]) => endpoint);
  // The parts of a report are swept by themselves: of it, only what is read to find the services.
  const own =
    name === 'readiness.collect' ? endpoints.filter(({ operation }) => operation === 'versions') : endpoints;
  return { name, observe, said, endpoints: own };
}

/** Longest that one observe may take on the cloud's clock: the deadline of a call, for the calls that follow each other. */
const DEADLINE = 4 * 300_000;

/** What is wrong with what an observe says while this endpoint answers so; empty if nothing is. */
export async function cell(clean: CleanRun, endpoint: Endpoint, reply: string): Promise<string[]> {
  const { name, observe } = clean;
  const fault = simulated.fault({
    match: { ...endpoint, method: 'GET' },
    reply: inTable(replies, reply),
  });
  const began = simulated.clock.now();
  let said: readonly Said[];
  try {
    said = await observe(clientOf(name, reply));
  } catch (error) {
    // An error of the family says what happened; nobody reads a verdict out of it.
    return isGroundcrewError(error) ? [] : [`outside the family: ${String(error).slice(0, 200)}`];
  } finally {
    fault.stop();
  }
  const wrong: string[] = [];
  const took = simulated.clock.now() - began;
  if (took > DEADLINE) wrong.push(`took ${took} ms`);
  // Nobody can tell half of a list, without a word of the rest, from a smaller cloud.
  if (reply === 'half') return wrong;
  return [...wrong, ...compared(clean.said, said)];
}

/** What `control-characters` puts behind names, raw and as `visible` shows it. */
const UNRULY = [
  '\u001B[2J\u001B]0;title\u0007\u0000\u202E\uD800',
  String.raw`\x1b[2J\x1b]0;title\x07\x00\u202e\ud800`,
];

/**
 * Without what differs between two runs and is no evidence: moments, since the clock goes on; the id of a project whose name is
 * not told; what was put behind names.
 */
function plain(text: string): string {
  let result = text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z?|"heartbeat":\d+/g, '(moment)');
  for (const unruly of UNRULY)
    result = result.replaceAll(unruly, '').replaceAll(JSON.stringify(unruly).slice(1, -1), '');
  for (const { id, name } of simulated.state.identity.projects.values()) result = result.replaceAll(id, name);
  return result;
}

const cleared = (said: readonly Said[]): Said[] =>
  said.map(({ key, verdict, title, evidence }) => ({
    key: plain(key),
    verdict,
    title: plain(title),
    evidence: plain(evidence),
  }));

/** What a run with a fault says that it may not say, beside the clean one. */
export function compared(before: readonly Said[], after: readonly Said[]): string[] {
  const wrong: string[] = [];
  const [clean, said] = [cleared(before), cleared(after)];
  const known = new Map(clean.map((claim) => [claim.key, claim]));
  // Something that was not unknown before: the run says itself that it did not see all.
  const isTold = said.some(
    ({ key, verdict }) => verdict === 'unknown' && known.get(key)?.verdict !== 'unknown',
  );
  for (const { key, verdict, title, evidence } of said) {
    if (verdict !== 'pass') continue;
    const was = known.get(key);
    const claim = `${key}: ${title.slice(0, 160)}`;
    if (was?.verdict !== 'pass') wrong.push(`passes and was ${was?.verdict ?? 'not there'}: ${claim}`);
    // A title says what was looked at: over fewer things, it is another.
    else if (was.title !== title)
      wrong.push(`passes over something else: ${claim}; it was: ${was.title.slice(0, 160)}`);
    else if (was.evidence !== evidence && !isTold)
      wrong.push(`passes on other evidence, and nothing is unknown: ${claim}: ${evidence.slice(0, 160)}`);
  }
  const there = new Set(said.map(({ key }) => key));
  const gone = clean.filter(({ key, verdict }) => verdict !== 'unknown' && !there.has(key));
  if (gone.length > 0 && !isTold) wrong.push(`${gone.length} are gone without a word: ${gone[0]?.key}`);
  return wrong;
}
