import { type Finding, messageOf, milliseconds } from '@groundcrew/ground';
import { isExposure } from '../security-groups/findings/exposure-finding.ts';
import type { RuleEdit } from '../security-groups/remediation/rule-edit.ts';
import { type Notice, noticeKey } from './notice-book.ts';
import { type ResponsePolicy, responsesTo } from './policy.ts';
import { byBlastRadius, type Response, type ResponseKind } from './response.ts';

/** A thing that a response acts on. */
export interface ResponseTarget {
  readonly kind: 'server' | 'port' | 'security group' | 'image' | 'user' | 'project' | 'channel';
  readonly id: string;
  /** For a port: the device that it was judged by. */
  readonly device?: string | undefined;
  /** For a server: the ports that it was judged by. */
  readonly ports?: readonly string[] | undefined;
}

/** A response that is due now: to one thing, for some findings. */
export interface DueResponse {
  readonly response: Exclude<Response, { do: 'after' }>;
  readonly target: ResponseTarget;
  readonly findings: readonly Finding[];
  readonly edits?: readonly RuleEdit[] | undefined;
}

/** A response that becomes due when its deadline is over, if the finding still stands. */
export interface PendingResponse {
  readonly finding: Finding;
  readonly response: Response;
  /** The time when it becomes due; `undefined` while nobody was told. */
  readonly at: string | undefined;
}

/** A response that cannot be carried out, since it does not fit the finding's subject. */
export interface MisfitResponse {
  readonly finding: Finding;
  readonly response: Response;
  readonly why: string;
}

export interface ResponseDecision {
  readonly due: readonly DueResponse[];
  readonly pending: readonly PendingResponse[];
  readonly misfits: readonly MisfitResponse[];
}

/** The responses that change nothing. */
const HARMLESS: ReadonlySet<ResponseKind> = new Set(['notify', 'tag']);

/**
 * Decides which responses follow from findings by a policy, now. Pure. Only failures are acted upon; what several
 * findings want of one thing is done once, and the strongest of it.
 */
export function decideResponses(
  findings: readonly Finding[],
  policy: ResponsePolicy,
  notices: readonly Notice[],
  now: number,
): ResponseDecision {
  const pending: PendingResponse[] = [];
  const misfits: MisfitResponse[] = [];
  const due: DueResponse[] = [];
  const byKey = Map.groupBy(notices, ({ key }) => key);
  for (const finding of policy.mode === 'off' ? [] : findings) {
    if (finding.verdict !== 'fail') continue;
    const told = byKey.get(noticeKey(finding)) ?? [];
    const first = told.map(({ at }) => Date.parse(at)).toSorted((a, b) => a - b)[0];
    const wanted = wantedOf(finding, policy);
    if ('why' in wanted) misfits.push({ finding, ...wanted });
    else
      for (const response of wanted.responses) {
        let act: Response = response;
        if (response.do === 'after') {
          const at = first === undefined ? undefined : first + milliseconds(response.delay);
          if (at === undefined || at > now) {
            pending.push({
              finding,
              response: response.respond,
              at: at === undefined ? undefined : new Date(at).toISOString(),
            });
            continue;
          }
          act = response.respond;
        }
        if (act.do === 'after') continue;
        if (policy.mode === 'warn' && !HARMLESS.has(act.do)) continue;
        const targets = targetsOf(finding, act, new Set(told.map(({ channel }) => channel)));
        if (typeof targets === 'string') misfits.push({ finding, response: act, why: targets });
        else for (const target of targets) due.push(dueOf(act, target, finding));
      }
  }
  return { due: merged(due), pending, misfits };
}

/**
 * The responses that a policy wants for a finding; a condition of the user's that throws concerns its finding, and no
 * other.
 */
function wantedOf(
  finding: Finding,
  policy: ResponsePolicy,
): { readonly responses: readonly Response[] } | { readonly response: Response; readonly why: string } {
  try {
    return { responses: responsesTo(finding, policy) };
  } catch (error) {
    const why = `the policy's condition failed: ${messageOf(error)}`;
    return { response: { do: 'notify', channels: [] }, why };
  }
}

const dueOf = (response: DueResponse['response'], target: ResponseTarget, finding: Finding): DueResponse => ({
  response,
  target,
  findings: [finding],
  ...(response.do === 'edit-rules' && isExposure(finding)
    ? { edits: finding.fix.filter(({ rule }) => rule.security_group_id === target.id) }
    : {}),
});

/** The things to act on, or the reason why there are none. */
function targetsOf(
  finding: Finding,
  response: DueResponse['response'],
  told: ReadonlySet<string>,
): readonly ResponseTarget[] | string {
  const { kind, id } = finding.subject;
  switch (response.do) {
    case 'notify':
      return response.channels
        .filter((name) => !told.has(name))
        .map((name) => ({ kind: 'channel', id: name }));
    case 'edit-rules':
      return isExposure(finding)
        ? [...new Set(finding.fix.map(({ rule }) => rule.security_group_id))].map((group) => ({
            kind: 'security group',
            id: group,
          }))
        : `${finding.id} names no rules to edit`;
    case 'quarantine':
    case 'port-down':
      if (kind === 'port') return [{ kind, id }];
      return isExposure(finding)
        ? finding.effective.map(({ port_id, device_id }) => ({
            kind: 'port',
            id: port_id,
            ...(device_id === '' ? {} : { device: device_id }),
          }))
        : `${finding.id} is about a ${kind}, and names no ports`;
    case 'image-private':
      return kind === 'image' ? [{ kind, id }] : `${finding.id} is about a ${kind}, no image`;
    case 'disable-user':
      return kind === 'user' ? [{ kind, id }] : `${finding.id} is about a ${kind}, no user`;
    case 'disable-project':
      return kind === 'project' ? [{ kind, id }] : `${finding.id} is about a ${kind}, no project`;
    default:
      if (kind === 'server') return [{ kind, id }];
      if (!isExposure(finding)) return `${finding.id} is about a ${kind}, and names no servers`;
      return [
        ...Map.groupBy(
          finding.effective.filter((port) => port.device_owner.startsWith('compute:')),
          ({ device_id }) => device_id,
        ),
      ].map(([server, some]) => ({
        kind: 'server',
        id: server,
        ports: some.map(({ port_id }) => port_id),
      }));
  }
}

/** One response for each thing: the strongest; tags and notices beside it. */
function merged(all: readonly DueResponse[]): DueResponse[] {
  const groups = Map.groupBy(all, ({ response, target }) =>
    HARMLESS.has(response.do)
      ? `${response.do} ${target.id} ${response.do === 'tag' ? response.tag : ''}`
      : `${target.kind} ${target.id}`,
  );
  return [...groups.values()].flatMap((some) => {
    const strongest = some.toSorted(
      (a, b) => byBlastRadius.indexOf(b.response.do) - byBlastRadius.indexOf(a.response.do),
    )[0];
    if (strongest === undefined) return [];
    const edits = distinct(some.flatMap((response) => response.edits ?? []));
    // One that was judged by itself needs no port of it.
    const alone = some.some(({ target }) => target.ports === undefined);
    const ports = [...new Set(some.flatMap(({ target }) => target.ports ?? []))].toSorted();
    const { ports: _, ...target } = strongest.target;
    return [
      {
        ...strongest,
        target: alone ? target : { ...target, ports },
        findings: [...new Set(some.flatMap(({ findings }) => findings))],
        ...(strongest.response.do === 'edit-rules' ? { edits } : {}),
      },
    ];
  });
}

const distinct = (edits: readonly RuleEdit[]): RuleEdit[] => [
  ...new Map(edits.map((edit) => [JSON.stringify(edit), edit])).values(),
];
