import type { Series } from '../../series.ts';
import type { UpgradeCommand } from '../recipe.ts';
import type { UpgradePart } from '../upgrade-parts.ts';
import type { DeploymentCommand } from './deployment.ts';
import type { DeploymentInput } from './deployment-input.ts';
import type { KollaAnsibleOptions } from './kolla-options.ts';
import type { KollaRelease } from './kolla-releases.ts';

const CONFIG_DIR = '/etc/kolla';

/** What one hop of kolla-ansible is rendered from. */
export class KollaContext {
  readonly from: Series;
  readonly to: Series;
  readonly parts: readonly UpgradePart[];
  readonly release: KollaRelease;
  readonly options: KollaAnsibleOptions;
  readonly inventories: readonly string[];
  readonly configDir: string;
  readonly share: string;

  constructor(input: DeploymentInput<KollaRelease>, options: KollaAnsibleOptions) {
    this.from = input.from;
    this.to = input.to;
    this.parts = input.parts;
    this.release = input.release;
    this.options = options;
    this.inventories = typeof options.inventory === 'string' ? [options.inventory] : options.inventory;
    this.configDir = options.configDir ?? CONFIG_DIR;
    this.share = options.share ?? '/usr/local/share/kolla-ansible';
  }

  /** Whether all that kolla-ansible deploys is upgraded, and not some services alone. */
  get isWhole(): boolean {
    return this.options.services === undefined;
  }

  /** The command line for an action; the script had its options before it, cliff takes them behind it alone. */
  action(name: string, ...more: readonly string[]): UpgradeCommand {
    const where = [
      ...this.inventories.flatMap((path) => ['-i', path]),
      ...(this.configDir === CONFIG_DIR ? [] : ['--configdir', this.configDir]),
    ];
    return this.release.cli === 'shell'
      ? ['kolla-ansible', ...where, name, ...more]
      : ['kolla-ansible', name, ...where, ...more];
  }

  /** An action that changes services. */
  upgrade(
    args: readonly string[],
    about: Partial<Pick<DeploymentCommand, 'service' | 'hosts'>> & {
      readonly why: string;
      readonly file: string;
    },
  ): DeploymentCommand {
    return {
      command: this.action('upgrade', ...args),
      phase: 'upgrade',
      why: about.why,
      service: about.service,
      hosts: about.hosts ?? [],
      source: this.source(about.file),
    };
  }

  source(file: string): string {
    return `kolla-ansible ${this.to.number}: ${file}`;
  }
}
