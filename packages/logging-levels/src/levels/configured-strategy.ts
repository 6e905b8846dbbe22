import type { CommandOptions, Host } from '@groundcrew/runbook';
import { armDeadline, cancelDeadlines } from '@groundcrew/runbook/hosts';
import type { LevelsBefore } from './actions.ts';
import type { LevelCoverage } from './coverage.ts';
import { processesOf } from './host-processes.ts';
import { hangUpCommand, NOTHING_LENT, PUT_BACK, TOLD, UNTIL_PUT_BACK } from './host-scripts.ts';
import { LevelError } from './level-error.ts';
import type { ConfiguredTarget } from './level-target.ts';
import { lend, marksIn, optionIn, type OptionPlace, optionLines, sectionsOf } from './option-lines.ts';
import type { LevelContext, LevelStrategy } from './strategy.ts';
import { isTrue, type ToldLevels, toldLevels } from './told-levels.ts';

type ConfiguredBefore = Extract<LevelsBefore, { readonly kind: 'configuration' }>;

/**
 * A service's own configuration, and SIGHUP. Of the options of oslo.log two are mutable while it runs: `debug` and
 * `log_config_append` (oslo_log/_options.py), by services that call `mutate_config_files` then (Nova's and Neutron's, by
 * `restart_method='mutate'` of oslo.service). So the option is changed in the file, or, where the service takes its loggers from
 * a file of Python's own, the levels in that file. Whether it was taken is told by what each process logs afterwards.
 */
export function configuredStrategy(host: Host, target: ConfiguredTarget): LevelStrategy {
  const { service, level, configuration, log, sudo, restart } = target;
  const howOf = ({ signal }: Pick<LevelContext, 'signal'>): Pick<CommandOptions, 'signal' | 'sudo'> => ({
    signal,
    ...(sudo === undefined ? {} : { sudo }),
  });
  const name = `${service} on ${host.name}`;

  // Byte for byte, whatever its encoding.
  const read = async (file: string, context: LevelContext): Promise<string> =>
    Buffer.from(await host.download(file, howOf(context))).toString('latin1');

  /**
   * The service is told to read its configuration: by SIGHUP, or, where it ends by that, by being started anew.
   *
   * @returns the workers that it had
   */
  async function reload(context: LevelContext): Promise<readonly number[]> {
    const { catches, workers } = await processesOf(host, target, howOf(context));
    if (catches) await host.run(hangUpCommand(target), howOf(context));
    else if (restart !== undefined) await host.run(restart, { ...howOf(context), timeout: '5m' });
    else throw noHangUp();
    return workers;
  }

  const noHangUp = (): LevelError =>
    new LevelError(
      'levels.no-hang-up',
      `${name}: its main process does not take SIGHUP, which would end it`,
      {
        remedy: 'Say with restart how it is started anew, if that may be done.',
      },
    );

  /**
   * Waits until the log tells of each process what is wanted, or nothing more comes.
   *
   * @param had - the workers before; those that still run are workers, also while they do not catch SIGHUP
   */
  async function told(
    before: ConfiguredBefore,
    had: readonly number[],
    has: (pid: number, log: ToldLevels, alone: boolean) => boolean,
    context: LevelContext,
  ): Promise<{ readonly confirmed: readonly number[]; readonly others: readonly number[] }> {
    // Nothing tells that a service has read a file of Python's own, but lines at DEBUG.
    const end = context.clock.now() + (before.isAppended && level !== 'debug' ? 0 : SETTLE);
    const met = new Set(had);
    for (;;) {
      const now = await processesOf(host, target, howOf(context));
      for (const pid of now.workers) met.add(pid);
      const workers = [...met].filter((pid) => now.running.has(pid));
      const { stdout } = await host.run(
        ['sh', '-c', TOLD, 'sh', log, String(before.logBytes + 1)],
        howOf(context),
      );
      const seen = toldLevels(stdout);
      const confirmed = workers.filter((pid) => has(pid, seen, workers.length === 1));
      const others = workers.filter((pid) => !confirmed.includes(pid));
      if ((workers.length > 0 && others.length === 0) || context.clock.now() >= end)
        return { confirmed, others };
      await context.clock.sleep(LOOK, context.signal);
    }
  }

  const coverageOf = (
    { confirmed, others }: { readonly confirmed: readonly number[]; readonly others: readonly number[] },
    what: string,
  ): LevelCoverage => ({
    asked: confirmed.length + others.length,
    confirmed: confirmed.length,
    unverifiable: others.map((pid) => `${name}: process ${pid} ${what}`),
    down: [],
  });

  return {
    async remember(context): Promise<LevelsBefore> {
      const text = await read(configuration, context);
      const appended = optionIn(text, APPEND);
      const isAppended = appended !== undefined && appended !== '';
      const file = isAppended ? appended : configuration;
      const content = isAppended ? await read(file, context) : text;
      refuseLent(content, file);
      const places = isAppended ? loggerLevels(content) : [DEBUG];
      const wanted = isAppended ? level.toUpperCase() : level === 'debug' ? 'true' : 'false';
      if (places.length === 0)
        throw new LevelError('levels.file', `${file} sets no level of a logger`, { remedy: 'Look at it.' });
      const values = places.map((place) => optionIn(content, place));
      if (values.every((value) => isSame(value, wanted)))
        throw new LevelError('levels.already', `${file} has that level already`, {
          remedy: 'Nothing is to be done; if the service logs otherwise, it has not read its configuration.',
        });
      const { catches } = await processesOf(host, target, howOf(context));
      if (!catches && restart === undefined) throw noHangUp();
      const { stdout } = await host.run(['stat', '-L', '-c', '%s', '--', log], howOf(context));
      return {
        kind: 'configuration',
        mark: context.run.replaceAll(/[^\w.-]+/g, '-'),
        file,
        isAppended,
        wasDebug: !isAppended && isSame(values[0], 'true'),
        lines: places.flatMap((place) => optionLines(content, place)),
        logBytes: Number(stdout.trim()),
      };
    },

    async set(before, until, context) {
      const noted = own(before);
      const content = await read(noted.file, context);
      if (!marksIn(content).includes(noted.mark)) {
        refuseLent(content, noted.file);
        const places = noted.isAppended ? loggerLevels(content) : [DEBUG];
        const value = noted.isAppended ? level.toUpperCase() : level === 'debug' ? 'true' : 'false';
        const changed = places.reduce((text, place) => lend(text, place, value, noted.mark), content);
        await replace(noted, changed, until, context);
      }
      const had = await reload(context);
      context.progress(`${name}: waiting for what it logs`);
      const wantsDebug = level === 'debug';
      const has = (pid: number, seen: ToldLevels, alone: boolean): boolean =>
        seen.taken.get(pid) === wantsDebug ||
        (wantsDebug && seen.debugging.has(pid)) ||
        (alone && seen.unattributed.at(-1) === wantsDebug);
      let after = await told(noted, had, has, context);
      if (after.confirmed.length === 0 && restart !== undefined) {
        await host.run(restart, { ...howOf(context), timeout: '5m' });
        after = await told(noted, [], has, context);
      }
      if (after.confirmed.length === 0)
        throw new LevelError(
          'levels.not-confirmed',
          `${name}: nothing in ${log} tells that it took the level`,
          { remedy: 'Not every service takes it by SIGHUP: say with restart how it is started anew.' },
        );
      return coverageOf(after, 'logged nothing that tells of it');
    },

    async restore(before, context) {
      const noted = own(before);
      const running = await processesOf(host, target, howOf(context)).catch((error: unknown) => {
        if (error instanceof LevelError && error.code === 'levels.no-process') return undefined;
        throw error;
      });
      const catches = running?.catches === true;
      const afterwards = running === undefined ? [] : catches ? hangUpCommand(target) : (restart ?? []);
      // One command, which the host ends even if we do not live so long.
      const { exitCode } = await host.run(putBack(noted, afterwards), {
        ...howOf(context),
        expect: [0, NOTHING_LENT],
        timeout: '5m',
      });
      // The host need not wait any longer for what is done.
      await cancelDeadlines(host, noted.mark, howOf(context));
      // One that does not run starts with what the file has.
      if (running === undefined) return coverageOf({ confirmed: [], others: [] }, '');
      const isLentStill = exitCode !== NOTHING_LENT;
      // Whoever put it back may have died before the service was told. It is not started anew for that: it would be interrupted twice.
      if (!isLentStill && catches) await host.run(hangUpCommand(target), howOf(context));
      const { wasDebug } = noted;
      const isLent = (pid: number, seen: ToldLevels): boolean => seen.taken.get(pid) === !wasDebug;
      const has = (pid: number, seen: ToldLevels, alone: boolean): boolean =>
        seen.taken.get(pid) === wasDebug ||
        (alone && seen.unattributed.at(-1) === wasDebug) ||
        // Nothing was lent, and no process took anything: there was nothing to put back.
        (!isLentStill && !seen.taken.has(pid) && !seen.debugging.has(pid) && seen.unattributed.length === 0);
      let after = await told(noted, running.workers, has, context);
      if (restart !== undefined && isLentStill && after.others.length > 0) {
        await host.run(restart, { ...howOf(context), timeout: '5m' });
        after = await told(noted, [], (pid, seen) => !isLent(pid, seen), context);
      }
      const { stdout } = await host.run(
        ['sh', '-c', TOLD, 'sh', log, String(noted.logBytes + 1)],
        howOf(context),
      );
      const left = after.others.filter((pid) => isLent(pid, toldLevels(stdout)));
      if (left.length > 0)
        throw new LevelError(
          'levels.not-restored',
          `${name}: the configuration is what it was; process ${left.join(', ')} did not tell that it took it`,
          { remedy: 'Restore again, or start the service anew.' },
        );
      return coverageOf(after, 'logged nothing that tells that it is back');
    },
  };

  /** As a whole, with its owner and mode; a link stays one. Before it, the host is left what undoes it. */
  async function replace(
    noted: ConfiguredBefore,
    content: string,
    until: number,
    context: LevelContext,
  ): Promise<void> {
    const how = howOf(context);
    const { stdout: real } = await host.run(['readlink', '-f', '--', noted.file], how);
    const { stdout } = await host.run(['stat', '-L', '-c', '%a %u:%g', '--', noted.file], how);
    const [mode = '600', owner] = stdout.trim().split(' ');
    const left = until - context.clock.now();
    if (left <= 0)
      throw new LevelError('levels.lease-over', `${name}: the lease was over before the level was set`, {
        remedy: 'Plan anew, for longer.',
      });
    const undo = putBack(noted, restart ?? hangUpCommand(target));
    await armDeadline(host, ['sh', '-c', UNTIL_PUT_BACK, 'sh', ...undo], { after: left, ...how });
    await host.upload(Buffer.from(content, 'latin1'), real.trimEnd(), {
      ...how,
      mode: Number.parseInt(mode, 8),
      ...(owner === undefined ? {} : { owner }),
    });
  }
}

/** Milliseconds in which a service is expected to log that it took a level, and between two looks. */
const SETTLE = 30_000;
const LOOK = 250;

const DEBUG: OptionPlace = { section: 'DEFAULT', names: ['debug'] };
const APPEND: OptionPlace = {
  section: 'DEFAULT',
  names: ['log_config_append', 'log-config-append', 'log_config', 'log-config'],
};

/** The loggers of a file of Python's `logging.config.fileConfig`, as far as they have a level. */
const loggerLevels = (content: string): OptionPlace[] =>
  sectionsOf(content)
    .filter((section) => section.startsWith('logger_'))
    .map((section) => ({ section, names: ['level'] }))
    .filter((place) => optionIn(content, place) !== undefined);

function isSame(value: string | undefined, wanted: string): boolean {
  if (wanted === 'true' || wanted === 'false') return isTrue(value ?? 'false') === (wanted === 'true');
  return value?.toUpperCase() === wanted;
}

/** Two leases at once: the one that ends first would put back what the other lent. */
function refuseLent(content: string, file: string): void {
  const [mark] = marksIn(content);
  if (mark !== undefined)
    throw new LevelError('levels.leased', `${file}: a level is lent there already, by run ${mark}`, {
      remedy: 'Wait for its end, or end it with restoreLevels({ early: true }).',
    });
}

const putBack = (before: ConfiguredBefore, afterwards: readonly string[]): [string, ...string[]] => [
  'sh',
  '-c',
  PUT_BACK,
  'sh',
  before.file,
  before.mark,
  ...afterwards,
];

function own(before: LevelsBefore): ConfiguredBefore {
  if (before.kind !== 'configuration')
    throw new LevelError('levels.not-restored', 'the journal holds what another strategy noted');
  return before;
}
