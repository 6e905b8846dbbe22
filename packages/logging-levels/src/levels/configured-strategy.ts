import type { Host } from '@groundcrew/runbook';
import { cancelDeadlines } from '@groundcrew/runbook/hosts';
import type { LevelsBefore } from './actions.ts';
import { appendedFile, hasValue, levelPlaces, levelValue, refuseLent } from './configured-file.ts';
import { type ConfiguredBefore, ConfiguredService } from './configured-service.ts';
import type { LevelCoverage } from './coverage.ts';
import { type HasTold, heardWorkers, workerCoverage } from './heard-workers.ts';
import { hangUpCommand, NOTHING_LENT } from './host-scripts.ts';
import { LevelError } from './level-error.ts';
import type { ConfiguredTarget } from './level-target.ts';
import { lend, marksIn, optionIn, optionLines } from './option-lines.ts';
import { putBackCommand, replaceFile } from './replace-file.ts';
import type { LevelContext, LevelStrategy } from './strategy.ts';
import type { ToldLevels } from './told-levels.ts';

/**
 * A service's own configuration, and SIGHUP. Of the options of oslo.log two are mutable while it runs: `debug` and
 * `log_config_append` (oslo_log/_options.py), by services that call `mutate_config_files` then (Nova's and Neutron's, by
 * `restart_method='mutate'` of oslo.service). So the option is changed in the file, or, where the service takes its loggers from
 * a file of Python's own, the levels in that file. Whether it was taken is told by what each process logs afterwards.
 */
export function configuredStrategy(host: Host, target: ConfiguredTarget): LevelStrategy {
  const service = new ConfiguredService(host, target);
  return {
    remember: (context) => remember(service, context),
    set: async (before, until, context) => set(service, own(before), until, context),
    restore: async (before, context) => restore(service, own(before), context),
  };
}

async function remember(service: ConfiguredService, context: LevelContext): Promise<LevelsBefore> {
  const { level, configuration, restart } = service.target;
  const text = await service.read(configuration, context);
  const appended = appendedFile(text);
  const isAppended = appended !== undefined;
  const file = appended ?? configuration;
  const content = isAppended ? await service.read(file, context) : text;
  refuseLent(content, file);
  const places = levelPlaces(content, isAppended);
  const wanted = levelValue(level, isAppended);
  if (places.length === 0)
    throw new LevelError('levels.file', `${file} sets no level of a logger`, { remedy: 'Look at it.' });
  const values = places.map((place) => optionIn(content, place));
  if (values.every((value) => hasValue(value, wanted)))
    throw new LevelError('levels.already', `${file} has that level already`, {
      remedy: 'Nothing is to be done; if the service logs otherwise, it has not read its configuration.',
    });
  const { hangUp } = await service.processes(context);
  if (hangUp !== 'reads' && restart === undefined) throw service.noHangUp(hangUp);
  return {
    kind: 'configuration',
    mark: context.run.replaceAll(/[^\w.-]+/g, '-'),
    file,
    isAppended,
    wasDebug: !isAppended && hasValue(values[0], 'true'),
    lines: places.flatMap((place) => optionLines(content, place)),
    logBytes: await service.logBytes(context),
  };
}

async function set(
  service: ConfiguredService,
  noted: ConfiguredBefore,
  until: number,
  context: LevelContext,
): Promise<LevelCoverage> {
  const { level, log, restart } = service.target;
  const content = await service.read(noted.file, context);
  if (!marksIn(content).includes(noted.mark)) {
    refuseLent(content, noted.file);
    const value = levelValue(level, noted.isAppended);
    const changed = levelPlaces(content, noted.isAppended).reduce(
      (text, place) => lend(text, place, value, noted.mark),
      content,
    );
    await replaceFile(service, noted, changed, until, context);
  }
  const had = await service.reload(context);
  context.progress(`${service.name}: waiting for what it logs`);
  const wantsDebug = level === 'debug';
  const has: HasTold = (pid, seen, alone) =>
    seen.taken.get(pid) === wantsDebug ||
    (wantsDebug && seen.debugging.has(pid)) ||
    (alone && seen.unattributed.at(-1) === wantsDebug);
  let after = await heardWorkers(service, noted, had, has, context);
  if (after.confirmed.length === 0 && restart !== undefined) {
    await service.startAnew(restart, context);
    after = await heardWorkers(service, noted, [], has, context);
  }
  if (after.confirmed.length === 0)
    throw new LevelError(
      'levels.not-confirmed',
      `${service.name}: nothing in ${log} tells that it took the level`,
      { remedy: 'Not every service takes it by SIGHUP: say with restart how it is started anew.' },
    );
  return workerCoverage(service, after, 'logged nothing that tells of it');
}

async function restore(
  service: ConfiguredService,
  noted: ConfiguredBefore,
  context: LevelContext,
): Promise<LevelCoverage> {
  const { host, target, name } = service;
  const { restart } = target;
  const running = await service.processes(context).catch((error: unknown) => {
    if (error instanceof LevelError && error.code === 'levels.no-process') return undefined;
    throw error;
  });
  const isTold = running?.hangUp === 'reads';
  const afterwards = running === undefined ? [] : isTold ? hangUpCommand(target) : (restart ?? []);
  // One command, which the host ends even if we do not live so long.
  const { exitCode } = await host.run(putBackCommand(noted, afterwards), {
    ...service.how(context),
    expect: [0, NOTHING_LENT],
    timeout: '5m',
  });
  // The host need not wait any longer for what is done.
  await cancelDeadlines(host, noted.mark, service.how(context));
  // One that does not run starts with what the file has.
  if (running === undefined) return workerCoverage(service, { confirmed: [], others: [] }, '');
  const isLentStill = exitCode !== NOTHING_LENT;
  // Whoever put it back may have died before the service was told. It is not started anew for that: it would be interrupted twice.
  if (!isLentStill && isTold) await service.hangUp(context);
  const isLent = (pid: number, seen: ToldLevels): boolean => seen.taken.get(pid) === !noted.wasDebug;
  let after = await heardWorkers(service, noted, running.workers, hasTaken(noted, isLentStill), context);
  if (restart !== undefined && isLentStill && after.others.length > 0) {
    await service.startAnew(restart, context);
    after = await heardWorkers(service, noted, [], (pid, seen) => !isLent(pid, seen), context);
  }
  const seen = await service.toldSince(noted, context);
  const left = after.others.filter((pid) => isLent(pid, seen));
  if (left.length > 0)
    throw new LevelError(
      'levels.not-restored',
      `${name}: the configuration is what it was; process ${left.join(', ')} did not tell that it took it`,
      { remedy: 'Restore again, or start the service anew.' },
    );
  return workerCoverage(service, after, 'logged nothing that tells that it is back');
}

/** Whether a process tells that it has again what it had, by what is known of the file. */
const hasTaken =
  ({ wasDebug }: ConfiguredBefore, isLentStill: boolean): HasTold =>
  (pid, seen, alone) =>
    seen.taken.get(pid) === wasDebug ||
    (alone && seen.unattributed.at(-1) === wasDebug) ||
    // Nothing was lent, and no process took anything: there was nothing to put back.
    (!isLentStill && !seen.taken.has(pid) && !seen.debugging.has(pid) && seen.unattributed.length === 0);

function own(before: LevelsBefore): ConfiguredBefore {
  if (before.kind !== 'configuration')
    throw new LevelError('levels.not-restored', 'the journal holds what another strategy noted');
  return before;
}
