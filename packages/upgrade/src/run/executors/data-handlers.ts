import type { StepHandlers } from '@groundcrew/runbook';
import type { RowsInput } from '../actions.ts';
import type { UpgradeStepReport } from '../step-report.ts';
import { completedIn } from './completed-rows.ts';
import type { HostShell } from './host-shell.ts';
import { lastLine } from './last-line.ts';
import { UpgradeRunError } from './run-error.ts';

/** Exits of `online_data_migrations` with a limit (nova-manage(1), cinder-manage(1)): 2 is also that of wrong arguments. */
const ALL_DONE = 0;
const SOME_DONE = 1;
const ONLY_FAILURES = 2;

/**
 * Runs online migrations in pieces until nothing is left. Exit 1 is not an error but "some were done, ask again", 2 is "none could be
 * done, and some failed". A round that says 1 and did nothing would go on for ever, and ends the step.
 *
 * It has no `done`: asking is the same command, and what was migrated is not migrated again.
 */
export const dataHandlers = (shell: HostShell): StepHandlers<RowsInput, UpgradeStepReport> => ({
  async perform(input, { signal, clock, progress }) {
    const { command, limit, batch, pauseMs, service, host } = input;
    let rows = 0;
    for (let round = 1; ; round += 1) {
      const { exitCode, stdout, stderr } = await shell.alone(input, [...command, limit, String(batch)], {
        signal,
        env: { LC_ALL: 'C' },
        expect: [ALL_DONE, SOME_DONE, ONLY_FAILURES],
      });
      const completed = completedIn(stdout);
      rows += completed ?? 0;
      if (exitCode === ALL_DONE)
        return {
          outcome: rows > 0 || round > 1 ? 'changed' : 'unchanged',
          facts: { rounds: String(round), ...(completed === undefined ? {} : { rows: String(rows) }) },
        };
      if (exitCode === ONLY_FAILURES)
        throw new UpgradeRunError(
          'upgrade.migrations-failed',
          `${service} on ${host}: exit 2: no more rows can be migrated, and some fail${stderr.trim() === '' ? '' : `: ${lastLine(stderr)}`}`,
          `Its log names them. The next upgrade cannot begin before they are.`,
        );
      if (completed === 0)
        throw new UpgradeRunError(
          'upgrade.migrations-stuck',
          `${service} on ${host}: it says that rows were migrated, and its table that none was`,
          'See its log: the same rows are counted each time.',
        );
      progress(`${service}: ${rows} rows after ${round} rounds`, { round, rows });
      await clock.sleep(pauseMs, signal);
    }
  },
});
