import { type CheckOptions, Partly, unread, UnreadError } from '../../probing/ask.ts';
import { type Gap, type Observed, Secret } from '@groundcrew/core';
import * as z from 'zod';
import { type ComponentObserver, observeOne, type ReadingOptions } from '../component-observer.ts';
import { below, webAddress } from '../../probing/address.ts';
import { type HttpAnswer, httpGet, jsonOf } from '../../probing/http-get.ts';
import { OldQueue, Queue, type RabbitQueue } from './rabbit-queue.ts';

const RabbitTarget = z.strictObject({
  /** The address of the management plugin: `http://rabbit-1:15672`. */
  url: webAddress,
  user: z.string().min(1),
  password: z.instanceof(Secret),
  /** Certificates in PEM that are trusted instead of the system's. */
  ca: z.string().min(1).optional(),
});

/** One node of RabbitMQ, by its management API. */
export interface RabbitTarget extends Readonly<z.input<typeof RabbitTarget>> {}

/** One node of a cluster. */
export interface RabbitNode {
  readonly name: string;
  readonly running: boolean;
  /**
   * Nodes that it was parted from and has not joined since: a split brain that somebody must end. `undefined` of a node that
   * does not run, and where the management plugin keeps no statistics (`management_agent.disable_metrics_collector`).
   */
  readonly partitions: readonly string[] | undefined;
  /** `undefined` of a node that does not run. */
  readonly memoryAlarm: boolean | undefined;
  readonly diskAlarm: boolean | undefined;
  /** `true` if it is in maintenance mode. */
  readonly drained: boolean | undefined;
  readonly uptimeMs: number | undefined;
}

/** The answer of one of the health checks. */
export interface RabbitHealth {
  readonly ok: boolean;
  readonly reason: string | undefined;
}

/** A RabbitMQ cluster, as one of its nodes sees it. */
export interface RabbitCluster {
  readonly url: string;
  /** The node that answered. */
  readonly node: string;
  readonly clusterName: string | undefined;
  readonly version: string;
  readonly erlang: string | undefined;
  readonly nodes: readonly RabbitNode[];
  /** `undefined` if they could not be listed. */
  readonly queues: readonly RabbitQueue[] | undefined;
  /** Alarms anywhere in the cluster. */
  readonly alarms: RabbitHealth | undefined;
  /** Alarms of the node that answered. */
  readonly localAlarms: RabbitHealth | undefined;
  /** RabbitMQ's check whether queues would lose their majority without the node that answered: `ok` means that none would. */
  readonly quorumCritical: RabbitHealth | undefined;
  /** Feature flags that are not enabled: the next release may demand them. */
  readonly disabledFeatures: readonly string[] | undefined;
}

type Target = z.output<typeof RabbitTarget>;

const sourceOf = ({ url }: Target): string => `rabbitmq ${new URL(url).host}`;

async function readCluster(target: Target, { signal }: ReadingOptions): Promise<Partly<RabbitCluster>> {
  const { url, user, password, ca } = target;
  const source = sourceOf(target);
  const get = (path: string): Promise<HttpAnswer> =>
    httpGet(below(url, path), { user, password, ca, signal });
  const json = async <T>(path: string, schema: z.ZodType<T>): Promise<T> =>
    schema.parse(jsonOf(path, await get(path)));
  const overview = await json('api/overview', Overview);
  const nodes = await json('api/nodes', z.array(Node));
  const gaps: Gap[] = [];
  const maybe = async <T>(what: string, reading: Promise<T>): Promise<T | undefined> => {
    try {
      return await reading;
    } catch (error) {
      // At the deadline what is there already counts, and the rest is missing.
      gaps.push(unread(`${source} ${what}`, signal.aborted ? signal.reason : error));
      return undefined;
    }
  };
  const health = (name: string): Promise<RabbitHealth | undefined> =>
    maybe(name, healthOf(get, `api/health/checks/${name}`));
  const [queues, alarms, localAlarms, quorumCritical, flags] = await Promise.all([
    maybe('queues', queuesOf(json, overview.rabbitmq_version)),
    health('alarms'),
    health('local-alarms'),
    health('node-is-quorum-critical'),
    maybe('feature flags', json('api/feature-flags', z.array(Flag))),
  ]);
  const value: RabbitCluster = {
    url,
    node: overview.node,
    clusterName: overview.cluster_name,
    version: overview.rabbitmq_version,
    erlang: overview.erlang_version,
    nodes,
    queues,
    alarms,
    localAlarms,
    quorumCritical,
    disabledFeatures: flags?.filter((flag) => flag.state !== 'enabled').map((flag) => flag.name),
  };
  return new Partly(value, gaps);
}

/** The observer of nodes of RabbitMQ. */
export const rabbitObserver: ComponentObserver<'rabbit', RabbitTarget, RabbitCluster> = {
  key: 'rabbit',
  target: RabbitTarget,
  source: sourceOf,
  observe: readCluster,
  unseen: { severity: 'critical', means: 'How RabbitMQ stands is not known' },
};

/**
 * Asks one node of RabbitMQ over its management API. The user needs the tag `monitoring`; whatever else it is not
 * shown becomes a gap beside the rest.
 *
 * @throws InputError
 * @example
 * const { value } = await observeRabbit({ url: 'http://rabbit-1:15672', user: 'monitor', password });
 * value?.nodes.filter((node) => node.partitions.length > 0);
 */
export async function observeRabbit(
  target: RabbitTarget,
  options: CheckOptions = {},
): Promise<Observed<RabbitCluster | undefined>> {
  return observeOne('observeRabbit', rabbitObserver, target, options);
}

const Overview = z.looseObject({
  rabbitmq_version: z.string(),
  erlang_version: z.string().optional(),
  cluster_name: z.string().optional(),
  node: z.string(),
});

const Node = z
  .looseObject({
    name: z.string(),
    running: z.boolean(),
    // Missing, and the alarms too, without statistics: rabbitmq-server issue 8556.
    partitions: z.array(z.string()).optional().catch(undefined),
    mem_alarm: z.boolean().optional().catch(undefined),
    disk_free_alarm: z.boolean().optional().catch(undefined),
    being_drained: z.boolean().optional().catch(undefined),
    uptime: z.number().optional().catch(undefined),
  })
  .transform((node): RabbitNode => ({
    name: node.name,
    running: node.running,
    partitions: node.partitions,
    memoryAlarm: node.mem_alarm,
    diskAlarm: node.disk_free_alarm,
    drained: node.being_drained,
    uptimeMs: node.uptime,
  }));

const Flag = z.looseObject({ name: z.string(), state: z.string() });
const pageOf = (queue: z.ZodType<RabbitQueue>) =>
  z.looseObject({ items: z.array(queue), page_count: z.number() });
const QueuePage = pageOf(Queue);
const OldQueuePage = pageOf(OldQueue);
/** From 3.8 on every queue tells its type: one that does not is no classic queue for that. */
const isBeforeTypes = (version: string): boolean => /^(?:[0-2]\.|3\.[0-7](?:\D|$))/.test(version);

/** The management plugin's largest page. */
const PAGE = 500;
const MOST_PAGES = 400;

/** All queues, without statistics: with them, listing loads the brokers of a large cloud for minutes. */
async function queuesOf(
  json: <T>(path: string, schema: z.ZodType<T>) => Promise<T>,
  version: string,
): Promise<RabbitQueue[]> {
  const schema = isBeforeTypes(version) ? OldQueuePage : QueuePage;
  const queues: RabbitQueue[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { items, page_count } = await json(
      `api/queues?page=${page}&page_size=${PAGE}&sort=name&disable_stats=true`,
      schema,
    );
    queues.push(...items);
    if (page >= page_count) return queues;
  }
  throw new UnreadError('cut', `more than ${MOST_PAGES * PAGE} queues`);
}

/** A failed check answers 503, with the reason: an answer, too. */
async function healthOf(get: (path: string) => Promise<HttpAnswer>, path: string): Promise<RabbitHealth> {
  const answer = await get(path);
  const { status, reason } = Health.parse(
    jsonOf(path, answer.status === 503 ? { ...answer, status: 200 } : answer),
  );
  // A proxy's 200, or its 503, is not the broker's word.
  if (answer.status === 200 ? status !== 'ok' : status !== 'failed')
    throw new UnreadError('cut', `${path} answered ${answer.status} with the status ${status}`);
  return { ok: status === 'ok', reason };
}

const Health = z.looseObject({ status: z.string(), reason: z.string().optional().catch(undefined) });
