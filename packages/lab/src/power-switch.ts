import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The time between two searches for requests, in milliseconds. */
const LOOK = 50;

/**
 * The power of nodes that are namespaces. A fence agent writes a request into a file, and the process that started the
 * nodes carries it out.
 */
export interface PowerSwitch {
  /** Shell code that puts the agent into a node's own mounts, where Pacemaker looks for it. */
  readonly setup: string;
  /** Registers the function that turns a node off. */
  serve(node: string, off: () => Promise<void>): void;
  stop(): void;
}

export async function powerSwitch(directory: string): Promise<PowerSwitch> {
  await mkdir(directory, { recursive: true });
  const agent = join(directory, AGENT);
  await writeFile(agent, script(directory), { mode: 0o755 });
  const nodes = new Map<string, () => Promise<void>>();
  const served = new Set<string>();
  const timer = setInterval(() => {
    for (const [node, off] of nodes) {
      if (served.has(node) || !existsSync(join(directory, `${node}.asked`))) continue;
      served.add(node);
      void off().then(() => writeFile(join(directory, `${node}.off`), ''));
    }
  }, LOOK);
  timer.unref();
  return {
    // Pacemaker runs fence agents from /usr/sbin only. The upper layer is in the node's own /run.
    setup: `
mkdir -p /run/fence/upper /run/fence/work && cp ${agent} /run/fence/upper/${AGENT}
mount -t overlay overlay -o lowerdir=/usr/sbin,upperdir=/run/fence/upper,workdir=/run/fence/work /usr/sbin`,
    serve: (node, off) => nodes.set(node, off),
    stop: () => clearInterval(timer),
  };
}

const AGENT = 'fence_lab';

/** A device of the cluster that fences one node. */
export const deviceOf = (node: string): string =>
  `<primitive id="fence-${node}" class="stonith" type="${AGENT}"><instance_attributes id="fence-${node}-options"><nvpair id="fence-${node}-hosts" name="pcmk_host_list" value="${node}"/><nvpair id="fence-${node}-action" name="pcmk_reboot_action" value="off"/></instance_attributes></primitive>`;

/**
 * The fence agent API (ClusterLabs, FenceAgentAPI.md): options as lines on standard input, the answer is the exit code.
 */
const script = (directory: string): string => `#!/bin/sh
action=reboot; node=
while read -r line; do
    case $line in
        action=*) action=\${line#action=} ;;
        nodename=*) node=\${line#nodename=} ;;
        plug=*|port=*) node=\${line#*=} ;;
    esac
done
case $action in
    metadata)
        cat <<'XML'
<?xml version="1.0" ?>
<resource-agent name="${AGENT}" shortdesc="power of the lab's nodes"><longdesc>Kills a node of the lab.</longdesc>
<parameters><parameter name="plug" unique="0" required="0"><content type="string"/><shortdesc lang="en">node</shortdesc></parameter></parameters>
<actions><action name="on"/><action name="off"/><action name="status"/><action name="monitor"/><action name="metadata"/></actions></resource-agent>
XML
        ;;
    off|reboot)
        : > "${directory}/$node.asked"
        for i in $(seq 300); do
            [ -e "${directory}/$node.off" ] && exit 0
            sleep 0.1
        done
        exit 1 ;;
    on) exit 1 ;;
    status) [ -e "${directory}/$node.off" ] && exit 2 || exit 0 ;;
    monitor|list|validate-all) exit 0 ;;
    *) exit 1 ;;
esac
`;
