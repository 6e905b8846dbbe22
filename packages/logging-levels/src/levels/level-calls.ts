/** A call of `set-log`: every logger whose name begins with the prefix gets the level. */
export interface LevelCall {
  readonly prefix: string;
  readonly level: string;
}

/** Names of loggers, with their levels. */
export type LoggerLevels = Readonly<Record<string, string>>;

/**
 * The calls that give each logger its level, as few as there can be. A prefix is a text and ends anywhere: `k` is every logger
 * whose name begins so. Where it can be, no call touches a logger that should have another level, so that calls may reach several
 * processes in any order and number. A logger whose name begins another's comes before it.
 *
 * @param within - the prefix with which all names begin
 */
export function levelCalls(levels: LoggerLevels, within = ''): LevelCall[] {
  return callsOf(Object.entries(levels), within);
}

type Named = readonly [name: string, level: string];

function callsOf(loggers: readonly Named[], prefix: string): LevelCall[] {
  const [first] = loggers;
  if (first === undefined) return [];
  if (loggers.every(([, level]) => level === first[1])) return [{ prefix, level: first[1] }];
  const own = loggers.find(([name]) => name === prefix);
  const groups = Map.groupBy(
    loggers.filter(([name]) => name !== prefix),
    ([name]) => name.slice(0, prefix.length + 1),
  );
  const below = [...groups].flatMap(([longer, group]) => callsOf(group, longer));
  if (own === undefined) return below;
  // The call for it gives its level to all that are below.
  return [
    { prefix, level: own[1] },
    ...below.filter(({ level }, at) => level !== own[1] || nested(below, at)),
  ];
}

/** Tells whether an earlier call of the list has given another level to what this one is about. */
const nested = (calls: readonly LevelCall[], at: number): boolean =>
  calls.slice(0, at).some(({ prefix, level }) => {
    const call = calls[at];
    return call !== undefined && call.prefix.startsWith(prefix) && call.level !== level;
  });

/**
 * The calls that bring loggers from the levels that they have to those that are wanted. A logger that nobody asked about before,
 * since its module was loaded later, gets the level of its neighbours, and only if it has the level `lent`.
 */
export function callsNeeded(
  wanted: LoggerLevels,
  now: LoggerLevels,
  { within, lent }: { readonly within: string; readonly lent: string },
): LevelCall[] {
  const calls = levelCalls(wanted, within);
  const usual = mostCommon(Object.values(wanted));
  const late: LevelCall[] = [];
  const wrong = Object.entries(now).flatMap(([name, level]) => {
    const known = wanted[name];
    if (known !== undefined) return known === level ? [] : [name];
    if (level !== lent) return [];
    const neighbours = calls.findLast(({ prefix }) => name.startsWith(prefix))?.level;
    if (neighbours === undefined && usual !== undefined && usual !== level)
      late.push({ prefix: name, level: usual });
    return neighbours === undefined || neighbours === level ? [] : [name];
  });
  const needed: LevelCall[] = [];
  // The shorter first: a call for a logger reaches those whose names it begins, which may be right already.
  for (const call of [...late.toSorted((one, other) => one.prefix.length - other.prefix.length), ...calls]) {
    const isWrong = late.includes(call) || wrong.some((name) => name.startsWith(call.prefix));
    if (isWrong || needed.some(({ prefix }) => call.prefix.startsWith(prefix))) needed.push(call);
  }
  return needed;
}

function mostCommon(levels: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const level of levels) counts.set(level, (counts.get(level) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

/** The levels after some calls. */
export function applied(levels: LoggerLevels, calls: readonly LevelCall[]): LoggerLevels {
  const after: Record<string, string> = { ...levels };
  for (const { prefix, level } of calls)
    for (const name of Object.keys(after)) if (name.startsWith(prefix)) after[name] = level;
  return after;
}
