import type { Refusal } from '@groundcrew/runbook';
import type { PlannedHop } from '../plan-upgrade.ts';
import type { UpgradeCommand } from '../recipe.ts';

/** A tool that deploys OpenStack, and has its own way of upgrading it. */
export type DeploymentToolName = 'kolla-ansible' | 'openstack-ansible';

/**
 * In this order: `old` changes services by the tool of the old release, which is gone afterwards; `prepare` touches the deployment host
 * alone; `check` the hosts of the cloud, but no service; `upgrade` changes services.
 */
export type DeploymentPhase = 'old' | 'prepare' | 'check' | 'upgrade';

/** A command line of a deployment tool, rendered and not run here. */
export interface DeploymentCommand {
  /** The program and its arguments; nothing of it is meant for a shell. */
  readonly command: UpgradeCommand;
  readonly phase: DeploymentPhase;
  readonly why: string;
  /** The service that it upgrades; `undefined` where it upgrades several, or none. */
  readonly service: string | undefined;
  /** Hosts of the topology that it changes; empty where the tool's inventory alone tells. */
  readonly hosts: readonly string[];
  /** The release and the file of the tool in which it was read. */
  readonly source: string;
}

/** What a person changes in a file, once the commands of `prepare` have been run. */
export interface DeploymentEdit {
  readonly file: string;
  readonly key: string;
  readonly value: string;
  readonly why: string;
  readonly source: string;
}

/** What must be so before the first command. None of the commands makes it so. */
export interface DeploymentNeed {
  readonly what: string;
  readonly source: string;
}

/** Where the tool's own way is another than that of `planUpgrade`, in a sentence. */
export interface DeploymentDifference {
  /** `undefined` where it is so of all services. */
  readonly service: string | undefined;
  readonly what: string;
  readonly source: string;
}

/** How a deployment tool upgrades a cloud by one hop. */
export interface DeploymentProcedure {
  readonly ok: true;
  readonly tool: DeploymentToolName;
  readonly from: PlannedHop['from'];
  readonly to: PlannedHop['to'];
  readonly needs: readonly DeploymentNeed[];
  /** In their order, and so that each begins when the one before has succeeded. */
  readonly commands: readonly DeploymentCommand[];
  /** Made after the commands of `prepare`, before all that follow. */
  readonly edits: readonly DeploymentEdit[];
  readonly differences: readonly DeploymentDifference[];
}

export type DeploymentRefusalCode =
  /** Nova has more than one cell, and the tool knows one. */
  | 'multi-cell'
  /** OpenStack does not allow this hop. */
  | 'not-a-hop'
  /** The tool does not deploy a service or a component in the release that the hop leads to. */
  | 'not-deployed'
  /** The command line of that release takes its arguments apart at spaces. */
  | 'not-one-word'
  /** The command line of the tool in that release is not known here. */
  | 'unknown-release'
  /** No recipe knows it, or it does not run in the topology. */
  | 'unknown-service';

export type DeploymentRefusal = Refusal<DeploymentRefusalCode>;

export type DeploymentAnswer =
  | DeploymentProcedure
  | { readonly ok: false; readonly refusals: readonly [DeploymentRefusal, ...DeploymentRefusal[]] };
