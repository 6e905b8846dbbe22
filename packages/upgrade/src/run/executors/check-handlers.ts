import type { StepHandlers } from '@groundcrew/runbook';
import type { z } from 'zod';
import { observeUpgradeChecks } from '../../status-checks/observe-upgrade-checks.ts';
import type { checkService } from '../actions.ts';
import type { UpgradeStepReport } from '../step-report.ts';
import type { HostShell } from './host-shell.ts';
import { UpgradeRunError } from './run-error.ts';

type Input = z.output<typeof checkService.input>;

/** Runs a service's own check. A failure stops the plan; warnings are kept; what could not be run stops it unless that was accepted. */
export const checkHandlers = (shell: HostShell): StepHandlers<Input, UpgradeStepReport> => ({
  async perform({ host: name, service, acceptUnknown }, { signal, clock }) {
    const host = shell.host(name);
    const at = { host: name, service };
    const observed = await observeUpgradeChecks(
      [
        {
          service,
          host: { name, run: (command, how) => host.run(shell.rewritten(at, command), how) },
          ...shell.serviceUser(service),
        },
      ],
      { signal, clock },
    );
    const [gap] = observed.gaps;
    if (gap !== undefined) {
      if (acceptUnknown)
        return {
          outcome: 'unknown',
          because: `${service}'s upgrade check could not be run: ${gap.why}`,
          facts: {},
        };
      throw new UpgradeRunError(
        'upgrade.check-unknown',
        `${service}'s upgrade check on ${name}: ${gap.why}`,
        `Run it by hand. If it cannot be run, plan with \`acceptUnknownChecks: ['${service}']\`.`,
      );
    }
    const checks = observed.value.flatMap((report) => report.checks);
    const failed = checks.filter(({ result }) => result === 'failure');
    if (failed.length > 0)
      throw new UpgradeRunError(
        'upgrade.check-failed',
        `${service}'s upgrade check fails: ${failed.map(({ check, details = '' }) => `${check}: ${details}`).join('; ')}`,
        'Mend it; then run the plan again.',
      );
    const warnings = checks.filter(({ result }) => result === 'warning').map(({ check }) => check);
    return {
      outcome: 'unchanged',
      facts: {
        verdict: warnings.length === 0 ? 'pass' : 'warning',
        ...(warnings.length === 0 ? {} : { warnings: warnings.join('; ') }),
      },
    };
  },
});
