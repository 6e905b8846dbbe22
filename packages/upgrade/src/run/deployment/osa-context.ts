import type { Series } from '../../series.ts';
import type { UpgradeCommand } from '../recipe.ts';
import type { UpgradePart } from '../upgrade-parts.ts';
import type { DeploymentInput } from './deployment-input.ts';
import type { OpenstackAnsibleOptions } from './osa-options.ts';
import type { OsaRelease } from './osa-releases.ts';

/** What one hop of openstack-ansible is rendered from. */
export class OsaContext {
  readonly from: Series;
  readonly to: Series;
  readonly parts: readonly UpgradePart[];
  readonly release: OsaRelease;
  readonly options: OpenstackAnsibleOptions;
  readonly directory: string;
  readonly configDir: string;

  constructor(input: DeploymentInput<OsaRelease>, options: OpenstackAnsibleOptions) {
    this.from = input.from;
    this.to = input.to;
    this.parts = input.parts;
    this.release = input.release;
    this.options = options;
    this.directory = options.directory ?? '/opt/openstack-ansible';
    this.configDir = options.configDir ?? '/etc/openstack_deploy';
  }

  /** Whether all that openstack-ansible deploys is upgraded, and not some services alone. */
  get isWhole(): boolean {
    return this.options.services === undefined;
  }

  /** A playbook of a whole part of a cloud: `setup_hosts`. By its path it is found from any directory. */
  setup(name: string, ...args: readonly string[]): UpgradeCommand {
    return this.#playbook(`${name.replaceAll('_', '-')}.yml`, name, args);
  }

  /** The playbook of a service. */
  service(name: string, ...args: readonly string[]): UpgradeCommand {
    return this.#playbook(`os-${name}-install.yml`, name, args);
  }

  /** What only an upgrade runs: `deploy_config_changes` of the `upgrade` playbooks. */
  utility(room: 'tools' | 'upgrade', name: string): UpgradeCommand {
    return [
      'openstack-ansible',
      this.release.upgradeInCollection
        ? `openstack.osa.${room}.${name}`
        : `${this.directory}/scripts/upgrade-utilities/${name.replaceAll('_', '-')}.yml`,
    ];
  }

  source(file: string): string {
    return `openstack-ansible ${this.to.number}: ${file}`;
  }

  #playbook(file: string, name: string, args: readonly string[]): UpgradeCommand {
    const playbook =
      this.release.playbooks === 'files' ? `${this.directory}/playbooks/${file}` : `openstack.osa.${name}`;
    return ['openstack-ansible', playbook, ...args];
  }
}
