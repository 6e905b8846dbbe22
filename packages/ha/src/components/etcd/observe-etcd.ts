import { type CheckOptions, Partly, unread, UnreadError } from '../../probing/ask.ts';
import { type Gap, type Observed, Secret } from '@groundcrew/core';
import * as z from 'zod';
import { type ComponentObserver, observeOne, type ReadingOptions } from '../component-observer.ts';
import { below, webAddress } from '../../probing/address.ts';
import { httpGet, jsonOf } from '../../probing/http-get.ts';

const EtcdTarget = z.strictObject({
  /** The address of one member: `http://etcd-1:2379`. */
  url: webAddress,
  /** PEM: the authority to trust, and the client's certificate and key. */
  ca: z.string().min(1).optional(),
  cert: z.string().min(1).optional(),
  key: z.instanceof(Secret).optional(),
});

export interface EtcdTarget extends Readonly<z.input<typeof EtcdTarget>> {}

export interface EtcdMember {
  /** A decimal number, as etcd's gateway writes it. */
  readonly id: string;
  /** Empty until it has started for the first time. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  /** It receives data and has no vote yet. */
  readonly learner: boolean;
}

/** A member's view of its cluster. */
export interface EtcdStatus {
  readonly url: string;
  readonly version: string;
  readonly clusterId: string;
  readonly memberId: string;
  /** Member id; `undefined` while there is none, and so no writing. */
  readonly leader: string | undefined;
  readonly term: number | undefined;
  /** Bytes. */
  readonly dbSize: number | undefined;
  readonly learner: boolean;
  /** Errors that the member reports of itself: `etcdserver: no leader`. */
  readonly errors: readonly string[];
  /** The answer of `/health`: `true` says that there is a leader and no alarm. */
  readonly healthy: boolean | undefined;
  readonly members: readonly EtcdMember[] | undefined;
  /** `NOSPACE`, `CORRUPT`: with the member that raised it. */
  readonly alarms: readonly { readonly member: string; readonly alarm: string }[] | undefined;
}

type Target = z.output<typeof EtcdTarget>;

const sourceOf = ({ url }: Target): string => `etcd ${new URL(url).host}`;

async function readMember(target: Target, { signal }: ReadingOptions): Promise<Partly<EtcdStatus>> {
  const { url, ca, cert, key } = target;
  const source = sourceOf(target);
  const tls = { ca, cert, key, signal };
  const post = async <T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> =>
    schema.parse(jsonOf(path, await httpGet(below(url, path), { ...tls, post: body })));
  const status = await post('v3/maintenance/status', {}, Status);
  const gaps: Gap[] = [];
  const maybe = async <T>(what: string, reading: Promise<T>): Promise<T | undefined> => {
    try {
      return await reading;
    } catch (error) {
      gaps.push(unread(`${source} ${what}`, signal.aborted ? signal.reason : error));
      return undefined;
    }
  };
  const [health, members, alarms] = await Promise.all([
    maybe('health', healthOf(below(url, 'health'), tls)),
    maybe('members', post('v3/cluster/member/list', {}, MemberList)),
    maybe('alarms', post('v3/maintenance/alarm', { action: 'GET' }, AlarmList)),
  ]);
  const value: EtcdStatus = {
    url,
    version: status.version,
    clusterId: status.header.cluster_id,
    memberId: status.header.member_id,
    leader: status.leader === '0' || status.leader === undefined ? undefined : status.leader,
    term: number(status.raftTerm),
    dbSize: number(status.dbSize),
    learner: status.isLearner,
    errors: status.errors,
    healthy: health,
    members: members?.members,
    alarms: alarms?.alarms,
  };
  return new Partly(value, gaps);
}

/** The observer of members of etcd. */
export const etcdObserver: ComponentObserver<'etcd', EtcdTarget, EtcdStatus> = {
  key: 'etcd',
  target: EtcdTarget,
  source: sourceOf,
  observe: readMember,
  unseen: { means: 'How many members etcd can spare is not known' },
};

/**
 * Asks one member of etcd (3.4 or later) over its JSON gateway.
 *
 * @throws InputError
 */
export async function observeEtcd(
  target: EtcdTarget,
  options: CheckOptions = {},
): Promise<Observed<EtcdStatus | undefined>> {
  return observeOne('observeEtcd', etcdObserver, target, options);
}

type HealthOptions = Parameters<typeof httpGet>[1];

/** 503 with `"health": "false"` is an answer, too; etcd knows no third word (server/etcdserver/api/etcdhttp). */
async function healthOf(url: URL, options: HealthOptions): Promise<boolean> {
  const answer = await httpGet(url, options);
  const { health } = Health.parse(
    jsonOf('health', answer.status === 503 ? { ...answer, status: 200 } : answer),
  );
  if (health === true || health === 'true') return true;
  if (health === false || health === 'false') return false;
  throw new UnreadError('cut', 'health is neither true nor false');
}

const number = (value: string | undefined): number | undefined => {
  const parsed = Number(value ?? Number.NaN);
  return Number.isFinite(parsed) ? parsed : undefined;
};

/**
 * The gateway writes 64-bit numbers as text, and leaves out what is zero, false or empty (proto3's mapping to JSON, as
 * etcd's grpc-gateway has it): so the defaults here are what is meant. Of a status and of members the header must be there, or the answer is
 * not of etcd (api/etcdserverpb/rpc.proto, `ResponseHeader`).
 */
const Id = z.union([z.string(), z.number().transform(String)]);
const Header = z.looseObject({ cluster_id: Id, member_id: Id });
const Status = z.looseObject({
  header: Header,
  version: z.string(),
  leader: Id.optional(),
  raftTerm: Id.optional(),
  dbSize: Id.optional(),
  isLearner: z.boolean().default(false),
  errors: z.array(z.string()).default([]),
});
const Health = z.looseObject({ health: z.union([z.string(), z.boolean()]) });
const Member = z
  .looseObject({
    ID: Id.default('0'),
    name: z.string().default(''),
    peerURLs: z.array(z.string()).default([]),
    isLearner: z.boolean().default(false),
  })
  .transform((member): EtcdMember => ({
    id: member.ID,
    name: member.name,
    peerUrls: member.peerURLs,
    learner: member.isLearner,
  }));
const MemberList = z.looseObject({ header: Header, members: z.array(Member) });
const Alarm = z
  .looseObject({ memberID: Id.default('0'), alarm: z.string().default('NONE') })
  .transform((alarm) => ({ member: alarm.memberID, alarm: alarm.alarm }));
/** etcd 3.4 answers `{}` where there is no alarm, without a header: so what has anything else in it is not of etcd. */
const AlarmList = z.strictObject({ header: Header.optional(), alarms: z.array(Alarm).default([]) });
