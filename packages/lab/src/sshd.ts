import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Daemon, startDaemon } from './daemon.ts';
import { freePorts } from './free-port.ts';
import { ensurePackages } from './packages.ts';

/** A real OpenSSH server on loopback, which accepts only a temporary key. */
export interface Sshd extends AsyncDisposable {
  readonly port: number;
  /** The user that it accepts: the one who runs this process. */
  readonly user: string;
  readonly identityFile: string;
  readonly knownHostsFile: string;
  readonly daemon: Daemon;
}

/** Starts Debian's sshd with keys of its own; it ends with this process. */
export async function startSshd(): Promise<Sshd> {
  await ensurePackages(['openssh-server', 'openssh-client']);
  const folder = await mkdtemp(path.join(tmpdir(), 'sshd-'));
  const [port = 0] = await freePorts(1);
  const key = (name: string): Promise<unknown> =>
    promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, name)]);
  await Promise.all([key('host'), key('user')]);
  const file = (name: string): string => path.join(folder, name);
  await writeFile(file('authorized'), await readFile(file('user.pub')), { mode: 0o600 });
  const [type, hostKey] = (await readFile(file('host.pub'), 'utf8')).split(' ');
  await writeFile(file('known_hosts'), `[127.0.0.1]:${port} ${type} ${hostKey}\n`);
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host')}`,
    `AuthorizedKeysFile ${file('authorized')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'MaxStartups 100',
  ];
  await writeFile(file('config'), `${settings.join('\n')}\n`);
  // The privilege separation needs this folder, which Debian makes when it starts the service.
  await mkdir('/run/sshd', { recursive: true });
  const daemon = await startDaemon(['/usr/sbin/sshd', '-D', '-e', '-f', file('config')], {
    ready: () => answers(port),
  });
  return {
    port,
    user: userInfo().username,
    identityFile: file('user'),
    knownHostsFile: file('known_hosts'),
    daemon,
    async [Symbol.asyncDispose]() {
      await daemon.stop();
      await rm(folder, { recursive: true });
    },
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (there: boolean): void => {
      socket.destroy();
      resolve(there);
    };
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
  });
