import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as text and as paths. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Certificates made for a test by the `openssl` command, in a directory that goes with it. */
export class Certificates implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'groundcrew-tls-'));
  /** The authority of all that are `issued`. */
  readonly authority: Pair;

  constructor() {
    writeFileSync(join(this.dir, 'ca.cnf'), CA_CONFIG);
    writeFileSync(join(this.dir, 'index.txt'), '');
    this.authority = this.selfSigned('ca', [
      '-subj',
      '/CN=Test CA',
      '-addext',
      'keyUsage=critical,keyCertSign',
    ]);
  }

  selfSigned(name: string, more: readonly string[] = ['-subj', '/CN=self', '-addext', LOOPBACK]): Pair {
    this.#openssl(
      'req',
      '-x509',
      ...NEW_KEY,
      '-days',
      '2',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      ...more,
    );
    return this.#pair(name);
  }

  /** Signed by the authority, for loopback and these days unless said otherwise. */
  issued(name: string, options: { names?: string; from?: string; to?: string } = {}): Pair {
    const { names = LOOPBACK, from, to } = options;
    this.#openssl(
      'req',
      '-new',
      ...NEW_KEY,
      '-subj',
      `/CN=${name}`,
      '-addext',
      names,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    );
    const dates = from === undefined || to === undefined ? [] : ['-startdate', from, '-enddate', to];
    this.#openssl(
      'ca',
      '-batch',
      '-notext',
      '-config',
      'ca.cnf',
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
      ...dates,
    );
    return this.#pair(name);
  }

  write(name: string, text: string): string {
    const file = join(this.dir, name);
    writeFileSync(file, text);
    return file;
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.dir, stdio: 'pipe' });
  }

  #pair(name: string): Pair {
    const certFile = join(this.dir, `${name}.pem`);
    const keyFile = join(this.dir, `${name}.key`);
    return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const LOOPBACK = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
const CA_CONFIG = `
[ca]
default_ca = test
[test]
database = index.txt
new_certs_dir = .
rand_serial = yes
certificate = ca.pem
private_key = ca.key
default_days = 2
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
`;
