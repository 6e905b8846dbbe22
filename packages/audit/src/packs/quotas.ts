import type { CompliancePolicy } from '../policy/define-policy.ts';
import { fail, type Judgement, pass, unknown } from '../policy/judgement.ts';
import { definePolicy } from './define-policy.ts';
import type { Estate, EstateQuota } from './estate.ts';

/** The resources that a cloud runs out of. Others (key pairs, metadata, …) harm nobody else. */
const SCARCE: Readonly<Record<EstateQuota['service'], readonly string[]>> = {
  compute: ['instances', 'cores', 'ram'],
  network: ['network', 'subnet', 'port', 'router', 'floatingip', 'security_group', 'security_group_rule'],
  'block-storage': ['volumes', 'snapshots', 'gigabytes', 'backups', 'backup_gigabytes'],
};

const unlimited = ({ service, limits }: Pick<EstateQuota, 'service' | 'limits'>): string[] =>
  SCARCE[service].filter((name) => limits[name] === -1);

/** A limit that is not among those told is none that was looked at, and not one that there is. */
const untold = ({ service, limits }: Pick<EstateQuota, 'service' | 'limits'>): string[] =>
  SCARCE[service].filter((name) => limits[name] === undefined);

const about = ({ service, project_id, project_name }: EstateQuota) => ({
  kind: 'quota',
  id: `${project_id}/${service}`,
  name: `${service} of ${project_name ?? project_id}`,
});

/** Policies on the amounts that a project, or a thief of its password, can use up. */
export const quotaPack: readonly CompliancePolicy<Estate>[] = [
  definePolicy({
    id: 'audit.quota.unlimited',
    title: 'Each project has limits for what all share',
    severity: 'medium',
    needs: ['quotas'],
    remedy: 'Set a limit; let the project ask for more when it needs more.',
    *check({ quotas }) {
      for (const quota of quotas) {
        const without = unlimited(quota);
        const options = { project: quota.project_id };
        const missing = untold(quota);
        if (without.length > 0) yield fail(about(quota), `no limit for ${without.join(', ')}`, options);
        else if (missing.length > 0)
          yield unknown(about(quota), `limits for ${missing.join(', ')} were not shown`, options);
        else yield pass(about(quota), `limits for ${SCARCE[quota.service].join(', ')}`, options);
      }
    },
  }),
  definePolicy({
    id: 'audit.quota.default-unlimited',
    title: 'A new project has limits for what all share',
    severity: 'medium',
    needs: ['defaultQuotas'],
    remedy: 'Set default quotas.',
    *check({ defaultQuotas }): Generator<Judgement> {
      for (const quota of defaultQuotas) {
        const without = unlimited(quota);
        const subject = { kind: 'default quota', id: quota.service };
        const missing = untold(quota);
        if (without.length > 0) yield fail(subject, `no limit for ${without.join(', ')}`);
        else if (missing.length > 0)
          yield unknown(subject, `limits for ${missing.join(', ')} were not shown`);
        else yield pass(subject, `limits for ${SCARCE[quota.service].join(', ')}`);
      }
    },
  }),
  definePolicy({
    id: 'audit.quota.undecided',
    title: 'Somebody has decided what each project may use',
    severity: 'info',
    needs: ['quotas', 'defaultQuotas'],
    remedy: 'Set its quotas, even if to the same numbers, or exempt it.',
    *check({ quotas, defaultQuotas }) {
      const defaults = new Map(defaultQuotas.map(({ service, limits }) => [service, limits]));
      for (const quota of quotas) {
        const standard = defaults.get(quota.service);
        const options = { project: quota.project_id, ifWhole: ['defaultQuotas'] };
        const told = SCARCE[quota.service].filter((name) => quota.limits[name] !== undefined);
        // A quota whose default was not told cannot be told from a decision of the operator.
        const own = told.filter(
          (name) => standard?.[name] !== undefined && quota.limits[name] !== standard[name],
        );
        if (standard === undefined || told.length === 0)
          yield unknown(about(quota), 'its limits, or the default ones, were not shown', options);
        else if (own.length > 0) yield pass(about(quota), `its own: ${own.join(', ')}`, options);
        // One that was not shown may be the one that somebody decided.
        else if (untold(quota).length > 0 || untold({ ...quota, limits: standard }).length > 0)
          yield unknown(about(quota), 'those of its limits that were shown are the default ones', options);
        else yield fail(about(quota), 'all limits are the default ones', options);
      }
    },
  }),
];
