import { counted, type Finding } from '@groundcrew/ground';
import {
  definePlan,
  type Planned,
  planned,
  refused,
  type Step,
  type Target,
  worstFirst,
} from '@groundcrew/runbook';
import { shownLine, shownText } from '../policy/shown.ts';
import {
  editRulesOf,
  moveServer,
  setEnabled,
  setPort,
  setServerState,
  setTag,
  setVisibility,
  tellChannel,
} from './actions.ts';
import type { DueResponse, ResponseDecision } from './decide.ts';
import { noticeKey } from './notice-book.ts';
import type { ResponsePolicy } from './policy.ts';

export type ResponseRefusalCode =
  | 'audit.nothing-due'
  | 'audit.too-many-targets'
  | 'audit.no-location'
  | 'audit.mode-audit';

/** The facts about the cloud that a planner needs beside the findings. */
export interface ResponseContext {
  /** The revision of a thing when the findings were made; a run refuses when it has moved. `undefined`: not known. */
  readonly revisionOf: (target: DueResponse['target']) => string | undefined;
  /**
   * Tells whether the response is in effect already, whoever caused it; `undefined`: not known. A response that is in
   * effect is not planned.
   */
  readonly isInEffect?: ((due: Pick<DueResponse, 'response' | 'target'>) => boolean | undefined) | undefined;
  /**
   * The host to which a server may move, or the reason why there is none. Needed for moves without a host: take a
   * location of `legalLocations` whose `cost.method` is the move.
   */
  readonly locationOf?:
    | ((server: string) => { readonly host: string } | { readonly none: string })
    | undefined;
}

/** The time for one step. */
const STEP_LIMIT = '5m';

/**
 * The plan of what is due: for somebody to read and approve. Pure. Steps of different things do not wait for each other,
 * and one that fails does not keep the others from being done.
 */
export function planResponses(
  { due: wanted, pending, misfits }: ResponseDecision,
  policy: ResponsePolicy,
  context: ResponseContext,
): Planned<ResponseRefusalCode> {
  const due = wanted.filter((response) => context.isInEffect?.(response) !== true);
  const touched = due.filter(({ target }) => target.kind !== 'channel');
  if (due.length === 0)
    return refused({
      code: 'audit.nothing-due',
      reason:
        pending.length > 0
          ? `nothing is due yet; ${pending.length} responses wait for their deadline`
          : wanted.length > 0
            ? 'all of it is so already'
            : 'nothing is to be done',
      remedy: undefined,
    });
  if (policy.mode === 'audit')
    return refused({
      code: 'audit.mode-audit',
      reason: `would do: ${due.map(words).join('; ')}`,
      remedy: 'Set the mode to `warn` or `enforce`.',
    });
  const targets = new Set(touched.map(({ target }) => `${target.kind} ${target.id}`));
  if (targets.size > policy.maxTargets)
    return refused({
      code: 'audit.too-many-targets',
      reason: `${targets.size} things would be touched; the policy lets it be ${policy.maxTargets}`,
      remedy: 'Look at why there are so many; then raise `maxTargets`, or exempt what is meant to be so.',
    });
  const steps: Step[] = [];
  const warnings = misfits.map(({ finding, response, why }) => `${response.do} for ${finding.id}: ${why}`);
  warnings.push(...blindTargets(touched, context));
  for (const response of due) {
    const step = stepOf(response, context);
    if (typeof step === 'string') warnings.push(step);
    else steps.push(step);
  }
  if (steps.length === 0)
    return refused({
      code: 'audit.no-location',
      reason: warnings.join('; '),
      remedy: 'Notify its owner: no plan can be made.',
    });
  return planned(
    definePlan({
      id: 'audit-responses',
      title: `Respond to ${counted(count(due), 'finding')}: ${counted(targets.size, 'thing')}, ${counted(steps.length, 'step')}`,
      inputs: {
        mode: policy.mode,
        findings: [
          ...new Set(
            due.flatMap(({ findings }) =>
              findings.map(({ id, subject }) => `${id} ${subject.kind} ${subject.id}`),
            ),
          ),
        ],
      },
      targets: touched
        .flatMap(({ target }): Target[] => {
          const revision = context.revisionOf(target);
          return revision === undefined ? [] : [{ kind: target.kind, id: target.id, revision }];
        })
        .filter(once),
      steps,
      concurrency: { total: 4 },
      warnings,
    }),
  );
}

/** Things whose revision was not read: a run would not notice that they moved since they were judged. */
function blindTargets(touched: readonly DueResponse[], context: ResponseContext): string[] {
  const blind = touched.filter(
    ({ target }) => REVISED.has(target.kind) && context.revisionOf(target) === undefined,
  );
  const names = [...new Set(blind.map(({ target }) => `${target.kind} ${target.id}`))];
  return names.length === 0
    ? []
    : [
        `of ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''} no revision was read: a change since the findings is not noticed by it`,
      ];
}

/** The kinds of things that services keep a revision of; users and projects have none in Keystone. */
const REVISED: ReadonlySet<DueResponse['target']['kind']> = new Set([
  'server',
  'port',
  'security group',
  'image',
]);

const once = (target: Target, index: number, all: readonly Target[]): boolean =>
  all.findIndex((other) => other.kind === target.kind && other.id === target.id) === index;

const count = (due: readonly DueResponse[]): number => new Set(due.flatMap(({ findings }) => findings)).size;

const words = ({ response, target }: DueResponse): string => `${response.do} ${target.kind} ${target.id}`;

/** A step; or why there is none. */
function stepOf({ response, target, findings, edits }: DueResponse, context: ResponseContext): Step | string {
  const common = {
    id: `${response.do}-${target.kind.replaceAll(' ', '-')}-${target.id}`,
    why: findings
      .slice(0, 3)
      .map(({ title }) => shownLine(title))
      .join('; '),
    onFailure: 'continue',
    timeout: STEP_LIMIT,
  } as const;
  const onDevice = target.device === undefined ? {} : { device: target.device };
  const byPorts = target.ports === undefined ? {} : { ports: [...target.ports] };
  switch (response.do) {
    case 'edit-rules':
      return editRulesOf.step({
        ...common,
        input: { group: target.id, edits: (edits ?? []).map(({ edit, rule }) => ({ edit, rule })) as never },
      });
    case 'quarantine':
      return setPort.step({
        ...common,
        input: { port: target.id, security_groups: 'quarantine', ...onDevice },
      });
    case 'port-down':
      return setPort.step({ ...common, input: { port: target.id, admin_state_up: false, ...onDevice } });
    case 'tag':
      return setTag.step({
        ...common,
        id: `${common.id}-${response.tag}`,
        input: { server: target.id, tag: response.tag, on: true },
      });
    case 'image-private':
      return setVisibility.step({ ...common, input: { image: target.id, visibility: 'private' } });
    case 'disable-user':
    case 'disable-project':
      return setEnabled.step({
        ...common,
        input: { kind: response.do === 'disable-user' ? 'user' : 'project', id: target.id, enabled: false },
      });
    case 'live-migrate':
    case 'cold-migrate': {
      const place = response.to === undefined ? context.locationOf?.(target.id) : { host: response.to };
      if (place === undefined) return `server ${target.id}: nobody has said where it may go`;
      if ('none' in place) return `server ${target.id} can go nowhere: ${place.none}`;
      return moveServer.step({
        ...common,
        input: { server: target.id, to: place.host, live: response.do === 'live-migrate', ...byPorts },
      });
    }
    case 'notify':
      return tellChannel.step({ ...common, input: messageOf(target.id, findings) });
    default:
      return setServerState.step({
        ...common,
        input: { server: target.id, state: response.do, on: true, ...byPorts },
      });
  }
}

/** Findings that are told in words; programs are told of all. */
const TOLD = 100;

/** The message for a person: titles, reasons and remedies. */
function messageOf(channel: string, unordered: readonly Finding[]) {
  const findings = worstFirst(unordered);
  const [first] = findings;
  const more = findings.length - 1;
  return {
    channel,
    subject: `[${first?.severity ?? 'info'}] ${shownLine(first?.title ?? 'nothing')}${more > 0 ? ` (and ${more} more)` : ''}`,
    text: findings
      .slice(0, TOLD)
      .map(({ severity, title, because, remedy }) =>
        [
          `${severity.toUpperCase()}: ${shownLine(title)}`,
          ...because.slice(0, 10).map(({ statement }) => `  - ${shownText(statement)}`),
          ...(remedy === undefined ? [] : [`  What to do: ${shownText(remedy)}`]),
        ].join('\n'),
      )
      .concat(more >= TOLD ? [`And ${findings.length - TOLD} more.`] : [])
      .join('\n\n'),
    findings: findings.map((finding) => ({
      key: noticeKey(finding),
      id: finding.id,
      severity: finding.severity,
      title: shownLine(finding.title),
      subject: { kind: finding.subject.kind, id: shownLine(finding.subject.id) },
    })),
  };
}
