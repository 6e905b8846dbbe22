import {
  type JournalRecord,
  type Outcome,
  replay,
  type RunState,
  type StepFailure,
  readInput,
} from '@groundcrew/runbook';
import { InputError } from '@groundcrew/ground';
import { closeRecovery, declareDown, evacuateServer, fenceHost } from './actions.ts';
import type { Decision } from './decision.ts';
import { stepId } from './plan-recovery.ts';

/** One event of a recovery. */
export interface TimelineEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Milliseconds since the start of the run. */
  readonly afterMs: number;
  readonly what: string;
}

/** The outcome of one server. */
export interface MovedServer {
  readonly server: string;
  readonly name: string;
  readonly state: 'moved' | 'failed' | 'not-tried' | 'running';
  /** The host that a moved server is on now. */
  readonly to: string | undefined;
  /** The time that the evacuation took, if it was tried to its end. */
  readonly durationMs: number | undefined;
  readonly failure: StepFailure | undefined;
}

/** A server of the host that the plan did not move. */
export interface UnmovedServer {
  readonly server: string;
  readonly name: string;
  readonly state: string;
  readonly reason: string;
}

/** The account of a recovery: what happened, when, and why. It also gives figures for the estimates of later plans. */
export interface PostMortem {
  readonly run: string;
  readonly title: string;
  readonly digest: string;
  /** `undefined` while it runs. */
  readonly outcome: Outcome['status'] | undefined;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  /** Number of times that another controller took the run over. */
  readonly takenOver: number;
  readonly timeline: readonly TimelineEntry[];
  /** Durations of the phases; `undefined` for a phase that was not reached. */
  readonly durations: {
    readonly fenceMs: number | undefined;
    readonly declareDownMs: number | undefined;
    /** The time from the first server's start to the last one's end. */
    readonly evacuationMs: number | undefined;
    readonly totalMs: number | undefined;
    /** Median of the servers that moved. */
    readonly medianServerMs: number | undefined;
  };
  readonly servers: readonly MovedServer[];
  readonly counts: Readonly<Record<MovedServer['state'], number>>;
  /** Servers of the host that the plan did not move, each with the reason. */
  readonly notMoved: readonly UnmovedServer[];
  /** Ids of servers that were still on the host at the end, by Nova's account; `undefined` if it was not counted. */
  readonly stillThere: readonly string[] | undefined;
  /** All failures, also of other steps. */
  readonly failures: readonly StepFailure[];
  /** The reasons of the decision, if it was kept. */
  readonly because: readonly string[];
}

/**
 * Gives the account of a recovery from its journal, also while it runs, or after its controller died. Pure.
 *
 * @throws InputError on an empty journal
 * @example
 * const account = postMortem(await fileJournal('recover-compute-2.journal').read());
 */
export function postMortem(records: readonly JournalRecord[], decision?: Decision): PostMortem {
  const state = replay(records);
  if (state === undefined)
    throw new InputError('postMortem: records: an empty journal tells nothing', {
      field: 'records',
      operation: 'postMortem',
    });
  const spans = spansOf(records);
  const servers = serversOf(state, spans);
  const evacuations = servers.flatMap(({ server }) => spans.get(stepId({ id: server })) ?? []);
  const msOf = (action: { readonly name: string }): number | undefined => {
    const step = state.plan.steps.find((planned) => planned.action === action.name);
    return step && lengthOf(spans.get(step.id));
  };
  const last = records.at(-1);
  const ended = state.outcome === undefined ? undefined : last?.at;
  const moved = servers
    .filter((server) => server.state === 'moved')
    .flatMap(({ durationMs }) => durationMs ?? []);
  const ends = evacuations.flatMap(({ to }) => to ?? []);
  return {
    run: state.run,
    title: state.plan.title,
    digest: state.plan.digest,
    outcome: state.outcome?.status,
    startedAt: state.startedAt,
    endedAt: ended,
    takenOver: records.filter(({ event }) => event.type === 'run-resumed').length,
    timeline: timelineOf(records, state),
    durations: {
      fenceMs: msOf(fenceHost),
      declareDownMs: msOf(declareDown),
      evacuationMs:
        ends.length === 0 ? undefined : Math.max(...ends) - Math.min(...evacuations.map(({ from }) => from)),
      totalMs: ended === undefined ? undefined : Date.parse(ended) - Date.parse(state.startedAt),
      medianServerMs: moved.toSorted((a, b) => a - b)[Math.floor(moved.length / 2)],
    },
    servers,
    counts: countsOf(servers),
    ...leftOf(state),
    failures: [...state.steps.values()].flatMap(({ failure }) => failure ?? []),
    because: decision === undefined ? [] : reasonsOf(decision, state),
  };
}

interface Span {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number | undefined;
}

/** The time from the first start of a step to its last end. */
function spansOf(records: readonly JournalRecord[]): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  for (const { at, event } of records) {
    if (event.type === 'step-started')
      spans.set(event.step, { from: spans.get(event.step)?.from ?? Date.parse(at), to: undefined });
    if (event.type !== 'step-succeeded' && event.type !== 'step-failed') continue;
    const begun = spans.get(event.step);
    if (begun !== undefined) spans.set(event.step, { from: begun.from, to: Date.parse(at) });
  }
  return spans;
}

const lengthOf = (span: Span | undefined): number | undefined =>
  span?.to === undefined ? undefined : span.to - span.from;

function serversOf(state: RunState, spans: ReadonlyMap<string, Span>): MovedServer[] {
  return state.plan.steps
    .filter(({ action }) => action === evacuateServer.name)
    .map(({ id, input }) => {
      const { server, name } = readInput(evacuateServer, input);
      const memory = state.steps.get(id);
      const left = evacuateServer.output.safeParse(memory?.output);
      const what =
        memory?.state === 'succeeded'
          ? 'moved'
          : memory?.state === 'failed'
            ? 'failed'
            : memory?.state === 'running'
              ? 'running'
              : 'not-tried';
      return {
        server,
        name,
        state: what,
        to: what === 'moved' ? left.data?.to : undefined,
        durationMs: lengthOf(spans.get(id)),
        failure: memory?.failure,
      };
    });
}

function leftOf({ plan, steps }: RunState): Pick<PostMortem, 'notMoved' | 'stillThere'> {
  const closing = plan.steps.find(({ action }) => action === closeRecovery.name);
  const input = closing && closeRecovery.input.safeParse(closing.input).data;
  const output = closing && closeRecovery.output.safeParse(steps.get(closing.id)?.output).data;
  return {
    // A plan of a release that did not name them has none.
    notMoved: (input?.notMoved ?? []).map(({ server, name, state, reason }) => ({
      server,
      name,
      state,
      reason,
    })),
    stillThere: output && [...output.left, ...output.others],
  };
}

function countsOf(servers: readonly MovedServer[]): PostMortem['counts'] {
  const counts = { moved: 0, failed: 0, 'not-tried': 0, running: 0 };
  for (const { state } of servers) counts[state] += 1;
  return counts;
}

function timelineOf(records: readonly JournalRecord[], { plan, startedAt }: RunState): TimelineEntry[] {
  const titles = new Map(plan.steps.map(({ id, title }) => [id, title]));
  return records.flatMap(({ at, event }) => {
    const what = wordsOf(event, (step) => titles.get(step) ?? step);
    return what === undefined ? [] : [{ at, afterMs: Date.parse(at) - Date.parse(startedAt), what }];
  });
}

function wordsOf(event: JournalRecord['event'], title: (step: string) => string): string | undefined {
  switch (event.type) {
    case 'run-started':
      return `Begun${event.by === undefined ? '' : ` by ${event.by}`}: ${event.plan.title}`;
    case 'run-resumed':
      return `Taken up again${event.by === undefined ? '' : ` by ${event.by}`}`;
    case 'gate-opened':
      return `Gate ${event.gate} opened${event.by === undefined ? '' : ` by ${event.by}`}`;
    case 'step-started':
      return `${title(event.step)}${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`;
    case 'step-acted':
      return event.found ? `Found done: ${title(event.step)}` : undefined;
    case 'step-succeeded':
      return `Done: ${title(event.step)}`;
    case 'step-failed':
      return `Failed: ${title(event.step)}: ${event.failure.message}`;
    case 'step-skipped':
      return `Not tried: ${title(event.step)}: ${event.because}`;
    case 'rollback-started':
      return `Undoing everything: ${event.because}`;
    case 'compensation-started':
      return undefined;
    case 'step-compensated':
      return `Undone: ${title(event.step)}`;
    case 'compensation-failed':
      return `Could not be undone: ${title(event.step)}: ${event.failure.message}`;
    case 'run-ended':
      return `Ended: ${event.outcome.status}`;
  }
}

/** The decision's reasons: those on the hosts of this plan, and those on all hosts. */
function reasonsOf({ hosts, gates }: Decision, { plan }: RunState): string[] {
  const fenced = plan.steps.filter(
    ({ action }) => action === fenceHost.name || action === closeRecovery.name,
  );
  const mine = new Set(fenced.map(({ input }) => fenceHost.input.safeParse(input).data?.host));
  return [
    ...hosts
      .filter(({ host }) => mine.has(host))
      .flatMap(({ host, because }) => because.map((reason) => `${host}: ${reason}`)),
    ...gates
      .filter(({ scope }) => scope === 'cycle' || mine.has(scope.host))
      .map(({ gate, result, reason }) => `gate ${gate} ${result}: ${reason}`),
  ];
}
