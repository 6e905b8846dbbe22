import { type Finding } from '@groundcrew/ground';
import { type KeptRun, StateCorruptError } from '@groundcrew/runbook';
import { z } from 'zod';
import type { DueResponse } from './decide.ts';
import { noticeKey, settledKeys } from './notice-book.ts';

const RememberedResponse = z.object({
  do: z.string(),
  target: z.object({ kind: z.string(), id: z.string() }),
  /** The keys of its findings: `noticeKey`. */
  keys: z.array(z.string()),
});

const Memory = z.object({
  // `deeds` is the name under which states on disk keep the responses of a run. `runsIn` and `withRunning` translate it.
  running: z.array(z.object({ journal: z.string(), by: z.string(), deeds: z.array(RememberedResponse) })),
  left: z.array(
    RememberedResponse.extend({
      why: z.enum(['done', 'declined', 'failed']),
      /** Milliseconds since 1970. */
      at: z.number(),
      until: z.number().optional(),
    }),
  ),
});

/** A response to findings, as a controller remembers it. */
export type RememberedResponse = z.infer<typeof RememberedResponse>;
/** The memory of a controller of responses: the runs under way, and the responses that it does not repeat. */
export type ControllerMemory = z.infer<typeof Memory>;
type Why = ControllerMemory['left'][number]['why'];

/** Milliseconds after which it is forgotten that something was left, unless it is seen: its thing is long gone. */
const FORGET = 90 * 86_400_000;

/**
 * Reads the memory from the state.
 *
 * @throws StateCorruptError on anything else: taken for an empty memory, responses would be done again
 */
export function readMemory(kept: unknown): ControllerMemory {
  if (kept === undefined) return { running: [], left: [] };
  try {
    return Memory.parse(kept);
  } catch (cause) {
    throw new StateCorruptError('what is kept is no state of a response controller', {
      cause,
      remedy: 'Does another controller keep its state there? Give each its own; nothing was overwritten.',
    });
  }
}

export const thingOf = ({ kind, id }: Pick<RememberedResponse['target'], 'kind' | 'id'>): string =>
  `${kind} ${id}`;

export const rememberedResponses = (due: readonly DueResponse[]): RememberedResponse[] =>
  due.map(({ response, target, findings }) => ({
    do: response.do,
    target: { kind: target.kind, id: target.id },
    keys: [...new Set(findings.map(noticeKey))],
  }));

/** A run of a controller, with the responses that it carries out. */
export type ResponseRun = KeptRun<readonly RememberedResponse[]>;

/** The runs under way. */
export const runsIn = ({ running }: ControllerMemory): ResponseRun[] =>
  running.map(({ journal, by, deeds }) => ({ journal, by, about: deeds }));

export const withRunning = (
  memory: ControllerMemory,
  { journal, by, about }: ResponseRun,
): ControllerMemory => ({
  ...memory,
  running: [...memory.running, { journal, by, deeds: [...about] }],
});

/** The things on which a plan is at work. */
export const underway = (memory: ControllerMemory): ReadonlySet<string> =>
  new Set(runsIn(memory).flatMap(({ about }) => about.map(({ target }) => thingOf(target))));

/**
 * Tells what is left as it is, for all of its findings. What was done is done until the cloud says otherwise.
 *
 * @returns `isInEffect` is what the cloud says; `undefined`: nothing
 */
export function leaving(
  { left }: ControllerMemory,
  now: number,
): (due: DueResponse, isInEffect: boolean | undefined) => boolean {
  const inForce = left.filter(({ until }) => (until ?? Number.POSITIVE_INFINITY) > now);
  const same = Map.groupBy(inForce, responseName);
  return (due, isInEffect) => {
    if (isInEffect === true) return true;
    const [response] = rememberedResponses([due]);
    if (response === undefined) return false;
    const some = (same.get(responseName(response)) ?? []).filter(
      ({ why }) => !(why === 'done' && isInEffect === false),
    );
    return some.length > 0 && response.keys.every((key) => some.some(({ keys }) => keys.includes(key)));
  };
}

const responseName = ({ do: what, target }: RememberedResponse): string => `${what} ${thingOf(target)}`;

export function withLeft(
  memory: ControllerMemory,
  responses: readonly RememberedResponse[],
  { why, at, until }: { readonly why: Why; readonly at: number; readonly until?: number | undefined },
): ControllerMemory {
  const again = new Set(responses.map(identityOf));
  return {
    ...memory,
    left: [
      ...memory.left.filter((remaining) => !again.has(identityOf(remaining))),
      ...responses.map((response) => ({ ...response, why, at, ...(until === undefined ? {} : { until }) })),
    ],
  };
}

const identityOf = ({ do: what, target, keys }: RememberedResponse): string =>
  JSON.stringify([what, target, keys]);

export const withoutRunning = (memory: ControllerMemory, journal: string): ControllerMemory => ({
  ...memory,
  running: memory.running.filter((run) => run.journal !== journal),
});

/**
 * Forgets responses whose findings are good again, so that they may be done again; likewise those that are over or were
 * not seen for long.
 */
export function withoutSettled(
  memory: ControllerMemory,
  findings: readonly Finding[],
  now: number,
): ControllerMemory {
  if (memory.left.length === 0) return memory;
  const settled = settledKeys(findings);
  const failing = new Set(findings.filter(({ verdict }) => verdict === 'fail').map(noticeKey));
  const left = memory.left.flatMap((remaining) => {
    const keys = remaining.keys.filter((key) => !settled.has(key));
    const isOver = (remaining.until ?? Number.POSITIVE_INFINITY) <= now;
    const isGone = remaining.at + FORGET <= now && !keys.some((key) => failing.has(key));
    return keys.length === 0 || isOver || isGone ? [] : [{ ...remaining, keys }];
  });
  return left.length === memory.left.length &&
    left.every((remaining, at) => remaining.keys.length === memory.left[at]?.keys.length)
    ? memory
    : { ...memory, left };
}
