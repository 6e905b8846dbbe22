import { Answer } from './answer.ts';
import { askLab, type LabCommandOptions } from './command.ts';

/** The extent of a control plane. `infra` is shared by all; `full` has the daemons that `--only full` adds to `core`. */
export type LabPart = 'infra' | 'core' | 'full';

/** `up`: all of its daemons run, and it was set up to the end. `partial`: some do. */
export type LabPartState = 'up' | 'partial' | 'down';

export interface LabDaemon {
  /** `CONTROL-PLANE.DAEMON`, such as `lab.nova-api`, `lab-trixie.compute-2`, `infra.mariadb`. */
  readonly name: string;
  readonly controlPlane: string;
  readonly part: LabPart;
  readonly state: 'up' | 'down';
  readonly pid: number | null;
  /** Its port on 127.0.0.1; `null` if it does not listen. */
  readonly port: number | null;
  readonly rssKiB: number;
}

/** A control plane of one OpenStack release. */
export interface LabControlPlane {
  /** `lab`, `lab-trixie`, … Its clouds are called so, too: `lab-trixie-admin`. */
  readonly name: string;
  /** The Debian suite whose packages it runs. */
  readonly suite: string;
  /** The release of OpenStack: `victoria`, `zed`, `2025.1`, `2026.1`. */
  readonly release: string;
  readonly authUrl: string;
  readonly core: LabPartState;
  readonly full: LabPartState;
}

export interface LabStatus {
  readonly directory: string;
  /** `null`: no control plane was ever up. */
  readonly cloudsYaml: string | null;
  readonly logs: string;
  /** The control plane that a `lab` command is changing at this moment, or `all`. `null`: none. */
  readonly busyWith: string | null;
  readonly controlPlanes: readonly LabControlPlane[];
  readonly daemons: readonly LabDaemon[];
}

/** Reads what runs. This never fails for a lab that is down or was never up. */
export async function labStatus(options: LabCommandOptions = {}): Promise<LabStatus> {
  const command = ['status', '--json'];
  return readStatus(Answer.parse(command, await askLab(command, options)));
}

function readStatus(answer: Answer): LabStatus {
  return {
    directory: answer.field('directory').string(),
    cloudsYaml: answer.field('cloudsYaml').nullable((path) => path.string()),
    logs: answer.field('logs').string(),
    busyWith: answer.field('busyWith').nullable((subject) => subject.string()),
    controlPlanes: answer.field('controlPlanes').list(readControlPlane),
    daemons: answer.field('daemons').list(readDaemon),
  };
}

function readControlPlane(plane: Answer): LabControlPlane {
  return {
    name: plane.field('name').string(),
    suite: plane.field('suite').string(),
    release: plane.field('release').string(),
    authUrl: plane.field('authUrl').string(),
    core: plane.field('core').oneOf('up', 'partial', 'down'),
    full: plane.field('full').oneOf('up', 'partial', 'down'),
  };
}

function readDaemon(daemon: Answer): LabDaemon {
  return {
    name: daemon.field('name').string(),
    controlPlane: daemon.field('controlPlane').string(),
    part: daemon.field('part').oneOf('infra', 'core', 'full'),
    state: daemon.field('state').oneOf('up', 'down'),
    pid: daemon.field('pid').nullable((pid) => pid.number()),
    port: daemon.field('port').nullable((port) => port.number()),
    rssKiB: daemon.field('rssKiB').number(),
  };
}
