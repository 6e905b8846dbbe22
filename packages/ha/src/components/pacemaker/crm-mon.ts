import { UnreadError } from '../../probing/ask.ts';
import type { XmlPackage } from '../../probing/xml-package.ts';

export interface PacemakerNode {
  readonly name: string;
  readonly online: boolean;
  /** `undefined` if it is not told. */
  readonly standby: boolean | undefined;
  readonly maintenance: boolean;
  /** It is neither member nor off for sure: nothing it held is started elsewhere before it is fenced. */
  readonly unclean: boolean;
  /** Joining. */
  readonly pending: boolean;
  /** `member`; of pacemaker_remote `remote` or `guest`, which have no vote. */
  readonly type: string;
  readonly resources: number | undefined;
}

export interface PacemakerResource {
  readonly id: string;
  /** `ocf:heartbeat:IPaddr2`, `systemd:haproxy`, `stonith:fence_ipmilan`. */
  readonly agent: string;
  /** `Started`, `Stopped`, `Promoted`, … */
  readonly role: string;
  /** The role that is configured (`target-role`): `Stopped` switches it off; `undefined` if none is. */
  readonly targetRole?: string | undefined;
  /** It is no longer configured, and still there. */
  readonly orphaned?: boolean | undefined;
  readonly active: boolean;
  readonly managed: boolean;
  readonly failed: boolean;
  readonly blocked: boolean;
  readonly nodes: readonly string[];
  /** The clone, group or bundle that it belongs to. */
  readonly within: string | undefined;
}

export interface PacemakerFailure {
  readonly operation: string;
  readonly node: string;
  /** `not running`, and the agent's own words. */
  readonly because: string;
  readonly at: string | undefined;
}

export interface PacemakerStatus {
  /** The host that was asked. */
  readonly host: string;
  /** Empty while there is no designated coordinator. */
  readonly version: string;
  /** The node that decides; `undefined` while none does. */
  readonly coordinator: string | undefined;
  /** `true` if the coordinator's partition has quorum; `undefined` without a coordinator. */
  readonly quorum: boolean | undefined;
  /** `undefined` if it is not told. */
  readonly stonith: boolean | undefined;
  /** `stop`, `freeze`, `ignore`, `suicide`, `demote`. */
  readonly noQuorumPolicy: string | undefined;
  readonly maintenance: boolean | undefined;
  /** `stop-all-resources`: nothing runs, by somebody's wish. Not told before 2.0.3. */
  readonly stopAll?: boolean | undefined;
  readonly nodes: readonly PacemakerNode[];
  readonly resources: readonly PacemakerResource[];
  readonly failures: readonly PacemakerFailure[];
}

interface Element {
  readonly [name: string]: string | Element | readonly (string | Element)[];
}

/**
 * Reads what `crm_mon --output-as=xml` printed.
 *
 * @throws UnreadError if it is no XML, cut off, something else, or crm_mon saying that there is no cluster; it says so
 *   with exit code 0, too
 */
export function crmMon(xmlPackage: XmlPackage, host: string, xml: string): PacemakerStatus {
  if (xml.includes('<!DOCTYPE'))
    throw new UnreadError('cut', 'XML with a document type, which crm_mon does not write');
  if (xml.trim() === '') throw new UnreadError('cut', 'crm_mon printed nothing');
  const valid = xmlPackage.XMLValidator.validate(xml);
  if (valid !== true)
    throw new UnreadError('cut', `no well-formed XML: ${valid.err.msg}, line ${valid.err.line}`);
  const parsed = elementOf(xmlPackage, xml);
  // Before 2.1 the same content is in <crm_mon>.
  const [root] = [...elements(parsed, 'pacemaker-result'), ...elements(parsed, 'crm_mon')];
  if (root === undefined) throw new UnreadError('cut', 'XML, but not that of crm_mon');
  const [summary] = elements(root, 'summary');
  const [nodes] = elements(root, 'nodes');
  if (summary === undefined || nodes === undefined)
    throw new UnreadError('failed', saidOf(root), {
      remedy: 'Start corosync and Pacemaker there, or ask a node on which they run.',
    });
  // All versions list resources that are stopped in XML, too; the count says whether the list is there at all.
  const resources = elements(root, 'resources').flatMap((listed) => resourcesIn(listed, undefined));
  const [configured] = elements(summary, 'resources_configured');
  if (resources.length === 0 && text(configured, 'number') !== '0')
    throw new UnreadError('cut', 'crm_mon listed no resources, and did not say that there are none');
  const [dc] = elements(summary, 'current_dc');
  const present = flag(dc, 'present');
  // All versions write it, `false` while nobody coordinates (crm_mon's `print_cluster_dc`, `dc_xml`).
  if (present === undefined)
    throw new UnreadError('cut', 'crm_mon does not tell whether a node coordinates the cluster');
  const [options] = elements(summary, 'cluster_options');
  return {
    host,
    version: (present ? text(dc, 'version') : undefined) ?? '',
    coordinator: present ? text(dc, 'name') : undefined,
    quorum: present ? flag(dc, 'with_quorum') : undefined,
    stonith: flag(options, 'stonith-enabled'),
    noQuorumPolicy: text(options, 'no-quorum-policy'),
    maintenance: flag(options, 'maintenance-mode'),
    stopAll: flag(options, 'stop-all-resources'),
    nodes: elements(nodes, 'node').map(nodeOf),
    resources,
    // The section is left out when there are none.
    failures: elements(root, 'failures').flatMap((failed) => elements(failed, 'failure').map(failureOf)),
  };
}

/** The parser throws at a few texts that its own validator lets pass (`<:/`). */
function elementOf({ XMLParser }: XmlPackage, xml: string): Element {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    parseTagValue: false,
  });
  try {
    return parser.parse(xml) as Element;
  } catch (cause) {
    throw new UnreadError('cut', `no XML that can be read: ${(cause as Error).message}`, { cause });
  }
}

/** `online` and `unclean` are told by every version since 1.0; without them nothing is known of a node. */
function nodeOf(node: Element): PacemakerNode {
  const name = text(node, 'name') ?? text(node, 'id') ?? '?';
  const [online, unclean] = [flag(node, 'online'), flag(node, 'unclean')];
  if (online === undefined || unclean === undefined)
    throw new UnreadError('cut', `crm_mon does not tell whether node ${name} is online`);
  return {
    name,
    online,
    standby: flag(node, 'standby_onfail') === true ? true : flag(node, 'standby'),
    maintenance: flag(node, 'maintenance') === true,
    unclean,
    pending: flag(node, 'pending') === true,
    // Told since pacemaker_remote came (1.1.10); before it there were only members.
    type: text(node, 'type') ?? 'member',
    resources: whole(text(node, 'resources_running')),
  };
}

/**
 * The flags that every version tells of a resource, 1.1.12 as 2.1 (`native_print_xml`, later `pe__resource_xml`, in
 * lib/pengine/native.c): without them nothing is known of it. 1.1.12 does not tell `blocked`; what is blocked there is not
 * managed.
 */
function stateOf(resource: Element): Pick<PacemakerResource, 'active' | 'managed' | 'failed' | 'blocked'> {
  const [active, managed, failed] = [
    flag(resource, 'active'),
    flag(resource, 'managed'),
    flag(resource, 'failed'),
  ];
  if (active === undefined || managed === undefined || failed === undefined)
    throw new UnreadError(
      'cut',
      `crm_mon does not tell the state of resource ${text(resource, 'id') ?? '?'}`,
    );
  return { active, managed, failed, blocked: flag(resource, 'blocked') === true };
}

/** Clones hold groups, groups hold resources, bundles hold replicas that hold resources. */
function resourcesIn(holder: Element, within: string | undefined, depth = 0): PacemakerResource[] {
  if (depth > 8) throw new UnreadError('cut', 'crm_mon nests resources deeper than any cluster does');
  const own = elements(holder, 'resource').map((resource): PacemakerResource => ({
    id: text(resource, 'id') ?? '?',
    agent: text(resource, 'resource_agent') ?? '?',
    role: text(resource, 'role') ?? '?',
    targetRole: text(resource, 'target_role'),
    orphaned: flag(resource, 'orphaned') ?? flag(resource, 'orphan'),
    ...stateOf(resource),
    nodes: elements(resource, 'node').flatMap((node) => text(node, 'name') ?? []),
    within,
  }));
  const inner = ['clone', 'group', 'bundle', 'replica'].flatMap((kind) =>
    elements(holder, kind).flatMap((nested) =>
      resourcesIn(nested, within ?? (kind === 'replica' ? undefined : text(nested, 'id')), depth + 1),
    ),
  );
  return [...own, ...inner];
}

function failureOf(failure: Element): PacemakerFailure {
  const words = [text(failure, 'exitstatus'), text(failure, 'exitreason')].filter(
    (word) => word !== undefined,
  );
  return {
    operation: text(failure, 'op_key') ?? text(failure, 'task') ?? text(failure, 'id') ?? '?',
    node: text(failure, 'node') ?? '?',
    because: words.join(': ') || 'no reason given',
    at: text(failure, 'last-rc-change'),
  };
}

function saidOf(root: Element): string {
  const [status] = elements(root, 'status');
  const errors =
    status === undefined ? [] : elements(status, 'errors').flatMap((list) => texts(list, 'error'));
  const message = text(status, 'message');
  return (
    [message === 'OK' ? undefined : message, ...errors].filter((word) => word !== undefined).join('; ') ||
    'crm_mon shows no cluster'
  );
}

function values(element: Element, name: string): readonly (string | Element)[] {
  const value = Object.hasOwn(element, name) ? element[name] : undefined;
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly (string | Element)[]) : [value as string | Element];
}

/** An element without attributes and children is parsed as empty text. */
const elements = (element: Element, name: string): Element[] =>
  values(element, name).map((value) => (typeof value === 'string' ? {} : value));

const texts = (element: Element, name: string): string[] =>
  values(element, name).flatMap((value) =>
    typeof value === 'string' ? value : (text(value, '#text') ?? []),
  );

function text(element: Element | undefined, name: string): string | undefined {
  const value = element !== undefined && Object.hasOwn(element, name) ? element[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function flag(element: Element | undefined, name: string): boolean | undefined {
  const value = text(element, name);
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function whole(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}
