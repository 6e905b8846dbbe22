import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Namespace } from '@groundcrew/lab';
import type { EnrollTopology } from '../src/enroll/topology.ts';

type Balancer = EnrollTopology['balancers'][number];

/** HAProxy and keepalived of one namespace, started by scripts, as an init system would do it. */
export interface LiveBalancer {
  readonly topology: Balancer;
  readonly socket: string;
  readonly haproxyPid: string;
  readonly restartHaproxy: readonly [string, ...string[]];
  readonly keepalivedLog: string;
}

export async function liveBalancer(namespace: Namespace, directory: string): Promise<LiveBalancer> {
  const home = join(directory, namespace.name);
  await mkdir(home, { recursive: true });
  const file = (name: string): string => join(home, name);
  const haproxyPid = file('haproxy.pid');
  const keepalivedLog = file('keepalived.log');
  await writeFile(
    file('reload-haproxy'),
    `#!/bin/sh
pid=$(cat ${haproxyPid} 2>/dev/null)
if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = haproxy ]; then old="-sf $pid"; fi
exec haproxy -D -p ${haproxyPid} -f ${file('haproxy.cfg')} $old >>${file('haproxy.log')} 2>&1
`,
    { mode: 0o755 },
  );
  await writeFile(
    file('reload-keepalived'),
    `#!/bin/sh
pid=$(cat ${file('keepalived.pid')} 2>/dev/null)
if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = keepalived ]; then exec kill -s HUP "$pid"; fi
setsid keepalived --dont-fork --log-console --log-detail --vrrp --use-file ${file('keepalived.conf')} \\
    --pid ${file('keepalived.pid')} --vrrp_pid ${file('vrrp.pid')} >>${keepalivedLog} 2>&1 </dev/null &
`,
    { mode: 0o755 },
  );
  return {
    socket: file('haproxy.sock'),
    haproxyPid,
    keepalivedLog,
    restartHaproxy: [file('reload-haproxy')],
    topology: {
      host: namespace.name,
      address: namespace.address,
      interface: namespace.interface,
      haproxy: {
        config: file('haproxy.cfg'),
        socket: file('haproxy.sock'),
        reload: [file('reload-haproxy')],
      },
      keepalived: {
        config: file('keepalived.conf'),
        script: file('check-haproxy'),
        reload: [file('reload-keepalived')],
      },
    },
  };
}
